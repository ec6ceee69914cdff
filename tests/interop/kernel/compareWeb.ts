// Our story of HTTP, HTTP/2 and TLS against what tshark reads in the kernel's capture: connection by connection and direction by direction,
// the same messages in the same order. Returns differences in words.

import { must } from '../../../shared/base/assert';
import { findField } from '../../../shared/codec/field';
import type { AppMessage, AppStory, Header, HttpExchange, HttpMessage, HttpRequestHead, HttpResponseHead, TlsMessage } from '../../../shared/trace/app/appStory';
import { formatEndpoint } from '../../../shared/trace/endpoint';
import type { ConnectionModel, Story } from '../../../shared/trace/story';
import { livesOf, sentValues, type Dissected } from './dissection';

export const WEB_FIELDS = [
  'http.request.method', 'http.request.uri', 'http.request.version', 'http.request.line', 'http.response.code', 'http.response.phrase', 'http.response.version', 'http.response.line', 'http.chunk_size',
  'http2.type', 'http2.length', 'http2.flags', 'http2.streamid', 'http2.header.name', 'http2.header.value',
  'tls.record.content_type', 'tls.record.opaque_type', 'tls.handshake.type', 'tls.alert_message.desc', 'tls.handshake.version', 'tls.handshake.extensions.supported_version', 'tls.handshake.ciphersuite',
  'tls.handshake.extensions_alpn_str', 'tls.handshake.extensions_server_name',
] as const;
type WebField = (typeof WEB_FIELDS)[number];

/** Collects what differs, and counts what was compared. */
export class Findings {
  readonly differences: string[] = [];
  compared = 0;

  same(what: string, ours: readonly (string | number)[], theirs: readonly (string | number)[]): void {
    this.compared += ours.length;
    if (ours.join('\n') === theirs.join('\n')) return;
    const at = ours.findIndex((value, index) => String(value) !== String(theirs[index]));
    const place = at < 0 ? ours.length : at;
    this.differences.push(`${what}: ours ${String(ours[place])} (${ours.length}), tshark ${String(theirs[place])} (${theirs.length}), at ${place}`);
  }
}

type Dir = 'up' | 'down';
type Said = (dir: Dir, field: WebField) => readonly string[];

/** Everything that the story says of TCP connections. */
export function compareWeb(story: Story, app: AppStory, packets: readonly Dissected[], findings: Findings): void {
  const lives = livesOf(packets);
  for (let index = 0; index < story.connections.count; index++) {
    const conn = story.connections.at(index);
    const [client, server] = [formatEndpoint(conn.client.endpoint), formatEndpoint(conn.server.endpoint)];
    const life = lives.get(`${client} ${server}`)?.shift() ?? [];
    const said: Said = (dir, field) => (dir === 'up' ? sentValues(life, client, server, field) : sentValues(life, server, client, field));
    compareTls(conn, app, said, findings);
    // Under TLS without its keys only our programs know what they said: the kernel never saw it.
    if (app.sessions.some((session) => session.conn === conn.id && !session.keys)) continue;
    const exchanges = app.exchanges.filter((exchange) => exchange.conn === conn.id);
    compareHttp1(conn, exchanges.filter(({ version }) => version !== 'HTTP/2'), said, findings);
    compareHttp2(conn, app, exchanges.filter(({ version }) => version === 'HTTP/2'), said, findings);
  }
}

/** tshark's escapes, and the end of a header line, taken away. */
const plain = (text: string): string => text.replaceAll('\\r', '\r').replaceAll('\\n', '\n').replaceAll('\\t', '\t').replace(/\r?\n$/, '');
const asLine = (text: string): string => plain(text).replace(/^([^:]*):[ \t]*/, '$1: ').trimEnd();
const line = ({ name, value }: Header): string => `${name}: ${value}`;

type Message = HttpMessage<HttpRequestHead> | HttpMessage<HttpResponseHead>;

/** Responses of exchanges in the order of the wire: interim ones too. */
const responsesOf = (exchanges: readonly HttpExchange[]): HttpMessage<HttpResponseHead>[] => exchanges.flatMap(({ interim, response }) => [...interim, ...(response === null ? [] : [response])]);
const firstOf = (message: Message): number => must(message.messages[0], 'a message of it');

function compareHttp1(conn: ConnectionModel, exchanges: readonly HttpExchange[], said: Said, findings: Findings): void {
  const name = `#${conn.id} HTTP`;
  const requests = exchanges.map(({ request }) => request);
  const responses = responsesOf(exchanges);
  findings.same(`${name} methods`, requests.map(({ head }) => head.method), said('up', 'http.request.method'));
  findings.same(`${name} targets`, requests.map(({ head }) => head.target), said('up', 'http.request.uri'));
  findings.same(`${name} lines of requests`, requests.flatMap(({ headers }) => headers.map(line)), said('up', 'http.request.line').map(asLine));
  findings.same(`${name} statuses`, responses.map(({ head }) => head.status), said('down', 'http.response.code'));
  findings.same(`${name} reasons`, responses.map(({ head }) => head.reason), said('down', 'http.response.phrase'));
  findings.same(`${name} versions`, exchanges.flatMap(({ version }) => version), said('up', 'http.request.version'));
  findings.same(`${name} lines of responses`, responses.flatMap(({ headers }) => headers.map(line)), said('down', 'http.response.line').map(asLine));
  for (const [dir, messages] of [['up', requests], ['down', responses]] as const) {
    const chunked = (messages as readonly Message[]).filter(({ framing }) => framing === 'chunked');
    findings.same(`${name} ${dir}, bytes in chunks`, [chunked.reduce((sum, { bodySize }) => sum + bodySize, 0)], [said(dir, 'http.chunk_size').reduce((sum, size) => sum + Number(size), 0)]);
    for (const message of messages as readonly Message[]) if (message.framing === 'content-length' && message.complete) findings.same(`${name} ${dir}, length of a body`, [message.bodySize], [lengthOf(message)]);
  }
}

const lengthOf = (message: Message): number => Number(message.headers.find((header) => header.name.toLowerCase() === 'content-length')?.value);

function compareHttp2(conn: ConnectionModel, app: AppStory, exchanges: readonly HttpExchange[], said: Said, findings: Findings): void {
  const name = `#${conn.id} HTTP/2`;
  const frames = (dir: Dir): AppMessage[] => app.messages.filter((message) => message.conn === conn.id && message.protocol === 'http2' && message.kind === 'frame' && message.dir === dir);
  for (const dir of ['up', 'down'] as const) {
    for (const field of ['http2.type', 'http2.length', 'http2.flags', 'http2.streamid'] as const) {
      const ours = frames(dir).map(({ id }) => Number(findField(must(app.fields(id), 'fields'), field)?.value));
      findings.same(`${name} ${dir} ${field}`, ours, said(dir, field).map(Number));
    }
    const messages: readonly Message[] = dir === 'up' ? exchanges.map(({ request }) => request) : responsesOf(exchanges);
    const blocks = messages.flatMap((message) => [{ at: firstOf(message), headers: message.headers }, { at: message.messages.at(-1) ?? 0, headers: message.trailers }]).sort((one, other) => one.at - other.at);
    findings.same(`${name} ${dir} headers`, blocks.flatMap(({ headers }) => headers.map(line)), said(dir, 'http2.header.name').map((header, i) => `${header}: ${plain(said(dir, 'http2.header.value')[i] ?? '')}`));
  }
}

/** RFC 8446 B.3, RFC 5246 7.4. */
const HANDSHAKE: ReadonlyMap<string, number> = new Map([
  ['Hello Request', 0], ['Client Hello', 1], ['Server Hello', 2], ['New Session Ticket', 4], ['Encrypted Extensions', 8], ['Certificate', 11], ['Server Key Exchange', 12], ['Certificate Request', 13],
  ['Server Hello Done', 14], ['Certificate Verify', 15], ['Client Key Exchange', 16], ['Finished', 20], ['Key Update', 24],
]);
const ALERTS: ReadonlyMap<string, number> = new Map([['close notify', 0], ['bad certificate', 42], ['certificate expired', 45], ['certificate unknown', 46], ['unknown ca', 48]]);
const VERSIONS: ReadonlyMap<string, string> = new Map([['0x0303', 'TLS 1.2'], ['0x0304', 'TLS 1.3']]);
/** RFC 8446 B.4, RFC 5289: those that the labs agree on. */
const SUITES: ReadonlyMap<string, string> = new Map([
  ['0x1301', 'TLS_AES_128_GCM_SHA256'], ['0x1302', 'TLS_AES_256_GCM_SHA384'], ['0x1303', 'TLS_CHACHA20_POLY1305_SHA256'], ['0xc02b', 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256'], ['0xc02c', 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384'],
]);

function contentType(name: string): number {
  if (name === 'Change Cipher Spec') return 20;
  if (name.includes('Alert')) return 21;
  return name.startsWith('Application Data') ? 23 : 22;
}

function compareTls(conn: ConnectionModel, app: AppStory, said: Said, findings: Findings): void {
  const name = `#${conn.id} TLS`;
  const session = app.sessions.find((one) => one.conn === conn.id);
  for (const dir of ['up', 'down'] as const) {
    const messages: readonly TlsMessage[] = session?.messages.filter((message) => message.dir === dir) ?? [];
    const records = messages.filter((message, i) => i === 0 || messages[i - 1]?.record !== message.record);
    const opened = session?.keys === true || session?.version === 'TLS 1.2';
    // What 1.3 seals without our knowing the keys has the outer type of application data, which tshark tells apart.
    findings.same(`${name} ${dir} records`, records.filter((message) => opened || !message.encrypted).map((message) => contentType(message.name)), said(dir, 'tls.record.content_type'));
    if (!opened) findings.same(`${name} ${dir} sealed records`, records.filter((message) => message.encrypted).map((message) => contentType(message.name)), said(dir, 'tls.record.opaque_type'));
    findings.same(`${name} ${dir} handshake`, messages.flatMap((message) => HANDSHAKE.get(message.name) ?? []), said(dir, 'tls.handshake.type'));
    findings.same(`${name} ${dir} alerts`, messages.flatMap((message) => (message.name.startsWith('Alert (') ? [ALERTS.get(message.name.slice(7, -1)) ?? message.name] : [])), said(dir, 'tls.alert_message.desc'));
  }
  if (session === undefined || session.version === '') return;
  const agreed = said('down', 'tls.handshake.extensions.supported_version')[0] ?? said('down', 'tls.handshake.version')[0] ?? '';
  findings.same(`${name} version`, [session.version], [VERSIONS.get(agreed) ?? agreed]);
  findings.same(`${name} cipher suite`, [session.cipher], [SUITES.get(said('down', 'tls.handshake.ciphersuite')[0] ?? '') ?? '']);
  findings.same(`${name} name`, [session.serverName], [said('up', 'tls.handshake.extensions_server_name')[0] ?? '']);
  // In 1.3 the answer to ALPN is encrypted: it can be read with the keys only.
  if (session.keys || session.version === 'TLS 1.2') findings.same(`${name} ALPN`, [session.alpn], [said('down', 'tls.handshake.extensions_alpn_str')[0] ?? '']);
}
