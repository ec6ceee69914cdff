// One opening of a capture in a process of its own: the file, the index, then what is asked for. Prints a line of JSON. Started by open.bench.ts.

import { PacketFile } from '../../../electron/packets/packetFile';
import { TCP_FLAGS } from '../../../shared/codec/tcp/codec';
import { TcpAnalyser } from '../../../shared/packets/analysis/tcpAnalyser';
import { PacketIndexer } from '../../../shared/packets/index/packetIndexer';
import { CHUNK } from '../../../shared/packets/packetTable';

const [path = '', ...also] = process.argv.slice(2);
const began = performance.now();
const file = await PacketFile.open(path);
const index = new PacketIndexer();
let first = 0;
await file.read(index, { onProgress: () => void (first ||= performance.now() - began) });
const opened = performance.now() - began;
const found: Record<string, number> = { packets: index.table.count, flows: index.flows.count, opened, first };

if (also.includes('analyse')) {
  const from = performance.now();
  new TcpAnalyser(index.table, index.flows).advance();
  found['analysed'] = performance.now() - from;
}

/** As a filter on a flag: tcp.flags.syn==1. */
function scan(): number {
  let matches = 0;
  const { table } = index;
  table.chunks.forEach(({ flags }, n) => {
    const end = Math.min(CHUNK, table.count - n * CHUNK);
    for (let row = 0; row < end; row++) if (((flags[row] ?? 0) & TCP_FLAGS.SYN) !== 0) matches++;
  });
  return matches;
}

if (also.includes('scan')) {
  const times: number[] = [];
  for (let round = 0; round < 15; round++) {
    const from = performance.now();
    found['matches'] = scan();
    times.push(performance.now() - from);
  }
  found['scan'] = times.sort((a, b) => a - b)[7] ?? 0;
}
await file.close();
console.log(JSON.stringify(found));
