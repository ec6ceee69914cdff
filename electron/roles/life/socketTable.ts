// Asks the kernel's socket table about one pair of endpoints, for a program that has to know how its connection really ended. Linux only.

import { readFile } from 'node:fs/promises';
import type { Endpoint } from '../../../shared/trace/event';

/** Of /proc/net/tcp; the others do not matter here. */
const STATES: Readonly<Record<string, string>> = { '01': 'ESTABLISHED', '03': 'SYN_RECV', '04': 'FIN_WAIT1', '05': 'FIN_WAIT2', '06': 'TIME_WAIT', '08': 'CLOSE_WAIT', '09': 'LAST_ACK', '0B': 'CLOSING' };

/** The kernel's name of the state of the end at `local`, '' when it has none; null where the system shows no such table. */
export async function kernelState(local: Endpoint, remote: Endpoint): Promise<string | null> {
  const table = await readFile('/proc/net/tcp', 'latin1').catch(() => null);
  if (table === null) return null;
  const row = table.indexOf(` ${tableText(local)} ${tableText(remote)} `);
  return row < 0 ? '' : (STATES[table.slice(row + 29, row + 31)] ?? 'other');
}

/** 127.0.73.2:7040 as the table has it: '0249007F:1B80', bytes of the address in the machine's order. */
export const tableText = ({ address, port }: Endpoint): string =>
  `${address.split('.').reverse().map((byte) => hex(Number(byte), 2)).join('')}:${hex(port, 4)}`;

const hex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, '0');
