import { describe, expect, it } from 'vitest';
import { TcpAnalyser } from '../analysis/tcpAnalyser';
import { TcpNumbersReader } from '../analysis/tcpNumbers';
import { connectionGraph } from '../graphs/connection';
import { CHUNK, PACKET_FLAG } from '../packetTable';
import { conversations } from '../tables/conversations';
import { atOnce } from '../tables/sliced';
import { anInterface, frame, indexed, randomFrames } from './frames.fixture';
import { PacketIndexer } from './packetIndexer';

describe('the indexer of packets', () => {
  it('keeps of each packet what lists and filters need', () => {
    const indexer = new PacketIndexer();
    indexer.interface(anInterface());
    expect(indexer.span).toBeNull();
    const bytes = frame(0x0806, new Uint8Array(28), '02:00:00:00:00:05', 'ff:ff:ff:ff:ff:ff');
    indexer.packet(0, 1_700_000_000, 5, bytes, 0, bytes.length, 60, 4096, 'seen');
    indexer.packet(0, 1_699_999_999, 999_999_999, bytes, 0, bytes.length, 60, 5000, '');
    const { chunk, row } = indexer.table.locate(0);
    expect([chunk.seconds[row], chunk.nanos[row], chunk.offset[row], chunk.captured[row], chunk.wire[row], chunk.flow[row]]).toEqual([1_700_000_000, 5, 4096, 42, 60, 0]);
    expect([0, 1].map((number) => (chunk.flags[number] ?? 0) & PACKET_FLAG.comment)).toEqual([PACKET_FLAG.comment, 0]);
    expect(indexer.links.link(chunk.link[row] ?? 0)).toEqual({ source: '02:00:00:00:00:05', destination: 'ff:ff:ff:ff:ff:ff' });
    expect(indexer.span).toEqual({ first: [1_699_999_999, 999_999_999], last: [1_700_000_000, 5] });
    expect(indexer.table.time(1)).toBe(-1);
    expect(indexer.bytes).toBe(120);
  });

  it('tells many pairs of Ethernet addresses apart', () => {
    const addresses = Array.from({ length: 700 }, (_, n) => `02:00:00:00:${(n >> 8).toString(16).padStart(2, '0')}:${(n & 255).toString(16).padStart(2, '0')}`);
    const { table, links } = indexed([...addresses, ...addresses].map((source) => ({ bytes: frame(0x0806, new Uint8Array(28), source) })));
    expect(links.count).toBe(700);
    for (const [n, source] of addresses.entries()) for (const number of [n, n + 700]) expect(links.link(table.locate(number).chunk.link[number] ?? 0)?.source).toBe(source);
  });

  it('goes on in further chunks', () => {
    const indexer = new PacketIndexer();
    indexer.interface(anInterface());
    const bytes = frame(0x0806, new Uint8Array(28));
    for (let n = 0; n <= CHUNK; n++) indexer.packet(0, n, 0, bytes, 0, bytes.length, bytes.length, 0, '');
    expect([indexer.table.chunks.length, indexer.table.locate(CHUNK).row, indexer.table.time(CHUNK)]).toEqual([2, 0, CHUNK * 1e9]);
    expect(() => indexer.table.locate(CHUNK + 1)).toThrow(RangeError);
  });

  const WIDER = [
    { seconds: 1_700_000_000, offset: 48, captured: 42, wire: 42 }, { seconds: 0xffff_ffff, offset: 0xffff_ffff, captured: 42, wire: 42 },
    { seconds: -5, offset: 0x1_0000_0010, captured: 42, wire: 1514 }, { seconds: 2 ** 40, offset: 9e12, captured: 42, wire: 42 }, { seconds: 7, offset: 9e12 + 1, captured: 40, wire: 60 },
    { seconds: 8, offset: 9e12 + 2, captured: 0x1_0000, wire: 0x1_0000 }, { seconds: 8, offset: 9e12 + 3, captured: 42, wire: 0x1_0001 },
  ];

  it.each([['one by one', WIDER], ['the largest first', [...WIDER].reverse()]])('makes a column wider for a number that does not fit it, and keeps those before: %s', (_, told) => {
    const indexer = new PacketIndexer();
    indexer.interface(anInterface());
    const bytes = frame(0x0806, new Uint8Array(0x1_0000));
    const kept = () => told.slice(0, indexer.table.count).map((_packet, number) => {
      const { chunk, row } = indexer.table.locate(number);
      return { seconds: chunk.seconds[row], offset: chunk.offset[row], captured: chunk.captured[row], wire: chunk.wire[row] };
    });
    for (const { seconds, offset, captured, wire } of told) {
      indexer.packet(0, seconds, 1, bytes, 0, captured, wire, offset, '');
      expect(kept()).toEqual(told.slice(0, indexer.table.count));
    }
  });

  it('stays whole whatever the bytes: every packet of a flow is counted once, and everything that follows runs', () => {
    const index = indexed(randomFrames(63, 3000));
    const { table, flows } = index;
    new TcpAnalyser(table, flows).advance();
    const reader = new TcpNumbersReader(table, flows);
    let counted = 0;
    for (let number = 0; number < table.count; number++) {
      const { chunk, row } = table.locate(number);
      if ((chunk.flow[row] ?? 0) > 0) counted++;
      expect(chunk.flow[row]).toBeLessThanOrEqual(flows.count);
      if (number % 10 === 0) reader.numbers(number);
    }
    let packets = 0;
    for (let number = 1; number <= flows.count; number++) {
      const { a, b, kind } = flows.flow(number);
      packets += a.packets + b.packets;
      if (kind === 'tcp' && number % 5 === 0) for (const graph of ['sequence', 'throughput', 'rtt', 'window'] as const) connectionGraph(table, flows, number, 'up', graph);
    }
    expect(packets).toBe(counted);
    expect(atOnce(conversations(index, 'ip', null)).reduce((sum, { packets: [up, down] }) => sum + up + down, 0)).toBe(counted);
  });
});
