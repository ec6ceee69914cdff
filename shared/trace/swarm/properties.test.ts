import { describe, expect, it } from 'vitest';
import { must } from '../../base/assert';
import { micros } from '../../base/brand';
import { createRandom } from '../../base/random';
import { folded, pieceByPiece } from '../app/appScene.fixture';
import { SwarmBuilder } from './swarmBuilder';
import { PLAYER } from './swarmPlayer';
import { randomSwarm } from './swarmScene.fixture';
import type { SwarmStory } from './swarmStory';

const copy = (swarm: SwarmStory, t: number): unknown => {
  const { links, moving, ...columns } = swarm.at(micros(t));
  const arrays = Object.entries(columns).map(([name, column]) => [name, typeof column === 'number' ? column : Array.from(column)]);
  return { ...Object.fromEntries(arrays) as object, links: links.map((one) => ({ ...one })), moving: [...moving] };
};

/** All that it says that does not depend on a time. */
const whole = (swarm: SwarmStory): unknown => ({
  torrent: swarm.torrent, choices: swarm.choices, slots: swarm.slots, bad: swarm.bad,
  peers: swarm.peers.map(({ index, role, host, id, listens, joinedAt, left, up, down, began, gained, hostile }) => ({ index, role, host, id, listens, joinedAt, left, up, down, began, gained, hostile })),
  links: swarm.links.map(({ index, conn, a, b, openedAt, closedAt, changes, cut }) => ({ index, conn, a, b, openedAt, closedAt, changes, cut })),
  transfers: Array.from({ length: swarm.transfers.count }, (_, n) => swarm.transfers.at(n)),
  lives: Array.from({ length: swarm.torrent?.pieces ?? 0 }, (_, piece) => swarm.lifeOf(piece)),
});

/** Copies of the state so often that a small scene has many, and so few bytes for them that some are dropped. */
const OFTEN = { stride: 16, bytes: 60_000 };

describe('the story of a swarm', () => {
  it.each([1, 2, 3, 4, 5, 6])('is the same at a time whichever way one comes there, seed %i', (seed) => {
    const random = createRandom(seed);
    const { app, story } = folded(randomSwarm(random, 500));
    const played = new SwarmBuilder(app, story, OFTEN);
    played.advance();
    const end = story.momentTime(story.moments.count - 1);
    let t = 0;
    for (let jump = 0; jump < 60; jump++) {
      t = random.below(3) === 0 ? random.below(Math.ceil(end) + 10) : Math.max(0, t + random.below(400) - 150);
      const fresh = new SwarmBuilder(app, story, PLAYER);
      fresh.advance();
      expect(copy(played.swarm, t)).toEqual(copy(fresh.swarm, t));
    }
    expect(played.swarm.transfers.count).toBeGreaterThan(20);
  });

  it.each([11, 12, 13, 14, 15, 16])('grows with its trace into what the whole trace tells, seed %i', (seed) => {
    const s = randomSwarm(createRandom(seed), 400);
    const { trace, app, story } = folded(s);
    const once = new SwarmBuilder(app, story);
    once.advance();
    const random = createRandom(seed + 100);
    const growing: { builder: SwarmBuilder | null } = { builder: null };
    let t = 0;
    const parts = pieceByPiece(trace, random, 12, (part) => {
      const builder = (growing.builder ??= new SwarmBuilder(part.app, part.story, OFTEN));
      builder.advance();
      const { moments } = part.story;
      const now = moments.count === 0 ? 0 : part.story.momentTime(moments.count - 1);
      // Somebody looks at it all the while, at its end or before.
      t = random.below(2) === 0 ? now : random.below(Math.ceil(now) + 1);
      const fresh = new SwarmBuilder(part.app, part.story);
      fresh.advance();
      if (random.below(4) === 0) expect(copy(builder.swarm, t)).toEqual(copy(fresh.swarm, t));
      else builder.swarm.at(micros(t));
    });
    const grown = new SwarmBuilder(parts.app, parts.story);
    grown.advance();
    const { swarm } = must(growing.builder, 'builder');
    expect(whole(swarm)).toEqual(whole(once.swarm));
    expect(whole(grown.swarm)).toEqual(whole(once.swarm));
    for (let n = 0; n < 10; n++) expect(copy(swarm, n * t / 5)).toEqual(copy(once.swarm, n * t / 5));
  });

  it('adds up: what is given is got, and who helped whom is both', () => {
    for (const seed of [21, 22, 23]) {
      const { app, story } = folded(randomSwarm(createRandom(seed), 600));
      const builder = new SwarmBuilder(app, story);
      builder.advance();
      const { swarm } = builder;
      const now = swarm.at(micros(1e12));
      const sum = (list: Iterable<number>): number => [...list].reduce((total, one) => total + one, 0);
      expect(sum(now.given)).toBe(sum(now.got));
      expect(sum(now.helped)).toBe(sum(now.given));
      expect([...now.have]).toEqual(swarm.peers.map(({ began, gained }) => began.length + gained.length));
      swarm.peers.forEach(({ index, left, role }) => expect(now.present[index]).toBe(role === null ? Number(swarm.links.some(({ a, b, closedAt }) => closedAt === null && (a === index || b === index))) : Number(left === null)));
    }
  });
});
