import { describe, expect, it } from 'vitest';
import { TCP_FLAGS } from '../../codec/tcp/codec';
import { indexed, segmentFrame, type Frame } from '../index/frames.fixture';
import { connectionGraph } from './connection';
import { MAX_SAMPLES, Samples } from './samples';

const { SYN, ACK } = TCP_FLAGS;
const CLIENT = ['10.0.0.1', 40_000] as const;
const SERVER = ['10.0.0.2', 80] as const;
/** Close below 2^32, so that the numbers go round. */
const BEGIN = 0xffff_ff00;

const said = (from: typeof CLIENT | typeof SERVER, time: number, sequence: number, acknowledgment: number, length = 0, flags: number = ACK): Frame => ({
  time,
  bytes: segmentFrame({
    from, to: from === CLIENT ? SERVER : CLIENT, payload: new Uint8Array(length),
    tcp: { flags, sequence: sequence >>> 0, acknowledgment: acknowledgment >>> 0, window: 1000, options: (flags & SYN) === 0 ? [] : [{ kind: 'windowScale', shift: 2 }] },
  }),
});

const download = () => indexed([
  said(CLIENT, 0, 10, 0, 0, SYN), said(SERVER, 0.01, BEGIN - 1, 11, 0, SYN | ACK), said(CLIENT, 0.02, 11, BEGIN), said(SERVER, 0.03, BEGIN, 11, 500), said(CLIENT, 0.05, 11, BEGIN + 500),
  said(SERVER, 0.06, BEGIN + 500, 11, 500), said(SERVER, 0.4, BEGIN + 500, 11, 500), said(CLIENT, 0.41, 11, BEGIN + 1000),
]);

describe('the graphs of a connection', () => {
  it('draw sequence numbers that go on where the wire begins anew, ACKs, what was sent again, and the edge of the window', () => {
    const { table, flows } = download();
    const [sent, acknowledged, again, edge] = connectionGraph(table, flows, 1, 'down', 'sequence');
    expect(sent).toEqual({ name: 'sequence', unit: 'B', x: [30_000_000, 60_000_000], y: [501, 1001], packets: [3, 5] });
    expect(acknowledged).toMatchObject({ y: [1, 501, 1001], packets: [2, 4, 7] });
    expect(again).toMatchObject({ name: 'retransmission', y: [1001], packets: [6] });
    expect(edge).toMatchObject({ name: 'window', y: [4001, 4501, 5001] });
  });

  it('draw round-trip times (of a segment sent twice: from the first, as Wireshark does) and windows, and count what arrived only once', () => {
    const { table, flows } = download();
    expect(connectionGraph(table, flows, 1, 'down', 'rtt')).toMatchObject([{ unit: 'ns', x: [20_000_000, 50_000_000, 410_000_000], y: [10_000_000, 20_000_000, 350_000_000] }]);
    expect(connectionGraph(table, flows, 1, 'down', 'window')).toMatchObject([{ y: [1000, 4000, 4000, 4000] }]);
    const [throughput, goodput] = connectionGraph(table, flows, 1, 'down', 'throughput');
    const interval = ((throughput?.x[1] ?? 0) - (throughput?.x[0] ?? 0)) / 1e9;
    const total = (y: readonly number[] | undefined): number => Math.round((y ?? []).reduce((sum, rate) => sum + rate * interval, 0));
    expect([total(throughput?.y), total(goodput?.y)]).toEqual([1500, 1000]);
  });

  it('draws nothing of what is no TCP flow', () => {
    const { table, flows } = download();
    expect([connectionGraph(table, flows, 0, 'up', 'rtt'), connectionGraph(table, flows, 2, 'up', 'sequence')]).toEqual([[], []]);
  });

  it('keeps the peaks when there are more samples than a picture shows', () => {
    const samples = new Samples();
    for (let n = 0; n < 100_000; n++) samples.add(n, n === 54_321 ? 9_999 : n === 12_345 ? -5 : n % 7, n);
    const { x, y, packets } = samples.series('rtt', 'ns');
    expect(x.length).toBeLessThanOrEqual(MAX_SAMPLES);
    expect([packets[y.indexOf(9_999)], packets[y.indexOf(-5)]]).toEqual([54_321, 12_345]);
    expect([...x].sort((a, b) => a - b)).toEqual(x);
  });
});
