// HTTP exchanges of a run as a HAR (har.ts): heads, bodies as far as the trace kept them, and where the time went.

import { toBase64 } from '../../base/base64';
import { utf8Text } from '../../base/bytesText';
import type { AppStory, ExchangeTiming, Header, HttpExchange, Span } from '../app/appStory';
import type { Story } from '../story';
import type { HarEntry } from './har';

export interface HarOptions {
  readonly creator: { readonly name: string; readonly version: string };
  /** ms since 1970 of the trace's time 0. */
  readonly origin: number;
}

/** Exchanges that a relay only passed on are left out: each would be there twice. */
export function harOf(app: AppStory, story: Story, { creator, origin }: HarOptions): object {
  const entries = app.exchanges.filter(({ relayed }) => !relayed).map((exchange) => entryOf(app, story, exchange, origin));
  return { log: { version: '1.2', creator, pages: [], entries } };
}

function entryOf(app: AppStory, story: Story, exchange: HttpExchange, origin: number): HarEntry {
  const { request, response, timing } = exchange;
  const timings = timingsOf(timing);
  const start = Math.min(request.depart, ...Object.values(timing).flatMap((span: Span | null) => span?.start ?? []));
  const server = story.connection(exchange.conn)?.server.endpoint;
  return {
    startedDateTime: new Date(origin + start / 1000).toISOString(),
    time: [timings.blocked, timings.dns, timings.connect, timings.send, timings.wait, timings.receive].reduce((sum, ms) => sum + Math.max(0, ms), 0),
    request: {
      method: request.head.method, url: request.head.url || request.head.target, httpVersion: exchange.version, headers: pairsOf(request.headers), queryString: queryOf(request.head.url), cookies: [],
      headersSize: request.headSize, bodySize: request.bodySize, ...postDataOf(app, exchange),
    },
    response: {
      status: response?.head.status ?? 0, statusText: response?.head.reason ?? '', httpVersion: exchange.version, headers: pairsOf(response?.headers ?? []), cookies: [],
      content: contentOf(app, exchange), redirectURL: valueOf(response?.headers ?? [], 'location'), headersSize: response?.headSize ?? -1, bodySize: response?.bodySize ?? -1,
    },
    timings, connection: String(exchange.conn), ...(server === undefined ? {} : { serverIPAddress: server.address }),
    ...(exchange.outcome === 'complete' ? {} : { comment: exchange.outcome }),
  };
}

const pairsOf = (headers: readonly Header[]): { name: string; value: string }[] => headers.map(({ name, value }) => ({ name, value }));
const valueOf = (headers: readonly Header[], name: string): string => headers.find((header) => header.name.toLowerCase() === name)?.value ?? '';

/** Name and value of each part of the query, decoded where it can be. */
function queryOf(url: string): { name: string; value: string }[] {
  const start = url.indexOf('?');
  const query = start < 0 ? '' : (url.slice(start + 1).split('#')[0] ?? '');
  return query.split('&').filter((part) => part !== '').map((part) => {
    const [name = '', ...rest] = part.split('=');
    return { name: decoded(name), value: decoded(rest.join('=')) };
  });
}

function decoded(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

function postDataOf(app: AppStory, exchange: HttpExchange): Pick<HarEntry['request'], 'postData'> {
  const { bytes } = app.body(exchange.id, 'request');
  if (bytes.length === 0) return {};
  return { postData: { mimeType: valueOf(exchange.request.headers, 'content-type'), ...textOf(bytes) } };
}

function contentOf(app: AppStory, exchange: HttpExchange): HarEntry['response']['content'] {
  const mimeType = valueOf(exchange.response?.headers ?? [], 'content-type');
  if (exchange.response === null) return { size: 0, mimeType };
  const { bytes, size } = app.body(exchange.id, 'response');
  const kept = bytes.length < size ? { comment: `the trace kept ${bytes.length} of ${size} bytes` } : {};
  return { size, mimeType, ...(bytes.length === 0 ? {} : textOf(bytes)), ...kept };
}

/** As text where the bytes are UTF-8, else in base64. */
function textOf(bytes: Uint8Array): { text: string; encoding?: string } {
  const text = utf8Text(bytes);
  return text.includes('\ufffd') ? { text: toBase64(bytes), encoding: 'base64' } : { text };
}

const NONE = -1;
const ms = (span: Span | null): number => (span === null ? NONE : Math.max(0, (span.end - span.start) / 1000));

/** HAR counts the time of TLS into that of connect, and names it beside. */
function timingsOf({ blocked, lookup, connect, tls, send, wait, receive }: ExchangeTiming): { blocked: number; dns: number; connect: number; ssl: number; send: number; wait: number; receive: number } {
  return {
    blocked: ms(blocked), dns: ms(lookup), connect: connect === null ? NONE : ms(connect) + Math.max(0, ms(tls)), ssl: ms(tls), send: Math.max(0, ms(send)), wait: Math.max(0, ms(wait)), receive: Math.max(0, ms(receive)),
  };
}
