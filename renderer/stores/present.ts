// Present mode: the chrome is hidden and the type is larger, for a projector. Esc leaves it.

import { defineStore } from 'pinia';
import { shallowRef, watch } from 'vue';

export const usePresent = defineStore('present', () => {
  const on = shallowRef(false);
  watch(on, (now) => {
    if (now) document.documentElement.dataset['present'] = 'true';
    else delete document.documentElement.dataset['present'];
  });
  return { on, toggle: () => void (on.value = !on.value), leave: () => void (on.value = false) };
});
