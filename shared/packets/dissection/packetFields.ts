// The fields of a dissected packet by name, for the command line and for columns. All layers, the outermost first; Wireshark's
// fields that stand for two others ('ip.addr', 'tcp.port') are found through them.

import { latin1 } from '../../codec/http/chars';
import type { FieldNode } from '../../codec/field';
import type { DissectedPacket } from '../dissector';
import { fieldText } from '../text/fieldText';

/** Fields that stand for others, in the order of the bytes. */
const EITHER: readonly (readonly [string, readonly string[]])[] = [
  ['eth.addr', ['eth.dst', 'eth.src']], ['eth.lg', ['eth.dst.lg', 'eth.src.lg']], ['eth.ig', ['eth.dst.ig', 'eth.src.ig']], ['tcp.port', ['tcp.srcport', 'tcp.dstport']], ['udp.port', ['udp.srcport', 'udp.dstport']], ['ip.version', ['ipv6.version']],
  ...(['ip', 'ipv6'] as const).flatMap((ip): [string, string[]][] => [[`${ip}.addr`, [`${ip}.src`, `${ip}.dst`]], [`${ip}.host`, [`${ip}.src`, `${ip}.dst`]], [`${ip}.src_host`, [`${ip}.src`]], [`${ip}.dst_host`, [`${ip}.dst`]]]),
];
const STANDS_FOR: ReadonlyMap<string, readonly string[]> = new Map([...new Set(EITHER.flatMap(([, names]) => names))].map((name) => [name, EITHER.filter(([, names]) => names.includes(name)).map(([either]) => either)]));

interface Placed {
  readonly node: FieldNode;
  readonly source: Uint8Array;
}

const NONE: readonly Placed[] = [];

export class PacketFields {
  readonly #byName = new Map<string, Placed[]>();

  constructor(packet: DissectedPacket) {
    const frame = packet.sources[0]?.bytes ?? new Uint8Array(0);
    for (const layer of packet.layers) {
      const source = packet.sources[layer.source]?.bytes ?? frame;
      this.#add(layer.tree, source);
      if (layer.protocol === 'http') this.#lines(layer.tree, source);
    }
  }

  /** Each as tshark prints it. */
  texts(name: string): string[] {
    return this.#of(name).map(({ node, source }) => fieldText(node, source));
  }

  /** Names of all fields that are there, in the order of the trees. */
  get names(): Iterable<string> {
    return this.#byName.keys();
  }

  #of(name: string): readonly Placed[] {
    return this.#byName.get(name) ?? NONE;
  }

  #add(node: FieldNode, source: Uint8Array): void {
    this.#put(node.name, { node, source });
    for (const either of STANDS_FOR.get(node.name) ?? []) this.#put(either, { node: { ...node, name: either }, source });
    for (const child of node.children) this.#add(child, source);
  }

  /** Wireshark has each header's line whole as well, with its line end. */
  #lines({ children }: FieldNode, source: Uint8Array): void {
    const name = children.some((node) => node.name === 'http.request') ? 'http.request.line' : 'http.response.line';
    this.#byName.delete(name);
    for (const node of children) {
      if (!node.children.some((child) => child.name === 'http.header.name')) continue;
      this.#put(name, { node: { ...node, name, value: latin1(source, node.start, node.start + node.length) }, source });
    }
  }

  #put(name: string, placed: Placed): void {
    const list = this.#byName.get(name);
    if (list === undefined) this.#byName.set(name, [placed]);
    else list.push(placed);
  }
}
