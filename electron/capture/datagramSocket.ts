// The socket API's datagram socket (roles/host.ts), over a dgram.Socket. Its handle receives only while a recvFrom() waits, one
// datagram at a time, so the others stay in the kernel's receive buffer (and are dropped there when it is full), as with a
// blocking program. Where Node hides the handle they queue here instead, and nothing else changes.

import type * as dgram from 'node:dgram';
import type { Datagram, DatagramSocket } from '../roles/host';
import type { Endpoint } from '../../shared/trace/event';
import { callError, refusal, type Permit } from './loopback';
import { errnoOf, type UdpHandle } from './nodeHandle';
import { rememberSocket } from './socketIds';
import type { SocketLog } from './socketLog';

interface Waiting {
  readonly resolve: (datagram: Datagram) => void;
  readonly reject: (error: Error) => void;
  readonly size: number;
  readonly timer: NodeJS.Timeout | null;
}

export class TappedDatagrams implements DatagramSocket {
  private waiting: Waiting | null = null;
  private readonly queue: Datagram[] = [];
  private endpoint: Endpoint | null = null;
  private binding: Promise<void> | null = null;
  private isClosed = false;

  constructor(private readonly socket: dgram.Socket, private readonly handle: UdpHandle | null, private readonly log: SocketLog | null, private readonly address: string, private readonly permit?: Permit) {
    if (log !== null) rememberSocket(this, log.sock);
    socket.on('message', (bytes, { address: source, port }) => this.deliver({ bytes, from: { address: source, port } }));
    socket.on('error', (error) => {
      const waiting = this.endWait();
      if (waiting === null) return;
      this.log?.failed('recvfrom', errnoOf(error));
      waiting.reject(error);
    });
    socket.once('listening', () => this.handle?.recvStop());
  }

  get local(): Endpoint | null {
    return this.endpoint;
  }

  /** bind(); the system chooses a port for 0. */
  bind(port: number): Promise<void> {
    this.binding ??= new Promise<void>((resolve, reject) => {
      this.socket.once('error', reject);
      this.socket.once('close', () => reject(callError('EBADF', 'bind', 'the socket was closed')));
      this.socket.bind({ port, address: this.address, exclusive: true }, () => {
        this.socket.off('error', reject);
        const { address, port: bound } = this.socket.address();
        this.endpoint = { address, port: bound };
        resolve();
      });
    });
    return this.binding;
  }

  async sendTo(bytes: Uint8Array, to: Endpoint): Promise<void> {
    const refused = refusal(to.address, 'sendto', this.permit?.reaches('udp', to));
    if (refused !== null) throw refused;
    await this.bind(0);
    this.check('sendto');
    await this.answered((done) => this.socket.send(bytes, to.port, to.address, done));
  }

  async connect(to: Endpoint): Promise<void> {
    const refused = refusal(to.address, 'connect', this.permit?.reaches('udp', to));
    if (refused !== null) throw refused;
    await this.bind(0);
    this.check('connect');
    // The callback gets the error, though the types leave it out.
    await this.answered((done) => this.socket.connect(to.port, to.address, done));
  }

  async send(bytes: Uint8Array): Promise<void> {
    this.check('send');
    await this.answered((done) => this.socket.send(bytes, done));
  }

  async recvFrom(size: number, timeout?: number): Promise<Datagram> {
    this.check('recvfrom');
    await this.bind(0);
    this.check('recvfrom');
    if (this.waiting !== null) throw callError('EALREADY', 'recvfrom', 'another recvfrom() of this socket waits');
    this.log?.recvfromStarted(size);
    return new Promise((resolve, reject) => {
      const timer = timeout === undefined ? null : setTimeout(() => this.expire(timeout), timeout);
      this.waiting = { resolve, reject, size, timer };
      const next = this.queue.shift();
      if (next !== undefined) this.deliver(next);
      else this.handle?.recvStart();
    });
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    const waiting = this.endWait();
    this.socket.close();
    waiting?.reject(callError('EBADF', 'recvfrom', 'the socket was closed'));
  }

  private deliver(datagram: Datagram): void {
    const waiting = this.endWait();
    if (waiting === null) {
      this.queue.push(datagram);
      return;
    }
    // What does not fit the program's buffer is lost (recvfrom(2), without MSG_TRUNC).
    const bytes = datagram.bytes.length > waiting.size ? datagram.bytes.slice(0, waiting.size) : datagram.bytes;
    this.log?.receivedFrom(waiting.size, bytes, datagram.from.address, datagram.from.port);
    waiting.resolve({ bytes, from: datagram.from });
  }

  private expire(timeout: number): void {
    const waiting = this.endWait();
    this.log?.failed('recvfrom', 'ETIMEDOUT');
    waiting?.reject(callError('ETIMEDOUT', 'recvfrom', `nothing came within ${timeout} ms`));
  }

  private endWait(): Waiting | null {
    const waiting = this.waiting;
    this.waiting = null;
    if (waiting?.timer) clearTimeout(waiting.timer);
    if (waiting !== null && !this.isClosed) this.handle?.recvStop();
    return waiting;
  }

  private answered(call: (done: (error?: Error | null) => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      call((error) => (error === undefined || error === null ? resolve() : reject(error)));
    });
  }

  private check(call: string): void {
    if (this.isClosed) throw callError('EBADF', call, 'the socket is closed');
  }
}
