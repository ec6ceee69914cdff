// Filters that columns cannot answer over one open capture, in a process of its own: each asked of all packets as a session asks, its matches counted.
// Prints a line of JSON. Started by filter.bench.ts.

import { PacketFile } from '../../../electron/packets/packetFile';
import { FileWindow } from '../../../electron/packets/fileWindow';
import { filterAsked, filterTest } from '../../../electron/packets/session/viewFilter';
import { createDissector } from '../../../shared/packets/dissection/dissector';
import { PacketIndexer } from '../../../shared/packets/index/packetIndexer';
import { DatagramTalks } from '../../../shared/packets/matching/datagramTalks';
import { FlowTalks } from '../../../shared/packets/matching/flowTalks';

const [path = '', ...filters] = process.argv.slice(2);
const file = await PacketFile.open(path);
const index = new PacketIndexer();
const facts = await file.read(index);
const { table, flows } = index;
const input = {
  table, flows, facts,
  packets: {
    bytes: (number: number): Uint8Array => {
      const { chunk, row } = table.locate(number);
      return file.bytesAt(chunk.offset[row] ?? 0, chunk.captured[row] ?? 0);
    },
  },
};

/** Asked as the session does: first all that the talks need, then block by block. */
const results = filters.map((text) => {
  const dissector = createDissector({ ...input, wholeFlows: true });
  let dissected = 0;
  const from = performance.now();
  const cpu = process.cpuUsage();
  const window = new FileWindow(() => file, table);
  const talks = new FlowTalks(table, flows, new FileWindow(() => file, table));
  const datagrams = new DatagramTalks(table, flows, window);
  const made = filterTest(text, (filter) => filterAsked(filter, { table, flows, analysed: () => false, talks }, (packet, frame, asked) => {
    dissected++;
    return dissector.layers(packet, frame, asked);
  }, { ...input, window, speaks: (packet) => datagrams.speaks(packet) ?? dissector.speaks(packet) }, (packet) => dissector.prepare(packet, 256)));
  if ('error' in made || made.test === null) throw new Error(`${text} is no filter`);
  let matches = 0;
  let sum = 0;
  for (let packet = 0; packet < table.count; packet++) if (made.test(packet)) {
    matches++;
    sum += packet + 1;
  }
  const { user, system } = process.cpuUsage(cpu);
  return { text, matches, sum, dissected, ms: performance.now() - from, cpu: (user + system) / 1000 };
});
await file.close();
console.log(JSON.stringify(results));
