// IPv6 extension headers (RFC 8200 section 4; authentication RFC 4302): the walk along their chain, their bytes, their nodes. Each
// names the one that follows it; the chain ends at the first that is none of them.

import { byteAt, concatBytes, readUint, writeUint } from '../../base/bytes';
import { ipv6Text } from '../address';
import { generated, group, type FieldNode } from '../field';
import { bit, bytesNode, labelled, specNode, uint, unit } from '../layout';
import { CODEC_LIMITS } from '../limits';
import { walkOptions, type OptionRange } from '../options';
import { authenticationNodes, optionDataNodes, optionTitle, routingNodes } from './extensionNodes';
import { IP_PROTOCOLS } from '../protocols';

export const HOP_BY_HOP = 0;
const ROUTING = 43;
const FRAGMENT = 44;
const AUTHENTICATION = 51;
const NO_NEXT = 59;
const ESP = 50;
const DESTINATION = 60;
/** Wireshark's name of each. */
const NAMES: ReadonlyMap<number, string> = new Map([
  [HOP_BY_HOP, 'ipv6.hopopts'], [ROUTING, 'ipv6.routing'], [FRAGMENT, 'ipv6.fraghdr'], [AUTHENTICATION, 'ah'], [DESTINATION, 'ipv6.dstopts'], [135, 'mipv6'], [139, 'hip'], [140, 'shim6'],
]);
const OPTION_RULES = { single: [0], end: null, counts: false };
const PADN = 1;
const JUMBO = 0xc2;
export interface Extension {
  readonly type: number;
  readonly next: number;
  /** All of its bytes, the first one (next header) and the length included. */
  readonly bytes: Uint8Array;
}

export interface Walk {
  readonly extensions: readonly Extension[];
  /** Where the chain ends. */
  readonly end: number;
  /** Protocol of what follows; null: nothing, or nothing that can be read. */
  readonly next: number | null;
  /** Bytes that must be there to go on; null: the chain is whole. */
  readonly need: number | null;
  readonly fragment: boolean;
  /** Where a routing header with segments left leads to in the end: the checksum uses it (RFC 8200 8.1); null: as the header says. */
  readonly destination: string | null;
}

/** Length in bytes of the extension header whose second byte is `second` (RFC 8200 4.3, 4.5; RFC 4302 2.2). */
function lengthOf(type: number, second: number): number {
  if (type === FRAGMENT) return 8;
  return type === AUTHENTICATION ? (second + 2) * 4 : (second + 1) * 8;
}

/** Follows the chain from `start`, whose first header is of type `first`. */
export function walkExtensions(bytes: Uint8Array, start: number, first: number): Walk {
  const extensions: Extension[] = [];
  let at = start;
  let type = first;
  let later = false;
  let fragment = false;
  let destination: string | null = null;
  const stop = (next: number | null, need: number | null): Walk => ({ extensions, end: at, next, need, fragment, destination });
  while (NAMES.has(type) && extensions.length < CODEC_LIMITS.extensions && !later) {
    if (bytes.length < at + 8) return stop(null, at + 8);
    const length = lengthOf(type, byteAt(bytes, at + 1));
    if (bytes.length < at + length) return stop(null, at + length);
    const header = bytes.slice(at, at + length);
    if (type === FRAGMENT) {
      later = (readUint(header, 2, 2) & 0xfff8) !== 0;
      fragment ||= later || (byteAt(header, 3) & 1) !== 0;
    }
    if (type === ROUTING && byteAt(header, 3) > 0 && length >= 24) destination = finalAddress(header);
    extensions.push({ type, next: byteAt(header, 0), bytes: header });
    type = byteAt(header, 0);
    at += length;
  }
  return stop(later || type === NO_NEXT || type === ESP || NAMES.has(type) ? null : type, null);
}

/** Type 4 lists its segments backwards (RFC 8754 2), types 0 and 2 forwards (RFC 2460 4.4, RFC 6275 6.4). */
const finalAddress = (header: Uint8Array): string => ipv6Text(byteAt(header, 2) === 4 ? header.subarray(8, 24) : header.subarray(header.length - 16));

/** True for the type of a header that this walk knows. */
export const isExtension = (type: number): boolean => NAMES.has(type);

export const encodeExtensions = (extensions: readonly Extension[]): Uint8Array<ArrayBuffer> => concatBytes(...extensions.map((extension) => extension.bytes));

/** Builds hop-by-hop or destination options around `options` bytes, padded by PadN (RFC 8200 4.2). */
export function optionsExtension(type: typeof HOP_BY_HOP | typeof DESTINATION, next: number, options: Uint8Array): Extension {
  const gap = (8 - ((2 + options.length) % 8)) % 8;
  const padding = gap === 1 ? Uint8Array.of(0) : gap === 0 ? new Uint8Array(0) : concatBytes(Uint8Array.of(PADN, gap - 2), new Uint8Array(gap - 2));
  const bytes = concatBytes(Uint8Array.of(next, (2 + options.length + gap) / 8 - 1), options, padding);
  return { type, next, bytes };
}

/** Builds a fragment header (RFC 8200 4.5); `offset` in bytes, a multiple of 8. */
export function fragmentExtension(next: number, offset: number, more: boolean, identification: number): Extension {
  const bytes = Uint8Array.of(next, 0, 0, 0, 0, 0, 0, 0);
  writeUint(bytes, 2, 2, offset | (more ? 1 : 0));
  writeUint(bytes, 4, 4, identification);
  return { type: FRAGMENT, next, bytes };
}

/** The jumbo payload length (RFC 2675 section 2) of hop-by-hop options at `start`; null: there is none. */
export function jumboLength(bytes: Uint8Array, start: number): number | null {
  const walk = walkExtensions(bytes, start, HOP_BY_HOP).extensions[0];
  if (walk === undefined || walk.type !== HOP_BY_HOP) return null;
  const option = walkOptions(walk.bytes, 2, OPTION_RULES).find((range) => range.kind === JUMBO && range.length === 6 && range.problem === null);
  return option === undefined ? null : readUint(walk.bytes, option.dataStart, 4);
}

/** Offsets count in blocks of so many bytes (RFC 8200 4.5). */
export const FRAGMENT_BLOCK = 8;
const fragmentSpec = [
  uint('ipv6.fraghdr.reserved_octet', 1, 1), uint('ipv6.fraghdr.offset', 2, 2, { mask: 0xfff8, format: (blocks) => `${blocks * FRAGMENT_BLOCK} B` }),
  uint('ipv6.fraghdr.reserved_bits', 2, 2, { mask: 0x0006 }), bit('ipv6.fraghdr.more', 2, 2, 0x0001), uint('ipv6.fraghdr.ident', 4, 4),
];

/** One node for each extension header; the last one may be cut. */
export function extensionNodes(bytes: Uint8Array, start: number, first: number, base: number): FieldNode[] {
  const { extensions, end, need } = walkExtensions(bytes, start, first);
  let at = start;
  const nodes = extensions.map((extension) => {
    const here = at;
    at += extension.bytes.length;
    return extensionNode(extension, base + here);
  });
  if (need === null || end >= bytes.length) return nodes;
  const type = extensions.at(-1)?.next ?? first;
  return [...nodes, { ...extensionNode({ type, next: 0, bytes: bytes.subarray(end) }, base + end, true), problem: `${need - end} bytes long, ${bytes.length - end} are here` }];
}

function extensionNode({ type, bytes }: Extension, base: number, cut = false): FieldNode {
  const name = NAMES.get(type) ?? 'ipv6.ext';
  const title = IP_PROTOCOLS.get(type) ?? `${type}`;
  const show = (specs: readonly Parameters<typeof specNode>[0][]): FieldNode[] => specs.filter((spec) => spec.at + spec.length <= bytes.length).map((spec) => specNode(spec, bytes, base));
  const next = uint(type === AUTHENTICATION ? 'ah.next_header' : `${name}.nxt`, 0, 1, { format: labelled(IP_PROTOCOLS) });
  const length = uint(type === AUTHENTICATION ? 'ah.length' : `${name}.len`, 1, 1);
  const octets = type === AUTHENTICATION || bytes.length < 2 ? [] : [generated(`${name}.len_oct`, lengthOf(type, byteAt(bytes, 1)), `${lengthOf(type, byteAt(bytes, 1))} B`, base + 1, 1)];
  const rest = (from: number): FieldNode[] => (bytes.length > from ? [bytesNode(`${name}.data`, bytes, from, bytes.length, base)] : []);
  if (type === FRAGMENT) return group(name, title, base, bytes.length, show([next, ...fragmentSpec]));
  if (type === HOP_BY_HOP || type === DESTINATION) {
    const options = cut ? rest(2) : walkOptions(bytes, 2, OPTION_RULES).map((range) => optionNode(bytes, range, base));
    return group(name, title, base, bytes.length, [...show([next, length]), ...octets, ...options]);
  }
  if (type === ROUTING || type === AUTHENTICATION) return group(name, title, base, bytes.length, [...show([next, length]), ...octets, ...(type === ROUTING ? routingNodes(bytes, base) : authenticationNodes(bytes, base))]);
  return group(name, title, base, bytes.length, [...show([next, length]), ...rest(2)]);
}

function optionNode(bytes: Uint8Array, range: OptionRange, base: number): FieldNode {
  const option = bytes.subarray(range.start, range.start + range.length);
  const at = base + range.start;
  const children = [specNode(uint('ipv6.opt.type', 0, 1, { format: (value) => `0x${value.toString(16).padStart(2, '0')}` }), option, at)];
  if (range.dataStart === range.start + 2 && option.length > 1) children.push(specNode(uint('ipv6.opt.length', 1, 1, { format: unit('B') }), option, at));
  if (range.problem === null && option.length >= 2) children.push(...optionDataNodes(range.kind, option, at));
  return group('ipv6.opt', optionTitle(range.kind), at, option.length, children, range.problem ?? undefined);
}
