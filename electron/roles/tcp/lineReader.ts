// Lines out of a byte stream: the course's makefile('rb').readline(). TCP keeps no boundaries, so the reader keeps what came too
// much until the next line is asked for.

import type { StreamSocket } from '../host';
import { decode } from '../text';

const LF = 0x0a;

export interface LineReader {
  /** The next line with its LF; what is left when the stream ends without one; '' at the end of the stream. */
  readLine(): Promise<string>;
}

/** Reads with recv(size). */
export function lineReader(socket: Pick<StreamSocket, 'recv'>, size: number): LineReader {
  let buffered: Uint8Array = new Uint8Array(0);

  const takeUpTo = (end: number): string => {
    const line = decode(buffered.subarray(0, end));
    buffered = buffered.slice(end);
    return line;
  };

  return {
    async readLine() {
      for (;;) {
        const at = buffered.indexOf(LF);
        if (at >= 0) return takeUpTo(at + 1);
        const bytes = await socket.recv(size);
        if (bytes.length === 0) return takeUpTo(buffered.length);
        const joined = new Uint8Array(buffered.length + bytes.length);
        joined.set(buffered);
        joined.set(bytes, buffered.length);
        buffered = joined;
      }
    },
  };
}
