// The edge that every socket of a lab keeps to: addresses of this machine's loopback interface and no others. Asked before the
// system is; what is refused here never reached it, so it is an error of the program and no fact of the trace.

import * as net from 'node:net';

/** True for 127.0.0.0/8 (RFC 1122 3.2.1.3 (g)) and ::1 (RFC 4291 2.5.3), given as text. */
export function isLoopback(address: string): boolean {
  return net.isIPv4(address) ? address.startsWith('127.') : address === '::1';
}

export const familyOf = (address: string): 'AF_INET' | 'AF_INET6' => (address.includes(':') ? 'AF_INET6' : 'AF_INET');

/** An error as Node makes them for failed calls: errno name in `code`, the call in `syscall`. */
export function callError(code: string, syscall: string, message: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${syscall} ${code}: ${message}`), { code, syscall });
}

/** The refusal of an address outside loopback, or null. */
export function refusal(address: string, syscall: string): NodeJS.ErrnoException | null {
  return isLoopback(address) ? null : callError('EACCES', syscall, `Looplab uses loopback addresses only (127.0.0.0/8 and ::1), not ${address}`);
}
