// The nested boxes of a frame: one for each layer, with the fields that a student meets first. Pure: dissected layers in, boxes out.

import type { Layer } from '../../../shared/codec/codec';
import type { DissectedLayer } from '../../../shared/codec/dissect';
import type { FieldNode } from '../../../shared/codec/field';
import type { ByteSpan } from './hexRows';

/** Fields shown before the box is opened, by protocol, in this order. */
const KEY_FIELDS: Readonly<Record<string, readonly string[]>> = {
  eth: [],
  ip: ['ip.src', 'ip.dst', 'ip.ttl'],
  ipv6: ['ipv6.src', 'ipv6.dst', 'ipv6.hlim'],
  tcp: ['tcp.srcport', 'tcp.dstport', 'tcp.seq_raw', 'tcp.ack_raw', 'tcp.flags', 'tcp.window_size_value'],
  udp: ['udp.srcport', 'udp.dstport', 'udp.length'],
  icmp: ['icmp.type', 'icmp.code', 'icmp.resp_in', 'icmp.resp_to', 'icmp.resptime'],
  icmpv6: ['icmpv6.type', 'icmpv6.code', 'icmpv6.resp_in', 'icmpv6.resp_to', 'icmpv6.resptime'],
  websocket: ['websocket.opcode', 'websocket.fin', 'websocket.pmc'],
  data: ['data.text', 'data.len'],
};

/** What other packets tell (relative numbers, the scaled window) is easier to read than what the header says. */
const EASIER: ReadonlyMap<string, string> = new Map([['tcp.seq_raw', 'tcp.seq'], ['tcp.ack_raw', 'tcp.ack'], ['tcp.window_size_value', 'tcp.window_size']]);

export interface LayerBox {
  /** Unique within the frame. */
  readonly id: string;
  readonly layer: Layer;
  readonly title: string;
  readonly protocol: string;
  /** Bytes of the header, of the data for the application. */
  readonly length: number;
  readonly start: number;
  readonly end: number;
  readonly keyFields: readonly FieldNode[];
  readonly fields: readonly FieldNode[];
  /** What could not be read. English, for developers; null: all could. */
  readonly problem: string | null;
  readonly quoted: boolean;
}

/** Outermost first. */
export function layerBoxes(layers: readonly DissectedLayer[]): LayerBox[] {
  return layers.map((layer, i) => {
    const wanted = KEY_FIELDS[layer.protocol];
    const fields = layer.tree.children;
    const named = (name: string | undefined): FieldNode | undefined => fields.find((field) => field.name === name);
    const keyFields = wanted === undefined ? fields.slice(0, 3) : wanted.flatMap((name) => named(EASIER.get(name)) ?? named(name) ?? []);
    return {
      id: `${layer.protocol}-${i}`, layer: layer.layer, title: layer.title, protocol: layer.protocol, length: layer.length,
      start: layer.start, end: layer.payload.end, keyFields, fields, problem: problemOf(layer), quoted: layer.quoted,
    };
  });
}

function problemOf({ status }: DissectedLayer): string | null {
  if (status.status === 'incomplete') return `incomplete, needs ${status.need} B`;
  return status.status === 'malformed' ? status.why : null;
}

/** Whose bytes are whose, for the hex dump; what a link appends belongs to the link. */
export function byteSpans(layers: readonly DissectedLayer[]): ByteSpan[] {
  const spans = layers.map(({ layer, start, length }) => ({ layer, start, end: start + length }));
  const trailer = layers[0]?.tree.children.find((field) => field.name.endsWith('.trailer'));
  if (trailer !== undefined) spans.push({ layer: 'link', start: trailer.start, end: trailer.start + trailer.length });
  return spans;
}
