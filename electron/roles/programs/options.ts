// Reads a program's options: plain data that came with its start.

import type { ProgramOptions } from '../lab';

/** Length asked of the kernel's accept queue where the options name none, as Node has it. */
export const DEFAULT_BACKLOG = 511;

/** The number of that name, or `otherwise` when it was not given. */
export function numberOf(options: ProgramOptions, name: string, otherwise: number): number {
  const value = options[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : otherwise;
}
