// Our analysis of TCP against tshark's, field by field: over connections in which everything goes wrong, and over third-party captures. Prints how
// often they agree, and each difference with its cause.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PcapReader } from '../../electron/runtime/kernelCapture/pcapReader';
import { TcpAnalyser } from '../../shared/packets/analysis/tcpAnalyser';
import { analysisFields, TCP_ANALYSIS, type Span, type TcpNumbers } from '../../shared/packets/analysis/tcpAnalysis';
import { TcpNumbersReader } from '../../shared/packets/analysis/tcpNumbers';
import { pcapOf, troubledTraffic } from '../../shared/packets/analysis/traffic.fixture';
import { spanText } from '../../shared/packets/dissection/times';
import { CaptureReader } from '../../shared/packets/file/captureReader';
import { storyOfPackets } from '../../shared/trace/packetsStory/packetsStory';
import { PacketIndexer } from '../../shared/packets/index/packetIndexer';
import { runInOwnNetwork, worksInOwnNetwork } from './ownNetwork.fixture';
import { hasTshark } from './tshark.fixture';

const BITS = Object.keys(TCP_ANALYSIS);
const seconds = (span: Span | null): string => (span === null ? '' : spanText([0, 0], span));
const number = (value: number | null): string => (value === null ? '' : `${value}`);
/** tshark counts packets from 1. */
const frame = (packet: number | null): string => (packet === null ? '' : `${packet + 1}`);

const NUMBERS: Readonly<Record<string, (of: TcpNumbers) => string>> = {
  'tcp.seq': (of) => number(of.sequence), 'tcp.nxtseq': (of) => number(of.nextSequence), 'tcp.window_size': (of) => number(of.windowSize), 'tcp.window_size_scalefactor': (of) => number(of.scaleFactor),
  'tcp.analysis.acks_frame': (of) => frame(of.acksFrame), 'tcp.analysis.ack_rtt': (of) => seconds(of.ackRtt), 'tcp.analysis.bytes_in_flight': (of) => number(of.bytesInFlight),
  'tcp.analysis.push_bytes_sent': (of) => number(of.pushBytesSent), 'tcp.analysis.duplicate_ack_num': (of) => number(of.duplicateAckNumber), 'tcp.analysis.duplicate_ack_frame': (of) => frame(of.duplicateAckFrame),
  'tcp.analysis.rto': (of) => seconds(of.rto), 'tcp.analysis.rto_frame': (of) => frame(of.rtoFrame), 'tcp.time_relative': (of) => seconds(of.timeRelative), 'tcp.time_delta': (of) => seconds(of.timeDelta),
  'tcp.completeness': (of) => number(of.completeness),
};
const FIELDS = ['tcp.stream', ...BITS, ...Object.keys(NUMBERS)];

/** What is told of a connection in trouble, all of which tshark must mark somewhere for the comparison to mean something. */
const WORDS = [
  'retransmission', 'fast_retransmission', 'spurious_retransmission', 'duplicate_ack', 'out_of_order', 'zero_window', 'zero_window_probe', 'zero_window_probe_ack', 'window_full', 'window_update', 'keep_alive', 'keep_alive_ack', 'lost_segment',
  'ack_lost_segment', 'reused_ports', 'ack_rtt', 'rto',
].map((word) => `tcp.analysis.${word}`);

/** Third-party captures with TCP in them, of the corpus that lies beside the repository where there is one. */
const corpus = resolve(import.meta.dirname, '../../../shared/corpus/tcpdump');
const FILES = ['mptcp-v0.pcap', 'bgp-4byte-asn.pcap', 'ssh.pcap'];
const why = !hasTshark ? ' (skipped: tshark is not installed)' : existsSync(corpus) ? '' : ' (skipped: the corpus is not here)';

/** Bytes that the line's test sends, and tshark's words for what came behind its place. */
const SENT = 120_000;
const AGAIN = 'tcp.len > 0 && (tcp.analysis.retransmission || tcp.analysis.fast_retransmission || tcp.analysis.spurious_retransmission || tcp.analysis.out_of_order)';
/** The line of impaired.fixture.py wants root, a network namespace and /dev/net/tun: tc's netem is not in every kernel. */
const noLine = ((): string => {
  if (!hasTshark) return ' (skipped: tshark is not installed)';
  if (process.getuid?.() !== 0) return ' (skipped: not root)';
  if (!existsSync('/dev/net/tun')) return ' (skipped: no /dev/net/tun)';
  return worksInOwnNetwork('python3 -c "import socket; socket.send_fds, open(\'/dev/net/tun\', \'rb+\', 0)"') ? '' : ' (skipped: no network namespace, ip or python3 of its own)';
})();

/** The reader of slowReader.fixture.py wants root, a network namespace and tcpdump. */
const noReader = ((): string => {
  if (!hasTshark || process.getuid?.() !== 0) return hasTshark ? ' (skipped: not root)' : ' (skipped: tshark is not installed)';
  return worksInOwnNetwork('tcpdump --version && python3 --version') ? '' : ' (skipped: no network namespace, ip, tcpdump or python3)';
})();

interface Difference {
  readonly packet: number;
  readonly field: string;
  readonly ours: string;
  readonly theirs: string;
}

/** `marked`: how many packets tshark marks so, by field. */
function compare(file: string): { readonly compared: number; readonly packets: number; readonly differences: Difference[]; readonly marked: ReadonlyMap<string, number> } {
  const out = execFileSync('tshark', ['-n', '-r', file, '-o', 'tcp.calculate_timestamps:TRUE', '-T', 'fields', '-E', 'occurrence=f', ...FIELDS.flatMap((field) => ['-e', field])], { maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'] });
  const rows = out.toString().split('\n').slice(0, -1).map((line) => line.split('\t'));
  const { table, flows } = open(readFileSync(file));
  new TcpAnalyser(table, flows).advance();
  const reader = new TcpNumbersReader(table, flows);
  const differences: Difference[] = [];
  const marked = new Map<string, number>();
  let compared = 0;
  let packets = 0;
  rows.forEach((row, packet) => {
    const { chunk, row: at } = table.locate(packet);
    const found = reader.numbers(packet);
    if (found === null || row[0] === '') return;
    packets++;
    const bits = new Set<string>(analysisFields(chunk.analysis[at] ?? 0));
    expect(found.bits, `packet ${packet}: the pass and the look at one flow`).toBe(chunk.analysis[at]);
    const ours = [`${flows.flow(chunk.flow[at] ?? 0).stream}`, ...BITS.map((field) => (bits.has(field) ? 'set' : '')), ...Object.values(NUMBERS).map((of) => of(found))];
    FIELDS.forEach((field, n) => {
      const theirs = row[n] ?? '';
      const said = BITS.includes(field) && theirs !== '' ? 'set' : theirs;
      if (said === '' && ours[n] === '') return;
      compared++;
      if (said !== '') marked.set(field, (marked.get(field) ?? 0) + 1);
      if (said !== ours[n]) differences.push({ packet: packet + 1, field, ours: ours[n] ?? '', theirs: said });
    });
  });
  return { compared, packets, differences, marked };
}

function open(bytes: Uint8Array): PacketIndexer {
  const indexer = new PacketIndexer();
  const reader = new CaptureReader(indexer);
  reader.push(bytes);
  reader.end();
  return indexer;
}

describe(`the analysis of TCP against tshark${hasTshark ? '' : ' (skipped: tshark is not installed)'}`, () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'looplab-tcp-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.skipIf(!hasTshark)('agrees over connections in which everything goes wrong', { timeout: 120_000 }, () => {
    const file = join(folder, 'troubled.pcap');
    writeFileSync(file, pcapOf(troubledTraffic(Number(process.env['SEED'] ?? 7), 80)));
    const { compared, packets, differences, marked } = compare(file);
    for (const word of WORDS) console.info(`  ${word}: ${marked.get(word) ?? 0}`);
    console.info(`${packets} packets, ${compared} values, ${differences.length} differ`);
    for (const { packet, field, ours, theirs } of differences.slice(0, 40)) console.info(`  #${packet} ${field}: ours ${ours}, tshark's ${theirs}`);
    expect(packets).toBeGreaterThan(2000);
    expect(differences).toEqual([]);
    expect(WORDS.filter((word) => (marked.get(word) ?? 0) === 0)).toEqual([]);
  });

  it.skipIf(noLine !== '')(`agrees over a line that loses, doubles and reorders${noLine}, and the story tells what was sent again or overtaken`, { timeout: 240_000 }, () => {
    const [sent, got] = [join(folder, 'sent.pcap'), join(folder, 'got.pcap')];
    const told = JSON.parse(execFileSync('python3', [join(import.meta.dirname, 'impaired.fixture.py'), sent, got, String(SENT)]).toString()) as { readonly lost: number; readonly doubled: number; readonly held: number };
    expect(Math.min(told.lost, told.doubled, told.held)).toBeGreaterThan(0);
    for (const file of [sent, got]) {
      const { packets, differences } = compare(file);
      for (const { packet, field, ours, theirs } of differences.slice(0, 40)) console.info(`  #${packet} ${field}: ours ${ours}, tshark's ${theirs}`);
      expect(packets).toBeGreaterThan(80);
      expect(differences).toEqual([]);
      const { story } = storyOfPackets(new PcapReader().push(readFileSync(file)).map(({ time, linkType, bytes, size }) => ({ t: time, linkType, bytes, size })));
      expect(story.connections.at(0)).toMatchObject({ outcome: 'closed', up: { sent: SENT } });
      const again = Array.from({ length: story.segments.count }, (_, id) => story.segments.at(id)).filter(({ size, special }) => size > 0 && (special === 'retransmission' || special === 'outOfOrder'));
      const theirs = execFileSync('tshark', ['-n', '-r', file, '-Y', AGAIN], { stdio: ['ignore', 'pipe', 'pipe'] }).toString().split('\n').length - 1;
      expect(again.length).toBe(theirs);
    }
  });

  it.skipIf(noReader !== '')(`agrees over a reader of this kernel that stops reading, and a silence${noReader}`, { timeout: 240_000 }, async () => {
    const file = join(folder, 'slow.pcap');
    await runInOwnNetwork('slowReader.fixture.py', file);
    const { differences, marked } = compare(file);
    expect(differences).toEqual([]);
    expect(['zero_window', 'window_full', 'window_update', 'keep_alive', 'keep_alive_ack', 'ack_rtt'].filter((word) => (marked.get(`tcp.analysis.${word}`) ?? 0) === 0)).toEqual([]);
  });

  it.skipIf(why !== '')(`agrees over third-party captures${why}`, { timeout: 120_000 }, () => {
    let all = 0;
    let differing = 0;
    for (const name of FILES) {
      const { compared, differences } = compare(join(corpus, name));
      all += compared;
      differing += differences.length;
      for (const { packet, field, ours, theirs } of differences) console.info(`  ${name} #${packet} ${field}: ours ${ours}, tshark's ${theirs}`);
    }
    console.info(`${FILES.length} captures, ${all} values, ${differing} differ`);
    expect(differing).toBe(0);
  });
});
