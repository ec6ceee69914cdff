// The framing of a chunked body (RFC 9112 7.1): size lines before and line ends behind the data, in pieces of any size. Line ends are
// CRLF and nothing else here, because a lone LF or CR is how two readers come to see two bodies.

import { byteAt } from '../../base/bytes';
import { CR, isBlank, isValue, LF } from './chars';

/** Bytes of a size line, extensions included (RFC 9112 7.1.1 asks for a limit). */
export const CHUNK_LINE_LIMIT = 4096;
/** 13 digits: the most that a number of JavaScript holds exactly. */
const DIGITS = 13;

const SEMICOLON = 0x3b;
/** RFC 9112 7.1.1: names, each with a token or a quoted string or nothing. */
export const EXTENSIONS = /^(?:[ \t]*;[ \t]*[!#$%&'*+\-.^_`|~\w]+(?:[ \t]*=[ \t]*(?:[!#$%&'*+\-.^_`|~\w]+|"(?:[^"\\]|\\.)*"))?)+$/;

export type ChunkPiece =
  | { readonly type: 'chunk'; readonly length: number; readonly digits: number; readonly size: number; readonly extension: string }
  | { readonly type: 'boundary'; readonly length: number }
  | { readonly type: 'malformed'; readonly why: string };

export class ChunkReader {
  /** Bytes of data that come next. */
  left = 0;
  private where: 'size' | 'extension' | 'size-lf' | 'data' | 'data-lf' = 'size';
  private line = '';
  /** Blanks before the digits, and the digits. */
  private lead = 0;
  private digits = 0;

  /** `tolerant`: what stands around the digits of a size is passed over, as some servers fill the line with blanks. */
  constructor(private readonly tolerant = false) {}

  /** `count` bytes of data were taken. */
  took(count: number): void {
    this.left -= count;
  }

  /** Reads up to the next piece: how many bytes that took, and the piece, null while it is unfinished. Of a malformed one, `used` is where. */
  push(bytes: Uint8Array): { readonly used: number; readonly done: ChunkPiece | null } {
    for (let at = 0; at < bytes.length; at++) {
      const done = this.take(byteAt(bytes, at));
      if (done !== null) return { used: done.type === 'malformed' ? at : at + 1, done };
    }
    return { used: bytes.length, done: null };
  }

  private take(byte: number): ChunkPiece | null {
    const bad = (why: string): ChunkPiece => ({ type: 'malformed', why });
    switch (this.where) {
      case 'size': return this.size(byte, bad);
      case 'extension':
        if (byte === CR) return this.tolerant || EXTENSIONS.test(this.line.slice(this.digits)) ? this.to('size-lf') : bad('not an extension of a chunk');
        if (!isValue(byte) && (byte === LF || !this.tolerant)) return bad('a control in a chunk extension');
        if (this.line.length >= CHUNK_LINE_LIMIT) return bad(`a chunk's line over ${CHUNK_LINE_LIMIT} bytes`);
        this.line += String.fromCharCode(byte);
        return null;
      case 'size-lf': return byte === LF ? this.sized() : bad('CR without LF');
      case 'data':
        return byte === CR ? this.to('data-lf') : bad('no line end behind a chunk');
      case 'data-lf':
        if (byte !== LF) return bad('CR without LF');
        this.to('size');
        return { type: 'boundary', length: 2 };
    }
  }

  private to(where: ChunkReader['where']): null {
    this.where = where;
    return null;
  }

  private size(byte: number, bad: (why: string) => ChunkPiece): ChunkPiece | null {
    const sign = String.fromCharCode(byte);
    if (/[0-9a-f]/i.test(sign)) {
      if (this.line.trimStart().replace(/^0+/, '').length >= DIGITS || this.digits >= 64) return bad('a chunk too big');
      this.line += sign;
      this.digits++;
      return null;
    }
    if (this.tolerant && this.digits === 0 && isBlank(byte) && this.lead < CHUNK_LINE_LIMIT) {
      this.line += sign;
      this.lead++;
      return null;
    }
    if (this.digits === 0) return bad('no size of a chunk');
    if (byte === CR) return this.to('size-lf');
    if (byte !== SEMICOLON && !isBlank(byte) && (byte === LF || !this.tolerant)) return bad('a size of a chunk has hex digits only');
    this.line += sign;
    return this.to('extension');
  }

  private sized(): ChunkPiece {
    const { line } = this;
    const digits = this.lead + this.digits;
    const size = Number.parseInt(line.slice(this.lead, digits), 16);
    this.line = '';
    this.lead = 0;
    this.digits = 0;
    this.left = size;
    this.where = size === 0 ? 'size' : 'data';
    return { type: 'chunk', length: line.length + 2, digits, size, extension: line.slice(digits) };
  }
}
