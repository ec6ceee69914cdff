// What the user has chosen; every view follows it.

import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { Selection } from '../../shared/trace/story';

export const useSelection = defineStore('selection', () => {
  const selection = shallowRef<Selection>({ type: 'none' });
  const select = (chosen: Selection): void => void (selection.value = chosen);
  const clear = (): void => void (selection.value = { type: 'none' });
  return { selection, select, clear };
});
