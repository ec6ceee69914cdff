// For tests: datagram sockets of the scenes of fixture.ts. Queues, implicit bind and ICMP errors as Linux has them on loopback.

import { utf8Bytes, utf8Text } from '../base/bytesText';
import { endpointText } from './endpoint';
import type { Endpoint } from './event';
import type { Scenario } from './fixture';

const asBytes = (given: string | Uint8Array): Uint8Array => (typeof given === 'string' ? utf8Bytes(given) : given);

export class UdpEnd {
  readonly sock: number;
  readonly queue: { readonly bytes: Uint8Array; readonly from: Endpoint }[] = [];
  local: Endpoint | null = null;
  closed = false;
  private peer: Endpoint | null = null;
  private refused = false;

  constructor(private readonly scene: Scenario, readonly role: number, private readonly address: string, port: number | null) {
    this.sock = scene.newSock();
    this.fact('socket.opened', { a: scene.newFd(), b: 2, text: 'AF_INET' });
    if (port !== null) {
      this.bind(port);
      this.fact('socket.bound', { local: this.local });
    }
  }

  /** connect(): fixes the peer. */
  connect(to: Endpoint): number {
    if (this.local === null) this.bind(this.scene.ephemeralPort());
    this.peer = to;
    this.fact('connect.started', { remote: to });
    return this.fact('connect.ended', { local: this.local, remote: to });
  }

  /** sendto(), or send() to the fixed peer. `lose` drops it on the way, as a full buffer does. */
  send(given: string | Uint8Array, to: Endpoint | null = null, lose = false): number {
    const bytes = asBytes(given);
    const target = to ?? this.peer;
    if (target === null) throw new Error('EDESTADDRREQ');
    if (this.local === null) this.bind(this.scene.ephemeralPort());
    const common = { b: this.peer === null ? 0 : 1, local: this.local, remote: target, bytes };
    if (bytes.length > 65_507) return this.fact('datagram.sent', { ...common, a: -1, err: 'EMSGSIZE' });
    if (this.refused) {
      this.refused = false;
      return this.fact('datagram.sent', { ...common, a: -1, err: 'ECONNREFUSED' });
    }
    const receiver = this.scene.bound.get(endpointText(target.address, target.port));
    if (receiver === undefined) this.refused = this.peer !== null;
    else if (!lose) receiver.queue.push({ bytes, from: this.local as Endpoint });
    return this.fact('datagram.sent', { ...common, a: bytes.length });
  }

  /** recvfrom(size) is called and waits. */
  waits(size = 2048): number {
    return this.fact('recvfrom.started', { a: size });
  }

  /** recvfrom(size) and its return. */
  recv(size = 2048): string {
    this.waits(size);
    return this.recvReturns(size);
  }

  recvReturns(size = 2048): string {
    if (this.refused) {
      this.refused = false;
      this.fact('call.failed', { text: 'recvfrom', err: 'ECONNREFUSED' });
      return '';
    }
    const next = this.queue.shift();
    if (next === undefined) throw new Error('recvfrom() would wait for ever');
    const bytes = next.bytes.subarray(0, size);
    this.fact('datagram.received', { a: size, local: this.local, remote: next.from, bytes });
    return utf8Text(bytes);
  }

  /** A datagram of a program that is not ours comes in. */
  arrives(given: string | Uint8Array, from: Endpoint): this {
    this.queue.push({ bytes: asBytes(given), from });
    return this;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    if (this.local !== null) this.scene.bound.delete(endpointText(this.local.address, this.local.port));
    this.fact('socket.closed', {});
  }

  private bind(port: number): void {
    this.local = { address: this.address, port };
    this.scene.bound.set(endpointText(this.address, port), this);
  }

  private fact(kind: Parameters<Scenario['fact']>[0], fields: Parameters<Scenario['fact']>[1]): number {
    return this.scene.fact(kind, { role: this.role, sock: this.sock, ...fields });
  }
}
