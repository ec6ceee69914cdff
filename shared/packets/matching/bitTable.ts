// Tests of a packet's kind and flags as a table: one answer for each pair of them, so that a million packets cost a look each.

import { TCP_FLAGS } from '../../codec/tcp/codec';
import type { FieldOccurrence, FieldSource, Filter } from '../../filter/filter';
import { matches } from '../../filter/evaluate';
import { filterFields } from '../../filter/parse';
import { PACKET_KINDS, UNSURE, type PacketKind } from '../packetTable';
import type { Carrier } from './plan';
import { never } from '../../base/assert';
import { leafVerdict, verdictOf } from './leaves';
import { VERDICT, type Verdicts } from './verdict';

/** Bits of flags that a table is asked with: those of TCP, and PACKET_FLAG. */
export const FLAG_BITS = 14;
export const FLAG_MASK = (1 << FLAG_BITS) - 1;
/** Those of TCP. */
export const TCP_BITS = 0x1ff;
const NO_BYTES = new Uint8Array(0);
/** Packets of these kinds have nothing in them that the columns do not say: no quoted packet, no unknown header. */
export const isSure = (kind: PacketKind | undefined): boolean => kind === 'tcp' || kind === 'udp' || kind === 'arp';

const FIELDS: ReadonlyMap<string, number> = new Map([
  ['tcp.flags.fin', TCP_FLAGS.FIN], ['tcp.flags.syn', TCP_FLAGS.SYN], ['tcp.flags.reset', TCP_FLAGS.RST], ['tcp.flags.push', TCP_FLAGS.PSH], ['tcp.flags.ack', TCP_FLAGS.ACK], ['tcp.flags.urg', TCP_FLAGS.URG],
  ['tcp.flags.ece', TCP_FLAGS.ECE], ['tcp.flags.cwr', TCP_FLAGS.CWR], ['tcp.flags.ae', TCP_FLAGS.AE],
]);

/**
 * Every answer, by kind << FLAG_BITS | flags; `of` is asked of a kind and those of TCP's flags in `asked`, the rest of which change nothing. Flags that
 * are UNSURE make every answer 'maybe'.
 */
function tableOf(asked: number, of: (kind: PacketKind, flags: number) => number): Verdicts {
  const table = new Uint8Array(PACKET_KINDS.length << FLAG_BITS).fill(VERDICT.maybe);
  const block = new Uint8Array(TCP_BITS + 1);
  PACKET_KINDS.forEach((kind, number) => {
    // Only TCP has flags of its own. What only some of them tell was told of those alone, which is a smaller number.
    if (kind === 'tcp') for (let flags = 0; flags <= TCP_BITS; flags++) block[flags] = (flags & asked) === flags ? of(kind, flags) : block[flags & asked] ?? VERDICT.maybe;
    else block.fill(of(kind, 0));
    for (let more = 0; more <= FLAG_MASK; more += TCP_BITS + 1) if ((more & UNSURE) === 0) table.set(block, (number << FLAG_BITS) | more);
  });
  return table;
}

/** A filter of kinds and TCP's flags only. */
export const bitTable = (filter: Filter): Verdicts => tableOf(flagsOf(filter), (kind, flags) => {
  const source = bitSource(kind, flags);
  return verdictOf(filter, (leaf) => leafVerdict(leaf, matches(leaf, source), isSure(kind)));
});

/** TCP's flags that a filter of kinds and flags asks for. */
const flagsOf = (filter: Filter): number => filterFields(filter).reduce((bits, name) => bits | (name === 'tcp.flags' ? TCP_BITS : FIELDS.get(name) ?? 0), 0);

/** Who may have a field that only the bytes tell: 'maybe', and 'no' for the others. */
export function carrierTable(carrier: Carrier): Verdicts {
  const carries = (kind: PacketKind): boolean => {
    switch (carrier) {
      case 'any': return true;
      case 'tcp': case 'tcpPayload': return kind === 'tcp';
      case 'udp': case 'icmp': case 'icmpv6': case 'arp': return kind === carrier;
      case 'transport': return kind === 'tcp' || kind === 'udp';
      default: return never(carrier);
    }
  };
  return tableOf(0, (kind) => (carries(kind) || !isSure(kind) ? VERDICT.maybe : VERDICT.no));
}

function bitSource(kind: PacketKind, flags: number): FieldSource {
  const one = (value: number): readonly FieldOccurrence[] => [{ value, bytes: NO_BYTES, layer: 1 }];
  const occurrences = (name: string): readonly FieldOccurrence[] => {
    if (name === kind) return one(1);
    if (kind !== 'tcp') return [];
    if (name === 'tcp.flags') return one(flags);
    if (name === 'tcp.flags.res') return one(0);
    const bit = FIELDS.get(name);
    return bit === undefined ? [] : one((flags & bit) === 0 ? 0 : 1);
  };
  return { occurrences, carried: occurrences, layers: () => 1 };
}

/** Who is TCP and hides nothing. */
export const TCP_TABLE = bitTable({ type: 'present', operand: { type: 'field', layers: null, field: { name: 'tcp', kind: 'protocol', hex: false } } });
