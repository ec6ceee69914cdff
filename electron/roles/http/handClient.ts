// An HTTP/1.1 client by hand: the request is text that it writes itself, the response is bytes from recv(). So every socket call
// shows, and any bytes can be sent, wrong ones too. One connection; requests may be sent before earlier ones are answered.

import type { Endpoint } from '../../../shared/trace/event';
import type { StreamSocket } from '../host';
import type { RoleContext } from '../lab';
import { encode } from '../text';
import { withHeader, type HeaderLines } from './headers';
import { ResponseReader, type HttpResponse } from './responseReader';

/** The buffer that recv() is given, in bytes. */
const RECV_SIZE = 16_384;
/** ms that a client waits for the rest of a response. */
export const PATIENCE = 15_000;

export interface RequestText {
  readonly method: string;
  readonly target: string;
  readonly headers?: HeaderLines;
  /** Header lines as somebody typed them, right or wrong. */
  readonly typed?: readonly string[];
  readonly body?: Uint8Array;
}

/** The bytes of a request. Host and Content-Length are added where they are missing; nothing is checked. */
export function requestBytes(server: Endpoint, { method, target, headers = [], typed = [], body = new Uint8Array(0) }: RequestText): Uint8Array {
  const lines = [...headers.map(([name, value]) => `${name}: ${value}`), ...typed];
  const has = (name: string): boolean => lines.some((line) => line.toLowerCase().startsWith(`${name}:`));
  if (!has('host')) lines.unshift(`Host: ${server.address}:${server.port}`);
  if (body.length > 0 && !has('content-length') && !has('transfer-encoding')) lines.push(`Content-Length: ${body.length}`);
  return Buffer.concat([encode(`${method} ${target} HTTP/1.1\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`), body]);
}

/** No whole response came in time. */
export class TimedOut extends Error {
  readonly code = 'ETIMEDOUT';
}

export class HandConnection {
  private readonly reader = new ResponseReader();
  private ended = false;

  private constructor(
    private readonly role: RoleContext,
    private readonly socket: StreamSocket,
    readonly server: Endpoint,
    private readonly patience: number,
  ) {}

  /** Rejects with the system's error: ECONNREFUSED when nobody listens. */
  static async open(role: RoleContext, server: Endpoint, patience = PATIENCE): Promise<HandConnection> {
    return new HandConnection(role, await role.host.net.dial(server), server, patience);
  }

  /** One request and its answer; interim answers (100) are skipped. */
  async exchange(request: RequestText): Promise<HttpResponse> {
    await this.send(requestBytes(this.server, request));
    return this.response(request.method);
  }

  send(bytes: Uint8Array): Promise<void> {
    return this.socket.sendAll(bytes);
  }

  /** The next final response. Rejects with ECONNRESET and the like, ETIMEDOUT, HTTP_MALFORMED, HTTP_NO_RESPONSE at the end of the stream. */
  async response(method: string): Promise<HttpResponse> {
    for (;;) {
      const response = await this.anyResponse(method);
      if (response.status >= 200) return response;
    }
  }

  /** The next response, an interim one too. */
  async anyResponse(method: string): Promise<HttpResponse> {
    for (;;) {
      const response = this.reader.next(method);
      if (response !== null) return response;
      if (this.ended) throw Object.assign(new Error('the server ended the connection without an answer'), { code: 'HTTP_NO_RESPONSE' });
      await this.receive();
    }
  }

  /** Reads to the end of the stream, or for `patience`; true when it ended. */
  async drain(): Promise<boolean> {
    try {
      while (!this.ended) await this.receive();
    } catch (error) {
      if (!(error instanceof TimedOut)) throw error;
    }
    return this.ended;
  }

  /** Bytes that have come beyond the responses read so far. */
  get buffered(): number {
    return this.reader.pending;
  }

  /** True once the server has said FIN. */
  get over(): boolean {
    return this.ended;
  }

  close(): void {
    this.socket.close();
  }

  private async receive(): Promise<void> {
    let late = false;
    // The system's recv() waits for ever; a client that does not want to closes its socket.
    const timer = setTimeout(() => {
      late = true;
      this.socket.close();
    }, this.patience);
    try {
      const bytes = await this.socket.recv(RECV_SIZE);
      if (bytes.length > 0) return this.reader.push(bytes);
      this.ended = true;
      this.reader.end();
    } catch (error) {
      throw late ? new TimedOut('no answer in time') : error;
    } finally {
      clearTimeout(timer);
    }
  }
}

/** One request over a connection of its own, closed in the end. */
export async function exchangeOnce(role: RoleContext, server: Endpoint, request: RequestText, patience = PATIENCE): Promise<HttpResponse> {
  const connection = await HandConnection.open(role, server, patience);
  try {
    return await connection.exchange({ ...request, headers: withHeader(request.headers ?? [], 'Connection', 'close') });
  } finally {
    connection.close();
  }
}
