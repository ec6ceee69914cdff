// Reads one direction of an HTTP/1 connection: bytes in, in pieces of any size; out come what lies where: heads, bodies, chunks, trailers,
// ends. Holds no bodies: at most one head or one line of a chunk. Positions count from the first byte of the stream.

import { never } from '../../base/assert';
import { concatBytes, NO_BYTES } from '../../base/bytes';
import type { Malformed } from '../codec';
import { CODEC_LIMITS } from '../limits';
import { framingOf, type Framing } from './body';
import { latin1 } from './chars';
import { ChunkReader } from './chunks';
import { isInterim, parseHead, parseTrailers, type HeaderLine, type HttpHead, type HttpKind } from './head';
import { HeadScan } from './headScan';
import { Held } from './held';

export type HttpEvent =
  /** The first byte of a message came: an empty line before it is part of it. */
  | { readonly type: 'start'; readonly at: number }
  /** Ranges inside `head` count from `at`, the first byte of the message. `interim`: 1xx, the response is still to come (RFC 9110 15.2). */
  | { readonly type: 'head'; readonly at: number; readonly end: number; readonly head: HttpHead; readonly framing: Framing; readonly interim: boolean }
  /** Bytes of the body, without the framing of chunks. What lies together comes in as many pieces as it was pushed in. */
  | { readonly type: 'body'; readonly start: number; readonly end: number }
  /** The line before a chunk's data (RFC 9112 7.1); size 0: the last. `sizeEnd`: end of the digits. */
  | { readonly type: 'chunk'; readonly start: number; readonly end: number; readonly sizeEnd: number; readonly size: number; readonly extension: string }
  /** The line end behind a chunk's data. */
  | { readonly type: 'boundary'; readonly start: number; readonly end: number }
  /** Behind the last chunk, with the empty line; ranges count from `start`. */
  | { readonly type: 'trailers'; readonly start: number; readonly end: number; readonly headers: readonly HeaderLine[] }
  | { readonly type: 'end'; readonly at: number }
  /** The stream ended inside a message. */
  | { readonly type: 'cut'; readonly at: number }
  /** From here on it is no HTTP/1 that could be read. Nothing follows. */
  | { readonly type: 'malformed'; readonly at: number; readonly why: string }
  /** From here on it is another protocol: HTTP/2 by its preface (RFC 9113 3.4), or what 101 or CONNECT agreed on. `bytes`: those at hand. Nothing follows. */
  | { readonly type: 'handover'; readonly at: number; readonly to: 'http2' | 'tunnel'; readonly bytes: Uint8Array };

export interface HttpReaderOptions {
  readonly kind: HttpKind;
  /** For responses: the method of the request that the n-th final response (from 0) answers; null: not known. Asked once its head is whole. */
  readonly methodOf?: (response: number) => string | null;
  /** Position of the first byte. */
  readonly start?: number;
  /** True: what comes after the first message is left alone. Interim responses count as messages. */
  readonly single?: boolean;
  /** True: heads that no program should take are read as far as they can be told, with their problems, for those who only look on. */
  readonly tolerant?: boolean;
}

/** Begins the connection preface of HTTP/2; as HTTP/1 no server could take it for a request (RFC 9113 3.4). */
const PREFACE = 'PRI * HTTP/2.0\r\n\r\n';

type State = 'idle' | 'head' | 'length' | 'until-close' | 'chunks' | 'trailers' | 'over';

export class HttpStreamReader {
  /** Next byte of the stream that is not yet told. */
  private at: number;
  private state: State = 'idle';
  /** Bytes of an unfinished head or of trailers. */
  private readonly held = new Held();
  private scan: HeadScan;
  private left = 0;
  private chunks = new ChunkReader();
  private responses = 0;
  private events: HttpEvent[] = [];

  constructor(private readonly options: HttpReaderOptions) {
    this.at = options.start ?? 0;
    this.scan = new HeadScan(options.kind, options.tolerant);
  }

  /** Position of the next byte that push() takes. */
  get position(): number {
    return this.at + this.held.length;
  }

  /** True when nothing more will be told. */
  get isOver(): boolean {
    return this.state === 'over';
  }

  /** The next bytes of the stream; what they tell. Never throws. */
  push(bytes: Uint8Array): HttpEvent[] {
    this.events = [];
    for (let rest = bytes; rest.length > 0 && this.state !== 'over';) rest = this.step(rest);
    return this.events;
  }

  /** The next `count` bytes of the stream are not kept. Inside a body that is no harm, elsewhere nothing more can be read. */
  skip(count: number): HttpEvent[] {
    this.events = [];
    let rest = count;
    while (rest > 0 && this.state !== 'over') {
      const data = this.state === 'chunks' ? this.chunks.left : this.state === 'length' ? this.left : this.state === 'until-close' ? rest : 0;
      if (data === 0) this.fail(this.position, 'bytes are not kept');
      else rest -= this.body(Math.min(rest, data));
    }
    return this.events;
  }

  /** The stream ended (FIN). */
  finish(): HttpEvent[] {
    this.events = [];
    if (this.state === 'until-close') this.end();
    else if (this.state !== 'idle' && this.state !== 'over') this.events.push({ type: 'cut', at: this.position });
    this.state = 'over';
    return this.events;
  }

  private step(bytes: Uint8Array): Uint8Array {
    switch (this.state) {
      case 'idle':
        this.state = 'head';
        this.scan = new HeadScan(this.options.kind, this.options.tolerant);
        this.events.push({ type: 'start', at: this.at });
        return bytes;
      case 'head':
      case 'trailers': return this.headBytes(bytes);
      case 'length':
      case 'until-close': return bytes.subarray(this.body(this.state === 'length' ? Math.min(this.left, bytes.length) : bytes.length));
      case 'chunks': return this.chunkBytes(bytes);
      case 'over': return NO_BYTES;
      default: return never(this.state);
    }
  }

  private headBytes(bytes: Uint8Array): Uint8Array {
    const before = this.held.length;
    const whole = before === 0 ? bytes : this.held.add(bytes.subarray(0, CODEC_LIMITS.httpHead));
    const found = this.scan.scan(whole);
    if (found.state === 'more') {
      if (before === 0) this.held.add(bytes);
      return NO_BYTES;
    }
    this.held.clear();
    if (found.state === 'malformed') return this.fail(this.at + found.at, found.why);
    const rest = bytes.subarray(found.end - before);
    const head = whole.subarray(0, found.end);
    if (this.state !== 'trailers') return this.head(head, rest);
    this.trailers(head);
    return rest;
  }

  /** Gives what follows the head. */
  private head(bytes: Uint8Array, behind: Uint8Array): Uint8Array {
    const { kind, tolerant = false } = this.options;
    if (kind === 'request' && bytes.length === PREFACE.length && latin1(bytes) === PREFACE) return this.handover('http2', concatBytes(bytes, behind));
    const parsed = parseHead(bytes, kind, 0, bytes.length, tolerant);
    if (isFault(parsed)) return this.refuse(parsed);
    const rest = parsed.end === bytes.length ? behind : concatBytes(bytes.subarray(parsed.end), behind);
    const { head, framing } = this.framed(parsed);
    if (isFault(framing)) return this.refuse(framing);
    if (head.kind === 'response' && !isInterim(head)) this.responses++;
    this.events.push({ type: 'head', at: this.at, end: this.at + head.end, head, framing, interim: isInterim(head) });
    this.at += head.end;
    this.begin(framing, rest);
    return rest;
  }

  /** Where the end is told wrongly, a response that is only looked at ends with the connection, and a request with its head (RFC 9112 6.3, 8 and 7). */
  private framed(head: HttpHead): { readonly head: HttpHead; readonly framing: Framing | Malformed } {
    const framing = framingOf(head, head.kind === 'response' && !isInterim(head) ? (this.options.methodOf?.(this.responses) ?? null) : null);
    if (!isFault(framing) || this.options.tolerant !== true) return { head, framing };
    return { head: { ...head, problems: [...head.problems, { at: framing.at, why: framing.why }] }, framing: { kind: head.kind === 'response' ? 'until-close' : 'none' } };
  }

  private begin(framing: Framing, rest: Uint8Array): void {
    switch (framing.kind) {
      case 'none': return this.end();
      case 'tunnel':
        this.end();
        if (this.options.single !== true) this.handover('tunnel', rest);
        return;
      case 'until-close':
        this.state = 'until-close';
        return;
      case 'chunked':
        this.chunks = new ChunkReader(this.options.tolerant);
        this.state = 'chunks';
        return;
      case 'content-length':
        this.left = framing.length;
        this.state = 'length';
        return framing.length === 0 ? this.end() : undefined;
      default: return never(framing);
    }
  }

  /** Tells the next `count` bytes as body; gives their number back. */
  private body(count: number): number {
    this.events.push({ type: 'body', start: this.at, end: this.at + count });
    this.at += count;
    if (this.state === 'chunks') this.chunks.took(count);
    if (this.state === 'length') {
      this.left -= count;
      if (this.left === 0) this.end();
    }
    return count;
  }

  private chunkBytes(bytes: Uint8Array): Uint8Array {
    if (this.chunks.left > 0) return bytes.subarray(this.body(Math.min(this.chunks.left, bytes.length)));
    const { used, done } = this.chunks.push(bytes);
    if (done === null) this.at += used;
    else if (done.type === 'malformed') return this.fail(this.at + used, done.why);
    else {
      const start = this.at + used - done.length;
      this.at += used;
      if (done.type === 'boundary') this.events.push({ type: 'boundary', start, end: this.at });
      else this.events.push({ type: 'chunk', start, end: this.at, sizeEnd: start + done.digits, size: done.size, extension: done.extension });
      if (done.type === 'chunk' && done.size === 0) {
        this.state = 'trailers';
        this.scan = new HeadScan('trailers');
      }
    }
    return bytes.subarray(used);
  }

  private trailers(bytes: Uint8Array): void {
    const headers = parseTrailers(bytes, 0, bytes.length);
    if (isFault(headers)) {
      this.refuse(headers);
      return;
    }
    this.events.push({ type: 'trailers', start: this.at, end: this.at + bytes.length, headers });
    this.at += bytes.length;
    this.end();
  }

  private end(): void {
    this.events.push({ type: 'end', at: this.at });
    this.state = this.options.single === true ? 'over' : 'idle';
  }

  private handover(to: 'http2' | 'tunnel', bytes: Uint8Array): Uint8Array {
    this.events.push({ type: 'handover', at: this.at, to, bytes: bytes.slice() });
    this.state = 'over';
    return NO_BYTES;
  }

  private refuse({ at, why }: Malformed): Uint8Array {
    return this.fail(this.at + at, why);
  }

  private fail(at: number, why: string): Uint8Array {
    this.events.push({ type: 'malformed', at, why });
    this.state = 'over';
    return NO_BYTES;
  }
}

const isFault = (value: object): value is Malformed => 'why' in value;
