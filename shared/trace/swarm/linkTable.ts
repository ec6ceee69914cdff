// The connections of a swarm: whose they are, when they opened and closed, and what was said on them of choking and interest. A connection
// is a link as soon as one handshake is known and both of its programs are: until then its messages wait.

import type { ConnId, Micros } from '../../base/brand';
import { EVENT, type EventLog } from './eventLog';
import type { PeerRow, PeerTable } from './peerTable';
import { LINK, type LinkChange, type SwarmLink } from './swarmStory';

export class LinkRow implements SwarmLink {
  closedAt: Micros | null = null;
  readonly changes: LinkChange[] = [];
  cut: SwarmLink['cut'] = null;
  /** Requests that were sent and not answered, by block: the message. */
  readonly asked = { up: new Map<number, number>(), down: new Map<number, number>() };

  constructor(readonly index: number, readonly conn: ConnId, readonly a: number, readonly b: number, readonly openedAt: Micros) {}
}

/** A connection whose link is not known. */
export interface Waiting {
  readonly messages: Set<number>;
  shookUp: number;
  shookDown: number;
}

/** What a link's state has besides the bits of LINK. */
export const OPEN = 16;

const BITS = {
  choke: [LINK.aChokes, LINK.bChokes], unchoke: [-LINK.aChokes, -LINK.bChokes], interested: [LINK.aInterested, LINK.bInterested], notInterested: [-LINK.aInterested, -LINK.bInterested],
} as const;

export class LinkTable {
  readonly rows: LinkRow[] = [];
  private readonly ofConn = new Map<ConnId, LinkRow>();
  private readonly waiting = new Map<ConnId, Waiting>();
  private readonly closings = new Map<ConnId, Micros>();
  /** By a peer and the name that it has for the other. */
  private readonly byName = new Map<string, LinkRow>();

  constructor(private readonly peers: PeerTable, private readonly events: EventLog) {}

  of(conn: ConnId): LinkRow | null {
    return this.ofConn.get(conn) ?? null;
  }

  waitsFor(conn: ConnId): Waiting {
    const known = this.waiting.get(conn);
    if (known !== undefined) return known;
    const waiting: Waiting = { messages: new Set(), shookUp: -1, shookDown: -1 };
    this.waiting.set(conn, waiting);
    return waiting;
  }

  /** The connection is a link. `client`, `server`: its endpoints as 'address:port'. */
  add(conn: ConnId, a: PeerRow, b: PeerRow, client: string, server: string, openedAt: Micros): LinkRow {
    const row = new LinkRow(this.rows.length, conn, a.index, b.index, openedAt);
    this.rows.push(row);
    this.ofConn.set(conn, row);
    this.waiting.delete(conn);
    this.byName.set(`${a.index} ${server}`, row);
    this.byName.set(`${b.index} ${client}`, row);
    this.peers.dials(a, client);
    this.peers.listens(b, server);
    this.peers.opened(a);
    this.peers.opened(b);
    this.events.add(openedAt, EVENT.open, row.index);
    const closing = this.closings.get(conn);
    if (closing !== undefined) this.close(row, closing);
    return row;
  }

  /** One of our programs closed the connection. */
  closes(conn: ConnId, at: Micros): void {
    this.closings.set(conn, at);
    this.waiting.delete(conn);
    const row = this.ofConn.get(conn);
    if (row !== undefined) this.close(row, at);
  }

  private close(row: LinkRow, at: Micros): void {
    row.closedAt = at < row.openedAt ? row.openedAt : at;
    this.events.add(row.closedAt, EVENT.close, row.index);
    for (const index of [row.a, row.b]) {
      const peer = this.peers.get(index);
      if (peer !== null) this.peers.closed(peer, row.closedAt);
    }
  }

  /** The link of `peer` with whom it calls so. */
  named(peer: PeerRow, name: string): LinkRow | null {
    return this.byName.get(`${peer.index} ${name}`) ?? null;
  }

  says(row: LinkRow, change: LinkChange): void {
    let place = row.changes.length;
    while (place > 0 && (row.changes[place - 1] as LinkChange).at > change.at) place--;
    row.changes.splice(place, 0, change);
    this.events.add(Math.max(change.at, row.openedAt), EVENT.say, row.index, BITS[change.what][change.by === row.a ? 0 : 1]);
  }
}
