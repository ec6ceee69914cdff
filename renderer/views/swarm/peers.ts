// What each peer is at the playhead: seeder, leecher, hostile as far as it has shown, gone, not there yet; how much it has, gave and got.
// Pure; words are the parts'.

import type { CutWhy } from '../../../shared/trace/notes';
import type { SwarmNow, SwarmPeer, SwarmStory } from '../../../shared/trace/swarm/swarmStory';

export type PeerKind = 'seeder' | 'leecher' | 'hostile' | 'gone' | 'later';

export interface PeerFace {
  readonly peer: number;
  readonly kind: PeerKind;
  /** It is not ours: no notes tell what it decides. */
  readonly foreign: boolean;
  readonly have: number;
  /** Of all pieces, 0 to 1. */
  readonly share: number;
  /** Bytes of blocks. */
  readonly given: number;
  readonly got: number;
  /** As few letters as tell it apart. */
  readonly short: string;
  /** How it went, once it has. */
  readonly how: 'left' | 'killed' | 'failed' | 'gone' | null;
}

/** Reasons to end a connection that are no fault of the other side. */
const BLAMELESS: ReadonlySet<CutWhy> = new Set(['full', 'self', 'twice', 'both-seed', 'silent', 'handshake-timeout', 'not-loopback']);
export const isBlame = (why: CutWhy): boolean => !BLAMELESS.has(why);

/** By peer: µs from which on it is known that it does wrong; Infinity: never. */
export function hostileSince(swarm: SwarmStory): Float64Array {
  const since = new Float64Array(swarm.peers.length).fill(Number.POSITIVE_INFINITY);
  const told = (peer: number, at: number): void => void (since[peer] = Math.min(since[peer] ?? at, at));
  for (const { from, at } of swarm.bad) if (from.length === 1) for (const peer of from) if (swarm.peers[peer]?.hostile === true) told(peer, at);
  for (const { cut, a, b } of swarm.links) {
    const other = cut?.by === a ? b : a;
    if (cut !== null && isBlame(cut.why) && swarm.peers[other]?.hostile === true) told(other, cut.at);
  }
  return since;
}

/** 'A' is 'A', 'Peer 17' is '17', 'seeder' is 'SE', '127.0.0.1:40112' is '…112'. */
export function shortName(peer: SwarmPeer, name: string): string {
  if (peer.role === null) return `…${peer.id.slice(-3)}`;
  if (name.length <= 2) return name;
  return /(\d{1,3})$/u.exec(name)?.[1] ?? [...name].slice(0, 2).join('').toUpperCase();
}

/** `names`: by peer, in the user's language. `since`: of hostileSince. */
export function facesAt(swarm: SwarmStory, now: SwarmNow, names: readonly string[], since: Float64Array): PeerFace[] {
  const pieces = swarm.torrent?.pieces ?? 0;
  return swarm.peers.map((peer): PeerFace => {
    const at = peer.index;
    const have = now.have[at] ?? 0;
    const gone = peer.left !== null && peer.left.at <= now.t;
    const kind = peer.joinedAt > now.t ? 'later' : gone ? 'gone' : (since[at] ?? Number.POSITIVE_INFINITY) <= now.t ? 'hostile' : pieces > 0 && have === pieces ? 'seeder' : 'leecher';
    return {
      peer: at, kind, foreign: peer.role === null, have: kind === 'later' ? 0 : have, share: pieces === 0 || kind === 'later' ? 0 : have / pieces, given: now.given[at] ?? 0, got: now.got[at] ?? 0,
      short: shortName(peer, names[at] ?? peer.id), how: gone ? (peer.left?.how ?? null) : null,
    };
  });
}

/** The faces, those that are as before as the same objects. */
export const keptFaces = (before: readonly PeerFace[] | undefined, faces: readonly PeerFace[]): readonly PeerFace[] =>
  before === undefined ? faces : faces.map((face, peer) => {
    const was = before[peer];
    return was !== undefined && (Object.keys(face) as (keyof PeerFace)[]).every((key) => was[key] === face[key]) ? was : face;
  });

/** '0–3, 7': pieces as ranges, at most `most` of them and '…'. `has(piece)`. */
export function rangesText(pieces: number, has: (piece: number) => boolean, most = 8): string {
  const ranges: string[] = [];
  for (let from = 0; from < pieces; from++) {
    if (!has(from)) continue;
    let to = from;
    while (to + 1 < pieces && has(to + 1)) to++;
    if (ranges.length === most) return `${ranges.join(', ')}, …`;
    ranges.push(from === to ? String(from) : `${from}–${to}`);
    from = to;
  }
  return ranges.join(', ');
}
