// The ladder of a capture of other programs: the story of its packets, and on each arrow what the packet says, dissected as `looplab decode` does,
// with keys, ports that somebody named, and names.

import { printable } from '../../shared/base/textWidth';
import { createDissector } from '../../shared/packets/dissection/dissector';
import type { DecodeAs } from '../../shared/packets/decodeAs';
import type { DissectedPacket } from '../../shared/packets/dissector';
import { eventJson } from '../../shared/trace/eventJson';
import { LIMITS } from '../../shared/trace/limits';
import { MOST_PACKETS, storyOfPackets, type PacketTaken } from '../../shared/trace/packetsStory/packetsStory';
import { textLadder } from '../../shared/trace/textLadder';
import type { NamesWanted } from './arguments';
import { inBlocks } from './eventLines';
import { namesOf, type IndexedCapture } from './indexedCapture';
import type { Io } from './io';

/** Letters of what one packet says that are kept; packets between two looks at whether anybody waits. */
const SAID = 100;
const BREATH = 1024;
/** They say no more than the ladder itself. */
const PLAIN: ReadonlySet<string> = new Set(['TCP', 'UDP', 'ICMP', 'ICMPv6', 'IPv4', 'IPv6']);

interface Wanted {
  readonly json: boolean;
  readonly payload: boolean;
  readonly decodeAs: DecodeAs;
  /** Null: addresses. */
  readonly names: NamesWanted | null;
}

interface Said {
  readonly protocol: string;
  readonly info: string;
}

/** As many of the first packets as a story has and memory allows. */
export async function ladderOfCapture(capture: IndexedCapture, { json, payload, decodeAs, names }: Wanted, io: Io): Promise<void> {
  const { index, facts, keyLog, bytes } = capture;
  const { table, flows } = index;
  const named = namesOf(capture, names);
  const dissector = createDissector({ table, flows, facts, packets: { bytes }, keyLog, decodeAs });
  const taken: (PacketTaken & Said)[] = [];
  let [kept, begin] = [0, 0];
  for (let number = 0; number < table.count && taken.length < MOST_PACKETS; number++) {
    const { chunk, row } = table.locate(number);
    kept += chunk.captured[row] ?? 0;
    if (kept > LIMITS.payloadTotal) break;
    if (number === 0) begin = chunk.seconds[row] ?? 0;
    // Seconds since the first packet: a double has no nanoseconds of those since 1970.
    const t = ((chunk.seconds[row] ?? 0) - begin) * 1e6 + (chunk.nanos[row] ?? 0) / 1000;
    taken.push({ t, linkType: facts.interfaces[chunk.iface[row] ?? 0]?.linkType ?? 0, bytes: bytes(number), size: chunk.wire[row] ?? 0, ...saidBy(dissector.dissect(number)) });
    if (number % BREATH !== 0) continue;
    await new Promise((resolve) => setImmediate(resolve));
    if (io.signal.aborted) return;
  }
  // As the story has them: facts in the order of time.
  taken.sort((one, other) => one.t - other.t);
  const { story, trace } = storyOfPackets(taken);
  if (json) {
    const lines = taken.map(({ protocol, info }, seq) => JSON.stringify({ ...eventJson(trace, story, seq, { payload }), protocol, info }));
    for (const block of inBlocks(lines)) await io.out(block);
  } else await io.out(textLadder(story, trace, { says: (packet) => lineOf(taken[packet]), named }));
  const left = table.count - taken.length;
  if (left > 0) io.err(`looplab: ${left} packets more are in the file than a ladder has\n`);
}

const saidBy = ({ protocol, info }: DissectedPacket): Said => ({ protocol, info: printable(info).slice(0, SAID) });

/** '' for what is told by the arrow anyway. */
const lineOf = (said: Said | undefined): string => (said === undefined || PLAIN.has(said.protocol) ? '' : said.info.startsWith(`${said.protocol}/`) ? said.info : `${said.protocol} ${said.info}`);
