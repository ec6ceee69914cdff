// How much processor time `looplab decode` takes over a capture of labs, from the start of the program to its end, against tshark printing the same of the
// same file in the same rounds; and that both print the same.
// Run: npx tsx tests/bench/decode.bench.ts [packets, default 60000] [rounds, default 3] [a capture file instead]

import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundled } from './bundled';
import { writeLabCapture } from './decode/labCapture';
import { median } from './rounds';

const [packets = '60000', rounds = '3', given] = process.argv.slice(2);
/** Of tshark's processor time, for lists that need no trees. */
const BAR = 1;
const HEADERS = 'frame.number,frame.time_epoch,frame.len,eth.src,eth.dst,ip.src,ip.dst,ip.ttl,tcp.srcport,tcp.dstport,tcp.len,udp.srcport,udp.dstport';
const APPLICATIONS = 'frame.number,ip.src,http.request.method,http.request.uri,http.response.code,http.host,dns.qry.name,dns.a,dns.flags.response';
const OPTIONS = 'frame.number,tcp.checksum.status,tcp.options,frame.protocols';

const fields = (names: string): readonly string[] => names.split(',').flatMap((name) => ['-e', name]);
/** What is printed, ours and theirs; `same`: to the byte. */
const TASKS = [
  { name: '13 fields of headers', ours: ['--fields', HEADERS], theirs: ['-T', 'fields', ...fields(HEADERS)], same: true, bar: BAR },
  { name: 'fields of HTTP and DNS', ours: ['--fields', APPLICATIONS], theirs: ['-T', 'fields', ...fields(APPLICATIONS)], same: true, bar: null },
  { name: 'the same of requests', ours: ['--filter', 'http.request', '--fields', APPLICATIONS], theirs: ['-Y', 'http.request', '-T', 'fields', ...fields(APPLICATIONS)], same: true, bar: null },
  { name: 'fields that take a tree', ours: ['--fields', OPTIONS], theirs: ['-T', 'fields', ...fields(OPTIONS)], same: false, bar: null },
  { name: 'lines', ours: [], theirs: [], same: false, bar: null },
] as const;

const folder = mkdtempSync(join(tmpdir(), 'looplab-decode-'));
const output = join(folder, 'printed');

/** Seconds of a processor that a program and its children took, as the shell tells them. Its output is in `output`. */
function taken(...program: readonly string[]): number {
  const ran = spawnSync('sh', ['-c', '"$@" > "$OUTPUT" && times', 'sh', ...program], { encoding: 'utf8', env: { ...process.env, OUTPUT: output } });
  if (ran.status !== 0) throw new Error(`${program[0] ?? ''} ended with ${ran.status}: ${ran.stderr}`);
  const children = ran.stdout.trim().split('\n').at(-1) ?? '';
  return [...children.matchAll(/(\d+)m([\d.,]+)s/g)].reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds?.replace(',', '.')), 0);
}
const printed = (): string => createHash('sha256').update(readFileSync(output)).digest('hex');

try {
  const decode = await bundled('filter/filterDecode', folder);
  const capture = given ?? join(folder, 'labs.pcapng');
  if (given === undefined) writeLabCapture(capture, Number(packets));
  console.log(`${given ?? `${Number(packets).toLocaleString('en-US')} packets`}; seconds of a processor, medians of ${rounds} rounds, ours and tshark in turn`);
  for (const { name, ours, theirs, same, bar } of TASKS) {
    const times: { own: number; other: number; agree: boolean }[] = [];
    for (let round = 0; round < Number(rounds); round++) {
      const own = taken(process.execPath, decode, capture, ...ours);
      const text = printed();
      const other = taken('tshark', '-n', '-r', capture, ...theirs);
      times.push({ own, other, agree: text === printed() });
    }
    const ratio = median(times.map(({ own, other }) => own / other));
    const agreed = !same ? '' : times.every(({ agree }) => agree) ? ', the same output' : ', OTHER OUTPUT';
    const verdict = bar === null ? '' : `  bar ${bar.toFixed(2)} ${ratio <= bar ? 'met' : 'NOT MET'}`;
    console.log(`  ${name.padEnd(24)} ${median(times.map(({ own }) => own)).toFixed(2)} s, tshark ${median(times.map(({ other }) => other)).toFixed(2)} s: ${ratio.toFixed(2)} of it${agreed}${verdict}`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
