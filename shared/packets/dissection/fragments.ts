// Puts IP fragments together while packets are dissected: in order each once, out of order those before a packet again. The datagram is dissected
// in the packet that makes it whole, as in Wireshark.

import type { Ipv4Header } from '../../codec/ipv4/codec';
import { IPV4_FLAGS } from '../../codec/ipv4/codec';
import { FRAGMENT_BLOCK } from '../../codec/ipv6/extensions';
import { dissectFrame, dissectPayload, type DissectedLayer } from '../../codec/dissect';
import { findField, generated, group, withChildren, type FieldNode } from '../../codec/field';
import type { CaptureFacts } from '../captureFacts';
import type { PacketBytes } from '../dissector';
import { PACKET_FLAG, type PacketTable } from '../packetTable';
import { IpReassembler, type FragmentHeader, type ReassembledDatagram } from '../reassembly/ipFragments';
import { DISSECTION_LIMITS } from './limits';

export interface FragmentInput {
  readonly table: PacketTable;
  readonly facts: CaptureFacts;
  readonly packets: PacketBytes;
  /** Later fragments may be read to tell where a datagram becomes whole. */
  readonly lookAhead?: boolean;
}

/** Layers of a packet with what its fragments tell: `inner` are those of the whole datagram, whose bytes are `bytes`. */
export interface Defragmented {
  readonly layers: readonly DissectedLayer[];
  readonly inner: readonly DissectedLayer[];
  readonly bytes: Uint8Array | null;
}

export class FragmentReader {
  #reassembler = new IpReassembler();
  /** Fragments before this packet were read. */
  #next = 0;
  /** Those from this one on, up to there. */
  #first = 0;
  readonly #whole = new Map<number, ReassembledDatagram>();

  constructor(private readonly input: FragmentInput) {}

  /** `layers`: of the packet by itself. Null: it is no fragment that was captured whole. */
  defragmented(number: number, layers: readonly DissectedLayer[], frame: Uint8Array): Defragmented | null {
    const at = layers.findIndex((layer) => isFragment(layer));
    const layer = layers[at];
    const header = layer === undefined ? null : headerOf(layer);
    if (layer === undefined || header === null) return null;
    this.#readTo(number);
    const datagram = this.#push(number, header, frame.subarray(layer.payload.start, layer.payload.end));
    const prefix = layer.protocol === 'ipv6' ? 'ipv6' : 'ip';
    const outer = layers.slice(0, at);
    if (datagram === null) {
      if (this.input.lookAhead === true) this.#readAhead(number);
      const later = this.#reassembler.reassembledIn(number);
      const own = later === null || later === number ? layer : { ...layer, tree: withChildren(layer.tree, [generated(`${prefix}.reassembled_in`, later + 1, `${later + 1}`, 0, 0)]) };
      const payload = frame.subarray(layer.payload.start, layer.payload.end);
      const rest = dissectPayload(payload, [], {}).map((one) => moved(one, frame, layer.payload));
      return { layers: [...outer, own, ...rest], inner: [], bytes: null };
    }
    const { complete, protocol, fragments } = datagram;
    const network = { source: header.source, destination: header.destination };
    const inner = dissectPayload(complete, [`ip.proto:${protocol}`], { network });
    return { layers: [...outer, { ...layer, tree: withChildren(layer.tree, [fragmentNodes(prefix, datagram)]) }], inner: fragments.length > 0 ? inner : [], bytes: complete };
  }

  /** Reads the fragments before a packet that were not read yet. */
  #readTo(number: number): void {
    const forgotten = this.#reassembler.reassembledIn(number) === number && !this.#whole.has(number);
    if (number < this.#first || (number < this.#next && forgotten)) {
      this.#reassembler = new IpReassembler();
      this.#next = 0;
    }
    if (this.#next === 0) this.#first = Math.max(0, number - DISSECTION_LIMITS.fragmentRows);
    const earlier: number[] = [];
    for (let at = number - 1; at >= this.#next && earlier.length < DISSECTION_LIMITS.fragments && number - at < DISSECTION_LIMITS.fragmentRows; at--) {
      const { chunk, row } = this.input.table.locate(at);
      if (((chunk.flags[row] ?? 0) & PACKET_FLAG.fragment) !== 0) earlier.push(at);
    }
    for (const one of earlier.reverse()) this.#read(one);
  }

  /** Reads fragments behind a packet until its datagram is whole. */
  #readAhead(number: number): void {
    const { table } = this.input;
    const last = Math.min(table.count, number + DISSECTION_LIMITS.fragmentRows);
    let read = 0;
    for (let at = Math.max(number + 1, this.#next); at < last && read < DISSECTION_LIMITS.fragmentsAhead && this.#reassembler.reassembledIn(number) === null; at++) {
      const { chunk, row } = table.locate(at);
      if (((chunk.flags[row] ?? 0) & PACKET_FLAG.fragment) === 0) continue;
      this.#read(at);
      read++;
    }
  }

  #read(number: number): void {
    const { table, facts, packets } = this.input;
    const { chunk, row } = table.locate(number);
    const bytes = packets.bytes(number);
    const layers = dissectFrame(bytes, facts.interfaces[chunk.iface[row] ?? 0]?.linkType ?? -1, { missing: Math.max(0, (chunk.wire[row] ?? 0) - bytes.length) });
    const layer = layers.find((one) => isFragment(one));
    const header = layer === undefined ? null : headerOf(layer);
    if (layer !== undefined && header !== null) this.#push(number, header, bytes.subarray(layer.payload.start, layer.payload.end));
    else this.#next = Math.max(this.#next, number + 1);
  }

  #push(number: number, header: FragmentHeader, payload: Uint8Array): ReassembledDatagram | null {
    if (number < this.#next) return this.#whole.get(number) ?? null;
    this.#next = number + 1;
    const datagram = this.#reassembler.push(number, header, payload);
    if (datagram === null) return null;
    this.#whole.set(number, datagram);
    if (this.#whole.size > DISSECTION_LIMITS.datagrams) for (const oldest of this.#whole.keys()) {
      this.#whole.delete(oldest);
      break;
    }
    return datagram;
  }
}

const isFragment = ({ status, quoted }: DissectedLayer): boolean => !quoted && status.status === 'complete' && status.inside.fragment === true && status.payload.missing === 0;

function headerOf(layer: DissectedLayer): FragmentHeader | null {
  if (layer.status.status !== 'complete') return null;
  if (layer.protocol === 'ip') {
    const { source, destination, identification, protocol, fragmentOffset, flags } = layer.status.value as Ipv4Header;
    return { source, destination, identification, protocol, offset: fragmentOffset * 8, more: (flags & IPV4_FLAGS.MF) !== 0 };
  }
  const value = (name: string): FieldNode['value'] => findField(layer.tree, name)?.value ?? null;
  const offset = value('ipv6.fraghdr.offset');
  const protocol = value('ipv6.fraghdr.nxt');
  const source = value('ipv6.src');
  const destination = value('ipv6.dst');
  if (typeof offset !== 'number' || typeof protocol !== 'number' || typeof source !== 'string' || typeof destination !== 'string') return null;
  return { source, destination, identification: Number(value('ipv6.fraghdr.ident')), protocol, offset: offset * FRAGMENT_BLOCK, more: value('ipv6.fraghdr.more') === true };
}

function fragmentNodes(prefix: 'ip' | 'ipv6', { notes, complete }: ReassembledDatagram): FieldNode {
  const parts = notes.flatMap((note): FieldNode[] => [
    generated(`${prefix}.fragment`, note.number + 1, `#${note.number + 1}: ${note.length} B from ${note.offset}`, 0, 0),
    ...(note.overlap ? [generated(`${prefix}.fragment.overlap`, true, 'True', 0, 0)] : []), ...(note.conflict ? [generated(`${prefix}.fragment.overlap.conflict`, true, 'True', 0, 0)] : []),
    ...(note.multipleTails ? [generated(`${prefix}.fragment.multipletails`, true, 'True', 0, 0)] : []), ...(note.tooLong ? [generated(`${prefix}.fragment.toolongfragment`, true, 'True', 0, 0)] : []),
  ]);
  return {
    ...group(`${prefix}.fragments`, `${notes.length} fragments, ${complete.length} B`, 0, 0, [
      ...parts, generated(`${prefix}.fragment.count`, notes.length, `${notes.length}`, 0, 0), generated(`${prefix}.reassembled.length`, complete.length, `${complete.length} B`, 0, 0),
      generated(`${prefix}.reassembled.data`, complete, `${complete.length} B`, 0, 0),
    ]),
    value: complete, generated: true,
  };
}

/** A layer of data as it lies in the frame. */
function moved(layer: DissectedLayer, frame: Uint8Array, { start, end }: DissectedLayer['payload']): DissectedLayer {
  const shifted = (node: FieldNode): FieldNode => ({ ...node, start: node.start + start, children: node.children.map(shifted) });
  return { ...layer, start, length: Math.min(end, frame.length) - start, payload: { start: end, end }, tree: shifted(layer.tree) };
}
