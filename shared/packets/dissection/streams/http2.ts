// Reads HTTP/2 on a stream (RFC 9113): each frame a message, header blocks decoded with the tables that earlier ones built, the frames of
// a stream linked to its request and response.

import { fieldsOfFrame } from '../../../codec/http2/fields';
import { FLAGS } from '../../../codec/http2/names';
import { Http2StreamReader, type ReadFrame } from '../../../codec/http2/stream';
import type { StreamDir } from '../../reassembly/tcpStream';
import { messageLayer, type StreamLevel, type StreamReader } from './level';
import { tellData } from './generic';
import type { Outcome } from './outcome';

export class Http2Reader implements StreamReader {
  readonly #readers: Readonly<Record<StreamDir, Http2StreamReader>>;
  readonly #failed: Record<StreamDir, boolean> = { up: false, down: false };

  constructor(private readonly level: StreamLevel, starts: Readonly<Record<StreamDir, number>>) {
    this.#readers = { up: new Http2StreamReader('client', starts.up), down: new Http2StreamReader('server', starts.down) };
  }

  push(dir: StreamDir, bytes: Uint8Array, at: number, out: Outcome): void {
    const reader = this.#readers[dir];
    if (this.#failed[dir]) return tellData(this.level, out, dir, at, bytes.slice());
    const own = bytes.slice();
    for (const read of reader.push(own)) this.#frame(dir, read, out);
    const { failure, partial } = reader;
    if (failure !== null) this.#fail(dir, own, at, failure.at, out);
    else if (partial !== null) out.open = true;
  }

  gap(dir: StreamDir): void {
    // Without these bytes neither frames nor header tables can be followed.
    this.#failed[dir] = true;
  }

  end(): void {
    // A frame that is not whole stays so.
  }

  #frame(dir: StreamDir, read: ReadFrame, out: Outcome): void {
    const { frame, headers, fragmentAt, bytes } = read;
    if (frame?.type === 'SETTINGS' && (frame.flags & FLAGS.ACK) === 0) this.#readers[dir === 'up' ? 'down' : 'up'].allow(frame.settings);
    const block = headers === null ? null : { block: headers, fragmentAt };
    this.level.tell(out, dir, read.start, bytes, 'http2', (base, room) => {
      const tree = fieldsOfFrame(bytes, block, base, room);
      return [messageLayer({ protocol: 'http2', title: 'HTTP/2', tree: read.fault === null ? tree : { ...tree, problem: read.fault.why } }, base, bytes.length)];
    });
  }

  #fail(dir: StreamDir, bytes: Uint8Array, at: number, from: number, out: Outcome): void {
    this.#failed[dir] = true;
    const rest = bytes.subarray(Math.max(0, from - at));
    tellData(this.level, out, dir, at + bytes.length - rest.length, rest);
  }
}
