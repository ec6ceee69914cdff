// Turns key presses into commands. Keys that the focused widget uses itself stay with it.

import { onBeforeUnmount, onMounted } from 'vue';
import { runCommand } from './commands';
import { commandOf } from './keymap';

/** What is typed into: a box that is ticked takes no letters. */
const FIELDS = 'input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable]';
/** Widgets that give arrows, Home, End or Space a meaning of their own. The timeline's slider is the playhead: its keys are ours. */
const OWN_KEYS: readonly (readonly [selector: string, keys: readonly string[]])[] = [
  ['input, button, a[href], summary, [role="radio"], [role="switch"], [role="combobox"]', [' ']],
  ['[type="radio"], [role="radio"], [role="tab"], [role="separator"], [role="menu"], [role="tree"], [role="grid"], [role="combobox"]', ['ArrowLeft', 'ArrowRight', 'Home', 'End']],
];

export function useKeys(onLab: () => boolean): void {
  const onKey = (event: KeyboardEvent): void => {
    const target = event.target instanceof Element ? event.target : document.body;
    // An open dialog or menu has the keyboard to itself (it closes with Esc by itself).
    if (event.defaultPrevented || event.isComposing || target.closest('[role="dialog"], [role="menu"], [role="listbox"][data-state="open"]') !== null) return;
    // Esc closes the topmost layer (a menu, an explanation, a tooltip) and nothing else.
    if (event.key === 'Escape' && document.querySelector('[data-dismissable-layer]') !== null) return;
    if (OWN_KEYS.some(([selector, keys]) => keys.includes(event.key) && target.closest(selector) !== null)) return;
    const command = commandOf(event, { onLab: onLab(), inField: target.closest(FIELDS) !== null });
    if (command !== null && runCommand(command)) event.preventDefault();
  };
  // Switches keep every Enter to themselves, with Ctrl too: a parameter that was just set would hold back Run.
  const onModifiedEnter = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || (!event.ctrlKey && !event.metaKey)) return;
    onKey(event);
    if (event.defaultPrevented) event.stopPropagation();
  };
  onMounted(() => {
    window.addEventListener('keydown', onModifiedEnter, true);
    window.addEventListener('keydown', onKey);
  });
  onBeforeUnmount(() => {
    window.removeEventListener('keydown', onModifiedEnter, true);
    window.removeEventListener('keydown', onKey);
  });
}
