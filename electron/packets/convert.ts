// Writes a capture again in another format: pcap and pcapng, plain or gzip. What is a pcapng already is copied as it is, block for block, up to its
// damage; what the other format cannot hold is said.

import { linkTypeName } from '../../shared/codec/linkTypes';
import { BLOCK } from '../../shared/codec/pcapng/format';
import type { CaptureFacts } from '../../shared/packets/captureFacts';
import { CaptureMeasure } from '../../shared/packets/file/captureMeasure';
import { PcapngWriter, PcapWriter, type CaptureWriter } from '../../shared/packets/file/captureWriter';
import { EngineError } from '../runtime/engineError';
import { CompressedFile } from './compressedFile';
import { PacketFile } from './packetFile';

export interface ConvertOptions {
  readonly format: 'pcap' | 'pcapng';
  readonly gzip: boolean;
  /** Which packets a pcap gets when there are several link types; null: there must be one. */
  readonly linkType: number | null;
  /** Who writes: 'Looplab 1.0.0'. */
  readonly application: string;
  readonly signal: AbortSignal;
}

export interface Converted {
  readonly facts: CaptureFacts;
  /** Packets in the new file. */
  readonly packets: number;
  /** What the new file does not have, in English: '3 packet comments'. */
  readonly dropped: readonly string[];
}

const COPIED = 1024 * 1024;

/** Rejects with EngineError (also SEVERAL_LINK_TYPES) or the signal's reason; then `to` is as it was. */
export async function convertCapture(from: string, to: string, options: ConvertOptions): Promise<Converted> {
  const source = await PacketFile.open(from);
  try {
    const target = await CompressedFile.open(to, options.gzip);
    try {
      const converted = await convertInto(source, target, options);
      await target.finish();
      return converted;
    } catch (thrown) {
      await target.discard();
      throw thrown;
    }
  } finally {
    await source.close();
  }
}

async function convertInto(source: PacketFile, target: CompressedFile, options: ConvertOptions): Promise<Converted> {
  const { signal, application } = options;
  const measure = new CaptureMeasure();
  const facts = await source.read(measure, { signal });
  if (options.format === 'pcap') {
    const writer = pcapWriter(facts, measure, options, source.path);
    await pour(source, writer, target, signal);
    return { facts, packets: measure.packets - writer.others, dropped: [...facts.leftOut, ...droppedByPcap(facts, measure, writer)] };
  }
  if (facts.format === 'pcapng') await copy(source, target, signal);
  else await pour(source, new PcapngWriter(application), target, signal);
  return { facts, packets: measure.packets, dropped: facts.format === 'pcap' ? facts.leftOut : [] };
}

async function pour(source: PacketFile, writer: CaptureWriter, target: CompressedFile, signal: AbortSignal): Promise<void> {
  await source.read(writer, { signal, onProgress: () => target.write(writer.take()) });
  await target.write(writer.take());
}

async function copy(source: PacketFile, target: CompressedFile, signal: AbortSignal): Promise<void> {
  for (let at = 0; at < source.length; at += COPIED) {
    signal.throwIfAborted();
    await target.write(source.bytesAt(at, Math.min(COPIED, source.length - at)));
  }
}

function pcapWriter(facts: CaptureFacts, measure: CaptureMeasure, { linkType }: ConvertOptions, path: string): PcapWriter {
  const used = facts.interfaces.filter((_, index) => (measure.byInterface[index] ?? 0) > 0);
  const types = [...new Set((used.length > 0 ? used : facts.interfaces).map((one) => one.linkType))];
  if (linkType === null && types.length > 1) {
    const names = types.map((type) => `${type} (${linkTypeName(type).title})`).join(', ');
    throw new EngineError('SEVERAL_LINK_TYPES', `${path} has packets of several link types, and a pcap holds one: ${names}. Choose one with --link-type, or write a pcapng`, path);
  }
  const chosen = linkType ?? types[0];
  if (chosen === undefined) throw new EngineError('NO_LINK_TYPE', `${path} has no interface, and a pcap must say which link type it is of: write a pcapng`, path);
  if (!facts.interfaces.some((one) => one.linkType === chosen)) throw new EngineError('NO_LINK_TYPE', `${path} has no packets of link type ${chosen}`, path);
  const ours = (used.length > 0 ? used : facts.interfaces).filter((one) => one.linkType === chosen);
  const snapLength = ours.some((one) => one.snapLength === 0) ? 0 : Math.max(0, ...ours.map((one) => one.snapLength));
  const checks = new Set(ours.map((one) => one.fcs));
  const fcs = checks.size === 1 ? (ours[0]?.fcs ?? null) : null;
  return new PcapWriter({ linkType: chosen, snapLength, nanoseconds: measure.nanoseconds || ours.some((one) => one.resolution === 1_000_000_000), fcs: fcs !== null && fcs % 16 === 0 && fcs <= 240 ? fcs : null });
}

const count = (number: number, one: string, more = `${one}s`): string[] => (number === 0 ? [] : [`${number} ${number === 1 ? one : more}`]);

function droppedByPcap(facts: CaptureFacts, measure: CaptureMeasure, writer: PcapWriter): string[] {
  const described = facts.interfaces.filter(({ name, description, filter, os }) => `${name}${description}${filter}${os}` !== '').length;
  const finer = facts.interfaces.some((one, index) => one.resolution > 1_000_000_000 && (measure.byInterface[index] ?? 0) > 0);
  const custom = facts.custom.length;
  const unknown = [...facts.unknownBlocks.values()].reduce((sum, blocks) => sum + blocks, 0);
  return [
    ...count(writer.others, 'packet of another link type', 'packets of other link types'),
    ...count(writer.moved, 'time that 32 bits of seconds cannot say', 'times that 32 bits of seconds cannot say'),
    ...(finer ? ['parts of a nanosecond'] : []),
    ...(facts.interfaces.length > 1 ? [`which of ${facts.interfaces.length} interfaces a packet is of`] : []),
    ...count(described, "interface's name and settings", "interfaces' names and settings"),
    ...count(facts.comments.length, 'comment'),
    ...count(facts.packetComments.size, 'packet comment'),
    ...count(facts.packetOptions, "packet's flags, hash or count of drops", "packets' flags, hashes or counts of drops"),
    ...count(facts.blocks.get(BLOCK.simplePacket) ?? 0, 'packet that has no time: it stands at 1970', 'packets that have no time: they stand at 1970'),
    ...count(facts.names.size, 'name of an address', 'names of addresses'),
    ...(facts.keyLog === '' ? [] : ['TLS keys']),
    ...(`${facts.application}${facts.os}${facts.hardware}` === '' ? [] : ['who wrote it, and where']),
    ...(facts.drops.size === 0 ? [] : ['counts of dropped packets']),
    ...count(custom, 'custom block'),
    ...count(unknown, 'block of an unknown type', 'blocks of unknown types'),
  ];
}
