// When all that the kernel has to say of this process's hosts is said: programs that have closed leave connections behind, whose last segments are still
// to come. No call tells of them, only the kernel's table of sockets. Where there is none, what comes later than the programs' end is not waited for.

import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { NETWORK } from '../../../electron/labs/network.fixture';

/** What waits for a segment of the peer, and not for its program: SYN_SENT, SYN_RECV, FIN_WAIT1, LAST_ACK, CLOSING (include/net/tcp_states.h). */
const WAITING = new Set(['02', '03', '04', '09', '0B', '0C']);
/** An address of our hosts as Linux writes it in a table: 127.123.x.y, its bytes reversed. */
const OURS = new RegExp(` [0-9A-F]{4}${NETWORK.split('.').slice(0, 2).reverse().map((part) => Number(part).toString(16).toUpperCase().padStart(2, '0')).join('')}:`);

export async function connectionsOver(): Promise<void> {
  while (await isOneUnderWay()) await pause(5);
}

async function isOneUnderWay(): Promise<boolean> {
  const table = await readFile('/proc/net/tcp', 'latin1').catch(() => '');
  return table.split('\n').some((row) => OURS.test(row) && WAITING.has(/^ *\d+: \S+ \S+ (..)/.exec(row)?.[1] ?? ''));
}
