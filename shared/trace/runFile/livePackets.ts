// The packets of a run that is being recorded, as blocks that follow each batch of its facts: what the kernel gave us, and segments as soon as the
// story has them, rebuilt as far as is known by then. The same batches give the same blocks, so that a recording that was opened is saved as it was.
// Leaves out what becomes known later of a segment that is written: the facts have it. Bytes that were written long ago are let go.

import type { Batch } from '../columns';
import { KIND_CODE } from '../event';
import { capturedBlock, clockOf, namedHosts, newInterface, rebuiltInterface, segmentBlocks } from '../export/pcapng';
import { StoryBuilder } from '../fold';
import { TraceStore } from '../store';
import type { Segment } from '../story';
import { keysBlock, namesBlock } from '../../codec/pcapng/write';
import type { RunHead } from './meta';

/** Segments that may wait for an address or for their place; then the oldest has no packet. */
const WAITING = 256;

/** Bytes of payload that are held for segments that wait: what is written needs none of them. */
const HELD = 16 * 1024 * 1024;

type Block = Uint8Array<ArrayBuffer>;

/** Bytes of one direction that are written already. */
interface Covered {
  readonly from: number;
  readonly to: number;
}

export class LivePackets {
  /** So far. */
  packets = 0;

  /** Bytes of memory that its facts take. */
  get memory(): number {
    return this.trace.memory;
  }

  private readonly trace = new TraceStore();
  private readonly builder = new StoryBuilder(this.trace);
  private readonly rebuilt: boolean;
  private readonly captured: boolean;
  private readonly interfaces = new Map<string, number>();
  private readonly covered = new Map<string, Covered>();
  private facts = 0;
  private names = 0;
  private segments = 0;
  private waiting: number[] = [];
  private begun = false;

  /** `held`: HELD, or less in a test. */
  constructor(private readonly head: Pick<RunHead, 'packets' | 'keys'>, private readonly held = HELD) {
    this.rebuilt = head.packets === 'reconstructed' || head.packets === 'both';
    this.captured = head.packets === 'captured' || head.packets === 'both';
  }

  /** What follows the facts of `batch`, whose bytes are kept: they must not be given away afterwards. */
  after(batch: Batch): Block[] {
    const { trace, builder } = this;
    trace.append(batch);
    builder.advance();
    const blocks: Block[] = [];
    if (this.rebuilt && !this.begun) blocks.push(rebuiltInterface());
    this.begun = true;
    const named = namedHosts(builder.story);
    if (named.length > this.names) blocks.push(namesBlock(named.slice(this.names)));
    this.names = named.length;
    const packets: { readonly t: number; readonly blocks: Block[] }[] = [];
    const time = clockOf(trace);
    let keys = '';
    for (; this.facts < trace.count; this.facts++) {
      const { columns, row } = trace.locate(this.facts);
      const kind = columns.kind[row];
      if (this.head.keys && kind === KIND_CODE['key.logged']) keys += lineOf(trace.string(columns.text[row] as number));
      if (!this.captured || kind !== KIND_CODE['packet.captured']) continue;
      const fresh = newInterface(trace, this.facts, this.interfaces, this.rebuilt ? 1 : 0);
      if (fresh !== null) blocks.push(fresh);
      packets.push({ t: columns.t[row] as number, blocks: [capturedBlock(trace, this.facts, this.interfaces, time)] });
    }
    if (this.rebuilt) this.rebuild(time, (t, made) => packets.push({ t, blocks: made }));
    // What opens a packet must stand before it.
    if (keys !== '') blocks.push(keysBlock(keys));
    packets.sort((one, other) => one.t - other.t);
    for (const packet of packets) blocks.push(...packet.blocks);
    this.packets += packets.reduce((sum, packet) => sum + packet.blocks.length, 0);
    trace.holdAtMost(this.held);
    return blocks;
  }

  private rebuild(time: (t: number) => bigint, add: (t: number, blocks: Block[]) => void): void {
    const { story } = this.builder;
    const wanted = this.waiting;
    this.waiting = [];
    for (; this.segments < story.segments.count; this.segments++) wanted.push(this.segments);
    for (const id of wanted) {
      const segment = story.segments.at(id);
      if (segment.within !== null || this.isCovered(segment)) continue;
      const index = story.momentOfSegment(id);
      const moment = index < 0 ? null : story.moments.at(index);
      const t = moment?.t ?? 0;
      // What has no place in the picture yet is not known to have left.
      const made = moment?.segment === id ? [...segmentBlocks(story, this.trace, id, time(t))] : [];
      if (made.length === 0) this.waiting.push(id);
      else {
        this.cover(segment);
        add(t, made);
      }
    }
    if (this.waiting.length > WAITING) this.waiting.splice(0, this.waiting.length - WAITING);
  }

  /** Its bytes went into a packet before the kernel's own told that there were several. */
  private isCovered({ kind, conn, dir, offset, size, special }: Segment): boolean {
    if (kind !== 'data' || special === 'retransmission') return false;
    const covered = this.covered.get(`${conn} ${dir}`);
    return covered !== undefined && offset >= covered.from && offset + size <= covered.to;
  }

  private cover({ kind, conn, dir, offset, size }: Segment): void {
    if (kind !== 'data') return;
    const name = `${conn} ${dir}`;
    const { from, to } = this.covered.get(name) ?? { from: offset, to: offset };
    this.covered.set(name, offset > to || offset < from ? { from: offset, to: offset + size } : { from, to: Math.max(to, offset + size) });
  }
}

const lineOf = (text: string): string => (text === '' ? '' : `${text}\n`);
