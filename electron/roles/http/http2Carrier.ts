// A browser's requests over HTTP/2: one connection to each origin, a stream for each object, all at once. In clear with prior knowledge
// (RFC 9113 3.3), over TLS by ALPN.

import type * as http2 from 'node:http2';
import type { Endpoint } from '../../../shared/trace/event';
import type { RoleContext } from '../lab';
import { SILENCE } from './browserBounds';
import { failure, Stopwatch, type Carrier } from './browserCarrier';
import type { HeaderLine, HeaderLines } from './headers';
import type { Trust } from './http1Carrier';

interface Session {
  readonly session: http2.ClientHttp2Session;
  /** Why it ended, when it did by an error. */
  error: Error | null;
  /** The request that opened it tells of its connection. */
  fresh: boolean;
}

export function http2Carrier(role: RoleContext, trust: Trust | null): Carrier {
  const sessions = new Map<string, Session>();

  const open = (url: URL, remote: Endpoint): Session => {
    const known = sessions.get(url.origin);
    if (known !== undefined && !known.session.destroyed && !known.session.closed) return known;
    const secure = url.protocol === 'https:' ? { secure: { ...trust, servername: url.hostname } } : {};
    const session = role.host.http2.connect(url.origin, remote, { settings: { enablePush: false }, ...secure });
    const made: Session = { session, error: null, fresh: true };
    sessions.set(url.origin, made);
    const forget = (): void => {
      if (sessions.get(url.origin) === made) sessions.delete(url.origin);
    };
    session.once('error', (error) => {
      made.error = error;
      forget();
    });
    session.once('goaway', forget);
    session.once('close', forget);
    return made;
  };

  return {
    fetch: ({ url, remote, headers }, sink) =>
      new Promise((resolve, reject) => {
        const watch = new Stopwatch();
        const made = open(url, remote);
        const { session } = made;
        watch.mark('socket');
        if (made.fresh) followSession(session, url, watch);
        made.fresh = false;
        const stream = session.request({
          ':method': 'GET', ':scheme': url.protocol.slice(0, -1), ':authority': url.host, ':path': `${url.pathname}${url.search}`,
          ...Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])),
        });
        let ended = false;
        const fail = (error: Error): void => {
          // The stream only knows that it was cancelled; the session knows why. It may learn it in the same turn.
          setImmediate(() => reject(made.error ?? error));
        };
        const sure = (step: () => void): void => {
          try {
            step();
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)));
            stream.close(CANCEL);
          }
        };
        stream.setTimeout(SILENCE, () => {
          stream.close(CANCEL);
          reject(failure('ETIMEDOUT', 'no sign from the server'));
        });
        stream.once('response', (given) => {
          watch.mark('head');
          sure(() => sink.onHead(given[':status'] ?? 0, linesOf(given)));
          // Not before: bytes of the body that came in the same read would be told of before the head.
          stream.on('data', (bytes: Buffer) => sure(() => sink.onData(bytes)));
        });
        stream.once('end', () => (ended = true));
        stream.once('error', fail);
        stream.once('close', () => {
          if (ended && stream.rstCode === 0) resolve(watch.times());
          else fail(failure('ECONNRESET', 'the answer was cut short'));
        });
      }),
    close() {
      for (const { session } of sessions.values()) session.close();
      sessions.clear();
    },
  };
}

function followSession(session: http2.ClientHttp2Session, url: URL, watch: Stopwatch): void {
  if (url.protocol !== 'https:') return void session.once('connect', () => watch.mark('connected'));
  session.socket.once('connect', () => watch.mark('connected'));
  session.once('connect', () => watch.mark('secured'));
}

/** RFC 9113 7: the stream is no longer needed. */
const CANCEL = 0x8;

/** Fields without pseudo-headers. */
function linesOf(given: http2.IncomingHttpHeaders): HeaderLines {
  return Object.entries(given).flatMap(([name, value]): HeaderLine[] => {
    if (name.startsWith(':') || value === undefined) return [];
    return (Array.isArray(value) ? value : [value]).map((one) => [name, one]);
  });
}
