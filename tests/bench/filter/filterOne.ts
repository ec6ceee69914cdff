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

const sumOfBytes = (word: number): number => (word & 0xff) + ((word >>> 8) & 0xff) + ((word >>> 16) & 0xff) + (word >>> 24);

const results = filters.map((text) => {
  const times: number[] = [];
  let found = ask(text);
  for (let round = 0; round < ROUNDS; round++) {
    const from = performance.now();
    found = ask(text);
    times.push(performance.now() - from);
  }
  times.sort((a, b) => a - b);
  return { text, ...found, ms: times[ROUNDS >> 1] ?? 0, least: times[0] ?? 0 };
});
await file.close();
console.log(JSON.stringify({ packets: table.count, flows: flows.count, results }));
