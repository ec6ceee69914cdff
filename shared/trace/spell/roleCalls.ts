// The facts of one role as calls: what was called and what returned are one call, with what the calls have told of each socket (options,
// backlog, addresses). Grows with the trace; keeps numbers only, the lines of code are spelled when they are drawn (spell.ts).

import { I32List, U32List } from '../../base/lists';
import { endpointText } from '../endpoint';
import type { EventKind, Fact } from '../event';
import type { TraceStore } from '../store';
import type { RoleModel, Story } from '../story';
import { SocketNames } from './names';

/** An option that was set, by a fact or as an inferred call. */
export interface OptionSet {
  readonly text: string;
  readonly seq: number;
  /** Its inferred call; null for a fact. */
  readonly inferred: number | null;
}

/** What calls told of a socket, and the facts from which on it is known. Infinite: never. */
export interface Told {
  readonly options: OptionSet[];
  backlog: number | null;
  localSince: number;
  remoteSince: number;
}

/** What is said of an address in the code: it answers the datagram before, or it has been declared. */
export const REPLY = 1;
export const DECLARED = 2;

/** What a kind of fact does to the calls: one by itself, the call of one that may wait, or the return of that. */
const BEGINS: ReadonlyMap<EventKind, string> = new Map([['connect.started', 'connect'], ['accept.started', 'accept'], ['recv.started', 'recv'], ['recvfrom.started', 'recvfrom'], ['select.started', 'select']]);
const RETURNS: ReadonlyMap<EventKind, string> = new Map([
  ['connect.ended', 'connect'], ['connection.accepted', 'accept'], ['bytes.received', 'recv'], ['stream.ended', 'recv'], ['datagram.received', 'recvfrom'], ['send.ended', 'send'],
  ['select.returned', 'select'],
]);
const ALONE: ReadonlySet<EventKind> = new Set<EventKind>([
  'role.printed', 'role.ended', 'socket.opened', 'option.set', 'socket.bound', 'socket.listened', 'stream.shutdown', 'socket.closed', 'datagram.sent',
]);

export class RoleCalls {
  /** First fact of each call; of an inferred one the fact that tells of it. */
  readonly starts = new U32List();
  /** Its return; its only fact; -1 while there is none. */
  readonly ends = new I32List();
  /** Its id among the inferred calls; -1 for others. */
  readonly inferred = new I32List();
  readonly flags = new U32List();
  /** The calls of select(). */
  readonly selects = new U32List();
  readonly names = new SocketNames();
  /** The call that each fact of the role belongs to; -1 for none. Beside RoleModel.facts. */
  readonly callOf = new I32List();
  private readonly told = new Map<number, Told>();
  /** Calls that wait, by socket and name. */
  private readonly open = new Map<string, number>();
  private readonly sources = new Map<number, string>();
  private readonly declared = new Map<number, string>();
  private readonly byFact = new Map<number, number[]>();
  private inferredSeen = 0;

  get count(): number {
    return this.starts.length;
  }

  /** What is known of a socket. */
  toldOf(sock: number): Told {
    const known = this.told.get(sock);
    if (known !== undefined) return known;
    const fresh: Told = { options: [], backlog: null, localSince: Number.POSITIVE_INFINITY, remoteSince: Number.POSITIVE_INFINITY };
    this.told.set(sock, fresh);
    return fresh;
  }

  /** Takes in what the role has done since. */
  advance(story: Story, trace: TraceStore, role: RoleModel): void {
    for (; this.inferredSeen < story.calls.count; this.inferredSeen++) {
      const call = story.calls.at(this.inferredSeen);
      if (call.role !== role.index || call.provenance.evidence !== 'inferred') continue;
      const from = call.provenance.from[0];
      if (from !== undefined) this.byFact.set(from, [...(this.byFact.get(from) ?? []), call.id]);
    }
    while (this.callOf.length < role.facts.length) {
      const seq = role.facts.at(this.callOf.length);
      const fact = trace.at(seq);
      for (const id of this.byFact.get(seq) ?? []) {
        const call = story.calls.at(id);
        this.push(seq, seq, id);
        this.toldOf(call.sock).options.push({ text: call.text, seq, inferred: id });
      }
      this.names.add(fact);
      this.callOf.push(this.take(fact));
      this.tell(fact);
    }
  }

  /** The call that the fact belongs to; -1: it is none. */
  private take(fact: Fact): number {
    const { kind, seq, sock } = fact;
    const begins = BEGINS.get(kind);
    if (begins !== undefined) return this.begin(fact, begins);
    if (kind === 'bytes.sent') {
      const short = this.open.get(`${sock} send`);
      // The one before did not wait after all: it returned with fewer bytes.
      if (short !== undefined) this.ends.set(short, this.starts.at(short));
      this.open.delete(`${sock} send`);
      if (fact.err === '' && fact.b !== 1 && fact.a < fact.size) return this.begin(fact, 'send');
      return this.push(seq, seq, -1);
    }
    const returns = RETURNS.get(kind) ?? (kind === 'call.failed' ? fact.text : undefined);
    if (returns !== undefined) return this.end(fact, returns);
    if (!ALONE.has(kind)) return -1;
    return this.push(seq, seq, -1, kind === 'datagram.sent' ? this.addressed(fact) : 0);
  }

  private begin(fact: Fact, name: string): number {
    const call = this.push(fact.seq, -1, -1, name === 'connect' ? this.addressed(fact) : 0);
    this.open.set(`${fact.sock} ${name}`, call);
    if (name === 'select') this.selects.push(call);
    return call;
  }

  private end(fact: Fact, name: string): number {
    const key = `${fact.sock} ${name}`;
    const call = this.open.get(key);
    if (call === undefined) return this.push(fact.seq, fact.seq, -1);
    this.open.delete(key);
    this.ends.set(call, fact.seq);
    return call;
  }

  private push(start: number, end: number, inferred: number, flags = 0): number {
    this.starts.push(start);
    this.ends.push(end);
    this.inferred.push(inferred);
    this.flags.push(flags);
    return this.starts.length - 1;
  }

  private addressed({ sock, remote }: Fact): number {
    if (remote === null) return 0;
    const to = endpointText(remote.address, remote.port);
    if (this.sources.get(sock) === to && !this.declared.has(sock)) return REPLY;
    if (this.declared.get(sock) === to) return DECLARED;
    this.declared.set(sock, to);
    return 0;
  }

  private tell(fact: Fact): void {
    const { kind, seq, sock } = fact;
    if (fact.err !== '') return;
    const about = kind === 'connection.accepted' ? this.toldOf(fact.a) : sock === 0 ? null : this.toldOf(sock);
    if (about === null) return;
    if (kind === 'option.set') about.options.push({ text: fact.text, seq, inferred: null });
    if (kind === 'socket.listened') about.backlog = fact.a;
    if (kind === 'datagram.received' && fact.remote !== null) this.sources.set(sock, endpointText(fact.remote.address, fact.remote.port));
    // A datagram has its own peer; only connect() and accept() give a socket one.
    if (fact.local !== null) about.localSince = Math.min(about.localSince, seq);
    if (kind === 'connect.started' || kind === 'connection.accepted') about.remoteSince = Math.min(about.remoteSince, seq);
  }
}
