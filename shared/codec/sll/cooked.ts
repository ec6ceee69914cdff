// What both versions of Linux "cooked" capture have in common: a header of fixed length with the fields of its table, and a sender's address that
// is shown as one of Ethernet when it has six bytes. Their tables are their own.

import { concatBytes } from '../../base/bytes';
import { incomplete, type Claim, type Codec } from '../codec';
import { group, type FieldNode } from '../field';
import { hex, labelled, layoutNodes, macAddress, readLayout, specNode, uint, unit, writeLayout, type FieldSpec, type Layout, type ValuesOf } from '../layout';

const PACKET_TYPES: ReadonlyMap<number, string> = new Map([[0, 'to us'], [1, 'broadcast'], [2, 'multicast'], [3, 'to another'], [4, 'sent by us']]);

/** Fields that stand elsewhere and have another size in each version. */
export const packetType = (at: number, length: number): FieldSpec<number> => uint('sll.pkttype', at, length, { format: labelled(PACKET_TYPES) });
export const addressLength = (at: number, length: number): FieldSpec<number> => uint('sll.halen', at, length, { format: unit('B') });
export const addressStart = (at: number): FieldSpec<number> => uint('sll.src.other', at, 6, { format: hex(12) });

type CookedLayout = Layout & { readonly type: FieldSpec<number>; readonly addressLength: FieldSpec<number>; readonly addressStart: FieldSpec<number> };

interface Cooked<L extends CookedLayout> {
  readonly protocol: 'sll' | 'sll2';
  readonly claims: readonly Claim[];
  readonly length: number;
  readonly layout: L;
  /** What the nodes of a version become beyond that; left out: they stay. */
  readonly adapt?: (nodes: readonly FieldNode[], bytes: Uint8Array, base: number) => FieldNode[];
}

export function cookedCodec<L extends CookedLayout>({ protocol, claims, length, layout, adapt = (nodes) => [...nodes] }: Cooked<L>): Codec<ValuesOf<L>> {
  const source = macAddress('sll.src.eth', layout.addressStart.at);
  return {
    protocol,
    title: 'Linux cooked',
    layer: 'link',
    claims,
    decode(bytes, context) {
      if (bytes.length < length) return incomplete(length);
      const value = readLayout(layout, bytes);
      return { status: 'complete', value, length, payload: { start: length, end: bytes.length, missing: context.missing ?? 0 }, next: [`ethertype:${layout.type.read(bytes)}`], inside: {}, quotes: false };
    },
    encode(value, payload) {
      const header = new Uint8Array(length);
      writeLayout(layout, header, value);
      return concatBytes(header, payload);
    },
    fields(bytes, _context, base) {
      const ethernet = bytes.length >= source.at + source.length && layout.addressLength.read(bytes) === source.length;
      const nodes = layoutNodes(layout, bytes, base).map((node) => (ethernet && node.name === 'sll.src.other' ? specNode(source, bytes, base) : node));
      return group('sll', 'Linux cooked', base, Math.min(length, bytes.length), adapt(nodes, bytes, base));
    },
  };
}
