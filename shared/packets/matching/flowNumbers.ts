// Tests of one number of a flow - a port, a stream, an IPv4 address - against constants, for all flows in one loop without an object: what flowVerdicts.ts
// does most, and where a million flows must not cost a second. Both directions are written at once, lowest byte first, as chunkLoops.ts reads them.

import { never } from '../../base/assert';
import type { Comparison, Operand } from '../../filter/filter';
import type { FlowColumns } from '../flows/flowColumns';
import { KIND } from '../index/linkHeader';
import { borrow } from './borrow';
import type { Leaf } from './leaves';
import { VERDICT, type Verdicts } from './verdict';
import { wordsOf } from './words';

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
    const kind = KIND[protocol];
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

/** Whether the numbers of flows from `from` on fit, a byte a flow: 1: the first end's does, 2: the second's, or both. */
type EndsFill = (from: number, ends: Uint8Array) => void;

const isSure = (kind: number): boolean => kind === KIND.tcp || kind === KIND.udp;
const failing = (kind: number): number => (isSure(kind) ? VERDICT.no : VERDICT.maybe);

function fill({ kind, end }: NumberField, wanted: Wanted, all: boolean, columns: FlowColumns): FlowFill {
  const ends = kind >= 0 && end !== 'stream' ? portEnds(wanted, columns) : valueEnds(wanted, kind < 0 ? { width: 8, other: 4 } : { width: 1, other: 0 }, () => wordsOf(kind < 0 ? columns.addresses : columns.stream));
  const fits = (first: boolean, second: boolean, reverse: boolean): boolean => {
    switch (end) {
      case 'source': case 'stream': return reverse ? second : first;
      case 'destination': return reverse ? first : second;
      case 'both': return all ? first && second : first || second;
      default: return never(end);
    }
  };
  // What one of more values fits stays true; what all must fit is told by sure packets only.
  const fitting = (own: number): number => (!isSure(own) && all ? VERDICT.maybe : VERDICT.yes);
  const has = (own: number, version: number): boolean => (kind < 0 ? version === 4 : own === kind);
  const pairs = pairsOf((own, version, first, second, reverse) => (has(own, version) && fits(first, second, reverse) ? fitting(own) : failing(own)));
  return (from, to, out) => {
    const bits = new Uint8Array(to - from);
    ends(from, bits);
    fillPairs(columns, pairs, from, bits, out);
  };
}

/** Without a branch, here and below: neighbours differ, and a processor's guess is wrong as often as right. */
function portEnds({ intervals, inverted }: Wanted, columns: FlowColumns): EndsFill {
  const fits = new Uint8Array(65_536).fill(inverted ? 1 : 0);
  for (const { mask, low, high } of intervals) {
    if (mask === MOST) fits.fill(inverted ? 0 : 1, Math.min(low, fits.length), Math.min(high + 1, fits.length));
    else for (let port = 0; port < fits.length; port++) if (within(port, { mask, low, high })) fits[port] = inverted ? 0 : 1;
  }
  return (from, ends) => {
    const { ports } = columns;
    for (let i = 0; i < ends.length; i++) {
      const pair = ports[from + i] ?? 0;
      ends[i] = (fits[pair >>> 16] ?? 0) | ((fits[pair & 0xffff] ?? 0) << 1);
    }
  };
}

const within = (value: number, one: Interval | undefined): boolean => one !== undefined && (value & one.mask) >>> 0 >= one.low && (value & one.mask) >>> 0 <= one.high;
const NONE: Interval = { mask: 0, low: 1, high: 0 };

interface Column {
  /** Words a flow, and from that of the first end to that of the second. */
  readonly width: number;
  readonly other: number;
}

/** Addresses and streams. */
function valueEnds({ intervals, inverted }: Wanted, column: Column, valuesNow: () => Int32Array): EndsFill {
  const [{ mask, low, high } = NONE, ...more] = intervals;
  const fits = (value: number): number => (intervals.some((one) => within(value, one)) !== inverted ? 1 : 0);
  return (from, ends) => {
    const values = valuesNow();
    if (more.length === 0) oneInterval(values, column, { mask, low, span: (high - low) | 0, flip: (inverted ? 1 : 0) ^ (high >= low ? 1 : 0) }, from, ends);
    else for (let i = 0, at = from * column.width; i < ends.length; i++, at += column.width) ends[i] = fits(values[at] ?? 0) | (fits(values[at + column.other] ?? 0) << 1);
  };
}

/** `span`: from `low` to the last that fits; `flip`: 1 makes of what lies beyond what lies within. */
function oneInterval(values: Int32Array, { width, other }: Column, { mask, low, span, flip }: { readonly mask: number; readonly low: number; readonly span: number; readonly flip: number }, from: number, ends: Uint8Array): void {
  for (let i = 0, at = from * width; i < ends.length; i++, at += width) {
    const first = borrow(span, (((values[at] ?? 0) & mask) - low) | 0) ^ flip;
    const second = borrow(span, (((values[at + other] ?? 0) & mask) - low) | 0) ^ flip;
    ends[i] = first | (second << 1);
  }
}

/** PACKET_KINDS are so many, and versions of IP. */
const KIND_BITS = 3;
const VERSIONS = 8;

/** A flow's verdict, and eight bits higher that of its other direction, by version, kind and the bits of EndsFill. */
const pairsOf = (of: (kind: number, version: number, first: boolean, second: boolean, reverse: boolean) => number): Uint16Array => Uint16Array.from({ length: VERSIONS << (KIND_BITS + 2) }, (_, at) => {
  const verdict = (reverse: boolean): number => of((at >> 2) & ((1 << KIND_BITS) - 1), at >> (KIND_BITS + 2), (at & 1) === 1, (at & 2) === 2, reverse);
  return verdict(false) | (verdict(true) << 8);
});

function fillPairs({ kind, version }: FlowColumns, pairs: Uint16Array, from: number, ends: Uint8Array, out: Verdicts): void {
  const flows = new Uint16Array(out.buffer, out.byteOffset, out.byteLength >> 1);
  for (let i = 0, flow = from; i < ends.length; i++, flow++) flows[flow] = pairs[((version[flow] ?? 0) << (KIND_BITS + 2)) | ((kind[flow] ?? 0) << 2) | (ends[i] ?? 0)] ?? 0;
}

/** ip, ipv6 and their addresses; ports and streams. */
function presentFill(operand: Operand, columns: FlowColumns): FlowFill | null {
  if (operand.type !== 'field') return null;
  const [protocol = ''] = operand.field.name.split('.');
  const wanted = { version: protocol === 'ip' ? 4 : protocol === 'ipv6' ? 6 : 0, kind: protocol === 'tcp' ? KIND.tcp : protocol === 'udp' ? KIND.udp : -1 };
  if (wanted.version === 0 && wanted.kind < 0) return null;
  const pairs = pairsOf((own, version) => ((wanted.version === 0 ? own === wanted.kind : version === wanted.version) ? VERDICT.yes : failing(own)));
  return (from, to, out) => fillPairs(columns, pairs, from, new Uint8Array(to - from), out);
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
