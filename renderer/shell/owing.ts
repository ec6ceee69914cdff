// Counts the lessons whose answers (useAsked.ts) are of an older trace than the one that is shown, for the page's idle signal (idle.ts), which is
// there long before the first of them is loaded.

import { ref } from 'vue';

const count = ref(0);

/** Lessons that still owe an answer. */
export const lessonsOwing = (): number => count.value;

/** For one lesson: says whether it does. */
export function owing(): (now: boolean) => void {
  let owes = false;
  return (now) => {
    count.value += Number(now) - Number(owes);
    owes = now;
  };
}
