// Swarms on real sockets: everyone gets the file, whoever comes, goes or crashes.

import { describe, expect, it } from 'vitest';
import { traced } from '../../capture/traced.fixture';
import { startPeer, startTracker, testFile, until, type TestPeer } from './swarm.fixture';

const finished = (peers: readonly TestPeer[]): Promise<unknown> => Promise.all(peers.map(({ peer }) => peer.done));
const endpointOf = ({ address }: TestPeer): { address: string; port: number } => ({ address, port: 6881 });

describe('a swarm', () => {
  it.each(['http', 'udp'] as const)('of three: A has the file, B and C get it from A and from each other (%s tracker)', async (protocol) => {
    const tracker = await startTracker();
    const { file, torrent, hash } = testFile(24, { announce: tracker[protocol] });
    const a = startPeer('A', { torrent, file, up: 400_000 });
    const [b, c] = [startPeer('B', { torrent, file: null }), startPeer('C', { torrent, file: null })] as const;
    await finished([b, c]);
    expect([b.hash(), c.hash()]).toEqual([hash, hash]);
    // Two whole files arrived, and A did not send two.
    expect(a.peer.traffic.up).toBeLessThan(file.length * 1.9);
    expect(b.peer.traffic.up + c.peer.traffic.up).toBeGreaterThan(0);
    for (const peer of [b, c]) {
      expect(peer.noted('bt.have').map(({ have }) => have)).toEqual(Array.from({ length: 24 }, (_, i) => i + 1));
      expect(peer.noted('bt.done')).toHaveLength(1);
      expect(peer.noted('bt.bad')).toEqual([]);
      // Each piece that it has was chosen, with a reason, before it came.
      const chosen = peer.noted('bt.chose');
      expect(new Set(chosen.map(({ piece }) => piece)).size).toBe(24);
      expect(chosen[0]).toMatchObject({ why: 'first' });
    }
  });

  it('of ten: all finish with equal hashes', async () => {
    const tracker = await startTracker();
    const { file, torrent, hash } = testFile(40, { announce: tracker.http, pieceLength: 32_768 });
    const seeder = startPeer('seeder', { torrent, file });
    const leechers = Array.from({ length: 9 }, (_, i) => startPeer(`peer-${i}`, { torrent, file: null, up: 1_000_000, down: 4_000_000 }));
    await finished(leechers);
    expect(new Set(leechers.map((each) => each.hash()))).toEqual(new Set([hash]));
    expect(seeder.peer.traffic.up).toBeGreaterThanOrEqual(file.length);
  });

  it('goes on when the seeder leaves after one copy is out', async () => {
    const tracker = await startTracker();
    const { file, torrent, hash } = testFile(20, { announce: tracker.http });
    const seeder = startPeer('seeder', { torrent, file, up: 300_000, stay: 'copied' });
    const leechers = Array.from({ length: 4 }, (_, i) => startPeer(`peer-${i}`, { torrent, file: null, up: 300_000 }));
    await seeder.ended;
    // It gave little more than one file, not four.
    expect(seeder.peer.traffic.up).toBeLessThan(file.length * 2.5);
    await finished(leechers);
    expect(leechers.map((each) => each.hash())).toEqual([hash, hash, hash, hash]);
  });

  it('a seeder that waits for a copy learns of it from the last message of the one that got it', async () => {
    const { file, torrent } = testFile(3);
    const seeder = startPeer('seeder', { torrent, file, stay: 'copied' });
    await seeder.listening;
    const leecher = startPeer('leecher', { torrent, file: null, peers: [endpointOf(seeder)] });
    await seeder.ended;
    // Also when all of it comes with one message.
    const again = startPeer('again', { torrent, file, stay: 'copied', peers: [endpointOf(leecher)] });
    await again.ended;
    expect(again.peer.traffic.up).toBe(0);
  });

  it('takes in a newcomer, and one that leaves is forgotten', async () => {
    const tracker = await startTracker();
    const { file, torrent, hash } = testFile(16, { announce: tracker.http });
    const seeder = startPeer('seeder', { torrent, file });
    const first = startPeer('first', { torrent, file: null });
    await first.peer.done;
    seeder.peer.leave();
    await seeder.ended;
    const newcomer = startPeer('newcomer', { torrent, file: null });
    await newcomer.peer.done;
    expect(newcomer.hash()).toBe(hash);
    expect(newcomer.noted('bt.have').every(({ from }) => from.every((name) => name.startsWith(first.address)))).toBe(true);
  });

  it('finishes when peers crash in the middle, and when the tracker does', async () => {
    const tracker = await startTracker();
    const { file, torrent, hash } = testFile(30, { announce: tracker.http });
    const seeder = startPeer('seeder', { torrent, file, up: 500_000 });
    const crashing = startPeer('crashing', { torrent, file: null });
    const leechers = [startPeer('b', { torrent, file: null }), startPeer('c', { torrent, file: null })];
    await until(() => crashing.noted('bt.have').length > 5 && leechers.every(({ peer }) => peer.traffic.connections >= 2));
    crashing.kill();
    tracker.kill();
    await finished(leechers);
    expect(leechers.map((each) => each.hash())).toEqual([hash, hash]);
    expect(seeder.noted('bt.cut').filter(({ why }) => why !== 'both-seed' && why !== 'twice')).toEqual([]);
  });

  it('a leecher that leaves when it is done leaves', async () => {
    const { file, torrent } = testFile(4);
    const seeder = startPeer('seeder', { torrent, file });
    const leecher = startPeer('leecher', { torrent, file: null, peers: [endpointOf(seeder)], stay: 'leave' });
    await leecher.ended;
    expect(leecher.peer.store.complete).toBe(true);
    await until(() => seeder.peer.traffic.connections === 0);
  });

  it('is in the trace byte for byte: what one sent is what the other received', async () => {
    const { recorder, facts } = traced();
    const { file, torrent, hash } = testFile(6);
    const seeder = startPeer('seeder', { torrent, file }, recorder);
    await seeder.listening;
    const leecher = startPeer('leecher', { torrent, file: null, peers: [endpointOf(seeder)] }, recorder);
    await leecher.peer.done;
    expect(leecher.hash()).toBe(hash);
    const bytes = (kind: 'bytes.sent' | 'bytes.received'): number => facts(kind).reduce((sum, { size }) => sum + size, 0);
    await until(() => facts('socket.closed').length >= 2);
    expect(bytes('bytes.sent')).toBe(bytes('bytes.received'));
    expect(bytes('bytes.sent')).toBeGreaterThan(file.length + 2 * 68);
  });

  it('leaves nothing open behind, whoever left how', async () => {
    const open = (): number => process.getActiveResourcesInfo().filter((name) => /^(TCP|UDP)/.test(name)).length;
    await until(() => open() === 0);
    const tracker = await startTracker();
    const { file, torrent } = testFile(8, { announce: tracker.udp });
    const seeder = startPeer('seeder', { torrent, file, up: 200_000 });
    const leechers = Array.from({ length: 4 }, (_, i) => startPeer(`peer-${i}`, { torrent, file: null, stay: i === 0 ? 'leave' : 'seed' }));
    await until(() => leechers.every(({ peer }) => peer.traffic.down > 0));
    leechers[1]?.kill();
    leechers[2]?.peer.leave();
    await Promise.all([leechers[0]?.ended, leechers[3]?.peer.done]);
    for (const { peer } of [seeder, ...leechers]) peer.leave();
    await Promise.all([seeder, ...leechers].map(({ ended }) => ended));
    tracker.kill();
    await until(() => open() === 0);
  });

  it('of fifty ends within bounds', async () => {
    const tracker = await startTracker();
    const { file, torrent, hash } = testFile(16, { announce: tracker.http });
    startPeer('seeder', { torrent, file, dials: 8 });
    const leechers = Array.from({ length: 49 }, (_, i) => startPeer(`peer-${i}`, { torrent, file: null, dials: 8, connections: 20 }));
    const began = performance.now();
    await finished(leechers);
    expect(performance.now() - began).toBeLessThan(15_000);
    expect(new Set(leechers.map((each) => each.hash()))).toEqual(new Set([hash]));
    expect(Math.max(...leechers.map(({ peer }) => peer.traffic.connections))).toBeLessThanOrEqual(20);
  }, 120_000);
});
