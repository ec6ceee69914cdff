// looplab ladder: what happened in a run that was saved or recorded, or between the ends of a capture of other programs, as a ladder or as events.
// Nothing is opened on the network for it. A damaged or cut file is told up to there.

import type { CaptureSink, Damage } from '../../shared/packets/captureFacts';
import { StoryBuilder } from '../../shared/trace/fold';
import { LIMITS } from '../../shared/trace/limits';
import { MOST_PACKETS, storyOfPackets, type PacketTaken } from '../../shared/trace/packetsStory/packetsStory';
import { TraceStore } from '../../shared/trace/store';
import { textLadder } from '../../shared/trace/textLadder';
import { kindOfFile } from '../files/fileHead';
import { PacketFile } from '../packets/packetFile';
import { readRunFile } from '../runtime/runFile/readRunFile';
import { readOptions, theFile } from './arguments';
import { eventLines, inBlocks, type Told } from './eventLines';
import { LADDER_HELP } from './helpFiles';
import { EXIT, UsageError, type Io } from './io';

const OPTIONS = { json: { type: 'boolean' }, payload: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;

export async function ladder(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readOptions(args, OPTIONS);
  if (values.help === true) {
    await io.out(LADDER_HELP);
    return EXIT.reached;
  }
  const path = theFile(positionals);
  if (values.payload === true && values.json !== true) throw new UsageError('--payload needs --json');
  const { story, trace, damage, left = 0 } = (await kindOfFile(path)) === 'run' ? await runOf(path) : await captureOf(path, io.signal);
  if (values.json === true) for (const lines of inBlocks(eventLines({ trace, story }, values.payload === true))) await io.out(lines);
  else await io.out(textLadder(story, trace));
  if (left > 0) io.err(`looplab: ${left} packets more are in ${path} than a ladder has\n`);
  if (damage === null) return EXIT.reached;
  io.err(`looplab: ${path} is not whole: ${damage.why}, at byte ${damage.offset}\n`);
  return EXIT.failed;
}

interface ToldFile extends Told {
  readonly damage: Damage | null;
  /** Packets that are not in it. */
  readonly left?: number;
}

async function runOf(path: string): Promise<ToldFile> {
  const trace = new TraceStore();
  const builder = new StoryBuilder(trace);
  const { damage } = await readRunFile(path, (batch) => {
    trace.append(batch);
    builder.advance();
  });
  return { trace, story: builder.story, damage };
}

async function captureOf(path: string, signal: AbortSignal): Promise<ToldFile> {
  const file = await PacketFile.open(path);
  try {
    const packets = new Packets();
    const { damage } = await file.read(packets, { signal });
    return { ...storyOfPackets(packets.taken), damage, left: packets.left };
  } finally {
    await file.close();
  }
}

/** Keeps the first packets of a file, as many as a story has and memory allows. */
class Packets implements CaptureSink {
  readonly taken: PacketTaken[] = [];
  left = 0;
  private readonly linkTypes: number[] = [];
  private begin = 0;
  private bytes = 0;

  interface({ linkType }: { readonly linkType: number }): void {
    this.linkTypes.push(linkType);
  }

  packet(iface: number, seconds: number, nanos: number, bytes: Uint8Array, start: number, captured: number, wire: number): void {
    if (this.taken.length >= MOST_PACKETS || this.bytes + captured > LIMITS.payloadTotal) {
      this.left++;
      return;
    }
    if (this.taken.length === 0) this.begin = seconds;
    this.bytes += captured;
    // Seconds since the first packet: a double has no nanoseconds of those since 1970.
    this.taken.push({ t: (seconds - this.begin) * 1e6 + nanos / 1000, linkType: this.linkTypes[iface] ?? 0, bytes: bytes.slice(start, start + captured), size: wire });
  }
}
