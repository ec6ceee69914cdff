// The three sketches of the architectures' table: who is connected with whom. Decoration; the cells say it in words.

import type { ArchitectureColumn } from '../../../shared/lab/architectures';

export interface Topology {
  /** In the middle; null: nobody is. */
  readonly server: readonly [x: number, y: number] | null;
  readonly peers: readonly (readonly [x: number, y: number])[];
  /** Lines between two places; `look`: only asked the way. */
  readonly lines: readonly { readonly from: readonly [x: number, y: number]; readonly to: readonly [x: number, y: number]; readonly look: boolean }[];
}

const CENTRE = [60, 32] as const;
const RING = [[18, 14], [102, 14], [112, 50], [60, 58], [8, 50]] as const;
const RIM = [[18, 12], [102, 12], [112, 52], [8, 52]] as const;

const spokes = (peers: readonly (readonly [number, number])[], look: boolean): Topology['lines'] => peers.map((from) => ({ from, to: CENTRE, look }));
const all = (peers: readonly (readonly [number, number])[]): Topology['lines'] => peers.flatMap((from, i) => peers.slice(i + 1).map((to) => ({ from, to, look: false })));
const around = (peers: readonly (readonly [number, number])[]): Topology['lines'] => peers.flatMap((from, i) => [peers[(i + 1) % peers.length] ?? from].map((to) => ({ from, to, look: false })));

export const TOPOLOGIES: Readonly<Record<ArchitectureColumn, Topology>> = {
  'client-server': { server: CENTRE, peers: RING, lines: spokes(RING, false) },
  p2p: { server: null, peers: RING, lines: all(RING) },
  hybrid: { server: CENTRE, peers: RIM, lines: [...spokes(RIM, true), ...around(RIM)] },
};
