import { describe, expect, it } from 'vitest';
import { must } from '../base/assert';
import { scenario, type Scenario } from './fixture';
import { connectRefused, echoClosesEarly, echoHalfCloses } from './fixtureScenes';
import type { ListenEnd, TcpEnd } from './fixtureTcp';
import type { SockId } from '../base/brand';
import type { Segment, Story } from './story';

const SERVER = { address: '127.0.20.1', port: 7007 };

const segments = (story: Story): Segment[] => Array.from({ length: story.segments.count }, (_, n) => story.segments.at(n));
const rule = (segment: Segment): string => (segment.provenance.evidence === 'inferred' ? segment.provenance.rule : segment.provenance.evidence);
/** Segments without bytes, in the order of the picture: `FIN up tcp.fin.close`. */
const control = (story: Story): string[] =>
  segments(story)
    .filter((segment) => segment.kind !== 'data' && segment.kind !== 'datagram')
    .sort((a, b) => story.momentOfSegment(a.id) - story.momentOfSegment(b.id))
    .map((segment) => `${segment.kind} ${segment.dir ?? ''} ${rule(segment)}`.replace('  ', ' '));
const closing = (story: Story): string[] => control(story).filter((text) => /^(fin|rst)/.test(text));
const states = (story: Story, sock: number): string[] => (story.socket(sock as SockId)?.states ?? []).map((change) => change.state);

interface Pair {
  readonly s: Scenario;
  readonly listener: ListenEnd;
  /** The client's end and the server's. */
  readonly c: TcpEnd;
  readonly p: TcpEnd;
}

function pair(): Pair {
  const s = scenario();
  const listener = s.role('server', SERVER.address, 'server').listen(SERVER.port);
  const c = s.role('client', '127.0.20.2', 'client').connect(SERVER);
  if (c === null) throw new Error('refused');
  return { s, listener, c, p: listener.accept() };
}

/** What is inferred of the end of a connection that was used so. */
function ending(use: (pair: Pair) => void): string[] {
  const made = pair();
  use(made);
  return closing(made.s.told().story);
}

describe('a handshake', () => {
  it('goes over the wire within connect(), between its call and its return', () => {
    const { story, trace } = echoHalfCloses().told();
    expect(control(story).slice(0, 3)).toEqual(['syn up tcp.handshake.connected', 'syn-ack down tcp.handshake.connected', 'ack up tcp.handshake.connected']);
    const syn = segments(story).find((segment) => segment.kind === 'syn') as Segment;
    const from = syn.provenance.evidence === 'inferred' ? syn.provenance.from : [];
    expect(from.map((seq) => trace.kind(seq))).toEqual(['connect.started', 'connect.ended', 'connection.accepted']);
    const three = segments(story).filter((segment) => rule(segment) === 'tcp.handshake.connected');
    const times = three.flatMap((segment) => [segment.depart, segment.arrive ?? Number.NaN]);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times[0]).toBeGreaterThan(trace.t(from[0] ?? 0));
    expect(times.at(-1)).toBeLessThanOrEqual(trace.t(from[1] ?? 0));
  });

  it('comes before accept() even when accept() returns first', () => {
    const s = scenario();
    const listener = s.role('server', SERVER.address, 'server').listen(SERVER.port);
    const calling = s.role('client', '127.0.20.2', 'client').dial(SERVER);
    listener.accept();
    calling.end();
    const { story, trace } = s.told();
    const accepted = Array.from({ length: trace.count }, (_, seq) => seq).find((seq) => trace.kind(seq) === 'connection.accepted') ?? -1;
    for (const segment of segments(story)) expect(story.momentOfSegment(segment.id)).toBeLessThan(story.momentOfFact(accepted));
  });

  it('of a slow connect() ends just before its return: the first SYN was lost', () => {
    const s = scenario();
    const listener = s.role('server', SERVER.address, 'server').listen(SERVER.port);
    const client = s.role('client', '127.0.20.2', 'client');
    const calling = client.dial(SERVER);
    client.print('waiting');
    s.wait(1_030_000);
    calling.end();
    listener.accept();
    const { story } = s.told();
    const [syn, synAck, ack] = segments(story);
    expect((synAck?.depart ?? 0) - (syn?.depart ?? 0)).toBeGreaterThan(1_000_000);
    expect(story.momentOfSegment(ack?.id ?? -1) - story.momentOfSegment(syn?.id ?? -1)).toBe(3);
  });

  it('that is refused is a SYN and a RST, and makes trouble', () => {
    const { story } = connectRefused().told();
    expect(control(story)).toEqual(['syn up tcp.refused', 'rst down tcp.refused']);
    expect(story.connections.at(0).outcome).toBe('refused');
    expect(story.host(must(segments(story)[0], 'syn').toHost)?.id).toBe('server');
    expect(states(story, 1)).toEqual(['CLOSED', 'SYN_SENT', 'CLOSED']);
  });

  it('of another failure is not made up', () => {
    const s = scenario();
    s.role('client', '127.0.20.2', 'client');
    s.fact('socket.opened', { role: 1, sock: 1, b: 1, text: 'AF_INET' });
    s.fact('connect.started', { role: 1, sock: 1, remote: SERVER });
    s.fact('connect.ended', { role: 1, sock: 1, remote: SERVER, err: 'ENETUNREACH' });
    const { story } = s.told();
    expect(control(story)).toEqual([]);
    expect(story.connections.at(0).outcome).toBe('failed');
  });
});

describe('the end of a connection', () => {
  it('by close() with nothing unread is a FIN in each direction', () => {
    expect(ending(({ c, p }) => {
      c.send('bye');
      p.recv();
      c.close();
      p.recv();
      p.close();
    })).toEqual(['fin up tcp.fin.close', 'fin down tcp.fin.close']);
  });

  it('by shutdown() sends its FIN then, and none at close()', () => {
    expect(closing(echoHalfCloses().told().story)).toEqual(['fin up tcp.fin.shutdown', 'fin down tcp.fin.close']);
  });

  it('by close() with unread bytes is a RST instead of a FIN, seen again by the peer as ECONNRESET', () => {
    const { story, trace } = echoClosesEarly().told();
    expect(closing(story)).toEqual(['rst up tcp.rst.close-unread']);
    const rst = segments(story).find((segment) => segment.kind === 'rst');
    expect(trace.at(rst?.receivedSeq ?? -1)).toMatchObject({ kind: 'call.failed', err: 'ECONNRESET' });
    expect(rst?.provenance.evidence === 'inferred' ? rst.provenance.from.map((seq) => trace.kind(seq)) : []).toEqual(['bytes.sent', 'socket.closed']);
    expect([states(story, 2).at(-1), states(story, 3).at(-1)]).toEqual(['CLOSED', 'CLOSED']);
  });

  it('by close() and later data is a FIN, answered data, and a RST', () => {
    const { s, c, p } = pair();
    c.close();
    p.send('too late');
    const { story } = s.told();
    expect(closing(story)).toEqual(['fin up tcp.fin.close', 'rst up tcp.rst.data-after-close']);
    expect(segments(story).find((segment) => segment.kind === 'data')?.fate).toBe('lost');
    p.send('broken pipe');
    p.close();
    expect(closing(s.told().story)).toEqual(['fin up tcp.fin.close', 'rst up tcp.rst.data-after-close']);
  });

  it.each([
    ['send() of the peer fails with EPIPE', ({ s, p }: Pair) => s.fact('bytes.sent', { role: p.role, sock: p.sock, a: -1, size: 3, err: 'EPIPE' })],
    ['recv() of the peer returns 0', ({ s, p }: Pair) => s.fact('stream.ended', { role: p.role, sock: p.sock, a: 16 })],
  ])('sent a FIN after all when %s: the bytes were held back at the peer', (_name, tells) => {
    const made = pair();
    made.p.send('held back by Nagle');
    made.c.close();
    expect(closing(made.s.told().story)).toEqual(['rst up tcp.rst.close-unread']);
    tells(made);
    const { story } = made.s.told();
    expect(closing(story)).toEqual(['fin up tcp.fin.close', 'rst up tcp.rst.data-after-close']);
    expect(segments(story).find((segment) => segment.kind === 'data')?.fate).toBe('lost');
    expect([states(story, 2).slice(-2), states(story, 3).slice(-2)]).toEqual([['FIN_WAIT_1', 'CLOSED'], ['CLOSE_WAIT', 'CLOSED']]);
    const times = story.socket(2 as SockId)?.states.map((change) => change.t) ?? [];
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('does not take EPIPE for that once ECONNRESET has told of the reset', () => {
    expect(ending(({ s, c, p }) => {
      p.send('unread');
      c.close();
      p.recv();
      s.fact('bytes.sent', { role: p.role, sock: p.sock, a: -1, size: 3, err: 'EPIPE' });
    })).toEqual(['rst up tcp.rst.close-unread']);
  });

  it('does not answer data of a peer that only shut down its side', () => {
    expect(ending(({ c, p }) => {
      c.shutdown();
      p.send('still welcome');
      c.recv();
      p.close();
      c.recv();
      c.close();
    })).toEqual(['fin up tcp.fin.shutdown', 'fin down tcp.fin.close']);
  });

  it('by SO_LINGER 0 is a RST, unless both sides have finished', () => {
    expect(ending(({ c }) => c.abort())).toEqual(['rst up tcp.rst.linger']);
    expect(ending(({ c, p }) => {
      c.shutdown();
      p.close();
      c.abort();
    })).toEqual(['fin up tcp.fin.shutdown', 'fin down tcp.fin.close']);
  });

  it('comes with the end of the program, which closes what it left open', () => {
    const s = scenario();
    const server = s.role('server', SERVER.address, 'server');
    const listener = server.listen(SERVER.port);
    const clients = [1, 2].map((n) => s.role(`client-${n}`, `127.0.20.${n + 1}`, 'client').connect(SERVER));
    const [p] = [listener.accept(), listener.accept()];
    clients[0]?.send('unread');
    void p;
    // The program is gone; nothing is recorded of its descriptors.
    s.fact('role.ended', { role: 1, text: 'killed' });
    const { story } = s.told();
    expect(closing(story)).toEqual(['rst down tcp.rst.close-unread', 'fin down tcp.fin.close']);
    expect(story.socket(1 as SockId)?.closedSeq).not.toBe(null);
  });

  it('of a listening socket resets what nobody has accepted', () => {
    const s = scenario();
    const server = s.role('server', SERVER.address, 'server');
    const listener = server.listen(SERVER.port);
    const client = s.role('client', '127.0.20.2', 'client');
    const [first, second] = [client.connect(SERVER), client.connect(SERVER)];
    const p = listener.accept();
    first?.send('served');
    p.recv();
    listener.close();
    second?.recv();
    const { story } = s.told();
    expect(closing(story)).toEqual(['rst down tcp.rst.listener-closed']);
    expect(segments(story).find((segment) => segment.kind === 'rst')?.toSock).toBe(second?.sock);
    expect([story.connections.at(0).outcome, story.connections.at(1).outcome]).toEqual(['open', 'reset']);
  });

  it('tells states in the order of RFC 9293', () => {
    const { story } = echoHalfCloses().told();
    expect(states(story, 2)).toEqual(['CLOSED', 'SYN_SENT', 'ESTABLISHED', 'FIN_WAIT_1', 'TIME_WAIT', 'CLOSED']);
    expect(states(story, 3)).toEqual(['ESTABLISHED', 'CLOSE_WAIT', 'LAST_ACK', 'CLOSED']);
    const { s, c, p } = pair();
    c.shutdown();
    s.wait(50_000);
    p.send('x');
    const later = s.told().story;
    expect(later.socket(c.sock as SockId)?.states.map((change) => change.state)).toEqual(['CLOSED', 'SYN_SENT', 'ESTABLISHED', 'FIN_WAIT_1', 'FIN_WAIT_2']);
    for (const change of later.socket(p.sock as SockId)?.states ?? []) expect(change.provenance).toMatchObject({ evidence: 'inferred', rule: 'tcp.state' });
  });
});

describe('what is inferred of a connection', () => {
  it('is what a kernel sends, whatever the two programs do', () => {
    for (let seed = 1; seed <= 400; seed++) {
      const { s, c, p } = pair();
      const random = seeded(seed);
      for (let n = 0; n < 12; n++) act(random() < 0.5 ? c : p, random);
      const kernel = (['up', 'down'] as const).flatMap((dir) => (dir === 'up' ? c : p).half.wire.map((what) => `${what.toLowerCase()} ${dir}`)).sort();
      const { story } = s.told();
      const ours = closing(story).map((text) => text.split(' ').slice(0, 2).join(' ')).sort();
      expect(ours, `seed ${seed}`).toEqual(kernel);
    }
  });
});

/** One thing that a program might do with its end. */
function act(end: TcpEnd, random: () => number): void {
  if (end.closed) return;
  const what = random();
  if (what < 0.4) end.send('x'.repeat(1 + Math.floor(random() * 9)));
  else if (what < 0.75) {
    if (end.half.buffer.length > 0 || end.half.finished || end.half.wasReset) end.recv(1 + Math.floor(random() * 12));
  } else if (what < 0.85) {
    if (!end.half.wasReset) end.shutdown();
  } else if (what < 0.95) end.close();
  else end.abort();
}

/** Numbers in [0, 1) that are the same each time (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

it('tells a story of a file in which connect() ended and never began', () => {
  const s = scenario();
  s.role('client', '127.0.10.1', 'client');
  s.fact('socket.opened', { role: 1, sock: 90, a: 30, b: 1, text: 'AF_INET' });
  s.fact('connect.ended', { role: 1, sock: 90, local: { address: '127.0.10.1', port: 40_001 }, remote: { address: '127.0.20.1', port: 80 } });
  expect(s.told().story.moments.count).toBeGreaterThan(0);
});
