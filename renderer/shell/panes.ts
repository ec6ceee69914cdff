// The panes of the lab screen by name: whether ladder or log is shown, and how the keys 1-6 put the focus into one.

import { nextTick, readonly, shallowRef, type Ref } from 'vue';

export type PaneName = 'lesson' | 'stage' | 'ladder' | 'inspector' | 'timeline' | 'log';
/** The ladder and its text equivalent share a place. */
export type BookTab = 'ladder' | 'log';

const tab = shallowRef<BookTab>('ladder');

/** Focuses what the pane's view offers first (its slider, list or table), else the pane itself. */
export function focusPane(name: PaneName): void {
  const pane = document.querySelector<HTMLElement>(`[data-pane="${name}"]`);
  if (pane === null) return;
  const inner = pane.querySelector<HTMLElement>('[role="slider"], [role="listbox"][tabindex="0"], [role="grid"][tabindex="0"], [role="region"][tabindex="0"]');
  (inner ?? pane).focus({ preventScroll: true });
}

export function useBook(): { readonly tab: Readonly<Ref<BookTab>>; choose(name: BookTab): void; show(name: BookTab): void } {
  return {
    tab: readonly(tab),
    choose: (name) => (tab.value = name),
    show: (name) => {
      tab.value = name;
      void nextTick(() => focusPane(name));
    },
  };
}
