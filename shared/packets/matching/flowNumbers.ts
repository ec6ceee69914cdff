// Tests of one number of a flow - a port, a stream, an IPv4 address - against constants, for all flows in one loop without an object: what flowVerdicts.ts
// does most, and where a million flows must not cost a second.

import { never } from '../../base/assert';
import type { Comparison, Operand } from '../../filter/filter';
import type { FlowColumns } from '../flows/flowColumns';
import { PACKET_KINDS } from '../packetTable';
import type { Leaf } from './leaves';
import { VERDICT, type Verdicts } from './verdict';

const TCP = PACKET_KINDS.indexOf('tcp');
const UDP = PACKET_KINDS.indexOf('udp');
const MOST = 0xffff_ffff;

/** Answers for the flows from..to-1, at flow << 1 | reverse. */
export type FlowFill = (from: number, to: number, out: Verdicts) => void;

/** Numbers whose bits of `mask` are from `low` to `high`. */
interface Interval {
  readonly mask: number;
  readonly low: number;
  readonly high: number;
}

/** Which numbers fit: one of the intervals, or with `inverted` none. */
interface Wanted {
  readonly intervals: readonly Interval[];
  readonly inverted: boolean;
}

type End = 'source' | 'destination' | 'both' | 'stream';

interface NumberField {
  /** Of the flows that have it: TCP, UDP; -1: those of IPv4. */
  readonly kind: number;
  readonly end: End;
}

const FIELDS: ReadonlyMap<string, NumberField> = new Map<string, NumberField>([
  ...(['tcp', 'udp'] as const).flatMap((protocol): [string, NumberField][] => {
    const kind = protocol === 'tcp' ? TCP : UDP;
    return [[`${protocol}.srcport`, { kind, end: 'source' }], [`${protocol}.dstport`, { kind, end: 'destination' }], [`${protocol}.port`, { kind, end: 'both' }], [`${protocol}.stream`, { kind, end: 'stream' }]];
  }),
  ['ip.src', { kind: -1, end: 'source' }], ['ip.dst', { kind: -1, end: 'destination' }], ['ip.addr', { kind: -1, end: 'both' }],
]);

/** Null: the test is another one. */
export function numberFill(leaf: Leaf, columns: FlowColumns): FlowFill | null {
  if (leaf.type === 'present') return presentFill(leaf.operand, columns);
  if (leaf.type !== 'compare' && leaf.type !== 'in') return null;
  const operand = leaf.type === 'compare' ? leaf.left : leaf.operand;
  const field = operand.type === 'field' ? FIELDS.get(operand.field.name) : undefined;
  if (field === undefined || (leaf.type === 'in' && leaf.quantifier === 'all')) return null;
  const wanted = leaf.type === 'compare' ? compared(leaf.comparison, leaf.right) : listed(leaf);
  return wanted === null ? null : fill(field, wanted, leaf.quantifier === 'all', columns);
}

const within = (value: number, one: Interval | undefined): boolean => one !== undefined && (value & one.mask) >>> 0 >= one.low && (value & one.mask) >>> 0 <= one.high;
const NONE: Interval = { mask: 0, low: 1, high: 0 };

function fill({ kind, end }: NumberField, { intervals, inverted }: Wanted, all: boolean, columns: FlowColumns): FlowFill {
  const { mask, low, high } = intervals[0] ?? NONE;
  const fits = (value: number): boolean => {
    const once = (value & mask) >>> 0;
    if (once >= low && once <= high) return !inverted;
    for (let i = 1; i < intervals.length; i++) if (within(value, intervals[i])) return !inverted;
    return inverted;
  };
  return (from, to, out) => {
    const { addresses, ports, stream, version } = columns;
    const kinds = columns.kind;
    for (let flow = from; flow < to; flow++) {
      const own = kinds[flow] ?? 0;
      const sure = own === TCP || own === UDP;
      const absent = sure ? VERDICT.no : VERDICT.maybe;
      if (kind < 0 ? version[flow] !== 4 : own !== kind) {
        out[flow << 1] = out[(flow << 1) | 1] = absent;
        continue;
      }
      const pair = ports[flow] ?? 0;
      const first = kind < 0 ? addresses[flow * 8] ?? 0 : end === 'stream' ? stream[flow] ?? 0 : pair >>> 16;
      const second = kind < 0 ? addresses[flow * 8 + 4] ?? 0 : end === 'stream' ? first : pair & 0xffff;
      const a = fits(first);
      const b = fits(second);
      const both = all ? a && b : a || b;
      // What one of more values fits stays true; what all must fit is told by sure packets only.
      const yes = !sure && all ? VERDICT.maybe : VERDICT.yes;
      out[flow << 1] = (end === 'both' ? both : end === 'destination' ? b : a) ? yes : absent;
      out[(flow << 1) | 1] = (end === 'both' ? both : end === 'destination' ? a : b) ? yes : absent;
    }
  };
}

/** ip, ipv6 and their addresses; ports and streams. */
function presentFill(operand: Operand, columns: FlowColumns): FlowFill | null {
  if (operand.type !== 'field') return null;
  const [protocol = ''] = operand.field.name.split('.');
  const wanted = { version: protocol === 'ip' ? 4 : protocol === 'ipv6' ? 6 : 0, kind: protocol === 'tcp' ? TCP : protocol === 'udp' ? UDP : -1 };
  if (wanted.version === 0 && wanted.kind < 0) return null;
  return (from, to, out) => {
    const { kind, version } = columns;
    for (let flow = from; flow < to; flow++) {
      const own = kind[flow] ?? 0;
      const there = wanted.version === 0 ? own === wanted.kind : version[flow] === wanted.version;
      out[flow << 1] = out[(flow << 1) | 1] = there ? VERDICT.yes : own === TCP || own === UDP ? VERDICT.no : VERDICT.maybe;
    }
  };
}

function compared(comparison: Comparison, operand: Operand): Wanted | null {
  const constant = constantOf(operand);
  if (constant === null) return null;
  const { mask, value } = constant;
  const one = (low: number, high: number, inverted = false): Wanted => ({ intervals: [{ mask, low, high }], inverted });
  switch (comparison) {
    case '==': return one(value, value);
    case '!=': return one(value, value, true);
    case '<': return one(value, MOST, true);
    case '<=': return one(0, value);
    case '>': return one(0, value, true);
    case '>=': return one(value, MOST);
    default: return never(comparison);
  }
}

function listed({ items }: Extract<Leaf, { type: 'in' }>): Wanted | null {
  const intervals: Interval[] = [];
  for (const { low, high } of items) {
    const least = constantOf(low);
    const most = high === null ? least : constantOf(high);
    if (least === null || most === null || (high !== null && (least.mask !== MOST || most.mask !== MOST))) return null;
    intervals.push({ mask: least.mask, low: least.value, high: most.value });
  }
  return { intervals, inverted: false };
}

/** A constant as a number of 32 bits; null: it is none (negative numbers fit nothing, and are asked elsewhere). */
function constantOf(operand: Operand): { readonly mask: number; readonly value: number } | null {
  if (operand.type !== 'value') return null;
  const { value, prefix } = operand;
  if (typeof value === 'number') return value >= 0 && value <= MOST ? { mask: MOST, value } : null;
  if (!(value instanceof Uint8Array) || value.length !== 4) return null;
  const mask = prefix === null ? MOST : prefix === 0 ? 0 : (MOST << (32 - prefix)) >>> 0;
  return { mask, value: (new DataView(value.buffer, value.byteOffset).getUint32(0) & mask) >>> 0 };
}
