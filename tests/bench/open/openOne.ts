// One opening of a capture in a process of its own: the file, the index, then what is asked for. Prints a line of JSON. Started by open.bench.ts.

import { openSync, readSync } from 'node:fs';
import { PacketFile } from '../../../electron/packets/packetFile';
import { TcpAnalyser } from '../../../shared/packets/analysis/tcpAnalyser';
import { PacketIndexer } from '../../../shared/packets/index/packetIndexer';

const [path = '', ...also] = process.argv.slice(2);
const found: Record<string, number> = {};

async function opened(): Promise<PacketIndexer> {
  const began = performance.now();
  const file = await PacketFile.open(path);
  const index = new PacketIndexer();
  await file.read(index);
  found['opened'] = performance.now() - began;
  await file.close();
  return index;
}

const index = await opened();
found['packets'] = index.table.count;
found['flows'] = index.flows.count;
found['bytes'] = index.bytes;

if (also.includes('analyse')) {
  const from = performance.now();
  new TcpAnalyser(index.table, index.flows).advance();
  found['analysed'] = performance.now() - from;
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? 0;

// What is left when nothing has to start and all code is compiled; and what the system takes to hand over the bytes alone.
if (also.includes('again')) {
  const cold = found['opened'];
  const [times, reading]: [number[], number[]] = [[], []];
  for (let round = 0; round < 3; round++) {
    await opened();
    times.push(found['opened'] ?? 0);
    const from = performance.now();
    const buffer = new Uint8Array(256 * 1024);
    const descriptor = openSync(path, 'r');
    while (readSync(descriptor, buffer) > 0);
    reading.push(performance.now() - from);
  }
  Object.assign(found, { opened: cold, again: median(times), reading: median(reading) });
}
console.log(JSON.stringify(found));
