// The fields of dissected layers as a filter asks for them: values by name out of the trees, the fields that stand for two (ip.addr, tcp.port), what a
// layer carries. Looked up when asked, and remembered for this packet. Knows no protocol but by the names of such pairs.

import { readUint } from '../base/bytes';
import type { DissectedLayer } from '../codec/dissect';
import { isMark, marksOf } from '../codec/expert/marks';
import { eachField, walkFields, type FieldNode } from '../codec/field';
import { ipv4Bytes, ipv6Bytes, macBytes } from '../codec/address';
import { FIELD_TYPES, type FieldKind } from '../codec/schema';
import { STAND_INS, type StandIn } from '../codec/standIns';
import { oidBytes, readSeconds, textOf } from './constants';
import type { FieldOccurrence, FieldSource, FilterValue } from './filter';
import { natureOf } from './kinds';
import { latin1Bytes } from './literals';
import { readDate } from './times';

/** A layer, and the bytes that its places count in when they are not the frame's. */
export interface SourceLayer extends DissectedLayer {
  readonly source?: number;
}

/** Wireshark has every header line under these names; our trees have those without a field of their own. By the start line of their message. */
const LINES: ReadonlyMap<string, string> = new Map([['http.request.line', 'http.request'], ['http.response.line', 'http.response']]);
/** Bytes of a link-layer address that name its maker. */
const OUI = 3;
/** Whose payload is a field of theirs. */
const PAYLOADS: ReadonlyMap<string, string> = new Map([['tcp.payload', 'tcp'], ['udp.payload', 'udp']]);
/** Their bytes as a value end with the header; those of the others with what they carry, as in Wireshark 4.0. */
const HEADERS_ONLY: ReadonlySet<string> = new Set(['link', 'internet']);
const WHOLE: ReadonlySet<string> = new Set(['icmp', 'icmpv6', 'igmp', 'arp']);

interface Found {
  readonly node: FieldNode;
  readonly bytes: Uint8Array;
  readonly layer: number;
}

/** `sources`: the frame first, then what was put together from several. */
export function fieldSourceOf(layers: readonly SourceLayer[], sources: readonly Uint8Array[]): FieldSource {
  const bytesOf = (layer: SourceLayer): Uint8Array => sources[layer.source ?? 0] ?? new Uint8Array(0);
  const counts = new Map<string, number>();
  const numbers = layers.map(({ protocol }) => {
    const number = (counts.get(protocol) ?? 0) + 1;
    counts.set(protocol, number);
    return number;
  });
  const numberOf = (i: number): number => numbers[i] ?? 1;
  const ofProtocol = (name: string): { readonly layer: SourceLayer; readonly number: number }[] => layers.flatMap((layer, i) => (layer.protocol === name ? [{ layer, number: numberOf(i) }] : []));

  let nodes: Map<string, Found[]> | null = null;
  const index = (): Map<string, Found[]> => {
    if (nodes !== null) return nodes;
    const found = new Map<string, Found[]>();
    for (const [i, layer] of layers.entries()) {
      const bytes = bytesOf(layer);
      eachField(layer.tree, (node, depth) => {
        // The root of a tree is its protocol, told by `ofProtocol`.
        if (depth === 0 && node.name === layer.protocol) return;
        const known = found.get(node.name);
        const one = { node, bytes, layer: numberOf(i) };
        if (known === undefined) found.set(node.name, [one]);
        else known.push(one);
      });
    }
    nodes = found;
    return found;
  };

  const remembered = new Map<string, readonly FieldOccurrence[]>();
  const occurrences = (name: string): readonly FieldOccurrence[] => {
    const known = remembered.get(name);
    if (known !== undefined) return known;
    const list = look(name);
    remembered.set(name, list);
    return list;
  };
  const protocolBytes = (layer: SourceLayer, carried: boolean): Uint8Array => {
    const all = bytesOf(layer);
    if (layer.protocol === 'frame') return all;
    const start = layer.start;
    const end = Math.max(layer.payload.end, start + layer.length);
    if (carried && layer.layer === 'link') return all.subarray(start);
    const headerOnly = (HEADERS_ONLY.has(layer.layer) && !WHOLE.has(layer.protocol)) || layer.protocol === 'udp';
    return all.subarray(start, !carried && headerOnly ? start + layer.length : end);
  };
  const look = (name: string): readonly FieldOccurrence[] => {
    if (isMark(name)) return marks(name);
    // Layers without the one that says what the capture knows are a frame nevertheless.
    if (name === 'frame' && !counts.has(name)) return sources.slice(0, 1).map((bytes) => ({ value: 1, bytes, layer: 1 }));
    const layered = ofProtocol(name).map(({ layer, number }): FieldOccurrence => ({ value: 1, bytes: protocolBytes(layer, false), layer: number }));
    const start = LINES.get(name);
    if (start !== undefined) return ofProtocol('http').flatMap(({ layer, number }) => lines(layer, start, bytesOf(layer), number));
    const own = (index().get(name) ?? []).map((one) => occurrence(one, FIELD_TYPES.get(name)?.kind ?? 'none'));
    if (layered.length > 0 || own.length > 0) return [...layered, ...own];
    const standIn = STAND_INS.get(name);
    if (standIn?.as === 'same') return standIn.of.flatMap(occurrences);
    return standIn === undefined ? payloads(name) : standIn.of.flatMap((field) => index().get(field) ?? []).map((one) => standing(one, standIn));
  };
  let marked: readonly FieldNode[] | null = null;
  const marks = (name: string): FieldOccurrence[] => (marked ??= marksOf(layers)).flatMap((mark) => [...walkFields(mark)]).flatMap(({ node }) => (node.name === name ? [occurrence({ node, bytes: new Uint8Array(0), layer: 1 }, FIELD_TYPES.get(name)?.kind ?? 'none')] : []));
  const payloads = (name: string): FieldOccurrence[] => ofProtocol(PAYLOADS.get(name) ?? '').flatMap(({ layer, number }) => {
    const bytes = bytesOf(layer).subarray(layer.payload.start, layer.payload.end);
    return bytes.length === 0 ? [] : [{ value: bytes, bytes, layer: number }];
  });
  return {
    occurrences,
    carried: (protocol) => {
      const whole = ofProtocol(protocol);
      return whole.length === 0 ? occurrences(protocol) : whole.map(({ layer, number }) => ({ value: 1, bytes: protocolBytes(layer, true), layer: number }));
    },
    layers: (name) => counts.get(name.split('.')[0] ?? '') ?? 0,
  };
}

function standing({ node, bytes, layer }: Found, { as }: StandIn): FieldOccurrence {
  const range = rangeOf(node, bytes);
  if (as !== 'oui') return { value: String(node.value), bytes: range, layer };
  const maker = range.subarray(0, OUI);
  return { value: maker.length < OUI ? 0 : readUint(maker, 0, OUI), bytes: maker, layer };
}

function lines({ tree }: SourceLayer, start: string, bytes: Uint8Array, layer: number): FieldOccurrence[] {
  const all = [...walkFields(tree)].map(({ node }) => node);
  if (!all.some(({ name }) => name === start)) return [];
  return all.filter(({ children }) => children.some(({ name }) => name === 'http.header.name')).map((node) => ({ value: textOf(rangeOf(node, bytes)), bytes: rangeOf(node, bytes), layer }));
}

const rangeOf = (node: FieldNode, bytes: Uint8Array): Uint8Array => bytes.subarray(node.start, node.start + node.length);

function occurrence({ node, bytes, layer }: Found, kind: FieldKind): FieldOccurrence {
  const range = rangeOf(node, bytes);
  return { value: fieldValue(node, kind, range), bytes: range, layer };
}

/** The node's value as its kind has it in a filter. What says nothing (a group) counts what is in it, or is its bytes. */
export function fieldValue(node: FieldNode, kind: FieldKind, range: Uint8Array): FilterValue {
  const { value } = node;
  const nature = natureOf(kind);
  switch (nature) {
    case 'none': case 'protocol': return 1;
    case 'bool': return value === null || value === false || value === 0 || value === '' ? 0 : 1;
    case 'whole': case 'double': return numberOf(node);
    case 'text': return typeof value === 'string' ? textValue(value) : value instanceof Uint8Array ? textOf(value) : typeof value === 'number' ? String(value) : node.display;
    case 'ipv4': return addressOf(value, ipv4Bytes) ?? range;
    case 'ipv6': return addressOf(value, ipv6Bytes) ?? range;
    case 'bytes': return value instanceof Uint8Array ? value : kind === 'ether' ? addressOf(value, macBytes) ?? range : kind === 'oid' ? oidBytes(/^[\d.]+/.exec(String(value))?.[0] ?? '') ?? range : range;
    case 'guid': return value instanceof Uint8Array ? value : range;
    case 'abstime': return readDate(node.display) ?? timeOf(node);
    case 'reltime': return timeOf(node);
    default: return nature satisfies never;
  }
}

function numberOf({ value, children }: FieldNode): number | bigint {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string' && /^-?\d+$/.test(value)) return BigInt(value);
  return children.length;
}

/** The exact digits where the text has them. */
function timeOf({ value, display }: FieldNode): bigint {
  const exact = readSeconds(display);
  if (exact !== null) return exact;
  return typeof value === 'number' && Number.isFinite(value) ? BigInt(Math.round(value * 1e9)) : 0n;
}

/** Codecs read wire text as Latin-1 or as UTF-8; here it is UTF-8 where it can be. */
const textValue = (value: string): string => (/[\u0080-\u00ff]/.test(value) && !/[^\0-\u00ff]/.test(value) ? textOf(latin1Bytes(value)) : value);

function addressOf(value: FieldNode['value'], bytes: (text: string) => Uint8Array): Uint8Array | null {
  if (typeof value !== 'string') return value instanceof Uint8Array ? value : null;
  try {
    return bytes(value);
  } catch {
    return null;
  }
}
