// TCP options: MSS (RFC 9293 3.7.1), window scale and timestamps (RFC 7323), SACK (RFC 2018), NOP, end of list. What is not known
// keeps its bytes, so that a header is written back as it was read.

import { never } from '../../base/assert';
import { concatBytes } from '../../base/bytes';
import { generated, group, type FieldNode } from '../field';
import { bytesNode, labelled, specNode, uint, unit } from '../layout';
import { walkOptions, type OptionRange } from '../options';
import { rareOption } from './rareOptions';

const KIND = { end: 0, nop: 1, mss: 2, windowScale: 3, sackPermitted: 4, sack: 5, timestamps: 8 } as const;
const RULES = { single: [KIND.end, KIND.nop], end: KIND.end, counts: true };
const NAMES: ReadonlyMap<number, string> = new Map([
  [0, 'End of list'], [1, 'No operation'], [2, 'Maximum segment size'], [3, 'Window scale'], [4, 'SACK permitted'], [5, 'SACK'], [8, 'Timestamps'],
  [19, 'MD5 signature'], [28, 'User timeout'], [29, 'TCP-AO'], [30, 'Multipath TCP'], [34, 'TCP Fast Open'], [172, 'Accurate ECN'], [174, 'Accurate ECN'], [253, 'Experiment'], [254, 'Experiment'],
]);

export type TcpOption =
  | { readonly kind: 'end' } | { readonly kind: 'nop' } | { readonly kind: 'sackPermitted' }
  | { readonly kind: 'mss'; readonly size: number }
  | { readonly kind: 'windowScale'; readonly shift: number }
  | { readonly kind: 'sack'; readonly blocks: readonly { readonly left: number; readonly right: number }[] }
  | { readonly kind: 'timestamps'; readonly value: number; readonly echo: number }
  | { readonly kind: 'other'; readonly code: number; readonly data: Uint8Array }
  /** Bytes after the end of the list, or a list that cannot be read on. */
  | { readonly kind: 'rest'; readonly bytes: Uint8Array };

const spec = {
  kind: uint('tcp.option_kind', 0, 1, { format: labelled(NAMES) }),
  length: uint('tcp.option_len', 1, 1, { format: unit('B') }),
  mss: uint('tcp.options.mss_val', 2, 2, { format: unit('B') }),
  shift: uint('tcp.options.wscale.shift', 2, 1),
  value: uint('tcp.options.timestamp.tsval', 2, 4),
  echo: uint('tcp.options.timestamp.tsecr', 6, 4),
};
const sackLeft = (at: number) => uint('tcp.options.sack_le', at, 4);
const sackRight = (at: number) => uint('tcp.options.sack_re', at, 4);

/** Where the blocks of a SACK option of `length` bytes begin (RFC 2018 section 3). */
const blockStarts = (length: number): number[] => Array.from({ length: Math.floor((length - 2) / 8) }, (_, i) => 2 + i * 8);

/** The options of a header that ends where `header` ends. Never throws. */
export const decodeTcpOptions = (header: Uint8Array, start: number): TcpOption[] => walkOptions(header, start, RULES).map((range) => decodeOption(header, range));

function decodeOption(header: Uint8Array, range: OptionRange): TcpOption {
  const bytes = header.subarray(range.start, range.start + range.length);
  if (range.problem !== null || range.padding) return { kind: 'rest', bytes: bytes.slice() };
  if (range.kind === KIND.end) return { kind: 'end' };
  if (range.kind === KIND.nop) return { kind: 'nop' };
  if (range.kind === KIND.mss && bytes.length === 4) return { kind: 'mss', size: spec.mss.read(bytes) };
  if (range.kind === KIND.windowScale && bytes.length === 3) return { kind: 'windowScale', shift: spec.shift.read(bytes) };
  if (range.kind === KIND.sackPermitted && bytes.length === 2) return { kind: 'sackPermitted' };
  if (range.kind === KIND.timestamps && bytes.length === 10) return { kind: 'timestamps', value: spec.value.read(bytes), echo: spec.echo.read(bytes) };
  if (range.kind === KIND.sack && bytes.length > 2 && bytes.length % 8 === 2) {
    return { kind: 'sack', blocks: blockStarts(bytes.length).map((at) => ({ left: sackLeft(at).read(bytes), right: sackRight(at + 4).read(bytes) })) };
  }
  return { kind: 'other', code: range.kind, data: bytes.slice(2) };
}

/** Options as bytes, filled up to words of four with zeros (RFC 9293 3.1). Throws RangeError past 40 bytes. */
export function encodeTcpOptions(options: readonly TcpOption[]): Uint8Array<ArrayBuffer> {
  const bytes = concatBytes(...options.map(encodeOption));
  if (bytes.length > 40) throw new RangeError(`${bytes.length} bytes of options, 40 fit`);
  return concatBytes(bytes, new Uint8Array((4 - (bytes.length % 4)) % 4));
}

function encodeOption(option: TcpOption): Uint8Array {
  switch (option.kind) {
    case 'end': return Uint8Array.of(KIND.end);
    case 'nop': return Uint8Array.of(KIND.nop);
    case 'rest': return option.bytes;
    case 'sackPermitted': return framed(KIND.sackPermitted, 2);
    case 'mss': return framed(KIND.mss, 4, (bytes) => spec.mss.write(bytes, option.size));
    case 'windowScale': return framed(KIND.windowScale, 3, (bytes) => spec.shift.write(bytes, option.shift));
    case 'timestamps': return framed(KIND.timestamps, 10, (bytes) => {
      spec.value.write(bytes, option.value);
      spec.echo.write(bytes, option.echo);
    });
    case 'sack': return framed(KIND.sack, 2 + option.blocks.length * 8, (bytes) => option.blocks.forEach((block, i) => {
      sackLeft(2 + i * 8).write(bytes, block.left);
      sackRight(6 + i * 8).write(bytes, block.right);
    }));
    case 'other': return framed(option.code, 2 + option.data.length, (bytes) => bytes.set(option.data, 2));
    default: return never(option);
  }
}

function framed(kind: number, length: number, fill?: (bytes: Uint8Array) => void): Uint8Array {
  const bytes = new Uint8Array(length);
  spec.kind.write(bytes, kind);
  spec.length.write(bytes, length);
  fill?.(bytes);
  return bytes;
}

/** One node over all options of a header that ends where `header` ends. */
export function tcpOptionNodes(header: Uint8Array, start: number, base: number): FieldNode {
  const children = walkOptions(header, start, RULES).map((range) => optionNode(header, range, base));
  return group('tcp.options', children.map((child) => child.display).join(', '), base + start, header.length - start, children);
}

function optionNode(header: Uint8Array, range: OptionRange, base: number): FieldNode {
  const end = range.start + range.length;
  const at = base + range.start;
  const bytes = header.subarray(range.start, end);
  if (range.padding) return bytesNode('tcp.options.padding', header, range.start, end, base);
  const head = [specNode(spec.kind, bytes, at)];
  if (range.dataStart === range.start + 2 && bytes.length > 1) head.push(specNode(spec.length, bytes, at));
  if (range.problem !== null) return group('tcp.options.unknown', NAMES.get(range.kind) ?? `${range.kind}`, at, bytes.length, head, range.problem);
  const option = decodeOption(header, range);
  const named = (name: string, display: string, more: readonly FieldNode[]): FieldNode => group(name, display, at, bytes.length, [...head, ...more]);
  const rare = option.kind === 'other' ? rareOption(option.code, bytes, at) : null;
  if (rare !== null) return named(rare.name, rare.display, rare.nodes);
  switch (option.kind) {
    case 'end': return named('tcp.options.eol', 'EOL', []);
    case 'nop': return named('tcp.options.nop', 'NOP', []);
    case 'sackPermitted': return named('tcp.options.sack_perm', 'SACK permitted', []);
    case 'mss': return named('tcp.options.mss', `MSS ${option.size} B`, [specNode(spec.mss, bytes, at)]);
    case 'windowScale': {
      const factor = 2 ** Math.min(option.shift, 14);
      return named('tcp.options.wscale', `WS ×${factor}`, [specNode(spec.shift, bytes, at), generated('tcp.options.wscale.multiplier', factor, `×${factor}`, at + 2, 1)]);
    }
    case 'timestamps': return named('tcp.options.timestamp', `TS ${option.value}, ${option.echo}`, [specNode(spec.value, bytes, at), specNode(spec.echo, bytes, at)]);
    case 'sack': return named('tcp.options.sack', `SACK ${option.blocks.map((block) => `${block.left}–${block.right}`).join(' ')}`,
      [...blockStarts(bytes.length).flatMap((from) => [specNode(sackLeft(from), bytes, at), specNode(sackRight(from + 4), bytes, at)]), generated('tcp.options.sack.count', option.blocks.length, String(option.blocks.length), at, 0)]);
    case 'other':
    case 'rest': return named('tcp.options.unknown', NAMES.get(range.kind) ?? `${range.kind}`, bytes.length > 2 ? [bytesNode('tcp.options.unknown.payload', bytes, 2, bytes.length, at)] : []);
    default: return never(option);
  }
}
