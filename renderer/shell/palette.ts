// What the command palette offers, and in which order for a search: commands that can run here, and every lab.

import type { CommandId } from './keymap';

export type PaletteItem =
  | { readonly type: 'command'; readonly id: CommandId; readonly text: string; readonly keys: readonly string[] }
  | { readonly type: 'lab'; readonly id: string; readonly text: string; readonly about: string };

/** Items in which every word occurs; those whose name begins with the first word come first. */
export function findItems(items: readonly PaletteItem[], search: string): PaletteItem[] {
  const words = search.toLocaleLowerCase().split(/\s+/u).filter((word) => word !== '');
  const haystack = (item: PaletteItem): string => `${item.text} ${item.id} ${item.type === 'lab' ? item.about : ''}`.toLocaleLowerCase();
  const found = items.filter((item) => words.every((word) => haystack(item).includes(word)));
  const [first] = words;
  if (first === undefined) return found;
  const rank = (item: PaletteItem): number => (item.text.toLocaleLowerCase().startsWith(first) ? 0 : item.text.toLocaleLowerCase().includes(first) ? 1 : 2);
  return found.sort((a, b) => rank(a) - rank(b));
}
