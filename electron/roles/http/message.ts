// A request and an answer without a version: what a program of ours decides about, apart from how HTTP/1 or HTTP/2 carries it.
// httpServer.ts makes requests of what comes and writes the answers; handlers are functions from one to the other.

import { STATUS_CODES } from 'node:http';
import type { Endpoint } from '../../../shared/trace/event';
import { encode } from '../text';
import type { HeaderLines } from './headers';

export type HttpVersion = '1.0' | '1.1' | '2';

export interface HttpRequest {
  readonly method: string;
  /** As sent: '/posts?page=2', '*', or a whole URL. */
  readonly target: string;
  /** The path of the target, not decoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Without pseudo-headers; the authority of HTTP/2 is 'host'. */
  readonly headers: HeaderLines;
  readonly body: Uint8Array;
  readonly version: HttpVersion;
  readonly secure: boolean;
  readonly client: Endpoint;
}

/**
 * How the end of the body is told (RFC 9112 6): by its length, by chunks (one a part), or by the end of the connection. HTTP/2 frames
 * every body; there only 'length' adds a Content-Length.
 */
export type Framing = 'length' | 'chunked' | 'close';

export interface HttpAnswer {
  readonly status: number;
  /** Default: the usual one of the status. HTTP/2 has none. */
  readonly reason?: string;
  readonly headers: HeaderLines;
  /** Its parts are sent one by one. */
  readonly body: readonly Uint8Array[];
  /** Default 'length'. A Content-Length among the headers stands as it is, even a wrong one. */
  readonly framing?: Framing;
  /** Only when chunked, and in HTTP/2. */
  readonly trailers?: HeaderLines;
  /** ms to wait before the head, and between the parts. */
  readonly delay?: number;
  readonly interval?: number;
  /** End the connection after this answer, whatever the client asked. */
  readonly close?: boolean;
}

export type Handler = (request: HttpRequest) => HttpAnswer | Promise<HttpAnswer>;

export const TEXT = 'text/plain; charset=utf-8';
export const HTML = 'text/html; charset=utf-8';
export const JSON_TYPE = 'application/json';
export const FORM = 'application/x-www-form-urlencoded';

export const reasonOf = (status: number): string => STATUS_CODES[status] ?? 'Unknown';

export const answer = (status: number, headers: HeaderLines = [], body: string | Uint8Array = ''): HttpAnswer => {
  const bytes = typeof body === 'string' ? encode(body) : body;
  return { status, headers, body: bytes.length === 0 ? [] : [bytes] };
};

export const textAnswer = (status: number, text: string, headers: HeaderLines = []): HttpAnswer => answer(status, [['Content-Type', TEXT], ...headers], text);

/** JSON is UTF-8 and has no charset (RFC 8259 8.1, 11); letters go as they are, as with the course's ensure_ascii=False. */
export const jsonAnswer = (status: number, value: unknown, headers: HeaderLines = []): HttpAnswer =>
  answer(status, [['Content-Type', JSON_TYPE], ...headers], JSON.stringify(value));

/** 405 (RFC 9110 15.5.6): the method is known, this resource does not have it; Allow says which it has. */
export const notAllowed = (methods: readonly string[]): HttpAnswer => textAnswer(405, `Only ${methods.join(', ')} here.\n`, [['Allow', methods.join(', ')]]);

export const bodySize = (from: HttpAnswer): number => from.body.reduce((sum, part) => sum + part.length, 0);

export const wholeBody = (from: HttpAnswer): Uint8Array => Buffer.concat([...from.body]);

/** Path and query of a target in origin, absolute or asterisk form (RFC 9112 3.2); '' for what has no path. */
export function splitTarget(target: string): { readonly path: string; readonly query: URLSearchParams } {
  const origin = /^https?:\/\/[^/?#]*/i.exec(target);
  const rest = origin === null ? target : target.slice(origin[0].length) || '/';
  const bare = rest.replace(/#.*$/s, '');
  const mark = bare.indexOf('?');
  return { path: mark < 0 ? bare : bare.slice(0, mark), query: new URLSearchParams(mark < 0 ? '' : bare.slice(mark + 1)) };
}

/** Statuses that never have a body, nor do answers to HEAD (RFC 9110 6.4.1). */
export const isBodiless = (status: number, method: string): boolean => method === 'HEAD' || status === 204 || status === 304 || status < 200;
