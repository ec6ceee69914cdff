// DNS in datagrams: of all datagrams those that go to or come from a port where DNS is served (53, or one that stands for it).

import { parseEndpoint } from '../endpoint';
import type { Endpoint } from '../event';
import type { AppContext } from './appContext';
import { segmentOfFact, type MessageRow } from './messageTable';

export class DnsDatagrams {
  /** By index in the trace's dictionary: whether the endpoint's port is DNS's. */
  private readonly known = new Map<number, boolean>();
  /** Messages that have not been received yet, by the ports that they go between. */
  private readonly flying = new Map<string, MessageRow[]>();

  /** Messages by the fact that received them. */
  readonly ofReceived = new Map<number, number>();

  /** The last message that each socket received. */
  private readonly last = new Map<number, MessageRow>();

  constructor(private readonly context: AppContext) {}

  /** A relay's socket lost the datagram that it had just received. */
  lost(sock: number): void {
    const row = this.last.get(sock);
    if (row !== undefined) this.context.dns.lost(row);
  }

  /** datagram.sent that did not fail. */
  sent(seq: number): void {
    if (!this.isDns(seq)) return;
    const segment = segmentOfFact(this.context.story, seq);
    if (segment !== null) this.take(segment, seq);
  }

  /** datagram.received */
  received(seq: number): void {
    if (!this.isDns(seq)) return;
    const { story, messages } = this.context;
    const { local, remote } = this.ends(seq);
    const key = keyOf(remote, local);
    const flying = this.flying.get(key) ?? [];
    const place = flying.findIndex((row) => story.segments.at(row.segment).receivedSeq === seq);
    const row = flying[place];
    if (row !== undefined) {
      flying.splice(place, 1);
      if (flying.length === 0) this.flying.delete(key);
      messages.touch(row);
      this.arrived(row, seq);
      return;
    }
    // A sender that is not ours: its datagram stands right before the fact. Else the fact of its sending is still to come.
    const segment = segmentOfFact(story, seq);
    const born = segment === null ? null : this.take(segment, seq);
    if (born !== null) this.arrived(born, seq);
  }

  private arrived(row: MessageRow, seq: number): void {
    this.ofReceived.set(seq, row.id);
    const { columns, row: at } = this.context.trace.locate(seq);
    this.last.set(columns.sock[at] as number, row);
    if (row.kind === 'answer') this.context.dns.learned(row, this.context.trace.t(seq), this.roleOf(seq));
  }

  private take(id: number, seq: number): MessageRow | null {
    const { story, trace, messages, dns } = this.context;
    const segment = story.segments.at(id);
    const bytes = trace.payload(seq);
    const toServer = this.isPort(segment.to);
    const role = segment.fromSock === null ? null : (story.socket(segment.fromSock)?.role ?? null);
    const carried = { transport: 'udp' as const, from: segment.from, to: segment.to, role, seq, t: trace.t(seq), toServer };
    const row = dns.take(bytes, carried, (kind) => messages.addDatagram(id, { protocol: 'dns', kind }, kind === 'query' ? 'up' : 'down', segment.size));
    if (row === null || segment.sentSeq === null) return row;
    // Two threads: it may have been received before its sending was recorded.
    if (segment.receivedSeq !== null && segment.receivedSeq < seq) this.arrived(row, segment.receivedSeq);
    else {
      const key = keyOf(segment.from, segment.to);
      const there = this.flying.get(key);
      if (there === undefined) this.flying.set(key, [row]);
      else there.push(row);
    }
    return row;
  }

  private roleOf(seq: number): ReturnType<AppContext['trace']['at']>['role'] {
    return this.context.trace.at(seq).role;
  }

  private isDns(seq: number): boolean {
    const { columns, row } = this.context.trace.locate(seq);
    return this.isIndex(columns.remote[row] as number) || this.isIndex(columns.local[row] as number);
  }

  private isIndex(index: number): boolean {
    const known = this.known.get(index);
    if (known !== undefined) return known;
    const endpoint = parseEndpoint(this.context.trace.string(index));
    const is = endpoint !== null && this.isPort(endpoint);
    this.known.set(index, is);
    return is;
  }

  private isPort(endpoint: Endpoint): boolean {
    return this.context.ports().at('udp', endpoint.port) === 'dns';
  }

  private ends(seq: number): { readonly local: Endpoint; readonly remote: Endpoint } {
    const { local, remote } = this.context.trace.at(seq);
    const none = { address: '', port: 0 };
    return { local: local ?? none, remote: remote ?? none };
  }
}

const keyOf = (from: Endpoint, to: Endpoint): string => `${from.port} ${to.port}`;
