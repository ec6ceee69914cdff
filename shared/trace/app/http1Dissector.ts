// HTTP/1 of an application story: requests and responses as the codec's reader finds them, paired in order on their connection (RFC 9112
// 9.3), interim responses with the final one that follows.

import type { Framing } from '../../codec/http/body';
import type { HeaderLine, HttpHead } from '../../codec/http/head';
import { headerValue } from '../../codec/http/head';
import { HttpStreamReader, type HttpEvent } from '../../codec/http/reader';
import { MISSING, type AppContext } from './appContext';
import type { Channel } from './appConn';
import type { BodyFraming, Header, HttpExchange } from './appStory';
import type { Dissector } from './dissector';
import { PartRow, type ExchangeRow, type RequestRow, type ResponseRow } from './exchangeRow';
import type { MessageRow } from './messageTable';

export function http1Dissectors(context: AppContext, channel: Channel): { readonly up: Dissector; readonly down: Dissector } {
  const exchanges: ExchangeRow[] = [];
  return { up: new Http1Dissector(context, channel, 'up', exchanges), down: new Http1Dissector(context, channel, 'down', exchanges) };
}

class Http1Dissector implements Dissector {
  private readonly reader: HttpStreamReader;
  private row: MessageRow | null = null;
  private part: RequestRow | ResponseRow | null = null;
  /** Bytes of body that come next, as far as that is known. */
  private left = 0;
  /** Final responses that have begun. */
  private answered = 0;

  constructor(private readonly context: AppContext, private readonly channel: Channel, private readonly dir: 'up' | 'down', private readonly exchanges: ExchangeRow[]) {
    this.reader = new HttpStreamReader({ kind: dir === 'up' ? 'request' : 'response', methodOf: (response) => exchanges[response]?.request.head.method ?? null });
  }

  feed(bytes: Uint8Array, offset: number): void {
    this.take(this.reader.push(bytes), offset + bytes.length);
  }

  /** The data of a body: its length is known, or it goes on to the end of the connection. */
  skip(size: number, offset: number): number {
    // The head, a chunk's line and trailers are needed: only what the reader takes as body may be left out.
    const here = Math.min(size, this.left);
    if (here <= 0) return 0;
    this.take(this.reader.skip(here), offset + here);
    return here;
  }

  gap(): void {
    this.unfinished(MISSING);
  }

  end(clean: boolean): void {
    if (clean) this.take(this.reader.finish(), this.channel[this.dir].fed);
    else this.unfinished('the connection was reset');
  }

  private take(events: readonly HttpEvent[], fed: number): void {
    for (const event of events) this.event(event, fed);
    if (this.row !== null && this.row.end < fed) {
      this.row.end = fed;
      this.context.messages.touch(this.row);
    }
    const exchange = this.exchange();
    if (exchange !== null) this.context.exchanges.touch(exchange);
  }

  private event(event: HttpEvent, fed: number): void {
    switch (event.type) {
      case 'start': return this.begin(event.at);
      case 'head':
        this.left = event.framing.kind === 'content-length' ? event.framing.length : event.framing.kind === 'until-close' ? Number.POSITIVE_INFINITY : 0;
        return this.head(event.head, event.end - event.at, event.framing, event.interim);
      case 'body':
        this.left -= event.end - event.start;
        this.part?.body(event.start, event.end);
        return;
      case 'chunk':
        this.left = event.size;
        return;
      case 'trailers':
        if (this.part !== null) this.part.trailers = plain(event.headers);
        return;
      case 'end': return this.complete(event.at);
      case 'cut': return this.unfinished('the stream ended inside it');
      case 'malformed': return this.malformed(event.at, event.why, fed);
      case 'handover':
        if (event.to === 'tunnel') this.channel.stop();
        return;
      case 'boundary':
    }
  }

  private begin(at: number): void {
    this.left = 0;
    this.part = null;
    this.row = this.context.messages.add(this.channel.lines[this.dir], { protocol: 'http', kind: this.dir === 'up' ? 'request' : 'response' }, at);
    if (this.row === null) return;
    this.row.summary = this.row.kind;
    const exchange = this.dir === 'up' ? null : this.exchanges[this.answered];
    if (exchange) this.row.exchange = exchange.id;
  }

  /** The exchange that the current message belongs to. */
  private exchange(): ExchangeRow | null {
    return this.row === null ? null : (this.context.exchanges.rows[this.row.exchange] ?? null);
  }

  private head(head: HttpHead, size: number, framing: Framing, interim: boolean): void {
    const { row } = this;
    if (row === null) return;
    row.summary = head.kind === 'request' ? `${head.method} ${head.target}` : `${head.status} ${head.reason}`.trimEnd();
    row.trouble = head.kind === 'response' && head.status >= 400;
    if (head.kind === 'request') {
      const request: RequestRow = new PartRow({ method: head.method, target: head.target, url: this.url(head) }, this.channel.up);
      this.fill(request, head, size, framing);
      this.add(row, request, head.version === 'HTTP/1.0' ? 'HTTP/1.0' : 'HTTP/1.1');
      return;
    }
    const response: ResponseRow = new PartRow({ status: head.status, reason: head.reason }, this.channel.down);
    this.fill(response, head, size, framing);
    response.messages.push(row.id);
    const exchange = this.exchange();
    if (interim) exchange?.interim.push(response);
    else {
      this.answered++;
      if (exchange !== null) exchange.response = response;
    }
  }

  private fill(part: RequestRow | ResponseRow, head: HttpHead, size: number, framing: Framing): void {
    part.headers = plain(head.headers);
    part.headSize = size;
    part.framing = bodyFraming(framing);
    this.part = part;
  }

  private add(row: MessageRow, request: RequestRow, version: HttpExchange['version']): void {
    request.messages.push(row.id);
    const exchange = this.context.exchanges.add(this.channel.conn, null, version, this.channel.carrier === 'tls', request);
    row.exchange = exchange.id;
    this.exchanges.push(exchange);
    this.context.exchanges.asked(exchange);
  }

  /** RFC 9110 7.1: the target in absolute form, or what Host and target make together. */
  private url(head: Extract<HttpHead, { kind: 'request' }>): string {
    if (/^https?:\/\//i.test(head.target)) return head.target;
    const host = headerValue(head.headers, 'host');
    if (host === null || host === '' || head.method === 'CONNECT') return '';
    return `${this.channel.carrier === 'tls' ? 'https' : 'http'}://${host}${head.target === '*' ? '' : head.target}`;
  }

  private complete(at: number): void {
    const { row, part } = this;
    if (row !== null) {
      row.state = 'complete';
      row.end = at;
      this.context.messages.touch(row);
    }
    if (part !== null) part.complete = true;
    const exchange = this.exchange();
    if (exchange !== null) this.context.exchanges.touch(exchange);
    this.row = null;
    this.part = null;
  }

  private unfinished(why: string): void {
    if (this.row === null) return;
    this.row.why = why;
    this.context.messages.touch(this.row);
  }

  private malformed(at: number, why: string, fed: number): void {
    if (this.row === null) this.begin(at);
    const { row } = this;
    if (row === null) return;
    row.state = 'malformed';
    row.why = `at byte ${at - row.start}: ${why}`;
    row.trouble = true;
    row.end = Math.max(fed, row.start + 1);
    this.context.messages.touch(row);
    this.row = null;
    if (this.part !== null) return;
    row.summary = `malformed ${row.kind}`;
    // What answers it (400) belongs to it.
    if (this.dir === 'up') this.add(row, new PartRow({ method: '', target: '', url: '' }, this.channel.up), 'HTTP/1.1');
  }
}

const plain = (headers: readonly HeaderLine[]): Header[] => headers.map(({ name, value }) => ({ name, value }));

function bodyFraming(framing: Framing): BodyFraming {
  return framing.kind === 'tunnel' ? 'none' : framing.kind;
}
