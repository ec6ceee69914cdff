// The tap of a TLS socket: what its program gives and gets as plaintext, how the handshake ended, and its keys where the user asked for
// them; all of it is recorded of the TCP socket beneath, whose own tap records the ciphertext.

import type * as tls from 'node:tls';
import { LIMITS } from '../../shared/trace/limits';
import { errnoOf, upperHandleOf } from './nodeHandle';
import { readIntoSlabs } from './slabReader';
import type { SocketLog } from './socketLog';
import type { Tapped } from './tcpSockets';
import { bytesOf, plaintextSends, sizeOf, type Inside } from './writes';

/** The plaintext of one record at most (RFC 8446 5.1), which is what Node's TLS hands out at a time. */
const RECORD_SIZE = 16_384;

/** OpenSSL's own errors: alerts, bad records. */
const fromSsl = (code: string): boolean => code.startsWith('ERR_SSL_');

/** A client's socket, from its making on. `connected`: emits 'connect' when TCP is up; no failure before that is one of TLS. */
export function tapTlsClient(socket: tls.TLSSocket, log: SocketLog): Tapped | null {
  const tapped = tapPlaintext(socket, log);
  let connected = !socket.connecting;
  let secured = false;
  socket.prependOnceListener('connect', () => (connected = true));
  // Prepended after tapPlaintext() did: runs before it.
  socket.prependOnceListener('secureConnect', () => {
    secured = true;
    log.secured(facts(socket, socket.servername, socket.authorized), socket.isSessionReused());
  });
  socket.prependListener('error', (error) => {
    if (connected && (!secured || fromSsl(errnoOf(error)))) tlsFailed(log, error);
  });
  return tapped;
}

/** A server's socket, when its handshake is done. */
export function tapTlsServer(socket: tls.TLSSocket, log: SocketLog, asked: boolean): Tapped | null {
  log.secured(facts(socket, socket.servername, asked ? socket.authorized : null), socket.isSessionReused());
  socket.prependListener('error', (error) => {
    if (fromSsl(errnoOf(error))) tlsFailed(log, error);
  });
  return tapPlaintext(socket, log);
}

/** Errors of OpenSSL say more in `reason` than in their message. */
export function tlsFailed(log: SocketLog, error: Error): void {
  log.tlsFailed(errnoOf(error), 'reason' in error && typeof error.reason === 'string' && error.reason !== '' ? error.reason : error.message);
}

function facts(socket: tls.TLSSocket, serverName: unknown, authorized: boolean | null): Parameters<SocketLog['secured']>[0] {
  return {
    version: socket.getProtocol() ?? '',
    cipher: socket.getCipher().name,
    alpn: typeof socket.alpnProtocol === 'string' ? socket.alpnProtocol : '',
    serverName: typeof serverName === 'string' ? serverName : '',
    authorized,
  };
}

function tapPlaintext(socket: tls.TLSSocket, log: SocketLog): Tapped | null {
  const handle = upperHandleOf(socket);
  if (handle === null) return null;
  tapPlainWrites(socket, log);
  const slabs = readIntoSlabs(socket, handle, { recv: (_, bytes) => log.plaintextReceived(bytes), ended: () => undefined }, { layered: true, readSize: RECORD_SIZE });
  if (slabs === null) {
    const push = socket.push;
    socket.push = function (chunk: Uint8Array | null, encoding?: BufferEncoding): boolean {
      if (chunk !== null && chunk.length > 0) log.plaintextReceived(chunk);
      return push.call(socket, chunk, encoding);
    };
  }
  return { handle, log, slabs, sends: plaintextSends(log) };
}

/** What is written before the handshake is done waits in Node until then, and is recorded then. */
function tapPlainWrites(socket: tls.TLSSocket & { secureConnecting?: boolean }, log: SocketLog): void {
  const inside = socket as unknown as Inside;
  const original = inside._writeGeneric;
  if (original === undefined) return;
  let early: { readonly size: number; readonly bytes: Uint8Array }[] = [];
  if (socket.secureConnecting === true) {
    socket.prependOnceListener('secureConnect', () => {
      for (const { size, bytes } of early) log.plaintextSent(size, bytes);
      early = [];
    });
  }
  inside._writeGeneric = function (gather, data, encoding, done) {
    if (!socket.connecting && !socket.destroyed && log.attached) {
      const bytes = bytesOf(data, encoding);
      const size = sizeOf(data, encoding);
      if (size > 0) {
        if (socket.secureConnecting === true) early.push({ size, bytes: Buffer.from(bytes.subarray(0, LIMITS.payloadPreview)) });
        else log.plaintextSent(size, bytes);
      }
    }
    return original.call(socket, gather, data, encoding, done);
  };
}
