// Does with a capture in memory all that its user can: open, dissect each packet, every table and graph, follow, exchanges, ladder, filters both
// ways, save and reopen. Throws where an answer contradicts another one, and what the code under test throws. Test code only.

import { KeyLog } from '../../shared/codec/tls/decrypt/keyLog';
import { walkFields } from '../../shared/codec/field';
import { matches } from '../../shared/filter/evaluate';
import { fieldSourceOf } from '../../shared/filter/fieldSource';
import { parseFilter } from '../../shared/filter/parse';
import { TcpAnalyser } from '../../shared/packets/analysis/tcpAnalyser';
import { openBytes } from '../../shared/packets/dissection/captured.fixture';
import { createDissector } from '../../shared/packets/dissection/dissector';
import { DISSECTION_LIMITS } from '../../shared/packets/dissection/limits';
import { PacketFields } from '../../shared/packets/dissection/packetFields';
import { CaptureError } from '../../shared/packets/file/captureError';
import { CaptureReader } from '../../shared/packets/file/captureReader';
import { PcapngWriter } from '../../shared/packets/file/captureWriter';
import type { DissectedPacket, PacketDissector } from '../../shared/packets/dissector';
import { MOST_TABLE_ROWS } from '../../shared/packets/tables/limits';
import { storyOfPackets } from '../../shared/trace/packetsStory/packetsStory';
import { eventJson } from '../../shared/trace/eventJson';
import { textLadder } from '../../shared/trace/textLadder';
import { flowPackets } from '../../electron/packets/session/flowPackets';
import { followFlow } from '../../electron/packets/session/followFlow';
import { CaptureExchanges } from '../../shared/packets/exchanges/captureExchanges';
import { listExchanges } from '../../electron/packets/session/listExchanges';
import { Breath } from '../../electron/packets/session/breath';
import { tableAnswer, type TableQuestion } from '../../electron/packets/session/tables';
import { filterAsked, filterTest } from '../../electron/packets/session/viewFilter';

type Opened = ReturnType<typeof openBytes>;

/** By columns alone, by headers, by what only a dissection tells. */
const FILTERS = [
  'tcp.flags.syn == 1 and tcp.window_size > 1000', 'ip.addr == 10.0.0.0/8 or ipv6', 'tcp.analysis.flags', 'udp.port in {53, 67..69}', 'frame contains "GET"', 'http or dns or tls.record.version', '!(tcp) and frame.len < 100',
  'eth.src[0:3] == 00:00:00', 'http.host matches "ex" or frame matches "M.IL"', 'tcp.len > 0 and tcp.stream < 5',
];
/** Flows that are followed and drawn, packets that are dissected out of order and that are filtered, nodes of a packet's trees: twice what is promised is wrong. */
const MOST = { flows: 12, again: 20, filtered: 200, nodes: 2 * DISSECTION_LIMITS.treeItems } as const;

const always = (): Breath => new Breath(() => true);

/** Packets of the capture, or the reason why it is refused. */
export async function useCapture(file: Uint8Array): Promise<number | string> {
  let opened: Opened;
  try {
    opened = openBytes(file);
  } catch (thrown) {
    if (!(thrown instanceof CaptureError) || thrown.message === '') throw thrown;
    return thrown.message;
  }
  const { table, flows, facts } = opened;
  if (facts.damage !== null && (facts.damage.why === '' || facts.damage.offset > file.length)) throw new Error(`damage at ${facts.damage.offset} of ${file.length}: ${facts.damage.why}`);
  const analyser = new TcpAnalyser(table, flows);
  while (!analyser.advance(table.count, 4096));
  const dissector = createDissector({ ...opened, lookAhead: true });
  dissectAll(opened, dissector);
  filterAll(opened, dissector);
  await tables(opened, dissector);
  await streams(opened);
  ladder(opened);
  saved(opened);
  return table.count;
}

function dissectAll({ table }: Opened, dissector: ReturnType<typeof createDissector>): void {
  const protocols: string[] = [];
  for (let number = 0; number < table.count; number++) {
    const packet = dissector.dissect(number);
    dissector.displayed(number);
    let nodes = 0;
    for (const { tree, source } of packet.layers) {
      const size = packet.sources[source]?.bytes.length ?? -1;
      for (const { node } of walkFields(tree)) {
        nodes++;
        if (!(node.start >= 0 && node.length >= 0 && node.start + node.length <= size)) throw new Error(`packet ${number + 1}: ${node.name} lies at ${node.start}, ${node.length} B, of ${size}`);
      }
    }
    if (nodes > MOST.nodes) throw new Error(`packet ${number + 1} has ${nodes} fields`);
    const fields = new PacketFields(packet);
    for (const name of fields.names) fields.texts(name);
    protocols.push(packet.layers.map(({ protocol }) => protocol).join(':'));
  }
  // Asked for anew and out of order: the same headers at least.
  const again = Math.min(table.count, MOST.again);
  for (let n = 0; n < again; n++) {
    const number = (n * 7919) % table.count;
    const chain = dissector.dissect(number).layers.map(({ protocol }) => protocol).join(':');
    if (chain.split(':', 2).join() !== (protocols[number] ?? '').split(':', 2).join()) throw new Error(`packet ${number + 1} is ${protocols[number] ?? ''}, and asked for again ${chain}`);
  }
}

/** Columns and plain headers must say what the dissection does. */
function filterAll({ table, flows, facts, packets }: Opened, dissector: PacketDissector): void {
  const columns = { table, flows, analysed: () => true };
  let last: DissectedPacket | null = null;
  const dissect = (packet: number): DissectedPacket => (last?.number === packet ? last : (last = dissector.dissect(packet)));
  const tests = FILTERS.map((text) => {
    const [parsed, quick] = [parseFilter(text), filterTest(text, (filter) => filterAsked(filter, columns, dissect, { table, flows, facts, packets }))];
    if ('error' in parsed || 'error' in quick || quick.test === null) throw new Error(`${text} is no filter`);
    return { text, quick: quick.test, filter: parsed.ok };
  });
  const step = Math.ceil(table.count / MOST.filtered) || 1;
  for (let packet = 0; packet < table.count; packet += step) {
    const { layers, sources } = dissect(packet);
    const source = fieldSourceOf(layers, sources.map(({ bytes }) => bytes));
    for (const { text, quick, filter } of tests) if (quick(packet) !== matches(filter, source)) throw new Error(`packet ${packet + 1}: ${text} is ${quick(packet)} by columns, and not by fields`);
  }
}

async function tables({ indexer, table, flows, facts, packets }: Opened, dissector: PacketDissector): Promise<void> {
  const dissect = (packet: number): DissectedPacket => dissector.dissect(packet);
  const columns = { table, flows, analysed: () => true };
  const parts = {
    index: indexer, linkTypes: facts.interfaces.map(({ linkType }) => linkType), dissect: () => dissect, named: (address: string) => address,
    fits: (text: string) => {
      const made = filterTest(text, (filter) => filterAsked(filter, columns, dissect, { table, flows, facts, packets }));
      if ('error' in made) throw new Error(made.error.message);
      return made.test;
    },
  };
  const kinds = ['ethernet', 'ip', 'tcp', 'udp'] as const;
  const questions: TableQuestion[] = [
    ...['', 'tcp'].flatMap((filter) => kinds.flatMap((kind): TableQuestion[] => [{ name: 'conversations', kind, filter, most: MOST_TABLE_ROWS }, { name: 'endpoints', kind, filter }])),
    { name: 'hierarchy', filter: '' }, { name: 'hierarchy', filter: 'udp' }, { name: 'ioGraph', request: { interval: 1000, filters: ['', 'tcp'] } }, { name: 'ioGraph', request: { interval: 1e9, filters: [] } }, { name: 'count', filters: ['', 'tcp'] },
    ...Array.from({ length: Math.min(flows.count, MOST.flows) }, (_, n) => n + 1).flatMap((flow) => (['sequence', 'throughput', 'rtt', 'window'] as const).flatMap((kind) => (['up', 'down'] as const).map((dir): TableQuestion => ({ name: 'graph', flow, dir, kind })))),
  ];
  for (const question of questions) JSON.stringify(await tableAnswer(question, parts, always()));
}

async function streams({ indexer, table, flows, facts, packets }: Opened): Promise<void> {
  const keys = new KeyLog();
  keys.add(facts.keyLog);
  for (let flow = 1; flow <= Math.min(flows.count, MOST.flows); flow++) {
    const parts = { index: indexer, keys, decodeAs: new Map(), packets: flowPackets(indexer, flow), bytes: (packet: number) => packets.bytes(packet), time: () => 0, named: (address: string) => address };
    const udp = await followFlow(flow, 'udp', null, parts, always()).catch(unlessOther);
    const tcp = udp ?? await followFlow(flow, 'tcp', null, parts, always()).catch(unlessOther);
    for (const layer of tcp?.layers ?? []) if (layer !== 'tcp' && layer !== 'udp') await followFlow(flow, layer, null, parts, always());
  }
  await listExchanges(new CaptureExchanges({ table, flows, packets, keys, decodeAs: new Map() }), (packet) => packet % 2 === 1, always());
}

/** A flow that has no such stream says so. */
function unlessOther(thrown: unknown): null {
  if (typeof thrown === 'object' && thrown !== null && 'code' in thrown && thrown.code === 'FLOW_LAYER') return null;
  throw thrown;
}

function ladder({ table, facts, packets }: Opened): void {
  const taken = Array.from({ length: table.count }, (_, number) => {
    const { chunk, row } = table.locate(number);
    return { t: (chunk.seconds[row] ?? 0) * 1e6 + (chunk.nanos[row] ?? 0) / 1000, linkType: facts.interfaces[chunk.iface[row] ?? 0]?.linkType ?? 1, bytes: packets.bytes(number), size: chunk.wire[row] ?? 0 };
  });
  const { story, trace } = storyOfPackets(taken);
  textLadder(story, trace);
  for (let seq = 0; seq < trace.count; seq += 1 + Math.floor(trace.count / 200)) JSON.stringify(eventJson(trace, story, seq, { payload: true }));
}

/** Written again it is whole, and has the same packets. */
function saved({ table, facts, packets }: Opened): void {
  const writer = new PcapngWriter('test');
  for (const one of facts.interfaces) writer.interface(one);
  const lengths: number[] = [];
  for (let number = 0; number < table.count; number++) {
    const { chunk, row } = table.locate(number);
    const bytes = packets.bytes(number);
    lengths.push(bytes.length);
    writer.packet(chunk.iface[row] ?? 0, chunk.seconds[row] ?? 0, chunk.nanos[row] ?? 0, bytes, 0, bytes.length, chunk.wire[row] ?? 0);
  }
  let count = 0;
  const reader = new CaptureReader({ interface: () => undefined, packet: (_iface, _seconds, _nanos, _bytes, _start, captured) => {
    if (captured !== lengths[count]) throw new Error(`packet ${count + 1} has ${captured} B after it was saved, ${lengths[count] ?? 0} before`);
    count++;
  } });
  if (table.count > 0 || facts.interfaces.length > 0) reader.push(writer.take());
  else return;
  const { damage } = reader.end();
  if (damage !== null || count !== table.count) throw new Error(`saved ${table.count} packets, found ${count}: ${damage?.why ?? 'whole'}`);
}
