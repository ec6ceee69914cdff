// Runs what a setup says: a whole program, or its part for one connection. Each is loaded only where it is needed.

import { never } from '../../../shared/base/assert';
import type { Setup } from './messages';

/** `closes`: of a thread, as runConnection() has it. A process ends with what it ran. */
export async function runSetup(setup: Setup, closes?: () => void): Promise<void> {
  switch (setup.kind) {
    case 'program':
      return (await import('./runProgram')).runProgram(setup);
    case 'connection':
      await (await import('./runConnection')).runConnection(setup, closes);
      if (closes === undefined) process.exit(0);
      return;
    default:
      never(setup);
  }
}
