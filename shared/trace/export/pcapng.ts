// A run as a pcapng for Wireshark: every segment as a frame in the order of the picture, with the names of the hosts, and the keys of
// TLS only when asked for. Payload bytes are those of the calls, headers are reconstructed: the interface and each packet say so; what the
// kernel gave us stands on interfaces of its own. Leaves out what has no packet: calls, states, notes (a run file has them).

import { ipv4Bytes, ipv6Bytes } from '../../codec/address';
import { LINK_TYPE } from '../../codec/dissect';
import { interfaceBlock, keysBlock, namesBlock, packetBlock, sectionBlock, type NamedAddress } from '../../codec/pcapng/write';
import { reconstruct } from '../headers';
import { startedAt } from '../startedAt';
import { KIND_CODE } from '../event';
import { DataFrames } from './dataFrames';
import { keyLog } from '../runFile/keys';
import type { RunPackets } from '../runFile/meta';
import { segmentPayload } from '../segmentPayload';
import type { TraceStore } from '../store';
import type { Segment, Story } from '../story';

export interface PcapngOptions {
  /** Who writes: 'Looplab 1.0.0'. */
  readonly application: string;
  /** With the keys of TLS sessions: whoever has the file can read everything. */
  readonly keys: boolean;
  /** Left out: rebuilt from the calls. */
  readonly packets?: RunPackets;
}

type Block = Uint8Array<ArrayBuffer>;

/** The blocks of the file, in order, those of many packets in one piece; all of them together are the file. */
export function* pcapngBlocks(story: Story, trace: TraceStore, { application, keys, packets = 'reconstructed' }: PcapngOptions): Generator<Block> {
  yield headBlock(story.lab?.id ?? '', application);
  yield* packetBlocks(story, trace, keys, packets);
}

/** The section of a run. */
export const headBlock = (lab: string, application: string): Block =>
  sectionBlock(application, `Looplab run${lab === '' ? '' : ` of lab ${lab}`}: packets on interface looplab have the payload bytes of the programs' socket calls and headers reconstructed; others are the kernel's.`);

/** What follows the section: interfaces, names, keys, and the packets in the order of their times. Returns how many packets there are. */
export function* packetBlocks(story: Story, trace: TraceStore, keys: boolean, packets: RunPackets): Generator<Block, number> {
  const rebuilt = packets === 'reconstructed' || packets === 'both';
  const kernel = packets === 'captured' || packets === 'both' ? capturedFacts(trace) : [];
  if (rebuilt) yield rebuiltInterface();
  const interfaces = new Map<string, number>();
  for (const seq of kernel) {
    const fresh = newInterface(trace, seq, interfaces, rebuilt ? 1 : 0);
    if (fresh !== null) yield fresh;
  }
  const names = namedHosts(story);
  if (names.length > 0) yield namesBlock(names);
  const log = keys ? keyLog(trace) : '';
  if (log !== '') yield keysBlock(log);
  const time = clockOf(trace);
  let count = 0;
  let next = 0;
  const plain = new DataFrames(story, trace);
  for (let index = 0; rebuilt && index < story.moments.count; index++) {
    const isDue = next < kernel.length && trace.t(kernel[next] as number) <= story.momentTime(index);
    if (plain.full || isDue) yield* some(plain.take());
    if (!isDue) {
      const what = plain.add(index);
      if (what === 'added') count++;
      if (what !== 'other') continue;
    }
    const moment = story.moments.at(index);
    if (moment.segment === null) continue;
    for (; next < kernel.length && trace.t(kernel[next] as number) <= moment.t; next++, count++) yield capturedBlock(trace, kernel[next] as number, interfaces, time);
    yield* some(plain.take());
    for (const block of segmentBlocks(story, trace, moment.segment, time(moment.t))) {
      yield block;
      count++;
    }
  }
  yield* some(plain.take());
  for (; next < kernel.length; next++, count++) yield capturedBlock(trace, kernel[next] as number, interfaces, time);
  return count;
}

const some = (block: Block | null): readonly Block[] => (block === null ? [] : [block]);

/** The interface of what is rebuilt: the first, where there is one. */
export const rebuiltInterface = (): Block => interfaceBlock(LINK_TYPE.ethernet, 'looplab', 'Observed socket calls; headers reconstructed from them');

/** The block of the interface that the captured fact `seq` came by, when it is the first of it; `before`: interfaces that are no kernel's. */
export function newInterface(trace: TraceStore, seq: number, interfaces: Map<string, number>, before: number): Block | null {
  const { a, b } = trace.at(seq);
  const name = `${a} ${b}`;
  if (interfaces.has(name)) return null;
  interfaces.set(name, interfaces.size + before);
  return interfaceBlock(a & 0xffff, `kernel-${b}`, 'Captured: what the kernel carried');
}

/** Hosts of ours that have a name and an address. */
export const namedHosts = (story: Story): NamedAddress[] =>
  story.hosts.flatMap(({ address, name, foreign }) => (foreign || address === '' ? [] : [{ address: address.includes(':') ? ipv6Bytes(address) : ipv4Bytes(address), name }]));

/** Nanoseconds since 1970 of a time of the trace: more than a double can hold. */
export function clockOf(trace: TraceStore): (t: number) => bigint {
  const origin = startedAt(trace);
  const [seconds, rest] = [Math.floor(origin / 1_000_000), origin % 1_000_000];
  const begin = BigInt(seconds) * 1_000_000_000n;
  const least = 0n;
  return (t) => {
    const time = begin + BigInt(Math.round((rest + t) * 1000));
    return time < least ? least : BigInt.asUintN(64, time);
  };
}

/** The frames of a segment: several when one send() carried more than a packet can. */
export function* segmentBlocks(story: Story, trace: TraceStore, id: number, time: bigint): Generator<Block> {
  const segment = story.segments.at(id);
  let from = 0;
  do {
    const frame = reconstruct(story, trace, segment.id, from);
    if (frame === null) return;
    const carried = frame.bytes.length - frame.payloadStart;
    const kept = segmentPayload(trace, segment)?.length ?? 0;
    const last = carried === 0 || from + carried >= kept;
    // What the trace did not keep was on the wire: the packet says how much longer it was.
    yield packetBlock(0, time, frame.bytes, frame.bytes.length + (last && segment.transport === 'udp' ? frame.omitted : 0), commentOf(segment));
    from += carried;
    if (last) return;
  } while (from < segment.size);
}

function capturedFacts(trace: TraceStore): number[] {
  const found: number[] = [];
  for (let seq = 0; seq < trace.count; seq++) {
    const { columns, row } = trace.locate(seq);
    if (columns.kind[row] === KIND_CODE['packet.captured']) found.push(seq);
  }
  return found;
}

/** Whether the kernel's packets are among the facts. */
export const hasCaptured = (trace: TraceStore): boolean => capturedFacts(trace).length > 0;

export function capturedBlock(trace: TraceStore, seq: number, interfaces: ReadonlyMap<string, number>, time: (t: number) => bigint): Block {
  const { a, b, t, size } = trace.at(seq);
  const bytes = trace.payload(seq);
  return packetBlock(interfaces.get(`${a} ${b}`) ?? 0, time(t), bytes, Math.max(size, bytes.length));
}

/** Packets that the file has, and the bytes that they carried. */
export function packetsOf(story: Story, trace: TraceStore): { readonly packets: number; readonly bytes: number } {
  let [packets, bytes] = [0, 0];
  for (let id = 0; id < story.segments.count; id++) {
    const segment = story.segments.at(id);
    const { from, to, size, transport } = segment;
    if (segment.within !== null) continue;
    // As reconstruct() has it: what has no port or address has no headers.
    if (from.port === 0 || to.port === 0 || from.address === '' || to.address === '') continue;
    const kept = transport !== 'tcp' ? 0 : (segmentPayload(trace, segment)?.length ?? 0);
    packets += Math.max(Math.ceil(kept / (from.address.includes(':') ? 65_475 : 65_495)), 1);
    bytes += size;
  }
  return { packets, bytes };
}

/** Whether the trace has keys that an export could contain. */
export const hasKeys = (trace: TraceStore): boolean => keyLog(trace) !== '';

function commentOf({ provenance }: Segment): string {
  return provenance.evidence === 'inferred' ? `inferred: ${provenance.rule}` : '';
}
