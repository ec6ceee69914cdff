// Web connections for tests of what is followed: HTTP/1.1 with chunks and a coding, and HTTP/2 with two streams that run side by side. The
// coded body is the caller's, because codings are not made here.

import { concatBytes } from '../../base/bytes';
import { latin1Bytes } from '../../codec/http/chars';
import { encodeFrame, PREFACE, type FramePayload } from '../../codec/http2/frame';
import { HpackEncoder } from '../../codec/http2/hpack/encoder';
import { interfaceBlock, packetBlock, sectionBlock } from '../../codec/pcapng/write';
import { Line } from '../dissection/captured.fixture';

/** A capture file of these frames, a millisecond apart. */
export const fileOf = (frames: readonly Uint8Array[]): Uint8Array<ArrayBuffer> =>
  concatBytes(sectionBlock('test'), interfaceBlock(1, 'lo', ''), ...frames.map((frame, n) => packetBlock(0, 1_700_000_000_000_000_000n + BigInt(n) * 1_000_000n, frame, frame.length)));

/** One chunk of at most `size` bytes after the other (RFC 9112 7.1). */
function chunked(body: Uint8Array, size: number): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < body.length; at += size) {
    const piece = body.subarray(at, at + size);
    parts.push(latin1Bytes(`${piece.length.toString(16)}\r\n`), piece, latin1Bytes('\r\n'));
  }
  return concatBytes(...parts, latin1Bytes('0\r\n\r\n'));
}

/** A GET with a coded answer in chunks, then a POST with a plain one. `coding`: of `coded`. */
export function http1Line(coded: Uint8Array, coding: string, port = 80): Line {
  const answer = concatBytes(latin1Bytes(`HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Encoding: ${coding}\r\nTransfer-Encoding: chunked\r\n\r\n`), chunked(coded, 10));
  return new Line(port)
    .say('up', 'GET /story HTTP/1.1\r\nHost: example.org\r\nAccept-Encoding: gzip\r\n\r\n').pieces('down', answer, 60)
    .say('up', 'POST /note HTTP/1.1\r\nHost: example.org\r\nContent-Length: 5\r\n\r\nhello').say('down', 'HTTP/1.1 201 Created\r\nContent-Length: 4\r\n\r\nkept')
    .close('up').close('down');
}

/** Two streams on one connection: 1 gets a coded answer in two DATA frames, 3 posts and is answered between them. */
export function http2Line(coded: Uint8Array, coding: string, port = 80): Line {
  const [up, down] = [new HpackEncoder(), new HpackEncoder()];
  const frame = (payload: FramePayload, flags: number, streamId: number): Uint8Array => encodeFrame({ ...payload, flags, reserved: false, streamId });
  const headers = (with_: HpackEncoder, streamId: number, end: boolean, fields: Readonly<Record<string, string>>): Uint8Array =>
    frame({ type: 'HEADERS', padding: null, priority: null, fragment: with_.encode(Object.entries(fields).map(([name, value]) => ({ name, value }))) }, end ? 5 : 4, streamId);
  const data = (streamId: number, bytes: Uint8Array, end: boolean): Uint8Array => frame({ type: 'DATA', padding: null, data: bytes }, end ? 1 : 0, streamId);
  const half = Math.floor(coded.length / 2);
  const settings = frame({ type: 'SETTINGS', settings: [] }, 0, 0);
  const asked = { ':scheme': 'http', ':authority': 'example.org' };
  return new Line(port)
    .say('up', concatBytes(PREFACE, settings)).say('down', settings)
    .say('up', headers(up, 1, true, { ':method': 'GET', ...asked, ':path': '/story' }))
    .say('up', concatBytes(headers(up, 3, false, { ':method': 'POST', ...asked, ':path': '/note' }), data(3, latin1Bytes('hello'), true)))
    .say('down', concatBytes(headers(down, 1, false, { ':status': '200', 'content-type': 'text/plain', 'content-encoding': coding }), data(1, coded.subarray(0, half), false)))
    .say('down', concatBytes(headers(down, 3, false, { ':status': '201' }), data(3, latin1Bytes('kept'), true)))
    .say('down', data(1, coded.subarray(half), true)).close('up').close('down');
}
