// What a command sees of the process around it, so that tests can run commands in theirs. The real one is made in electron/cli.ts.

import type { FoundLab } from '../runtime/discovery';

export interface Io {
  /** Standard output. Resolves when the reader has taken it, and at once when there is no reader any more. */
  out(text: string): Promise<void>;
  /** Standard error. */
  err(text: string): void;
  /** Aborts at SIGINT and SIGTERM and when nobody reads standard output any more. */
  readonly signal: AbortSignal;
  /** Errors that no program of a lab caught go to this listener. */
  onFault(listener: (thrown: unknown) => void): void;
  /** Version of the program. */
  version(): Promise<string>;
  /** All labs. */
  labs(): readonly FoundLab[];
}

/** Who writes a file: 'Looplab 1.0.0'; a version that cannot be told is no reason to write none. */
export const applicationOf = (io: Io): Promise<string> => io.version().then((version) => `Looplab ${version}`, () => 'Looplab');

/** A command line that cannot be understood: exit status 2, its message, and what would be right. */
export class UsageError extends Error {
  constructor(
    message: string,
    /** Lines that say what exists. */
    readonly hint = '',
  ) {
    super(message);
  }
}

/** Exit statuses. */
export const EXIT = { reached: 0, failed: 1, usage: 2, interrupted: 130 } as const;
