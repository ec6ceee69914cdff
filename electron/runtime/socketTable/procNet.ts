// How Linux writes its tables of sockets (/proc/net/tcp, tcp6, udp, udp6, unix), as bytes: where each column of a row stands and what it
// says. First station of what the kernel tells without rights. Reads no file (readTable.ts) and keeps nothing (sampler.ts).
// Source: Linux, net/ipv4/tcp_ipv4.c get_tcp4_sock(), get_openreq4(), get_timewait4_sock(); net/ipv4/udp.c udp4_format_sock(); net/unix/af_unix.c.

import type { Endpoint } from '../../../shared/trace/event';

/** Names of include/net/tcp_states.h by their numbers. A datagram socket is CLOSE until it is connected, then ESTABLISHED. */
const STATES = ['', 'ESTABLISHED', 'SYN_SENT', 'SYN_RECV', 'FIN_WAIT1', 'FIN_WAIT2', 'TIME_WAIT', 'CLOSE', 'CLOSE_WAIT', 'LAST_ACK', 'LISTEN', 'CLOSING', 'SYN_RECV'] as const;

export const STATE = { SYN_SENT: 2, SYN_RECV: 3, FIN_WAIT1: 4, TIME_WAIT: 6, CLOSE_WAIT: 8, LAST_ACK: 9, LISTEN: 10, CLOSING: 11 } as const;

/** Which timer of a socket runs (column `tr`); 0: none. */
export const TIMER = { none: 0, retransmission: 1, keepalive: 2, timeWait: 3, windowProbe: 4 } as const;

/** ms of one tick of `tm->when`: USER_HZ is 100 on every Linux that Electron runs on. */
const TICK = 10;
const NEWLINE = 10;
const COLON = 58;
const HEX = new Int8Array(128).map((_, code) => (code >= 48 && code <= 57 ? code - 48 : code >= 65 && code <= 70 ? code - 55 : code >= 97 && code <= 102 ? code - 87 : 0));

export const stateName = (state: number): string => STATES[state] ?? `STATE_${state}`;

/** A number of `digits` hexadecimal digits. */
export function hexAt(table: Uint8Array, at: number, digits: number): number {
  let value = 0;
  for (let i = at; i < at + digits; i++) value = value * 16 + (HEX[(table[i] ?? 0) & 127] ?? 0);
  return value;
}

/** Where the columns of a row stand, counted from its local address. `digits` of an address: 8 (IPv4) or 32 (IPv6). */
export class Columns {
  readonly keyLength: number;
  readonly remote: number;
  private readonly state: number;

  constructor(readonly digits: 8 | 32) {
    this.remote = digits + 6;
    this.keyLength = this.remote + digits + 5;
    this.state = this.keyLength + 1;
  }

  port(table: Uint8Array, address: number): number {
    return hexAt(table, address + this.digits + 1, 4);
  }

  /** Its first 32 bits as a number: all of an IPv4 address. */
  address(table: Uint8Array, address: number): number {
    return hexAt(table, address, 8);
  }

  stateOf(table: Uint8Array, row: number): number {
    return hexAt(table, row + this.state, 2);
  }

  /** Bytes that were given to the kernel and that the peer has not confirmed. A FIN that waits counts as one in the table, and is none. */
  sendQueue(table: Uint8Array, row: number, state: number): number {
    const said = hexAt(table, row + this.state + 3, 8);
    const hasFin = state === STATE.FIN_WAIT1 || state === STATE.LAST_ACK || state === STATE.CLOSING || state === STATE.SYN_SENT;
    return hasFin && said > 0 ? said - 1 : said;
  }

  /** Bytes that no recv() has taken; of a listening socket: connections that no accept() has. The peer's FIN counts as one until it is read. */
  receiveQueue(table: Uint8Array, row: number, state: number): number {
    const said = hexAt(table, row + this.state + 12, 8);
    const hasFin = state === STATE.CLOSE_WAIT || state === STATE.LAST_ACK || state === STATE.CLOSING;
    return hasFin && said > 0 ? said - 1 : said;
  }

  timer(table: Uint8Array, row: number): number {
    return hexAt(table, row + this.state + 21, 2);
  }

  /** ms until the timer fires. */
  timeLeft(table: Uint8Array, row: number): number {
    // A timer that is late is written as a negative number.
    const ticks = hexAt(table, row + this.state + 24, 8);
    return ticks > 0x7fff_ffff ? 0 : ticks * TICK;
  }

  endpoint(table: Uint8Array, address: number): Endpoint {
    return { address: this.digits === 8 ? ipv4(table, address) : ipv6(table, address), port: this.port(table, address) };
  }
}

/** Calls `row` with the place of each whole row's local address; returns where the first row begins that is not whole. */
export function eachRow(table: Uint8Array, end: number, row: (at: number) => void): number {
  let start = 0;
  for (;;) {
    const stop = table.indexOf(NEWLINE, start);
    if (stop < 0 || stop >= end) return start;
    // 'sl:' begins each row; the line of the columns' names has no colon.
    const colon = table.indexOf(COLON, start);
    if (colon >= 0 && colon < stop) row(colon + 2);
    start = stop + 1;
  }
}

/** Four bytes, as the machine has them in memory: the last one first. */
const ipv4 = (table: Uint8Array, at: number): string => [6, 4, 2, 0].map((digit) => hexAt(table, at + digit, 2)).join('.');

/** Four such words. A mapped IPv4 address (RFC 4291 2.5.5.2) is written as the IPv4 address that it is. */
function ipv6(table: Uint8Array, at: number): string {
  const groups: number[] = [];
  for (let word = 0; word < 32; word += 8) {
    for (const digit of [6, 2]) groups.push(hexAt(table, at + word + digit, 2) * 256 + hexAt(table, at + word + digit - 2, 2));
  }
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) return ipv4(table, at + 24);
  return shortened(groups);
}

/** RFC 5952 4: no leading zeros, '::' for the first longest run of two zeros or more. */
function shortened(groups: readonly number[]): string {
  let best = { from: 0, length: 1 };
  for (let from = 0; from < groups.length; from++) {
    let length = 0;
    while (groups[from + length] === 0) length++;
    if (length > best.length) best = { from, length };
  }
  const text = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':');
  return best.length < 2 ? text(groups) : `${text(groups.slice(0, best.from))}::${text(groups.slice(best.from + best.length))}`;
}

/** Paths of the AF_UNIX sockets that listen (SO_ACCEPTCON in `Flags`). The table tells nothing of their queues. */
export function listeningPaths(table: string): string[] {
  return table.split('\n').flatMap((line) => {
    const [, , , flags = '', , , , path = ''] = line.trim().split(/\s+/);
    return path !== '' && (Number.parseInt(flags, 16) & 0x1_0000) !== 0 ? [path] : [];
  });
}
