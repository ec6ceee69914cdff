// Finds the end of a head in bytes that come in pieces, each looked at once: the first empty line. Says early when no head can come of
// them, so that a reader does not wait for 64 KiB of something else. What the lines say: head.ts.

import { byteAt } from '../../base/bytes';
import { CODEC_LIMITS } from '../limits';
import { CR, isToken, LF, SPACE, TAB } from './chars';
import type { HttpKind } from './head';

const VERSION = 'HTTP/1.';
const ANY_VERSION = 'HTTP/';

export type Scanned = { readonly state: 'more' } | { readonly state: 'end'; readonly end: number } | { readonly state: 'malformed'; readonly at: number; readonly why: string };

/** 'trailers': headers without a start line. */
export class HeadScan {
  /** Bytes looked at so far, from the head's first. */
  private at = 0;
  private lineStart = 0;
  /** First byte of the start line, once it came. */
  private first = -1;
  private inMethod = true;
  private inStartLine = true;
  private readonly version: string;

  /** `tolerant`: as parseHead() has it. */
  constructor(private readonly kind: HttpKind | 'trailers', private readonly tolerant = false) {
    this.version = tolerant ? ANY_VERSION : VERSION;
    if (kind === 'trailers') this.first = 0;
  }

  /** Looks at the bytes that came since; `bytes` is the head from its first byte on, longer each time. */
  scan(bytes: Uint8Array): Scanned {
    const end = Math.min(bytes.length, CODEC_LIMITS.httpHead);
    for (; this.at < end; this.at++) {
      const byte = byteAt(bytes, this.at);
      if (byte === LF) {
        const empty = this.at === this.lineStart || (this.at === this.lineStart + 1 && bytes[this.lineStart] === CR);
        if (empty && this.first >= 0) return { state: 'end', end: ++this.at };
        this.lineStart = this.at + 1;
        if (this.first >= 0) this.inStartLine = false;
      } else if (this.first < 0 && byte !== CR) this.first = this.at;
      const why = this.fault(byte);
      if (why !== null) return { state: 'malformed', at: this.at, why };
    }
    if (bytes.length >= CODEC_LIMITS.httpHead) return { state: 'malformed', at: CODEC_LIMITS.httpHead, why: `a head over ${CODEC_LIMITS.httpHead} bytes` };
    return { state: 'more' };
  }

  private fault(byte: number): string | null {
    if (byte < SPACE && byte !== CR && byte !== LF && byte !== TAB && (this.inStartLine || !this.tolerant)) return 'a control';
    if (this.first < 0 || this.kind === 'trailers') return null;
    const into = this.at - this.first;
    if (this.kind === 'response') return into < this.version.length && byte !== this.version.charCodeAt(into) ? 'not a version of HTTP' : null;
    if (!this.inMethod || isToken(byte)) return null;
    this.inMethod = false;
    return byte === SPACE && into > 0 ? null : 'a method ends with a space';
  }
}
