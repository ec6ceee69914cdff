// Dissects the packets of an open capture: the headers of one packet by the codecs, and around them what the other packets of its flow tell,
// each flow read once while packets are asked for in order. What the columns say of it is columns.ts; the streams are flowStreams.ts.

import { readUint } from '../../base/bytes';
import { dissectFrame, dissectPayload, type DissectedLayer, type KnownPorts } from '../../codec/dissect';
import { countFields } from '../../codec/field';
import type { Codings } from '../../codec/http/codings';
import { KeyLog } from '../../codec/tls/decrypt/keyLog';
import { udpClaims } from '../../codec/udp/claims';
import type { CaptureFacts } from '../captureFacts';
import type { DecodeAs } from '../decodeAs';
import type { AskedFields, DissectedPacket, PacketBytes, PacketDissector, PacketLayer, PacketSource } from '../dissector';
import type { TcpNumbers } from '../analysis/tcpAnalysis';
import { TcpNumbersReader } from '../analysis/tcpNumbers';
import { addressText } from '../flows/flow';
import type { FlowTable } from '../flows/flowTable';
import { KIND } from '../index/linkHeader';
import { PACKET_FLAG, UNSURE, type PacketChunk, type PacketTable } from '../packetTable';
import { ArpDuplicates } from './arpDuplicates';
import { columnsOf } from './columns';
import { DnsReader } from './dnsLinks';
import { EchoReader } from './echoLinks';
import { withEchoTime } from './echoTime';
import { ssdpLinked } from './ssdpLinks';
import { FlowReader } from './flowReader';
import type { PacketStreams } from './flowStreams';
import { FragmentReader } from './fragments';
import { frameLayer } from './frameLayer';
import { DISSECTION_LIMITS } from './limits';
import { withPassiveAddress } from './ftpPassive';
import { withLinks } from './links';
import type { Message, Opened } from './streams/outcome';
import { spokenOf } from './streams/spoken';
import { quotedTcpLayer, tcpLayer } from './tcpLayer';
import { momentOf } from './times';
import { udpLayer } from './udpLayer';
import { unscannedStream } from './unscannedStream';

export interface DissectorInput {
  readonly table: PacketTable;
  readonly flows: FlowTable;
  readonly facts: CaptureFacts;
  readonly packets: PacketBytes;
  /** Lines of a key log, besides those in the file. */
  readonly keyLog?: string;
  /** Keys that may still come. */
  readonly keys?: KeyLog;
  /** True: packets ahead are read to tell where a message ends and what answers it. Left out: what earlier packets tell only, as in one pass. */
  readonly lookAhead?: boolean;
  /** As FlowReader. */
  readonly wholeFlows?: boolean;
  /** As FlowReader. */
  readonly farAnswers?: 'all' | 'prepared';
  /** Ports that stand for well-known ones, as the labs' do; may grow. */
  readonly ports?: KnownPorts;
  /** What somebody said that ports speak. */
  readonly decodeAs?: DecodeAs;
  /** Codings of HTTP that can be undone besides gzip and deflate. */
  readonly codings?: Codings;
}

const UDP_LENGTH = 8;

/** The dissector of an open capture. */
export function createDissector(input: DissectorInput): PacketDissector & { displayed(number: number): void } {
  return new CaptureDissector(input);
}

class CaptureDissector implements PacketDissector {
  readonly #flows: FlowReader;
  readonly #numbers: TcpNumbersReader;
  readonly #fragments: FragmentReader;
  readonly #duplicates: ArpDuplicates;
  readonly #echoes: EchoReader;
  readonly #questions: DnsReader;
  /** The packet that was shown before, for frame.time_delta_displayed. */
  #displayed: number | null = null;

  constructor(private readonly input: DissectorInput) {
    const keys = new KeyLog(input.keys);
    keys.add(input.facts.keyLog);
    keys.add(input.keyLog ?? '');
    this.#flows = new FlowReader(input, keys);
    this.#fragments = new FragmentReader(input);
    this.#duplicates = new ArpDuplicates(input);
    this.#echoes = new EchoReader(input);
    this.#questions = new DnsReader(input);
    this.#numbers = new TcpNumbersReader(input.table, input.flows);
  }

  /** This packet passed the filter: the times of later ones count from it. */
  displayed(number: number): void {
    this.#displayed = number;
  }

  dissect(number: number): DissectedPacket {
    const { builder, streams, numbers } = this.#built(number);
    const { layers } = builder;
    return { number, sources: builder.sources, layers: [this.#frame(number, layers), ...layers], ...columnsOf(layers, streams, numbers?.bits ?? 0) };
  }

  layers(number: number, frame: boolean, asked?: AskedFields): Pick<DissectedPacket, 'layers' | 'sources'> {
    const { builder: { layers, sources } } = this.#built(number, asked);
    return { sources, layers: frame ? [this.#frame(number, layers), ...layers] : layers };
  }

  speaks(number: number): readonly string[] | null {
    const { chunk, row } = this.input.table.locate(number);
    const flow = chunk.flow[row] ?? 0;
    const inStream = isInStream(chunk, row);
    if (!inStream) this.#flows.pass(number);
    if (!inStream || ((chunk.flags[row] ?? 0) & UNSURE) !== 0) return null;
    const { outcome } = this.#flows.streams(number, flow);
    this.#flows.pass(number);
    return spokenOf(outcome);
  }

  before(number: number, most: number): number {
    const { chunk, row } = this.input.table.locate(number);
    return isInStream(chunk, row) ? this.#flows.before(number, chunk.flow[row] ?? 0, most) : 0;
  }

  prepare(number: number, most: number): boolean {
    const { chunk, row } = this.input.table.locate(number);
    return !isInStream(chunk, row) || this.#flows.prepare(number, chunk.flow[row] ?? 0, most);
  }

  #frame(number: number, layers: readonly PacketLayer[]): PacketLayer {
    return { ...frameLayer(this.input.table, this.input.facts, number, chainOf(layers), { displayedBefore: this.#displayed }), source: 0 };
  }

  #built(number: number, asked?: AskedFields): { readonly builder: PacketBuilder; readonly streams: PacketStreams | null; readonly numbers: TcpNumbers | null } {
    const { table, facts, packets, ports, decodeAs } = this.input;
    const { chunk, row } = table.locate(number);
    const bytes = packets.bytes(number);
    const missing = Math.max(0, (chunk.wire[row] ?? 0) - bytes.length);
    const linkType = facts.interfaces[chunk.iface[row] ?? 0]?.linkType ?? -1;
    const flow = chunk.flow[row] ?? 0;
    const inStream = isInStream(chunk, row);
    const builder = new PacketBuilder(bytes);
    if (asked?.headers === false && this.#carried(builder, number, flow, bytes)) return { builder, streams: null, numbers: null };
    const headers = dissectFrame(bytes, linkType, { missing, stopAtStreams: inStream, ...(asked !== undefined && { asks: asked.asks }), ...(ports !== undefined && { ports }), ...(decodeAs !== undefined && { decodeAs }) });
    const at = headers.findIndex((layer) => layer.protocol === 'tcp' && !layer.quoted);
    const tcp = inStream && at >= 0 ? headers[at] : undefined;
    let streams: PacketStreams | null = null;
    let numbers: TcpNumbers | null = null;
    const reads = asked?.streams !== false;
    if (tcp === undefined) this.#datagram(builder, number, flow, headers, bytes, asked);
    else {
      streams = reads && tcp.status.status === 'complete' ? this.#flows.streams(number, flow) : null;
      const joins = streams?.outcome.items.some((item) => item.kind === 'message' && item.level === 0 && item.segments.length > 0) ?? false;
      const told = asked?.asks('tcp') !== false;
      numbers = told ? this.#numbers.numbers(number) : null;
      builder.add([...headers.slice(0, at), !told ? tcp : tcpLayer(tcp, bytes, { stream: this.input.flows.columns.stream[flow] ?? 0, numbers, streams, joins })], 0);
      if (streams === null) builder.add(headers.slice(at + 1), 0);
      else this.#messages(builder, streams, tcp.payload, number);
    }
    // Streams that were not read may be asked for yet.
    if (reads || !inStream) this.#flows.pass(number);
    return { builder, streams, numbers };
  }

  /** What TCP or UDP carries, without their headers. False: the columns do not tell where it lies. */
  #carried(builder: PacketBuilder, number: number, flow: number, bytes: Uint8Array): boolean {
    const { chunk, row } = this.input.table.locate(number);
    const kind = chunk.kind[row];
    const start = chunk.payloadAt[row] ?? 0;
    const within = { start, end: start + (chunk.payload[row] ?? 0) };
    if ((kind !== KIND.tcp && kind !== KIND.udp) || flow === 0 || ((chunk.flags[row] ?? 0) & UNSURE) !== 0 || start < UDP_LENGTH || within.end > bytes.length) return false;
    if (kind === KIND.tcp) this.#messages(builder, this.#flows.streams(number, flow), within, number);
    else if (within.end > start) {
      const { ports, decodeAs } = this.input;
      const claims = udpClaims(readUint(bytes, start - UDP_LENGTH, 2), readUint(bytes, start - UDP_LENGTH + 2, 2));
      const layers = dissectPayload(bytes, claims, { transport: 'udp', missing: 0, quoted: false }, { within, ...(ports !== undefined && { ports }), ...(decodeAs !== undefined && { decodeAs }) });
      builder.add(this.#told(number, flow, layers, bytes, null), 0);
    }
    this.#flows.pass(number);
    return true;
  }

  /** All but TCP: each packet by itself, but for fragments of IP, answers to questions and what the packets of a flow share. */
  #datagram(builder: PacketBuilder, number: number, flow: number, headers: readonly DissectedLayer[], bytes: Uint8Array, asked?: AskedFields): void {
    const whole = this.#fragments.defragmented(number, headers, bytes);
    const own = flow > 0 ? this.input.flows.columns.stream[flow] ?? 0 : null;
    builder.add(this.#told(number, flow, whole?.layers ?? headers, bytes, own, asked), 0);
    if (whole !== null && whole.bytes !== null) builder.defragmented(this.#told(number, flow, [...whole.layers, ...whole.inner], whole.bytes, null).slice(whole.layers.length), whole.bytes);
  }

  /** Layers with what other packets tell of them. `stream`: of the packet's own UDP header; null: by its addresses. */
  #told(number: number, flow: number, layers: readonly DissectedLayer[], bytes: Uint8Array, stream: number | null, asked?: AskedFields): DissectedLayer[] {
    const { flows, table } = this.input;
    return withEchoTime(layers, bytes, () => momentOf(table, number)).map((layer, i) => {
      if (layer.protocol === 'udp' && asked?.asks('udp') === false) return layer;
      if (layer.protocol === 'udp') return udpLayer(layer, bytes, layer.quoted || stream === null ? unscannedStream(flows, layers[i - 1], layer, number) : stream);
      if (layer.protocol === 'tcp' && layer.quoted) return asked?.asks('tcp') === false ? layer : quotedTcpLayer(layer, bytes, unscannedStream(flows, layers[i - 1], layer, number));
      if (layer.quoted) return layer;
      if (layer.protocol === 'dns' || layer.protocol === 'llmnr') return this.#questions.linked(layer, number, flow);
      if (layer.protocol === 'ssdp') return ssdpLinked(layer, number, flow, this.input);
      if (layer.protocol === 'icmp' || layer.protocol === 'icmpv6') return asked?.asks(layer.protocol) === false ? layer : this.#echoes.noted(layer, number);
      return layer.protocol === 'arp' ? this.#duplicates.noted(layer, number) : layer;
    });
  }

  #messages(builder: PacketBuilder, { outcome, placed, dir }: PacketStreams, payload: DissectedLayer['payload'], number: number): void {
    builder.piece(0, dir, placed.at, payload.end - payload.start, 0, payload.start);
    const { items } = outcome;
    const shown = items.slice(0, DISSECTION_LIMITS.messages);
    const room = Math.floor(DISSECTION_LIMITS.treeItems / Math.max(1, shown.length));
    for (const item of shown) {
      if (builder.full) break;
      if (item.kind === 'opened') builder.opened(item, room);
      else builder.message(item, room, this.input.table, () => this.#sender(number));
    }
  }

  /** The address that a packet of a flow came from. */
  #sender(number: number): string {
    const { table, flows } = this.input;
    const { chunk, row } = table.locate(number);
    return addressText(flows.columns, chunk.flow[row] ?? 0, ((chunk.flags[row] ?? 0) & PACKET_FLAG.reverse) === 0 ? 0 : 1);
  }
}

/** What it carries is part of a stream, which is put together before it is read. */
const isInStream = ({ kind, flow }: PacketChunk, row: number): boolean => kind[row] === KIND.tcp && (flow[row] ?? 0) > 0;

/** Wireshark's chain: 'eth:ethertype:ip:tcp:http'. */
function chainOf(layers: readonly DissectedLayer[]): string {
  const names: string[] = [];
  for (const { protocol, quoted } of layers) {
    if (quoted) continue;
    names.push(protocol);
    if (protocol === 'eth' || protocol === 'vlan' || protocol === 'sll') names.push('ethertype');
  }
  return names.join(':');
}

/** Collects the sources and layers of one packet. */
class PacketBuilder {
  readonly sources: PacketSource[];
  readonly layers: PacketLayer[] = [];
  /** Where bytes of streams lie in the sources. */
  readonly #pieces: { readonly level: number; readonly dir: string; readonly at: number; readonly length: number; readonly source: number; readonly start: number }[] = [];
  /** Of the first so many layers. */
  #fields = 0;
  #counted = 0;

  constructor(frame: Uint8Array) {
    this.sources = [{ name: 'frame', bytes: frame }];
  }

  /** No more fields fit. */
  get full(): boolean {
    for (const { tree } of this.layers.slice(this.#counted)) this.#fields += countFields(tree);
    this.#counted = this.layers.length;
    return this.#fields >= DISSECTION_LIMITS.treeItems;
  }

  add(layers: readonly DissectedLayer[], source: number): void {
    for (const layer of layers) this.layers.push({ ...layer, source });
  }

  defragmented(layers: readonly DissectedLayer[], bytes: Uint8Array): void {
    this.add(layers, this.sources.push({ name: 'defragmented', bytes }) - 1);
  }

  piece(level: number, dir: string, at: number, length: number, source: number, start: number): void {
    if (length > 0) this.#pieces.push({ level, dir, at, length, source, start });
  }

  opened(opened: Opened, room: number): void {
    const source = this.sources.push({ name: opened.name, bytes: opened.bytes }) - 1;
    if (opened.content !== null) this.piece(opened.content.level, opened.content.dir, opened.content.at, opened.content.length, source, 0);
    this.add(opened.build(0, room), source);
  }

  message(message: Message, room: number, table: PacketTable, sender: () => string): void {
    const here = this.#pieces.find(({ level, dir, at, length }) => level === message.level && dir === message.dir && at <= message.start && at + length >= message.end);
    const source = here?.source ?? this.sources.push({ name: 'reassembled', bytes: message.bytes }) - 1;
    const base = here === undefined ? 0 : here.start + message.start - here.at;
    const layers = message.build(base, room);
    this.add(layers.map((layer, i) => {
      const linked = i === 0 ? withLinks(layer, message, here === undefined, table) : layer;
      return linked.protocol === 'ftp' ? withPassiveAddress(linked, sender) : linked;
    }), source);
  }
}
