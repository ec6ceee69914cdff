// For tests: TCP ends of the scenes of fixture.ts. A kernel in miniature: buffers, end of stream and resets as Linux has them
// on loopback, written without a look at infer.ts, so that the two can be held against each other.

import { utf8Bytes, utf8Text } from '../base/bytesText';
import type { TlsSessionFacts } from './about';
import { endpointText } from './endpoint';
import type { Endpoint } from './event';
import type { Scenario } from './fixture';

const asBytes = (given: string | Uint8Array): Uint8Array => (typeof given === 'string' ? utf8Bytes(given) : given);

/** The kernel's half of a connection. */
class Half {
  peer: Half | null = null;
  buffer: number[] = [];
  /** The peer sent FIN. */
  finished = false;
  wasReset = false;
  isClosed = false;
  sentFin = false;
  /** What went over the wire from here, for tests that count: 'FIN', 'RST'. */
  readonly wire: string[] = [];

  /** Gives bytes to the peer; the errno when it cannot. */
  send(bytes: Uint8Array): string {
    if (this.wasReset) return this.finished ? 'EPIPE' : 'ECONNRESET';
    if (this.sentFin) return 'EPIPE';
    const peer = this.peer as Half;
    if (peer.isClosed) peer.reset();
    else for (const byte of bytes) peer.buffer.push(byte);
    return '';
  }

  shutdown(): void {
    if (this.sentFin || this.wasReset) return;
    this.sentFin = true;
    this.wire.push('FIN');
    (this.peer as Half).finished = true;
  }

  close(linger0 = false): void {
    if (this.isClosed) return;
    this.isClosed = true;
    // After both FINs nothing is left to say, whatever lies unread: Linux has ended the connection by itself (tcp_time_wait, LAST_ACK).
    if (this.wasReset || (this.sentFin && this.finished)) return;
    if (this.buffer.length > 0 || linger0) this.reset();
    else this.shutdown();
  }

  reset(): void {
    this.wire.push('RST');
    this.wasReset = true;
    (this.peer as Half).wasReset = true;
  }
}

export class ListenEnd {
  /** Connections that nobody has accepted yet, oldest first. */
  readonly queue: { readonly half: Half; readonly remote: Endpoint }[] = [];
  closed = false;

  constructor(private readonly scene: Scenario, readonly role: number, readonly sock: number, readonly endpoint: Endpoint) {
    scene.listening.set(endpointText(endpoint.address, endpoint.port), this);
  }

  /** accept() is called and waits. */
  waits(): number {
    return this.scene.fact('accept.started', { role: this.role, sock: this.sock });
  }

  /** accept() returns the oldest connection. */
  accept(): TcpEnd {
    const next = this.queue.shift();
    if (next === undefined) throw new Error('nobody has connected');
    if (this.sock === 0) return new TcpEnd(this.scene, 0, 0, next.half, this.endpoint, next.remote);
    const sock = this.scene.newSock();
    this.scene.fact('connection.accepted', {
      role: this.role, sock: this.sock, a: sock, b: this.scene.newFd(), local: this.endpoint, remote: next.remote,
    });
    return new TcpEnd(this.scene, this.role, sock, next.half, this.endpoint, next.remote);
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.scene.listening.delete(endpointText(this.endpoint.address, this.endpoint.port));
    if (this.sock !== 0) this.scene.fact('socket.closed', { role: this.role, sock: this.sock });
    for (const { half } of this.queue) if (!half.wasReset) half.reset();
  }
}

/** One end of a connection. With `sock` 0 it is not ours: the same calls, but no facts. */
export class TcpEnd {
  private sent = 0;
  private received = 0;
  private plainSent = 0;
  private plainReceived = 0;

  constructor(
    private readonly scene: Scenario, readonly role: number, readonly sock: number, readonly half: Half,
    readonly local: Endpoint, readonly remote: Endpoint,
  ) {}

  get closed(): boolean {
    return this.half.isClosed;
  }

  /** send(): the sequence number of its fact. */
  send(given: string | Uint8Array): number {
    const bytes = asBytes(given);
    const offset = this.sent;
    const err = this.half.send(bytes);
    if (err === '') this.sent += bytes.length;
    return this.fact('bytes.sent', { a: err === '' ? bytes.length : -1, offset, bytes, err });
  }

  /** recv(size) is called and waits. */
  waits(size = 1024): number {
    return this.fact('recv.started', { a: size });
  }

  /** recv(size) and its return: bytes, end of stream, or an error. */
  recv(size = 1024): string {
    this.waits(size);
    return this.recvReturns(size);
  }

  /** The return of recv(size) alone. */
  recvReturns(size = 1024): string {
    const bytes = new Uint8Array(this.half.buffer.splice(0, size));
    if (bytes.length > 0) {
      this.fact('bytes.received', { a: size, offset: this.received, bytes });
      this.received += bytes.length;
    } else if (this.half.finished) this.fact('stream.ended', { a: size, offset: this.received });
    else if (this.half.wasReset) this.fact('call.failed', { text: 'recv', err: 'ECONNRESET' });
    else throw new Error('recv() would wait for ever');
    return utf8Text(bytes);
  }

  shutdown(): number {
    this.half.shutdown();
    return this.fact('stream.shutdown', { a: 1, offset: this.sent });
  }

  close(): void {
    if (this.half.isClosed) return;
    this.half.close();
    this.fact('socket.closed', {});
  }

  /** close() with SO_LINGER 0. */
  abort(): void {
    this.half.close(true);
    this.fact('socket.closed', { a: 1 });
  }

  /** TLS: the handshake is done; `session`: as node:tls names it. */
  secured(session: Partial<TlsSessionFacts> = {}): number {
    const said: TlsSessionFacts = { version: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256', alpn: '', serverName: '', authorized: null, ...session };
    return this.fact('tls.secured', { text: JSON.stringify(said) });
  }

  tlsFailed(err: string, text = ''): number {
    return this.fact('tls.failed', { err, text });
  }

  keyLogged(line: string): number {
    return this.fact('key.logged', { text: line });
  }

  /** SSL_write() and SSL_read(): plaintext with offsets of its own. */
  plainSends(given: string | Uint8Array): number {
    const bytes = asBytes(given);
    this.plainSent += bytes.length;
    return this.fact('plaintext.sent', { a: bytes.length, offset: this.plainSent - bytes.length, bytes });
  }

  plainReads(given: string | Uint8Array): number {
    const bytes = asBytes(given);
    this.plainReceived += bytes.length;
    return this.fact('plaintext.received', { offset: this.plainReceived - bytes.length, bytes });
  }

  private fact(kind: Parameters<Scenario['fact']>[0], fields: Parameters<Scenario['fact']>[1]): number {
    return this.sock === 0 ? -1 : this.scene.fact(kind, { role: this.role, sock: this.sock, ...fields });
  }
}

export type ForeignEnd = TcpEnd;

function connected(listener: ListenEnd, from: Endpoint): Half {
  const client = new Half();
  const server = new Half();
  client.peer = server;
  server.peer = client;
  listener.queue.push({ half: server, remote: from });
  return client;
}

export const dialForeign = (scene: Scenario, listener: ListenEnd, from: Endpoint): ForeignEnd =>
  new TcpEnd(scene, 0, 0, connected(listener, from), from, listener.endpoint);

/** socket() and connect(); call `end()` for its return. */
export function dial(scene: Scenario, role: number, from: Endpoint, to: Endpoint, keep: (end: TcpEnd) => void): { readonly sock: number; end(): TcpEnd | null } {
  const sock = scene.newSock();
  scene.fact('socket.opened', { role, sock, a: scene.newFd(), b: 1, text: 'AF_INET' });
  scene.fact('connect.started', { role, sock, remote: to });
  const listener = scene.listening.get(endpointText(to.address, to.port));
  const half = listener === undefined ? null : connected(listener, from);
  return {
    sock,
    end: () => {
      if (half === null) {
        scene.fact('connect.ended', { role, sock, remote: to, err: 'ECONNREFUSED' });
        scene.fact('socket.closed', { role, sock });
        return null;
      }
      scene.fact('connect.ended', { role, sock, local: from, remote: to });
      const end = new TcpEnd(scene, role, sock, half, from, to);
      keep(end);
      return end;
    },
  };
}
