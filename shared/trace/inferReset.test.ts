// What the calls of one side tell of a RST of the other, where one call may mean two things.

import { expect, it } from 'vitest';
import { must } from '../base/assert';
import { scenario, type Scenario } from './fixture';
import type { TcpEnd } from './fixtureTcp';
import type { Story } from './story';

const SERVER = { address: '127.0.20.1', port: 7007 };

interface Pair {
  readonly s: Scenario;
  /** The client's end and the server's. */
  readonly c: TcpEnd;
  readonly p: TcpEnd;
}

/** FIN and RST of a connection that was used so, in the order of the picture: 'fin up tcp.fin.close'. */
function ending(use: (pair: Pair) => void): string[] {
  const s = scenario();
  const listener = s.role('server', SERVER.address, 'server').listen(SERVER.port);
  const c = must(s.role('client', '127.0.20.2', 'client').connect(SERVER), 'a connection');
  use({ s, c, p: listener.accept() });
  return closing(s.told().story);
}

function closing(story: Story): string[] {
  return Array.from({ length: story.segments.count }, (_, id) => story.segments.at(id))
    .filter(({ kind }) => kind === 'fin' || kind === 'rst')
    .sort((a, b) => story.momentOfSegment(a.id) - story.momentOfSegment(b.id))
    .map(({ kind, dir, provenance }) => `${kind} ${dir ?? ''} ${provenance.evidence === 'inferred' ? provenance.rule : ''}`);
}

const QUESTION = 'question';

it.each<readonly [string, (pair: Pair) => void, readonly string[]]>([
  ['the first bytes since it heard of the peer: they came before, so it was a RST', ({ p }) => p.send('answer'), ['rst up tcp.rst.close-unread']],
  ['bytes that the peer has sent to since: its acknowledgment let them go, so it was a RST', ({ c, p }) => {
    p.send('answer');
    p.send('more');
    c.send('bye');
  }, ['rst up tcp.rst.close-unread']],
  ['bytes that may have waited behind others: a FIN, and later a RST', ({ c, p }) => {
    p.send('answer');
    c.recvReturns();
    p.send('more');
  }, ['fin up tcp.fin.close', 'rst up tcp.rst.data-after-close']],
])('an end of stream that libuv reports with the last bytes, while there lay unread %s', (_name, use, expected) => {
  expect(ending(({ s, c, p }) => {
    c.send(QUESTION);
    p.recvReturns();
    use({ s, c, p });
    c.close();
    // recv(1024) took less than it could, and poll() had said POLLHUP: recv() is not called again.
    s.fact('bytes.received', { role: p.role, sock: p.sock, a: 1024, offset: QUESTION.length, size: 3 });
    s.fact('stream.ended', { role: p.role, sock: p.sock, a: 1024, offset: QUESTION.length + 3 });
  })).toEqual(expected);
});

it('a shutdown() that finds no connection any more tells of a RST, unless both have finished', () => {
  const late = (made: Pair): number => made.s.fact('stream.shutdown', { role: made.p.role, sock: made.p.sock, a: 1, err: 'ENOTCONN' });
  expect(ending(late)).toEqual(['rst up tcp.rst.reset']);
  expect(ending((made) => {
    made.p.send('unread');
    made.c.close();
    late(made);
  })).toEqual(['rst up tcp.rst.close-unread']);
  expect(ending((made) => {
    made.p.shutdown();
    made.c.shutdown();
    late(made);
  })).toEqual(['fin down tcp.fin.shutdown', 'fin up tcp.fin.shutdown']);
});

it.each([
  ['EPIPE: a FIN had come before', 'bytes.sent', 'EPIPE', ['fin up tcp.fin.end-of-stream', 'rst up tcp.rst.reset']],
  ['ENOTCONN, and the end came with bytes: perhaps there was no FIN', 'stream.shutdown', 'ENOTCONN', ['rst up tcp.rst.reset']],
] as const)('a RST of a peer that is not ours, told by %s', (_name, kind, err, expected) => {
  const s = scenario();
  const listener = s.role('server', SERVER.address, 'server').listen(SERVER.port);
  const foreign = s.foreignClient(listener);
  const p = listener.accept();
  foreign.send('question');
  s.fact(kind, { role: p.role, sock: p.sock, a: kind === 'bytes.sent' ? -1 : 1, size: kind === 'bytes.sent' ? 3 : 0, err });
  p.recvReturns();
  s.fact('stream.ended', { role: p.role, sock: p.sock, a: 1024, offset: QUESTION.length });
  p.close();
  const { story } = s.told();
  expect(closing(story)).toEqual(expected);
  const states = story.sockets.at(1).states.map(({ state }) => state);
  expect(states.slice(-2)).toEqual([err === 'EPIPE' ? 'CLOSE_WAIT' : 'ESTABLISHED', 'CLOSED']);
});

it.each([
  ['shutdown() finds no connection: a RST', ({ s, p }: Omit<Pair, 'c'>) => s.fact('stream.shutdown', { role: p.role, sock: p.sock, a: 1, err: 'ENOTCONN' }), ['rst up tcp.rst.reset']],
  ['send() succeeds: a FIN', ({ p }: Omit<Pair, 'c'>) => p.send('late'), ['fin up tcp.fin.end-of-stream']],
  ['close(): a FIN', ({ p }: Omit<Pair, 'c'>) => void p.close(), ['fin up tcp.fin.end-of-stream', 'fin down tcp.fin.close']],
])('an end of stream that came with the last bytes of a peer that is not ours, then %s', (_name, then, expected) => {
  const s = scenario();
  const listener = s.role('server', SERVER.address, 'server').listen(SERVER.port);
  const foreign = s.foreignClient(listener);
  const p = listener.accept();
  foreign.send(QUESTION);
  p.recvReturns();
  s.fact('stream.ended', { role: p.role, sock: p.sock, a: 1024, offset: QUESTION.length });
  then({ s, p });
  expect(closing(s.told().story)).toEqual(expected);
});

it('connect() fails with ECONNRESET: the handshake was done, and the listener had gone before connect() looked', () => {
  const s = scenario();
  const listener = s.role('server', SERVER.address, 'server').listen(SERVER.port);
  const client = s.role('client', '127.0.20.2', 'client');
  const { sock } = client.dial(SERVER);
  listener.close();
  s.fact('connect.ended', { role: client.role, sock, local: { address: '127.0.20.2', port: 50_000 }, remote: SERVER, err: 'ECONNRESET' });
  s.fact('socket.closed', { role: client.role, sock });
  const { story } = s.told();
  const segments = Array.from({ length: story.segments.count }, (_, id) => story.segments.at(id)).sort((a, b) => story.momentOfSegment(a.id) - story.momentOfSegment(b.id));
  expect(segments.map(({ kind, dir }) => `${kind} ${dir ?? ''}`)).toEqual(['syn up', 'syn-ack down', 'ack up', 'rst down']);
  expect([story.connections.count, story.connections.at(0).outcome]).toEqual([1, 'reset']);
});
