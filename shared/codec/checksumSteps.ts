// The Internet checksum step by step (RFC 1071): each 16-bit word as it is added, with its carry brought round. For those who want to
// see the sum being made; base/checksum.ts makes it at once, and both must agree. Pure.

import { concatBytes } from '../base/bytes';
import { pseudoHeader } from './address';

/** Which part of what is summed a word comes from. */
export type SummedPart = 'pseudo' | 'header' | 'payload';

export interface SumPart {
  readonly part: SummedPart;
  readonly bytes: Uint8Array;
}

export interface SumStep {
  readonly part: SummedPart;
  /** First byte of the word, in the bytes of its part. */
  readonly at: number;
  /** The 16 bits that are added. An odd last byte is the upper half of its word (RFC 1071 section 1). */
  readonly word: number;
  readonly padded: boolean;
  /** The checksum's own field: while it is being made, it counts as zero. */
  readonly own: boolean;
  /** The sum as it comes out, before its carry is brought round: up to 17 bits. */
  readonly raw: number;
  /** The running sum: 16 bits, the carry added at the lower end. */
  readonly sum: number;
}

export interface Summed {
  readonly steps: readonly SumStep[];
  /** The one's-complement sum of all words. 0xffff over data that holds its own right checksum. */
  readonly sum: number;
  /** Its complement. */
  readonly complement: number;
}

/** `field`: where the checksum itself lies, in the bytes of the part 'header'; `as`: what its two bytes count as, null: as they are. */
export function sumSteps(parts: readonly SumPart[], field: number, as: 0 | null): Summed {
  const steps: SumStep[] = [];
  let sum = 0;
  for (const { part, bytes } of parts) {
    for (let at = 0; at < bytes.length; at += 2) {
      const own = part === 'header' && at === field;
      const padded = at + 1 >= bytes.length;
      const word = own && as !== null ? as : ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
      const raw = sum + word;
      sum = raw > 0xffff ? (raw & 0xffff) + 1 : raw;
      steps.push({ part, at, word, padded, own, raw, sum });
    }
  }
  return { steps, sum, complement: ~sum & 0xffff };
}

/** Which checksum: of the IPv4 header, or of a TCP segment or UDP datagram with its pseudo-header. */
export type ChecksumKind = 'ip' | 'tcp' | 'udp';

/** Where the field lies in its header: RFC 791 3.1, RFC 9293 3.1, RFC 768. */
export const CHECKSUM_AT: Readonly<Record<ChecksumKind, number>> = { ip: 10, tcp: 16, udp: 6 };
const PROTOCOL = { tcp: 6, udp: 17 } as const;

export interface Summable {
  readonly kind: ChecksumKind;
  readonly parts: readonly SumPart[];
  /** The checksum that stands in the header. */
  readonly written: number;
}

/** What the checksum of an IPv4 header is made of: the header alone. */
export function ipSummable(header: Uint8Array): Summable {
  return { kind: 'ip', parts: [{ part: 'header', bytes: header }], written: wordAt(header, CHECKSUM_AT.ip) };
}

/** What that of a segment or datagram is made of: addresses, protocol and length before it (RFC 9293 3.1, RFC 768, RFC 8200 8.1). */
export function transportSummable(kind: 'tcp' | 'udp', source: string, destination: string, header: Uint8Array, payload: Uint8Array): Summable {
  const pseudo = pseudoHeader({ source, destination }, PROTOCOL[kind], header.length + payload.length);
  return {
    kind, written: wordAt(header, CHECKSUM_AT[kind]),
    parts: [{ part: 'pseudo', bytes: pseudo }, { part: 'header', bytes: header }, { part: 'payload', bytes: payload }],
  };
}

const wordAt = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);

/** The sender's sum: its field counts as zero; what is written is the complement. */
export const senderSum = ({ kind, parts }: Summable): Summed => sumSteps(parts, CHECKSUM_AT[kind], 0);

/** The receiver's: everything as it came. */
export const receiverSum = ({ kind, parts }: Summable): Summed => sumSteps(parts, CHECKSUM_AT[kind], null);

/** What a sender writes. UDP's 0 says "no checksum", so a sum of 0 goes out as 0xffff (RFC 768). */
export const writtenFor = (kind: ChecksumKind, complement: number): number => (kind === 'udp' && complement === 0 ? 0xffff : complement);

/**
 * What the checksum in a header is. 'partial': the sum of the pseudo-header alone, not complemented: what Linux leaves for a network card to
 * finish (checksum offload). On lo there is no card, so nobody ever does. 'absent': UDP over IPv4 sent without one.
 */
export type ChecksumState = 'right' | 'partial' | 'wrong' | 'absent';

export function checksumState(summable: Summable): ChecksumState {
  const { kind, parts, written } = summable;
  if (kind === 'udp' && written === 0) return 'absent';
  if (written === writtenFor(kind, senderSum(summable).complement)) return 'right';
  const pseudo = parts.filter(({ part }) => part === 'pseudo');
  return pseudo.length > 0 && written === sumSteps(pseudo, -1, null).sum ? 'partial' : 'wrong';
}

/** The bytes that are summed, in a row. */
export const summedBytes = ({ parts }: Summable): Uint8Array => concatBytes(...parts.map(({ bytes }) => bytes));
