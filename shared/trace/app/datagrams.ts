// Datagrams of an application: of all datagrams those that go to or come from a port where one of its protocols is served: it stands for it, or was
// asked in it. Finds the message of each fact, whichever end of it is told first; what a datagram says is read by the user of its protocol.

import { NO_BYTES } from '../../base/bytes';
import { looksLikeQuery } from '../../codec/dns/recognize';
import { formatEndpoint, parseEndpoint } from '../endpoint';
import type { Endpoint } from '../event';
import { segmentPayload } from '../segmentPayload';
import type { Segment } from '../story';
import type { AppContext } from './appContext';
import { segmentOfFact, type MessageRow } from './messageTable';
import type { PortProtocol } from '../../codec/recognize';

/** Reads the datagrams of one protocol. */
export interface DatagramUser {
  /** A new datagram, told by fact `seq`; null when there is no room for its message. `toServer`: to a port where the protocol is served. */
  take(segment: Segment, seq: number, toServer: boolean): MessageRow | null;
  /** Fact `seq` received it. */
  arrived(row: MessageRow, seq: number): void;
}

export class Datagrams {
  /** By index in the trace's dictionary: what is served at the endpoint's port. */
  private readonly known = new Map<number, PortProtocol | null>();
  /** Endpoints whose ports stand for nothing, and to which queries of the DNS went: a server of the user's own. */
  private readonly asked = new Set<string>();
  /** Messages that have not been received yet, by the ports that they go between. */
  private readonly flying = new Map<string, { readonly row: MessageRow; readonly user: DatagramUser }[]>();

  /** Messages by the fact that received them. */
  readonly ofReceived = new Map<number, number>();

  constructor(private readonly context: AppContext, private readonly users: ReadonlyMap<PortProtocol, DatagramUser>) {}

  /** datagram.sent that did not fail. */
  sent(seq: number): void {
    if (this.userOf(seq) === null && !this.learn(this.context.trace.payload(seq), this.ends(seq).remote)) return;
    const segment = segmentOfFact(this.context.story, seq);
    if (segment !== null) this.take(segment, seq);
  }

  /** Fact `seq` is a captured packet, segment `id`, between two programs that are not ours: sent, and come. */
  packet(id: number, seq: number): void {
    const segment = this.context.story.segments.at(id);
    if (this.at(segment.to) === null && this.at(segment.from) === null) this.learn(segmentPayload(this.context.trace, segment) ?? NO_BYTES, segment.to);
    const taken = this.take(id, seq);
    if (taken !== null) this.arrived(taken.row, taken.user, seq);
  }

  /** datagram.received */
  received(seq: number): void {
    if (this.userOf(seq) === null && !this.learn(this.context.trace.payload(seq), this.ends(seq).local)) return;
    const { story, messages } = this.context;
    const { local, remote } = this.ends(seq);
    const key = keyOf(remote, local);
    const flying = this.flying.get(key) ?? [];
    const place = flying.findIndex(({ row }) => story.segments.at(row.segment).receivedSeq === seq);
    const found = flying[place];
    if (found !== undefined) {
      flying.splice(place, 1);
      if (flying.length === 0) this.flying.delete(key);
      messages.touch(found.row);
      this.arrived(found.row, found.user, seq);
      return;
    }
    // A sender that is not ours: its datagram stands right before the fact. Else the fact of its sending is still to come.
    const segment = segmentOfFact(story, seq);
    const born = segment === null ? null : this.take(segment, seq);
    if (born !== null) this.arrived(born.row, born.user, seq);
  }

  private arrived(row: MessageRow, user: DatagramUser, seq: number): void {
    this.ofReceived.set(seq, row.id);
    user.arrived(row, seq);
  }

  private take(id: number, seq: number): { readonly row: MessageRow; readonly user: DatagramUser } | null {
    const segment = this.context.story.segments.at(id);
    const to = this.at(segment.to);
    const protocol = to ?? this.at(segment.from);
    const user = protocol === null ? undefined : this.users.get(protocol);
    const row = user?.take(segment, seq, to !== null) ?? null;
    if (user === undefined || row === null) return null;
    const taken = { row, user };
    if (segment.sentSeq === null) return taken;
    // Two threads: it may have been received before its sending was recorded.
    if (segment.receivedSeq !== null && segment.receivedSeq < seq) this.arrived(row, user, segment.receivedSeq);
    else {
      const key = keyOf(segment.from, segment.to);
      const there = this.flying.get(key);
      if (there === undefined) this.flying.set(key, [taken]);
      else there.push(taken);
    }
    return taken;
  }

  /** True for a query: then who is asked, at `to`, is a server. */
  private learn(bytes: Uint8Array, to: Endpoint): boolean {
    if (to.port === 0 || !looksLikeQuery(bytes)) return false;
    this.asked.add(formatEndpoint(to));
    this.known.clear();
    return true;
  }

  private userOf(seq: number): DatagramUser | null {
    const { columns, row } = this.context.trace.locate(seq);
    const protocol = this.ofIndex(columns.remote[row] as number) ?? this.ofIndex(columns.local[row] as number);
    return protocol === null ? null : (this.users.get(protocol) ?? null);
  }

  private ofIndex(index: number): PortProtocol | null {
    const known = this.known.get(index);
    if (known !== undefined) return known;
    const endpoint = parseEndpoint(this.context.trace.string(index));
    const protocol = endpoint === null ? null : this.at(endpoint);
    this.known.set(index, protocol);
    return protocol;
  }

  /** What is served at an endpoint's port, where there is one who reads it. */
  private at(endpoint: Endpoint): PortProtocol | null {
    const protocol = this.context.ports().at('udp', endpoint.port) ?? (this.asked.has(formatEndpoint(endpoint)) ? 'dns' : null);
    return protocol !== null && this.users.has(protocol) ? protocol : null;
  }

  private ends(seq: number): { readonly local: Endpoint; readonly remote: Endpoint } {
    const { local, remote } = this.context.trace.at(seq);
    const none = { address: '', port: 0 };
    return { local: local ?? none, remote: remote ?? none };
  }
}

const keyOf = (from: Endpoint, to: Endpoint): string => `${from.port} ${to.port}`;
