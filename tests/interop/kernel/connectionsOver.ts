// When all that the kernel has to say of this process's hosts is said: programs that have closed leave connections behind, whose last segments are still
// to come. No call tells of them, only the kernel's table of sockets. Where there is none, what comes later than the programs' end is not waited for.

import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { NETWORK } from '../../../electron/labs/network.fixture';
import { Columns, eachRow, STATE } from '../../../electron/runtime/socketTable/procNet';
import { NO_BYTES } from '../../../shared/base/bytes';

/** What waits for a segment of the peer, and not for its program. 12: a request that waits for its last ACK (include/net/tcp_states.h). */
const WAITING: ReadonlySet<number> = new Set([STATE.SYN_SENT, STATE.SYN_RECV, STATE.FIN_WAIT1, STATE.LAST_ACK, STATE.CLOSING, 12]);
const columns = new Columns(8);

export async function connectionsOver(): Promise<void> {
  while (await isOneUnderWay()) await pause(5);
}

async function isOneUnderWay(): Promise<boolean> {
  const table = await readFile('/proc/net/tcp').catch(() => NO_BYTES);
  const isOurs = (at: number): boolean => columns.endpoint(table, at).address.startsWith(NETWORK);
  let found = false;
  eachRow(table, table.length, (row) => {
    found ||= WAITING.has(columns.stateOf(table, row)) && (isOurs(row) || isOurs(row + columns.remote));
  });
  return found;
}
