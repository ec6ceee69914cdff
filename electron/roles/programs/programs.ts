// The programs that run in a process of their own (LabContext.process), by name. Loaded by the entry of that process alone; each is loaded
// when it is asked for, so that a process has no more in memory than it needs.

import type { RoleContext } from '../lab';
import type { ProgramOptions } from '../lab';

export type Program = (role: RoleContext, options: ProgramOptions) => Promise<void>;

export const PROGRAMS = {} as const satisfies Record<string, () => Promise<Program>>;

export type ProgramName = keyof typeof PROGRAMS;
