// A request or a response as text for the clipboard: start line, headers, blank line, body. HTTP/2 and 3 have no start line: its pseudo-headers
// stand as they were sent. Bytes that are no text are said, not copied. Pure.

import { utf8Text } from '../../../shared/base/bytesText';
import type { Header, HttpExchange } from '../../../shared/trace/app/appStory';
import type { Side } from './message';

/** The first line of an HTTP/1 message; '' in HTTP/2 and 3 (RFC 9113 8.3, RFC 9114 4.3). */
export function startLine(exchange: HttpExchange, side: Side): string {
  const { request, response, version } = exchange;
  if (!version.startsWith('HTTP/1')) return '';
  if (side === 'request') return `${request.head.method} ${request.head.target} ${version}`;
  return response === null ? '' : `${version} ${response.head.status} ${response.head.reason}`.trimEnd();
}

const lines = (headers: readonly Header[]): string => headers.map(({ name, value }) => `${name}: ${value}\n`).join('');

export function messageText(exchange: HttpExchange, side: Side, body: Uint8Array, isText: boolean): string {
  const message = side === 'request' ? exchange.request : exchange.response;
  if (message === null) return '';
  const start = startLine(exchange, side);
  const content = body.length === 0 ? '' : isText ? utf8Text(body) : `(${message.bodySize} B)`;
  return `${start === '' ? '' : `${start}\n`}${lines(message.headers)}\n${content}${message.trailers.length > 0 ? `\n${lines(message.trailers)}` : ''}`;
}
