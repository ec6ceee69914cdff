// One HTTP request to one server within a time, and how it ended as a client tells it: refused, reset, silent until the time was up, cut,
// or answered. Used by the clients of the service and by the balancer before it. By hand (recv(), send()), for Node's own client
// calls an orderly end without an answer ECONNRESET too.

import type { Endpoint } from '../../../shared/trace/event';
import type { ServiceOutcome } from '../../../shared/trace/notes';
import { errnoOf, sayError } from '../errno';
import { HandConnection, TimedOut, type RequestText } from '../http/handClient';
import { elementsOf, withHeader } from '../http/headers';
import type { HttpResponse } from '../http/responseReader';
import type { RoleContext } from '../lab';

export type Failure = Exclude<ServiceOutcome, 'ok' | 'slow' | 'error'>;

export type Attempt =
  | { readonly response: HttpResponse; /** Still open, for the next request; null when it was closed. */ readonly connection: HandConnection | null }
  | { readonly failure: Failure | 'malformed'; /** In plain words, with the errno. */ readonly why: string };

export interface AttemptOptions {
  readonly request: RequestText;
  /** ms for everything: the handshake, the request, the whole answer. */
  readonly patience: number;
  /** An open connection to use; null: a new one. */
  readonly kept: HandConnection | null;
  /** Keep the connection when the server does. */
  readonly keep: boolean;
}

/** Rejects only when the role has ended. */
export async function attempt(role: RoleContext, server: Endpoint, { request, patience, kept, keep }: AttemptOptions): Promise<Attempt> {
  let connection = kept;
  let late = false;
  let timer: NodeJS.Timeout | undefined;
  const patienceOver = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      late = true;
      connection?.close();
      reject(new TimedOut('no answer in time'));
    }, patience);
  });
  const work = async (): Promise<HttpResponse> => {
    if (connection === null) {
      const opened = await HandConnection.open(role, server, patience);
      // connect() cannot be called off: what comes too late is closed.
      if (late) opened.close();
      connection = opened;
    }
    const headers = keep ? (request.headers ?? []) : withHeader(request.headers ?? [], 'Connection', 'close');
    return connection.exchange({ ...request, headers });
  };
  try {
    const working = work();
    working.catch(() => undefined); // when it is late, nobody waits for it
    const response = await Promise.race([working, patienceOver]);
    if (!response.complete) throw Object.assign(new Error('the answer ended before its end'), { code: 'HTTP_NO_RESPONSE' });
    const keeps = keep && response.version === 'HTTP/1.1' && response.framing !== 'close' && !elementsOf(response.headers, 'connection').some((one) => one.toLowerCase() === 'close');
    if (!keeps) closed(connection);
    return { response, connection: keeps ? connection : null };
  } catch (error) {
    const cut = over(connection);
    closed(connection);
    if (role.signal.aborted) throw error;
    return failed(error, cut);
  } finally {
    clearTimeout(timer);
  }
}

// TypeScript does not see that the closure above assigns it.
const closed = (connection: HandConnection | null): void => connection?.close();
const over = (connection: HandConnection | null): boolean => connection?.over === true;

function failed(error: unknown, over: boolean): Attempt {
  const errno = errnoOf(error);
  switch (errno) {
    case 'ECONNREFUSED':
      return { failure: 'refused', why: sayError(error) };
    // The RST may come before or after our send(): then send() fails instead of recv().
    case 'ECONNRESET':
    case 'EPIPE':
      return { failure: 'reset', why: sayError(error) };
    case 'ETIMEDOUT':
      return { failure: 'timeout', why: sayError(error) };
    case 'HTTP_NO_RESPONSE':
      return { failure: 'cut', why: 'the connection ended before the answer was whole' };
    case 'HTTP_MALFORMED':
      // What came is no response only because its end is missing.
      return over ? { failure: 'cut', why: 'the connection ended before the answer was whole' } : { failure: 'malformed', why: sayError(error) };
    default:
      return { failure: 'malformed', why: sayError(error) };
  }
}
