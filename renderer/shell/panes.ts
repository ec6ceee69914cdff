// The panes of the lab screen by name: whether ladder or log is shown, and how the keys 1-6 put the focus into one.

import { nextTick, readonly, shallowRef, type Ref } from 'vue';

export type PaneName = 'lesson' | 'stage' | 'ladder' | 'inspector' | 'timeline' | 'log';
/** The ladder and its text equivalent share a place. */
export type BookTab = 'ladder' | 'log';

const MOST_FRAMES = 5;
const tab = shallowRef<BookTab>('ladder');

/** Focuses what the pane's view offers first (its slider, list or table), else the pane itself. False: it is not there, or not shown. */
export function focusPane(name: PaneName): boolean {
  const pane = document.querySelector<HTMLElement>(`[data-pane="${name}"]`);
  if (pane === null) return false;
  const inner = pane.querySelector<HTMLElement>('[role="slider"], [role="listbox"][tabindex="0"], [role="grid"][tabindex="0"], [role="region"][tabindex="0"]');
  (inner ?? pane).focus({ preventScroll: true });
  return pane.contains(document.activeElement);
}

export function useBook(): { readonly tab: Readonly<Ref<BookTab>>; choose(name: BookTab): void; show(name: BookTab): void } {
  return {
    tab: readonly(tab),
    choose: (name) => (tab.value = name),
    show: (name) => {
      tab.value = name;
      // The page that comes is shown some frames later, and takes no focus before.
      let frames = 0;
      const focus = (): void => void (focusPane(name) || frames++ >= MOST_FRAMES || requestAnimationFrame(focus));
      void nextTick(focus);
    },
  };
}
