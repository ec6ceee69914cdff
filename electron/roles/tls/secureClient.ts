// A client that asks once: over TLS, by whichever version of HTTP the two agree on, or in clear. Says plainly why TLS refused. It trusts
// the authorities that it is given and no other.

import type * as http from 'node:http';
import type * as http2 from 'node:http2';
import type * as tls from 'node:tls';
import type { Endpoint } from '../../../shared/trace/event';
import type { RoleContext } from '../lab';

export interface SecureAsk {
  /** The name of the server: of SNI, of the certificate's check, of Host. */
  readonly name: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Null: in clear. */
  readonly tls: {
    /** PEM of the authorities that it trusts. */
    readonly ca: string;
    readonly version: 'TLSv1.2' | 'TLSv1.3';
    readonly alpn: 'http/1.1' | 'h2';
    readonly keepKeys: boolean;
    /** A session to go on with (RFC 8446 2.2). */
    readonly session?: Buffer | null;
    onSession?(session: Buffer): void;
  } | null;
}

export interface Reply {
  readonly status: number;
  readonly body: string;
}

/** Bytes of an answer that are read, and ms that it may take. */
const MOST = 64 * 1024;
const PATIENCE = 10_000;

/** Rejects with the error of node:tls or the system ('CERT_HAS_EXPIRED', 'ECONNREFUSED'). */
export function ask(role: RoleContext, server: Endpoint, given: SecureAsk): Promise<Reply> {
  return given.tls?.alpn === 'h2' ? askHttp2(role, server, given) : askHttp1(role, server, given);
}

function secureOptions({ name, tls }: SecureAsk): (tls.ConnectionOptions & { keepKeys: boolean }) | undefined {
  if (tls === null) return undefined;
  return {
    ca: tls.ca, servername: name, minVersion: tls.version, maxVersion: tls.version, ALPNProtocols: [tls.alpn], keepKeys: tls.keepKeys,
    ...(tls.session === undefined || tls.session === null ? {} : { session: tls.session }),
  };
}

function watchSession(socket: tls.TLSSocket, { tls }: SecureAsk): void {
  socket.on('session', (session: Buffer) => tls?.onSession?.(session));
}

async function askHttp1(role: RoleContext, server: Endpoint, given: SecureAsk): Promise<Reply> {
  const secure = secureOptions(given);
  return new Promise((resolve, reject) => {
    const request: http.ClientRequest = role.host.http.request(server, {
      method: 'GET', path: given.path, headers: { host: given.name, ...given.headers, connection: 'close' }, signal: role.signal, timeout: PATIENCE, ...(secure === undefined ? {} : { secure }),
    });
    request.once('socket', (socket) => given.tls !== null && watchSession(socket as tls.TLSSocket, given));
    request.once('timeout', () => request.destroy(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })));
    request.once('error', reject);
    request.once('response', (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.once('error', reject);
      // The tickets of a session come after the handshake (RFC 8446 4.6.1): they have come when the connection is closed.
      response.once('close', () => resolve({ status: response.statusCode ?? 0, body: textOf(parts) }));
    });
    request.end();
  });
}

async function askHttp2(role: RoleContext, server: Endpoint, given: SecureAsk): Promise<Reply> {
  const secure = secureOptions(given);
  const session: http2.ClientHttp2Session = role.host.http2.connect(`https://${given.name}`, server, { settings: { enablePush: false }, ...(secure === undefined ? {} : { secure }) });
  try {
    return await new Promise((resolve, reject) => {
      session.once('error', reject);
      session.once('connect', (_session, socket) => watchSession(socket as tls.TLSSocket, given));
      const stream = session.request({ ':path': given.path, ...given.headers });
      const parts: Buffer[] = [];
      let status = 0;
      stream.once('response', (headers) => (status = headers[':status'] ?? 0));
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.setTimeout(PATIENCE, () => stream.destroy(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })));
      // The session knows why it failed; its streams only that they were cancelled.
      stream.once('error', (error) => setImmediate(() => reject(error)));
      stream.once('end', () => resolve({ status, body: textOf(parts) }));
      stream.end();
    });
  } finally {
    await new Promise<void>((resolve) => (session.destroyed ? resolve() : session.close(resolve)));
  }
}

const textOf = (parts: readonly Buffer[]): string => Buffer.concat(parts).subarray(0, MOST).toString('utf8');

const MEANING: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'the certificate’s time is over',
  CERT_NOT_YET_VALID: 'the certificate is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another name',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'nobody whom I trust has issued this certificate',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'nobody whom I trust has issued this certificate',
  SELF_SIGNED_CERT_IN_CHAIN: 'nobody whom I trust has issued this certificate',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate vouches for itself; nobody else does',
};

/** What is wrong with the certificate, in words; null when it is something else that failed. */
export const certificateFault = (code: string): string | null => MEANING[code] ?? null;
