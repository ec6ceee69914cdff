// Addresses as bytes and as text: IPv4 dotted, IPv6 by RFC 5952, Ethernet with colons. Used by the codecs' tables and by the
// pseudo header. Names are never looked up here.

import { byteAt, readUint, toHex, writeUint } from '../base/bytes';
import { Memo } from '../base/memo';
import type { NetworkContext } from './codec';

export const ipv4Text = (bytes: Uint8Array): string => (bytes.length >= 4 ? `${byteAt(bytes, 0)}.${byteAt(bytes, 1)}.${byteAt(bytes, 2)}.${byteAt(bytes, 3)}` : Array.from(bytes).join('.'));

/** Throws TypeError when it is not four decimal numbers up to 255. */
export function ipv4Bytes(text: string): Uint8Array<ArrayBuffer> {
  const parts = text.split('.');
  const bytes = Uint8Array.from(parts, Number);
  if (parts.length !== 4 || parts.some((part) => !/^\d{1,3}$/.test(part) || Number(part) > 255)) throw new TypeError(`not an IPv4 address: ${text}`);
  return bytes;
}

/** RFC 5952 section 4: lower case, no leading zeros, the longest run of two or more zero groups as '::'; section 5 for ::ffff:a.b.c.d. */
export function ipv6Text(bytes: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, i) => readUint(bytes, i * 2, 2));
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) return `::ffff:${ipv4Text(bytes.subarray(12, 16))}`;
  let best = { start: -1, length: 1 };
  for (let start = 0; start < 8; start++) {
    let end = start;
    while (end < 8 && groups[end] === 0) end++;
    if (end - start > best.length) best = { start, length: end - start };
  }
  const words = groups.map((group) => group.toString(16));
  if (best.start < 0) return words.join(':');
  return `${words.slice(0, best.start).join(':')}::${words.slice(best.start + best.length).join(':')}`;
}

/** RFC 4291 section 2.2, all three forms; a zone ('%lo') is left out. Throws TypeError when it is no IPv6 address. */
export function ipv6Bytes(text: string): Uint8Array<ArrayBuffer> {
  const fault = (): TypeError => new TypeError(`not an IPv6 address: ${text}`);
  let plain = text.split('%')[0] ?? '';
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(plain);
  if (dotted !== null) {
    const tail = ipv4Bytes(dotted[2] ?? '');
    plain = `${dotted[1] ?? ''}${readUint(tail, 0, 2).toString(16)}:${readUint(tail, 2, 2).toString(16)}`;
  }
  const halves = plain.split('::');
  if (halves.length > 2) throw fault();
  const words = (half: string): number[] => (half === '' ? [] : half.split(':').map((word) => {
    if (!/^[0-9a-f]{1,4}$/i.test(word)) throw fault();
    return Number.parseInt(word, 16);
  }));
  const head = words(halves[0] ?? '');
  const tail = words(halves[1] ?? '');
  const gap = 8 - head.length - tail.length;
  if (halves.length === 1 ? gap !== 0 : gap < 1) throw fault();
  const bytes = new Uint8Array(16);
  [...head, ...new Array<number>(gap).fill(0), ...tail].forEach((word, i) => writeUint(bytes, i * 2, 2, word));
  return bytes;
}

export const macText = (bytes: Uint8Array): string => toHex(bytes.subarray(0, 6), ':');

/** Throws TypeError when it is not six pairs of hex digits. */
export function macBytes(text: string): Uint8Array<ArrayBuffer> {
  if (!/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(text)) throw new TypeError(`not an Ethernet address: ${text}`);
  return Uint8Array.from(text.split(':'), (pair) => Number.parseInt(pair, 16));
}

/** What TCP, UDP and ICMPv6 sum before their own bytes (RFC 9293 3.1; RFC 8200 8.1). The address's form tells the version. */
export function pseudoHeader(network: NetworkContext, protocol: number, length: number): Uint8Array<ArrayBuffer> {
  const source = known.of(network.source, addressBytes);
  const destination = known.of(network.destination, addressBytes);
  const size = source.length;
  if (destination.length !== size) throw new TypeError(`not two addresses of one version: ${network.source}, ${network.destination}`);
  const header = new Uint8Array(size * 2 + (size === 16 ? 8 : 4));
  header.set(source);
  header.set(destination, size);
  if (size === 16) writeUint(header, 32, 4, length);
  else writeUint(header, 10, 2, length % 0x10000);
  header[size === 16 ? 39 : 9] = protocol;
  return header;
}

/** The same few addresses come again and again. */
const known = new Memo<string, Uint8Array>(1024);
const addressBytes = (text: string): Uint8Array => (text.includes(':') ? ipv6Bytes(text) : ipv4Bytes(text));

/** True for ff:ff:ff:ff:ff:ff and all other group addresses. */
export const isGroupMac = (bytes: Uint8Array): boolean => (byteAt(bytes, 0) & 1) === 1;
