import { describe, expect, it } from 'vitest';
import { TCP_FLAGS } from '../../codec/tcp/codec';
import type { TcpOption } from '../../codec/tcp/options';
import { indexed, pour, segmentFrame, type Frame } from '../index/frames.fixture';
import { PacketIndexer } from '../index/packetIndexer';
import { TcpAnalyser } from './tcpAnalyser';
import { analysisFields } from './tcpAnalysis';
import { TcpNumbersReader } from './tcpNumbers';
import { troubledTraffic } from './traffic.fixture';

const { SYN, ACK } = TCP_FLAGS;
const CLIENT = ['10.0.0.1', 40_000] as const;
const SERVER = ['10.0.0.2', 80] as const;

let clock = 0;
const at = (elapsed: number): number => (clock += elapsed);

function said(from: typeof CLIENT | typeof SERVER, sequence: number, acknowledgment: number, length: number, more: { readonly flags?: number; readonly window?: number; readonly after?: number; readonly options?: readonly TcpOption[] } = {}): Frame {
  const to = from === CLIENT ? SERVER : CLIENT;
  return { time: at(more.after ?? 0.01), bytes: segmentFrame({ from, to, tcp: { flags: more.flags ?? ACK, sequence, acknowledgment, window: more.window ?? 1000, options: more.options ?? [] }, payload: new Uint8Array(length) }) };
}

const opened = (): Frame[] => {
  clock = 0;
  return [said(CLIENT, 99, 0, 0, { flags: SYN }), said(SERVER, 499, 100, 0, { flags: SYN | ACK }), said(CLIENT, 100, 500, 0)];
};

/** What analysis says of each packet after the handshake, without 'tcp.analysis.'. */
function verdicts(more: readonly Frame[]): string[] {
  const { table, flows } = indexed([...opened(), ...more]);
  new TcpAnalyser(table, flows).advance();
  return more.map((_, n) => analysisFields(table.chunks[0]?.analysis[n + 3] ?? 0).map((field) => field.slice('tcp.analysis.'.length)).join(' '));
}

const analysed = ({ table, flows }: PacketIndexer): number[] => {
  new TcpAnalyser(table, flows).advance();
  return Array.from({ length: table.count }, (_, n) => table.chunks[0]?.analysis[n] ?? 0);
};

describe('the analysis of TCP', () => {
  it('finds nothing in a conversation that goes well', () => {
    expect(verdicts([said(CLIENT, 100, 500, 10), said(SERVER, 500, 110, 20), said(CLIENT, 110, 520, 0)])).toEqual(['', '', '']);
  });

  it('tells a gap, the duplicate ACKs that it causes, and the fast retransmission that ends them', () => {
    opened();
    expect(verdicts([
      said(CLIENT, 100, 500, 10), said(SERVER, 500, 110, 0), said(CLIENT, 120, 500, 10), said(SERVER, 500, 110, 0), said(SERVER, 500, 110, 0), said(SERVER, 500, 110, 0), said(CLIENT, 110, 500, 10),
    ])).toEqual(['', '', 'lost_segment', 'duplicate_ack', 'duplicate_ack', 'duplicate_ack', 'retransmission fast_retransmission']);
  });

  it('takes what comes soon after for late, long after for sent again, and after its ACK for sent in vain', () => {
    opened();
    expect(verdicts([said(CLIENT, 110, 500, 10), said(CLIENT, 100, 500, 10, { after: 0.001 })])).toEqual(['lost_segment', 'out_of_order']);
    opened();
    expect(verdicts([said(CLIENT, 100, 500, 10), said(CLIENT, 100, 500, 10, { after: 0.3 })])).toEqual(['', 'retransmission']);
    opened();
    expect(verdicts([said(CLIENT, 100, 500, 10), said(SERVER, 500, 110, 0), said(CLIENT, 100, 500, 10, { after: 0.3 })])).toEqual(['', '', 'retransmission spurious_retransmission']);
  });

  it('follows the window: full, shut, probed, open again', () => {
    opened();
    expect(verdicts([
      said(CLIENT, 100, 500, 1000), said(SERVER, 500, 1100, 0, { window: 0 }), said(CLIENT, 1100, 500, 1), said(SERVER, 500, 1100, 0, { window: 0 }), said(SERVER, 500, 1100, 0, { window: 900 }),
    ])).toEqual(['window_full', 'zero_window', 'zero_window_probe', 'zero_window zero_window_probe_ack', 'window_update']);
  });

  it('knows a keep-alive and its answer, and the ACK of what was not captured', () => {
    opened();
    expect(verdicts([said(CLIENT, 100, 500, 10), said(SERVER, 500, 110, 0), said(CLIENT, 109, 500, 0), said(SERVER, 500, 110, 0)])).toEqual(['', '', 'keep_alive', 'keep_alive_ack']);
    opened();
    expect(verdicts([said(SERVER, 500, 300, 0)])).toEqual(['ack_lost_segment']);
  });

  it('gives numbers on demand: relative, RTT, in flight, duplicates', () => {
    const { table, flows } = indexed([...opened(), said(CLIENT, 100, 500, 10), said(CLIENT, 110, 500, 10), said(SERVER, 500, 120, 0), said(SERVER, 500, 120, 0)]);
    const reader = new TcpNumbersReader(table, flows);
    expect(reader.numbers(4)).toMatchObject({ sequence: 11, acknowledgment: 1, nextSequence: 21, bytesInFlight: 20, scaleFactor: -2 });
    expect(reader.numbers(5)).toMatchObject({ acksFrame: 4, ackRtt: [0, 10_000_000], initialRtt: 20_000_000, duplicateAckNumber: null });
    expect(reader.numbers(6)).toMatchObject({ duplicateAckNumber: 1, duplicateAckFrame: 5, timeDelta: [0, 10_000_000], timeRelative: [0, 60_000_000] });
    expect(reader.numbers(3)).toMatchObject({ bytesInFlight: 10, acksFrame: null });
  });

  it('has looked into what there is nothing to tell of: a later ACK of what was never captured, and bytes as many as were received out of order', () => {
    const sack: TcpOption = { kind: 'sack', blocks: [{ left: 100, right: 110 }] };
    const { table, flows } = indexed([...opened(), said(CLIENT, 100, 500, 10), said(SERVER, 500, 110, 0, { options: [{ kind: 'nop' }, { kind: 'nop' }, sack] }), said(CLIENT, 110, 500, 10), said(SERVER, 500, 300, 0), said(SERVER, 500, 400, 0)]);
    const reader = new TcpNumbersReader(table, flows);
    const told = Array.from({ length: 8 }, (_, number) => reader.numbers(number)).map((one) => [one?.looked, analysisFields(one?.bits ?? 0).length, one?.bytesInFlight]);
    expect(told.slice(2)).toEqual([[false, 0, null], [true, 0, 10], [false, 0, null], [true, 0, null], [true, 1, null], [true, 0, null]]);
  });

  it('says the same in one pass, in small steps while packets come, and for a flow alone', () => {
    const frames = troubledTraffic(3, 12);
    const whole = indexed(frames);
    const bits = analysed(whole);
    const live = new PacketIndexer();
    const { table, flows } = live;
    // Begun before there is a packet, as while a file is read.
    const slow = new TcpAnalyser(table, flows);
    expect(slow.advance()).toBe(true);
    pour(live, frames.slice(0, 100));
    slow.advance();
    pour(live, frames.slice(100));
    for (let most = 1; !slow.advance(table.count, most); most = (most % 7) + 1);
    expect(Array.from({ length: table.count }, (_, n) => table.chunks[0]?.analysis[n] ?? 0)).toEqual(bits);
    const reader = new TcpNumbersReader(table, flows);
    const backwards = new TcpNumbersReader(table, flows);
    backwards.numbers(table.count - 1);
    for (let n = table.count - 1; n >= 0; n -= 37) {
      const found = backwards.numbers(n);
      expect(found?.bits).toBe(bits[n]);
      expect(new TcpNumbersReader(table, flows).numbers(n)).toEqual(found);
    }
    for (let n = 0; n < table.count; n += 37) expect(reader.numbers(n)).toEqual(backwards.numbers(n));
  });
});
