// For tests of reading ahead: capture files of many shapes, seeded; a file read by one, or by two who take turns; and all that an index then knows.

import { concatBytes } from '../../base/bytes';
import type { Random } from '../../base/random';
import type { CaptureFacts } from '../captureFacts';
import { blocksIn, pack } from '../file/captureBytes.fixture';
import { CaptureReader } from '../file/captureReader';
import type { ScannerState } from '../file/scanner';
import { troubledTraffic } from '../analysis/traffic.fixture';
import { randomFrames, type Frame } from '../index/frames.fixture';
import { PacketIndexer } from '../index/packetIndexer';
import { CHUNK } from '../packetTable';
import { STRETCH_BYTES, STRETCH_HEAD, stretchOn } from './stretch';
import { StretchReader } from './stretchReader';

const pick = <T>(random: Random, items: readonly T[]): T => items[random.below(items.length)] as T;

const LINKS = [1, 1, 1, 1, 101, 0, 113, 228, 229, 147];
/** Parts of a second: if_tsresol as it is written, and the count. */
const RESOLUTIONS = [[6, 1_000_000], [9, 1_000_000_000], [0x8a, 1024], [3, 1000]] as const;

/** Made once: connections in trouble, and frames of any sort. */
const pool: { readonly traffic: readonly (readonly Frame[])[]; readonly others: readonly Frame[] } = { traffic: Array.from({ length: 12 }, (_, n) => troubledTraffic(n, 2 + (n % 5))), others: randomFrames(7, 150) };

/** Frames that make flows, anything between. Some ports are used again. */
const frames = (random: Random): Frame[] => pick(random, pool.traffic).flatMap((frame) => (random.next() < 0.15 ? [frame, pick(random, pool.others)] : random.next() < 0.05 ? [] : [frame]));

/** Numbers of four bytes, then bytes. */
function words(little: boolean, numbers: readonly number[], bytes: Uint8Array, filled = bytes.length): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(numbers.length * 4 + filled);
  const view = new DataView(all.buffer);
  numbers.forEach((number, n) => view.setUint32(n * 4, number, little));
  all.set(bytes, numbers.length * 4);
  return all;
}

/** A pcap in either byte order, of one of the variants. */
function pcap(random: Random): Uint8Array<ArrayBuffer> {
  const little = random.next() < 0.5;
  const [magic, extra] = pick(random, [[0xa1b2c3d4, 0], [0xa1b23c4d, 0], [0xa1b2c3d4, 0], [0xa1b2cd34, 8]] as const);
  const version = random.next() < 0.1 ? 3 : 4;
  const head = pack(little, [magic, 4], [2, 2], [version, 2], [0, 4], [0, 4], [65_535, 4], [1, 4]);
  return concatBytes(head, ...frames(random).map(({ bytes, wire = bytes.length }, n) => words(little, [1_700_000_000 + (n >> 3), random.below(1_000_000), bytes.length, wire, ...(extra === 0 ? [] : [1, little ? 0x800 : 0x8000000])], bytes)));
}

/** A pcapng of some sections; beside packets everything that such a file may hold. `depth`: captures in the packets of captures. */
function pcapng(random: Random, depth = 1): Uint8Array<ArrayBuffer> {
  const strange = pick(random, [0, 0, 0.02, 0.1]);
  const parts: Uint8Array[] = [];
  let time = 1_700_000_000_000;
  for (let section = pick(random, [1, 1, 2, 3]); section > 0; section--) {
    const little = random.next() < 0.7;
    const b = blocksIn(little);
    const interfaces: { readonly link: number; readonly resolution: number }[] = [];
    const describe = (): void => {
      const [code, resolution] = pick(random, RESOLUTIONS);
      const link = pick(random, LINKS);
      interfaces.push({ link, resolution });
      parts.push(b.interface(link, random.below(3) * 90, [[9, Uint8Array.of(code)], ...(random.next() < 0.1 ? [[14, b.number(random.next() < 0.5 ? -5_000_000_000n : 3600n, 8)] as const] : [])]));
    };
    parts.push(b.section(random.next() < 0.5 ? [[4, 'test']] : []));
    for (let n = 1 + random.below(3); n > 0; n--) describe();
    const other = [
      () => b.simple('simple'), () => b.oldPacket(0, 5n, 'old'), () => b.statistics(0, [[5, b.number(3n, 8)]]), () => b.custom(7, Uint8Array.of(1, 2)), () => b.block(0x77, new Uint8Array(40)), () => b.names([[1, [127, 0, 0, 1], 'me\0']]),
      () => b.secrets(0x544c534b, 'A b c'), () => b.packet(0, 1n, 'noted', [[1, 'a comment']]), () => b.packet(0, 2n, 'flagged', [[2, new Uint8Array(4)]]),
    ];
    for (const frame of frames(random)) {
      if (random.next() < strange) parts.push(pick(random, other)());
      if (random.next() < strange / 4) describe();
      const iface = random.below(interfaces.length);
      const { resolution } = interfaces[iface] ?? { resolution: 1 };
      time += random.below(5);
      const ticks = (BigInt(time) * BigInt(resolution)) / 1000n;
      const bytes = depth > 0 && random.next() < 0.01 ? pcapng(random, depth - 1).slice(0, 4000) : frame.bytes;
      const wire = frame.bytes === bytes ? frame.wire ?? bytes.length : bytes.length;
      const length = 32 + ((bytes.length + 3) & ~3);
      parts.push(words(little, [6, length, iface, Number(ticks >> 32n), Number(ticks & 0xffffffffn), bytes.length, wire], bytes, length - 32), b.number(length, 4));
    }
  }
  return concatBytes(...parts);
}

/** Whole, cut or spoilt. */
export function anyCapture(random: Random): Uint8Array<ArrayBuffer> {
  const file = random.next() < 0.3 ? pcap(random) : pcapng(random);
  if (random.next() < 0.2) return file.slice(0, random.below(file.length));
  if (random.next() < 0.25) file[random.below(file.length)] = random.below(256);
  return file;
}

export interface Indexed {
  readonly index: PacketIndexer;
  readonly facts: CaptureFacts;
  /** Packets that were read ahead and taken over; stretches that did not fit. */
  readonly ahead: number;
  readonly refused: number;
}

/** Read from its beginning to its end. */
export function readAlone(file: Uint8Array, piece: number): Indexed {
  const index = new PacketIndexer();
  const reader = new CaptureReader(index);
  for (let at = 0; at < file.length; at += piece) reader.push(file.subarray(at, at + piece));
  return { index, facts: reader.end(), ahead: 0, refused: 0 };
}

/** Read by two: of sections of this size, some are read ahead, in a state that was known then or before. */
export function readByTwo(file: Uint8Array, piece: number, section: number, random: Random): Indexed {
  const index = new PacketIndexer();
  const reader = new CaptureReader(index);
  const memory = new ArrayBuffer(STRETCH_BYTES);
  const helper = new StretchReader(stretchOn(memory));
  const states: ScannerState[] = [];
  let [position, ahead, refused] = [0, 0, 0];
  const upTo = (end: number): void => {
    while (position < end) {
      const bytes = file.subarray(position, Math.min(end, position + piece));
      reader.push(bytes);
      position += bytes.length;
    }
  };
  while (position < file.length && !reader.stopped) {
    const seam = (Math.floor(position / section) + 1) * section;
    const state = states.length === 0 ? undefined : states[random.next() < 0.8 ? states.length - 1 : random.below(states.length)];
    upTo(Math.min(seam, file.length));
    if (reader.state !== null) states.push(structuredClone(reader.state));
    if (state === undefined || position >= file.length || random.next() < 0.2) continue;
    const end = Math.min(file.length, seam + section);
    const stretch = stretchOn(memory);
    if (!helper.begin(stretch, state, file.subarray(seam, Math.min(end, seam + piece * 2)), seam)) continue;
    for (let at = seam + piece * 2; at < end && helper.room > 0; at += piece) helper.push(file.subarray(at, Math.min(end, at + piece)));
    if (!helper.end()) continue;
    const [start, rows] = [stretch.head[STRETCH_HEAD.start] ?? 0, stretch.head[STRETCH_HEAD.rows] ?? 0];
    upTo(start);
    if (reader.adopt(stretch)) {
      position = reader.size;
      ahead += rows;
    } else refused++;
  }
  return { index, facts: reader.end(), ahead, refused };
}

/** A text that says the same: a million numbers are compared faster so. */
const said = (value: unknown): string => JSON.stringify(value, (_, one: unknown) => (one instanceof Map || one instanceof Uint8Array ? [...one] : one));

/** Everything that the index and the facts say, in parts. */
export function known({ index, facts }: Indexed): Readonly<Record<string, string>> {
  const { table, flows, links, bytes, span } = index;
  const columns: Record<string, number[]> = {};
  table.chunks.forEach((chunk, n) => {
    for (const [name, column] of Object.entries(chunk) as [keyof typeof chunk, Uint32Array][]) (columns[name] ??= []).push(...column.subarray(0, table.count - n * CHUNK));
  });
  const { room: _room, ...all } = flows.columns;
  const wide: Record<string, number> = { addresses: 8, packets: 2, bytes: 2, base: 2, scaledAt: 2, shift: 2 };
  const ofFlows = Object.entries(all).map(([name, column]) => [name, said([...column.subarray(0, (flows.count + 1) * (wide[name] ?? 1))])] as const);
  return {
    ...Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, said(column)])), ...Object.fromEntries(ofFlows.map(([name, column]) => [`flows' ${name}`, column])),
    all: said([table.count, bytes, span, flows.count, flows.streams('tcp'), flows.streams('udp')]), streams: said(Array.from({ length: flows.streams('tcp') }, (_, n) => flows.ofStream('tcp', n))),
    rescaled: said(flows.rescaled), sacks: said(Array.from({ length: table.count }, (_, n) => flows.sacks.of(n))), links: said(Array.from({ length: links.count }, (_, n) => links.link(n + 1))), facts: said(facts),
  };
}
