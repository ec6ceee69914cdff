// Captures that were spoilt, by `editcap -E` and by our own mutations: each opens or is refused with a reason, and whatever opens can be used for
// everything that captures are for. Some here; for as long as one wants: MUTATIONS=<minutes> npx vitest run tests/fuzz/mutatedCaptures.test.ts

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { looplab } from '../../electron/cli/inProcess.fixture';
import { EXIT } from '../../electron/cli/io';
import { concatBytes } from '../../shared/base/bytes';
import { createRandom } from '../../shared/base/random';
import { Line } from '../../shared/packets/dissection/captured.fixture';
import { blocksIn } from '../../shared/packets/file/captureBytes.fixture';
import { fileOf } from '../../shared/packets/follow/web.fixture';
import { models } from './captureModels.fixture';
import { spoilt } from './spoilCapture.fixture';
import { useCapture } from './useCapture.fixture';

const corpus = resolve(import.meta.dirname, '../../../shared/corpus');
const files = (['tcpdump', 'libpcap', 'pcapng-test-generator'] as const).flatMap((folder) => (existsSync(join(corpus, folder))
  ? readdirSync(join(corpus, folder), { recursive: true, encoding: 'utf8' }).filter((name) => /\.pcap(ng)?$/.test(name)).sort().map((name) => join(corpus, folder, name)) : []));
const hasEditcap = spawnSync('editcap', ['--version']).status === 0;
/** Minutes that a long run takes; what it finds is told at its end, all of it. */
const minutes = Number(process.env['MUTATIONS'] ?? 0);
/** Its first seed: another one finds something else. */
const begin = Number(process.env['MUTATIONS_FROM'] ?? 1000);
/** Spoilt captures of the short run. */
const ROUNDS = 9;
/** Shares of the packets' bytes that editcap changes. */
const RATES = [0.002, 0.01, 0.05, 0.2];
/** ms of processor time that a spoilt capture of less than 64 KiB may take: far more than any takes, on any machine; and bytes of memory that it may leave behind. */
const BOUND = { time: 20_000, memory: 1024 * 1024 * 1024 } as const;

const folder = mkdtempSync(join(tmpdir(), 'looplab-mutations-'));
afterAll(() => rmSync(folder, { recursive: true }));
const COMMANDS = [['info'], ['decode', '--json'], ['decode', '-2', '--filter', 'tcp or frame.len > 60'], ['ladder'], ['exchanges', '--json'], ['convert', join(folder, 'again.pcapng')]];

/** What went wrong. Keeps what is being read while it is read: a long run that hangs leaves it behind. */
async function tried(bytes: Uint8Array, what: string): Promise<string[]> {
  if (minutes > 0) writeFileSync(join(tmpdir(), 'looplab-mutation'), bytes);
  const [before, began] = [process.memoryUsage.rss(), process.cpuUsage()];
  try {
    await useCapture(bytes);
  } catch (thrown) {
    return [`${what}: ${String(thrown instanceof Error ? thrown.stack : thrown).split('\n', 6).join('\n')}`];
  }
  const { user, system } = process.cpuUsage(began);
  const [time, memory] = [(user + system) / 1000, process.memoryUsage.rss() - before];
  return time <= BOUND.time && memory <= BOUND.memory ? [] : [`${what}: took ${Math.round(time)} ms of processor time and ${memory} B`];
}

const made = models();
const sourceOf = (number: number): Uint8Array => (number < made.length ? made[number]?.bytes ?? new Uint8Array(0) : readFileSync(files[number - made.length] ?? ''));
const nameOf = (number: number): string => (number < made.length ? made[number]?.name ?? '' : files[number - made.length]?.slice(corpus.length + 1) ?? '');
const sources = made.length + files.length;

/** A source as editcap spoils it: a share of its packets' bytes, with a seed. Null for what it does not read. */
function edited(bytes: Uint8Array, rate: number, seed: number): Uint8Array | null {
  const [from, to] = [join(folder, 'from'), join(folder, 'to')];
  writeFileSync(from, bytes);
  return spawnSync('editcap', ['-F', 'pcapng', '-E', String(rate), '--seed', String(seed), from, to], { stdio: 'ignore' }).status === 0 ? readFileSync(to) : null;
}

describe(`spoilt captures: ${made.length} that are made here, ${files.length === 0 ? 'none of others (not here)' : `${files.length} of others`}`, () => {
  it('with our mutations, open or are refused, and whatever opens is used', { timeout: 120_000 }, async () => {
    const wrong: string[] = [];
    for (let seed = 1; seed <= ROUNDS; seed++) {
      const random = createRandom(seed);
      const number = seed % 3 === 0 ? random.below(sources) : seed % made.length;
      wrong.push(...(await tried(spoilt(sourceOf(number), random), `seed ${seed}: ${nameOf(number)}`)));
    }
    expect(wrong).toEqual([]);
  });

  it.skipIf(!hasEditcap)(`with the errors of editcap${hasEditcap ? '' : ' (skipped: it is not installed)'}`, { timeout: 120_000 }, async () => {
    const wrong: string[] = [];
    // The first is the second in another order.
    for (const [at, { name, bytes }] of made.slice(1).entries()) {
      const rate = RATES[at % RATES.length] ?? 0;
      wrong.push(...(await tried(edited(bytes, rate, at + 1) ?? new Uint8Array(0), `editcap -E ${rate} --seed ${at + 1}: ${name}`)));
    }
    expect(wrong).toEqual([]);
  });

  it('are read by the commands that read files', { timeout: 120_000 }, async () => {
    for (let seed = 1; seed <= made.length; seed++) {
      const path = join(folder, 'spoilt');
      writeFileSync(path, fileFor(seed, spoilt(sourceOf(seed % made.length), createRandom(seed))));
      for (const args of COMMANDS) {
        const { status, out, err } = await looplab(args[0] ?? '', path, ...args.slice(1));
        expect([EXIT.reached, EXIT.failed], args.join(' ')).toContain(status);
        // What goes wrong is the file's fault, and told: info tells of damage as it tells of everything.
        if (status !== EXIT.reached) expect(args[0] === 'info' ? out + err : err, `seed ${seed}: ${args.join(' ')}`).toMatch(/spoilt|damaged/i);
      }
    }
  });
});

describe('what was found by spoiling', () => {
  it('a length on the wire of more than 31 bits is no short one', async () => {
    const b = blocksIn(true);
    const packet = b.block(6, [0, 4], [0, 4], [0, 4], [4, 4], [4_278_124_620, 4], Uint8Array.of(0x45, 0, 0, 4));
    expect(await tried(concatBytes(b.section(), b.interface(101), packet), 'a long one')).toEqual([]);
  });

  it('a frame to the switches of Cisco has no type, and no packet that one would say', async () => {
    for (const first of [1, 3]) {
      const { frames } = new Line(80).say('up', 'GET / HTTP/1.1\r\n\r\n');
      for (const frame of frames) frame.set([first, 0, 0x0c, 0, 0, 7]);
      expect(await tried(fileOf(frames), 'to switches')).toEqual([]);
    }
  });
});

/** Every third one compressed, and cut there. */
const fileFor = (seed: number, bytes: Uint8Array): Uint8Array => (seed % 3 === 0 ? gzipSync(bytes).subarray(0, bytes.length === 0 ? 0 : -3) : bytes);

describe.skipIf(minutes === 0)('for a long time', () => {
  it('with mutations of both', { timeout: minutes * 60_000 + 600_000 }, async () => {
    const until = performance.now() + minutes * 60_000;
    const found = new Map<string, string>();
    let seed = begin;
    for (; performance.now() < until; seed++) {
      const random = createRandom(seed);
      const number = random.below(sources);
      const source = sourceOf(number);
      const bytes = (hasEditcap && seed % 4 === 0 ? edited(source, RATES[random.below(RATES.length)] ?? 0, seed) : null) ?? spoilt(source, random);
      for (const wrong of await tried(bytes, `seed ${seed}: ${nameOf(number)}`)) {
        const sort = wrong.replaceAll(/\d+/g, 'N').slice(0, 300);
        if (found.has(sort)) continue;
        found.set(sort, wrong);
        console.info(wrong);
        writeFileSync(join(tmpdir(), `looplab-mutation-${seed}`), bytes);
      }
    }
    console.info(`${seed - begin} spoilt captures`);
    expect([...found.values()]).toEqual([]);
  });
});
