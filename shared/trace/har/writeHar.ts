// HTTP exchanges of a run as a HAR (har.ts): heads, bodies as far as the trace kept them, and where the time went.

import { toBase64 } from '../../base/base64';
import { utf8Text } from '../../base/bytesText';
import type { AppStory, ExchangeTiming, Header, HttpExchange, Span } from '../app/appStory';
import type { Story } from '../story';
import type { HarEntry } from './har';
import { harGroups, type HarGroup } from './harPages';

export interface HarOptions {
  readonly creator: { readonly name: string; readonly version: string };
  /** µs since 1970 of the trace's time 0 (startedAt.ts). */
  readonly origin: number;
  /** The body without its content coding, which a HAR has not; null when it cannot be undone. Without it bodies stay as they were sent. */
  decoded?(exchange: number, side: Side, body: Uint8Array<ArrayBuffer>, coding: string): Uint8Array | null;
}

export type Side = 'request' | 'response';

/** Exchanges that a relay only passed on are left out: each would be there twice. */
export const harExchanges = (app: AppStory): readonly HttpExchange[] => app.exchanges.filter(({ relayed }) => !relayed);

/** The file as one object. */
export function harOf(app: AppStory, story: Story, options: HarOptions): object {
  const exchanges = harExchanges(app);
  const { groups, groupOf } = harGroups(app, story, exchanges);
  return { log: { ...headOf(groups, options), entries: exchanges.map((exchange) => entryOf(app, story, exchange, groupOf(exchange), options)) } };
}

/** The file as text, an exchange a part; all parts together are the file. */
export function* harParts(app: AppStory, story: Story, options: HarOptions): Generator<string> {
  const exchanges = harExchanges(app);
  const { groups, groupOf } = harGroups(app, story, exchanges);
  yield `{"log":${JSON.stringify(headOf(groups, options)).slice(0, -1)},"entries":[\n`;
  let first = true;
  for (const exchange of exchanges) {
    yield `${first ? '' : ',\n'}${JSON.stringify(entryOf(app, story, exchange, groupOf(exchange), options))}`;
    first = false;
  }
  yield '\n]}}\n';
}

const headOf = (groups: readonly HarGroup[], { creator, origin }: HarOptions): object => ({
  version: '1.2', creator,
  pages: groups.map(({ id, title, start, done }) => ({ startedDateTime: isoOf(origin + start), id, title, pageTimings: { onContentLoad: NONE, onLoad: done === null ? NONE : (done - start) / 1000 } })),
});

/** What is written of a message: fields that only other programs write are left out. */
type Written = Omit<HarEntry, 'timings'> & { readonly timings: Readonly<Record<keyof HarEntry['timings'], number>> };

function entryOf(app: AppStory, story: Story, exchange: HttpExchange, group: HarGroup | null, options: HarOptions): Written {
  const { request, response, timing } = exchange;
  const timings = timingsOf(timing);
  const start = Math.min(request.depart, ...Object.values(timing).flatMap((span: Span | null) => span?.start ?? []));
  const server = story.connection(exchange.conn)?.server.endpoint;
  return {
    ...(group === null ? {} : { pageref: group.id }), startedDateTime: isoOf(options.origin + start),
    time: [timings.blocked, timings.dns, timings.connect, timings.send, timings.wait, timings.receive].reduce((sum, ms) => sum + Math.max(0, ms), 0),
    request: {
      method: request.head.method, url: request.head.url || request.head.target, httpVersion: exchange.version, headers: pairsOf(request.headers), queryString: queryOf(request.head.url), cookies: [],
      headersSize: request.headSize, bodySize: request.bodySize, ...postDataOf(app, exchange, options),
    },
    response: {
      status: response?.head.status ?? 0, statusText: response?.head.reason ?? '', httpVersion: exchange.version, headers: pairsOf(response?.headers ?? []), cookies: [],
      content: contentOf(app, exchange, options), redirectURL: valueOf(response?.headers ?? [], 'location'), headersSize: response?.headSize ?? -1, bodySize: response?.bodySize ?? -1,
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

function postDataOf(app: AppStory, exchange: HttpExchange, options: HarOptions): Pick<HarEntry['request'], 'postData'> {
  const { bytes, ...body } = bodyOf(app, exchange, 'request', options);
  if (bytes.length === 0) return {};
  return { postData: { mimeType: valueOf(exchange.request.headers, 'content-type'), ...textOf(bytes), ...(body.coding === '' ? {} : { _coding: body.coding }) } };
}

function contentOf(app: AppStory, exchange: HttpExchange, options: HarOptions): HarEntry['response']['content'] {
  const mimeType = valueOf(exchange.response?.headers ?? [], 'content-type');
  if (exchange.response === null) return { size: 0, mimeType };
  const { bytes, sent, kept, coding } = bodyOf(app, exchange, 'response', options);
  const missing = kept < sent ? { comment: `the trace kept ${kept} of ${sent} bytes` } : {};
  // Without its coding its size is that of the text; cut off, it stays that of what was sent.
  const size = kept < sent ? sent : bytes.length;
  return { size, mimeType, ...(size === sent ? {} : { compression: size - sent }), ...(bytes.length === 0 ? {} : textOf(bytes)), ...(coding === '' ? {} : { _coding: coding }), ...missing };
}

/** A body without its content coding, where all of it is here and the coding can be undone; `coding`: what is still on it. */
function bodyOf(app: AppStory, exchange: HttpExchange, side: Side, { decoded }: HarOptions): { readonly bytes: Uint8Array; readonly sent: number; readonly kept: number; readonly coding: string } {
  const { bytes, size, kept, coding = '' } = app.body(exchange.id, side);
  const undone = coding === '' || kept < size || bytes.length === 0 ? null : (decoded?.(exchange.id, side, bytes, coding) ?? null);
  return undone === null ? { bytes, sent: size, kept, coding: bytes.length === 0 ? '' : coding } : { bytes: undone, sent: size, kept, coding: '' };
}

/** ISO 8601 to the microsecond: on a loopback interface a millisecond is long. */
function isoOf(us: number): string {
  const ms = Math.floor(us / 1000);
  const finer = Math.min(Math.round(us - ms * 1000), 999);
  return new Date(ms).toISOString().replace('Z', `${String(finer).padStart(3, '0')}Z`);
}

/** As text where the bytes are UTF-8, else in base64. */
function textOf(bytes: Uint8Array): { text: string; encoding?: string } {
  const text = utf8Text(bytes);
  return text.includes('\ufffd') ? { text: toBase64(bytes), encoding: 'base64' } : { text };
}

const NONE = -1;
const ms = (span: Span | null): number => (span === null ? NONE : Math.max(0, (span.end - span.start) / 1000));

/** HAR counts the time of TLS into that of connect, and names it beside; send, wait and receive are never missing. */
function timingsOf({ blocked, lookup, connect, tls, send, wait, receive }: ExchangeTiming): Written['timings'] {
  return {
    blocked: ms(blocked), dns: ms(lookup), connect: connect === null ? NONE : ms(connect) + Math.max(0, ms(tls)), ssl: ms(tls), send: Math.max(0, ms(send)), wait: Math.max(0, ms(wait)), receive: Math.max(0, ms(receive)),
  };
}
