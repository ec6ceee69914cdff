// For tests: writes the facts of small scenes through the real TraceWriter, as taps would, in a few readable lines.
// A kernel in miniature (fixtureTcp.ts, fixtureUdp.ts) says what each call returns. Never part of the product's own paths.

import type { RoleKind, Service } from './about';
import { endpointText } from './endpoint';
import { KIND_CODE, type Endpoint, type EventKind } from './event';
import { StoryBuilder } from './fold';
import { LIMITS, type TraceLimits } from './limits';
import type { Note } from './notes';
import { TraceStore } from './store';
import { ListenEnd, dial, dialForeign, type ForeignEnd, type TcpEnd } from './fixtureTcp';
import { UdpEnd } from './fixtureUdp';
import { TraceWriter } from './writer';

/** The columns of a fact; what is left out is empty. */
export interface FactFields {
  readonly role?: number;
  readonly sock?: number;
  readonly a?: number;
  readonly b?: number;
  readonly err?: string;
  readonly local?: Endpoint | null;
  readonly remote?: Endpoint | null;
  readonly offset?: number;
  readonly size?: number;
  readonly bytes?: Uint8Array | null;
  readonly text?: string;
}

/** Starts a scene, on a platform that the trace names or on none: `const s = scenario(); const server = s.role('server', '127.0.20.1', 'server'); ...` */
export const scenario = (lab = 'test', platform = '', options: SceneOptions = {}): Scenario => new Scenario(lab, platform, options);

export interface SceneOptions {
  /** What the lab's ports stand for. */
  readonly services?: readonly Service[];
  /** What the writer keeps. */
  readonly limits?: TraceLimits;
}

export class Scenario {
  /** Time of the next fact, in microseconds; each fact adds `step`. */
  now = 0;
  step = 10;
  readonly listening = new Map<string, ListenEnd>();
  readonly bound = new Map<string, UdpEnd>();
  private readonly store = new TraceStore();
  private readonly writer: TraceWriter;
  private readonly hosts = new Map<string, number>();
  private roles = 0;
  private socks = 0;
  private fds = 20;
  private ports = 40_000;

  constructor(lab: string, platform: string, options: SceneOptions) {
    const { services, limits = LIMITS } = options;
    this.writer = new TraceWriter((batch) => this.store.append(batch), limits);
    this.fact('lab.started', {
      text: JSON.stringify({ lab, params: {}, startedAt: '2030-01-01T00:00:00.000Z', ...(platform !== '' && { platform }), ...(services !== undefined && { services }) }),
    });
  }

  /** Writes one fact; returns its sequence number. */
  fact(kind: EventKind, fields: FactFields = {}): number {
    const index = (endpoint: Endpoint | null | undefined): number =>
      endpoint ? this.writer.intern(endpointText(endpoint.address, endpoint.port)) : 0;
    const bytes = fields.bytes ?? null;
    const seq = this.writer.write(
      this.now, KIND_CODE[kind], fields.role ?? 0, fields.sock ?? 0, fields.a ?? 0, fields.b ?? 0,
      this.writer.intern(fields.err ?? ''), index(fields.local), index(fields.remote),
      fields.offset ?? 0, fields.size ?? bytes?.length ?? 0, bytes, this.writer.intern(fields.text ?? ''),
    );
    this.now += this.step;
    return seq;
  }

  /** Lets time pass. */
  wait(us: number): this {
    this.now += us;
    return this;
  }

  /** A host; the first role on an address makes it by itself. */
  host(id: string, address: string, program = ''): number {
    const index = this.hosts.size + 1;
    this.hosts.set(`${id} ${address}`, index);
    this.fact('host.added', { a: index, text: JSON.stringify({ id, name: id, address, program }) });
    return index;
  }

  /** Starts a role on the host of that address. */
  role(id: string, address: string, kind: RoleKind, hostId = id): Actor {
    const host = this.hosts.get(`${hostId} ${address}`) ?? this.host(hostId, address);
    const role = ++this.roles;
    this.fact('role.started', { role, a: host, text: JSON.stringify({ id, name: id, kind }) });
    return new Actor(this, role, address);
  }

  /** A program that is not ours connects to a listening socket: no fact of its own. */
  foreignClient(listener: ListenEnd, address = '127.0.0.1'): ForeignEnd {
    return dialForeign(this, listener, { address, port: this.ephemeralPort() });
  }

  /** A program that is not ours listens; its `accept()` gives the other end of our connections. */
  foreignServer(address: string, port: number): ListenEnd {
    return new ListenEnd(this, 0, 0, { address, port });
  }

  action(action: string, args: Readonly<Record<string, unknown>> = {}): number {
    return this.fact('action.taken', { text: JSON.stringify({ action, args }) });
  }

  end(outcome: 'reached' | 'stopped' | 'failed' = 'reached', err = ''): this {
    this.fact('lab.ended', { text: outcome, err });
    return this;
  }

  newSock(): number {
    return ++this.socks;
  }

  newFd(): number {
    return ++this.fds;
  }

  ephemeralPort(): number {
    return ++this.ports;
  }

  /** The trace with everything written so far; it may be asked again after more facts. */
  trace(): TraceStore {
    if (this.writer.pending) this.store.append(this.writer.take());
    return this.store;
  }

  /** The trace with its story. */
  told(): { readonly trace: TraceStore; readonly story: StoryBuilder['story']; readonly builder: StoryBuilder } {
    const trace = this.trace();
    const builder = new StoryBuilder(trace);
    builder.advance();
    return { trace, story: builder.story, builder };
  }
}

/** A running role. */
export class Actor {
  private readonly open = new Set<{ close(): void; readonly closed: boolean }>();

  constructor(readonly scene: Scenario, readonly role: number, readonly address: string) {}

  /** socket(), bind(), listen(). */
  listen(port: number, address = this.address): ListenEnd {
    const sock = this.scene.newSock();
    const local = { address, port };
    this.scene.fact('socket.opened', { role: this.role, sock, a: this.scene.newFd(), b: 1, text: 'AF_INET' });
    if (this.scene.listening.has(endpointText(address, port))) {
      this.scene.fact('socket.bound', { role: this.role, sock, local, err: 'EADDRINUSE' });
      this.scene.fact('socket.closed', { role: this.role, sock });
      throw new Error('EADDRINUSE');
    }
    this.scene.fact('socket.bound', { role: this.role, sock, local });
    this.scene.fact('socket.listened', { role: this.role, sock, a: 511, local });
    return this.keep(new ListenEnd(this.scene, this.role, sock, local));
  }

  /** socket(), connect(), and its return. Null when it was refused. */
  connect(remote: Endpoint): TcpEnd | null {
    const calling = this.dial(remote);
    return calling.end();
  }

  /** socket() and connect(); `end()` is its return, so that accept() may come before it. */
  dial(remote: Endpoint): ReturnType<typeof dial> {
    return dial(this.scene, this.role, { address: this.address, port: this.scene.ephemeralPort() }, remote, (end) => this.keep(end));
  }

  /** socket() of a datagram socket, and bind() when a port is given. */
  udp(port: number | null = null): UdpEnd {
    return this.keep(new UdpEnd(this.scene, this.role, this.address, port));
  }

  print(text: string): number {
    return this.scene.fact('role.printed', { role: this.role, text });
  }

  /** What the program says of its own decisions. */
  note(note: Note): number {
    return this.scene.fact('role.noted', { role: this.role, text: JSON.stringify(note) });
  }

  /** The program ends; the system closes what it left open. */
  end(how: 'done' | 'killed' | 'failed' = 'done', err = ''): number {
    for (const socket of this.open) if (!socket.closed) socket.close();
    return this.scene.fact('role.ended', { role: this.role, text: how, err });
  }

  keep<T extends { close(): void; readonly closed: boolean }>(socket: T): T {
    this.open.add(socket);
    return socket;
  }
}
