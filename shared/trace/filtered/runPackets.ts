// The packets of a run as an open capture has them, for display filters over it: the kernel's where packets were recorded, elsewhere the frames that
// are rebuilt of what the calls told (headers.ts), in columns that grow with the story. A segment that is in a captured packet is never there twice.

import { NO_BYTES } from '../../base/bytes';
import { LINK_TYPE, type KnownPorts } from '../../codec/dissect';
import { KeyLog } from '../../codec/tls/decrypt/keyLog';
import type { CaptureFacts, CaptureInterface } from '../../packets/captureFacts';
import type { DissectorInput } from '../../packets/dissection/dissector';
import { PacketIndexer } from '../../packets/index/packetIndexer';
import { KIND_CODE } from '../event';
import { reconstruct } from '../headers';
import { CaptureSpans } from '../joined/captureSpans';
import { knownPorts } from '../knownPorts';
import { startedAt } from '../startedAt';
import { TraceStore } from '../store';
import type { Story } from '../story';

/** Packets that filters of a lesson look at. Of a longer run the first ones: then nothing can be counted (RunPackets.full). */
export const MOST_FILTERED = 100_000;

const SECOND = 1_000_000;

export class RunPackets implements DissectorInput {
  readonly flows;
  readonly table;
  readonly facts: CaptureFacts;
  /** The lab's port for its well-known one. */
  readonly ports: KnownPorts;
  /** Those that the run's programs gave. */
  readonly keys = new KeyLog();
  readonly packets = { bytes: (number: number): Uint8Array => this.#bytes(number) };
  readonly #ports = new Map<`${'tcp' | 'udp'}.port:${number}`, number>();
  readonly #indexer = new PacketIndexer();
  readonly #interfaces: CaptureInterface[] = [];
  readonly #spans = new CaptureSpans();
  /** Of each packet: the fact `packet.captured`, or -1 less the segment that it was rebuilt of. */
  readonly #from: number[] = [];
  #facts = 0;
  #segments = 0;
  /** Segments of which too little was known when they were looked at: the port of an end. */
  #later: number[] = [];

  constructor(private readonly story: Story, private readonly trace: TraceStore) {
    this.table = this.#indexer.table;
    this.ports = this.#ports;
    this.flows = this.#indexer.flows;
    this.facts = {
      format: 'pcapng', gzip: false, byteOrder: 'little', interfaces: this.#interfaces, names: new Map(), keyLog: '', comments: [], hardware: '', os: '', application: '', packetComments: new Map(), packetOptions: 0,
      custom: [], blocks: new Map(), unknownBlocks: new Map(), drops: new Map(), leftOut: [], damage: null,
    };
  }

  /** True: the run has more packets than are looked at. */
  get full(): boolean {
    return this.table.count >= MOST_FILTERED;
  }

  /** Takes what the story tells of since. Costs only what is new. */
  advance(): void {
    const services = this.story.lab?.services ?? [];
    if (this.#ports.size < services.length) for (const [port, meant] of knownPorts(this.story)) this.#ports.set(port, meant);
    this.#readFacts();
    const ids = this.#later;
    this.#later = [];
    for (; this.#segments < this.story.segments.count; this.#segments++) ids.push(this.#segments);
    // Segments come in order of discovery: among those that came together the picture's order is that of their moments.
    const moments = new Map(ids.map((id) => [id, this.story.momentOfSegment(id)]));
    for (const id of ids.sort((one, other) => (moments.get(one) ?? 0) - (moments.get(other) ?? 0))) this.#readSegment(id);
  }

  /** The segment that a packet carries; -1: of no flow that is shown, or what was rebuilt has been captured since. */
  segmentOf(number: number): number {
    const from = this.#from[number] ?? 0;
    if (from >= 0) return this.story.segmentOfPacket(from);
    const { provenance, within } = this.story.segments.at(-1 - from);
    return provenance.evidence === 'captured' || within !== null ? -1 : -1 - from;
  }

  isCaptured(number: number): boolean {
    return (this.#from[number] ?? 0) >= 0;
  }

  /** Bytes of the transport's payload. */
  size(number: number): number {
    const { chunk, row } = this.table.locate(number);
    return chunk.payload[row] ?? 0;
  }

  #readFacts(): void {
    const { trace } = this;
    const chunk = TraceStore.chunkRows;
    while (this.#facts < trace.count) {
      const first = this.#facts - (this.#facts % chunk);
      const kinds = trace.columnsOf(first / chunk).kind;
      const end = Math.min(first + chunk, trace.count);
      for (; this.#facts < end; this.#facts++) {
        const kind = kinds[this.#facts - first];
        if (kind === KIND_CODE['key.logged']) this.keys.add(trace.at(this.#facts).text);
        else if (kind === KIND_CODE['capture.changed']) {
          const { t, a } = trace.at(this.#facts);
          this.#spans.changed(t, a === 1);
        } else if (kind === KIND_CODE['packet.captured'] && !this.full) {
          const { t, a, size } = trace.at(this.#facts);
          this.#add(this.#facts, a, t, trace.payload(this.#facts), size);
        }
      }
    }
  }

  #readSegment(id: number): void {
    const segment = this.story.segments.at(id);
    if (this.full || segment.transport === 'unix' || segment.provenance.evidence === 'captured' || segment.within !== null || this.#spans.records(segment.depart)) return;
    const frame = reconstruct(this.story, this.trace, id);
    if (frame === null) this.#later.push(id);
    else this.#add(-1 - id, LINK_TYPE.ethernet, segment.depart, frame.bytes, frame.bytes.length);
  }

  #add(from: number, linkType: number, t: number, bytes: Uint8Array, size: number): void {
    let iface = this.#interfaces.findIndex((one) => one.linkType === linkType);
    if (iface < 0) {
      const one: CaptureInterface = { section: 0, linkType, snapLength: 0, name: 'looplab', description: '', filter: '', os: '', resolution: SECOND, offset: 0 };
      iface = this.#interfaces.push(one) - 1;
      this.#indexer.interface(one);
    }
    const time = startedAt(this.trace) + t;
    const seconds = Math.floor(time / SECOND);
    this.#indexer.packet(iface, seconds, Math.round((time - seconds * SECOND) * 1000), bytes, 0, bytes.length, Math.max(size, bytes.length), 0, '');
    this.#from.push(from);
  }

  #bytes(number: number): Uint8Array {
    const from = this.#from[number] ?? 0;
    return from >= 0 ? this.trace.payload(from) : reconstruct(this.story, this.trace, -1 - from)?.bytes ?? NO_BYTES;
  }
}
