// Tests of one number of a flow - a port, a stream, an IPv4 address - against constants, for all flows in one loop without an object: what flowVerdicts.ts
// does most, and where a million flows must not cost a second. Both directions are written at once, lowest byte first, as chunkLoops.ts reads them.

import { never } from '../../base/assert';
import type { Comparison, Operand } from '../../filter/filter';
import type { FlowColumns } from '../flows/flowColumns';
import { KIND } from '../index/linkHeader';
import { PACKET_KINDS } from '../packetTable';
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
  if (wanted !== null && field.kind >= 0 && field.end !== 'stream') return portFill(field, wanted, leaf.quantifier === 'all', columns);
  return wanted === null ? null : fill(field, wanted, leaf.quantifier === 'all', columns);
}

const within = (value: number, one: Interval | undefined): boolean => one !== undefined && (value & one.mask) >>> 0 >= one.low && (value & one.mask) >>> 0 <= one.high;
const NONE: Interval = { mask: 0, low: 1, high: 0 };

/** Ports, without a branch: those of neighbours are different, and a processor's guess is wrong as often as right. */
function portFill({ kind, end }: NumberField, { intervals, inverted }: Wanted, all: boolean, columns: FlowColumns): FlowFill {
  const fits = new Uint8Array(65_536).fill(inverted ? 1 : 0);
  for (const { mask, low, high } of intervals) {
    if (mask === MOST) fits.fill(inverted ? 0 : 1, Math.min(low, fits.length), Math.min(high + 1, fits.length));
    else for (let port = 0; port < fits.length; port++) if (within(port, { mask, low, high })) fits[port] = inverted ? 0 : 1;
  }
  /** By kind: the verdict where it does not fit, and whether it can. */
  const failing = Uint8Array.from(PACKET_KINDS, (_, own) => (own === KIND.tcp || own === KIND.udp ? VERDICT.no : VERDICT.maybe));
  const able = Uint8Array.from(PACKET_KINDS, (_, own) => (own === kind ? VERDICT.no - VERDICT.yes : 0));
  const [forthBy, backBy] = end === 'both' ? [0, 0] : end === 'destination' ? [16, 0] : [0, 16];
  return (from, to, out) => {
    const { kind: kinds, ports } = columns;
    const pairs = new Uint16Array(out.buffer, out.byteOffset, out.byteLength >> 1);
    for (let flow = from; flow < to; flow++) {
      const own = kinds[flow] ?? 0;
      const pair = ports[flow] ?? 0;
      const a = fits[pair >>> 16] ?? 0;
      const b = fits[pair & 0xffff] ?? 0;
      const one = end === 'both' ? (all ? a & b : a | b) : a | (b << 16);
      const base = failing[own] ?? 0;
      const may = able[own] ?? 0;
      const forth = base - ((one >>> forthBy) & may);
      const back = base - ((one >>> backBy) & may);
      pairs[flow] = forth | (back << 8);
    }
  };
}

/** PACKET_KINDS are so many, and versions of IP. */
const KIND_BITS = 3;
const VERSIONS = 8;

/** Addresses and streams. */
function fill({ kind, end }: NumberField, { intervals, inverted }: Wanted, all: boolean, columns: FlowColumns): FlowFill {
  const [{ mask, low, high } = NONE, ...more] = intervals;
  const isSure = (own: number): boolean => own === KIND.tcp || own === KIND.udp;
  // By kind: the verdict where it does not fit; by version and kind, what makes that where it does. What one of more values fits stays true; what all must fit is told by sure packets only.
  const failing = Uint8Array.from(PACKET_KINDS, (_, own) => (isSure(own) ? VERDICT.no : VERDICT.maybe));
  const able = (own: number): number => (kind >= 0 && own !== kind ? 0 : (failing[own] ?? 0) - (!isSure(own) && all ? VERDICT.maybe : VERDICT.yes));
  const ables = Uint8Array.from({ length: VERSIONS << KIND_BITS }, (_, at) => (kind >= 0 || at >> KIND_BITS === 4 ? able(at & ((1 << KIND_BITS) - 1)) : 0));
  const column = kind < 0 ? { width: 8, other: 4 } : { width: 1, other: 0 };
  return (from, to, out) => {
    const values = wordsOf(kind < 0 ? columns.addresses : columns.stream);
    const fits = (value: number): number => (intervals.some((one) => within(value, one)) !== inverted ? 1 : 0);
    const answers = new Uint8Array(to - from);
    // Bits: the first end's number fits, the second's does.
    if (more.length === 0) oneInterval(values, column, { mask, low, span: (high - low) | 0, flip: (inverted ? 1 : 0) ^ (high >= low ? 1 : 0) }, from, answers);
    else for (let flow = from; flow < to; flow++) answers[flow - from] = fits(values[flow * column.width] ?? 0) | (fits(values[flow * column.width + column.other] ?? 0) << 1);
    directions(columns, { failing, able: ables }, end === 'both' ? (all ? ALL : ANY) : end === 'destination' ? SECOND : FIRST, from, answers, new Uint16Array(out.buffer, out.byteOffset, out.byteLength >> 1));
  };
}

interface Column {
  /** Words a flow, and from that of the first end to that of the second. */
  readonly width: number;
  readonly other: number;
}

/** Without a branch. `span`: from `low` to the last that fits; `flip`: 1 makes of what lies beyond what lies within. */
function oneInterval(values: Int32Array, { width, other }: Column, { mask, low, span, flip }: { readonly mask: number; readonly low: number; readonly span: number; readonly flip: number }, from: number, answers: Uint8Array): void {
  for (let i = 0, at = from * width; i < answers.length; i++, at += width) {
    const first = borrow(span, (((values[at] ?? 0) & mask) - low) | 0) ^ flip;
    const second = borrow(span, (((values[at + other] ?? 0) & mask) - low) | 0) ^ flip;
    answers[i] = first | (second << 1);
  }
}

/** By the two bits of `answers`: whether the packets of the first end fit, and, eight bits higher, those of the second. */
const FIRST = Uint16Array.of(0, 0x001, 0x100, 0x101);
const SECOND = Uint16Array.of(0, 0x100, 0x001, 0x101);
const ANY = Uint16Array.of(0, 0x101, 0x101, 0x101);
const ALL = Uint16Array.of(0, 0, 0, 0x101);

function directions({ kind, version }: FlowColumns, { failing, able }: { readonly failing: Uint8Array; readonly able: Uint8Array }, meaning: Uint16Array, from: number, answers: Uint8Array, pairs: Uint16Array): void {
  for (let i = 0, flow = from; i < answers.length; i++, flow++) {
    const own = kind[flow] ?? 0;
    const may = able[((version[flow] ?? 0) << KIND_BITS) | own] ?? 0;
    pairs[flow] = (failing[own] ?? 0) * 0x101 - (meaning[answers[i] ?? 0] ?? 0) * may;
  }
}

/** ip, ipv6 and their addresses; ports and streams. */
function presentFill(operand: Operand, columns: FlowColumns): FlowFill | null {
  if (operand.type !== 'field') return null;
  const [protocol = ''] = operand.field.name.split('.');
  const wanted = { version: protocol === 'ip' ? 4 : protocol === 'ipv6' ? 6 : 0, kind: protocol === 'tcp' ? KIND.tcp : protocol === 'udp' ? KIND.udp : -1 };
  if (wanted.version === 0 && wanted.kind < 0) return null;
  return (from, to, out) => {
    const { kind, version } = columns;
    for (let flow = from; flow < to; flow++) {
      const own = kind[flow] ?? 0;
      const there = wanted.version === 0 ? own === wanted.kind : version[flow] === wanted.version;
      out[flow << 1] = out[(flow << 1) | 1] = there ? VERDICT.yes : own === KIND.tcp || own === KIND.udp ? VERDICT.no : VERDICT.maybe;
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
