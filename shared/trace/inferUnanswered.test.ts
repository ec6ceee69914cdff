import { expect, it } from 'vitest';
import { must } from '../base/assert';
import { connId } from '../base/brand';
import { connecting } from './fixtureScenes';
import { textLadder } from './textLadder';

const SERVER = { address: '127.0.20.1', port: 7041 };
const CLIENT = { address: '127.0.10.1', port: 40_001 };

it('draws the SYN of a connect() that its program gave up: sent, and never answered', () => {
  const s = connecting();
  s.wait(1_500_000).fact('socket.closed', { role: 2, sock: 90 });
  const { story, trace } = s.told();
  const conn = must(story.connection(connId(1)), 'connection');
  expect(conn).toMatchObject({ outcome: 'failed', client: { endpoint: CLIENT }, server: { endpoint: SERVER, sock: null } });
  const [syn, ...more] = Array.from({ length: story.segments.count }, (_, id) => story.segments.at(id));
  expect(more).toEqual([]);
  expect(syn).toMatchObject({ kind: 'syn', dir: 'up', arrive: null, provenance: { evidence: 'inferred', rule: 'tcp.syn.unanswered' } });
  expect(syn?.provenance.evidence === 'inferred' ? syn.provenance.from.map((seq) => trace.kind(seq)) : []).toEqual(['connect.started', 'socket.closed']);
  expect(story.sockets.at(1).states.map((change) => change.state)).toEqual(['CLOSED', 'SYN_SENT', 'CLOSED']);
  expect(textLadder(story, trace, { stable: true })).toMatch(/connect\(.*\n.*SYN/u);
});

it('says the same when the kernel gives up: ETIMEDOUT', () => {
  const s = connecting();
  s.wait(131_000_000).fact('connect.ended', { role: 2, sock: 90, remote: SERVER, err: 'ETIMEDOUT' });
  const { story } = s.told();
  expect(story.connection(connId(1))?.outcome).toBe('failed');
  expect(story.segments.at(0).provenance).toMatchObject({ rule: 'tcp.syn.unanswered' });
});

it('says nothing of a connect() that was given up at once: nobody was told what came of it', () => {
  const s = connecting();
  s.fact('socket.closed', { role: 2, sock: 90 });
  const { story } = s.told();
  expect(story.connections.count).toBe(0);
  expect(story.segments.count).toBe(0);
});
