// What a reported error means for the user: what happened, where, and what to try, by its code (errno name or one of ours).

import type { ReportedError } from '../../shared/ipc/contract';

/** Codes with words of their own in the catalogues (`errors.what.*`, `errors.try.*`). */
export const KNOWN_CODES = [
  'EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL', 'EMFILE', 'ENFILE', 'ENOMEM', 'ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE',
  'LAB_UNKNOWN', 'LAB_PARAMETERS', 'ACTION_UNKNOWN', 'RUN_UNKNOWN', 'RUN_STATE', 'RELAY_UNKNOWN', 'FAULT_INVALID', 'NO_CLIENT', 'NOT_THERE', 'NO_SERVER', 'ENGINE_STOPPED', 'TRACE_FULL',
  'NO_BRIDGE', 'IPC_FAILED', 'TRACE_BROKEN',
] as const;

export interface FailureWords {
  readonly what: string;
  readonly hint: string;
  /** The code and the system's own message, for whoever wants to look it up. */
  readonly detail: string;
}

export const failureWords = (error: ReportedError, t: (key: string) => string): FailureWords => wordsOf(error, 'errors', KNOWN_CODES, t);

/** Words of a catalogue's area for the codes that it knows; 'other' for the rest. */
export function wordsOf(error: ReportedError, area: string, codes: readonly string[], t: (key: string) => string): FailureWords {
  const code = codes.find((known) => known === error.code) ?? 'other';
  const detail = error.message.startsWith(error.code) ? error.message : `${error.code}: ${error.message}`;
  return { what: t(`${area}.what.${code}`), hint: t(`${area}.try.${code}`), detail };
}
