// Header filters over one open capture in a process of its own: each made anew from its text, asked of all packets, its matches counted. Prints a line of
// JSON. Started by filter.bench.ts.

import { PacketFile } from '../../../electron/packets/packetFile';
import { parseFilter } from '../../../shared/filter/parse';
import { PacketIndexer } from '../../../shared/packets/index/packetIndexer';
import type { CaptureColumns } from '../../../shared/packets/matching/captureColumns';
import { ColumnFilter } from '../../../shared/packets/matching/columnFilter';
import { VERDICT, verdictAt, WORD_BITS } from '../../../shared/packets/matching/verdict';
import { CHUNK } from '../../../shared/packets/packetTable';

const ROUNDS = 21;
const [path = '', ...filters] = process.argv.slice(2);
const file = await PacketFile.open(path);
const index = new PacketIndexer();
await file.read(index);
const { table, flows } = index;
const columns: CaptureColumns = { table, flows, analysed: () => false };

/** Packets that fit, and that only their bytes could tell: sixteen at a step. */
function ask(text: string): { readonly matches: number; readonly unsure: number } {
  const parsed = parseFilter(text);
  if ('error' in parsed || parsed.ok === null) throw new Error(`${text} is no filter`);
  const filter = new ColumnFilter(parsed.ok, columns);
  let matches = 0;
  let unsure = 0;
  for (let n = 0; n < table.chunks.length; n++) {
    const verdicts = filter.chunk(n);
    const end = Math.min(CHUNK, table.count - n * CHUNK);
    const whole = end >> WORD_BITS;
    for (let at = 0; at < whole; at++) {
      const word = verdicts[at] ?? 0;
      const maybe = word & (word >>> 1) & EACH;
      matches += bitsOf(word & EACH & ~maybe);
      if (maybe !== 0) unsure += bitsOf(maybe);
    }
    for (let row = whole << WORD_BITS; row < end; row++) {
      matches += verdictAt(verdicts, row) === VERDICT.yes ? 1 : 0;
      unsure += verdictAt(verdicts, row) === VERDICT.maybe ? 1 : 0;
    }
  }
  return { matches, unsure };
}

/** The lower bit of each verdict. */
const EACH = 0x5555_5555;

/** How many bits are set, of those of EACH. */
function bitsOf(word: number): number {
  const pairs = (word & 0x3333_3333) + ((word >>> 2) & 0x3333_3333);
  return Math.imul((pairs + (pairs >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
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
