// Fields of a plain TCP or UDP packet read where they stand in its bytes, and TCP's numbers from the analysis, without dissecting it: what filters ask of
// headers beyond the columns, of a million packets in a second. What is not plain - tags, tunnels, fragments, extension headers - is left to the dissection.

import type { FieldOccurrence, FieldSource, Filter, FilterValue } from '../../filter/filter';
import { filterFields } from '../../filter/parse';
import { STAND_INS } from '../../codec/standIns';
import type { TcpNumbers } from '../analysis/tcpAnalysis';
import { TcpNumbersReader } from '../analysis/tcpNumbers';
import type { CaptureFacts } from '../captureFacts';
import type { PacketBytes } from '../dissector';
import type { FlowTable } from '../flows/flowTable';
import { KIND } from '../index/linkHeader';
import { u16, u32 } from '../index/numbers';
import type { PacketTable } from '../packetTable';
import { ETHERNET_LENGTH as ETHERNET, PlainPacket } from '../plain/plainPacket';
import { windowOf, type PacketWindow } from './packetWindow';
import { quickPredicate, type QuickPredicate } from './quickPredicate';

export interface QuickInput {
  readonly table: PacketTable;
  readonly flows: FlowTable;
  readonly facts: Pick<CaptureFacts, 'interfaces'>;
  readonly packets: PacketBytes;
  /** The same bytes for who goes through them in order. */
  readonly window?: PacketWindow;
}

const NO_BYTES = new Uint8Array(0);
const NONE: readonly FieldOccurrence[] = [];

/** The packet that is asked about, with what the analysis says of its numbers. */
class Here extends PlainPacket {
  readonly #numbers: TcpNumbersReader;

  constructor({ table, flows, facts }: QuickInput, window: PacketWindow) {
    super(table, facts, window);
    this.#numbers = new TcpNumbersReader(table, flows);
  }

  numbers(): TcpNumbers | null {
    return this.#numbers.numbers(this.number);
  }
}

/** Null: it is not there. Undefined: only the dissection can tell. */
type Read = (here: Here) => FilterValue | null | undefined;

const byte = (from: number) => ({ bytes, at }: Here): number => bytes[at + from] ?? 0;
/** In a header whose place is fixed, and where its place is known. */
const fixed = (from: number) => ({ bytes, at }: Here): number => u16(bytes, at + from);
const word = ({ bytes }: Here, at: number): number => u16(bytes, at);
const v4 = (read: Read): Read => (here) => (here.version === 4 ? read(here) : null);
const v6 = (read: Read): Read => (here) => (here.version === 6 ? read(here) : null);
const tcp = (read: Read): Read => (here) => (here.kind === KIND.tcp ? read(here) : null);
const udp = (read: Read): Read => (here) => (here.kind === KIND.udp ? read(here) : null);
const part = (from: number, to: number): Read => ({ bytes, at }) => bytes.subarray(at + from, at + to);
const number = (of: (numbers: TcpNumbers) => number | null): Read => tcp((here) => {
  const numbers = here.numbers();
  return numbers === null ? undefined : of(numbers) ?? undefined;
});
/** Where nothing is acknowledged, the number as it stands there. */
const acknowledgment: Read = tcp((here) => {
  const numbers = here.numbers();
  return numbers === null ? undefined : numbers.acknowledgment ?? u32(here.bytes, here.transport + 8);
});
const carried = ({ bytes, payload, end }: Here): Uint8Array | null => (end > payload ? bytes.subarray(payload, end) : null);
const one: Read = () => 1;

/** By Wireshark's names. */
const READS: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['frame', one], ['eth', one], ['ip', v4(one)], ['ipv6', v6(one)], ['tcp', tcp(one)], ['udp', udp(one)],
  ['eth.dst', part(0, 6)], ['eth.src', part(6, 12)], ['eth.type', fixed(12)],
  ['ip.version', v4(() => 4)], ['ip.hdr_len', v4((here) => (byte(ETHERNET)(here) & 15) * 4)], ['ip.dsfield', v4(byte(ETHERNET + 1))], ['ip.dsfield.dscp', v4((here) => byte(ETHERNET + 1)(here) >> 2)],
  ['ip.dsfield.ecn', v4((here) => byte(ETHERNET + 1)(here) & 3)], ['ip.len', v4((here) => fixed(ETHERNET + 2)(here) || undefined)], ['ip.id', v4(fixed(ETHERNET + 4))],
  ['ip.flags.df', v4((here) => (byte(ETHERNET + 6)(here) >> 6) & 1)], ['ip.flags.mf', v4((here) => (byte(ETHERNET + 6)(here) >> 5) & 1)], ['ip.ttl', v4(byte(ETHERNET + 8))], ['ip.proto', v4(byte(ETHERNET + 9))],
  ['ip.checksum', v4(fixed(ETHERNET + 10))], ['ip.src', v4(part(ETHERNET + 12, ETHERNET + 16))], ['ip.dst', v4(part(ETHERNET + 16, ETHERNET + 20))],
  ['ipv6.version', v6(() => 6)], ['ipv6.plen', v6((here) => fixed(ETHERNET + 4)(here) || undefined)], ['ipv6.nxt', v6(byte(ETHERNET + 6))], ['ipv6.hlim', v6(byte(ETHERNET + 7))], ['ipv6.src', v6(part(ETHERNET + 8, ETHERNET + 24))],
  ['ipv6.dst', v6(part(ETHERNET + 24, ETHERNET + 40))],
  ['tcp.srcport', tcp((here) => word(here, here.transport))], ['tcp.dstport', tcp((here) => word(here, here.transport + 2))], ['tcp.hdr_len', tcp(({ bytes, transport }) => ((bytes[transport + 12] ?? 0) >> 4) * 4)],
  ['tcp.checksum', tcp((here) => word(here, here.transport + 16))], ['tcp.urgent_pointer', tcp((here) => word(here, here.transport + 18))], ['tcp.window_size_value', tcp((here) => word(here, here.transport + 14))],
  ['tcp.seq', number(({ sequence }) => sequence)], ['tcp.nxtseq', number(({ nextSequence }) => nextSequence)], ['tcp.ack', acknowledgment], ['tcp.window_size', number(({ windowSize }) => windowSize)],
  ['tcp.len', tcp(({ payload, end }) => end - payload)], ['tcp.payload', tcp(carried)],
  ['udp.srcport', udp((here) => word(here, here.transport))], ['udp.dstport', udp((here) => word(here, here.transport + 2))], ['udp.length', udp((here) => word(here, here.transport + 4))],
  ['udp.checksum', udp((here) => word(here, here.transport + 6))], ['udp.payload', udp(carried)],
]);
const PROTOCOLS: ReadonlySet<string> = new Set(['eth', 'ip', 'ipv6', 'tcp', 'udp']);
/** The fields that one stands for with their values; null: it stands for itself. */
const pairOf = (name: string): readonly string[] | null => {
  const standIn = STAND_INS.get(name);
  return standIn?.as === 'same' ? standIn.of : null;
};
type Span = readonly [from: number, to: number];

/** From where to where what is searched lies: of a protocol all that it carries. Null: it is not there. Undefined: only the dissection can tell. */
const SEARCHED: ReadonlyMap<string, (here: Here) => Span | null | undefined> = new Map<string, (here: Here) => Span | null | undefined>([
  ['frame', ({ at, captured }) => [at, captured]], ['eth', ({ at, captured }) => [at, captured]],
  ['ip', ({ at, version, kind, end }) => (version !== 4 ? null : kind === KIND.tcp ? [at + ETHERNET, end] : undefined)], ['ipv6', ({ at, version, kind, end }) => (version !== 6 ? null : kind === KIND.tcp ? [at + ETHERNET, end] : undefined)],
  ['tcp', ({ kind, transport, end }) => (kind === KIND.tcp ? [transport, end] : null)], ['udp', ({ kind, transport, end }) => (kind === KIND.udp ? [transport, end] : null)],
  ['tcp.payload', ({ kind, payload, end }) => (kind === KIND.tcp && end > payload ? [payload, end] : null)], ['udp.payload', ({ kind, payload, end }) => (kind === KIND.udp && end > payload ? [payload, end] : null)],
]);

/** A filter that can be asked so; null: some of it needs the dissection of every packet. */
export function quickFilter(filter: Filter, input: QuickInput): QuickFilter | null {
  const names = filterFields(filter).flatMap((name) => pairOf(name) ?? [name]);
  return names.every((name) => READS.has(name)) ? new QuickFilter(filter, input) : null;
}

class QuickFilter implements FieldSource {
  /** Something was asked that only the dissection can tell. */
  #unsure = false;
  readonly #here: Here;
  readonly #window: PacketWindow;
  readonly #test: QuickPredicate;
  /** Every packet is a frame, whatever is in it. */
  readonly #anyFrame: boolean;

  /** A protocol is there; its bytes as a value the dissection knows. */
  readonly #protocol: FieldOccurrence;

  constructor(filter: Filter, input: QuickInput) {
    const asked = (): void => void (this.#unsure = true);
    this.#protocol = {
      value: 1, layer: 1,
      get bytes() {
        asked();
        return NO_BYTES;
      },
    };
    this.#window = input.window ?? windowOf(input.packets);
    this.#here = new Here(input, this.#window);
    this.#anyFrame = filterFields(filter).every((name) => name === 'frame');
    this.#test = quickPredicate(filter, { reads: (name) => this.#reads(name), within: (name, wanted) => this.#within(name, wanted), source: this });
  }

  /** Whether a packet fits; null: it must be dissected. */
  fits(packet: number): boolean | null {
    if (this.#anyFrame) this.#here.frame(packet);
    else if (!this.#here.place(packet)) return null;
    this.#unsure = false;
    const fits = this.#test();
    return this.#unsure ? null : fits;
  }

  #reads(name: string): readonly (() => FilterValue | null)[] | null {
    if (PROTOCOLS.has(name)) return null;
    const reads = (pairOf(name) ?? [name]).flatMap((one) => READS.get(one) ?? []);
    return reads.map((read) => () => {
      const value = read(this.#here);
      if (value === undefined) this.#unsure = true;
      return value ?? null;
    });
  }

  #within(name: string, wanted: Uint8Array): QuickPredicate | null {
    const span = SEARCHED.get(name);
    if (span === undefined) return null;
    const lies = this.#window.finder(wanted);
    return () => {
      const place = span(this.#here);
      if (place === undefined) this.#unsure = true;
      return place !== undefined && place !== null && lies(place[0], place[1]);
    };
  }

  occurrences(name: string): readonly FieldOccurrence[] {
    const pair = pairOf(name);
    if (pair !== null) return pair.flatMap((each) => this.occurrences(each));
    const value = READS.get(name)?.(this.#here);
    if (value === undefined) this.#unsure = true;
    if (value === undefined || value === null) return NONE;
    if (PROTOCOLS.has(name)) return [this.#protocol];
    return [{ value, bytes: name === 'frame' ? this.#here.bytes.subarray(this.#here.at, this.#here.captured) : value instanceof Uint8Array ? value : NO_BYTES, layer: 1 }];
  }

  carried(name: string): readonly FieldOccurrence[] {
    if (READS.get(name)?.(this.#here) === null) return NONE;
    const span = SEARCHED.get(name)?.(this.#here) ?? undefined;
    if (span === undefined) this.#unsure = true;
    return span === undefined ? NONE : [{ value: 1, bytes: this.#here.bytes.subarray(span[0], span[1]), layer: 1 }];
  }

  layers(): number {
    return 1;
  }
}

/** The fields that are read so, for tests. */
export const QUICK_FIELDS: readonly string[] = [...READS.keys(), ...[...STAND_INS.keys()].filter((name) => pairOf(name)?.every((one) => READS.has(one)) === true)];
