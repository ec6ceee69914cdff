// The keys of a group of radio buttons. Choice and focus go together, in the turn of the key: a group that chooses later, by a timer, chooses on a
// busy page what was left meanwhile.

const ACROSS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 };
const BOTH: Readonly<Record<string, number>> = { ...ACROSS, ArrowUp: -1, ArrowDown: 1 };

/** Chooses, by a click, the button that an arrow, Home or End goes to; round at the ends. The event is heard at the button that has the focus. */
export function moveChoice(event: KeyboardEvent, orientation: 'horizontal' | 'both'): void {
  const { key, currentTarget: button } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || !(button instanceof HTMLElement)) return;
  const radios = [...(button.closest('[role="radiogroup"]')?.querySelectorAll<HTMLElement>('[role="radio"]:not(:disabled)') ?? [])];
  const at = radios.indexOf(button);
  const step = (orientation === 'both' ? BOTH : ACROSS)[key];
  const to = key === 'Home' ? radios[0] : key === 'End' ? radios.at(-1) : step === undefined ? undefined : radios[(at + step + radios.length) % radios.length];
  if (at < 0 || to === undefined) return;
  event.preventDefault();
  to.focus();
  to.click();
}
