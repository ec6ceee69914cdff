// What the commands of the keymap do. Each screen says what it can do while it is shown; the newest offer of a command wins.

import { onScopeDispose, shallowReactive } from 'vue';
import type { CommandId } from './keymap';

export type CommandTable = Partial<Record<CommandId, () => void>>;

const offers = shallowReactive<CommandTable[]>([]);

/** Offers commands for as long as the calling component lives. */
export function offerCommands(table: CommandTable): void {
  offers.push(table);
  onScopeDispose(() => {
    const at = offers.indexOf(table);
    if (at >= 0) offers.splice(at, 1);
  });
}

const find = (command: CommandId): (() => void) | undefined => {
  for (let index = offers.length - 1; index >= 0; index--) {
    const act = offers[index]?.[command];
    if (act !== undefined) return act;
  }
  return undefined;
};

/** False when nothing offers it here. */
export const canRun = (command: CommandId): boolean => find(command) !== undefined;

/** Runs a command; false when nothing offers it here. */
export function runCommand(command: CommandId): boolean {
  const act = find(command);
  act?.();
  return act !== undefined;
}
