// Captures to spoil, made here: conversations of every protocol whose messages span packets, lines with losses, headers of all sorts, in both formats.
// Test code only.

import { brotliCompressSync, deflateRawSync, gzipSync } from 'node:zlib';
import { concatBytes, fromHex } from '../../shared/base/bytes';
import { latin1Bytes } from '../../shared/codec/http/chars';
import { codec as dns, framed } from '../../shared/codec/dns/codec';
import { queryFor } from '../../shared/codec/dns/records';
import { codec as ipv4 } from '../../shared/codec/ipv4/codec';
import { codec as udp } from '../../shared/codec/udp/codec';
import { RFC_8448, RFC_8448_KEYS, RFC_8448_ORDER } from '../../shared/codec/tls/rfc8448.fixture';
import { troubledTraffic } from '../../shared/packets/analysis/traffic.fixture';
import { Line } from '../../shared/packets/dissection/captured.fixture';
import { blocksIn, pack } from '../../shared/packets/file/captureBytes.fixture';
import { fileOf, http1Line, http2Line } from '../../shared/packets/follow/web.fixture';
import { frame, randomFrames, type Frame } from '../../shared/packets/index/frames.fixture';

export interface Model {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The same bytes each time. */
export function models(): readonly Model[] {
  const story = latin1Bytes('once upon a time '.repeat(30));
  const mixed = [http1Line(gzipSync(story), 'gzip', 80), http2Line(brotliCompressSync(story), 'br', 8080), mail(), socket(), questions(), peers()].map(({ frames }) => frames);
  return [
    { name: 'conversations', bytes: fileOf(mixed.flat()) },
    { name: 'conversations at the same time', bytes: asPcap(woven(mixed).map((bytes) => ({ bytes })), false) },
    { name: 'a TLS session with its keys', bytes: sealed() },
    { name: 'a line with losses', bytes: asPcap(troubledTraffic(3, 4).slice(0, 120), true) },
    { name: 'datagrams, some in fragments', bytes: fileOf(datagrams()) },
    { name: 'headers of all sorts', bytes: severalLinks(randomFrames(5, 80)) },
  ];
}

/** An SMTP session that turns to TLS, and mail in several segments. */
const mail = (): Line => new Line(25)
  .say('down', '220 mail.example ESMTP\r\n').say('up', 'EHLO me\r\n').say('down', '250-mail.example\r\n250-PIPELINING\r\n250 STARTTLS\r\n')
  .say('up', 'MAIL FROM:<a@example>\r\nRCPT TO:<b@example>\r\nDATA\r\n').say('down', '250 ok\r\n250 ok\r\n354 go on\r\n')
  .pieces('up', `Subject: hello\r\n\r\n${'a line of it\r\n'.repeat(30)}.\r\n`, 70).say('down', '250 kept\r\n').say('up', 'STARTTLS\r\n').say('down', '220 go ahead\r\n')
  .say('up', RFC_8448.clientHello).say('down', RFC_8448.serverHello).close('up').close('down');

/** An upgrade to a WebSocket with its messages made smaller, one of them in two frames. */
function socket(): Line {
  const small = deflateRawSync(latin1Bytes('hello, hello, hello'), { finishFlush: 2 }).subarray(0, -4);
  const mask = Uint8Array.of(1, 2, 3, 4);
  const masked = small.map((byte, at) => byte ^ (mask[at % 4] ?? 0));
  return new Line(8081)
    .say('up', 'GET /chat HTTP/1.1\r\nHost: example.org\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Extensions: permessage-deflate\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n')
    .say('down', 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Extensions: permessage-deflate\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n')
    .say('up', concatBytes(Uint8Array.of(0xc1, 0x80 | masked.length), mask, masked))
    .say('down', concatBytes(Uint8Array.of(0x41, 3), small.subarray(0, 3), Uint8Array.of(0x80, small.length - 3), small.subarray(3)))
    .say('down', Uint8Array.of(0x89, 0)).say('up', concatBytes(Uint8Array.of(0x88, 0x82), mask, Uint8Array.of(3 ^ 1, 0xe8 ^ 2)));
}

/** DNS in a stream, two questions in three segments. */
const questions = (): Line => new Line(53).pieces('up', concatBytes(...[1, 2].map((id) => framed(dns.encode(queryFor(id, 'www.example.org', 1), new Uint8Array(0), {})))), 25).close('up');

/** A handshake of BitTorrent, then messages. */
const peers = (): Line => new Line(6881)
  .say('up', concatBytes(Uint8Array.of(19), latin1Bytes('BitTorrent protocol'), new Uint8Array(8), latin1Bytes('12345678901234567890-LL0001-123456789012')))
  .say('down', concatBytes(Uint8Array.of(19), latin1Bytes('BitTorrent protocol'), new Uint8Array(8), latin1Bytes('12345678901234567890-LL0001-210987654321')))
  .pieces('down', concatBytes(fromHex('00000002 05f0 00000001 01 00000005 04 00000003 0000006d 07 00000000 00000000'), new Uint8Array(100).fill(7)), 50);

function datagrams(): Uint8Array[] {
  const network = { source: '10.0.0.1', destination: '10.0.0.2' };
  const datagram = (port: number, payload: Uint8Array): Uint8Array => frame(0x0800, ipv4.encode({ ...network, protocol: 17 }, udp.encode({ sourcePort: 4000, destinationPort: port }, payload, { network }), {}));
  const long = udp.encode({ sourcePort: 4000, destinationPort: 53 }, dns.encode(queryFor(9, `${'a-label-that-is-long.'.repeat(8)}example`, 28), new Uint8Array(0), {}), { network });
  const fragments = [0, 64, 128].map((at) => frame(0x0800, ipv4.encode({ ...network, protocol: 17, identification: 77, flags: at === 128 ? 0 : 1, fragmentOffset: at / 8 }, long.subarray(at, at === 128 ? long.length : at + 64), {})));
  return [
    datagram(53, dns.encode(queryFor(1, 'www.example.org', 1), new Uint8Array(0), {})), ...fragments, datagram(1900, latin1Bytes('M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 1\r\nST: ssdp:all\r\n\r\n')),
    datagram(123, fromHex(`1b${'00'.repeat(47)}`)), datagram(443, fromHex('c000000001088394c8f03e5157080000449e7b9aec34d1b1c98dd7689fb8ec11')), datagram(67, fromHex(`01010600 3903f326 00000000${'00'.repeat(16)}020000000001${'00'.repeat(202)}63825363 350101 3d0701020000000001 370401030f2c ff`)),
    datagram(6969, fromHex('0000041727101980 00000000 12345678')),
  ];
}

/** One frame of each conversation after the other. */
function woven(lines: readonly (readonly Uint8Array[])[]): Uint8Array[] {
  const longest = Math.max(...lines.map(({ length }) => length));
  return Array.from({ length: longest }, (_, at) => lines.flatMap((frames) => frames[at] ?? [])).flat();
}

/** A pcap with microseconds, in either byte order (https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-04.html). */
function asPcap(frames: readonly Frame[], little: boolean): Uint8Array {
  return concatBytes(
    pack(little, [0xa1b2c3d4, 4], [2, 2], [4, 2], [0, 4], [0, 4], [65_535, 4], [1, 4]),
    ...frames.map(({ bytes, wire = bytes.length, time }, at) => pack(little, [Math.floor(time ?? at), 4], [Math.round(((time ?? at) % 1) * 1e6), 4], [bytes.length, 4], [wire, 4], bytes)),
  );
}

function sealed(): Uint8Array {
  const line = new Line(443);
  for (const [dir, name] of RFC_8448_ORDER) line.say(dir, RFC_8448[name]);
  const b = blocksIn(true);
  return concatBytes(b.section([[4, 'models']]), b.interface(1, 0, [[2, 'lo']]), b.secrets(0x544c534b, RFC_8448_KEYS), b.names([[1, [127, 0, 0, 1], 'me\0']]), ...line.frames.map((bytes, at) => packetOf(b, 0, at, bytes)));
}

/** A section for each half, the second in the other byte order. */
function severalLinks(frames: readonly Frame[]): Uint8Array {
  const types = [...new Set(frames.map(({ linkType = 1 }) => linkType))];
  const half = Math.floor(frames.length / 2);
  const section = (little: boolean, part: readonly Frame[]): Uint8Array => {
    const b = blocksIn(little);
    return concatBytes(b.section(), ...types.map((type) => b.interface(type, 0, [])), ...part.map(({ bytes, linkType = 1 }, at) => packetOf(b, types.indexOf(linkType), at, bytes)));
  };
  return concatBytes(section(true, frames.slice(0, half)), section(false, frames.slice(half)));
}

/** An enhanced packet block, microseconds apart. */
const packetOf = (b: ReturnType<typeof blocksIn>, iface: number, at: number, bytes: Uint8Array): Uint8Array =>
  b.block(6, [iface, 4], [0, 4], [at * 1000, 4], [bytes.length, 4], [bytes.length, 4], bytes, new Uint8Array((4 - (bytes.length % 4)) % 4));
