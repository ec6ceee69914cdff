// Turns the facts of a trace into its story, piece by piece as they come: hosts, roles, sockets, connections with both streams,
// segments, datagrams, and the order of moments. Stands between the trace store and the views. What it must infer, infer.ts does.

import { eventSeq, roleIx, sockId, type HostIx } from '../base/brand';
import { U32List } from '../base/lists';
import { KIND_CODE } from './event';
import { CallTable } from './foldCalls';
import { ConnTable } from './foldConnections';
import type { Fold } from './foldContext';
import { Datagrams } from './foldDatagrams';
import { EndpointTable, HostTable, RoleTable, record, servicesOf, string } from './foldHosts';
import { nameProgram } from './foldPrograms';
import { MomentTable, isStep } from './foldMoments';
import { SampleTable } from './foldSamples';
import { SegmentTable } from './foldSegments';
import { SocketRow, SocketTable } from './foldSockets';
import { accepted, bytesReceived, bytesSent, callFailed, connectEnded, connectStarted, shutDown, streamClosed, streamEnded } from './foldTcp';
import { inferReuseAddr } from './infer';
import { CaptureSpans } from './joined/captureSpans';
import { Joiner } from './joined/joiner';
import { observedState, setState } from './inferStates';
import { tellStory } from './foldStory';
import type { TraceStore } from './store';
import type { Story } from './story';

export class StoryBuilder {
  readonly story: Story;
  private readonly fold: Fold;
  private readonly datagrams: Datagrams;
  /** What the kernel's packets add. */
  private readonly joiner: Joiner;
  private readonly spans = new CaptureSpans();
  private done = 0;
  private now = 0;
  private lab: Story['lab'] = null;
  /** Where the run took place, as Node names it ('linux'); '' when the trace does not tell. */
  private platform = '';
  /** By version, from 1: the first moment that it changed. */
  private readonly changes = new U32List();

  constructor(private readonly trace: TraceStore) {
    const ends = new EndpointTable(trace);
    const conns = new ConnTable(trace);
    const segments: SegmentTable = new SegmentTable(ends, (id) => conns.get(id), (end, sock) => this.hostAt(end, sock));
    const calls = new CallTable();
    const sockets = new SocketTable(ends);
    this.fold = {
      trace, ends, hosts: new HostTable(), roles: new RoleTable(), sockets, samples: new SampleTable(trace, ends, sockets), conns, segments, calls,
      moments: new MomentTable(trace, segments, calls),
    };
    this.joiner = new Joiner(this.fold);
    this.datagrams = new Datagrams(this.fold, this.joiner.datagrams);
    segments.wasMissed = (depart) => this.spans.covers(depart);
    this.story = tellStory(this.fold, this.changes, () => this.lab);
  }

  /** Works through the facts that came since the last call; the cost is theirs alone. True when there were any. */
  advance(): boolean {
    const end = this.trace.count;
    if (this.done === end) return false;
    while (this.done < end) this.fact(this.done++);
    this.spans.at(this.now);
    this.joiner.settle(this.now);
    this.changes.push(this.fold.moments.takeChanged());
    return true;
  }

  private fact(seq: number): void {
    const { fold } = this;
    const { columns, row: at } = fold.trace.locate(seq);
    const kind = columns.kind[at] as number;
    // Threads share one clock, but their facts may come in another order than their times: the story's time never falls.
    this.now = Math.max(this.now, columns.t[at] as number);
    const t = this.now;
    if (kind === KIND_CODE['socket.sampled']) return fold.samples.add(seq);
    if (kind === KIND_CODE['packet.captured']) return this.joiner.packet(seq, t);
    const sock = columns.sock[at] as number;
    const row = sock === 0 ? null : fold.sockets.get(sock);
    if (kind === KIND_CODE['role.started']) {
      fold.roles.add(columns.role[at] as number, columns.a[at] as number, fold.trace.string(columns.text[at] as number), t);
    }
    const role = fold.roles.get(columns.role[at] as number);
    role?.facts.push(seq);
    row?.facts.push(seq);
    if (isStep(kind)) fold.moments.push(seq, t, row === null ? null : row.conn);
    if (row !== null) this.socketFact(seq, t, kind, row);
    else if (sock !== 0) {
      if (kind === KIND_CODE['socket.opened']) this.opened(seq, t);
    } else this.sceneFact(seq, t, kind);
  }

  /** Facts that belong to no socket. */
  private sceneFact(seq: number, t: number, kind: number): void {
    const { fold } = this;
    const { columns, row: at } = fold.trace.locate(seq);
    const text = fold.trace.string(columns.text[at] as number);
    const err = fold.trace.string(columns.err[at] as number);
    if (kind === KIND_CODE['role.noted']) return nameProgram(fold, text);
    if (kind === KIND_CODE['host.added']) fold.hosts.add(columns.a[at] as number, text);
    else if (kind === KIND_CODE['role.ended']) {
      const role = fold.roles.get(columns.role[at] as number);
      if (role === null) return;
      fold.roles.end(role, eventSeq(seq), t, text, err);
      // The system closes what a program leaves open.
      for (const id of role.sockets) {
        const row = fold.sockets.get(id);
        if (row !== null && row.open) this.closed(row, seq, t, false);
      }
    } else if (kind === KIND_CODE['lab.started']) {
      const said = record(text);
      const params = said['params'];
      this.platform = string(said['platform']);
      this.lab = {
        id: string(said['lab']), params: typeof params === 'object' && params !== null ? (params as Record<string, unknown>) : {}, outcome: 'running', err: '', services: servicesOf(said['services']),
      };
    } else if (kind === KIND_CODE['capture.changed']) {
      this.spans.changed(t, columns.a[at] === 1);
      if (columns.a[at] !== 1) this.joiner.settle(t, true);
    } else if (kind === KIND_CODE['lab.ended']) {
      this.joiner.settle(t, true);
      this.datagrams.end();
      if (this.lab !== null) this.lab = { ...this.lab, outcome: text === 'stopped' || text === 'failed' ? text : 'reached', err };
    }
  }

  /** socket.opened */
  private opened(seq: number, t: number): void {
    const { fold } = this;
    const { columns, row: at } = fold.trace.locate(seq);
    // socket() failed: there is none.
    if (columns.err[at] !== 0) return;
    const role = fold.roles.get(columns.role[at] as number);
    const row = fold.sockets.add(new SocketRow(
      sockId(columns.sock[at] as number), roleIx(columns.role[at] as number), role?.host ?? (0 as HostIx), columns.a[at] as number,
      familyNamed(fold.trace.string(columns.text[at] as number)), columns.b[at] === 2 ? 'SOCK_DGRAM' : 'SOCK_STREAM', t,
    ));
    role?.sockets.push(row.id);
    row.facts.push(seq);
    if (row.type === 'SOCK_DGRAM') observedState(row, t, 'OPEN');
    else setState(row, t, 'CLOSED', [seq]);
  }

  private socketFact(seq: number, t: number, kind: number, row: SocketRow): void {
    const { fold } = this;
    const { columns, row: at } = fold.trace.locate(seq);
    const errIndex = columns.err[at] as number;
    const conn = row.conn;
    const a = columns.a[at] as number;
    switch (kind) {
      case KIND_CODE['bytes.sent']: {
        const size = columns.size[at] as number;
        if (conn === null) return;
        if (a < 0) callFailed(fold, row, conn, seq, t, fold.trace.string(errIndex));
        // A non-blocking send() leaves the rest with the program.
        else if (size > 0) bytesSent(fold, row, conn, seq, t, columns.offset[at] as number, columns.b[at] === 1 ? a : size, a);
        return;
      }
      case KIND_CODE['bytes.received']:
        if (conn !== null && columns.size[at] !== 0) bytesReceived(fold, row, conn, seq, t, columns.offset[at] as number, columns.size[at] as number);
        return;
      case KIND_CODE['send.ended']:
        if (conn === null) return;
        (row.isServer ? conn.down : conn.up).mark(seq, columns.offset[at] as number);
        if (errIndex !== 0) callFailed(fold, row, conn, seq, t, fold.trace.string(errIndex));
        return;
      case KIND_CODE['stream.ended']:
        if (conn !== null) streamEnded(fold, row, conn, seq, t);
        return;
      case KIND_CODE['datagram.sent']:
        if (a >= 0) this.datagrams.sent(row, seq, t, this.localEnd(seq), this.remoteEnd(seq), columns.size[at] as number);
        else if (fold.trace.string(errIndex) === 'ECONNREFUSED') this.datagrams.refused(row, seq, t);
        return;
      case KIND_CODE['datagram.received']:
        this.datagrams.received(row, seq, t, this.localEnd(seq), this.remoteEnd(seq));
        return;
      case KIND_CODE['socket.bound']:
        if (row.type === 'SOCK_STREAM' && row.family !== 'AF_UNIX') inferReuseAddr(fold, row, seq, t, this.platform);
        if (errIndex === 0) this.bound(row, seq, t);
        return;
      case KIND_CODE['socket.listened']:
        if (errIndex === 0) this.listened(row, seq, t);
        return;
      case KIND_CODE['connect.started']:
        if (row.type === 'SOCK_STREAM') connectStarted(fold, row, seq, t, this.remoteEnd(seq));
        return;
      case KIND_CODE['connect.ended']:
        this.connected(row, seq, t, fold.trace.string(errIndex));
        return;
      case KIND_CODE['connection.accepted']:
        if (errIndex === 0) accepted(fold, row, seq, t, a, columns.b[at] as number, this.localEnd(seq), this.remoteEnd(seq));
        return;
      case KIND_CODE['stream.shutdown']:
        if (conn !== null && errIndex === 0) shutDown(fold, row, conn, seq, t, a);
        else if (conn !== null) callFailed(fold, row, conn, seq, t, fold.trace.string(errIndex));
        return;
      case KIND_CODE['socket.closed']:
        this.closed(row, seq, t, a === 1);
        return;
      case KIND_CODE['call.failed']: {
        const err = fold.trace.string(errIndex);
        if (conn !== null) callFailed(fold, row, conn, seq, t, err);
        else if (row.type === 'SOCK_DGRAM' && err === 'ECONNREFUSED') this.datagrams.refused(row, seq, t);
      }
    }
  }

  private bound(row: SocketRow, seq: number, t: number): void {
    row.localEnd = this.localEnd(seq);
    if (row.type !== 'SOCK_DGRAM') return;
    this.fold.sockets.serve(row);
    observedState(row, t, 'BOUND');
  }

  private listened(row: SocketRow, seq: number, t: number): void {
    const local = this.localEnd(seq);
    if (local !== 0) row.localEnd = local;
    row.purpose = 'listening';
    this.fold.sockets.serve(row);
    setState(row, t, 'LISTEN', [seq]);
  }

  private connected(row: SocketRow, seq: number, t: number, err: string): void {
    const remote = this.remoteEnd(seq);
    if (row.type === 'SOCK_STREAM') {
      connectEnded(this.fold, row, seq, t, this.localEnd(seq), remote !== 0 ? remote : row.remoteEnd, err);
      return;
    }
    if (err !== '') return;
    row.remoteEnd = remote;
    const local = this.localEnd(seq);
    if (local === 0) return;
    row.localEnd = local;
    this.fold.sockets.serve(row);
    observedState(row, t, 'BOUND');
  }

  private closed(row: SocketRow, seq: number, t: number, linger0: boolean): void {
    if (!row.open) return;
    row.closedAt = t;
    row.closedSeq = seq;
    if (row.type === 'SOCK_STREAM') streamClosed(this.fold, row, seq, t, linger0);
    else {
      this.fold.sockets.leave(row);
      observedState(row, t, 'CLOSED');
    }
  }

  private localEnd(seq: number): number {
    const { columns, row } = this.fold.trace.locate(seq);
    return this.fold.ends.ofIndex(columns.local[row] as number);
  }

  private remoteEnd(seq: number): number {
    const { columns, row } = this.fold.trace.locate(seq);
    return this.fold.ends.ofIndex(columns.remote[row] as number);
  }

  /** Whose endpoint it is, for datagrams. */
  private hostAt(end: number, sock: number): HostIx {
    const { sockets, hosts, ends } = this.fold;
    const own = sock === 0 ? null : sockets.get(sock);
    if (own !== null) return own.host;
    const address = ends.get(end).address;
    const named = hosts.named.get(`udp ${end}`);
    if (named !== undefined) return named;
    const ours = this.datagrams.isForeign(end) ? undefined : (sockets.lastAt(end, 'SOCK_DGRAM')?.host ?? hosts.ours(address)[0]?.index);
    return ours ?? (hosts.hasForeign(address) ? hosts.foreign(address) : (0 as HostIx));
  }
}

const familyNamed = (text: string): SocketRow['family'] => (text === 'AF_INET6' || text === 'AF_UNIX' ? text : 'AF_INET');
