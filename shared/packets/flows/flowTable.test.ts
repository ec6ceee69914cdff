import { describe, expect, it } from 'vitest';
import { TCP_FLAGS } from '../../codec/tcp/codec';
import { createRandom } from '../../base/random';
import { PACKET_FLAG } from '../packetTable';
import { indexed, segmentFrame, type Frame } from '../index/frames.fixture';

const { SYN, ACK, FIN, RST } = TCP_FLAGS;
const CLIENT = ['10.0.0.1', 40_000] as const;
const SERVER = ['10.0.0.2', 80] as const;

type End = readonly [string, number];
const sent = (from: End, to: End, flags: number, sequence: number, acknowledgment = 0, shift?: number): Frame => ({
  bytes: segmentFrame({ from, to, tcp: { flags, sequence, acknowledgment, ...(shift === undefined ? {} : { options: [{ kind: 'windowScale', shift }] }) } }),
});
const up = (...rest: [flags: number, sequence: number, acknowledgment?: number, shift?: number]): Frame => sent(CLIENT, SERVER, ...rest);
const down = (...rest: [flags: number, sequence: number, acknowledgment?: number, shift?: number]): Frame => sent(SERVER, CLIENT, ...rest);

const flowsOf = (frames: readonly Frame[]): number[] => {
  const { table } = indexed(frames);
  return Array.from({ length: table.count }, (_, number) => table.locate(number).chunk.flow[number] ?? -1);
};

describe('the table of flows', () => {
  it('puts both directions of a connection into one flow and counts them apart', () => {
    const { table, flows } = indexed([up(SYN, 100, 0, 7), down(SYN | ACK, 900, 101, 2), up(ACK, 101, 901), up(ACK, 101, 901)]);
    expect(flows.count).toBe(1);
    const size = (number: number): number => table.locate(number).chunk.wire[number] ?? 0;
    expect(flows.flow(1)).toEqual({
      number: 1, kind: 'tcp', version: 4, stream: 0, first: 0, last: 3, reused: false,
      a: { address: '10.0.0.1', port: 40_000, packets: 3, bytes: size(0) + size(2) + size(3), isn: 100, windowShift: 7 },
      b: { address: '10.0.0.2', port: 80, packets: 1, bytes: size(1), isn: 900, windowShift: 2 },
    });
    const { chunk } = table.locate(1);
    expect([0, 1, 2].map((row) => ((chunk.flags[row] ?? 0) & PACKET_FLAG.reverse) !== 0)).toEqual([false, true, false]);
  });

  it('scales windows only when both SYNs asked for it, and knows nothing of a connection whose beginning it missed', () => {
    expect(indexed([up(SYN, 1, 0, 7), down(SYN | ACK, 5, 2)]).flows.flow(1).a.windowShift).toBe(0);
    expect(indexed([up(ACK, 1, 5)]).flows.flow(1).a).toMatchObject({ windowShift: null, isn: null });
  });

  it('begins a new flow with a SYN of another number', () => {
    expect(flowsOf([up(SYN, 1), down(SYN | ACK, 5, 2), up(SYN, 1), up(SYN, 7_000), down(SYN | ACK, 99, 7_001)])).toEqual([1, 1, 1, 2, 2]);
    expect(flowsOf([up(SYN, 1), down(RST | ACK, 0, 2), up(SYN, 1)])).toEqual([1, 1, 1]);
    expect(flowsOf([up(FIN | ACK, 50, 60), up(SYN, 49), down(SYN | ACK, 2, 50)])).toEqual([1, 1, 1]);
    const turned = indexed([up(SYN, 1), down(SYN | ACK, 5, 2), down(SYN, 9_000), up(SYN | ACK, 7, 9_001), down(ACK, 9_001, 8)]);
    expect(turned.flows.flow(2)).toMatchObject({ a: { address: '10.0.0.2', port: 80, packets: 2 }, b: { address: '10.0.0.1', port: 40_000, packets: 1 } });
    const { flows } = indexed([up(SYN, 1), up(SYN, 2)]);
    expect([flows.flow(1).reused, flows.flow(2).reused, flows.flow(2).stream, flows.ofStream('tcp', 1), flows.ofStream('tcp', 2)]).toEqual([false, true, 1, 2, 0]);
  });

  it('does not take a socket that talks with itself for two ends', () => {
    expect(indexed([sent(CLIENT, CLIENT, SYN, 1), sent(CLIENT, CLIENT, SYN | ACK, 1, 2)]).flows.flow(1)).toMatchObject({ a: { packets: 2 }, b: { packets: 0 } });
  });

  it('never puts two conversations into one flow: equal to a map of texts over many addresses and ports', () => {
    const random = createRandom(7);
    const host = (): string => (random.next() < 0.5 ? `10.0.0.${random.below(12)}` : `fd00::${random.below(12).toString(16)}:0:${random.below(3)}`);
    const pairs = Array.from({ length: 4000 }, () => {
      const from = host();
      const same = from.includes(':');
      let to = host();
      while (to.includes(':') !== same) to = host();
      return [[from, random.below(20)], [to, random.below(20)]] as const;
    });
    const wanted = new Map<string, number>();
    const expected = pairs.map(([from, to]) => {
      const key = [from.join(' '), to.join(' ')].sort().join(' - ');
      if (!wanted.has(key)) wanted.set(key, wanted.size + 1);
      return wanted.get(key);
    });
    expect(flowsOf(pairs.map(([from, to]) => sent(from, to, ACK, 1, 1)))).toEqual(expected);
  });
});
