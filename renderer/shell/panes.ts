// The panes of the lab screen by name: which of the right ones is shown, and how the keys 1-6 put the focus into one.

import { nextTick, shallowRef } from 'vue';

export type PaneName = 'lesson' | 'stage' | 'ladder' | 'inspector' | 'timeline' | 'log';
export type SideTab = 'inspector' | 'log';

const tab = shallowRef<SideTab>('inspector');

/** Focuses what the pane's view offers first (its slider, list or table), else the pane itself. */
export function focusPane(name: PaneName): void {
  const pane = document.querySelector<HTMLElement>(`[data-pane="${name}"]`);
  if (pane === null) return;
  const inner = pane.querySelector<HTMLElement>('[role="slider"], [role="listbox"][tabindex="0"], [role="grid"][tabindex="0"], [role="region"][tabindex="0"]');
  (inner ?? pane).focus({ preventScroll: true });
}

export function useSide(): { readonly tab: Readonly<{ value: SideTab }>; choose(name: SideTab): void; show(name: SideTab): void } {
  return {
    tab,
    choose: (name) => (tab.value = name),
    show: (name) => {
      tab.value = name;
      void nextTick(() => focusPane(name));
    },
  };
}
