// A shared cache as a role: an HTTP server that stands before another and answers from what it keeps. It speaks for the origin
// (a gateway, RFC 9110 3.7): clients address it as if it were the site.

import type { Endpoint } from '../../../shared/trace/event';
import { errnoOf } from '../errno';
import type { RoleContext } from '../lab';
import { conditionOf } from './conditions';
import { fetchThrough, type Origin } from './fetchThrough';
import { exchangeOnce } from './handClient';
import { valueOf, without, type HeaderLines } from './headers';
import type { HttpCache } from './httpCache';
import { httpServer } from './httpServer';
import { answer, textAnswer, type Handler } from './message';
import type { OpenConnections } from './openConnections';

export interface CacheServerOptions {
  readonly port: number;
  readonly origin: Endpoint;
  readonly cache: HttpCache;
  /** ms since 1970, by the lab's clock. */
  readonly now: () => number;
  readonly connections?: OpenConnections;
}

/** Fields of one connection only (RFC 9110 7.6.1), beside those that Connection names. */
const HOP_BY_HOP = ['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'];
/** A client's own conditions: this cache answers them from the copy that it then has. */
const CONDITIONS = ['if-none-match', 'if-modified-since', 'if-match', 'if-unmodified-since', 'if-range', 'range'];

const endToEnd = (headers: HeaderLines): HeaderLines => without(headers, ...HOP_BY_HOP, ...(valueOf(headers, 'connection') ?? '').split(',').map((name) => name.trim()));

/** Serves until the role ends. Rejects with the system's error when it cannot listen. */
export const cacheServer = (role: RoleContext, options: CacheServerOptions): Promise<void> =>
  httpServer(role, { port: options.port, handler: throughCache(role, options), ...(options.connections !== undefined && { connections: options.connections }) });

function throughCache(role: RoleContext, { origin, cache, now }: CacheServerOptions): Handler {
  return async (request) => {
    const read = request.method === 'GET';
    const asked = endToEnd(request.headers);
    const url = `http://${valueOf(request.headers, 'host') ?? ''}${request.target}`;
    const ask: Origin = ({ headers }) => {
      const lines: HeaderLines = [...without(headers, 'content-length'), ['Via', `${request.version} cache`]];
      return exchangeOnce(role, origin, { method: request.method, target: request.target, headers: lines, body: request.body });
    };
    try {
      const { response, how } = await fetchThrough(cache, { method: request.method, url, headers: read ? without(asked, ...CONDITIONS) : asked }, ask, now, (note) => role.note(note));
      role.print(`${request.method} ${request.path}: ${how}`);
      if (how === 'forbidden') return textAnswer(504, 'Nothing is stored, and nobody may be asked.\n');
      const headers: HeaderLines = [...without(endToEnd(response.headers), ...(request.method === 'HEAD' ? [] : ['content-length'])), ['Via', '1.1 cache']];
      const validators = { etag: valueOf(headers, 'etag'), lastModified: valueOf(headers, 'last-modified') };
      if (read && response.status === 200 && conditionOf(request, validators) === 304) return answer(304, without(headers, 'content-type'));
      return answer(response.status, headers, response.body);
    } catch (error) {
      if (role.signal.aborted) throw error;
      role.print(`${request.method} ${request.path}: ${errnoOf(error)}`);
      return textAnswer(errnoOf(error) === 'ETIMEDOUT' ? 504 : 502, 'The server behind this cache cannot be reached.\n');
    }
  };
}
