// The edge that every socket of a lab keeps to: addresses of this machine's loopback interface and no others. Asked before the
// system is; what is refused here never reached it, so it is an error of the program and no fact of the trace.

import * as net from 'node:net';
import type { Endpoint } from '../../shared/trace/event';

/**
 * What one network may do beyond loopback, because the user shares a server on the LAN or joins one. Made by runtime/share alone, for the
 * doors of that share; no network of a lab's own has one.
 */
export interface Permit {
  /** Whether it may bind this very address and port. */
  listens(protocol: 'tcp' | 'udp', at: Endpoint): boolean;
  /** Whether it may connect or send there. */
  reaches(protocol: 'tcp' | 'udp', to: Endpoint): boolean;
}

/** True for 127.0.0.0/8 (RFC 1122 3.2.1.3 (g)) and ::1 (RFC 4291 2.5.3), given as text. */
export function isLoopback(address: string): boolean {
  return net.isIPv4(address) ? address.startsWith('127.') : address === '::1';
}

export type SocketFamily = 'AF_INET' | 'AF_INET6' | 'AF_UNIX';

/** The family that an address belongs to; those of AF_UNIX are absolute paths. */
export function familyOf(address: string): SocketFamily {
  if (address.startsWith('/')) return 'AF_UNIX';
  return address.includes(':') ? 'AF_INET6' : 'AF_INET';
}

/** An error as Node makes them for failed calls: errno name in `code`, the call in `syscall`. */
export function callError(code: string, syscall: string, message: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${syscall} ${code}: ${message}`), { code, syscall });
}

/** The refusal of an address outside loopback that no permit names, or null. */
export function refusal(address: string, syscall: string, permitted = false): NodeJS.ErrnoException | null {
  return isLoopback(address) || permitted ? null : callError('EACCES', syscall, `Looplab uses loopback addresses only (127.0.0.0/8 and ::1), not ${address}`);
}
