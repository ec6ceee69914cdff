// What the dissectors of HTTP write while they read: a message as far as it is known, and the exchange to which it belongs.

import type { AppConn } from './appConn';
import type { BodyFraming, Header, HttpExchange, HttpRequestHead, HttpResponseHead } from './appStory';
import type { ByteStream } from './byteStream';

/** A request or a response as it is read. */
export class PartRow<H> {
  headers: readonly Header[] = [];
  trailers: readonly Header[] = [];
  readonly messages: number[] = [];
  headSize = 0;
  bodySize = 0;
  framing: BodyFraming = 'none';
  complete = false;
  /** Where its body lies in the stream: begin, end, begin, end ... */
  readonly ranges: number[] = [];

  constructor(public head: H, readonly stream: ByteStream) {}

  /** Bytes of the body from `start` to `end` of the stream. */
  body(start: number, end: number): void {
    this.bodySize += end - start;
    if (this.ranges[this.ranges.length - 1] === start) this.ranges[this.ranges.length - 1] = end;
    else if (end > start) this.ranges.push(start, end);
  }

  /** Bytes of the body that lie before `offset` of the stream. */
  bodyBefore(offset: number): number {
    let size = 0;
    for (let n = 0; n + 1 < this.ranges.length; n += 2) {
      const start = this.ranges[n] as number;
      if (start >= offset) break;
      size += Math.min(this.ranges[n + 1] as number, offset) - start;
    }
    return size;
  }
}

export type RequestRow = PartRow<HttpRequestHead>;

export type ResponseRow = PartRow<HttpResponseHead>;

export class ExchangeRow {
  readonly interim: ResponseRow[] = [];
  response: ResponseRow | null = null;
  /** RST_STREAM ended it, or GOAWAY said that nobody will work on it. */
  reset = false;
  /** When its client said that it wants it. */
  wanted: number | null = null;
  dirty = false;

  constructor(
    readonly id: number, readonly conn: AppConn, readonly stream: number | null, readonly version: HttpExchange['version'],
    readonly secure: boolean, readonly request: RequestRow, readonly first: boolean,
  ) {}
}
