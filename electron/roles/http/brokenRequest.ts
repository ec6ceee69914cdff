// What a server says to bytes that are no request: 400, 408, 413 or 431 in plain words, then the end of that one connection. Other
// clients notice nothing. Node's parser says what is wrong; the answer is written by hand, for there is no request to answer.

import type * as net from 'node:net';
import { formatEndpoint } from '../../../shared/trace/endpoint';
import type { Endpoint } from '../../../shared/trace/event';
import type { RoleContext } from '../lab';
import { LINGER } from './bounds';
import { reasonOf } from './message';

/** Parsers report the same broken bytes again when more of them come. */
const answered = new WeakSet<net.Socket>();

export const clientOf = (socket: net.Socket | undefined): Endpoint => ({ address: socket?.remoteAddress ?? '', port: socket?.remotePort ?? 0 });

/** The status that a parser's error stands for (RFC 9110 15.5, RFC 6585 5). */
export function statusOfError(code: string): number {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return 431;
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return 413;
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return 408;
    default:
      return 400;
  }
}

/** Answers what no handler ever saw. `socket` is the client's own; nobody else's is touched. */
export function answerBroken(role: RoleContext, error: Error & { readonly code?: string; readonly reason?: string }, socket: net.Socket): void {
  const code = error.code ?? '';
  if (answered.has(socket)) return;
  answered.add(socket);
  // A socket whose client is gone does not know any more who it was.
  const client = clientOf(socket);
  const who = client.port === 0 ? '' : `${formatEndpoint(client)} `;
  if (!role.signal.aborted) role.print(`${who}${code === '' ? error.message : code}`);
  // A client that is gone, or one that is reading another answer, cannot be told.
  if (!socket.writable || code === 'ECONNRESET' || answering(socket)) return void socket.destroy();
  sayAndClose(socket, statusOfError(code), error.reason ?? error.message);
}

/** Writes a whole answer and FIN; what the client still sends is read and thrown away for a while, lest RST overtakes the answer. */
export function sayAndClose(socket: net.Socket, status: number, text: string): void {
  const body = Buffer.from(`${text}\n`);
  const head = `HTTP/1.1 ${status} ${reasonOf(status)}\r\nDate: ${new Date().toUTCString()}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`;
  socket.on('error', () => undefined);
  socket.end(Buffer.concat([Buffer.from(head), body]));
  const timer = setTimeout(() => socket.destroy(), LINGER);
  socket.once('close', () => clearTimeout(timer));
  socket.resume();
}

/** True when node:http has an answer under way on it whose head is out. `_httpMessage` is Node's own mark of that (lib/_http_server.js). */
function answering(socket: net.Socket): boolean {
  const message: unknown = '_httpMessage' in socket ? socket._httpMessage : null;
  return typeof message === 'object' && message !== null && 'headersSent' in message && message.headersSent === true;
}
