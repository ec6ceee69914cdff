// A run as a pcapng for Wireshark: every segment as a frame in the order of the picture, with the names of the hosts, and the keys of
// TLS only when asked for. Payload bytes are those of the calls, headers are reconstructed: the interface and each packet say so.
// Leaves out what has no packet: calls, states, notes (a run file of its own has them).

import { ipv4Bytes, ipv6Bytes } from '../../codec/address';
import { LINK_TYPE } from '../../codec/dissect';
import { interfaceBlock, keysBlock, namesBlock, packetBlock, sectionBlock, type NamedAddress } from '../../codec/pcapng/write';
import { reconstruct } from '../headers';
import { startedAt } from '../startedAt';
import type { TraceStore } from '../store';
import type { Segment, Story } from '../story';

export interface PcapngOptions {
  /** Who writes: 'Looplab 1.0.0'. */
  readonly application: string;
  /** With the keys of TLS sessions: whoever has the file can read everything. */
  readonly keys: boolean;
}

/** The blocks of the file, in order; all of them together are the file. */
export function* pcapngBlocks(story: Story, trace: TraceStore, { application, keys }: PcapngOptions): Generator<Uint8Array<ArrayBuffer>> {
  const lab = story.lab?.id ?? '';
  yield sectionBlock(application, `Looplab run${lab === '' ? '' : ` of lab ${lab}`}: payload bytes as the programs' socket calls carried them, headers reconstructed.`);
  yield interfaceBlock(LINK_TYPE.ethernet, 'looplab', 'Observed socket calls; headers reconstructed from them');
  const names = story.hosts.flatMap(({ address, name, foreign }): NamedAddress[] => (foreign || address === '' ? [] : [{ address: address.includes(':') ? ipv6Bytes(address) : ipv4Bytes(address), name }]));
  if (names.length > 0) yield namesBlock(names);
  const log = keys ? keyLog(trace) : '';
  if (log !== '') yield keysBlock(log);
  const origin = startedAt(trace);
  // Nanoseconds since 1970 are more than a double can hold.
  const [seconds, rest] = [Math.floor(origin / 1_000_000), origin % 1_000_000];
  for (let index = 0; index < story.moments.count; index++) {
    const moment = story.moments.at(index);
    if (moment.segment === null) continue;
    const segment = story.segments.at(moment.segment);
    const time = BigInt(seconds) * 1_000_000_000n + BigInt(Math.round((rest + moment.t) * 1000));
    let from = 0;
    do {
      const frame = reconstruct(story, trace, segment.id, from);
      if (frame === null) break;
      const carried = frame.bytes.length - frame.payloadStart;
      const kept = segment.payloadSeq === null ? 0 : trace.payload(segment.payloadSeq).length;
      const last = carried === 0 || from + carried >= kept;
      // What the trace did not keep was on the wire: the packet says how much longer it was.
      yield packetBlock(0, time, frame.bytes, frame.bytes.length + (last && segment.transport === 'udp' ? frame.omitted : 0), commentOf(segment));
      from += carried;
      if (last) break;
    } while (from < segment.size);
  }
}

/** Packets that the file has, and the bytes that they carried. */
export function packetsOf(story: Story, trace: TraceStore): { readonly packets: number; readonly bytes: number } {
  let [packets, bytes] = [0, 0];
  for (let id = 0; id < story.segments.count; id++) {
    const { from, to, size, payloadSeq, transport } = story.segments.at(id);
    // As reconstruct() has it: what has no port or address has no headers.
    if (from.port === 0 || to.port === 0 || from.address === '' || to.address === '') continue;
    const kept = transport !== 'tcp' || payloadSeq === null ? 0 : Math.min(size, trace.payload(payloadSeq).length);
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

function keyLog(trace: TraceStore): string {
  const lines: string[] = [];
  for (let seq = 0; seq < trace.count; seq++) if (trace.kind(seq) === 'key.logged') lines.push(`${trace.at(seq).text}\n`);
  return lines.join('');
}
