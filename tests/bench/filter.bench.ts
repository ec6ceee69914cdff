// How long header filters take over a large open capture, against `tshark -Y` on the same file in the same run, and that both find the same packets.
// Run: npx tsx tests/bench/filter.bench.ts [packets, default 1000000] [all: ask tshark for every filter, none: for no one; else for the first few]

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundled } from './bundled';
import { writeBigCapture } from './open/bigCapture';

const count = Number(process.argv[2] ?? 1_000_000);
const every = process.argv[3] === 'all';
const some = process.argv[3] === 'none' ? 0 : 3;
/** ms over a million packets, as columns (quality.md); more at once than a cache holds take a little longer each. */
const bar = count >= 3_000_000 ? 10 : 2;
const FILTERS = [
  'tcp.flags.syn == 1', 'tcp.port == 443', 'ip.addr == 10.0.0.0/16 && tcp.flags.fin == 1', 'tcp.flags.syn == 1 && tcp.flags.ack == 0', 'udp', 'ip.src == 192.168.0.1', 'ipv6', 'tcp.len > 1000', 'frame.len > 1400', 'not tcp',
  'tcp.stream == 17', 'tcp.port in {80, 8000..8100}', 'udp.port == 53 or tcp.flags.reset == 1', 'frame.time_relative < 1',
];

/** What columns do not have: ms over a million packets (quality.md), bytes read and where need be dissected. */
const BYTES_BAR = 1000 * Math.max(count / 1_000_000, 1);
const BYTES = ['tcp.seq > 100000', 'ip.ttl == 64 and tcp.ack > 1', 'ip.id == 0x1234', 'tcp.window_size < 1000', 'frame contains "GET"', 'eth.src == 00:00:00:00:00:00', 'udp.length > 100', 'tcp contains 16:03:01', 'http.request', 'tls.handshake.type == 1', 'dns.qry.name'];

const folder = mkdtempSync(join(tmpdir(), 'looplab-filter-'));
const program = (name: string, ...args: string[]): string => {
  const ran = spawnSync(name, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (ran.status !== 0) throw new Error(`${name} ended with ${ran.status}: ${ran.stderr}`);
  return ran.stdout;
};

/** ms that a program took, the lines that it wrote, and the sum of the numbers that these begin with. */
function asked(name: string, ...args: string[]): { readonly ms: number; readonly lines: number; readonly sum: number } {
  const from = performance.now();
  const written = program(name, ...args);
  const ms = performance.now() - from;
  const lines = written.split('\n').slice(0, -1);
  return { ms, lines: lines.length, sum: lines.reduce((sum, line) => sum + Number.parseInt(line, 10), 0) };
}

/** Asked of the command line: by columns, by searching, by headers where they stand. */
const COMMANDS = ['tcp.flags.reset == 1', 'frame contains "GET"', 'ip.id == 0x1234'];

try {
  const filterOne = await bundled('filter/filterOne', folder);
  const filterBytes = await bundled('filter/filterBytes', folder);
  const filterDecode = await bundled('filter/filterDecode', folder);
  const capture = join(folder, 'big.pcapng');
  writeBigCapture(capture, count);
  const ours = JSON.parse(program(process.execPath, filterOne, capture, ...FILTERS)) as {
    readonly packets: number; readonly flows: number; readonly results: readonly { readonly text: string; readonly matches: number; readonly sum: number; readonly unsure: number; readonly ms: number; readonly least: number }[];
  };
  console.log(`${ours.packets.toLocaleString('en-US')} packets, ${ours.flows.toLocaleString('en-US')} flows; medians, filter made from its text each time`);
  /** The line of a filter, and whether tshark finds the very same packets. */
  const beside = (i: number, own: string, { text, matches, sum, ms }: { readonly text: string; readonly matches: number; readonly sum: number; readonly ms: number }): void => {
    if (!every && i >= some) return console.log(`  ${own}; matches not compared`);
    const theirs = asked('tshark', '-n', '-r', capture, '-Y', text, '-T', 'fields', '-e', 'frame.number');
    console.log(`  ${own}; tshark ${(theirs.ms / 1000).toFixed(1)} s (${Math.round(theirs.ms / ms).toLocaleString('en-US')} x), ${theirs.lines === matches && theirs.sum === sum ? 'same packets' : `NOT THE SAME: ${theirs.lines}`}`);
  };
  for (const [i, result] of ours.results.entries()) {
    const { text, matches, unsure, ms, least } = result;
    const own = `${text.padEnd(44)} ${ms.toFixed(2).padStart(6)} ms [${least.toFixed(2)}]  ${matches.toLocaleString('en-US').padStart(9)} packets${unsure === 0 ? '' : `, ${unsure} to decode`}  bar ${bar} ms ${ms <= bar ? 'met' : 'NOT MET'}`;
    beside(i, own, result);
  }
  const decoded = JSON.parse(program(process.execPath, filterBytes, capture, ...BYTES)) as readonly { readonly text: string; readonly matches: number; readonly sum: number; readonly dissected: number; readonly ms: number; readonly cpu: number }[];
  console.log(`read from bytes; once each, bar ${BYTES_BAR} ms`);
  for (const [i, result] of decoded.entries()) {
    const { text, matches, dissected, ms, cpu } = result;
    const own = `${text.padEnd(44)} ${ms.toFixed(0).padStart(6)} ms, ${cpu.toFixed(0).padStart(6)} of a processor  ${matches.toLocaleString('en-US').padStart(9)} packets, ${dissected.toLocaleString('en-US')} dissected  bar ${BYTES_BAR} ms ${ms <= BYTES_BAR ? 'met' : 'NOT MET'}`;
    beside(i, own, result);
  }
  console.log('looplab decode --filter, from the start of the program to its last line');
  for (const text of some === 0 && !every ? [] : COMMANDS) {
    const ours = asked(process.execPath, filterDecode, capture, '--filter', text, '--fields', 'frame.number');
    const theirs = asked('tshark', '-n', '-r', capture, '-Y', text, '-T', 'fields', '-e', 'frame.number');
    console.log(`  ${text.padEnd(44)} ${(ours.ms / 1000).toFixed(2)} s, tshark ${(theirs.ms / 1000).toFixed(2)} s (${(theirs.ms / ours.ms).toFixed(1)} x), ${theirs.lines === ours.lines && theirs.sum === ours.sum ? 'same packets' : `NOT THE SAME: ${ours.lines} and ${theirs.lines}`}`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
