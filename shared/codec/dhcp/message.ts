// DHCP messages as values, both ways (RFC 2131 2, RFC 2132 2): the fixed part that BOOTP had (RFC 951), then options behind a magic number.

import { concatBytes, equalBytes, NO_BYTES, readUint } from '../../base/bytes';
import { incomplete, malformed, type Incomplete, type Malformed } from '../codec';
import { ipv4Address, readLayout, uint, unit, hex, bit, labelled, view, writeLayout, type ValuesOf } from '../layout';
import { DHCP_OPTION } from './names';

/** Bytes of the fixed part; then the magic number (RFC 2131 3). */
export const FIXED = 236;
export const COOKIE = Uint8Array.of(0x63, 0x82, 0x53, 0x63);
export const PLACES = { hardware: [28, 44], server: [44, 108], file: [108, 236] } as const;

export const layout = {
  operation: uint('dhcp.type', 0, 1, { format: labelled(new Map([[1, 'Request'], [2, 'Reply']])) }),
  hardwareType: uint('dhcp.hw.type', 1, 1, { format: labelled(new Map([[1, 'Ethernet']]), hex(2)) }),
  hardwareLength: uint('dhcp.hw.len', 2, 1, { format: unit('B') }),
  hops: uint('dhcp.hops', 3, 1),
  id: uint('dhcp.id', 4, 4, { format: hex(8) }),
  seconds: uint('dhcp.secs', 8, 2, { format: unit('s') }),
  flags: uint('dhcp.flags', 10, 2, { format: (value) => ((value & 0x8000) === 0 ? 'unicast' : 'broadcast') }),
  broadcast: view(bit('dhcp.flags.bc', 10, 2, 0x8000), 'flags'),
  reserved: view(uint('dhcp.flags.reserved', 10, 2, { mask: 0x7fff, format: hex(4) }), 'flags'),
  client: ipv4Address('dhcp.ip.client', 12),
  your: ipv4Address('dhcp.ip.your', 16),
  nextServer: ipv4Address('dhcp.ip.server', 20),
  relay: ipv4Address('dhcp.ip.relay', 24),
};

export interface DhcpOption {
  readonly code: number;
  /** For padding: the zeros themselves. */
  readonly data: Uint8Array;
}

export type DhcpMessage = ValuesOf<typeof layout> & {
  /** 16, 64 and 128 bytes; what is not used is zero. */
  readonly hardware: Uint8Array;
  readonly server: Uint8Array;
  readonly file: Uint8Array;
  /** Null: no magic number, so this is BOOTP. The end is an option too. */
  readonly options: readonly DhcpOption[] | null;
  /** What follows the end of the options, or stands where they would. */
  readonly rest: Uint8Array;
};
/** What is left out is zero, Ethernet, and no options. */
export type DhcpInput = Pick<DhcpMessage, 'operation' | 'id'> & Partial<DhcpMessage>;

/** Reads options from `from` until their end; `data` are views. `at`: behind them. */
export function readOptions(bytes: Uint8Array, from: number): { readonly options: readonly (DhcpOption & { readonly start: number })[]; readonly at: number } | Malformed | Incomplete {
  const options: (DhcpOption & { start: number })[] = [];
  let at = from;
  while (at < bytes.length) {
    const start = at;
    const code = bytes[at] ?? 0;
    if (code === DHCP_OPTION.pad) {
      while (bytes[at] === DHCP_OPTION.pad) at++;
      options.push({ code, data: bytes.subarray(start, at), start });
      continue;
    }
    if (code === DHCP_OPTION.end) return { options: [...options, { code, data: NO_BYTES, start }], at: at + 1 };
    const length = bytes[at + 1];
    if (length === undefined) return incomplete(at + 2);
    if (at + 2 + length > bytes.length) return incomplete(at + 2 + length);
    options.push({ code, data: bytes.subarray(at + 2, at + 2 + length), start });
    at += 2 + length;
  }
  return { options, at };
}

export function decodeDhcp(bytes: Uint8Array): DhcpMessage | Incomplete | Malformed {
  const operation = bytes[0];
  if (operation !== undefined && operation !== 1 && operation !== 2) return malformed(0, `${operation} is neither a request nor a reply`);
  if (bytes.length < FIXED) return incomplete(FIXED);
  const fixed = {
    ...readLayout(layout, bytes), hardware: bytes.slice(...PLACES.hardware), server: bytes.slice(...PLACES.server), file: bytes.slice(...PLACES.file),
  };
  if (!equalBytes(bytes.subarray(FIXED, FIXED + COOKIE.length), COOKIE)) return { ...fixed, options: null, rest: bytes.slice(FIXED) };
  const read = readOptions(bytes, FIXED + COOKIE.length);
  if ('status' in read) return read;
  return { ...fixed, options: read.options.map(({ code, data }) => ({ code, data: data.slice() })), rest: bytes.slice(read.at) };
}

/** Throws RangeError for an option over 255 bytes or a field over its room. */
export function encodeDhcp(message: DhcpInput): Uint8Array<ArrayBuffer> {
  const fixed = new Uint8Array(FIXED);
  writeLayout(layout, fixed, { hardwareType: 1, hardwareLength: 6, hops: 0, seconds: 0, flags: 0, client: '0.0.0.0', your: '0.0.0.0', nextServer: '0.0.0.0', relay: '0.0.0.0', ...message });
  for (const place of ['hardware', 'server', 'file'] as const) {
    const [from, to] = PLACES[place];
    const bytes = message[place] ?? NO_BYTES;
    if (bytes.length > to - from) throw new RangeError(`${place}: ${bytes.length} bytes, ${to - from} fit`);
    fixed.set(bytes, from);
  }
  const options = message.options === undefined || message.options === null ? [] : [COOKIE, ...message.options.map(encodeOption)];
  return concatBytes(fixed, ...options, message.rest ?? NO_BYTES);
}

function encodeOption({ code, data }: DhcpOption): Uint8Array {
  if (code === DHCP_OPTION.pad) return data.length === 0 ? Uint8Array.of(0) : data;
  if (code === DHCP_OPTION.end) return Uint8Array.of(code);
  if (data.length > 255) throw new RangeError(`option ${code}: ${data.length} bytes, 255 fit`);
  return concatBytes(Uint8Array.of(code, data.length), data);
}

/** Option 52 of the message: bit 0, the file's room holds options; bit 1, the server's does (RFC 2132 9.3). */
export function overloadOf(bytes: Uint8Array): number {
  const read = readOptions(bytes, FIXED + COOKIE.length);
  const options = 'status' in read ? [] : read.options;
  const option = options.find(({ code }) => code === DHCP_OPTION.overload);
  return option === undefined || option.data.length !== 1 ? 0 : readUint(option.data, 0, 1);
}
