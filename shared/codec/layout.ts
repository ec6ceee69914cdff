// The range table: where each field of a header lies, once. decode, encode and fields all read the same table, so a byte that
// is shown is the byte that was decoded. A table's key is the property of the value; `under` nests one field below another.

import { byteAt, readUint, toHex, writeUint } from '../base/bytes';
import { ipv4Bytes, ipv4Text, ipv6Bytes, ipv6Text, macBytes, macText } from './address';
import type { FieldNode, FieldValue } from './field';

/** One field. `Stored` is false for a view: shown, but part of another field's value (a single flag of the flags). */
export interface FieldSpec<T extends FieldValue, Stored extends boolean = true> {
  readonly name: string;
  readonly at: number;
  readonly length: number;
  /** 0: all bits of its bytes. */
  readonly mask: number;
  readonly stored: Stored;
  readonly under: string | null;
  read(bytes: Uint8Array): T;
  write(bytes: Uint8Array, value: T): void;
  format(value: T): string;
}

export type Layout = Readonly<Record<string, FieldSpec<FieldValue, boolean>>>;

/** The value that a table describes. */
export type ValuesOf<L> = { readonly [K in keyof L as L[K] extends FieldSpec<FieldValue, true> ? K : never]: L[K] extends { read(bytes: Uint8Array): infer T } ? T : never };

interface UintOptions {
  readonly mask?: number;
  /** The value is the wire's number times this (header lengths in words of 4 bytes). */
  readonly scale?: number;
  readonly format?: (value: number) => string;
  readonly under?: string;
}

const shiftOf = (mask: number): number => (mask === 0 ? 0 : 31 - Math.clz32(mask & -mask));

/** Reads the number, or its bits; what it needs is found out once. */
function bitsReader(at: number, length: number, mask: number): (bytes: Uint8Array) => number {
  const shift = shiftOf(mask);
  const raw = rawReader(at, length);
  return mask === 0 ? raw : (bytes) => (raw(bytes) & mask) >>> shift;
}

function rawReader(at: number, length: number): (bytes: Uint8Array) => number {
  if (length === 1) return (bytes) => byteAt(bytes, at);
  if (length === 2) return (bytes) => (byteAt(bytes, at) << 8) | byteAt(bytes, at + 1);
  return (bytes) => readUint(bytes, at, length);
}

function writeBits(bytes: Uint8Array, at: number, length: number, mask: number, value: number): void {
  const room = mask === 0 ? 256 ** length - 1 : mask >>> shiftOf(mask);
  if (!Number.isInteger(value) || value < 0 || value > room) throw new RangeError(`${value} does not fit into ${room}`);
  if (mask === 0) return writeUint(bytes, at, length, value);
  const others = (readUint(bytes, at, length) & ~mask) >>> 0;
  writeUint(bytes, at, length, (others | (value << shiftOf(mask))) >>> 0);
}

/** An unsigned number of `length` bytes at `at`, or the bits of `mask` in them (masks: at most 4 bytes). */
export function uint(name: string, at: number, length: number, options: UintOptions = {}): FieldSpec<number> {
  const mask = options.mask ?? 0;
  const scale = options.scale ?? 1;
  const read = bitsReader(at, length, mask);
  return {
    name, at, length, mask, stored: true, under: options.under ?? null,
    read: scale === 1 ? read : (bytes) => read(bytes) * scale,
    write: (bytes, value) => writeBits(bytes, at, length, mask, value / scale),
    format: options.format ?? String,
  };
}

/** Shown below `under`, whose bits it names: not part of the value. */
export function view(spec: FieldSpec<number>, under: string): FieldSpec<number, false>;
export function view(spec: FieldSpec<boolean>, under: string): FieldSpec<boolean, false>;
export function view<T extends FieldValue>(spec: FieldSpec<T>, under: string): FieldSpec<T, false> {
  return { ...spec, stored: false, under };
}

/** One bit. */
export function bit(name: string, at: number, length: number, mask: number, under: string | null = null): FieldSpec<boolean> {
  const read = bitsReader(at, length, mask);
  return {
    name, at, length, mask, stored: true, under,
    read: (bytes) => read(bytes) === 1,
    write: (bytes, value) => writeBits(bytes, at, length, mask, value ? 1 : 0),
    format: (value) => (value ? 'Set' : 'Not set'),
  };
}

function text(name: string, at: number, length: number, show: (bytes: Uint8Array) => string, parse: (text: string) => Uint8Array): FieldSpec<string> {
  return {
    name, at, length, mask: 0, stored: true, under: null,
    read: (bytes) => show(bytes.subarray(at, at + length)),
    write: (bytes, value) => bytes.set(parse(value), at),
    format: (value) => value,
  };
}

export const ipv4Address = (name: string, at: number): FieldSpec<string> => text(name, at, 4, ipv4Text, ipv4Bytes);
export const ipv6Address = (name: string, at: number): FieldSpec<string> => text(name, at, 16, ipv6Text, ipv6Bytes);
export const macAddress = (name: string, at: number): FieldSpec<string> => text(name, at, 6, macText, macBytes);

export const hex = (digits: number) => (value: number): string => `0x${value.toString(16).padStart(digits, '0')}`;
export const unit = (name: string) => (value: number): string => `${value} ${name}`;
/** 'TCP (6)' for numbers that have a name. */
export const labelled = (names: ReadonlyMap<number, string>, number: (value: number) => string = String) => (value: number): string => {
  const name = names.get(value);
  return name === undefined ? number(value) : `${name} (${number(value)})`;
};

type AnySpec = FieldSpec<FieldValue, boolean>;

/** The value of the stored fields. All of the table's bytes must be there. */
export function readLayout<L extends Layout>(layout: L, bytes: Uint8Array): ValuesOf<L> {
  const values: Record<string, FieldValue> = {};
  for (const { key, spec } of shapeOf(layout).stored) values[key] = spec.read(bytes);
  return values as ValuesOf<L>;
}

/** Writes the stored fields into `bytes`. Throws RangeError for a number that does not fit its bits. */
export function writeLayout<L extends Layout>(layout: L, bytes: Uint8Array, values: ValuesOf<L>): void {
  for (const [key, spec] of Object.entries(layout)) if (spec.stored) spec.write(bytes, (values as Readonly<Record<string, FieldValue>>)[key] ?? 0);
}

/** The nodes of the table's fields, nested by `under`; those that the bytes do not reach are left out. */
export function layoutNodes(layout: Layout, bytes: Uint8Array, base: number): FieldNode[] {
  return nodesOf(shapeOf(layout).fields, bytes, base);
}

function nodesOf(fields: readonly Shaped[], bytes: Uint8Array, base: number): FieldNode[] {
  const nodes: FieldNode[] = [];
  for (const { spec, bits, below } of fields) if (spec.at + spec.length <= bytes.length) nodes.push(node(spec, bits, bytes, base, below.length === 0 ? NO_NODES : nodesOf(below, bytes, base)));
  return nodes;
}

type Bits = NonNullable<FieldNode['bits']>;

/** A field with what stands below it. */
interface Shaped {
  readonly spec: AnySpec;
  readonly bits: Bits | null;
  readonly below: readonly Shaped[];
}

interface Shape {
  readonly stored: readonly { readonly key: string; readonly spec: AnySpec }[];
  readonly fields: readonly Shaped[];
}

/** By layout. Layouts are tables of the program. */
const shapes = new WeakMap<Layout, Shape>();
const NO_NODES: readonly FieldNode[] = [];

function shapeOf(layout: Layout): Shape {
  const known = shapes.get(layout);
  if (known !== undefined) return known;
  const all = Object.entries(layout).map(([key, spec]) => ({ key, spec }));
  const under = (parent: string | null): Shaped[] => all.filter(({ spec }) => spec.under === parent).map(({ key, spec }) => ({ spec, bits: bitsOf(spec), below: under(key) }));
  const shape = { stored: all.filter(({ spec }) => spec.stored), fields: under(null) };
  shapes.set(layout, shape);
  return shape;
}

const bitsOf = ({ mask }: AnySpec): Bits | null => (mask === 0 ? null : { mask, shift: shiftOf(mask) });

/** The node of one field. Its bytes must be there. */
export function specNode(spec: AnySpec, bytes: Uint8Array, base: number): FieldNode {
  return node(spec, bitsOf(spec), bytes, base, NO_NODES);
}

function node(spec: AnySpec, bits: Bits | null, bytes: Uint8Array, base: number, children: readonly FieldNode[]): FieldNode {
  const value = spec.read(bytes);
  if (bits === null) return { name: spec.name, value, display: spec.format(value), start: base + spec.at, length: spec.length, children };
  return { name: spec.name, value, display: spec.format(value), start: base + spec.at, length: spec.length, bits, children };
}

/** Bytes as a node: at most 32 of them in its text. */
export function bytesNode(name: string, bytes: Uint8Array, start: number, end: number, base: number, problem?: string): FieldNode {
  const slice = bytes.subarray(start, end);
  const display = slice.length <= 32 ? toHex(slice, ' ') : `${toHex(slice.subarray(0, 32), ' ')} …`;
  return { name, value: slice, display, start: base + start, length: slice.length, children: [], ...(problem === undefined ? {} : { problem }) };
}

/** First byte's high four bits: the version of an IP header. */
export const versionOf = (bytes: Uint8Array): number => byteAt(bytes, 0) >>> 4;
