// One entry of a HAR as an exchange with its two messages. What an entry does not tell stays unknown: -1, 0 or null, as the types say.

import { connId, eventSeq, hostIx, micros, type RoleIx } from '../../base/brand';
import { never } from '../../base/assert';
import { fromBase64 } from '../../base/base64';
import { NO_BYTES } from '../../base/bytes';
import { utf8Bytes } from '../../base/bytesText';
import type { AppMessage, BodyFraming, Header, HttpExchange, HttpMessage } from '../app/appStory';
import type { HarEntry } from './har';
import type { HarTimes } from './harTiming';
import { REPORTED } from './reportedStory';

const NOWHERE = { address: '', port: 0 };
const OUTCOMES = ['sending', 'waiting', 'receiving', 'cut', 'reset'] as const satisfies readonly HttpExchange['outcome'][];
const NO_FACT = eventSeq(-1);

export interface HarUrl {
  /** 'https'; '' when the URL has none. */
  readonly scheme: string;
  /** 'www.example.test:8443' */
  readonly authority: string;
  readonly port: string;
  /** Path and query: what the request line has. */
  readonly target: string;
}

export function urlOf(url: string): HarUrl {
  const [, scheme = '', authority = '', rest = ''] = /^([a-z][a-z\d+.-]*):\/\/([^/?#]*)([^#]*)/iu.exec(url) ?? [];
  if (scheme === '') return { scheme: '', authority: '', port: '', target: url };
  const port = /:(\d+)$/u.exec(authority)?.[1] ?? (/^(https|wss)$/iu.test(scheme) ? '443' : '80');
  return { scheme: scheme.toLowerCase(), authority, port, target: rest.startsWith('/') ? rest : `/${rest}` };
}

export interface HarPlace {
  readonly id: number;
  /** 0: not told. */
  readonly conn: number;
  /** Index of the server's host, and of the role that asked. */
  readonly server: number;
  readonly client: RoleIx;
  readonly first: boolean;
}

export interface HarExchange {
  readonly exchange: HttpExchange;
  readonly request: AppMessage;
  readonly response: AppMessage | null;
}

export function harExchange(entry: HarEntry, { timing, start, end }: HarTimes, place: HarPlace): HarExchange {
  const { id } = place;
  const url = urlOf(entry.request.url);
  const asked = { ...partOf(entry.request.headers, entry.request.headersSize, requestSize(entry), timing.send?.start ?? start, timing.send?.end ?? timing.send?.start ?? start) };
  const answered = entry.response.status === 0 ? null : partOf(entry.response.headers, entry.response.headersSize, responseSize(entry), timing.wait?.end ?? timing.receive?.start ?? end, end);
  const outcome = OUTCOMES.find((one) => one === entry.comment) ?? (answered === null ? 'cut' : 'complete');
  const version = versionOf(entry);
  const complete = outcome === 'complete';
  const request = messageOf(place, 'up', asked, `${entry.request.method} ${url.target}`, false);
  const response = answered === null ? null : messageOf(place, 'down', answered, `${entry.response.status} ${entry.response.statusText}`.trimEnd(), entry.response.status >= 400);
  return {
    request, response,
    exchange: {
      id, conn: connId(place.conn), stream: null, version, secure: url.scheme === 'https' || url.scheme === 'wss', clientRole: place.client, serverRole: null, relayed: false,
      request: told(request, asked, { method: entry.request.method, target: url.target, url: url.scheme === '' ? '' : entry.request.url }, framingOf(asked, version, true), outcome !== 'sending'),
      interim: [], response: response === null || answered === null ? null : told(response, answered, { status: entry.response.status, reason: entry.response.statusText }, framingOf(answered, version, false), complete),
      timing, first: place.first, outcome,
    },
  };
}

interface Part {
  readonly headers: readonly Header[];
  readonly headSize: number;
  readonly bodySize: number;
  readonly start: number;
  readonly end: number;
}

const partOf = (headers: readonly Header[], headSize: number, bodySize: number, start: number, end: number): Part => ({ headers, headSize, bodySize, start, end });

const told = <H>(message: AppMessage, { headers, headSize, bodySize }: Part, head: H, framing: BodyFraming, complete: boolean): HttpMessage<H> => ({
  head, headers, trailers: [], messages: [message.id], headSize, bodySize, framing, complete,
  depart: message.depart, sent: message.sent, firstRead: message.firstRead, arrive: message.arrive,
});

function messageOf({ id, conn, server }: HarPlace, dir: 'up' | 'down', part: Part, summary: string, trouble: boolean): AppMessage {
  const up = dir === 'up';
  const ends = up ? { fromHost: REPORTED.host, toHost: hostIx(server) } : { fromHost: hostIx(server), toHost: REPORTED.host };
  return {
    id: id * 2 + (up ? 0 : 1), protocol: 'http', kind: up ? 'request' : 'response', carrier: 'tcp', conn: conn === 0 ? null : connId(conn), dir, ...ends,
    fromSock: null, toSock: null, from: NOWHERE, to: NOWHERE, start: 0, end: Math.max(part.headSize, 0) + part.bodySize || 1, state: 'complete', why: '',
    // Of a request nobody tells when it was read, of a response not when it was sent: it had been by the time that its bytes came.
    depart: micros(part.start), sent: micros(part.end), firstRead: up ? null : micros(part.start), arrive: up ? null : micros(part.end), sentSeq: NO_FACT, arriveSeq: null, segments: [], summary, trouble,
  };
}

/** The bytes of a text of the file; none where there is no text, or no base64. */
export function harBytes(said: { readonly text?: string | undefined; readonly encoding?: string | undefined } | undefined): Uint8Array<ArrayBuffer> {
  if (said?.text === undefined) return NO_BYTES;
  return said.encoding === 'base64' ? (fromBase64(said.text) ?? NO_BYTES) : utf8Bytes(said.text);
}

/** Bytes of the body on the wire, else those of the text. */
const requestSize = ({ request }: HarEntry): number => (request.bodySize >= 0 ? request.bodySize : harBytes(request.postData).length);

/** Bytes of the body on the wire; where a browser did not say, those of the content, less what the coding had saved. */
function responseSize({ response: { bodySize, content } }: HarEntry): number {
  if (bodySize >= 0) return bodySize;
  const size = content.size >= 0 ? content.size : harBytes(content).length;
  return Math.min(Math.max(size - (content.compression ?? 0), 0), Number.MAX_SAFE_INTEGER);
}

/** 'h2', 'http/2.0' and 'HTTP/2' are one; a program that names none is known by its pseudo-headers (RFC 9113 8.3). */
function versionOf({ request, response }: HarEntry): HttpExchange['version'] {
  const said = `${response.httpVersion} ${request.httpVersion}`.toLowerCase();
  if (/\bh3|http\/3|quic/u.test(said)) return 'HTTP/3';
  if (/\bh2|http\/2/u.test(said) || request.headers.some(({ name }) => name.startsWith(':'))) return 'HTTP/2';
  return /http\/1\.0/u.test(said) ? 'HTTP/1.0' : 'HTTP/1.1';
}

/** What the headers say of the body's end (RFC 9112 6.3); the bytes themselves are not in a HAR. */
function framingOf({ headers, bodySize }: Part, version: HttpExchange['version'], request: boolean): BodyFraming {
  const has = (name: string, value = ''): boolean => headers.some((header) => header.name.toLowerCase() === name && header.value.toLowerCase().includes(value));
  switch (version) {
    case 'HTTP/2':
    case 'HTTP/3':
      return bodySize > 0 ? 'end-stream' : 'none';
    case 'HTTP/1.0':
    case 'HTTP/1.1':
      if (bodySize === 0) return 'none';
      if (has('transfer-encoding', 'chunked')) return 'chunked';
      return request || has('content-length') ? 'content-length' : 'until-close';
    default:
      return never(version);
  }
}
