// What is recorded of one descriptor: its id, its role, and how many bytes went each way. Every tap writes through one, so that an
// exception in recording detaches the tap (the log falls silent) and never reaches the socket.

import { sockId, type RoleIx, type SockId } from '../../shared/base/brand';
import type { TlsSessionFacts } from '../../shared/trace/about';
import type { Endpoint } from '../../shared/trace/event';
import { familyOf } from './loopback';
import type { FailedCall, Recorder } from './recorder';

/** A connection that another thread or process accepted: the id of its facts, and the bytes that went each way so far. */
export interface AcceptedElsewhere {
  readonly sock: number;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly sent: number;
  readonly received: number;
}

export class SocketLog {
  readonly sock: SockId;
  /** Dictionary indices of its endpoints. */
  local = 0;
  remote = 0;
  /** Bytes given to the kernel, and taken from it, so far: the offsets of the next ones. */
  sent = 0;
  received = 0;
  /** The same of the plaintext, where TLS lies above. */
  private plainSent = 0;
  private plainReceived = 0;
  private alive = true;
  private isClosed = false;
  private lastAddress = '';
  private lastPort = 0;
  private lastIndex = 0;

  private constructor(private readonly recorder: Recorder, private readonly role: RoleIx, sock?: SockId) {
    this.sock = sock ?? recorder.newSocket();
  }

  /** Its log goes on under that id. */
  static ofConnection(recorder: Recorder, role: RoleIx, { sock, local, remote, sent, received }: AcceptedElsewhere): SocketLog {
    const log = new SocketLog(recorder, role, sockId(sock));
    log.local = recorder.endpoint(local);
    log.remote = recorder.endpoint(remote);
    log.sent = sent;
    log.received = received;
    return log;
  }

  /** A log with a new id; null when recording is off or does not work. */
  static open(recorder: Recorder | null, role: RoleIx): SocketLog | null {
    if (recorder === null) return null;
    try {
      return new SocketLog(recorder, role);
    } catch {
      return null;
    }
  }

  /** False once recording failed: taps then pass everything through untouched. */
  get attached(): boolean {
    return this.alive;
  }

  now(): number {
    return this.alive ? this.recorder.now() : 0;
  }

  opened(t: number, fd: number, type: 'stream' | 'datagram', address: string, err = ''): void {
    this.safely(() => this.recorder.socketOpened(t, this.role, this.sock, fd, type, familyOf(address), err));
  }

  option(t: number, option: string, err: string): void {
    this.safely(() => this.recorder.optionSet(t, this.role, this.sock, option, err));
  }

  bound(t: number, local: Endpoint | null, err = ''): void {
    this.safely(() => {
      const index = this.recorder.endpoint(local);
      if (err === '') this.local = index;
      this.recorder.socketBound(t, this.role, this.sock, index, err);
    });
  }

  listened(t: number, backlog: number, err = ''): void {
    this.safely(() => this.recorder.socketListened(t, this.role, this.sock, backlog, this.local, err));
  }

  acceptStarted(): void {
    this.safely(() => this.recorder.acceptStarted(this.now(), this.role, this.sock));
  }

  /** This listening socket's accept() returned the socket of `log`. */
  accepted(t: number, log: SocketLog, fd: number, local: Endpoint | null, remote: Endpoint | null): void {
    this.safely(() => {
      log.local = this.recorder.endpoint(local);
      log.remote = this.recorder.endpoint(remote);
      this.recorder.connectionAccepted(t, this.role, this.sock, log.sock, fd, log.local, log.remote);
    });
  }

  connectStarted(t: number, remote: Endpoint): void {
    this.safely(() => {
      this.remote = this.recorder.endpoint(remote);
      this.recorder.connectStarted(t, this.role, this.sock, this.remote);
    });
  }

  connectEnded(t: number, local: Endpoint | null, err = ''): void {
    this.safely(() => {
      if (local !== null) this.local = this.recorder.endpoint(local);
      this.recorder.connectEnded(t, this.role, this.sock, this.local, this.remote, err);
    });
  }

  /** send() of `size` bytes, of which the kernel took `taken` (-1: none, for `err`). `atOnce`: it would not have waited (EAGAIN). */
  send(t: number, taken: number, size: number, bytes: Uint8Array, err = '', atOnce = false): void {
    if (!this.alive) return;
    try {
      this.recorder.bytesSent(t, this.role, this.sock, taken, this.sent, size, bytes, err, atOnce);
      if (taken > 0) this.sent += taken;
    } catch {
      this.alive = false;
    }
  }

  /** The kernel took `taken` more bytes of a send() that had to wait. */
  sendEnded(t: number, taken: number, err = ''): void {
    this.safely(() => {
      this.sent += taken;
      this.recorder.sendEnded(t, this.role, this.sock, taken, this.sent, err);
    });
  }

  recvStarted(size: number): void {
    this.safely(() => this.recorder.recvStarted(this.now(), this.role, this.sock, size));
  }

  /** recv() with a buffer of `buffer` bytes returned `bytes`. */
  recv(buffer: number, bytes: Uint8Array): void {
    if (!this.alive) return;
    try {
      this.recorder.bytesReceived(this.recorder.now(), this.role, this.sock, buffer, this.received, bytes);
      this.received += bytes.length;
    } catch {
      this.alive = false;
    }
  }

  ended(buffer: number): void {
    this.safely(() => this.recorder.streamEnded(this.now(), this.role, this.sock, buffer, this.received));
  }

  shutdown(err = ''): void {
    this.safely(() => this.recorder.streamShutdown(this.now(), this.role, this.sock, this.sent, err));
  }

  closed(abort: boolean): void {
    this.isClosed = true;
    this.safely(() => this.recorder.socketClosed(this.now(), this.role, this.sock, abort));
  }

  failed(call: FailedCall, err: string): void {
    this.safely(() => this.recorder.callFailed(this.now(), this.role, this.sock, call, err));
  }

  // TLS above this socket

  secured(session: TlsSessionFacts, resumed: boolean): void {
    this.safely(() => this.recorder.tlsSecured(this.now(), this.role, this.sock, session, resumed));
  }

  tlsFailed(err: string, message: string): void {
    this.safely(() => this.recorder.tlsFailed(this.now(), this.role, this.sock, err, message));
  }

  keyLogged(line: string): void {
    this.safely(() => this.recorder.keyLogged(this.now(), this.role, this.sock, line));
  }

  /** TLS took `size` bytes of plaintext; `bytes`: they, or their beginning. With the socket closed they go nowhere: Node's farewells of a killed program. */
  plaintextSent(size: number, bytes: Uint8Array): void {
    if (!this.alive || this.isClosed) return;
    try {
      this.recorder.plaintextSent(this.recorder.now(), this.role, this.sock, size, this.plainSent, size, bytes);
      this.plainSent += size;
    } catch {
      this.alive = false;
    }
  }

  plaintextReceived(bytes: Uint8Array): void {
    if (!this.alive) return;
    try {
      this.recorder.plaintextReceived(this.recorder.now(), this.role, this.sock, this.plainReceived, bytes);
      this.plainReceived += bytes.length;
    } catch {
      this.alive = false;
    }
  }

  recvfromStarted(size: number): void {
    this.safely(() => this.recorder.recvfromStarted(this.now(), this.role, this.sock, size));
  }

  /** sendto() of `bytes`; `address` '' on a connected socket. */
  sentTo(t: number, result: number, address: string, port: number, bytes: Uint8Array, err: string): void {
    if (!this.alive) return;
    try {
      const connected = address === '';
      this.recorder.datagramSent(t, this.role, this.sock, result, connected, this.local, connected ? this.remote : this.peer(address, port), bytes.length, bytes, err);
    } catch {
      this.alive = false;
    }
  }

  receivedFrom(buffer: number, bytes: Uint8Array, address: string, port: number): void {
    if (!this.alive) return;
    try {
      this.recorder.datagramReceived(this.recorder.now(), this.role, this.sock, buffer, this.local, this.peer(address, port), bytes);
    } catch {
      this.alive = false;
    }
  }

  /** The dictionary index of a peer; the last one is remembered, for most datagrams go to and fro. */
  private peer(address: string, port: number): number {
    if (port !== this.lastPort || address !== this.lastAddress) {
      this.lastIndex = this.recorder.endpoint({ address, port });
      this.lastPort = port;
      this.lastAddress = address;
    }
    return this.lastIndex;
  }

  private safely(record: () => void): void {
    if (!this.alive) return;
    try {
      record();
    } catch {
      this.alive = false;
    }
  }
}
