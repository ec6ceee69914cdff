// An HTTP server of one file whose up-link is capped: every byte of every answer, heads too, waits for its turn on the link before it is
// given to the kernel, so all clients share it. Conditions, ranges and keep-alive are left out: an answer ends its connection.

import type * as http from 'node:http';
import type * as net from 'node:net';
import type { Link } from '../bittorrent/link';
import { HEADERS_TIMEOUT, MAX_HEADER_SIZE, REQUEST_TIMEOUT, TIMEOUT_CHECK } from '../http/bounds';
import { answerBroken } from '../http/brokenRequest';
import { splitTarget } from '../http/message';
import type { RoleContext } from '../lab';
import { encode } from '../text';

export const FILE_PATH = '/file';

/** Bytes of a turn on the link at the most: with shorter ones many clients get on side by side, with longer ones there are fewer calls. */
const CHUNK = 16 * 1024;

export interface FileServerOptions {
  readonly port: number;
  readonly file: Uint8Array;
  /** Of all connections together. Ends with the role. */
  readonly up: Link;
}

export class FileServer {
  /** Answers with the file whose first byte has asked for its turn, and bytes of the file that have had theirs. */
  begun = 0;
  payload = 0;

  constructor(private readonly role: RoleContext, private readonly options: FileServerOptions) {}

  /** Serves until the role ends. Rejects with the system's error when it cannot listen (EADDRINUSE). */
  async run(): Promise<void> {
    const { role, options } = this;
    const bounds: http.ServerOptions = { maxHeaderSize: MAX_HEADER_SIZE, headersTimeout: HEADERS_TIMEOUT, requestTimeout: REQUEST_TIMEOUT, connectionsCheckingInterval: TIMEOUT_CHECK };
    const server = role.host.http.createServer(bounds, (request, response) => void this.serve(request, response));
    server.on('clientError', (error: Error & { code?: string }, socket: net.Socket) => answerBroken(role, error, socket));
    try {
      await new Promise<void>((resolve, reject) => {
        server.on('error', reject);
        server.once('close', resolve);
        server.listen({ port: options.port, host: role.host.address }, () => {
          const bound = server.address();
          role.listening({ protocol: 'tcp', address: role.host.address, port: typeof bound === 'object' && bound !== null ? bound.port : options.port });
        });
        role.signal.addEventListener('abort', () => server.close(), { once: true });
      });
    } finally {
      options.up.end();
    }
  }

  private async serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const { file } = this.options;
    response.on('error', () => undefined);
    request.resume(); // a body means nothing here
    const known = splitTarget(request.url ?? '').path === FILE_PATH;
    const reads = request.method === 'GET' || request.method === 'HEAD';
    if (!known) return this.answer(response, 404, 'Not Found', 'text/plain; charset=utf-8', encode(`There is ${FILE_PATH} here.\n`), true);
    if (!reads) return this.answer(response, 405, 'Method Not Allowed', 'text/plain; charset=utf-8', encode('Only GET and HEAD here.\n'), true, [['Allow', 'GET, HEAD']]);
    return this.answer(response, 200, 'OK', 'application/octet-stream', file, request.method === 'GET');
  }

  private async answer(response: http.ServerResponse, status: number, reason: string, type: string, body: Uint8Array, withBody: boolean, more: readonly [string, string][] = []): Promise<void> {
    const { up } = this.options;
    // All lines are written here, so that their size is known; Node adds none.
    const lines: readonly [string, string][] = [['Date', new Date().toUTCString()], ['Content-Type', type], ['Content-Length', String(body.length)], ...more, ['Connection', 'close']];
    response.sendDate = false;
    if (status === 200 && withBody) this.begun++;
    await up.pass(`HTTP/1.1 ${status} ${reason}\r\n\r\n`.length + lines.reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0));
    response.writeHead(status, reason, lines.flat());
    for (let at = 0; withBody && at < body.length; ) {
      const part = body.subarray(at, at + Math.min(up.turn, CHUNK));
      await up.pass(part.length);
      if (response.closed || response.destroyed) return; // the client has gone
      if (status === 200) this.payload += part.length;
      if (!response.write(part) && !(await drained(response))) return;
      at += part.length;
    }
    response.end();
  }
}

/** Waits until the kernel has taken what was written; false when the client went away instead of reading. */
const drained = (response: http.ServerResponse): Promise<boolean> =>
  new Promise((resolve) => {
    response.once('drain', () => resolve(true));
    response.once('close', () => resolve(false));
    if (response.closed) resolve(false);
  });
