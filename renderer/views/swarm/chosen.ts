// What is chosen in the swarm: what the panel at the side tells of (a piece, a peer, a link), and what stands out in the picture because
// of the selection that all views share.

import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue';
import type { AppStory } from '../../../shared/trace/app/appStory';
import type { SwarmStory } from '../../../shared/trace/swarm/swarmStory';
import type { Selection } from '../../../shared/trace/story';
import type { SwarmClock } from './swarmClock';

export type Focus = { readonly type: 'none' } | { readonly type: 'piece' | 'peer' | 'link'; readonly index: number };

export interface Chosen {
  readonly focus: ShallowRef<Focus>;
  /** Indices of what stands out; -1: none. */
  readonly piece: ComputedRef<number>;
  readonly transfer: ComputedRef<number>;
  readonly link: ComputedRef<number>;
  readonly peer: ComputedRef<number>;
  readonly seq: ComputedRef<number>;
  choosePiece(piece: number): void;
  choosePeer(peer: number): void;
  chooseLink(link: number): void;
  chooseBlock(transfer: number): void;
  chooseFact(seq: number): void;
  chooseMessage(message: number): void;
  close(): void;
}

interface Given {
  readonly swarm: SwarmStory;
  readonly app: AppStory;
  readonly selection: Selection;
}

/** Messages that a selection is about. */
function messagesOf({ app, selection }: Given): readonly number[] {
  if (selection.type === 'message') return [selection.id];
  if (selection.type === 'fact') return app.messagesOfFact(selection.seq);
  return selection.type === 'segment' ? app.messagesOfSegment(selection.id) : [];
}

export function useChosen(props: Given, clock: SwarmClock, emit: (selection: Selection) => void): Chosen {
  const focus = shallowRef<Focus>({ type: 'none' });
  const transfer = computed(() => {
    for (const message of messagesOf(props)) {
      const found = props.swarm.transferOf(message);
      if (found !== null) return found.index;
    }
    return -1;
  });
  const seq = computed(() => (props.selection.type === 'fact' ? props.selection.seq : -1));
  const ofFact = computed(() => {
    const { choices, bad } = props.swarm;
    return seq.value < 0 ? undefined : (choices.find((choice) => choice.seq === seq.value) ?? bad.find((one) => one.seq === seq.value));
  });
  const piece = computed(() => (focus.value.type === 'piece' ? focus.value.index : transfer.value >= 0 ? props.swarm.transfers.at(transfer.value).piece : (ofFact.value?.piece ?? -1)));
  const peer = computed(() => (focus.value.type === 'peer' ? focus.value.index : -1));
  const link = computed(() => {
    if (focus.value.type === 'link') return focus.value.index;
    if (transfer.value >= 0) return props.swarm.transfers.at(transfer.value).link;
    const messages = messagesOf(props);
    return messages.length === 0 ? -1 : props.swarm.links.findIndex(({ changes }) => changes.some((change) => messages.includes(change.message)));
  });

  watch(() => props.selection, (selection) => {
    if (selection.type === 'none') focus.value = { type: 'none' };
    if (selection.type !== 'host') return;
    // Of several peers on one host, the one that is told of already stays.
    if (focus.value.type === 'peer' && props.swarm.peers[focus.value.index]?.host === selection.index) return;
    const found = props.swarm.peers.find(({ host }) => host === selection.index);
    if (found !== undefined) focus.value = { type: 'peer', index: found.index };
  }, { immediate: true });

  return {
    focus, piece, transfer, link, peer, seq,
    choosePiece: (index) => void (focus.value = { type: 'piece', index }),
    choosePeer(index) {
      const found = props.swarm.peers[index];
      if (found === undefined) return;
      focus.value = { type: 'peer', index };
      emit({ type: 'host', index: found.host });
    },
    chooseLink(index) {
      focus.value = { type: 'link', index };
      const { t } = clock.now();
      const last = props.swarm.links[index]?.changes.findLast(({ at }) => at <= t);
      if (last !== undefined) emit({ type: 'message', id: last.message });
    },
    chooseBlock(index) {
      const block = props.swarm.transfers.at(index);
      focus.value = { type: 'piece', index: block.piece };
      emit({ type: 'message', id: block.message });
    },
    chooseFact: (fact) => emit({ type: 'fact', seq: fact }),
    chooseMessage: (id) => emit({ type: 'message', id }),
    close: () => void (focus.value = { type: 'none' }),
  };
}
