// Where the peers stand: three as a triangle (the course's A, B, C), more on a ring, very many on rings within one another. Cards while
// there is room for their words, then chips, then dots. Pure; CSS pixels.

import type { SwarmPeer } from '../../../shared/trace/swarm/swarmStory';

export type Detail = 'cards' | 'chips' | 'dots';

export interface PeerNode {
  /** Index in SwarmStory.peers. */
  readonly peer: number;
  /** Middle. */
  readonly x: number;
  readonly y: number;
  /** Half of its size; of a dot: its radius, both. */
  readonly hw: number;
  readonly hh: number;
}

export interface SwarmLayout {
  readonly detail: Detail;
  readonly width: number;
  readonly height: number;
  /** By peer. */
  readonly nodes: readonly PeerNode[];
  /** The peers in the order of the ring: how the arrow keys walk. */
  readonly order: readonly number[];
}

/** Sizes of a peer at text scale 1, and the least distance between two. */
const CARD = { w: 190, h: 92, gap: 40 } as const;
const CHIP = { w: 138, h: 56, gap: 8 } as const;
const SMALL_CHIP = { w: 92, h: 38, gap: 6 } as const;
const DOT = { most: 15, gap: 3.5 } as const;
const EDGE = 6;
/** Most peers as cards: more of them would fill a picture with nothing but words. */
const MOST_CARDS = 8;
const MOST_CHIPS = 20;
/** Rings within one another: more than these leave no room for links. */
const MOST_RINGS = 4;
/** A triangle is at most so much wider than high. */
const BROAD = 2.6;

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Peers up to which all stand in the order of their names, as the course has A, B, C. */
const FEW = 3;

/** Those who had everything from the start come first, the others in the order of their names; foreign and hostile ones last. */
export function ringOrder(peers: readonly SwarmPeer[], pieces: number): number[] {
  const rank = (peer: SwarmPeer): number => (peer.hostile ? 3 : peer.role === null ? 2 : peers.length > FEW && pieces > 0 && peer.began.length === pieces ? 0 : 1);
  return [...peers].sort((one, other) => rank(one) - rank(other) || one.id.localeCompare(other.id, 'en', { numeric: true }) || one.index - other.index).map(({ index }) => index);
}

/** `scale`: how much larger than designed the text is. */
export function layoutSwarm(order: readonly number[], width: number, height: number, scale = 1): SwarmLayout {
  const tries = [
    ...(order.length <= MOST_CARDS ? [{ detail: 'cards' as const, size: CARD }] : []),
    ...(order.length <= MOST_CHIPS ? [CHIP, SMALL_CHIP].map((size) => ({ detail: 'chips' as const, size })) : []),
  ];
  for (const { detail, size } of tries) {
    const [hw, hh] = [(size.w * scale) / 2, (size.h * scale) / 2];
    const places = placesOf(order.length, width, height, hw, hh);
    if (fits(places, hw, hh, size.gap, width, height)) return { detail, width, height, order, nodes: nodesOf(order, places, hw, hh) };
  }
  return { detail: 'dots', width, height, order, ...dots(order, width, height, scale) };
}

function nodesOf(order: readonly number[], places: readonly Place[], hw: number, hh: number): PeerNode[] {
  const nodes: PeerNode[] = [];
  for (const [turn, peer] of order.entries()) nodes[peer] = { peer, hw, hh, ...(places[turn] ?? { x: 0, y: 0 }) };
  return nodes;
}

function placesOf(count: number, width: number, height: number, hw: number, hh: number): Place[] {
  const [cx, cy] = [width / 2, height / 2];
  const [rx, ry] = [Math.max(0, cx - hw - EDGE), Math.max(0, cy - hh - EDGE)];
  if (count === 1) return [{ x: cx, y: cy }];
  if (count === 2) return [{ x: cx - Math.min(rx, height), y: cy }, { x: cx + Math.min(rx, height), y: cy }];
  if (count === 3) {
    const reach = Math.min(rx, Math.max(ry, hh) * BROAD);
    return [{ x: cx, y: cy - ry }, { x: cx - reach, y: cy + ry }, { x: cx + reach, y: cy + ry }];
  }
  if (count === 4) {
    const reach = Math.min(rx, Math.max(ry, hh) * BROAD);
    return [{ x: cx - reach, y: cy - ry }, { x: cx + reach, y: cy - ry }, { x: cx + reach, y: cy + ry }, { x: cx - reach, y: cy + ry }];
  }
  // Words are wide: a ring with corners has room for more of them than a round one.
  return onRing(count, cx, cy, Math.min(rx, ry * BROAD), ry, 0, SQUARE);
}

const STEPS = 720;
/** Exponent of a superellipse: 1 is an ellipse, the less the squarer. */
const SQUARE = 0.42;

/** `count` points at equal distances along a ring, clockwise from the top; `shift` in parts of a distance. */
function onRing(count: number, cx: number, cy: number, rx: number, ry: number, shift: number, shape = 1): Place[] {
  const bent = (part: number): number => Math.sign(part) * Math.abs(part) ** shape;
  const at = (turn: number): Place => ({ x: cx + rx * bent(Math.sin(turn)), y: cy - ry * bent(Math.cos(turn)) });
  const lengths = new Float64Array(STEPS + 1);
  for (let step = 1; step <= STEPS; step++) {
    const [a, b] = [at(((step - 1) / STEPS) * 2 * Math.PI), at((step / STEPS) * 2 * Math.PI)];
    lengths[step] = (lengths[step - 1] ?? 0) + Math.hypot(b.x - a.x, b.y - a.y);
  }
  const whole = lengths[STEPS] ?? 0;
  const places: Place[] = [];
  let step = 0;
  for (let n = 0; n < count; n++) {
    const want = ((n + shift) / count) * whole;
    while (step < STEPS && (lengths[step + 1] ?? 0) < want) step++;
    const [low, high] = [lengths[step] ?? 0, lengths[step + 1] ?? 0];
    places.push(at(((step + (high > low ? (want - low) / (high - low) : 0)) / STEPS) * 2 * Math.PI));
  }
  return places;
}

function fits(places: readonly Place[], hw: number, hh: number, gap: number, width: number, height: number): boolean {
  if (places.some(({ x, y }) => x - hw < 0 || y - hh < 0 || x + hw > width || y + hh > height)) return false;
  return places.every((one, at) => places.every((other, index) => index <= at || Math.abs(one.x - other.x) >= 2 * hw + gap || Math.abs(one.y - other.y) >= 2 * hh + gap));
}

/** Peers next to one another in the order stand on neighbouring rings, so that the order still goes round. */
function dots(order: readonly number[], width: number, height: number, scale: number): { readonly nodes: readonly PeerNode[] } {
  // Outside of the ring, names of few.
  const margin = EDGE + (order.length <= 60 ? 10 * scale : 0);
  let best = { r: 0, rings: 1 };
  for (let rings = 1; rings <= MOST_RINGS; rings++) {
    const r = radiusOf(order.length, rings, width, height, margin, DOT.most * scale);
    // Another ring takes room from the links: it must be worth it.
    if (r > best.r * 1.15) best = { r, rings };
  }
  const { r, rings } = best;
  const nodes: PeerNode[] = [];
  for (let ring = 0; ring < rings; ring++) {
    const peers = order.filter((_peer, turn) => turn % rings === ring);
    const { rx, ry } = ringSize(width, height, margin, r, ring);
    const places = onRing(peers.length, width / 2, height / 2, rx, ry, ring / rings);
    for (const [turn, peer] of peers.entries()) nodes[peer] = { peer, hw: r, hh: r, ...(places[turn] ?? { x: width / 2, y: height / 2 }) };
  }
  return { nodes };
}

function ringSize(width: number, height: number, margin: number, r: number, ring: number): { readonly rx: number; readonly ry: number } {
  const inside = margin + r + ring * (2 * r + DOT.gap);
  const ry = Math.max(1, height / 2 - inside);
  return { rx: Math.max(1, Math.min(width / 2 - inside, ry * BROAD)), ry };
}

/** The largest radius at which the dots of every ring have room side by side. */
function radiusOf(count: number, rings: number, width: number, height: number, margin: number, most: number): number {
  for (let r = most; r > 2; r -= 0.25) {
    const roomy = Array.from({ length: rings }, (_, ring) => {
      const { rx, ry } = ringSize(width, height, margin, r, ring);
      const around = Math.PI * (3 * (rx + ry) - Math.sqrt((3 * rx + ry) * (rx + 3 * ry)));
      // Chords are shorter than what they span, most where the ring is bent most.
      return around / Math.ceil(count / rings) >= (2 * r + DOT.gap) * 1.04;
    });
    if (roomy.every(Boolean)) return r;
  }
  return 2;
}

/** The peer whose dot, chip or card is under a point; -1: none. */
export function peerAt(layout: SwarmLayout, x: number, y: number, spare = 2): number {
  for (const node of layout.nodes) if (Math.abs(x - node.x) <= node.hw + spare && Math.abs(y - node.y) <= node.hh + spare) return node.peer;
  return -1;
}
