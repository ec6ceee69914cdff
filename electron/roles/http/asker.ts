// A client that asks by HTTP/1.1 or by HTTP/2, with one face: one request, several at once, one whose body waits for consent. HTTP/1.1 by
// hand on the socket's bytes, HTTP/2 by node:http2. Connections are kept, and opened anew where a server ended them.

import * as http2 from 'node:http2';
import { never } from '../../../shared/base/assert';
import type { Endpoint } from '../../../shared/trace/event';
import type { RoleContext } from '../lab';
import { isLast } from './apiClient';
import { HandConnection, PATIENCE, requestBytes, TimedOut, type RequestText } from './handClient';
import { valueOf, type HeaderLines } from './headers';
import { reasonOf } from './message';
import type { HttpResponse } from './responseReader';

export interface Asker {
  ask(request: RequestText): Promise<HttpResponse>;
  /** All are sent before the first is answered: pipelined, or as streams side by side. Answers in the order of the requests. */
  askTogether(requests: readonly RequestText[], answered?: (request: RequestText) => void): Promise<HttpResponse[]>;
  /** Sends the head, and the body only when the server said 100; `went`: whether it did. */
  askConsent(request: RequestText): Promise<{ readonly went: boolean; readonly response: HttpResponse }>;
  close(): Promise<void>;
}

/** `authority`: the name that the server is asked for, whatever its address. Nothing is connected before the first request. */
export function createAsker(role: RoleContext, server: Endpoint, version: '1.1' | '2', authority: string): Asker {
  switch (version) {
    case '1.1':
      return new Http1Asker(role, server, authority);
    case '2':
      return new Http2Asker(role, server, authority);
    default:
      return never(version);
  }
}

class Http1Asker implements Asker {
  private connection: HandConnection | null = null;

  constructor(
    private readonly role: RoleContext,
    private readonly server: Endpoint,
    private readonly authority: string,
  ) {}

  async ask(request: RequestText): Promise<HttpResponse> {
    const [response] = await this.askTogether([request]);
    return response as HttpResponse;
  }

  async askTogether(requests: readonly RequestText[], answered?: (request: RequestText) => void): Promise<HttpResponse[]> {
    const connection = await this.open();
    await connection.send(Buffer.concat(requests.map((request) => requestBytes(this.server, this.named(request)))));
    const responses: HttpResponse[] = [];
    for (const request of requests) {
      responses.push(await connection.response(request.method));
      answered?.(request);
    }
    this.after(responses.at(-1));
    return responses;
  }

  async askConsent(request: RequestText): Promise<{ went: boolean; response: HttpResponse }> {
    const connection = await this.open();
    const body = request.body ?? new Uint8Array(0);
    const head = { ...this.named(request), headers: [...(this.named(request).headers ?? []), ['Content-Length', String(body.length)], ['Expect', '100-continue']] as HeaderLines, body: new Uint8Array(0) };
    await connection.send(requestBytes(this.server, head));
    const first = await connection.anyResponse(request.method);
    const went = first.status === 100;
    if (went) await connection.send(body);
    const response = went ? await connection.response(request.method) : first;
    this.after(response);
    return { went, response };
  }

  close(): Promise<void> {
    this.connection?.close();
    this.connection = null;
    return Promise.resolve();
  }

  private named(request: RequestText): RequestText {
    return { ...request, headers: [['Host', this.authority], ...(request.headers ?? [])] };
  }

  private async open(): Promise<HandConnection> {
    this.connection ??= await HandConnection.open(this.role, this.server);
    return this.connection;
  }

  private after(last: HttpResponse | undefined): void {
    if (last === undefined || !isLast(last)) return;
    this.connection?.close();
    this.connection = null;
  }
}

class Http2Asker implements Asker {
  private session: http2.ClientHttp2Session | null = null;

  constructor(
    private readonly role: RoleContext,
    private readonly server: Endpoint,
    private readonly authority: string,
  ) {}

  async ask(request: RequestText): Promise<HttpResponse> {
    return this.read(await this.start(request, false), request.body);
  }

  async askTogether(requests: readonly RequestText[], answered?: (request: RequestText) => void): Promise<HttpResponse[]> {
    await this.open();
    return Promise.all(
      requests.map(async (request) => {
        const response = await this.ask(request);
        answered?.(request);
        return response;
      }),
    );
  }

  async askConsent(request: RequestText): Promise<{ went: boolean; response: HttpResponse }> {
    const stream = await this.start(request, true);
    let went = false;
    stream.once('continue', () => {
      went = true;
      stream.end(Buffer.from(request.body ?? new Uint8Array(0)));
    });
    return { response: await this.read(stream, undefined), went };
  }

  async close(): Promise<void> {
    const { session } = this;
    this.session = null;
    if (session === null || session.destroyed) return;
    await new Promise<void>((resolve) => session.close(resolve));
  }

  private async open(): Promise<http2.ClientHttp2Session> {
    if (this.session !== null && !this.session.closed && !this.session.destroyed) return this.session;
    const session = this.role.host.http2.connect(`http://${this.authority}`, this.server);
    this.session = session;
    await new Promise<void>((resolve, reject) => {
      session.once('connect', () => resolve());
      session.once('error', reject);
      session.once('close', () => reject(Object.assign(new Error('the session was closed'), { code: 'ECONNRESET' })));
    });
    return session;
  }

  private async start(request: RequestText, consent: boolean): Promise<http2.ClientHttp2Stream> {
    const session = await this.open();
    const fields = Object.fromEntries((request.headers ?? []).map(([name, value]) => [name.toLowerCase(), value]));
    const body = request.body ?? new Uint8Array(0);
    const length = body.length > 0 ? { 'content-length': String(body.length) } : {};
    return session.request({ ...fields, ...length, ...(consent && { expect: '100-continue' }), ':method': request.method, ':path': request.target }, { endStream: body.length === 0 });
  }

  /** Rejects with ERR_HTTP2_STREAM_ERROR and the like, ETIMEDOUT. */
  private read(stream: http2.ClientHttp2Stream, body: Uint8Array | undefined): Promise<HttpResponse> {
    return new Promise((resolve, reject) => {
      let status = 0;
      let headers: HeaderLines = [];
      let trailers: HeaderLines = [];
      const parts: Buffer[] = [];
      stream.on('response', (given) => {
        status = given[':status'] ?? 0;
        headers = linesOf(given);
      });
      stream.on('trailers', (given: http2.IncomingHttpHeaders) => (trailers = linesOf(given)));
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.once('end', () => resolve({ version: 'HTTP/2', status, reason: reasonOf(status), headers, trailers, body: Buffer.concat(parts), framing: parts.length === 0 ? 'none' : 'length', complete: true }));
      stream.once('error', reject);
      stream.once('close', () => reject(Object.assign(new Error('the stream was reset'), { code: 'ECONNRESET' })));
      stream.setTimeout(PATIENCE, () => {
        reject(new TimedOut('no answer in time'));
        stream.close(http2.constants.NGHTTP2_CANCEL);
      });
      if (body !== undefined && body.length > 0) stream.end(Buffer.from(body));
    });
  }
}

function linesOf(headers: http2.IncomingHttpHeaders): HeaderLines {
  return Object.entries(headers)
    .filter(([name]) => !name.startsWith(':'))
    .flatMap(([name, value]) => (Array.isArray(value) ? value : [value ?? '']).map((one) => [name, String(one)] as const));
}

/** What a client does with a redirection (RFC 9110 15.4): the target that Location names on the same site; null when it names none. */
export function redirectOf(response: HttpResponse): string | null {
  const location = response.status >= 300 && response.status < 400 && response.status !== 304 ? valueOf(response.headers, 'location') : null;
  return location?.startsWith('/') === true ? location : null;
}
