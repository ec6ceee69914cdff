// The application story in words, the same in every language: a message in a label, and all of it as lines of text without times, for the
// command line and for tests of labs. Pure; says, never derives.

import { formatEndpoint } from '../endpoint';
import type { Story } from '../story';
import { printable } from '../../base/textWidth';
import type { RoleIx } from '../../base/brand';
import { never } from '../../base/assert';
import type { AppMessage, AppProtocol, AppStory, DnsExchange, DnsLookup, HttpExchange, TlsSession } from './appStory';

/** Characters of a summary in a line. */
const SUMMARY = 120;

export interface MessageText {
  /** 'HTTP'. */
  readonly protocol: string;
  /** 'GET /api/user', '200 OK (cut off)'. */
  readonly label: string;
  readonly trouble: boolean;
}

export function describeMessage(message: AppMessage): MessageText {
  const more = message.state === 'partial' ? ' …' : '';
  return { protocol: protocolName(message.protocol), label: `${printable(message.summary).slice(0, SUMMARY)}${more}`, trouble: message.trouble };
}

function protocolName(protocol: AppProtocol): string {
  switch (protocol) {
    case 'dns': return 'DNS';
    case 'http': return 'HTTP';
    case 'http2': return 'HTTP/2';
    case 'tls': return 'TLS';
    case 'bittorrent': return 'BitTorrent';
    case 'bt-tracker': return 'Tracker';
    default: return never(protocol);
  }
}

/** Lines joined by '\n', the last one ended too: lookups, queries, sessions, exchanges, each in order of discovery. */
export function appLadder(app: AppStory, story: Story): string {
  const lines = [
    ...app.lookups.map((lookup) => lookupLine(lookup, story)),
    ...app.queries.map((query) => queryLine(query, app, story)),
    ...app.sessions.map((session) => sessionLine(session, app, story)),
    ...app.exchanges.map((exchange) => exchangeLine(exchange, app, story)),
    ...app.messages.filter((message) => message.state === 'malformed').map((message) => `malformed ${message.protocol} ${message.kind}: ${printable(message.why)}`),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

const lookupLine = (lookup: DnsLookup, story: Story): string =>
  `lookup  ${roleName(lookup.role, story)} ${lookup.number}: ${lookup.type} ${lookup.name} -> ${lookup.rcode ?? '…'}${lookup.cached ? ' from cache' : ''}, ${lookup.exchanges.length} queries`;

function queryLine(query: DnsExchange, app: AppStory, story: Story): string {
  const message = app.message(query.query);
  const answer = query.answer === null ? null : app.message(query.answer);
  const flags = [query.recursionDesired && 'rd', query.authoritative && 'aa', query.truncated && 'tc'].filter((flag) => flag !== false).join(' ');
  const told = answer === null ? 'no answer' : `${query.rcode ?? ''} ${query.result}`;
  const lost = message !== null && message.toSock !== null && message.arrive === null ? ' (lost)' : '';
  return `dns/${query.transport} ${ends(query.clientRole, query.serverRole, message, story)} ${printable(message?.summary ?? '')}${lost} -> ${told}${flags === '' ? '' : ` [${flags}]`}`
    + query.records.map((record) => `\n          ${record.section}: ${printable(record.text)}`).join('');
}

function sessionLine(session: TlsSession, app: AppStory, story: Story): string {
  const agreed = [session.version, session.cipher, session.alpn, session.serverName].filter((word) => word !== '').join(' ');
  const failed = session.failure === null ? '' : `, failed: ${session.failure.code} at ${roleName(session.failure.role, story)}`;
  const first = app.message(session.messages[0]?.record ?? -1);
  const said = session.messages.filter((message) => message.name !== 'Application Data').map((message) => `\n          ${message.dir === 'up' ? '>' : '<'} ${message.name}`);
  return `tls #${session.conn} ${ends(session.clientRole, session.serverRole, first, story)} ${agreed}${failed}${said.join('')}`;
}

function exchangeLine(exchange: HttpExchange, app: AppStory, story: Story): string {
  const { request, response } = exchange;
  const first = app.message(request.messages[0] ?? -1);
  const body = (part: HttpExchange['request'] | NonNullable<HttpExchange['response']>): string => (part.framing === 'none' ? '' : `, ${part.bodySize} B ${part.framing}`);
  const target = request.head.url === '' ? request.head.target : request.head.url;
  const interim = exchange.interim.map((one) => `${one.head.status}, `).join('');
  const answer = response === null ? '' : `${response.head.status} ${response.head.reason}`.trimEnd() + body(response);
  const where = exchange.stream === null ? `#${exchange.conn}` : `#${exchange.conn}.${exchange.stream}`;
  return `http ${where} ${ends(exchange.clientRole, exchange.serverRole, first, story)} ${exchange.version}${exchange.secure ? ' over TLS' : ''} `
    + `${printable(`${request.head.method} ${target}`).slice(0, SUMMARY)}${body(request)} -> ${interim}${printable(answer)}${exchange.outcome === 'complete' ? '' : ` (${exchange.outcome})`}`;
}

/** 'client -> server': roles by id, programs that are not ours by 'foreign', servers by their endpoint. */
function ends(client: RoleIx | null, server: RoleIx | null, message: AppMessage | null, story: Story): string {
  const at = message === null ? '' : ` ${formatEndpoint(message.dir === 'up' ? message.to : message.from)}`;
  return `${client === null ? 'foreign' : roleName(client, story)} -> ${server === null ? 'foreign' : roleName(server, story)}${at}`;
}

const roleName = (role: RoleIx, story: Story): string => story.role(role)?.id ?? '?';
