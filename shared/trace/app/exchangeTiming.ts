// Where the time of an exchange went, as its client's program saw it: what it did before it could ask, asking, waiting, receiving.
// Where the client is not ours, what our server saw.

import { micros } from '../../base/brand';
import type { ExchangeTiming, HttpExchange, HttpMessage, HttpRequestHead, HttpResponseHead, Span } from './appStory';
import type { ExchangeRow } from './exchangeRow';

export function exchangeTiming(
  row: ExchangeRow, request: HttpMessage<HttpRequestHead>, response: HttpMessage<HttpResponseHead> | null, outcome: HttpExchange['outcome'],
): ExchangeTiming {
  const { conn } = row;
  const before = row.first ? prepared(row) : { lookup: null, connect: null, tls: null };
  const begun = before.lookup?.start ?? before.connect?.start ?? request.depart;
  const clientIsOurs = conn.clientSock !== null;
  const began = response === null ? null : (response.firstRead ?? (clientIsOurs ? null : response.depart));
  const ended = response === null || !response.complete ? stoppedAt(row, outcome) : (response.arrive ?? (clientIsOurs ? stoppedAt(row, outcome) : response.sent));
  return {
    blocked: row.wanted === null ? null : span(row.wanted, begun),
    ...before,
    send: span(request.depart, request.sent),
    wait: began === null ? null : span(Math.min(request.sent, began), began),
    receive: began === null || ended === null ? null : span(began, ended),
  };
}

function prepared({ conn, secure }: ExchangeRow): Pick<ExchangeTiming, 'lookup' | 'connect' | 'tls'> {
  const { connectStarted, connectEnded, clientSecured } = conn;
  return {
    lookup: conn.lookup,
    connect: connectStarted === null || connectEnded === null ? null : span(connectStarted.t, connectEnded.t),
    tls: !secure || connectEnded === null || clientSecured === null ? null : span(connectEnded.t, clientSecured.t),
  };
}

/** When the connection ended under it; null while it goes on. */
function stoppedAt({ conn }: ExchangeRow, outcome: HttpExchange['outcome']): number | null {
  return outcome === 'cut' || outcome === 'reset' ? (conn.clientClosed?.t ?? conn.serverClosed?.t ?? null) : null;
}

/** Threads' clocks may disagree by a little: a span never ends before it starts. */
const span = (start: number, end: number): Span => ({ start: micros(start), end: micros(Math.max(start, end)) });
