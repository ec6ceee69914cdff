import { describe, expect, it } from 'vitest';
import { TCP_FLAGS } from '../../codec/tcp/codec';
import { codec as udp } from '../../codec/udp/codec';
import { codec as ipv4 } from '../../codec/ipv4/codec';
import { frame, indexed, segmentFrame, type Frame } from '../index/frames.fixture';
import type { Chosen } from './chosen';
import { conversations, endpoints } from './conversations';
import { hierarchy } from './hierarchy';
import { ioGraph } from './ioGraph';
import { atOnce } from './sliced';

const CLIENT = ['10.0.0.1', 40_000] as const;
const SERVER = ['10.0.0.2', 80] as const;

const tcp = (from: typeof CLIENT | typeof SERVER, time: number, length = 0): Frame => ({
  time, bytes: segmentFrame({ from, to: from === CLIENT ? SERVER : CLIENT, tcp: { flags: TCP_FLAGS.ACK, sequence: 1, acknowledgment: 1 }, payload: new Uint8Array(length) }),
});

function query(time: number): Frame {
  const network = { source: '10.0.0.1', destination: '10.0.0.3' };
  return { time, bytes: frame(0x0800, ipv4.encode({ ...network, protocol: 17 }, udp.encode({ sourcePort: 5000, destinationPort: 53 }, new Uint8Array(20), { network }), {})) };
}

const arp = (time: number): Frame => ({ time, bytes: frame(0x0806, Uint8Array.of(0, 1, 8, 0, 6, 4, 0, 1, ...new Uint8Array(20)), '02:00:00:00:00:09', 'ff:ff:ff:ff:ff:ff') });

const capture = () => indexed([arp(0), tcp(CLIENT, 0.5), tcp(SERVER, 0.6, 1000), query(1.2), tcp(CLIENT, 2.5)]);
const only = (...packets: number[]): Chosen => ({ count: packets.length, at: (position) => packets[position] ?? 0 });

describe('the tables of a capture', () => {
  it('count conversations each way, with their begin and end', () => {
    expect(atOnce(conversations(capture(), 'tcp', null))).toEqual([
      { flow: 1, kind: 'tcp', a: { address: '10.0.0.1', port: 40_000 }, b: { address: '10.0.0.2', port: 80 }, packets: [2, 1], bytes: [108, 1054], start: 500_000_000, end: 2_500_000_000 },
    ]);
    expect(atOnce(conversations(capture(), 'ip', null)).map(({ a, b, packets }) => [a.address, b.address, packets])).toEqual([['10.0.0.1', '10.0.0.2', [2, 1]], ['10.0.0.1', '10.0.0.3', [1, 0]]]);
    expect(atOnce(conversations(capture(), 'ethernet', null)).map(({ a, b, packets }) => [a.address, b.address, packets])).toEqual([
      ['02:00:00:00:00:09', 'ff:ff:ff:ff:ff:ff', [1, 0]], ['02:00:00:00:00:01', '02:00:00:00:00:02', [4, 0]],
    ]);
  });

  it('count only what a filter chose', () => {
    expect(atOnce(conversations(capture(), 'udp', only(1, 2)))).toEqual([]);
    expect(atOnce(conversations(capture(), 'tcp', only(2)))).toMatchObject([{ packets: [0, 1], start: 600_000_000, end: 600_000_000 }]);
  });

  it('count endpoints by what they sent and received', () => {
    expect(atOnce(endpoints(capture(), 'ip', null))).toEqual([
      { address: '10.0.0.1', port: null, packets: 4, bytes: 1224, sent: 170, received: 1054 },
      { address: '10.0.0.2', port: null, packets: 3, bytes: 1162, sent: 1054, received: 108 },
      { address: '10.0.0.3', port: null, packets: 1, bytes: 62, sent: 0, received: 62 },
    ]);
  });

  it('nest protocols, by columns or as somebody tells', () => {
    const { table, flows } = capture();
    expect(atOnce(hierarchy(table, flows, [1], null))).toEqual([{
      protocol: 'eth', packets: 5, bytes: 1266, endPackets: 0, children: [
        { protocol: 'ip', packets: 4, bytes: 1224, endPackets: 0, children: [{ protocol: 'tcp', packets: 3, bytes: 1162, endPackets: 3, children: [] }, { protocol: 'udp', packets: 1, bytes: 62, endPackets: 1, children: [] }] },
        { protocol: 'arp', packets: 1, bytes: 42, endPackets: 1, children: [] },
      ],
    }]);
    expect(atOnce(hierarchy(table, flows, [1], only(3), () => ['eth', 'ip', 'udp', 'dns']))).toMatchObject([{ children: [{ children: [{ children: [{ protocol: 'dns', endPackets: 1 }] }] }] }]);
  });

  it('count packets and bytes in intervals, all and those of a filter, and widen intervals that are too many', () => {
    const { table } = capture();
    const [packets, bytes, filter] = atOnce(ioGraph(table, 1e9, [{ count: 1, at: () => 3 }]));
    expect(packets).toEqual({ name: 'packets', unit: 'packets', x: [0, 1e9, 2e9], y: [3, 1, 1], packets: [] });
    expect(bytes?.y).toEqual([1150, 62, 54]);
    expect(filter?.y).toEqual([0, 1, 0]);
    const fine = atOnce(ioGraph(table, 1, []))[0];
    expect(fine?.x.length).toBeLessThanOrEqual(10_000);
    expect(fine?.y.reduce((sum, count) => sum + count, 0)).toBe(5);
    expect(atOnce(ioGraph(indexed([]).table, 1e9, []))).toEqual([]);
  });
});
