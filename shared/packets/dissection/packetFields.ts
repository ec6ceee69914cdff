// The fields of a dissected packet by name, for the command line and for columns. All layers, the outermost first; Wireshark's
// fields that stand for two others ('ip.addr', 'tcp.port') are found through them.

import { readUint } from '../../base/bytes';
import { latin1 } from '../../codec/http/chars';
import { isMark, marksOf } from '../../codec/expert/marks';
import type { FieldNode } from '../../codec/field';
import { STOOD_FOR, type StandIn } from '../../codec/standIns';
import type { DissectedPacket } from '../dissector';
import { fieldText } from '../text/fieldText';

/** Wireshark has one field for the version of both. */
const IP_VERSION = ['ipv6.version', 'ip.version'] as const;

/** Bytes of an address that name its maker. */
const OUI = 3;

interface Placed {
  readonly node: FieldNode;
  readonly source: Uint8Array;
}

const NONE: readonly Placed[] = [];

export class PacketFields {
  readonly #byName = new Map<string, Placed[]>();
  #marked = false;

  /** `wanted`: fields that will be asked for; left out: any of them. */
  constructor(private readonly packet: Pick<DissectedPacket, 'layers' | 'sources'>, private readonly wanted: ReadonlySet<string> | null = null) {
    const frame = packet.sources[0]?.bytes ?? new Uint8Array(0);
    for (const layer of packet.layers) {
      const source = packet.sources[layer.source]?.bytes ?? frame;
      this.#add(layer.tree, source);
      if (layer.protocol === 'http' || layer.protocol === 'ssdp') this.#lines(layer.tree, source);
    }
  }

  /** Each as tshark prints it. */
  texts(name: string): string[] {
    if (isMark(name) && !this.#marked) {
      this.#marked = true;
      for (const mark of marksOf(this.packet.layers)) this.#add(mark, new Uint8Array(0));
    }
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
    const { wanted } = this;
    if (wanted?.has(node.name) !== false) this.#put(node.name, { node, source });
    for (const standIn of STOOD_FOR.get(node.name) ?? []) if (wanted?.has(standIn.name) !== false) this.#put(standIn.name, { node: standing(node, standIn, source), source });
    if (node.name === IP_VERSION[0]) this.#put(IP_VERSION[1], { node: { ...node, name: IP_VERSION[1] }, source });
    for (const child of node.children) this.#add(child, source);
  }

  /** Wireshark has each header's line whole as well, with its line end. */
  #lines({ children }: FieldNode, source: Uint8Array): void {
    const name = children.some((node) => node.name === 'http.request') ? 'http.request.line' : 'http.response.line';
    // A notification of UPnP has none: its headers stand for themselves.
    if (children.some((node) => node.name === 'http.notification')) return;
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

/** The node of a field that stands for this one. */
function standing(node: FieldNode, { name, as }: StandIn, source: Uint8Array): FieldNode {
  switch (as) {
    case 'same': case 'text': return { ...node, name };
    case 'oui': {
      const value = node.start + OUI <= source.length ? readUint(source, node.start, OUI) : 0;
      return { ...node, name, value, display: String(value), length: OUI };
    }
    default: return as satisfies never;
  }
}
