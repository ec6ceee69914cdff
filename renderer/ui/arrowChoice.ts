// Which radio button of a group an arrow key goes to. Reka chooses a moment after the key, and not at all when the key was let go by then: groups
// ask here and choose at once. Moves no focus: Reka does.

const ACROSS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 };
const BOTH: Readonly<Record<string, number>> = { ...ACROSS, ArrowUp: -1, ArrowDown: 1 };

/** Index of the button; null for another key. Goes round at the ends. The event is heard at the group. */
export function arrowChoice({ key, currentTarget, target }: KeyboardEvent, orientation: 'horizontal' | 'both'): number | null {
  const step = (orientation === 'both' ? BOTH : ACROSS)[key];
  if (step === undefined || !(currentTarget instanceof HTMLElement)) return null;
  const radios = [...currentTarget.querySelectorAll('[role="radio"]')];
  const at = radios.findIndex((radio) => radio === target);
  return at < 0 ? null : (at + step + radios.length) % radios.length;
}
