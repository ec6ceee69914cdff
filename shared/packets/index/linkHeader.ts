// Steps over the link header of a packet, with its VLAN tags, to the Ethernet type of what follows. First step of headers.ts; the same answers as
// the link codecs. Link types that are not listed here are "other": their bytes are shown, not read.

import { isIsl } from '../../codec/ethernet/isl';
import { PACKET_KINDS, type PacketKind } from '../packetTable';
import { u16, u32, u8 } from './numbers';

/** Numbers of the kinds, for comparing without text. */
export const KIND = Object.fromEntries(PACKET_KINDS.map((kind, number) => [kind, number])) as Readonly<Record<PacketKind, number>>;

/** Link types that are read (https://www.tcpdump.org/linktypes.html). */
const LINK = { null: 0, ethernet: 1, rawOfSome: 12, rawOfOpenBsd: 14, raw: 101, loop: 108, cooked: 113, ipv4: 228, ipv6: 229, cooked2: 276 } as const;

export const LINK_ETHERNET = LINK.ethernet;
export const ARP = 0x0806;
/** RFC 903: the same packet. */
export const RARP = 0x8035;
/** Nothing that is read here follows. */
export const NOTHING = -1;
const IPV4 = 0x0800;
const IPV6 = 0x86dd;
/** Of the customer, of the provider, and of older switches. */
const isTag = (type: number): boolean => type === 0x8100 || type === 0x88a8 || type === 0x9100;
/** Up to this, Ethernet's third field is a length (IEEE 802.3 3.2.6). */
const MAX_LENGTH = 1500;
const MAX_TAGS = 30;

/** Where the link header ends, and what follows. Used again for every packet. */
export interface LinkEnd {
  at: number;
  /** Where what follows ends at the latest. */
  end: number;
  /** Ethernet type; NOTHING. */
  next: number;
  /** Ethernet's addresses in the bytes; -1: none. */
  linkAt: number;
  damaged: boolean;
}

export function linkHeader(found: LinkEnd, linkType: number, bytes: Uint8Array, start: number, end: number): void {
  found.at = start;
  found.end = end;
  found.next = NOTHING;
  found.linkAt = -1;
  found.damaged = false;
  switch (linkType) {
    case LINK.ethernet:
      if (end - start < 14) found.damaged = true;
      else {
        found.linkAt = start;
        if (isIsl(u32(bytes, start), u8(bytes, start + 4))) found.at = start + 14;
        else tagged(found, bytes, start + 14, end, u16(bytes, start + 12));
      }
      return;
    case LINK.cooked:
      return cooked(found, bytes, start, end, 16, 14);
    case LINK.cooked2:
      return cooked(found, bytes, start, end, 20, 0);
    case LINK.null:
    case LINK.loop:
      return family(found, bytes, start, end);
    case LINK.raw:
    case LINK.rawOfSome:
    case LINK.rawOfOpenBsd:
      return rawIp(found, start < end ? u8(bytes, start) >>> 4 : 0);
    case LINK.ipv4:
      found.next = IPV4;
      return;
    case LINK.ipv6:
      found.next = IPV6;
  }
}

function rawIp(found: LinkEnd, version: number): void {
  if (version === 4) found.next = IPV4;
  else if (version === 6) found.next = IPV6;
  else found.damaged = true;
}

function cooked(found: LinkEnd, bytes: Uint8Array, start: number, end: number, length: number, typeAt: number): void {
  const type = u16(bytes, start + typeAt);
  if (end - start < length) found.damaged = true;
  else if (type > MAX_LENGTH) tagged(found, bytes, start + length, end, type);
}

/** IEEE 802.1Q 9.6: tags may be stacked. A type that is a length has logical link control behind it. */
function tagged(found: LinkEnd, bytes: Uint8Array, from: number, end: number, first: number): void {
  let type = first;
  let at = from;
  for (let tags = 0; isTag(type) && at < end && tags < MAX_TAGS; tags++) {
    if (end - at < 4) {
      found.damaged = true;
      return;
    }
    type = u16(bytes, at + 2);
    at += 4;
  }
  if (type > MAX_LENGTH) {
    found.at = at;
    found.next = type;
  } else snap(found, bytes, at, Math.min(end, at + type));
}

/** The Ethernet type of a SNAP header (RFC 1042; IEEE 802.1H), or IPv4's own number of IEEE 802.2. Other headers are not read. */
function snap(found: LinkEnd, bytes: Uint8Array, at: number, end: number): void {
  // Novell's raw frames have no such header.
  if (end <= at || (end - at > 1 && u16(bytes, at) === 0xffff)) return;
  const control = at + ((u8(bytes, at + 2) & 3) === 3 ? 3 : 4);
  const typed = u8(bytes, at) === 0xaa && u8(bytes, at + 1) === 0xaa && u8(bytes, at + 2) === 3;
  if (end - at < 3 || end < (typed ? control + 5 : control)) {
    found.damaged = true;
    return;
  }
  if (typed) {
    const owner = u32(bytes, at + 2) & 0xff_ffff;
    if (owner !== 0 && owner !== 0x0000f8) return;
    found.at = control + 5;
    found.next = u16(bytes, at + 6);
  } else if (u8(bytes, at) === 6) {
    found.at = control;
    found.next = IPV4;
  } else return;
  found.end = end;
}

/** The address family of BSD's loopback, in either byte order: AF_INET, or the AF_INET6 of NetBSD, FreeBSD, macOS, Linux. */
function family(found: LinkEnd, bytes: Uint8Array, start: number, end: number): void {
  if (end - start < 4) {
    found.damaged = true;
    return;
  }
  const big = u32(bytes, start);
  const little = (u8(bytes, start) | (u8(bytes, start + 1) << 8) | (u8(bytes, start + 2) << 16) | (u8(bytes, start + 3) << 24)) >>> 0;
  const value = Math.min(big, little);
  found.at = start + 4;
  if (value === 2) found.next = IPV4;
  else if (value === 10 || value === 24 || value === 28 || value === 30) found.next = IPV6;
  else if (value > 0xffff) found.damaged = true;
}
