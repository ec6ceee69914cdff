// Who gets upload slots: pure decisions first, then whole swarms, where giving pays.

import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../shared/base/random';
import { Choker, type Rival } from './choker';
import { startPeer, startTracker, testFile } from './swarm.fixture';

const rival = (id: number, rate: number, more: Partial<Rival> = {}): Rival => ({ id, rate, interested: true, choked: true, snubbed: false, fresh: false, ...more });
const choker = (slots: number): Choker => new Choker(slots, createRandom(3));
/** The rivals as they are after the verdicts. */
const after = (rivals: readonly Rival[], verdicts: ReturnType<Choker['round']>): Rival[] =>
  rivals.map((each) => ({ ...each, choked: (verdicts.find(({ id }) => id === each.id)?.what ?? (each.choked ? 'choke' : 'unchoke')) === 'choke' }));
const open = (rivals: readonly Rival[]): number[] => rivals.filter(({ choked }) => !choked).map(({ id }) => id);

describe('a round of choking', () => {
  it('unchokes the best, and one more by chance', () => {
    const rivals = [rival(1, 10), rival(2, 50), rival(3, 40), rival(4, 30), rival(5, 0), rival(6, 20)];
    const verdicts = choker(4).round(rivals);
    expect(verdicts.filter(({ why }) => why === 'rate').map(({ id }) => id)).toEqual([2, 3, 4]);
    expect(verdicts.filter(({ why }) => why === 'optimistic')).toHaveLength(1);
    expect(verdicts.every(({ what }) => what === 'unchoke')).toBe(true);
  });

  it('takes the slot from who became slower, and says why', () => {
    const one = choker(2);
    const first = [rival(1, 50), rival(2, 40)];
    const then = after(first, one.round(first)).concat(rival(3, 90, { choked: true }));
    expect(open(then).sort()).toEqual([1, 2]);
    const verdicts = one.round(then);
    expect(verdicts).toContainEqual({ id: 3, what: 'unchoke', why: 'rate', rate: 90 });
    expect(verdicts.filter(({ what }) => what === 'choke')).toHaveLength(1);
    expect(verdicts.find(({ what }) => what === 'choke')?.why).toBe('slower');
  });

  it('the optimistic slot goes round: everybody has it in turn', () => {
    const one = choker(2);
    let rivals = [rival(1, 100), rival(2, 0), rival(3, 0), rival(4, 0)];
    const lucky = new Set<number>();
    for (let round = 0; round < 90; round++) {
      rivals = after(rivals, one.round(rivals));
      expect(open(rivals)).toHaveLength(2);
      for (const id of open(rivals)) lucky.add(id);
    }
    expect([...lucky].sort()).toEqual([1, 2, 3, 4]);
  });

  it('who lets us wait gets nothing for its rate; who wants nothing takes no slot', () => {
    const verdicts = choker(2).round([rival(1, 90, { snubbed: true, choked: false }), rival(2, 80, { interested: false }), rival(3, 10), rival(4, 5, { choked: false, interested: false })]);
    expect(verdicts).toContainEqual(expect.objectContaining({ id: 2, what: 'unchoke', why: 'rate' }));
    expect(verdicts).toContainEqual(expect.objectContaining({ id: 3, what: 'unchoke', why: 'rate' }));
    expect(verdicts).toContainEqual(expect.objectContaining({ id: 4, what: 'choke', why: 'uninterested' }));
  });

  it('without slots nobody gets anything; between rounds free slots are given and none is taken', () => {
    const rivals = [rival(1, 10), rival(2, 20)];
    expect(choker(0).round(rivals)).toEqual([]);
    expect(choker(0).fill(rivals)).toEqual([]);
    const filled = choker(2).fill([rival(1, 0, { choked: false }), rival(2, 0), rival(3, 0)]);
    expect(filled).toEqual([{ id: expect.any(Number), what: 'unchoke', why: 'free', rate: 0 }]);
    expect(choker(2).fill([rival(1, 0, { choked: false }), rival(2, 0, { choked: false }), rival(3, 0)])).toEqual([]);
  });

  it('newcomers are three times as likely to be the optimistic one', () => {
    let fresh = 0;
    for (let seed = 0; seed < 400; seed++) {
      const verdicts = new Choker(1, createRandom(seed)).round([rival(1, 0), rival(2, 0, { fresh: true })]);
      if (verdicts[0]?.id === 2) fresh++;
    }
    expect(fresh / 400).toBeGreaterThan(0.67);
    expect(fresh / 400).toBeLessThan(0.83);
  });
});

describe('tit for tat', () => {
  it('those that give are served first; free riders wait, and have everything in the end', async () => {
    const tracker = await startTracker();
    const { file, torrent } = testFile(64, { announce: tracker.http });
    const common = { torrent, up: 150_000 };
    // A copy is spread among those who give; from then on they have only each other.
    const seeder = startPeer('seeder', { torrent, file, up: 4_000_000, stay: 'copied' });
    const givers = ['a', 'b', 'c', 'd'].map((id) => startPeer(id, { ...common, file: null, slots: 3 }));
    await seeder.ended;
    // These take what they get and give nobody anything.
    const riders = ['r', 's', 't', 'u'].map((id) => startPeer(id, { ...common, file: null, slots: 0 }));
    await Promise.all(givers.map(({ peer }) => peer.done));
    const behind = riders.map((rider) => rider.noted('bt.have').length);
    expect(behind.reduce((sum, have) => sum + have, 0) / riders.length).toBeLessThan(64 * 0.8);
    for (const { notes } of givers) {
      // While it wanted something itself, nobody who gave nothing had a slot for its rate.
      const leeching = notes.slice(0, notes.findIndex(({ topic }) => topic === 'bt.done'));
      const rated = leeching.flatMap((note) => (note.topic === 'bt.choke' && note.what === 'unchoke' && note.why === 'rate' ? [note.peer] : []));
      expect(rated.length).toBeGreaterThan(0);
      expect(rated.filter((peer) => riders.some(({ address }) => peer.startsWith(`${address}:`)))).toEqual([]);
    }
    await Promise.all(riders.map(({ peer }) => peer.done));
    expect(riders.map(({ peer }) => peer.traffic.up)).toEqual([0, 0, 0, 0]);
  }, 240_000);
});
