// What was decided and what went wrong, in order of time: choices of pieces, upload slots, bad pieces, cut connections, peers that came and
// went. Found by bisection from the playhead backwards, so that hundreds of thousands cost nothing. Pure; words are the parts'.

import type { EventSeq } from '../../../shared/base/brand';
import { upperBound } from '../../../shared/base/lists';
import type { BadPiece, PieceChoice, SlotChange, SwarmLink, SwarmStory } from '../../../shared/trace/swarm/swarmStory';

export type SwarmEvent = { readonly at: number; readonly seq: EventSeq | null; readonly key: string } & (
  | { readonly what: 'chose'; readonly choice: PieceChoice }
  | { readonly what: 'slot'; readonly slot: SlotChange }
  | { readonly what: 'bad'; readonly bad: BadPiece }
  | { readonly what: 'cut'; readonly link: SwarmLink; readonly cut: NonNullable<SwarmLink['cut']> }
  | { readonly what: 'joined' | 'left'; readonly peer: number; readonly how: 'left' | 'killed' | 'failed' | 'gone' | null }
);

interface Source {
  readonly length: number;
  at(index: number): SwarmEvent;
  time(index: number): number;
  about(index: number, peer: number): boolean;
}

/** Steps back at most, when only those of one peer are looked for. */
const FAR = 5000;

/** The events of a story; make it anew for another version. */
export class SwarmEvents {
  private readonly sources: readonly Source[];

  constructor(swarm: SwarmStory) {
    const { choices, slots, bad, links, peers } = swarm;
    const rare: { readonly event: SwarmEvent; readonly peers: readonly number[] }[] = [
      ...links.flatMap((link) => (link.cut === null ? [] : [{ event: { what: 'cut' as const, at: link.cut.at, seq: link.cut.seq, key: `cut${link.index}`, link, cut: link.cut }, peers: [link.a, link.b] }])),
      ...peers.flatMap(({ index, joinedAt, left }) => [
        { event: { what: 'joined' as const, at: joinedAt, seq: null, key: `joined${index}`, peer: index, how: null }, peers: [index] },
        ...(left === null ? [] : [{ event: { what: 'left' as const, at: left.at, seq: left.seq, key: `left${index}`, peer: index, how: left.how }, peers: [index] }]),
      ]),
    ].sort((one, other) => one.event.at - other.event.at);
    this.sources = [
      sourceOf(choices, (choice) => ({ what: 'chose', at: choice.at, seq: choice.seq, key: `fact${choice.seq}`, choice }), ({ peer, from }, who) => peer === who || from === who),
      sourceOf(slots, (slot) => ({ what: 'slot', at: slot.at, seq: slot.seq, key: `fact${slot.seq}`, slot }), ({ peer, to }, who) => peer === who || to === who),
      sourceOf(bad, (one) => ({ what: 'bad', at: one.at, seq: one.seq, key: `fact${one.seq}`, bad: one }), ({ peer, from }, who) => peer === who || from.includes(who)),
      { length: rare.length, at: (index) => (rare[index] as (typeof rare)[number]).event, time: (index) => rare[index]?.event.at ?? 0, about: (index, who) => rare[index]?.peers.includes(who) ?? false },
    ];
  }

  /** The last events until `t`, newest first, at most `most`; of one peer alone unless `peer` is -1. */
  before(t: number, most: number, peer = -1): SwarmEvent[] {
    const found = this.sources.flatMap((source) => {
      const events: SwarmEvent[] = [];
      let index = upperBound({ length: source.length, at: source.time }, t) - 1;
      for (const end = Math.max(-1, index - FAR); index > end && events.length < most; index--) if (peer < 0 || source.about(index, peer)) events.push(source.at(index));
      return events;
    });
    // Of one instant, the one noted last is the newest; who joined had joined before.
    return found.sort((one, other) => other.at - one.at || (other.seq ?? -1) - (one.seq ?? -1)).slice(0, most);
  }

  /** The last decision or mishap until `t`: what a caption tells. */
  latest = (t: number): SwarmEvent | null => this.before(t, 6).find(({ what }) => what !== 'joined') ?? this.before(t, 1)[0] ?? null;
}

function sourceOf<T extends { readonly at: number }>(list: readonly T[], event: (one: T) => SwarmEvent, about: (one: T, peer: number) => boolean): Source {
  const get = (index: number): T => list[index] as T;
  return { length: list.length, at: (index) => event(get(index)), time: (index) => get(index).at, about: (index, peer) => about(get(index), peer) };
}
