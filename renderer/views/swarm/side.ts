// The rows of the panel at the side, each with what it leads to: decisions until the playhead (newest first), a piece's life, a peer's
// links, a link's history (oldest first). Bounded. Words are those of words.ts.

import type { Board } from './board';
import { laneState } from './linkState';
import { toneOf } from './tone';

export interface SideRow {
  readonly key: string;
  readonly at: number | null;
  readonly text: string;
  readonly tone: 'chose' | 'slot' | 'bad' | 'block' | 'gained' | 'plain';
  readonly chosen: boolean;
  readonly goal: { readonly type: 'fact' | 'message' | 'link' | 'peer' | 'none'; readonly index: number };
}

type Translate = (key: string, params: Record<string, unknown>) => string;

const MOST = 60;
const NOWHERE = { type: 'none', index: -1 } as const;

/** Of one peer, or of all: -1. */
export function decisionRows({ clock, events, words, chosen }: Board, peer: number): SideRow[] {
  return events.before(clock.now().t, MOST, peer).map((event) => ({
    key: event.key, at: event.at, text: words.event(event, true), tone: toneOf(event), chosen: event.seq !== null && event.seq === chosen.seq.value,
    goal: event.seq === null ? (event.what === 'joined' ? { type: 'peer', index: event.peer } : NOWHERE) : { type: 'fact', index: event.seq },
  }));
}

const TONES = { began: 'gained', chosen: 'chose', block: 'block', gained: 'gained', bad: 'bad' } as const;

export function pieceRows({ swarm, clock, words, chosen }: Board, piece: number): SideRow[] {
  const { t } = clock.now();
  // Peers that began with it are one moment each, and many: the last ones are what is of interest.
  return swarm.lifeOf(piece).filter(({ at }) => at <= t).slice(-MOST * 3).map((one, index) => {
    const block = one.what === 'block' && one.transfer >= 0 ? swarm.transfers.at(one.transfer) : null;
    return {
      key: `${one.what}${one.peer}:${one.transfer}:${one.seq ?? index}`, at: one.at, text: words.life(one), tone: TONES[one.what],
      chosen: block === null ? one.seq !== null && one.seq === chosen.seq.value : block.index === chosen.transfer.value,
      goal: block !== null ? { type: 'message', index: block.message } : one.seq !== null ? { type: 'fact', index: one.seq } : { type: 'peer', index: one.peer },
    };
  });
}

export function peerRows({ swarm, clock, words, chosen }: Board, peer: number, t: Translate): SideRow[] {
  return clock.now().links.flatMap(({ link, bits }): SideRow[] => {
    const one = swarm.links[link];
    if (one === undefined || (one.a !== peer && one.b !== peer)) return [];
    const isA = one.a === peer;
    const params = { other: words.name(isA ? one.b : one.a), gives: t(`swarm.state.${laneState(bits, isA)}`, {}), gets: t(`swarm.state.${laneState(bits, !isA)}`, {}) };
    return [{ key: `link${link}`, at: null, text: t('swarm.side.withPeer', params), tone: 'plain', chosen: link === chosen.link.value, goal: { type: 'link', index: link } }];
  }).slice(0, MOST);
}

export function linkRows({ swarm, clock, words, chosen }: Board, link: number, t: Translate): SideRow[] {
  const one = swarm.links[link];
  if (one === undefined) return [];
  const now = clock.now();
  const said = one.changes.filter(({ at }) => at <= now.t).map((change): SideRow => ({
    key: `said${change.message}`, at: change.at, text: t(`swarm.says.${change.what}`, { who: words.name(change.by), other: words.name(change.by === one.a ? one.b : one.a) }),
    tone: change.what === 'choke' || change.what === 'unchoke' ? 'slot' : 'plain', chosen: false, goal: { type: 'message', index: change.message },
  }));
  const blocks = now.moving.flatMap((index): SideRow[] => {
    const block = swarm.transfers.at(index);
    if (block.link !== link) return [];
    return [{ key: `block${index}`, at: block.depart, text: t('swarm.side.moving', { piece: block.piece, from: words.name(block.from), to: words.name(block.to) }), tone: 'block', chosen: index === chosen.transfer.value, goal: { type: 'message', index: block.message } }];
  });
  return [...said.slice(-MOST), ...blocks.slice(-MOST)];
}
