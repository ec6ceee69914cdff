// A balancer's way of a request to a server and of the answer back (a gateway, RFC 9110 3.7): what belongs to one connection only is
// taken off, who asked and who passed it on is added, a server that fails is replaced by another where the method allows it.

import { formatEndpoint } from '../../../shared/trace/endpoint';
import type { HandConnection } from '../http/handClient';
import { elementsOf, valueOf, without, type HeaderLines } from '../http/headers';
import { answer, isBodiless, textAnswer, type Handler, type HttpAnswer, type HttpRequest } from '../http/message';
import type { HttpResponse } from '../http/responseReader';
import type { RoleContext } from '../lab';
import { attempt, type Attempt } from '../service/attempt';
import { MAX_KEPT, MAX_OPEN, MAX_TRIES } from './bounds';
import type { FailureWhy, Server, ServerPool } from './pool';

export interface ForwardOptions {
  /** ms that a server has for one request. */
  readonly timeout: number;
  /** A request that failed on one server is tried on another. */
  readonly retry: boolean;
  /** Connections to servers are kept for the next request. */
  readonly keepAlive: boolean;
}

/** Of one connection only (RFC 9110 7.6.1), beside what Connection names. */
const HOP_BY_HOP = ['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'];
/** Methods that may be sent twice: a second time does nothing more than the first (RFC 9110 9.2.2). */
const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

type Failed = Extract<Attempt, { readonly failure: unknown }>;

export class Forwarder {
  private open = 0;
  private readonly kept = new Map<string, HandConnection[]>();

  constructor(private readonly role: RoleContext, private readonly pool: ServerPool, private readonly options: ForwardOptions) {}

  readonly handler: Handler = async (request) => {
    if (this.open >= MAX_OPEN) return unavailable(`This balancer has ${MAX_OPEN} requests open already.\n`);
    this.open++;
    try {
      return await this.forward(request);
    } finally {
      this.open--;
    }
  };

  /** Closes the connections that it keeps to a server. */
  forget(name: string): void {
    for (const connection of this.kept.get(name) ?? []) connection.close();
    this.kept.delete(name);
  }

  private async forward(request: HttpRequest): Promise<HttpAnswer> {
    const client = formatEndpoint(request.client);
    const tried: string[] = [];
    let failure: Failed | null = null;
    for (;;) {
      const server = this.pool.choose(client, tried);
      if (server === null) return failure === null ? unavailable('No server is left to ask.\n') : badGateway(failure, tried);
      const came = await this.ask(server, request);
      if ('response' in came) return this.passOn(request, came.response);
      failure = came;
      tried.push(server.name);
      this.role.print(`${request.method} ${request.path}: ${server.name} failed, ${came.why}`);
      // After a time-out nobody knows whether the server is still at work, and the client has waited long enough.
      const again = this.options.retry && IDEMPOTENT.has(request.method) && came.failure !== 'timeout' && tried.length < MAX_TRIES;
      if (!again) return badGateway(came, tried);
    }
  }

  /** One server's answer or failure, counted for it. Rejects only when the role has ended. */
  private async ask(server: Server, request: HttpRequest): Promise<Attempt> {
    try {
      const came = await this.attempt(server, request);
      if ('failure' in came) this.pool.failed(server.name, whyOf(came));
      else this.pool.succeeded(server.name, 'request');
      return came;
    } finally {
      this.pool.done(server.name);
    }
  }

  private async attempt(server: Server, request: HttpRequest): Promise<Attempt> {
    const { role, options } = this;
    const line = { method: request.method, target: request.target, headers: this.headersOf(request), body: request.body };
    const kept = options.keepAlive ? (this.kept.get(server.name)?.pop() ?? null) : null;
    const shared = { request: line, patience: options.timeout, keep: options.keepAlive };
    let came = await attempt(role, server.endpoint, { ...shared, kept });
    // A connection that was kept may have ended since, and that is no failure of the server: a new one will tell (RFC 9112 9.3.1).
    const stale = kept !== null && 'failure' in came && (came.failure === 'cut' || came.failure === 'reset') && IDEMPOTENT.has(request.method);
    if (stale) came = await attempt(role, server.endpoint, { ...shared, kept: null });
    if ('response' in came && came.connection !== null) this.keep(server, came.connection);
    return came;
  }

  private keep(server: Server, connection: HandConnection): void {
    const list = this.kept.get(server.name) ?? [];
    this.kept.set(server.name, list);
    if (list.length >= MAX_KEPT || server.draining || !server.up) connection.close();
    else list.push(connection);
  }

  /** RFC 9110 7.6.1, 7.6.3; X-Forwarded-For is what everybody uses, RFC 7239 the standard that came later. */
  private headersOf({ headers, client, version }: HttpRequest): HeaderLines {
    const earlier = valueOf(headers, 'x-forwarded-for');
    return [
      ...without(endToEnd(headers), 'content-length', 'x-forwarded-for', 'expect'),
      ['X-Forwarded-For', earlier === null ? client.address : `${earlier}, ${client.address}`],
      ['Via', `${version} ${this.role.id}`],
    ];
  }

  private passOn(request: HttpRequest, response: HttpResponse): HttpAnswer {
    const lengthStays = isBodiless(response.status, request.method);
    const headers = lengthStays ? endToEnd(response.headers) : without(endToEnd(response.headers), 'content-length');
    return answer(response.status, [...headers, ['Via', `1.1 ${this.role.id}`]], response.body);
  }
}

const endToEnd = (headers: HeaderLines): HeaderLines => without(headers, ...HOP_BY_HOP, ...elementsOf(headers, 'connection'));

/** What a failed try says of a server's health. */
export const whyOf = ({ failure }: Failed): FailureWhy => {
  if (failure === 'refused' || failure === 'timeout') return failure;
  return failure === 'malformed' ? 'status' : 'reset';
};

const unavailable = (text: string): HttpAnswer => textAnswer(503, text, [['Retry-After', '1']]);

/** 502: it answered nothing that could be used (RFC 9110 15.6.3); 504: nothing in time (15.6.5). */
const badGateway = ({ failure, why }: Failed, tried: readonly string[]): HttpAnswer => textAnswer(failure === 'timeout' ? 504 : 502, `${tried.join(', ')}: ${why}\n`);
