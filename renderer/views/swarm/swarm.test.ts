import { describe, expect, it } from 'vitest';
import { micros } from '../../../shared/base/brand';
import { cutsAt } from './cuts';
import { SwarmEvents } from './events';
import { byGiven, pairsOf, strengthOf } from './helped';
import { facesAt, hostileSince, rangesText, shortName } from './peers';
import { CELL, cellOf, pieceAt, rarityOf, runsOf, UnderWay } from './strips';
import { SwarmScene, threePeers, withHostile } from './swarm.fixture';

const ms = (value: number) => micros(value * 1000);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe('peers', () => {
  it('are what they have shown by the playhead', () => {
    const swarm = withHostile().story();
    const since = hostileSince(swarm);
    const kinds = (t: number) => facesAt(swarm, swarm.at(ms(t)), [], since).map(({ kind }) => kind);
    expect(kinds(50)).toEqual(['seeder', 'leecher', 'leecher', 'later']);
    expect(kinds(130)).toEqual(['seeder', 'leecher', 'leecher', 'leecher']);
    expect(kinds(420)).toEqual(['seeder', 'seeder', 'seeder', 'hostile']);
  });

  it('have short names', () => {
    const scene = new SwarmScene(1);
    const [one, foreign] = [scene.peer(), scene.peer({ foreign: true })].map((peer) => scene.peers[peer]);
    if (one === undefined || foreign === undefined) throw new Error('no peers');
    expect([shortName(one, 'A'), shortName(one, 'Peer 17'), shortName(one, 'seeder'), shortName(foreign, '')]).toEqual(['A', '17', 'SE', '…881']);
  });

  it('have their pieces told as ranges', () => {
    const has = new Set([0, 1, 2, 5, 7, 8]);
    expect(rangesText(9, (piece) => has.has(piece))).toBe('0–2, 5, 7–8');
    expect(rangesText(9, (piece) => has.has(piece), 2)).toBe('0–2, 5, …');
    expect(rangesText(9, () => false)).toBe('');
  });
});

describe('what was decided', () => {
  const events = new SwarmEvents(withHostile().story());

  it('is told newest first, up to the playhead', () => {
    const before = events.before(ms(143).valueOf(), 3);
    expect(before.map(({ what, at }) => `${what} ${at / 1000}`)).toEqual(['cut 142', 'bad 141', 'slot 120']);
    expect(events.before(-1, 3)).toEqual([]);
  });

  it('is told of one peer alone', () => {
    expect(events.before(ms(420), 50, 3).map(({ what }) => what)).toEqual(['cut', 'bad', 'slot', 'joined']);
  });

  it('has a caption for each instant, and who came is none while there is more to tell', () => {
    expect(events.latest(ms(0))?.what).toBe('joined');
    expect(events.latest(ms(28))).toMatchObject({ what: 'chose', choice: { peer: 1, piece: 0, from: 0, why: 'rarest' } });
    expect(events.latest(ms(101))?.what).toBe('chose');
  });
});

describe('strips of pieces', () => {
  it('show what is there, under way, bad and missing; forwards and backwards', () => {
    const swarm = withHostile().story();
    const way = new UnderWay();
    const cells = (t: number) => {
      const now = swarm.at(ms(t));
      const begun = way.at(swarm, t * 1000);
      return upTo(6).map((piece) => cellOf(now, begun, 6, 1, piece));
    };
    expect(cells(40)).toEqual([CELL.moving, 0, 0, 0, 0, 0]);
    expect(cells(150)).toEqual([CELL.has, CELL.moving, CELL.has, 0, CELL.moving, CELL.bad]);
    expect(cells(420)).toEqual(upTo(6).map(() => CELL.has));
    expect(cells(40)).toEqual([CELL.moving, 0, 0, 0, 0, 0]);
  });

  it('are few runs, and when pieces share a pixel the worst is seen', () => {
    expect(runsOf(6, 300, (piece) => (piece < 4 ? 3 : 0))).toEqual([{ from: 0, to: 4, state: 3 }, { from: 4, to: 6, state: 0 }]);
    expect(runsOf(1000, 100, (piece) => (piece === 555 ? 0 : 3)).map(({ from, to, state }) => [from, to, state])).toEqual([[0, 550, 3], [550, 560, 0], [560, 1000, 3]]);
    expect([pieceAt(0, 6), pieceAt(0.5, 6), pieceAt(1, 6)]).toEqual([0, 3, 5]);
  });

  it('know the rarest', () => {
    expect(rarityOf({ availability: Uint16Array.from([3, 1, 1, 2]) })).toEqual({ least: 1, most: 3, rarest: 2, none: 0 });
    expect(rarityOf({ availability: Uint16Array.from([0, 1]) })).toMatchObject({ least: 0, rarest: 1, none: 1 });
    expect(rarityOf({ availability: new Uint16Array(0) })).toEqual({ least: 0, most: 0, rarest: 0, none: 0 });
  });
});

it('who helped whom is sorted by bytes', () => {
  const now = threePeers().story().at(ms(420));
  const [first] = pairsOf(now, 3);
  expect(pairsOf(now, 3)).toHaveLength(4);
  expect(first?.bytes).toBe(3 * 16_384);
  expect(pairsOf(now, 3, 0).map(({ from, to }) => `${from}→${to}`)).toEqual(['0→1', '0→2']);
  expect(byGiven(now, 3)).toEqual([0, 1, 2]);
  expect([0, 1, 50, 100].map((bytes) => strengthOf(bytes, 100))).toEqual([0, 1, 3, 5]);
});

it('cut links are told once for each two, with the reason once for each who was cut off', () => {
  const scene = withHostile();
  const again = scene.link(3, 1, 200);
  scene.cut(again, 1, 'banned', 205);
  const third = scene.link(3, 2, 210);
  scene.cut(third, 2, 'bad-hash', 220);
  scene.cut(scene.link(1, 2, 230), 1, 'both-seed', 231);
  expect(cutsAt(scene.links, 141_000, [])).toEqual([]);
  expect(cutsAt(scene.links, 400_000, [])).toEqual([{ link: 3, why: 'bad-hash' }, { link: third, why: null }]);
  // Connected again, for all that.
  expect(cutsAt(scene.links, 203_000, [{ link: again }])).toEqual([]);
});
