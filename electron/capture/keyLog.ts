// The key log of a run: lines that Node hands out for each connection whose keys the user wants to keep, each recorded once, although
// both ends of a connection are ours and tell the same secrets.

import type { SocketLog } from './socketLog';

/** Lines that are remembered, to know the other end's again: 5 a connection in TLS 1.3 (RFC 8446 7.1). */
const REMEMBERED = 4096;

export interface KeyLog {
  /** `line`: of an NSS key log, with its end. */
  add(log: SocketLog, line: Uint8Array): void;
}

export function createKeyLog(): KeyLog {
  const seen = new Set<string>();
  return {
    add(log, line) {
      const text = Buffer.from(line).toString('latin1').trimEnd();
      if (text === '' || seen.has(text)) return;
      if (seen.size >= REMEMBERED) seen.clear();
      seen.add(text);
      log.keyLogged(text);
    },
  };
}

const logs = new WeakMap<object, KeyLog>();

/** One for each run: `run` is its recorder. */
export function keyLogOf(run: object | null): KeyLog {
  if (run === null) return createKeyLog();
  const known = logs.get(run) ?? createKeyLog();
  logs.set(run, known);
  return known;
}
