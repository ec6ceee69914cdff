// Header filters over one open capture in a process of its own: each made anew from its text, asked of all packets, its matches counted. Prints a line of
// JSON. Started by filter.bench.ts.

import { PacketFile } from '../../../electron/packets/packetFile';
import { parseFilter } from '../../../shared/filter/parse';
import { PacketIndexer } from '../../../shared/packets/index/packetIndexer';
import { ColumnFilter, type CaptureColumns } from '../../../shared/packets/matching/columnFilter';
import { VERDICT } from '../../../shared/packets/matching/verdict';
import { CHUNK } from '../../../shared/packets/packetTable';

const ROUNDS = 21;
const [path = '', ...filters] = process.argv.slice(2);
const file = await PacketFile.open(path);
const index = new PacketIndexer();
await file.read(index);
const { table, flows } = index;
const columns: CaptureColumns = { table, flows, analysed: () => false };

/** Packets that fit, and that only their bytes could tell: four at a step. */
function ask(text: string): { readonly matches: number; readonly unsure: number } {
  const parsed = parseFilter(text);
  if ('error' in parsed || parsed.ok === null) throw new Error(`${text} is no filter`);
  const filter = new ColumnFilter(parsed.ok, columns);
  let matches = 0;
  let unsure = 0;
  for (let n = 0; n < table.chunks.length; n++) {
    const verdicts = filter.chunk(n);
    const end = Math.min(CHUNK, table.count - n * CHUNK);
    const words = new Int32Array(verdicts.buffer, 0, end >> 2);
    for (let i = 0; i < words.length;) {
      // Up to 255 words, whose sums stay within their bytes.
      let may = 0;
      let maybe = 0;
      for (const stop = Math.min(i + 255, words.length); i < stop; i++) {
        const word = words[i] ?? 0;
        may += word & 0x0101_0101;
        maybe += word & (word >>> 1) & 0x0101_0101;
      }
      matches += sumOfBytes(may) - sumOfBytes(maybe);
      unsure += sumOfBytes(maybe);
    }
    for (let row = end & ~3; row < end; row++) {
      matches += verdicts[row] === VERDICT.yes ? 1 : 0;
      unsure += verdicts[row] === VERDICT.maybe ? 1 : 0;
    }
  }
  return { matches, unsure };
}

/** Of the numbers of packets that fit, as Wireshark counts them. */
function sumOf(text: string): number {
  const parsed = parseFilter(text);
  if ('error' in parsed || parsed.ok === null) throw new Error(`${text} is no filter`);
  const filter = new ColumnFilter(parsed.ok, columns);
  let sum = 0;
  for (let packet = 0; packet < table.count; packet++) if (filter.verdict(packet) === VERDICT.yes) sum += packet + 1;
  return sum;
}

const sumOfBytes = (word: number): number => (word & 0xff) + ((word >>> 8) & 0xff) + ((word >>> 16) & 0xff) + (word >>> 24);

const seen = filters.map((text) => ({ text, found: ask(text), times: [] as number[] }));
// In turn: what is compiled in the first rounds, and what else the machine does, is shared by all.
for (let round = 0; round < ROUNDS; round++) for (const one of seen) {
  const from = performance.now();
  one.found = ask(one.text);
  one.times.push(performance.now() - from);
}
const results = seen.map(({ text, found, times }) => {
  times.sort((one, other) => one - other);
  return { text, ...found, sum: sumOf(text), ms: times[ROUNDS >> 1] ?? 0, least: times[0] ?? 0 };
});
await file.close();
console.log(JSON.stringify({ packets: table.count, flows: flows.count, results }));
