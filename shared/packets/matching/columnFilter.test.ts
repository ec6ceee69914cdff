// What columns say of a filter is what the dissected packets say, or nothing: over frames of every sort, cut and spoilt ones too.

import { beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../base/random';
import { matches } from '../../filter/evaluate';
import { fieldSourceOf } from '../../filter/fieldSource';
import type { FieldSource } from '../../filter/filter';
import { parseFilter } from '../../filter/parse';
import type { CaptureFacts } from '../captureFacts';
import { createDissector } from '../dissection/dissector';
import { anInterface, indexed, pour, randomFrames, segmentFrame, type Frame } from '../index/frames.fixture';
import type { PacketIndexer } from '../index/packetIndexer';
import { CHUNK } from '../packetTable';
import { troubledTraffic } from '../analysis/traffic.fixture';
import type { CaptureColumns } from './captureColumns';
import { ColumnFilter } from './columnFilter';
import { VERDICT } from './verdict';

/** Told by columns alone, where nothing is hidden. */
const CHEAP = [
  'tcp', 'udp', 'icmp', 'icmpv6', 'arp', 'ip', 'ipv6', 'frame', 'not tcp', '!(tcp or udp)', 'tcp xor ip', 'tcp.flags.syn == 1', 'tcp.flags.syn == 1 and tcp.flags.ack == 0', 'tcp.flags & 0x12 == 0x12', 'tcp.flags.reset or tcp.flags.fin',
  'not tcp.flags.ack', 'tcp.flags == 0x18', 'tcp.flags in {2, 16..18}', 'string(tcp.flags) matches "^1"', 'tcp.port == 1001', 'tcp.srcport == 1001', 'udp.dstport in {1000, 1002..1003}', 'tcp.port != 1001', 'all tcp.port > 1001', 'tcp.port === 1001',
  'not udp.port == 1000', 'tcp.dstport > tcp.srcport', 'tcp.port & 1', 'tcp.srcport + 1 == tcp.dstport', 'ip.src == 10.0.0.1', 'ip.addr == 10.0.1.0/24', 'ip.dst != 10.0.0.0/31', 'ip.addr in {10.0.0.2..10.0.1.1}', 'ip.src > 10.0.0.3', 'ip.src == ip.dst',
  'ip.src[3] == 2', 'ipv6.addr == fd00::1:1', 'ipv6.src == fd00::2:0/112', 'ipv6.src[0] == fd', 'string(ip.src) contains "1.2"', 'tcp.stream == 3', 'tcp.stream in {0..9}',
  'frame.number == 7', 'frame.number > 20 and frame.number <= 40', 'frame.number in {1, 5..9}', 'frame.len > 60', 'frame.len > 65535', 'frame.cap_len < 40', 'frame.time_relative > 0.1', 'frame.time_relative == 0.25', 'frame.time_epoch < 0.2', 'frame.time >= "1970-01-01 00:00:00.3 UTC"',
  'tcp.len > 0', 'tcp.len == 0', 'tcp.len in {1, 20}', 'tcp.len == 65495', 'tcp.len <= 65494', 'tcp.seq_raw > 2147483648', 'tcp.ack_raw < 1000000000', 'tcp.window_size_value >= 30000', 'not tcp.seq_raw < 5',
  'ip.addr == 10.0.0.1 && tcp.port == 1002 && tcp.flags.push == 1', 'tcp.port == 1001 or udp.port == 1001 xor frame.len > 100', 'not (ip.src == 10.0.0.1 or ipv6)',
] as const;

/** Some of it is in the bytes. */
const DEAR = [
  'data', 'tcp.payload', 'tcp and data.len > 10', 'tcp.hdr_len > 20', 'udp.length == 8', 'frame contains 01:02', 'ip.ttl == 64', 'http', 'dns or tls', 'http and tcp.port == 1001', 'count(ip.src) == 2', 'max(tcp.port, udp.port) > 1002', 'ip.src#2 == 10.0.0.1',
  'tcp.seq', 'tcp.seq == 0', 'tcp.seq > 1000', 'tcp.options.mss', 'not tcp.options.mss', 'tcp.analysis.flags', 'eth.src == 02:00:00:00:00:01', 'ip contains 05', 'tcp.len + 0 > 5', 'vlan.id == 5', 'ipv6.nxt == 6 and tcp', 'icmp.type == 3', 'not icmp.type == 3', 'icmpv6.type == 135', 'arp.opcode == 1',
] as const;

/** What IPv4 can have, in Ethernet. */
const LARGEST = segmentFrame({ from: ['10.0.0.1', 1001], to: ['10.0.0.2', 80], tcp: { sequence: 1, acknowledgment: 1, flags: 0x10, window: 5 }, payload: new Uint8Array(65_495) });

interface Opened {
  readonly columns: CaptureColumns;
  readonly sources: readonly FieldSource[];
  readonly indexer: PacketIndexer;
}

function open(frames: readonly Frame[]): Opened {
  const indexer = indexed(frames);
  const types = [...new Set(frames.map(({ linkType }) => linkType ?? 1))];
  const facts: CaptureFacts = {
    format: 'pcap', gzip: false, byteOrder: 'little', interfaces: types.map((type) => anInterface(type)), names: new Map(), keyLog: '', comments: [], hardware: '', os: '', application: '', packetComments: new Map(), packetOptions: 0, custom: [],
    blocks: new Map(), unknownBlocks: new Map(), drops: new Map(), leftOut: [], damage: null,
  };
  const dissector = createDissector({ table: indexer.table, flows: indexer.flows, facts, packets: { bytes: (number) => frames[number]?.bytes ?? new Uint8Array(0) } });
  const sources = frames.map((_, number) => {
    const packet = dissector.dissect(number);
    return fieldSourceOf(packet.layers, packet.sources.map(({ bytes }) => bytes));
  });
  return { columns: { table: indexer.table, flows: indexer.flows, analysed: () => false }, sources, indexer };
}

function filterOf(text: string): Parameters<typeof matches>[0] & object {
  const parsed = parseFilter(text);
  if ('error' in parsed || parsed.ok === null) throw new Error(`${text}: ${'error' in parsed ? parsed.error.message : 'empty'}`);
  return parsed.ok;
}

describe('a filter on columns', () => {
  let random: Opened;
  let traffic: Opened;
  /** Packets that their flows tell of, here and there one that is not, and one whose length is beyond 16 bits. */
  let mixed: Opened;
  beforeAll(() => {
    random = open(randomFrames(11, 500));
    traffic = open(troubledTraffic(3, 12));
    const others = randomFrames(12, 50);
    mixed = open([...troubledTraffic(4, 12).flatMap((frame, n) => [frame, ...others.slice(n / 90, n % 90 === 89 ? n / 90 + 1 : 0)]), { bytes: LARGEST }]);
  });

  it.each([...CHEAP, ...DEAR])('%s', (text) => {
    const filter = filterOf(text);
    for (const { columns, sources } of [random, traffic, mixed]) {
      const told = new ColumnFilter(filter, columns);
      const wrong = sources.flatMap((source, number) => {
        const verdict = told.verdict(number);
        const fits = matches(filter, source);
        return verdict === VERDICT.maybe || (verdict === VERDICT.yes) === fits ? [] : [`packet ${number + 1}: columns say ${verdict === VERDICT.yes ? 'yes' : 'no'}`];
      });
      expect(wrong).toEqual([]);
    }
  });

  it.each(CHEAP)('needs no bytes of whole TCP packets for %s', (text) => {
    const told = new ColumnFilter(filterOf(text), traffic.columns);
    expect(told.cheap).toBe(true);
    expect(traffic.sources.filter((_, number) => told.verdict(number) === VERDICT.maybe)).toEqual([]);
  });

  it('asks the bytes of those only that headers do not exclude', () => {
    const told = new ColumnFilter(filterOf('tcp.dstport == 80 && tcp.flags.push == 1 && http.request'), traffic.columns);
    expect(told.cheap).toBe(false);
    const asked = traffic.sources.flatMap((_, number) => (told.verdict(number) === VERDICT.maybe ? [number] : []));
    const sent = traffic.sources.flatMap((source, number) => (matches(filterOf('tcp.dstport == 80 && tcp.flags.push == 1 && (tcp.len > 0 or tcp.flags.fin == 1 or tcp.flags.reset == 1)'), source) ? [number] : []));
    expect(asked).toEqual(sent);
    expect(asked.length).toBeLessThan(traffic.sources.length / 2);
  });

  it('goes on where packets came since, also into the next chunk', () => {
    const frames = troubledTraffic(5, 3);
    const { columns, indexer } = open(frames);
    const told = new ColumnFilter(filterOf('tcp.port == 80 and tcp.stream >= 1'), columns);
    expect(told.verdict(0)).toBe(VERDICT.no);
    while (indexer.table.count < CHUNK + 10) pour(indexer, frames);
    const fresh = new ColumnFilter(filterOf('tcp.port == 80 and tcp.stream >= 1'), columns);
    for (const packet of [1, frames.length, frames.length + 1, CHUNK - 1, CHUNK, CHUNK + 9]) expect(told.verdict(packet), `packet ${packet}`).toBe(fresh.verdict(packet));
    expect(() => told.verdict(indexer.table.count)).toThrow(RangeError);
  });

  it.each([
    'tcp.flags.syn == 1', 'not tcp', 'ip.src == 10.0.0.1', 'tcp.dstport == 80', 'tcp.len > 0', 'tcp.seq_raw > 2147483648', 'tcp.flags.push == 1 && tcp.port == 80', 'tcp.flags.reset == 1 or ip.dst == 10.0.0.1', 'frame.time_relative < 0.05', 'frame.time_relative >= 0.2',
  ])('tells of packets as they come what it tells of all at once: %s', (text) => {
    const frames = [...randomFrames(13, 150).filter(({ linkType = 1 }) => linkType === 1), ...troubledTraffic(6, 8).filter(({ linkType = 1 }) => linkType === 1), ...randomFrames(14, 40).filter(({ linkType = 1 }) => linkType === 1)];
    const indexer = indexed(frames.slice(0, 1));
    const told = new ColumnFilter(filterOf(text), { table: indexer.table, flows: indexer.flows, analysed: () => false });
    const some = createRandom(9);
    for (let at = 1; at < frames.length;) {
      const more = 1 + some.below(7);
      pour(indexer, frames.slice(at, at + more));
      at += more;
      told.verdict(indexer.table.count - 1);
    }
    const { columns, sources } = open(frames);
    const fresh = new ColumnFilter(filterOf(text), columns);
    const wrong = sources.flatMap((_, number) => (told.verdict(number) === fresh.verdict(number) ? [] : [`packet ${number + 1}`]));
    expect(wrong).toEqual([]);
    expect(sources.some((_, number) => told.verdict(number) === VERDICT.yes)).toBe(true);
  });

  it('takes the analysis when it has run', () => {
    const { columns, sources } = traffic;
    let analysed = false;
    const told = new ColumnFilter(filterOf('tcp.analysis.retransmission'), { ...columns, analysed: () => analysed });
    expect(told.verdict(0)).toBe(VERDICT.maybe);
    const { chunk } = columns.table.locate(0);
    chunk.analysis.fill(0, 0, sources.length);
    chunk.analysis[2] = 1;
    analysed = true;
    expect([0, 1, 2, 3].map((number) => told.verdict(number))).toEqual([VERDICT.no, VERDICT.no, VERDICT.yes, VERDICT.no]);
    chunk.analysis[2] = 0;
  });
});
