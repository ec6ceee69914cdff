// How fast capture files are read through and written in the other format, beside programs that do the same: `cat` (the bytes alone), `capinfos -c`
// (the packets counted) and `editcap -F`. Each round runs all of them; prints medians and the ratio of each to ours.
// Run: npx tsx tests/bench/captureFile.bench.ts [packets, default 1000000]

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeSync, openSync, closeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CaptureMeasure } from '../../shared/packets/file/captureMeasure';
import { PcapngWriter } from '../../shared/packets/file/captureWriter';
import { convertCapture } from '../../electron/packets/convert';
import { PacketFile } from '../../electron/packets/packetFile';
import { median } from './rounds';

const packets = Number(process.argv[2] ?? 1_000_000);
const ROUNDS = 5;
const SIZES = [60, 66, 74, 1514, 1514, 590, 100, 98, 1000, 300];

const folder = mkdtempSync(join(tmpdir(), 'looplab-bench-'));
const file = join(folder, 'a.pcapng');

function make(): void {
  const writer = new PcapngWriter('bench');
  writer.interface({ section: 0, linkType: 1, snapLength: 0, name: '', description: '', filter: '', os: '', resolution: 1e9, offset: 0 });
  const bytes = new Uint8Array(1514).map((_, index) => (index * 31) & 0xff);
  const out = openSync(file, 'w');
  for (let n = 0; n < packets; n++) {
    const size = SIZES[n % SIZES.length] ?? 60;
    writer.packet(0, 1_700_000_000 + Math.floor(n / 10_000), (n % 10_000) * 100_000, bytes, 0, size, size);
    if (n % 5000 === 0) writeSync(out, writer.take());
  }
  writeSync(out, writer.take());
  closeSync(out);
}

async function timed(work: () => Promise<void> | void): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

function program(command: string, ...args: string[]): void {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'ignore'] });
  if (status !== 0) throw error ?? new Error(`${command} ended with ${status}`);
}

async function read(): Promise<void> {
  const opened = await PacketFile.open(file);
  const measure = new CaptureMeasure();
  await opened.read(measure);
  await opened.close();
  if (measure.packets !== packets) throw new Error(`${measure.packets} packets`);
}

const signal = new AbortController().signal;
const WORK: Readonly<Record<string, () => Promise<void> | void>> = {
  read,
  cat: () => program('cat', file),
  'capinfos -c': () => program('capinfos', '-c', file),
  convert: async () => void (await convertCapture(file, join(folder, 'b.pcap'), { format: 'pcap', gzip: false, linkType: null, application: 'bench', signal })),
  'editcap -F nsecpcap': () => program('editcap', '-F', 'nsecpcap', file, join(folder, 'c.pcap')),
};


try {
  make();
  const { size } = statSync(file);
  const times = new Map(Object.keys(WORK).map((name) => [name, [] as number[]]));
  for (let round = 0; round < ROUNDS; round++) for (const [name, work] of Object.entries(WORK)) times.get(name)?.push(await timed(work));
  console.log(`${packets} packets, ${(size / 1e6).toFixed(0)} MB, medians of ${ROUNDS} rounds`);
  for (const [name, all] of times) {
    const ours = times.get(/editcap|convert/.test(name) ? 'convert' : 'read') ?? [];
    const ratio = median(all.map((time, round) => time / (ours[round] ?? Number.NaN)));
    console.log(`${name.padEnd(20)}${median(all).toFixed(0).padStart(7)} ms ${(size / median(all) / 1e6).toFixed(2).padStart(7)} GB/s  ${ratio.toFixed(2)} x ours`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
