// Reads HTTP/1 on a stream (RFC 9112): messages whole with their bodies, responses with the request that they answer, and what follows 101
// and CONNECT. A message that loses bytes of its body to the capture is shown with zeros in their place.

import { headerTokens, headerValue, headerValues, type HttpHead } from '../../../codec/http/head';
import { fieldsOfMessage } from '../../../codec/http/fields';
import { HttpStreamReader, type HttpEvent } from '../../../codec/http/reader';
import type { StreamDir } from '../../reassembly/tcpStream';
import { DISSECTION_LIMITS } from '../limits';
import { tellData } from './generic';
import { messageLayer, Waiting, type StreamLevel, type StreamReader } from './level';
import type { Links, Outcome } from './outcome';
import { webSocketOf } from './webSocket';

interface Side {
  readonly reader: HttpStreamReader;
  readonly waiting: Waiting;
  /** Bytes of the message that are not kept: it is larger than the bound. */
  beyond: number;
  /** Bytes of it that the capture has not. */
  lost: number;
  head: HttpHead | null;
  /** Packets that brought its first byte and the latest one. */
  first: number;
  last: number;
  /** Bytes of its body. */
  content: number;
}

/** A message's place among the others; of a response also the method that it answers. */
type Linked = { readonly links: Links | null; readonly method?: string };
const NOT_LINKED: Linked = { links: null };

export class Http1Reader implements StreamReader {
  readonly #sides: Readonly<Record<StreamDir, Side>>;
  readonly #requests: { readonly method: string; readonly links: Links }[] = [];
  #answered = 0;
  /** Responses to requests from before the capture. */
  #unasked = 0;
  /** What a 101 switched to. */
  #upgrade = '';
  #extensions = '';

  constructor(private readonly level: StreamLevel, starts: Readonly<Record<StreamDir, number>>) {
    const side = (dir: StreamDir): Side => ({
      reader: new HttpStreamReader({ kind: dir === 'up' ? 'request' : 'response', tolerant: true, start: starts[dir], methodOf: (response) => this.#requests[response - this.#unasked]?.method ?? null }),
      waiting: new Waiting(), beyond: 0, lost: 0, head: null, first: 0, last: 0, content: 0,
    });
    this.#sides = { up: side('up'), down: side('down') };
  }

  push(dir: StreamDir, bytes: Uint8Array, at: number, out: Outcome): void {
    const side = this.#sides[dir];
    this.#hold(side, bytes, at, out.packet);
    this.#take(dir, side, side.reader.push(bytes), at + bytes.length, out);
    if (side.waiting.length > 0) out.open = true;
  }

  gap(dir: StreamDir, at: number, length: number, out: Outcome): void {
    const side = this.#sides[dir];
    if (!side.reader.isOver && side.waiting.length > 0 && length <= DISSECTION_LIMITS.message) {
      this.#hold(side, new Uint8Array(length), at, out.packet);
      side.lost += length;
      this.#take(dir, side, side.reader.skip(length), at + length, out);
      if (!side.reader.isOver) return;
    }
    this.#lost(dir, out);
  }

  end(dir: StreamDir, out: Outcome): void {
    const side = this.#sides[dir];
    this.#take(dir, side, side.reader.finish(), side.reader.position, out);
  }

  #hold(side: Side, bytes: Uint8Array, at: number, packet: number): void {
    if (side.waiting.length === 0) side.first = packet;
    side.last = packet;
    const room = DISSECTION_LIMITS.message - side.waiting.length;
    if (side.beyond > 0 || bytes.length > room) side.beyond += bytes.length;
    else side.waiting.add(bytes.slice(), at);
  }

  #take(dir: StreamDir, side: Side, events: readonly HttpEvent[], fed: number, out: Outcome): void {
    for (const event of events) {
      switch (event.type) {
        case 'head':
          side.head = event.head;
          this.#upgrade = headerTokens(event.head.headers, 'upgrade')[0] ?? '';
          this.#extensions = headerValues(event.head.headers, 'sec-websocket-extensions').join(', ');
          break;
        case 'end':
          this.#message(dir, side, event.at, out, true);
          break;
        case 'cut':
          this.#message(dir, side, fed, out, false);
          break;
        case 'malformed':
          this.#message(dir, side, fed, out, false);
          return this.#lost(dir, out);
        case 'handover': return this.#handover(dir, side, event, out);
        case 'body':
          side.content += event.end - event.start;
          break;
        case 'start':
        case 'chunk':
        case 'boundary':
        case 'trailers': break;
        default: event satisfies never;
      }
    }
  }

  /** What waits up to `end` is a message. */
  #message(dir: StreamDir, side: Side, end: number, out: Outcome, whole: boolean): void {
    const length = Math.min(side.waiting.length, end - side.waiting.at);
    if (length <= 0) return;
    const at = side.waiting.at;
    const bytes = side.waiting.whole().subarray(0, length);
    side.waiting.drop(length);
    const { head, lost, beyond, first, last, content } = side;
    // What is left over came with the end of this one.
    side.first = last;
    side.content = 0;
    side.head = null;
    side.lost = 0;
    side.beyond = 0;
    const { links, method } = head === null ? NOT_LINKED : head.kind === 'request' ? this.#asked(head, out.packet) : this.#answer(head, out.packet);
    const problem = lost > 0 ? `${lost} bytes of it are not in the capture` : beyond > 0 ? `${beyond} bytes of it are not shown` : null;
    const { codings } = this.level.connection;
    this.level.tell(out, dir, at, bytes, 'http', (base) => {
      const tree = fieldsOfMessage(bytes, { kind: dir === 'up' ? 'request' : 'response', tolerant: true, ...(method !== undefined && { method }), ...(codings !== undefined && { codings }) }, base);
      return [messageLayer({ protocol: 'http', title: 'HTTP', tree: problem === null ? tree : { ...tree, problem } }, base, length)];
    }, { role: head?.kind ?? null, links, ...(head === null ? {} : { http: { version: 1, head, method: method ?? null, first, last, content, whole } }) });
  }

  #asked(head: Extract<HttpHead, { kind: 'request' }>, packet: number): Linked {
    const previous = this.#requests[this.#requests.length - 1]?.links ?? null;
    const links: Links = { request: packet, response: null, uri: this.#uri(head), target: head.target, count: this.#unasked + this.#requests.length + 1, previous, next: null };
    if (previous !== null) previous.next = links;
    this.#requests.push({ method: head.method, links });
    return { links };
  }

  #answer(head: Extract<HttpHead, { kind: 'response' }>, packet: number): Linked {
    const asked = this.#requests[this.#answered];
    const isFinal = head.status >= 200 || head.status === 101;
    // One whose request is still under way was answered early.
    const { waiting, beyond } = this.#sides.up;
    if (asked === undefined) {
      const count = this.#answered + this.#unasked + 1;
      if (isFinal && waiting.length === 0 && beyond === 0) this.#unasked++;
      else if (isFinal) this.#answered++;
      return { links: { request: null, response: packet, uri: '', count, previous: null, next: null } };
    }
    if (isFinal) {
      this.#answered++;
      asked.links.response = packet;
    }
    return asked;
  }

  /** RFC 9110 7.1: the target in absolute form, or what Host and target make together. */
  #uri(head: Extract<HttpHead, { kind: 'request' }>): string {
    if (/^[a-z][a-z0-9+.-]*:\/\//i.test(head.target)) return head.target;
    const host = headerValue(head.headers, 'host');
    if (host === null || host === '') return '';
    if (head.method === 'CONNECT') return head.target;
    return `${this.level.number > 0 ? 'https' : 'http'}://${host}${head.target === '*' ? '' : head.target}`;
  }

  #handover(dir: StreamDir, side: Side, event: Extract<HttpEvent, { type: 'handover' }>, out: Outcome): void {
    side.waiting.clear();
    const next = event.to !== 'http2' && this.#upgrade === 'websocket' ? webSocketOf(this.level, this.#extensions) : this.level.connection.detect(this.level, event.to === 'http2' ? 'h2' : this.#upgrade);
    this.level.replace(next);
    if (event.bytes.length > 0) next.push(dir, event.bytes, event.at, out);
  }

  /** Nothing more can be read from here on, until a message begins again. */
  #lost(dir: StreamDir, out: Outcome): void {
    const side = this.#sides[dir];
    if (side.waiting.length > 0) tellData(this.level, out, dir, side.waiting.at, side.waiting.clear());
    this.level.replace(this.level.connection.detect(this.level, '', true));
  }

}
