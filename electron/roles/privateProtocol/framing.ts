// Where a message begins and ends in a stream: the first thing that a protocol of one's own has to say. Four ways, each with its bytes,
// its bounds and its errors. Pure; who reads and writes is in server.ts and client.ts.

import { concatBytes } from '../../../shared/base/bytes';
import { never } from '../../../shared/base/assert';

export const FRAMINGS = ['lf', 'crlf', 'length-1', 'length-2', 'length-4', 'fixed'] as const;
export type FramingName = (typeof FRAMINGS)[number];

export interface Framing {
  readonly name: FramingName;
  /** Bytes of every message, of 'fixed'. */
  readonly size: number;
}

/** Longest message, in bytes, without what frames it. Nobody needs to hold more of a peer than this. */
export const LONGEST = 4096;

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;

export class FrameError extends Error {}

/** Bytes of the length in front of a message; 0: it has none. */
const prefixOf = (name: FramingName): number => (name === 'length-1' ? 1 : name === 'length-2' ? 2 : name === 'length-4' ? 4 : 0);

/** The longest message that this framing can carry. */
export function capacity({ name, size }: Framing): number {
  if (name === 'fixed') return size;
  return name === 'length-1' ? 255 : LONGEST;
}

/** The message with what frames it. Throws FrameError when the framing cannot carry it. */
export function frame(framing: Framing, message: Uint8Array): Uint8Array<ArrayBuffer> {
  const most = capacity(framing);
  if (message.length > most) throw new FrameError(`a message of ${message.length} B does not fit: ${most} B at most`);
  switch (framing.name) {
    case 'lf':
    case 'crlf': {
      if (message.includes(LF)) throw new FrameError('a line cannot contain LF');
      return concatBytes(message, framing.name === 'lf' ? Uint8Array.of(LF) : Uint8Array.of(CR, LF));
    }
    case 'length-1':
    case 'length-2':
    case 'length-4': {
      const width = prefixOf(framing.name);
      // Network byte order: the highest byte first (RFC 1700).
      return concatBytes(Uint8Array.from({ length: width }, (_, at) => Math.floor(message.length / 256 ** (width - 1 - at)) % 256), message);
    }
    case 'fixed': return concatBytes(message, new Uint8Array(framing.size - message.length).fill(SPACE));
    default: return never(framing.name);
  }
}

/** Cuts messages out of a stream, whatever pieces it comes in. */
export class Deframer {
  private held: Uint8Array = new Uint8Array(0);

  constructor(private readonly framing: Framing) {}

  /** Bytes that do not make a message yet. */
  get rest(): number {
    return this.held.length;
  }

  /** Messages that are whole now. Throws FrameError: from there on the stream makes no sense. */
  take(bytes: Uint8Array): Uint8Array[] {
    this.held = this.held.length === 0 ? bytes : concatBytes(this.held, bytes);
    const messages: Uint8Array[] = [];
    for (let message = this.next(); message !== null; message = this.next()) messages.push(message);
    return messages;
  }

  private next(): Uint8Array | null {
    const { name, size } = this.framing;
    if (name === 'fixed') return this.held.length < size ? null : trimmed(this.cut(0, size, size));
    const width = prefixOf(name);
    if (width > 0) {
      if (this.held.length < width) return null;
      const length = this.held.subarray(0, width).reduce((sum, byte) => sum * 256 + byte, 0);
      if (length > LONGEST) throw new FrameError(`the length says ${length} B: ${LONGEST} B at most`);
      return this.held.length < width + length ? null : this.cut(width, width + length, width + length);
    }
    const end = this.held.indexOf(LF);
    if (end < 0 || end > LONGEST + 1) {
      if (this.held.length > LONGEST + 1) throw new FrameError(`no end of line within ${LONGEST} B`);
      return null;
    }
    if (name === 'lf') return this.cut(0, end, end + 1);
    if (end === 0 || this.held[end - 1] !== CR) throw new FrameError('LF without CR before it');
    return this.cut(0, end - 1, end + 1);
  }

  private cut(from: number, to: number, next: number): Uint8Array {
    const message = this.held.slice(from, to);
    this.held = this.held.slice(next);
    return message;
  }
}

/** Without the spaces (or zeros) that filled it up. */
function trimmed(message: Uint8Array): Uint8Array {
  let end = message.length;
  while (end > 0 && (message[end - 1] === SPACE || message[end - 1] === 0)) end--;
  return message.subarray(0, end);
}
