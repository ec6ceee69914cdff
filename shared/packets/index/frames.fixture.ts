// Frames for the tests of the index: built by the codecs, poured into an indexer as a file would.

import { createRandom, type Random } from '../../base/random';
import { codec as ethernet } from '../../codec/ethernet/codec';
import { codec as ipv4 } from '../../codec/ipv4/codec';
import { codec as ipv6 } from '../../codec/ipv6/codec';
import { fragmentExtension, optionsExtension } from '../../codec/ipv6/extensions';
import { codec as tcp, type TcpInput } from '../../codec/tcp/codec';
import type { TcpOption } from '../../codec/tcp/options';
import { codec as udp } from '../../codec/udp/codec';
import { codec as vlan } from '../../codec/vlan/codec';
import type { CaptureInterface } from '../captureFacts';
import { PacketIndexer } from './packetIndexer';

export const anInterface = (linkType = 1): CaptureInterface => ({ section: 0, linkType, snapLength: 0, name: '', description: '', filter: '', os: '', resolution: 1e6, offset: 0 });

export interface Frame {
  readonly linkType?: number;
  readonly bytes: Uint8Array;
  /** Bytes on the wire; left out: all are here. */
  readonly wire?: number;
  /** Seconds; left out: a millisecond after the frame before. */
  readonly time?: number;
}

/** An indexer with these frames in it. */
export function indexed(frames: readonly Frame[]): PacketIndexer {
  const indexer = new PacketIndexer();
  pour(indexer, frames);
  return indexer;
}

export function pour(indexer: PacketIndexer, frames: readonly Frame[]): void {
  const types = [...new Set(frames.map(({ linkType }) => linkType ?? 1))];
  if (indexer.table.count === 0) for (const type of types) indexer.interface(anInterface(type));
  frames.forEach(({ linkType = 1, bytes, wire = bytes.length, time }) => {
    const at = time ?? indexer.table.count / 1000;
    const seconds = Math.floor(at);
    // Ahead of it lie other bytes, as in a file.
    const file = new Uint8Array(bytes.length + 16).fill(0x5a);
    file.set(bytes, 7);
    indexer.packet(types.indexOf(linkType), seconds, Math.round((at - seconds) * 1e9), file, 7, bytes.length, wire, 0, '');
  });
}

export interface Segment {
  readonly from: readonly [address: string, port: number];
  readonly to: readonly [address: string, port: number];
  readonly tcp: Omit<TcpInput, 'sourcePort' | 'destinationPort'>;
  readonly payload?: Uint8Array;
}

/** An IP packet with a TCP segment in it, in Ethernet. */
export function segmentFrame({ from, to, tcp: header, payload = new Uint8Array(0) }: Segment): Uint8Array {
  const six = from[0].includes(':');
  const network = { source: from[0], destination: to[0] };
  const inner = tcp.encode({ sourcePort: from[1], destinationPort: to[1], ...header }, payload, { network });
  return frame(six ? 0x86dd : 0x0800, six ? ipv6.encode({ ...network, nextHeader: 6 }, inner, {}) : ipv4.encode({ ...network, protocol: 6 }, inner, {}));
}

export const frame = (type: number, packet: Uint8Array, source = '02:00:00:00:00:01', destination = '02:00:00:00:00:02'): Uint8Array => ethernet.encode({ source, destination, type }, packet, {});

const pick = <T>(random: Random, items: readonly T[]): T => items[random.below(items.length)] as T;

const OPTIONS: readonly (readonly TcpOption[])[] = [
  [], [], [{ kind: 'mss', size: 1460 }, { kind: 'nop' }, { kind: 'windowScale', shift: 7 }], [{ kind: 'nop' }, { kind: 'nop' }, { kind: 'timestamps', value: 7, echo: 9 }],
];

/** A frame of any sort, whole, cut short or spoilt. */
export function anyFrame(random: Random): Frame {
  const six = random.next() < 0.4;
  const host = (): string => (six ? `fd00::${random.below(4)}:1` : `10.0.${random.below(2)}.${random.below(4)}`);
  const network = { source: host(), destination: host() };
  const payload = Uint8Array.from({ length: pick(random, [0, 0, 1, 20, 300]) }, (_, i) => i & 0xff);
  const ports = { sourcePort: 1000 + random.below(4), destinationPort: 1000 + random.below(4) };
  const protocol = pick(random, [6, 6, 6, 17, 17, 1, 58, 50, 59, 132, 4, 41]);
  const inner = protocol === 6
    ? tcp.encode({ ...ports, sequence: random.bits(), acknowledgment: random.bits(), flags: random.below(512), window: random.below(65_536), options: pick(random, OPTIONS) }, payload, { network })
    : protocol === 17 ? udp.encode({ ...ports, ...(random.next() < 0.1 ? { length: random.below(12) } : {}) }, payload, { network }) : payload;
  const cut = random.next();
  const packet = six
    ? ipv6.encode(extended(network, protocol, cut), inner, {})
    : ipv4.encode({ ...network, protocol, flags: cut < 0.05 ? 1 : 2, fragmentOffset: cut < 0.1 && cut > 0.03 ? 5 : 0, options: random.next() < 0.1 ? new Uint8Array(4).fill(1) : new Uint8Array(0), ...(random.next() < 0.05 ? { totalLength: random.below(60) } : {}) }, inner, {});
  const type = six ? 0x86dd : 0x0800;
  const tagged = (bytes: Uint8Array): Uint8Array => vlan.encode({ priority: 0, dropEligible: false, id: 5, type }, bytes, {});
  const [linkType, whole] = pick<readonly [number, () => Uint8Array]>(random, [
    [1, () => frame(type, packet)], [1, () => frame(type, packet)], [1, () => frame(0x8100, tagged(packet))], [1, () => frame(0x9100, vlan.encode({ priority: 0, dropEligible: false, id: 6, type: 0x8100 }, tagged(packet), {}))], [1, () => frame(8 + packet.length, Uint8Array.of(0xaa, 0xaa, 3, 0, 0, 0, type >>> 8, type & 255, ...packet))], [1, () => frame(0x0806, packet)], [1, () => frame(1400, packet)], [101, () => packet],
    [0, () => Uint8Array.of(six ? 30 : 2, 0, 0, 0, ...packet)], [113, () => Uint8Array.of(0, 0, 0, 1, 0, 6, 1, 2, 3, 4, 5, 6, 0, 0, type >>> 8, type & 255, ...packet)], [six ? 229 : 228, () => packet], [147, () => packet],
  ]);
  const bytes = whole();
  const kept = random.next() < 0.3 ? bytes.slice(0, random.below(bytes.length + 1)) : bytes;
  if (random.next() < 0.25 && kept.length > 0) kept[random.below(Math.min(kept.length, 60))] = random.below(256);
  return { linkType, bytes: kept, wire: random.next() < 0.1 ? kept.length : bytes.length };
}

function extended(network: { readonly source: string; readonly destination: string }, protocol: number, chance: number): Parameters<typeof ipv6.encode>[0] {
  if (chance < 0.1) return { ...network, nextHeader: 44, extensions: [fragmentExtension(protocol, chance < 0.05 ? 0 : 16, chance < 0.07, 9)] };
  if (chance < 0.2) return { ...network, nextHeader: 60, extensions: [optionsExtension(60, protocol, new Uint8Array(5))] };
  return { ...network, nextHeader: protocol };
}

export const randomFrames = (seed: number, count: number): Frame[] => {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => anyFrame(random));
};

