// Messages of a program's process as bytes on one descriptor, which its threads and child processes share: each message in frames short
// enough that the system takes one at a time, with the number of its writer, put together again by the engine.

import { deserialize, serialize } from 'node:v8';

/** Bytes of a frame's header: u32 length of what follows it, u16 writer, u16 1 if more of the message follows. */
const HEADER = 8;
/** Bytes of a frame: one socket buffer of the kernel, so that two writers' frames never mix. */
const FRAME = 32 * 1024;
/** Bytes of a message: a full batch. Longer is a broken writer. */
const LONGEST = 8 * 1024 * 1024;

/** The frames of a message. */
export function* framesOf(writer: number, message: unknown): Generator<Uint8Array> {
  const body = serialize(message);
  for (let at = 0; at < body.length; at += FRAME - HEADER) {
    const part = body.subarray(at, at + FRAME - HEADER);
    const frame = Buffer.allocUnsafe(HEADER + part.length);
    frame.writeUInt32LE(part.length, 0);
    frame.writeUInt16LE(writer, 4);
    frame.writeUInt16LE(at + part.length < body.length ? 1 : 0, 6);
    frame.set(part, HEADER);
    yield frame;
  }
}

/** Puts messages together again. Throws when the bytes are none. */
export class FrameReader {
  private rest: Buffer = Buffer.alloc(0);
  private readonly parts = new Map<number, Buffer[]>();

  /** `take` gets each message that has come whole. */
  constructor(private readonly take: (writer: number, message: unknown) => void) {}

  push(chunk: Buffer): void {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    let at = 0;
    while (bytes.length - at >= HEADER) {
      const length = bytes.readUInt32LE(at);
      if (length > FRAME) throw new Error(`a frame of ${length} bytes`);
      if (bytes.length - at < HEADER + length) break;
      this.frame(bytes.readUInt16LE(at + 4), bytes.readUInt16LE(at + 6) === 1, bytes.subarray(at + HEADER, at + HEADER + length));
      at += HEADER + length;
    }
    this.rest = bytes.subarray(at);
  }

  private frame(writer: number, more: boolean, part: Buffer): void {
    const parts = [...(this.parts.get(writer) ?? []), part];
    if (more) {
      if (parts.length * FRAME > LONGEST) throw new Error('a message without end');
      this.parts.set(writer, parts);
      return;
    }
    this.parts.delete(writer);
    this.take(writer, deserialize(Buffer.concat(parts)));
  }
}
