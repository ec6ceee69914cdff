import { beforeEach, describe, expect, it } from 'vitest';
import type { Note } from '../../../shared/trace/notes';
import { testRole } from '../bittorrent/swarm.fixture';
import type { RoleContext } from '../lab';
import { SwarmWatch } from './swarmWatch';

/** A seed and two receivers, each at its address; three pieces. */
let watch: SwarmWatch;
let told: Note[];
let roles: RoleContext[];

const SEED = 0;
const A = 1;
const B = 2;

function meet(ownAddresses = true): void {
  watch = new SwarmWatch(3, ownAddresses);
  told = [];
  roles = ['seed', 'a', 'b'].map((id) => {
    const { role } = testRole(id);
    return watch.watch({ ...role, note: (note) => void told.push(note) }, id === 'seed');
  });
}
const name = (of: number): string => `${roles[of]?.host.address}:50000`;
const says = (who: number, note: Note): void => roles[who]?.note(note);
const unchokes = (who: number, whom: number): void => says(who, { topic: 'bt.choke', peer: name(whom), what: 'unchoke', why: 'free', rate: 0 });
const chokes = (who: number, whom: number): void => says(who, { topic: 'bt.choke', peer: name(whom), what: 'choke', why: 'slower', rate: 0 });
const asks = (who: number, whom: number, piece: number): void => says(who, { topic: 'bt.chose', piece, from: name(whom), why: 'rarest', copies: 1 });
const has = (who: number, piece: number): void => says(who, { topic: 'bt.have', piece, have: 1, of: 3, from: [] });

beforeEach(() => meet());

describe('an up-link that is idle', () => {
  it('waits for the start while nobody has asked, or its peer has nothing', () => {
    expect([watch.upIdle(SEED), watch.upIdle(A)]).toEqual(['start-up', 'start-up']);
  });

  it('is choking when somebody waits who could ask', () => {
    unchokes(SEED, A);
    asks(A, SEED, 0);
    has(A, 0);
    asks(B, A, 0);
    expect(watch.upIdle(SEED)).toBe('choking'); // B asked nobody for 1 and 2, and the seed lets it wait
    unchokes(SEED, B);
    expect(watch.upIdle(SEED)).toBe('machine'); // it may ask now, and has not yet
  });

  it('has nothing to do: not yet while pieces are the seed\'s alone, not any more afterwards', () => {
    for (const piece of [0, 1, 2]) asks(A, SEED, piece);
    has(A, 0);
    asks(B, SEED, 0);
    expect(watch.upIdle(A)).toBe('start-up');
    has(A, 1);
    has(A, 2);
    has(B, 0);
    for (const piece of [1, 2]) asks(B, SEED, piece);
    expect(watch.upIdle(A)).toBe('last-piece');
    chokes(SEED, B); // what it asked there is open again
    expect(watch.upIdle(A)).toBe('choking');
    unchokes(A, B);
    expect(watch.upIdle(A)).toBe('machine');
  });

  it('passes every note on', () => {
    asks(A, SEED, 0);
    has(A, 0);
    expect(told.map(({ topic }) => topic)).toEqual(['bt.chose', 'bt.have']);
  });
});

describe('a down-link that is idle', () => {
  it('waits for the start, for a slot, for its pieces', () => {
    expect(watch.downIdle(A)).toBe('start-up');
    unchokes(SEED, A);
    asks(A, SEED, 0);
    expect(watch.downIdle(A)).toBe('machine');
    chokes(SEED, A);
    expect(watch.downIdle(A)).toBe('choking');
    unchokes(SEED, A);
    for (const piece of [0, 1, 2]) asks(A, SEED, piece);
    expect(watch.downIdle(A)).toBe('start-up');
  });
});

it('knows of no choking where all peers have one address', () => {
  meet(false);
  asks(B, SEED, 0);
  expect(watch.upIdle(SEED)).toBe('machine');
});
