// An error of the engine as it is told to people: a code, a sentence, and the place (lab, role, endpoint) where it happened.
// Crosses threads as data (ReportedError); a program's own failures are facts of the trace instead.

import type { ReportedError } from '../../shared/ipc/contract';

export class EngineError extends Error {
  constructor(
    /** errno name or a code of ours: LAB_UNKNOWN, LAB_PARAMETERS, ACTION_UNKNOWN, RUN_UNKNOWN, ENGINE_STOPPED. */
    readonly code: string,
    message: string,
    readonly where = '',
  ) {
    super(message);
  }
}

/** Any thrown value as data; `where` is used when it does not name its place itself. */
export function reportError(thrown: unknown, where = ''): ReportedError {
  if (!(thrown instanceof Error)) return { code: 'UNKNOWN', message: String(thrown), where };
  const place = 'where' in thrown && typeof thrown.where === 'string' && thrown.where !== '' ? thrown.where : where;
  return { code: errorCode(thrown), message: thrown.message, where: place };
}

/** The errno name or code of a thrown value ('ECONNRESET'); for errors without one: their class. Never empty. */
export function errorCode(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'UNKNOWN';
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : thrown.name;
  return code === '' ? 'Error' : code;
}
