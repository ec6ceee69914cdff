// The swarm in words: names of peers, what was decided and why, in the user's language. Text that peers chose is bounded and made visible.

import { computed, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { never } from '../../../shared/base/assert';
import { visibleText } from '../../../shared/codec/text';
import type { CutWhy, PieceWhy } from '../../../shared/trace/notes';
import type { PieceLife, SwarmStory } from '../../../shared/trace/swarm/swarmStory';
import { sizeText } from '../../inspector/parts/size';
import type { Labels } from '../../timeline/viewProps';
import type { SwarmEvent } from './events';
import { isBlame, type PeerFace } from './peers';

export interface SwarmWords {
  /** By peer. */
  readonly names: ComputedRef<readonly string[]>;
  name(peer: number): string;
  size(bytes: number): string;
  kind(face: PeerFace): string;
  /** `short`: for lists, where much is said again and again. */
  event(event: SwarmEvent, short?: boolean): string;
  life(one: PieceLife): string;
  why(why: PieceWhy, copies: number, short?: boolean): string;
  cut(why: CutWhy): string;
}

/** Texts that are remembered at once. */
const MOST_TEXTS = 4096;

/** Remembers texts, until one of what they hang on is another. */
function createMemo<K>(...causes: readonly (() => unknown)[]): (key: K, make: () => string) => string {
  const known = new Map<K, string>();
  let of: readonly unknown[] = [];
  return (key, make) => {
    const now = causes.map((cause) => cause());
    if (known.size >= MOST_TEXTS || now.some((cause, i) => cause !== of[i])) known.clear();
    of = now;
    const text = known.get(key) ?? make();
    known.set(key, text);
    return text;
  };
}

const MOST_NAME = 40;
/** Names in one sentence. */
const MOST_NAMES = 4;
/** Keys have no hyphens. */
const keyOf = (word: string): string => word.replaceAll('-', '_');

export function useSwarmWords(input: { readonly swarm: () => SwarmStory; readonly labels: () => Labels; readonly tick: () => number }): SwarmWords {
  const { t, n, locale } = useI18n();
  /** The same list as before while nobody has come: whatever names stand in need not be said again. */
  const names = computed((before?: readonly string[]): readonly string[] => {
    input.tick();
    const now = input.swarm().peers.map(({ role, id }) => visibleText(role === null ? id : input.labels().role(id)).slice(0, MOST_NAME));
    return before !== undefined && before.length === now.length && now.every((name, peer) => name === before[peer]) ? before : now;
  });
  const sizes = createMemo<number>(() => locale.value);
  const events = { long: createMemo<SwarmEvent>(() => names.value, () => locale.value), short: createMemo<SwarmEvent>(() => names.value, () => locale.value) };
  const name = (peer: number): string => names.value[peer] ?? t('swarm.somebody');
  const all = (peers: readonly number[]): string => (peers.length === 0 ? t('swarm.somebody') : peers.slice(0, MOST_NAMES).map(name).join(', ') + (peers.length > MOST_NAMES ? ', …' : ''));
  const size = (bytes: number): string => sizes(bytes, () => sizeText(bytes, (value) => n(value)));
  const why = (reason: PieceWhy, copies: number, short = false): string => t(`swarm.${short ? 'whyShort' : 'why'}.${reason}`, { count: copies }, copies);
  const cut = (reason: CutWhy): string => t(`swarm.cutWhy.${keyOf(reason)}`);

  const event = (one: SwarmEvent, short = false): string => events[short ? 'short' : 'long'](one, () => say(one, short));

  function say(one: SwarmEvent, short: boolean): string {
    switch (one.what) {
      case 'chose': return t('swarm.event.chose', { who: name(one.choice.peer), from: name(one.choice.from), piece: one.choice.piece, why: why(one.choice.why, one.choice.copies, short) });
      case 'slot': return t(`swarm.event.${one.slot.what}`, { who: name(one.slot.peer), to: name(one.slot.to), why: t(`swarm.chokeWhy.${one.slot.why}`, { rate: t('swarm.perSecond', { size: size(one.slot.rate) }) }) });
      case 'bad': return t('swarm.event.bad', { who: name(one.bad.peer), piece: one.bad.piece, from: all(one.bad.from) });
      case 'cut': return t(isBlame(one.cut.why) ? 'swarm.event.cut' : 'swarm.event.parted', { who: name(one.cut.by), other: name(one.cut.by === one.link.a ? one.link.b : one.link.a), why: cut(one.cut.why) });
      case 'joined': return t('swarm.event.joined', { who: name(one.peer) });
      case 'left': return t(`swarm.event.${one.how ?? 'gone'}`, { who: name(one.peer) });
      default: return never(one);
    }
  }

  function life(one: PieceLife): string {
    const params = { who: name(one.peer), from: name(one.from) };
    return one.what === 'chosen' ? t('swarm.life.chosen', { ...params, why: one.why === null ? '' : why(one.why, one.copies, true) }) : t(`swarm.life.${one.what}`, params);
  }

  const kind = (face: PeerFace): string => {
    const word = face.kind === 'gone' ? t(`swarm.how.${face.how ?? 'gone'}`) : t(`swarm.kind.${face.kind}`);
    return face.foreign ? t('swarm.foreignOf', { kind: word }) : word;
  };

  return { names, name, size, kind, event, life, why, cut };
}
