// What select() asked and what it answered, out of its facts: for the calls' spelling and for the sockets view. Pure; the facts may come from
// a file, so what is no list of numbers is no set.

import type { SelectSets } from './event';
import { record } from './foldHosts';

export function selectSets(text: string): SelectSets {
  const sets = record(text);
  return { read: numbers(sets['read']), write: numbers(sets['write']) };
}

const numbers = (value: unknown): number[] => (Array.isArray(value) ? value.filter((one): one is number => typeof one === 'number') : []);
