// Which pieces are taken: the strategies as pure choices, and swarms in which they make the difference that they should.

import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../shared/base/random';
import { Bitfield } from './bitfield';
import { Downloads, type Source } from './downloads';
import { Availability, pickPiece, type Picking, type Strategy } from './picker';
import { PieceStore } from './pieceStore';
import { startPeer, startTracker, testFile, until } from './swarm.fixture';

function picking(strategy: Strategy, copies: readonly number[], more: Partial<Picking> = {}): Picking {
  const availability = new Availability(copies.length);
  copies.forEach((count, piece) => {
    for (let i = 0; i < count; i++) availability.add(piece);
  });
  return { strategy, pieces: copies.length, wanted: () => true, availability, begun: 1, randomFirst: 1, random: createRandom(1), ...more };
}

describe('a choice', () => {
  it('rarest: the one that fewest have; ties by chance', () => {
    expect(pickPiece(picking('rarest', [3, 2, 1, 2]))).toEqual({ piece: 2, why: 'rarest' });
    expect(pickPiece(picking('rarest', [3, 2, 1, 2], { wanted: (piece) => piece !== 2 && piece !== 1 }))).toEqual({ piece: 3, why: 'rarest' });
    const ties = new Set(Array.from({ length: 60 }, (_, seed) => pickPiece(picking('rarest', [2, 1, 1, 1], { random: createRandom(seed) }))?.piece));
    expect([...ties].sort()).toEqual([1, 2, 3]);
  });

  it('the first one is any: it is there sooner than the rarest', () => {
    const first = new Set(Array.from({ length: 60 }, (_, seed) => pickPiece(picking('rarest', [3, 2, 1, 2], { begun: 0, random: createRandom(seed) }))?.piece));
    expect([...first].sort()).toEqual([0, 1, 2, 3]);
    expect(pickPiece(picking('rarest', [1], { begun: 0 }))?.why).toBe('first');
  });

  it('sequential: the first; random: any; none when there is none', () => {
    expect(pickPiece(picking('sequential', [1, 1, 1], { begun: 0, wanted: (piece) => piece > 0 }))).toEqual({ piece: 1, why: 'sequential' });
    expect(pickPiece(picking('random', [1, 1, 1]))?.why).toBe('random');
    for (const strategy of ['rarest', 'random', 'sequential'] as const) expect(pickPiece(picking(strategy, [1, 1], { wanted: () => false }))).toBeNull();
  });
});

describe('blocks of pieces', () => {
  const { file, torrent } = testFile(3, { pieceLength: 32_768 });
  const all = new Bitfield(3);
  for (let piece = 0; piece < 3; piece++) all.add(piece);
  const source = (id: number): Source => ({ id, has: all });
  const block = (piece: number, begin: number): Uint8Array => file.subarray(piece * 32_768 + begin, Math.min(file.length, piece * 32_768 + begin + 16_384));
  const fresh = (): Downloads => {
    const availability = new Availability(3);
    availability.addAll(all, 1);
    return new Downloads(new PieceStore(torrent, null), availability, { strategy: 'sequential', randomFirst: 0, blockLength: 16_384, random: createRandom(1) });
  };
  const six = (downloads: Downloads): (readonly [number, number, string | undefined])[] =>
    Array.from({ length: 6 }, (_, i) => downloads.next(source(i % 2 === 0 ? 1 : 2))).map((asked) => [asked?.block.piece ?? -1, asked?.block.begin ?? -1, asked?.chose?.why]);

  it('what is begun is finished first, by whoever can; then the end game asks a second peer, and cancels', () => {
    const downloads = fresh();
    expect(six(downloads)).toEqual([[0, 0, 'sequential'], [0, 16_384, 'started'], [1, 0, 'sequential'], [1, 16_384, 'started'], [2, 0, 'sequential'], [2, 16_384, 'started']]);
    const again = downloads.next(source(1));
    expect(again).toEqual({ block: { piece: 0, begin: 16_384, length: 16_384 }, chose: { why: 'endgame', copies: 1 } });
    expect(downloads.arrived(source(1), 0, 16_384, block(0, 16_384))).toEqual({ kind: 'kept', cancel: [2], whole: null });
    expect(downloads.arrived(source(2), 0, 16_384, block(0, 16_384))).toEqual({ kind: 'unasked' });
    expect(downloads.arrived(source(1), 0, 0, block(0, 0))).toMatchObject({ whole: { piece: 0, right: true, from: [1] } });
    expect(downloads.arrived(source(1), 0, 3, block(0, 0))).toEqual({ kind: 'wrong' });
    expect(downloads.arrived(source(1), 2, 16_384, block(0, 0))).toEqual({ kind: 'wrong' }); // the last block is shorter
    expect(downloads.arrived(source(1), 9, 0, block(0, 0))).toEqual({ kind: 'wrong' });
  });

  it('what a peer owes is asked of others when it chokes, goes, or lets wait', () => {
    const downloads = fresh();
    downloads.next(source(1));
    downloads.next(source(1));
    downloads.late(1, true);
    expect(downloads.next(source(2))?.block).toEqual({ piece: 0, begin: 0, length: 16_384 });
    expect(downloads.owed(1)).toBe(2);
    downloads.release(1);
    expect(downloads.owed(1)).toBe(0);
    expect(downloads.next(source(2))?.block).toEqual({ piece: 0, begin: 16_384, length: 16_384 });
  });

  it('of a wrong piece with two senders the liar is known when it has come right from one', () => {
    const downloads = fresh();
    downloads.next(source(1));
    downloads.next(source(2));
    downloads.arrived(source(1), 0, 0, block(0, 0));
    expect(downloads.arrived(source(2), 0, 16_384, new Uint8Array(16_384))).toMatchObject({ whole: { right: false, liars: [] } });
    // Now all of it is asked of one peer.
    expect(downloads.next(source(1))?.block).toMatchObject({ piece: 0, begin: 0 });
    expect(downloads.next(source(2))?.block.piece).toBe(1);
    expect(downloads.next(source(1))?.block).toMatchObject({ piece: 0, begin: 16_384 });
    downloads.arrived(source(1), 0, 0, block(0, 0));
    expect(downloads.arrived(source(1), 0, 16_384, block(0, 16_384))).toMatchObject({ whole: { right: true, liars: [2] } });
  });

  it('a piece that is asked of one peer alone goes to another when that one lets wait', () => {
    const downloads = fresh();
    downloads.next(source(1));
    downloads.next(source(2));
    downloads.arrived(source(1), 0, 0, block(0, 0));
    downloads.arrived(source(2), 0, 16_384, block(0, 0));
    expect(downloads.next(source(1))?.block).toMatchObject({ piece: 0, begin: 0 });
    downloads.late(1, true);
    expect(downloads.owed(1)).toBe(0);
    expect(downloads.next(source(2))?.block).toMatchObject({ piece: 0, begin: 0 });
    expect(downloads.arrived(source(1), 0, 0, block(0, 0))).toEqual({ kind: 'unasked' });
  });

  it('of a wrong piece with one sender it is known at once', () => {
    const downloads = fresh();
    downloads.next(source(1));
    downloads.next(source(1));
    downloads.arrived(source(1), 0, 0, block(0, 0));
    expect(downloads.arrived(source(1), 0, 16_384, block(0, 0))).toMatchObject({ whole: { right: false, liars: [1] } });
  });
});

describe('a swarm', () => {
  it.each(['rarest', 'random', 'sequential'] as const)('%s: takes pieces in the order that it should, and ends', async (strategy) => {
    const { file, torrent, hash } = testFile(30);
    const seeder = startPeer('seeder', { torrent, file });
    const leecher = startPeer('leecher', { torrent, file: null, strategy, peers: [{ address: seeder.address, port: 6881 }] });
    await leecher.peer.done;
    expect(leecher.hash()).toBe(hash);
    const order = [...new Set(leecher.noted('bt.chose').filter(({ why }) => why !== 'endgame').map(({ piece }) => piece))];
    expect(order).toHaveLength(30);
    const rising = order.filter((piece, i) => i === 0 || piece > (order[i - 1] ?? 0)).length;
    if (strategy === 'sequential') expect(rising).toBe(30);
    else expect(rising).toBeLessThan(26);
  });

  /** How many different pieces the leechers have together when the seeder has given so many. */
  async function spread(strategy: Strategy): Promise<number> {
    const tracker = await startTracker();
    const { file, torrent } = testFile(48, { announce: tracker.http, pieceLength: 16_384 });
    const seeder = startPeer('seeder', { torrent, file, up: 200_000 });
    const leechers = Array.from({ length: 4 }, (_, i) => startPeer(`peer-${i}`, { torrent, file: null, strategy, up: 20_000 }));
    await until(() => seeder.peer.traffic.up >= 36 * 16_384);
    const together = new Set(leechers.flatMap((peer) => peer.noted('bt.have').map(({ piece }) => piece)));
    for (const each of [tracker, seeder, ...leechers]) each.kill();
    return together.size;
  }

  it('rarest first keeps more different pieces in the swarm than sequential does', async () => {
    const [rarest, sequential] = [await spread('rarest'), await spread('sequential')];
    expect(rarest).toBeGreaterThan(sequential + 6);
  }, 120_000);

  it('rarest first takes what few have before what many have', async () => {
    const { file, torrent } = testFile(20);
    const seeder = startPeer('seeder', { torrent, file, up: 400_000 });
    // Three peers with the first half or so, who give nobody anything.
    const halves = Array.from({ length: 3 }, (_, i) => startPeer(`half-${i}`, { torrent, file: null, strategy: 'sequential', slots: 0, peers: [{ address: seeder.address, port: 6881 }] }));
    await until(() => halves.every((peer) => peer.noted('bt.have').length >= 8));
    seeder.kill();
    const leecher = startPeer('leecher', { torrent, file: null, randomFirst: 0, peers: halves.map(({ address }) => ({ address, port: 6881 })) });
    const { availability } = (leecher.peer as unknown as { swarm: { availability: Availability } }).swarm;
    await until(() => availability.of(0) === 3);
    startPeer('giver', { torrent, file, peers: [{ address: leecher.address, port: 6881 }] });
    await leecher.peer.done;
    const copies = leecher.noted('bt.chose').flatMap((note) => (note.why === 'rarest' ? [note.copies] : []));
    expect(copies).toHaveLength(20);
    expect(copies).toEqual(copies.toSorted((one, other) => one - other));
    expect([copies[0], copies.at(-1)]).toEqual([1, 4]);
  });
});
