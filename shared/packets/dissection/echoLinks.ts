// Joins the echo requests and replies of ICMP and ICMPv6 (RFC 792, RFC 4443 4.1 and 4.2), which "ping" sends: who answers which, and how long it took. A
// reply repeats identifier, sequence number and data, so its checksum differs by its type alone: that tells it from replies to other data. In one rising
// pass over the ICMP packets of a capture; where one far from the others is asked for, it begins anew some packets before.

import { readUint } from '../../base/bytes';
import { dissectFrame, type DissectedLayer } from '../../codec/dissect';
import { generated, withChildren, type FieldNode } from '../../codec/field';
import { ICMP_TYPE } from '../../codec/icmp/names';
import { ICMPV6_TYPE } from '../../codec/icmpv6/names';
import type { CaptureFacts } from '../captureFacts';
import type { PacketBytes } from '../dissector';
import { KIND } from '../index/linkHeader';
import { PACKET_FLAG, type PacketTable } from '../packetTable';
import { forgetOldest } from './forgetOldest';
import { FragmentReader } from './fragments';
import { DISSECTION_LIMITS } from './limits';
import { between, momentOf } from './times';

export interface EchoInput {
  readonly table: PacketTable;
  readonly facts: CaptureFacts;
  readonly packets: PacketBytes;
  /** Later packets may be read to tell what answers a request. */
  readonly lookAhead?: boolean;
}

/** Bytes of an echo before its data. */
const HEADER = 8;
/** Types, by protocol. */
const TYPES = { icmp: { request: ICMP_TYPE.echo, reply: ICMP_TYPE.echoReply }, icmpv6: { request: ICMPV6_TYPE.echo, reply: ICMPV6_TYPE.echoReply } } as const;
/** Both zeros of ones' complement are one number (RFC 1071 2). */
const ONES = 0xffff;

interface Echo {
  readonly isRequest: boolean;
  /** Addresses, numbers and the checksum that the reply has. */
  readonly key: string;
  /** To all or many: who answers has an address that nobody asked. */
  readonly toMany: boolean;
}

/** A message that was read. */
interface Place {
  /** How many were read before it. */
  readonly ordinal: number;
  readonly isRequest: boolean;
  readonly toMany: boolean;
  /** The packet of the reply to a request, and of the request of a reply; null: none yet. */
  other: number | null;
}

export class EchoReader {
  /** Packets from the first one up to there were read. */
  #first = 0;
  #next = 0;
  #read = 0;
  /** Up to this one, packets were forgotten again. */
  #forgotten = -1;
  /** The latest request by its key. */
  readonly #asked = new Map<string, number>();
  readonly #places = new Map<number, Place>();
  #fragments: FragmentReader;

  constructor(private readonly input: EchoInput) {
    this.#fragments = fragmentsOf(input);
  }

  /** The layer with what it answers or what answers it; the layer itself when it is no echo. */
  noted(layer: DissectedLayer, number: number): DissectedLayer {
    const { protocol } = layer;
    if (!isIcmp(protocol) || layer.quoted || !isEcho(layer)) return layer;
    this.#readTo(number);
    const place = this.#places.get(number);
    if (place === undefined) return layer;
    if (place.isRequest && place.other === null && this.input.lookAhead === true) this.#readAhead(place);
    const nodes = this.#nodes(protocol, number, place);
    return nodes.length === 0 ? layer : { ...layer, tree: withChildren(layer.tree, nodes) };
  }

  #nodes(protocol: keyof typeof TYPES, number: number, { isRequest, toMany, other }: Place): FieldNode[] {
    const { table, lookAhead } = this.input;
    if (isRequest) {
      if (lookAhead !== true) return [];
      if (other !== null) return [generated(`${protocol}.resp_in`, other + 1, `${other + 1}`, 0, 0)];
      return toMany || this.#next < table.count ? [] : [generated(`${protocol}.no_resp`, null, 'no reply', 0, 0)];
    }
    if (other === null) return [];
    const took = between(momentOf(table, other), momentOf(table, number)) / 1e6;
    return [generated(`${protocol}.resp_to`, other + 1, `${other + 1}`, 0, 0), generated(`${protocol}.resptime`, took, `${took.toFixed(3)} ms`, 0, 0)];
  }

  #readTo(number: number): void {
    if (number < this.#first || (number <= this.#forgotten && !this.#places.has(number))) this.#begin(0);
    if (number < this.#next) return;
    const { table } = this.input;
    let from = number;
    for (let found = 0, at = number - 1; at >= this.#next && found < DISSECTION_LIMITS.echoes; at--) {
      if (!mayBeEcho(table, at)) continue;
      found++;
      from = at;
    }
    for (let at = from - 1; at >= this.#next; at--) if (mayBeEcho(table, at)) {
      // Too many in between: what was read before tells nothing of this one.
      this.#begin(from);
      break;
    }
    while (this.#next <= number) this.#take();
  }

  /** Reads on until the request is answered. */
  #readAhead(place: Place): void {
    const { table } = this.input;
    while (place.other === null && this.#next < table.count && this.#read - place.ordinal <= DISSECTION_LIMITS.echoesAhead) this.#take();
  }

  #begin(number: number): void {
    this.#first = this.#next = number;
    this.#forgotten = -1;
    this.#asked.clear();
    this.#places.clear();
    this.#fragments = fragmentsOf(this.input);
  }

  #take(): void {
    const number = this.#next++;
    if (!mayBeEcho(this.input.table, number)) return;
    const ordinal = this.#read++;
    const echo = this.#echoOf(number);
    if (echo === null) return;
    const { isRequest, key, toMany } = echo;
    const place: Place = { ordinal, isRequest, toMany, other: null };
    this.#places.set(number, place);
    if (isRequest) this.#asked.set(key, number);
    else {
      const request = this.#asked.get(key);
      const asked = request === undefined ? undefined : this.#places.get(request);
      // A second reply of the same bytes answers nothing any more.
      if (request !== undefined && asked?.other === null) [asked.other, place.other] = [number, request];
    }
    forgetOldest(this.#asked, DISSECTION_LIMITS.echoesKept);
    this.#forgotten = forgetOldest(this.#places, DISSECTION_LIMITS.echoesKept) ?? this.#forgotten;
  }

  /** What the packet asks or answers, also when it came in fragments; null: nothing. */
  #echoOf(number: number): Echo | null {
    const { table, facts, packets } = this.input;
    const { chunk, row } = table.locate(number);
    const bytes = packets.bytes(number);
    const isFragment = ((chunk.flags[row] ?? 0) & PACKET_FLAG.fragment) !== 0;
    const layers = dissectFrame(bytes, facts.interfaces[chunk.iface[row] ?? 0]?.linkType ?? -1, { missing: Math.max(0, (chunk.wire[row] ?? 0) - bytes.length), trees: isFragment });
    if (!isFragment) return echoIn(layers, bytes);
    const whole = this.#fragments.defragmented(number, layers, bytes);
    return whole === null || whole.bytes === null ? null : echoIn([...whole.layers, ...whole.inner], whole.bytes);
  }
}

const fragmentsOf = ({ table, facts, packets }: EchoInput): FragmentReader => new FragmentReader({ table, facts, packets });

/** ICMP, or a fragment of IP that may end one. */
function mayBeEcho(table: PacketTable, number: number): boolean {
  const { chunk, row } = table.locate(number);
  const kind = chunk.kind[row];
  return kind === KIND.icmp || kind === KIND.icmpv6 || ((kind === KIND.ip || kind === KIND.ipv6) && ((chunk.flags[row] ?? 0) & PACKET_FLAG.fragment) !== 0);
}

export function isEcho({ protocol, status }: DissectedLayer): boolean {
  if (status.status !== 'complete' || !isIcmp(protocol)) return false;
  const { type } = status.value as { readonly type: number };
  const { request, reply } = TYPES[protocol];
  return type === request || type === reply;
}

const isIcmp = (protocol: string): protocol is keyof typeof TYPES => protocol === 'icmp' || protocol === 'icmpv6';

/** `bytes`: those that the layers of ICMP count in. */
function echoIn(layers: readonly DissectedLayer[], bytes: Uint8Array): Echo | null {
  const at = layers.findIndex(({ protocol, quoted }) => isIcmp(protocol) && !quoted);
  const [network, layer] = [layers[at - 1], layers[at]];
  if (layer === undefined || !isIcmp(layer.protocol) || !isEcho(layer) || network?.status.status !== 'complete' || layer.start + HEADER > bytes.length) return null;
  const { source, destination } = network.status.value as { readonly source: string; readonly destination: string };
  const { request, reply } = TYPES[layer.protocol];
  const isRequest = bytes[layer.start] === request;
  // The type is the upper byte of its word, and the checksum the complement of the sum.
  const sum = (readUint(bytes, layer.start + 2, 2) + (isRequest ? (request - reply) << 8 : 0) + ONES) % ONES;
  const [asks, answers] = isRequest ? [source, destination] : [destination, source];
  return { isRequest, toMany: isRequest && isMany(destination), key: `${asks} ${answers} ${sum} ${readUint(bytes, layer.start + 4, 4)}` };
}

/** Multicast (RFC 1112 4, RFC 4291 2.7), and everybody on the link. */
const isMany = (address: string): boolean => (address.includes(':') ? address.startsWith('ff') : /^2(2[4-9]|3\d)\./.test(address) || address === '255.255.255.255');
