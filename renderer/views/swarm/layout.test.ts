import { describe, expect, it } from 'vitest';
import { micros } from '../../../shared/base/brand';
import { Blocks, LOOK } from './blocks';
import { Lanes, distanceTo } from './lanes';
import { layoutSwarm, peerAt, ringOrder } from './layout';
import { laneState } from './linkState';
import { SwarmScene, threePeers, withHostile } from './swarm.fixture';

const ms = (value: number) => micros(value * 1000);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe('the places of the peers', () => {
  it('are a triangle for three, with the seeder on top', () => {
    const { peers } = threePeers().story();
    const { detail, nodes } = layoutSwarm(ringOrder(peers, 6), 490, 290);
    expect(detail).toBe('cards');
    const [a, b, c] = nodes;
    expect(a?.x).toBe(245);
    expect([b?.y, c?.y].every((y) => (y ?? 0) > (a?.y ?? 0))).toBe(true);
    expect((b?.x ?? 0) + (c?.x ?? 0)).toBe(490);
  });

  it.each([[1, 'cards'], [5, 'cards'], [12, 'chips'], [50, 'dots'], [200, 'dots']] as const)('of %i peers lie within the picture, none upon another', (count, detail) => {
    for (const [width, height] of [[560, 300], [900, 520], [1300, 800]] as const) {
      const layout = layoutSwarm(upTo(count), width, height);
      if (width === 900) expect(layout.detail).toBe(detail);
      const round = layout.detail === 'dots';
      for (const one of layout.nodes) {
        expect(one.x - one.hw).toBeGreaterThanOrEqual(0);
        expect(one.y - one.hh).toBeGreaterThanOrEqual(0);
        expect(one.x + one.hw).toBeLessThanOrEqual(width);
        expect(one.y + one.hh).toBeLessThanOrEqual(height);
        for (const other of layout.nodes.slice(one.peer + 1)) {
          const apart = round ? Math.hypot(one.x - other.x, one.y - other.y) >= one.hw + other.hw : Math.abs(one.x - other.x) >= one.hw + other.hw || Math.abs(one.y - other.y) >= one.hh + other.hh;
          expect(apart, `${one.peer} and ${other.peer} of ${count} in ${width} x ${height}`).toBe(true);
        }
      }
    }
  });

  it('have seeders first and foreign peers last', () => {
    const scene = new SwarmScene(4);
    for (const given of [{ foreign: true }, {}, { began: [0, 1, 2, 3] }, {}]) scene.peer(given);
    expect(ringOrder(scene.peers, 4)).toEqual([2, 1, 3, 0]);
    // Three stand as they are named, whoever came first and has what.
    const [b, c, a] = ['peer-2', 'peer-10', 'peer-1'].map((id, index) => ({ ...scene.peers[1], id, index, began: index === 1 ? [0, 1, 2, 3] : [] }));
    expect(ringOrder([b, c, a] as never, 4)).toEqual([2, 0, 1]);
  });

  it('become dots rather than leave a small picture', () => {
    expect(layoutSwarm(upTo(3), 180, 90).detail).toBe('dots');
  });

  it('are found under the pointer', () => {
    const layout = layoutSwarm(upTo(3), 490, 290);
    expect(peerAt(layout, layout.nodes[2]?.x ?? 0, layout.nodes[2]?.y ?? 0)).toBe(2);
    expect(peerAt(layout, 245, 250)).toBe(-1);
  });
});

describe('links', () => {
  const layout = layoutSwarm([0, 1], 600, 300);
  const lanes = new Lanes(layout, [{ a: 0, b: 1 }]);
  const [there, back] = [lanes.laneOf(0, true), lanes.laneOf(0, false)];

  it('go from edge to edge, each direction on its own side', () => {
    const [left, right] = layout.nodes;
    expect(lanes.value(there, 0)).toBeCloseTo((left?.x ?? 0) + (left?.hw ?? 0) + 4);
    expect(lanes.value(there, 4)).toBeCloseTo((right?.x ?? 0) - (right?.hw ?? 0) - 4);
    expect(lanes.value(there, 1)).toBeGreaterThan(150);
    expect(lanes.value(back, 1)).toBeLessThan(150);
    expect(distanceTo(lanes, there, 300, lanes.value(there, 1) + 3)).toBeCloseTo(3);
  });

  it('say for each direction who chokes and who wants', () => {
    const scene = new SwarmScene(1);
    const link = scene.link(scene.seeder(), scene.peer());
    const states = (t: number) => [true, false].map((fromA) => laneState(scene.story().at(ms(t)).links[0]?.bits ?? 0, fromA));
    scene.says(link, 1, 'interested', 10);
    scene.says(link, 0, 'unchoke', 20);
    scene.says(link, 1, 'notInterested', 30);
    expect([0, 10, 20, 30].map((t) => states(t)[0])).toEqual(['idle', 'waiting', 'flowing', 'offered']);
    expect(states(30)[1]).toBe('idle');
  });
});

describe('blocks', () => {
  const swarm = withHostile().story();
  const layout = layoutSwarm(ringOrder(swarm.peers, 6), 600, 400);
  const lanes = new Lanes(layout, swarm.links);
  const blocks = new Blocks();
  const filled = (t: number, piece = -1): Blocks => {
    const now = swarm.at(ms(t));
    blocks.fill(now, swarm, lanes, { piece, transfer: -1, hostile: Uint8Array.from(swarm.peers, (peer) => (peer.hostile ? 1 : 0)) }, 0);
    return blocks;
  };

  it('are on their way as far as their time has come', () => {
    // Piece 0 is on its way from A to B from 30 to 80 ms; piece 1, to C, leaves at 34.
    expect(filled(29).count).toBe(0);
    expect(filled(31).count).toBe(1);
    const lane = lanes.laneOf(0, false);
    const middle = { x: 0, y: 0 };
    lanes.pointAt(lane, 0.5, middle);
    filled(55);
    expect([blocks.piece[0], blocks.count]).toEqual([0, 2]);
    expect(Math.abs((blocks.x[0] ?? 0) - middle.x)).toBeLessThan(1);
    expect(Math.abs((blocks.y[0] ?? 0) - middle.y)).toBeLessThan(1);
    expect(blocks.under(middle.x, middle.y, 5, 5)).toBe(0);
    expect(blocks.under(5, 5, 5, 5)).toBe(-1);
  });

  it('of the chosen piece stand out, and those of a hostile peer look bad', () => {
    filled(130, 2);
    const looks = Object.fromEntries(upTo(blocks.count).map((n) => [`${swarm.transfers.at(blocks.transfer[n] ?? 0).from}:${blocks.piece[n] ?? -1}`, blocks.look[n]]));
    expect(looks).toMatchObject({ '0:2': LOOK.chosen, '3:5': LOOK.bad, '1:0': LOOK.plain });
  });

  it('of whom nobody tells when they came wait half-way, hollow', () => {
    const scene = new SwarmScene(1);
    scene.block(scene.link(scene.seeder(), scene.peer({ foreign: true })), 0, 0, 10, null);
    const story = scene.story();
    const one = new Blocks();
    one.fill(story.at(ms(500)), story, new Lanes(layoutSwarm([0, 1], 600, 300), story.links), { piece: -1, transfer: -1, hostile: new Uint8Array(2) }, 0);
    expect([one.count, one.look[0], one.x[0]]).toEqual([1, LOOK.unknown, 300]);
  });
});
