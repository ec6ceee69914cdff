// Which socket of a run has which endpoints now, as the facts that are being recorded tell it: for whoever finds sockets by their
// endpoints (the kernel's socket table). Kept only while somebody asks; endpoints are indices of the recorder's dictionary.

import { sockId, type SockId } from '../../shared/base/brand';
import { KIND_CODE } from '../../shared/trace/event';

const K = KIND_CODE;

interface Ends {
  readonly role: number;
  local: number;
  remote: number;
}

/** Both indices stay below 2^26, so the product is exact. */
const pair = (local: number, remote: number): number => local * 0x400_0000 + remote;

export class SocketBook {
  private readonly sockets = new Map<number, Ends>();
  private readonly byEnds = new Map<number, number>();
  private readonly byRole = new Map<number, Set<number>>();
  /** Endpoints of the run's sockets, of those too that are closed. */
  private readonly endpoints = new Set<number>();

  /** Kinds of sockets that the run has had: 'tcp', 'udp6', 'unix'. */
  readonly kinds = new Set<string>();

  /** The socket with these endpoints (remote 0: none); 0 when no socket of the run has them now. */
  find(local: number, remote: number): SockId {
    return sockId(this.byEnds.get(pair(local, remote)) ?? 0);
  }

  knows(endpoint: number): boolean {
    return this.endpoints.has(endpoint);
  }

  /** A fact has been recorded. */
  fact(kind: number, role: number, sock: number, a: number, b: number, failed: boolean, local: number, remote: number, text: string | number): void {
    switch (kind) {
      case K['socket.opened']:
        return void this.kinds.add(text === 'AF_UNIX' ? 'unix' : `${b === 2 ? 'udp' : 'tcp'}${text === 'AF_INET6' ? '6' : ''}`);
      case K['socket.bound']: case K['socket.listened']: case K['connect.started']: case K['connect.ended']:
        return failed ? undefined : this.learn(role, sock, local, remote);
      case K['datagram.sent']:
        return failed ? undefined : this.learn(role, sock, local, 0);
      case K['connection.accepted']:
        return failed ? undefined : this.learn(role, a, local, remote);
      case K['socket.closed']:
        return this.forget(sock);
      case K['role.ended']:
        for (const one of [...(this.byRole.get(role) ?? [])]) this.forget(one);
    }
  }

  private learn(role: number, sock: number, local: number, remote: number): void {
    const known = this.sockets.get(sock);
    if (known !== undefined && (local === 0 || local === known.local) && (remote === 0 || remote === known.remote)) return;
    const ends = known ?? { role, local: 0, remote: 0 };
    if (known === undefined) {
      this.sockets.set(sock, ends);
      const mates = this.byRole.get(role);
      if (mates === undefined) this.byRole.set(role, new Set([sock]));
      else mates.add(sock);
    } else this.release(sock, ends);
    if (local !== 0) ends.local = local;
    if (remote !== 0) ends.remote = remote;
    this.endpoints.add(ends.local).add(ends.remote).delete(0);
    if (ends.local !== 0) this.byEnds.set(pair(ends.local, ends.remote), sock);
  }

  private forget(sock: number): void {
    const ends = this.sockets.get(sock);
    if (ends === undefined) return;
    this.sockets.delete(sock);
    this.release(sock, ends);
    const mates = this.byRole.get(ends.role);
    mates?.delete(sock);
    if (mates?.size === 0) this.byRole.delete(ends.role);
  }

  private release(sock: number, { local, remote }: Ends): void {
    if (this.byEnds.get(pair(local, remote)) === sock) this.byEnds.delete(pair(local, remote));
  }
}
