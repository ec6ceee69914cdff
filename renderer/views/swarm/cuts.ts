// Which links are drawn as cut: of each two peers that are not connected now the first that ended for what one of them did, with the
// reason once for each who was cut off: what comes later (was cut before) follows from it. Pure.

import type { CutWhy } from '../../../shared/trace/notes';
import type { SwarmLink } from '../../../shared/trace/swarm/swarmStory';
import { isBlame } from './peers';

export interface Cut {
  readonly link: number;
  /** Null: the same is written at another link of that peer. */
  readonly why: CutWhy | null;
}

/** `open`: the links that are there now: who is connected again is not cut off. */
export function cutsAt(links: readonly SwarmLink[], t: number, open: readonly { readonly link: number }[]): Cut[] {
  const cuts = links.flatMap(({ index, a, b, cut }) => (cut !== null && cut.at <= t && isBlame(cut.why) ? [{ link: index, at: cut.at, why: cut.why, by: cut.by, other: cut.by === a ? b : a }] : []));
  if (cuts.length === 0) return [];
  const nameOf = (a: number, b: number): string => `${Math.min(a, b)} ${Math.max(a, b)}`;
  const pairs = new Set(open.map(({ link }) => nameOf(links[link]?.a ?? -1, links[link]?.b ?? -1)));
  const told = new Set<number>();
  return cuts.sort((one, other) => one.at - other.at).flatMap(({ link, why, by, other }) => {
    const pair = nameOf(by, other);
    if (pairs.has(pair)) return [];
    pairs.add(pair);
    const first = !told.has(other);
    told.add(other);
    return [{ link, why: first ? why : null }];
  });
}
