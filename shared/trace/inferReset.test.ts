// What the calls of one side tell of a RST of the other, where one call may mean two things.

import { expect, it } from 'vitest';
import { must } from '../base/assert';
import { scenario, type Scenario } from './fixture';
import type { TcpEnd } from './fixtureTcp';

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
  const { story } = s.told();
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
