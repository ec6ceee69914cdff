import { describe, expect, it } from 'vitest';
import type { ConnId, SockId } from '../base/brand';
import { scenario, type Scenario } from './fixture';
import { echoClosesEarly, echoHalfCloses, udpUppercase } from './fixtureScenes';
import { StoryBuilder } from './fold';
import { TraceStore } from './store';
import { TraceWriter } from './writer';
import type { Story } from './story';

const SERVER = { address: '127.0.20.1', port: 7007 };
const all = (list: { readonly length: number; at(index: number): number }): number[] => Array.from({ length: list.length }, (_, n) => list.at(n));
const moments = (story: Story) => Array.from({ length: story.moments.count }, (_, n) => story.moments.at(n));
const segments = (story: Story) => Array.from({ length: story.segments.count }, (_, n) => story.segments.at(n));

/** A server that listens and a client, on hosts of their own. */
function pair(s: Scenario) {
  const server = s.role('server', SERVER.address, 'server');
  const listener = server.listen(SERVER.port);
  const client = s.role('client', '127.0.20.2', 'client');
  return { server, listener, client };
}

/** Everything that a reader can see of a story, as plain data. */
function whole(story: Story): unknown {
  return {
    hosts: story.hosts,
    roles: story.roles.map((role) => ({ ...role, facts: all(role.facts) })),
    sockets: Array.from({ length: story.sockets.count }, (_, n) => ({ ...story.sockets.at(n), facts: all(story.sockets.at(n).facts) })),
    connections: Array.from({ length: story.connections.count }, (_, n) => {
      const { up, down, ...rest } = story.connections.at(n);
      return { ...rest, up: [all(up.writes), all(up.reads), up.sent, up.received, up.ended], down: [all(down.writes), all(down.reads), down.sent, down.received, down.ended] };
    }),
    segments: segments(story).map(({ id: _, ...rest }) => rest).sort((a, b) => a.depart - b.depart || a.kind.localeCompare(b.kind)),
    moments: moments(story).map(({ segment: _, ...rest }) => rest),
    lab: story.lab,
  };
}

describe('the story of a trace', () => {
  it('knows hosts, roles and how they ended', () => {
    const { story } = echoClosesEarly().told();
    expect(story.hosts.map((host) => [host.id, host.address, host.foreign])).toEqual([['server', '127.0.20.1', false], ['client', '127.0.20.2', false]]);
    expect(story.roles.map((role) => [role.id, role.kind, story.host(role.host)?.id, role.ended?.how ?? null])).toEqual([
      ['server', 'server', 'server', null], ['client', 'client', 'client', 'done'],
    ]);
    expect(story.lab).toEqual({ id: 'tcp-echo', params: {}, outcome: 'reached', err: '', services: [] });
  });

  it('tells the listening socket from the connected one', () => {
    const { story } = echoClosesEarly().told();
    const sockets = [1, 2, 3].map((id) => story.socket(id as SockId));
    expect(sockets.map((socket) => [socket?.purpose, socket?.local, socket?.remote, socket?.acceptedBy, socket?.conn])).toEqual([
      ['listening', SERVER, null, null, null],
      ['connected', { address: '127.0.20.2', port: 40001 }, SERVER, null, 1],
      ['connected', SERVER, { address: '127.0.20.2', port: 40001 }, 1, 1],
    ]);
  });

  it('pairs the two ends of a connection and follows every byte by its offset', () => {
    const { story, trace } = echoClosesEarly().told();
    expect(story.connections.count).toBe(1);
    const connection = story.connection(1 as ConnId);
    expect([connection?.client.sock, connection?.server.sock, connection?.outcome]).toEqual([2, 3, 'reset']);
    const data = segments(story).filter((segment) => segment.kind === 'data');
    expect(data.map((segment) => [segment.dir, segment.offset, segment.size, segment.fate, segment.arrive])).toEqual([
      ['up', 0, 10, 'read', 170], ['up', 10, 8, 'read', 170], ['up', 18, 3, 'read', 170], ['down', 0, 21, 'partly', 200],
    ]);
    for (const segment of data) {
      expect(trace.at(segment.sentSeq ?? -1).kind).toBe('bytes.sent');
      expect(trace.at(segment.receivedSeq ?? -1).kind).toBe('bytes.received');
    }
  });

  it('pairs in whatever order connect() and accept() return', () => {
    const s = scenario();
    const { listener, client } = pair(s);
    const first = client.dial(SERVER);
    const accepted = listener.accept();
    accepted.send('hello');
    const c = first.end();
    c?.recv();
    const second = client.dial(SERVER);
    const third = client.dial(SERVER);
    const d = second.end();
    const e = listener.accept();
    const f = listener.accept();
    third.end();
    e.send('to the second');
    d?.recv();
    f.close();
    const { story } = s.told();
    expect(story.connections.count).toBe(3);
    for (let n = 0; n < 3; n++) {
      const { client: one, server: other } = story.connections.at(n);
      expect(story.socket(one.sock as SockId)?.local).toEqual(story.socket(other.sock as SockId)?.remote);
    }
    expect(story.hosts.some((host) => host.foreign)).toBe(false);
    expect(segments(story).filter((segment) => segment.kind === 'data').map((segment) => segment.fate)).toEqual(['read', 'read']);
  });

  it('keeps two lives of the same tuple apart', () => {
    const s = scenario();
    const { listener, client } = pair(s);
    for (const text of ['first life', 'second life']) {
      const c = client.connect(SERVER);
      const p = listener.accept();
      c?.send(text);
      p.recv();
      c?.close();
      p.recv();
      p.close();
      // The system may give the same port again.
      Object.assign(s, { ports: 40_000 });
    }
    const { story } = s.told();
    expect([0, 1].map((n) => story.connections.at(n).client.endpoint.port)).toEqual([40_001, 40_001]);
    expect([0, 1].map((n) => [story.connections.at(n).up.sent, story.connections.at(n).up.received, story.connections.at(n).outcome])).toEqual([[10, 10, 'closed'], [11, 11, 'closed']]);
  });

  it('is the same whether the facts come at once or one by one', () => {
    for (const make of [echoClosesEarly, echoHalfCloses, udpUppercase]) {
      const { story, trace } = make().told();
      const half = new TraceStore();
      const builder = new StoryBuilder(half);
      const writer = replay(trace);
      for (const batch of writer) {
        half.append(batch);
        expect(builder.advance()).toBe(true);
        // Asking in between must change nothing.
        void whole(builder.story);
      }
      expect(whole(builder.story)).toEqual(whole(story));
      expect(builder.advance()).toBe(false);
    }
  });

  it('tells which moments each version changed', () => {
    const { trace } = echoClosesEarly().told();
    const store = new TraceStore();
    const builder = new StoryBuilder(store);
    const { story } = builder;
    let before: string[] = [];
    for (const batch of replay(trace)) {
      store.append(batch);
      const version = story.version;
      builder.advance();
      const now = moments(story).map((moment) => `${moment.seq} ${moment.segment}`);
      const same = now.findIndex((one, n) => one !== before[n]);
      expect(story.changedFrom(version)).toBe(same < 0 ? now.length : same);
      expect(story.changedFrom(story.version)).toBe(now.length);
      expect(story.changedFrom(0)).toBe(0);
      before = now;
    }
    expect(story.version).toBe(trace.count);
  });

  it('orders moments by time, and finds each again by its fact or its segment', () => {
    for (const make of [echoClosesEarly, echoHalfCloses, udpUppercase]) {
      const { story } = make().told();
      const list = moments(story);
      for (const [n, moment] of list.entries()) {
        expect(moment.index).toBe(n);
        expect(moment.t).toBe(story.momentTime(n));
        expect(moment.t).toBeGreaterThanOrEqual(list[n - 1]?.t ?? 0);
        if (moment.seq !== null) expect(story.momentOfFact(moment.seq)).toBe(n);
        if (moment.segment !== null) expect(story.momentOfSegment(moment.segment)).toBe(n);
      }
      for (let id = 0; id < story.segments.count; id++) expect(list[story.momentOfSegment(id)]?.segment).toBe(id);
    }
  });

  it('lists the moments of a connection: just those that say they are its', () => {
    const { story } = echoHalfCloses().told();
    const own = moments(story).filter((moment) => moment.conn === 1).map((moment) => moment.index);
    expect(all(story.momentsOf(1 as ConnId))).toEqual(own);
    expect(own.length).toBeGreaterThan(20);
    expect(all(story.momentsOf(9 as ConnId))).toEqual([]);
  });

  it('is no step of the picture: what only sets the scene', () => {
    const { story, trace } = echoClosesEarly().told();
    for (let seq = 0; seq < trace.count; seq++) {
      expect(story.momentOfFact(seq) === -1).toBe(['lab.started', 'host.added'].includes(trace.at(seq).kind));
    }
    expect(story.momentOfFact(10_000)).toBe(-1);
    expect(story.momentOfSegment(10_000)).toBe(-1);
    expect(() => story.moments.at(10_000)).toThrow('no moment 10000');
  });

  it('knows how many bytes each end had sent and taken at any fact', () => {
    const { story } = echoClosesEarly().told();
    const { up } = story.connections.at(0);
    const writes = all(up.writes);
    expect(writes.map((seq) => up.sentAt(seq))).toEqual([10, 18, 21]);
    expect(up.sentAt((writes[0] ?? 0) - 1)).toBe(0);
    expect([up.receivedAt(up.reads.at(0) - 1), up.receivedAt(up.reads.at(0))]).toEqual([0, 21]);
  });

  it('counts what the kernel has taken of a send() that had to wait', () => {
    const s = scenario();
    const { listener, client } = pair(s);
    const c = client.connect(SERVER);
    listener.accept();
    const sock = c?.sock ?? 0;
    s.fact('bytes.sent', { role: 2, sock, a: 3, offset: 0, bytes: new Uint8Array(10) });
    expect(s.told().story.connections.at(0).up.sent).toBe(3);
    s.fact('send.ended', { role: 2, sock, a: 4, offset: 7, err: 'ECANCELED' });
    expect(s.told().story.connections.at(0).up.sent).toBe(7);
  });

  it('finds the read that was recorded before its write, as two threads may', () => {
    const s = scenario();
    const { listener, client } = pair(s);
    const c = client.connect(SERVER);
    const p = listener.accept();
    const bytes = new Uint8Array(5);
    const read = s.fact('bytes.received', { role: 1, sock: p.sock, offset: 0, bytes });
    s.fact('bytes.sent', { role: 2, sock: c?.sock ?? 0, a: 5, offset: 0, bytes });
    const data = segments(s.told().story).find((segment) => segment.kind === 'data');
    expect([data?.receivedSeq, data?.fate, data?.dir]).toEqual([read, 'read', 'up']);
  });

  it('stands a trace that makes no sense', () => {
    const s = scenario();
    s.fact('bytes.sent', { role: 9, sock: 77, a: 4, bytes: new Uint8Array(4) });
    s.fact('role.ended', { role: 9, text: 'nonsense' });
    s.fact('host.added', { a: 1, text: '{broken' });
    s.fact('connection.accepted', { role: 1, sock: 5, a: 6 });
    s.fact('socket.opened', { role: 3, sock: 8, a: -1, b: 1, text: 'AF_INET' });
    s.fact('connection.accepted', { role: 3, sock: 8, a: 6 });
    s.fact('bytes.received', { role: 3, sock: 6, bytes: new Uint8Array(4) });
    s.fact('socket.closed', { role: 3, sock: 6 });
    s.fact('socket.closed', { role: 3, sock: 6 });
    expect(() => whole(s.told().story)).not.toThrow();
  });
});

/** The batches of a trace written again one fact at a time. */
function* replay(trace: TraceStore) {
  const writer = new TraceWriter(() => {});
  for (let seq = 0; seq < trace.count; seq++) {
    const { columns, row } = trace.locate(seq);
    const of = (column: ArrayLike<number>): number => column[row] ?? 0;
    writer.write(
      of(columns.t), of(columns.kind), of(columns.role), of(columns.sock), of(columns.a), of(columns.b), writer.intern(trace.string(of(columns.err))),
      writer.intern(trace.string(of(columns.local))), writer.intern(trace.string(of(columns.remote))), of(columns.offset), of(columns.size),
      trace.payload(seq), writer.intern(trace.string(of(columns.text))), of(columns.evidence),
    );
    yield writer.take();
  }
}
