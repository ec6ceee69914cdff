// Turns the facts of a trace, with its story, into its application story: piece by piece as they come, each fact once. Stands between
// the story and the views of the web labs. What the bytes mean is said by the dissectors and by the codecs beneath them.

import { eventSeq, micros, roleIx } from '../../base/brand';
import { KIND_CODE, type Endpoint } from '../event';
import { parseNote } from '../notes';
import type { TraceStore } from '../store';
import type { Story } from '../story';
import { AppConn, type Channel } from './appConn';
import type { AppContext } from './appContext';
import type { AppStory, ConnClosing } from './appStory';
import { tellApp, type AppNotes } from './appReader';
import { Datagrams, type DatagramUser } from './datagrams';
import { DnsDatagrams } from './dnsDatagrams';
import { DnsFold } from './dnsFold';
import { Dissectors } from './dissectors';
import { ExchangeTable } from './exchangeTable';
import { APP_LIMITS, type AppLimits } from './limits';
import { Lookups } from './lookups';
import { MessageTable } from './messageTable';
import type { PortProtocol } from '../../codec/recognize';
import { Ports } from './ports';
import { readPacket } from './packets';
import { SessionTable } from './sessionTable';
import { TrackerDatagrams } from './trackerDatagrams';

const NOWHERE: Endpoint = { address: '', port: 0 };

export class AppBuilder {
  readonly app: AppStory;
  private readonly context: AppContext;
  private readonly dissectors: Dissectors;
  private readonly datagrams: Datagrams;
  private readonly dnsDatagrams: DnsDatagrams;
  private readonly conns: AppConn[] = [];
  private readonly ofSock = new Map<number, AppConn>();
  /** Sockets in connect(), by id. */
  private readonly connecting = new Map<number, { readonly seq: number; readonly t: number; readonly lookup: AppConn['lookup'] }>();
  private readonly notes: AppNotes = [];
  private readonly closings: ConnClosing[] = [];
  private ports: Ports | null = null;
  private done = 0;
  private version = 0;

  /** Give it the story of the trace; call advance() after the story's own. */
  constructor(private readonly trace: TraceStore, private readonly story: Story, private readonly limits: AppLimits = APP_LIMITS) {
    const messages = new MessageTable(story, limits.messages);
    const lookups = new Lookups();
    this.context = {
      trace, story, limits, messages, lookups, exchanges: new ExchangeTable(messages, story), sessions: new SessionTable(story),
      dns: new DnsFold(messages, lookups, story), ports: () => this.knownPorts(),
    };
    this.context.sessions.join(this.context);
    this.dissectors = new Dissectors(this.context);
    this.dnsDatagrams = new DnsDatagrams(this.context);
    this.datagrams = new Datagrams(this.context, new Map<PortProtocol, DatagramUser>([['dns', this.dnsDatagrams], ['bt-tracker', new TrackerDatagrams(this.context)]]));
    this.app = tellApp({
      context: this.context, dissectors: this.dissectors, datagrams: this.datagrams, notes: this.notes, closings: this.closings, version: () => this.version,
      ofSock: (sock) => this.ofSock.get(sock) ?? null, ofConn: (id) => this.conns[id - 1] ?? null,
    });
  }

  /** Works through the facts that came since the last call; the cost is theirs alone. True when there were any. */
  advance(): boolean {
    const end = this.trace.count;
    if (this.done === end) return false;
    while (this.done < end) this.fact(this.done++);
    const { messages, exchanges, sessions, dns, lookups } = this.context;
    messages.refresh((row) => {
      exchanges.messageChanged(row);
      sessions.messageChanged(row);
      dns.messageChanged(row);
    });
    exchanges.refresh();
    sessions.refresh();
    dns.refresh();
    lookups.refresh();
    this.version++;
    return true;
  }

  private fact(seq: number): void {
    const { columns, row } = this.trace.locate(seq);
    const sock = columns.sock[row] as number;
    switch (columns.kind[row]) {
      case KIND_CODE['bytes.sent']: return this.sent(seq, sock);
      case KIND_CODE['bytes.received']: return this.received(seq, sock);
      case KIND_CODE['send.ended']: return this.sendEnded(seq, sock);
      case KIND_CODE['datagram.sent']:
        if ((columns.a[row] as number) >= 0) this.datagrams.sent(seq);
        return;
      case KIND_CODE['datagram.received']: return this.datagrams.received(seq);
      case KIND_CODE['packet.captured']: return this.packet(seq);
      case KIND_CODE['plaintext.sent']:
      case KIND_CODE['plaintext.received']: return this.plaintext(seq, sock);
      case KIND_CODE['fault.applied']:
        if (this.trace.at(seq).text === 'loss') this.dnsDatagrams.lost(sock);
        return;
      case KIND_CODE['stream.ended']: return this.ends(sock, false, true);
      case KIND_CODE['stream.shutdown']:
        if (columns.a[row] !== 0 && columns.err[row] === 0) this.ends(sock, true, true);
        return;
      case KIND_CODE['socket.closed']: return this.closed(seq, sock, columns.a[row] === 1);
      case KIND_CODE['call.failed']: return this.failed(seq, sock);
      case KIND_CODE['connect.started']: return this.connects(seq, sock);
      case KIND_CODE['connect.ended']: return this.connected(seq, sock);
      case KIND_CODE['connection.accepted']: return this.accepted(seq);
      case KIND_CODE['tls.secured']: case KIND_CODE['tls.failed']: case KIND_CODE['key.logged']: return this.tls(seq, sock);
      case KIND_CODE['role.noted']: return this.noted(seq);
      case KIND_CODE['role.ended']: return this.roleEnded(seq);
      default:
    }
  }

  private packet(seq: number): void {
    this.closings.push(...readPacket(this.context, this.datagrams, (id) => this.connOf(id), seq));
  }

  private connOf(id: number): AppConn {
    while (this.conns.length < id) this.conns.push(new AppConn(this.conns.length + 1, this.context, (protocol, channel) => this.dissectors.make(protocol, channel)));
    return this.conns[id - 1] as AppConn;
  }

  private sent(seq: number, sock: number): void {
    const conn = this.ofSock.get(sock);
    const { columns, row } = this.trace.locate(seq);
    const size = columns.size[row] as number;
    if (conn === undefined || size === 0 || (columns.a[row] as number) < 0) return;
    const { wire } = conn;
    const dir = conn.isServer(sock) ? 'down' : 'up';
    const stream = wire[dir];
    const offset = columns.offset[row] as number;
    stream.write(seq, offset, size, columns.a[row] as number);
    if (offset < stream.fed) this.context.messages.sent(stream, offset, offset + size);
    wire.pump(dir);
    // Bytes for a socket that is closed are answered with RST.
    if (conn.clientClosed !== null || conn.serverClosed !== null) this.context.exchanges.connChanged(conn);
  }

  private received(seq: number, sock: number): void {
    const conn = this.ofSock.get(sock);
    const { columns, row } = this.trace.locate(seq);
    const size = columns.size[row] as number;
    if (conn === undefined || size === 0) return;
    const dir = conn.isServer(sock) ? 'up' : 'down';
    this.read(conn.wire, dir, seq, columns.offset[row] as number, size);
  }

  private read(channel: Channel, dir: 'up' | 'down', seq: number, offset: number, size: number): void {
    const { messages, dns } = this.context;
    const stream = channel[dir];
    stream.read(seq, offset, size);
    channel.pump(dir);
    messages.arrived(stream);
    const above = channel.carrier === 'tcp' ? channel.conn.inner : null;
    if (above !== null && above[dir].readBeneath(stream.received)) messages.arrived(above[dir]);
    if (channel.protocol !== 'dns' || dir === 'up') return;
    for (const id of messages.between(stream, offset, offset + size)) {
      const message = messages.get(id);
      if (message !== null && message.end <= stream.received) dns.learned(message, this.trace.t(seq), this.trace.at(seq).role);
    }
  }

  private sendEnded(seq: number, sock: number): void {
    const conn = this.ofSock.get(sock);
    if (conn === undefined) return;
    const { columns, row } = this.trace.locate(seq);
    const stream = conn.wire[conn.isServer(sock) ? 'down' : 'up'];
    const from = stream.taken;
    stream.mark(seq, columns.offset[row] as number);
    this.context.messages.sent(stream, from, stream.taken);
  }

  private plaintext(seq: number, sock: number): void {
    const conn = this.ofSock.get(sock);
    const { columns, row } = this.trace.locate(seq);
    const size = columns.size[row] as number;
    if (conn === undefined || size === 0) return;
    const inner = conn.plaintext();
    const offset = columns.offset[row] as number;
    const isServer = conn.isServer(sock);
    if (columns.kind[row] === KIND_CODE['plaintext.received']) this.read(inner, isServer ? 'up' : 'down', seq, offset, size);
    else {
      const dir = isServer ? 'down' : 'up';
      inner[dir].write(seq, offset, size, size);
      if (offset < inner[dir].fed) this.context.messages.sent(inner[dir], offset, offset + size);
      inner.pump(dir);
    }
    this.context.sessions.plaintext(conn);
  }

  /** A direction is over: the socket's own one, or that of its peer. */
  private ends(sock: number, own: boolean, clean: boolean): void {
    const conn = this.ofSock.get(sock);
    if (conn === undefined) return;
    const dir = conn.isServer(sock) === own ? 'down' : 'up';
    for (const channel of conn.channels()) channel.end(dir, clean);
    this.context.exchanges.connChanged(conn);
  }

  private closed(seq: number, sock: number, abort: boolean): void {
    const conn = this.ofSock.get(sock);
    if (conn === undefined) return;
    const mark = { seq, t: this.trace.t(seq) };
    if (conn.serverClosed === null && conn.clientClosed === null) this.closings.push({ conn: conn.id, at: micros(mark.t), seq: eventSeq(seq) });
    if (conn.isServer(sock)) conn.serverClosed ??= mark;
    else conn.clientClosed ??= mark;
    if (abort) conn.broken = true;
    this.ends(sock, true, !abort && !conn.broken);
  }

  private failed(seq: number, sock: number): void {
    const conn = this.ofSock.get(sock);
    if (conn === undefined) return;
    const err = this.trace.at(seq).err;
    if (err !== 'ECONNRESET' && err !== 'EPIPE' && err !== 'ETIMEDOUT') return;
    if (err !== 'EPIPE') conn.broken = true;
    this.ends(sock, false, false);
    if (conn.broken) this.ends(sock, true, false);
  }

  private connects(seq: number, sock: number): void {
    const fact = this.trace.at(seq);
    const lookup = fact.remote === null ? null : this.context.lookups.use(fact.role, fact.remote.address, fact.t);
    this.connecting.set(sock, { seq, t: fact.t, lookup });
  }

  private connected(seq: number, sock: number): void {
    const fact = this.trace.at(seq);
    const begun = this.connecting.get(sock) ?? null;
    this.connecting.delete(sock);
    if (fact.err !== '') return;
    const conn = this.join(sock, false, fact.local ?? NOWHERE, fact.remote ?? NOWHERE);
    if (conn === null) return;
    conn.connectStarted = begun;
    conn.connectEnded = { seq, t: fact.t };
    conn.lookup = begun?.lookup ?? null;
    this.joined(conn);
  }

  private accepted(seq: number): void {
    const fact = this.trace.at(seq);
    if (fact.err !== '') return;
    const conn = this.join(fact.a, true, fact.remote ?? NOWHERE, fact.local ?? NOWHERE);
    if (conn !== null) this.joined(conn);
  }

  /** The connection that the story gives this socket; null for a datagram socket. */
  private join(sock: number, isServer: boolean, client: Endpoint, server: Endpoint): AppConn | null {
    const id = this.story.socket(sock as Parameters<Story['socket']>[0])?.conn ?? null;
    if (id === null) return null;
    const conn = this.connOf(id);
    conn.join(sock, isServer, client, server);
    this.ofSock.set(sock, conn);
    return conn;
  }

  /** What was said of its messages lacked a socket. */
  private joined(conn: AppConn): void {
    for (const channel of conn.channels()) for (const dir of ['up', 'down'] as const) this.context.messages.sent(channel[dir], 0, channel[dir].known);
    this.context.exchanges.connJoined(conn);
    this.context.sessions.connJoined(conn);
  }

  private tls(seq: number, sock: number): void {
    const conn = this.ofSock.get(sock);
    const fact = this.trace.at(seq);
    if (sock === 0 && fact.kind === 'key.logged') return this.context.sessions.keyOfCapture(fact.text);
    if (conn === undefined) return;
    if (fact.kind === 'tls.secured' && !conn.isServer(sock)) conn.clientSecured ??= { seq, t: fact.t };
    this.context.sessions.told(conn, fact, conn.isServer(sock));
    if (fact.kind === 'tls.secured') this.context.exchanges.connJoined(conn);
  }

  private noted(seq: number): void {
    const fact = this.trace.at(seq);
    const note = parseNote(fact.text);
    if (note === null || this.notes.length >= this.limits.notes) return;
    this.notes.push({ seq: eventSeq(seq), t: micros(fact.t), role: roleIx(fact.role), note });
    if (note.topic === 'page.visit' || note.topic === 'page.met') this.context.exchanges.want(fact.role, String(note.url), fact.t);
    else this.context.lookups.note(fact.role, note, seq, fact.t);
  }

  /** The system closes what a program leaves open. */
  private roleEnded(seq: number): void {
    const { columns, row } = this.trace.locate(seq);
    for (const sock of this.story.role(roleIx(columns.role[row] as number))?.sockets ?? []) {
      const conn = this.ofSock.get(sock);
      if (conn !== undefined && (conn.isServer(sock) ? conn.serverClosed : conn.clientClosed) === null) this.closed(seq, sock, false);
    }
  }

  /** The lab's first fact says what its ports stand for. */
  private knownPorts(): Ports {
    this.ports ??= new Ports(this.story.lab?.services ?? []);
    return this.ports;
  }
}

