// The state of one TCP connection while its packets are read in order: its streams, and what they told about each packet. Fed by
// dissector.ts with what the packet table says; keeps outcomes only as long as they are asked for.

import { standingFor, type KnownPorts } from '../../codec/dissect';
import { recognize } from '../../codec/recognize';
import type { Codings } from '../../codec/http/codings';
import type { KeyLog } from '../../codec/tls/decrypt/keyLog';
import { TCP_FLAGS } from '../../codec/tcp/codec';
import type { DecodeAs } from '../decodeAs';
import { TcpReassembly, type PayloadOf, type PlacedSegment, type StreamDir, type TcpSegment } from '../reassembly/tcpStream';
import { DISSECTION_LIMITS } from './limits';
import { StreamLevel, type Connection } from './streams/level';
import { DetectReader } from './streams/detect';
import { Outcome } from './streams/outcome';

/** What became of one packet of a connection. */
export interface PacketStreams {
  readonly outcome: Outcome;
  readonly placed: PlacedSegment;
  /** In the direction of the client: 'up'. */
  readonly dir: StreamDir;
}

/** A connection that is read from its middle on, of which all before was data that came in order. */
export interface Joined {
  /** As FlowStreams.client. */
  readonly client: StreamDir | null;
  /** There were bytes before. */
  readonly late: boolean;
  /** Of each of the table's directions the number of its next byte, and the highest that the other end acknowledged; null: nothing was seen of it. */
  readonly bases: Readonly<Record<StreamDir, { readonly sequence: number; readonly acknowledged: number } | null>>;
}

export class FlowStreams {
  readonly #reassembly: TcpReassembly;
  readonly #level: StreamLevel;
  #client: StreamDir | null;
  /** Packets whose messages are not whole, by direction; they learn where theirs ends. */
  readonly #open: Readonly<Record<StreamDir, Outcome[]>> = { up: [], down: [] };
  /** Ports of the first end (table's 'up') and the second. */
  readonly #ports: readonly [number, number];

  /** `payloadOf`: as TcpReassembly; `known`: ports that stand for others; `decodeAs`: what somebody said that ports speak; `codings`: of HTTP, that can be undone besides its own. */
  constructor(keys: KeyLog, ports: readonly [number, number], payloadOf: PayloadOf, known: KnownPorts = new Map(), decodeAs: DecodeAs = new Map(), joined: Joined | null = null, codings?: Codings) {
    this.#ports = ports;
    this.#reassembly = new TcpReassembly(payloadOf);
    const [a, b] = ports;
    const claims = standingFor([`tcp.port:${b}`, `tcp.port:${a}`], known);
    const detect: Connection['detect'] = (level, agreed, late) => new DetectReader(level, agreed, late);
    this.#level = new StreamLevel({ keys, claims, detect, ...(codings !== undefined && { codings }) }, 0, (level) => detect(level, decodeAs.get(`tcp.port:${b}`) ?? decodeAs.get(`tcp.port:${a}`) ?? '', joined?.late));
    this.#client = joined?.client ?? null;
    for (const dir of ['up', 'down'] as const) {
      const base = joined?.bases[dir] ?? null;
      if (base !== null) this.#reassembly.join(dir, base.sequence, base.acknowledged);
    }
  }

  get reassembly(): TcpReassembly {
    return this.#reassembly;
  }

  /** Nobody knows what is said, and nothing waits: from here on each segment is data unless something begins with it. */
  get isData(): boolean {
    return this.#level.isData && this.#reassembly.settled;
  }

  /** The direction in the table that the client sends in; null: not yet known. */
  get client(): StreamDir | null {
    return this.#client;
  }

  /** The table's direction as the client's. */
  role(dir: StreamDir): StreamDir {
    return (this.#client ?? 'up') === 'up' ? dir : dir === 'up' ? 'down' : 'up';
  }

  /** The next packet of the connection, in the order of the capture; `dir` as in the table. */
  push(segment: TcpSegment): PacketStreams {
    this.#client ??= this.#clientOf(segment);
    const outcome = new Outcome(segment.packet);
    const placed = this.#reassembly.push(segment);
    for (const event of placed.events) {
      const dir = this.role(event.dir);
      if (event.type === 'bytes') this.#level.push(dir, event.bytes, event.at, outcome, event.packet);
      else if (event.type === 'gap') this.#level.gap(dir, event.at, event.length, outcome);
      else {
        if (!event.reset) outcome.closed = dir;
        this.#level.end(dir, outcome);
      }
    }
    const dir = this.role(segment.dir);
    this.#joined(outcome);
    const open = this.#open[dir];
    if (outcome.open && open.push(outcome) > DISSECTION_LIMITS.segments) open.shift();
    return { outcome, placed, dir };
  }

  /** The capture has no more of the connection: messages that have begun are told as far as they came. `packet`: its last. */
  finish(packet: number): Outcome {
    const outcome = new Outcome(packet);
    this.#level.end('up', outcome);
    this.#level.end('down', outcome);
    return outcome;
  }

  /** Earlier packets of a message that ended here learn of it. */
  #joined(outcome: Outcome): void {
    for (const item of outcome.items) {
      if (item.kind !== 'message' || item.level !== 0 || item.segments.length === 0) continue;
      const parts = new Set(item.segments.map(({ packet }) => packet));
      const open = this.#open[item.dir];
      for (const one of open) if (parts.has(one.packet) && one !== outcome) one.reassembledIn ??= outcome.packet;
      open.splice(0, open.length, ...open.filter((one) => one.reassembledIn === null));
    }
  }

  /** Who connected: the SYN says it, else what the bytes are, else the ports. */
  #clientOf({ dir, flags, bytes }: TcpSegment): StreamDir | null {
    const other = dir === 'up' ? 'down' : 'up';
    if ((flags & TCP_FLAGS.SYN) !== 0) return (flags & TCP_FLAGS.ACK) === 0 ? dir : other;
    if (bytes.length === 0) return null;
    const known = (as: StreamDir): boolean => !['none', 'more'].includes(recognize(bytes.subarray(0, 512), as, null, true));
    if (known('up') !== known('down')) return known('up') ? dir : other;
    const [a, b] = this.#ports;
    return (dir === 'up' ? a : b) >= (dir === 'up' ? b : a) ? dir : other;
  }
}
