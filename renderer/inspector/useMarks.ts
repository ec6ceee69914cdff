// The one mark that joins layer boxes and hex dump: what the pointer is on wins over what was pinned. Gone when other bytes are shown.

import { computed, shallowRef, watch, type WatchSource } from 'vue';
import { useI18n } from 'vue-i18n';
import type { FieldNode } from '../../shared/codec/field';
import { fieldAt, markOf, type Mark } from './parts/mark';

/** `trees`: the fields of the shown bytes; `shown`: changes when other bytes are. */
export function useMarks(trees: () => readonly FieldNode[], shown: WatchSource | WatchSource[]) {
  const { t, te } = useI18n();
  const hovered = shallowRef<Mark | null>(null);
  const pinned = shallowRef<Mark | null>(null);
  const marked = computed(() => hovered.value ?? pinned.value);

  watch(shown, () => {
    hovered.value = null;
    pinned.value = null;
  });

  const markAt = (at: number): Mark | null => {
    const field = fieldAt(trees(), at);
    return field === null ? null : markOf(field);
  };
  /** The name of the field at a byte, in the page's language. */
  function fieldName(at: number): string {
    const name = markAt(at)?.name ?? '';
    const key = `fields.name.${name.replaceAll('.', '_')}`;
    return te(key) ? t(key) : name;
  }

  return { hovered, pinned, marked, markAt, fieldName };
}
