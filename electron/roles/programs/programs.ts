// The programs that run in a process of their own (LabContext.process), by name. Loaded by the entry of that process alone; each is loaded
// when it is asked for, so that a process has no more in memory than it needs.

import type { ConnectionProgram, Program } from './program';

export const PROGRAMS = {
  iterativeServer: async () => (await import('./iterativeServer')).iterativeServer,
  lifeCloser: async () => (await import('../life/closeAtOnce')).closesAtOnce,
  lifeCloserServer: async () => (await import('../life/closeAtOnce')).closesOnTime,
  lifeEcho: async () => (await import('../life/echoProcess')).echoProcess,
  lifeForgets: async () => (await import('../life/forgetsToClose')).forgetsToClose,
  multiplexedServer: async () => (await import('./multiplexedServer')).multiplexedServer,
  processServer: async () => (await import('./handingServer')).processServer,
  silentListener: async () => (await import('./silentListener')).silentListener,
  threadServer: async () => (await import('./handingServer')).threadServer,
} as const satisfies Record<string, () => Promise<Program>>;

export type ProgramName = keyof typeof PROGRAMS;

/** What a thread or a process of a program runs for one connection, by name. */
export const CONNECTION_PROGRAMS: Readonly<Record<string, () => Promise<ConnectionProgram>>> = {
  echoLines: async () => (await import('./echoLines')).echoLines,
};
