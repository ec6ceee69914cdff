// What a program's sockets are called in spelled code: `listener`, `conn`, `sock`, and from the second of a kind on with a number, in the
// order in which calls decide what each is for. Grows with the facts of one role.

import { never } from '../../base/assert';
import type { Fact } from '../event';

type Base = 'sock' | 'conn' | 'listener';

export class SocketNames {
  private readonly names = new Map<number, string>();
  private readonly counts = new Map<Base, number>();
  private readonly kinds = new Map<number, 'stream' | 'datagram'>();

  /** 'sock' for one that no call has decided about (yet). */
  of(sock: number): string {
    return this.names.get(sock) ?? 'sock';
  }

  isDatagram(sock: number): boolean {
    return this.kinds.get(sock) === 'datagram';
  }

  isListener(sock: number): boolean {
    return this.of(sock).startsWith('listener');
  }

  /** The next fact of the role. */
  add(fact: Pick<Fact, 'kind' | 'sock' | 'a' | 'b' | 'err'>): void {
    switch (fact.kind) {
      case 'socket.opened':
        this.kinds.set(fact.sock, fact.b === 2 ? 'datagram' : 'stream');
        if (fact.b === 2) this.give(fact.sock, 'sock');
        break;
      // A client may bind too: what comes next decides, unless nothing can.
      case 'socket.bound':
        if (fact.err !== '' && !this.isDatagram(fact.sock)) this.give(fact.sock, 'listener');
        break;
      case 'socket.listened':
        this.give(fact.sock, 'listener');
        break;
      case 'connect.started':
      case 'connect.ended':
      case 'socket.closed':
        this.give(fact.sock, 'sock');
        break;
      case 'connection.accepted':
        if (fact.err === '') this.give(fact.a, 'conn');
        break;
      case 'lab.started': case 'lab.ended': case 'host.added': case 'role.started': case 'role.ended': case 'role.printed': case 'role.noted':
      case 'action.taken': case 'fault.applied': case 'option.set': case 'accept.started': case 'bytes.sent': case 'send.ended': case 'recv.started':
      case 'bytes.received': case 'stream.ended': case 'stream.shutdown': case 'call.failed': case 'recvfrom.started': case 'datagram.sent':
      case 'datagram.received': case 'tls.secured': case 'tls.failed': case 'plaintext.sent': case 'plaintext.received': case 'key.logged':
      case 'packet.captured': case 'select.started': case 'select.returned': case 'socket.sampled': case 'capture.changed':
        break;
      default: never(fact.kind);
    }
  }

  /** The first name stays. */
  private give(sock: number, base: Base): void {
    if (this.names.has(sock)) return;
    const count = (this.counts.get(base) ?? 0) + 1;
    this.counts.set(base, count);
    this.names.set(sock, count === 1 ? base : `${base}${count}`);
  }
}
