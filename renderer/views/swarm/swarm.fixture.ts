// For tests, benches and looking: swarms written by hand, or grown at random from a seed. Tells what happened and answers as a SwarmStory
// does, by counting again at each question; how a story is derived from a trace has its own tests.

import { connId, eventSeq, hostIx, micros, roleIx } from '../../../shared/base/brand';
import { createRandom } from '../../../shared/base/random';
import type { CutWhy } from '../../../shared/trace/notes';
import { LINK, type BadPiece, type BlockTransfer, type LinkChange, type PieceChoice, type PieceGained, type PieceLife, type SlotChange, type SwarmLink, type SwarmNow, type SwarmPeer, type SwarmStory } from '../../../shared/trace/swarm/swarmStory';

type Open<T> = { -readonly [K in keyof T]: T[K] };

export const BLOCK = 16_384;

/** A swarm as it is told: times in ms, everything else by index. */
export class SwarmScene {
  readonly peers: (Open<SwarmPeer> & { gained: PieceGained[] })[] = [];
  readonly links: (Open<SwarmLink> & { changes: LinkChange[] })[] = [];
  readonly transfers: BlockTransfer[] = [];
  readonly choices: PieceChoice[] = [];
  readonly slots: SlotChange[] = [];
  readonly bad: BadPiece[] = [];
  private facts = 0;
  private messages = 0;

  constructor(readonly pieces: number, readonly pieceLength = BLOCK) {}

  seq = () => eventSeq(this.facts++);

  peer(given: { readonly began?: readonly number[]; readonly at?: number; readonly foreign?: boolean; readonly hostile?: boolean; readonly up?: number } = {}): number {
    const index = this.peers.length;
    const at = `127.0.61.${index + 1}:6881`;
    const role = given.foreign === true ? null : roleIx(index + 1);
    this.peers.push({
      index, role, host: hostIx(index + 1), id: role === null ? at : `peer-${index + 1}`, listens: at, joinedAt: micros((given.at ?? 0) * 1000), left: null, up: given.up ?? 0, down: 0,
      began: given.began ?? [], gained: [], hostile: given.hostile ?? false,
    });
    return index;
  }

  seeder = (): number => this.peer({ began: Array.from({ length: this.pieces }, (_, piece) => piece) });

  leave(peer: number, ms: number, how: 'left' | 'killed' | 'failed' | 'gone' = 'left'): void {
    const one = this.peers[peer];
    if (one !== undefined) one.left = { at: micros(ms * 1000), seq: this.seq(), how };
  }

  link(a: number, b: number, ms = 0): number {
    const index = this.links.length;
    this.links.push({ index, conn: connId(index + 1), a, b, openedAt: micros(ms * 1000), closedAt: null, changes: [], cut: null });
    return index;
  }

  says(link: number, by: number, what: LinkChange['what'], ms: number): void {
    this.links[link]?.changes.push({ at: micros(ms * 1000), by, what, message: this.messages++ });
  }

  /** `by` unchokes the other end, which is interested. */
  open(link: number, by: number, ms: number): void {
    const found = this.links[link];
    if (found === undefined) return;
    const other = found.a === by ? found.b : found.a;
    this.says(link, other, 'interested', ms);
    this.says(link, by, 'unchoke', ms);
    this.slots.push({ seq: this.seq(), at: micros(ms * 1000), peer: by, to: other, what: 'unchoke', why: 'free', rate: 0 });
  }

  cut(link: number, by: number, why: CutWhy, ms: number): void {
    const found = this.links[link];
    if (found === undefined) return;
    found.cut = { at: micros(ms * 1000), seq: this.seq(), by, why };
    found.closedAt = micros(ms * 1000);
  }

  /** A piece of one block from one end of a link to the other. `arrive` null: not yet. */
  block(link: number, from: number, piece: number, depart: number, arrive: number | null, begin = 0): number {
    const found = this.links[link];
    const to = found?.a === from ? found.b : (found?.a ?? 0);
    const index = this.transfers.length;
    this.transfers.push({
      index, link, from, to, piece, begin, length: BLOCK, askedAt: micros((depart - 1) * 1000), depart: micros(depart * 1000), arrive: arrive === null ? null : micros(arrive * 1000), request: this.messages++, message: this.messages++,
    });
    return index;
  }

  chose(peer: number, piece: number, from: number, why: PieceChoice['why'], copies: number, ms: number): void {
    this.choices.push({ seq: this.seq(), at: micros(ms * 1000), peer, piece, from, why, copies });
  }

  gained(peer: number, piece: number, from: number, ms: number): void {
    this.peers[peer]?.gained.push({ piece, at: micros(ms * 1000), seq: this.seq(), from: [from] });
  }

  badly(peer: number, piece: number, from: number, ms: number): void {
    this.bad.push({ seq: this.seq(), at: micros(ms * 1000), peer, piece, from: [from] });
  }

  /** Chosen, carried by one block, and right. */
  piece(link: number, from: number, piece: number, ms: number, took = 20, why: PieceChoice['why'] = 'rarest', copies = 1): void {
    const found = this.links[link];
    const to = found?.a === from ? found.b : (found?.a ?? 0);
    this.chose(to, piece, from, why, copies, ms - 2);
    this.block(link, from, piece, ms, ms + took);
    this.gained(to, piece, from, ms + took);
  }

  story(): SwarmStory {
    const byTime = (one: { readonly at: number }, other: { readonly at: number }): number => one.at - other.at;
    this.transfers.sort((one, other) => one.depart - other.depart);
    const transfers = this.transfers.map((transfer, index) => ({ ...transfer, index }));
    this.choices.sort(byTime);
    this.slots.sort(byTime);
    return {
      version: 1,
      torrent: { pieces: this.pieces, pieceLength: this.pieceLength, size: this.pieces * this.pieceLength },
      peers: this.peers, links: this.links, transfers: { count: transfers.length, at: (index) => transfers[index] as BlockTransfer }, choices: this.choices, slots: this.slots, bad: this.bad,
      peerOf: (given) => this.peers.find((peer) => (typeof given === 'string' ? peer.listens === given : peer.role === given)) ?? null,
      transferOf: (message) => transfers.find((transfer) => transfer.message === message || transfer.request === message) ?? null,
      at: (t) => nowOf(this, transfers, t),
      lifeOf: (piece) => lifeOf(this, transfers, piece),
    };
  }
}

const BITS = { choke: [LINK.aChokes, LINK.bChokes], unchoke: [LINK.aChokes, LINK.bChokes], interested: [LINK.aInterested, LINK.bInterested], notInterested: [LINK.aInterested, LINK.bInterested] } as const;

function nowOf(scene: SwarmScene, transfers: readonly BlockTransfer[], t: number): SwarmNow {
  const { peers, links, pieces } = scene;
  const n = peers.length;
  const present = Uint8Array.from(peers, (peer) => (peer.joinedAt <= t && (peer.left === null || peer.left.at > t) ? 1 : 0));
  const has = new Uint8Array(n * pieces);
  for (const peer of peers) {
    if (peer.joinedAt > t) continue;
    for (const piece of peer.began) has[peer.index * pieces + piece] = 1;
    for (const { piece, at } of peer.gained) if (at <= t) has[peer.index * pieces + piece] = 1;
  }
  const have = new Uint32Array(n);
  const availability = new Uint16Array(pieces);
  for (let at = 0; at < has.length; at++) {
    if (has[at] === 0) continue;
    const peer = Math.floor(at / pieces);
    have[peer] = (have[peer] ?? 0) + 1;
    if (present[peer] === 1) availability[at % pieces] = (availability[at % pieces] ?? 0) + 1;
  }
  const [given, got, helped] = [new Float64Array(n), new Float64Array(n), new Float64Array(n * n)];
  const moving: number[] = [];
  for (const { index, from, to, depart, arrive, length } of transfers) {
    if (depart > t) break;
    if (arrive === null || arrive > t) {
      moving.push(index);
      continue;
    }
    given[from] = (given[from] ?? 0) + length;
    got[to] = (got[to] ?? 0) + length;
    helped[from * n + to] = (helped[from * n + to] ?? 0) + length;
  }
  const open = links.filter((link) => link.openedAt <= t && (link.closedAt === null || link.closedAt > t)).map((link) => {
    let bits: number = LINK.aChokes | LINK.bChokes;
    for (const { at, by, what } of link.changes) {
      if (at > t) continue;
      const bit = BITS[what][by === link.a ? 0 : 1];
      bits = what === 'choke' || what === 'interested' ? bits | bit : bits & ~bit;
    }
    return { link: link.index, bits };
  });
  const lastChoice = new Int32Array(n).fill(-1);
  scene.choices.forEach((choice, index) => choice.at <= t && (lastChoice[choice.peer] = index));
  return { t: micros(t), present, have, has, availability, given, got, helped, links: open, moving, lastChoice };
}

function lifeOf(scene: SwarmScene, transfers: readonly BlockTransfer[], piece: number): PieceLife[] {
  const none = { why: null, copies: 0, transfer: -1 } as const;
  return [
    ...scene.peers.filter((peer) => peer.began.includes(piece)).map((peer) => ({ ...none, at: peer.joinedAt, seq: null, what: 'began' as const, peer: peer.index, from: -1 })),
    ...scene.choices.filter((choice) => choice.piece === piece).map(({ at, seq, peer, from, why, copies }) => ({ at, seq, what: 'chosen' as const, peer, from, why, copies, transfer: -1 })),
    ...transfers.filter((one) => one.piece === piece).map((one) => ({ ...none, at: one.arrive ?? one.depart, seq: null, what: 'block' as const, peer: one.to, from: one.from, transfer: one.index })),
    ...scene.peers.flatMap((peer) => peer.gained.filter((one) => one.piece === piece).map(({ at, seq, from }) => ({ ...none, at, seq, what: 'gained' as const, peer: peer.index, from: from[0] ?? -1 }))),
    ...scene.bad.filter((one) => one.piece === piece).map(({ at, seq, peer, from }) => ({ ...none, at, seq, what: 'bad' as const, peer, from: from[0] ?? -1 })),
  ].sort((one, other) => one.at - other.at);
}

/** The course's three: A has all of six pieces, B and C get each half of it and help one another to the rest. Ends at 400 ms. */
export function threePeers(): SwarmScene {
  const scene = new SwarmScene(6);
  const [a, b, c] = [scene.seeder(), scene.peer({ up: 65_536 }), scene.peer({ up: 65_536 })];
  const [ab, ac, bc] = [scene.link(b, a, 5), scene.link(c, a, 6), scene.link(c, b, 8)];
  scene.open(ab, a, 10);
  scene.open(ac, a, 12);
  for (const [turn, piece] of [0, 2, 4].entries()) scene.piece(ab, a, piece, 30 + turn * 60, 50);
  for (const [turn, piece] of [1, 3, 5].entries()) scene.piece(ac, a, piece, 34 + turn * 60, 50);
  scene.open(bc, b, 80);
  scene.open(bc, c, 82);
  for (const [turn, piece] of [0, 2, 4].entries()) scene.piece(bc, b, piece, 110 + turn * 70, 60, 'rarest', 2);
  for (const [turn, piece] of [1, 3, 5].entries()) scene.piece(bc, c, piece, 114 + turn * 70, 60, 'rarest', 2);
  scene.slots.push({ seq: scene.seq(), at: micros(390_000), peer: b, to: c, what: 'choke', why: 'uninterested', rate: 0 });
  scene.says(bc, b, 'choke', 390);
  return scene;
}

/** A swarm of that many peers, grown at random: some seeders, links to some others each, blocks all the time until `ms`. */
export function crowd(peers: number, pieces: number, options: { readonly ms?: number; readonly links?: number; readonly atOnce?: number; readonly seed?: number } = {}): SwarmScene {
  const { ms = 3000, links = 6, atOnce = 2, seed = 7 } = options;
  const random = createRandom(seed);
  const scene = new SwarmScene(pieces);
  for (let peer = 0; peer < peers; peer++) {
    if (peer < Math.max(1, peers / 25)) scene.seeder();
    else scene.peer({ at: random.below(ms / 5), foreign: peer === peers - 1 && peers > 4 });
  }
  for (let peer = 1; peer < peers; peer++) {
    for (let turn = 0; turn < Math.min(links, peer); turn++) {
      const other = turn === 0 ? random.below(Math.min(2, peer)) : random.below(peer);
      const link = scene.link(peer, other, ms / 5 + random.below(20));
      if (random.below(3) > 0) scene.open(link, other, ms / 4 + random.below(ms / 4));
      if (random.below(3) === 0) scene.open(link, peer, ms / 4 + random.below(ms / 4));
      else if (random.below(2) === 0) scene.says(link, other, 'interested', ms / 4 + random.below(ms / 4));
    }
  }
  const has = scene.peers.map((peer) => new Set(peer.began));
  const open = scene.links.filter((link) => link.changes.some((change) => change.what === 'unchoke'));
  for (let t = ms / 2; t < ms; t += 40) {
    for (const link of open) {
      for (let turn = 0; turn < atOnce; turn++) {
        const by = link.changes.find((change) => change.what === 'unchoke')?.by ?? link.a;
        const to = by === link.a ? link.b : link.a;
        const wanted = [...(has[by] ?? [])].filter((piece) => has[to]?.has(piece) !== true);
        const piece = wanted[random.below(Math.max(1, wanted.length))];
        if (piece === undefined) continue;
        has[to]?.add(piece);
        scene.piece(link.index, by, piece, t + random.below(30), 60 + random.below(60), 'rarest', 1 + random.below(4));
      }
    }
  }
  return scene;
}

/** The three, and a fourth that sends a bad block at 140 ms and is cut off for it at 142 ms. */
export function withHostile(): SwarmScene {
  const scene = threePeers();
  const bad = scene.peer({ hostile: true, at: 100 });
  const link = scene.link(bad, 1, 110);
  scene.open(link, bad, 120);
  scene.block(link, bad, 5, 125, 140);
  scene.badly(1, 5, bad, 141);
  scene.cut(link, 1, 'bad-hash', 142);
  return scene;
}
