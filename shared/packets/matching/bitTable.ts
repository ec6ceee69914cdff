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

/** TCP's flags are so many bits. */
const FLAG_BITS = 9;
export const TCP_BITS = (1 << FLAG_BITS) - 1;
const UNSURE_PLACE = PACKET_KINDS.length << FLAG_BITS;
/** Where the answer for a row stands in a table. */
export const bitPlace = (kind: number, flags: number): number => ((flags & UNSURE) !== 0 ? UNSURE_PLACE : (kind << FLAG_BITS) | (flags & TCP_BITS));

const NO_BYTES = new Uint8Array(0);
/** Packets of these kinds have nothing in them that the columns do not say: no quoted packet, no unknown header. */
export const isSure = (kind: PacketKind | undefined): boolean => kind === 'tcp' || kind === 'udp' || kind === 'arp';

const FIELDS: ReadonlyMap<string, number> = new Map([
  ['tcp.flags.fin', TCP_FLAGS.FIN], ['tcp.flags.syn', TCP_FLAGS.SYN], ['tcp.flags.reset', TCP_FLAGS.RST], ['tcp.flags.push', TCP_FLAGS.PSH], ['tcp.flags.ack', TCP_FLAGS.ACK], ['tcp.flags.urg', TCP_FLAGS.URG],
  ['tcp.flags.ece', TCP_FLAGS.ECE], ['tcp.flags.cwr', TCP_FLAGS.CWR], ['tcp.flags.ae', TCP_FLAGS.AE],
]);

/** Every answer, by bitPlace; `of` is asked of a kind and those of TCP's flags in `asked`, the rest of which change nothing. Flags that are UNSURE make every answer 'maybe'. */
function tableOf(asked: number, of: (kind: PacketKind, flags: number) => number): Verdicts {
  const table = new Uint8Array(UNSURE_PLACE + 1).fill(VERDICT.maybe);
  PACKET_KINDS.forEach((kind, number) => {
    const block = table.subarray(bitPlace(number, 0), bitPlace(number + 1, 0));
    // Only TCP has flags of its own. What only some of them tell was told of those alone, which is a smaller number.
    if (kind === 'tcp') for (let flags = 0; flags <= TCP_BITS; flags++) block[flags] = (flags & asked) === flags ? of(kind, flags) : block[flags & asked] ?? VERDICT.maybe;
    else block.fill(of(kind, 0));
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
