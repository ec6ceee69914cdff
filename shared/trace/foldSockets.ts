// Sockets of a trace and what is bound where. Rows are written by the fold; SocketModel objects are made for readers.

import { connId, eventSeq, micros, sockId, type HostIx, type RoleIx, type SockId } from '../base/brand';
import { U32List } from '../base/lists';
import type { Conn } from './foldConnections';
import { isWildcard, type EndpointTable } from './foldHosts';
import { mergedStates } from './joined/mergedStates';
import type { SocketModel, StateChange } from './story';

export class SocketRow {
  purpose: SocketModel['purpose'];
  localEnd = 0;
  remoteEnd = 0;
  conn: Conn | null = null;
  /** Which side of its connection it is. */
  isServer = false;
  closedAt = Number.NaN;
  closedSeq = -1;
  acceptedBy = 0;
  /** connect() was called and has not returned: its fact; else -1. */
  connecting = -1;
  /** Last successful datagram.sent that no ICMP error has answered yet: its segment; else -1. */
  lastDatagram = -1;
  readonly states: StateChange[] = [];
  /** True when the last state lies ahead and something earlier may still take its place. */
  provisional = false;
  /** What statesOf() made last, of which lists. */
  merged: { readonly told: number; readonly last: StateChange | undefined; readonly shown: number; readonly states: readonly StateChange[] } | null = null;
  readonly facts = new U32List();
  /** Its inferred calls. */
  readonly calls: number[] = [];

  constructor(
    readonly id: SockId, readonly role: RoleIx, readonly host: HostIx, readonly fd: number,
    readonly family: SocketModel['family'], readonly type: SocketModel['type'], readonly openedAt: number,
  ) {
    this.purpose = type === 'SOCK_DGRAM' ? 'datagram' : 'connected';
  }

  get open(): boolean {
    return this.closedSeq < 0;
  }
}

export class SocketTable {
  readonly rows: SocketRow[] = [];
  private readonly byId = new Map<number, SocketRow>();
  /** Stream listeners and bound datagram sockets by port; the closed ones stay, last. */
  private readonly listeners = new Map<number, SocketRow[]>();
  private readonly datagram = new Map<number, SocketRow[]>();

  constructor(private readonly ends: EndpointTable) {}

  get(id: number): SocketRow | null {
    return this.byId.get(id) ?? null;
  }

  add(row: SocketRow): SocketRow {
    this.rows.push(row);
    this.byId.set(row.id, row);
    return row;
  }

  /** Makes it known that `row` now has its local endpoint and takes connections or datagrams there. */
  serve(row: SocketRow): void {
    const map = row.type === 'SOCK_DGRAM' ? this.datagram : this.listeners;
    const port = this.ends.get(row.localEnd).port;
    const there = map.get(port);
    if (there === undefined) map.set(port, [row]);
    else if (!there.includes(row)) there.push(row);
  }

  /** Forgets a closed socket's place; the last one of a port is remembered, to tell whose port it was. */
  leave(row: SocketRow): void {
    const map = row.type === 'SOCK_DGRAM' ? this.datagram : this.listeners;
    const there = map.get(this.ends.get(row.localEnd).port);
    if (there !== undefined && there.length > 1 && there.includes(row)) there.splice(there.indexOf(row), 1);
  }

  /** The open listening socket that takes connections to this endpoint. */
  listenerAt(end: number): SocketRow | null {
    return this.findOpen(this.listeners, end);
  }

  /** The open datagram socket that takes datagrams to this endpoint. */
  datagramAt(end: number): SocketRow | null {
    return this.findOpen(this.datagram, end);
  }

  /** The last socket of ours that had this endpoint, open or not: whose port it is. */
  lastAt(end: number, type: SocketModel['type']): SocketRow | null {
    const { address, port } = this.ends.get(end);
    const there = (type === 'SOCK_DGRAM' ? this.datagram : this.listeners).get(port) ?? [];
    return there.findLast((row) => this.takes(row, address)) ?? null;
  }

  private findOpen(map: ReadonlyMap<number, readonly SocketRow[]>, end: number): SocketRow | null {
    const { address, port } = this.ends.get(end);
    const there = map.get(port);
    if (there === undefined) return null;
    // A socket bound to the very address goes before one bound to all of them (Linux: compute_score of the lookup).
    return there.find((row) => row.open && this.ends.get(row.localEnd).address === address) ?? there.find((row) => row.open && this.takes(row, address)) ?? null;
  }

  private takes(row: SocketRow, address: string): boolean {
    const own = this.ends.get(row.localEnd).address;
    return own === address || isWildcard(own);
  }
}

export const socketModel = (row: SocketRow, ends: EndpointTable): SocketModel => ({
  id: row.id,
  role: row.role,
  host: row.host,
  fd: row.fd,
  family: row.family,
  type: row.type,
  purpose: row.purpose,
  local: row.localEnd === 0 ? null : ends.get(row.localEnd),
  remote: row.remoteEnd === 0 ? null : ends.get(row.remoteEnd),
  conn: row.conn === null ? null : connId(row.conn.id),
  openedAt: micros(row.openedAt),
  closedAt: Number.isNaN(row.closedAt) ? null : micros(row.closedAt),
  closedSeq: row.closedSeq < 0 ? null : eventSeq(row.closedSeq),
  acceptedBy: row.acceptedBy === 0 ? null : sockId(row.acceptedBy),
  states: statesOf(row),
  facts: row.facts,
});

/** Its states by its calls and by the packets of its connection; made anew when either list has changed. */
function statesOf(row: SocketRow): readonly StateChange[] {
  const shown = row.conn === null ? [] : (row.isServer ? row.conn.server : row.conn.client).wire;
  if (shown.length === 0) return row.states;
  const { states, merged } = row;
  if (merged === null || merged.told !== states.length || merged.last !== states.at(-1) || merged.shown !== shown.length) {
    row.merged = { told: states.length, last: states.at(-1), shown: shown.length, states: mergedStates(states, shown, row.isServer) };
  }
  return row.merged?.states ?? states;
}
