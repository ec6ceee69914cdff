// curl takes the file from the lab's server while it is open: whole, over the server's cap or its own, alone or in twos, and in the middle of
// a distribution that is being measured.

import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import lab from '../../electron/labs/client-server-vs-p2p/lab';
import { LabTest, local } from '../../electron/labs/run.fixture';
import { generateFile } from '../../electron/roles/bittorrent/metainfo';
import { start } from './support';

const URL_OF_FILE = `http://${local('127.0.62.1')}:8062/file`;
const SIZE = 64;
const HASH = createHash('sha256').update(generateFile(SIZE * 1024, 1)).digest('hex');

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'distribution-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const hashOf = async (name: string): Promise<string> => createHash('sha256').update(await readFile(join(folder, name))).digest('hex');

/** curl's own time in ms, of each transfer. */
async function curl(...args: readonly string[]): Promise<number[]> {
  const { output, status } = await start('curl', '-sS', '-w', '%{time_total}\\n', ...args).ended;
  expect(status).toBe(0);
  return output.trim().split('\n').map((line) => Number(line) * 1000);
}

describe('curl', () => {
  it('gets the whole file, not sooner than the server\'s link carries it, with a limit of its own too', async () => {
    await LabTest.serve(lab, { size: SIZE, 'server-up': 256 });
    const [capped = 0] = await curl('-o', join(folder, 'one'), URL_OF_FILE);
    expect(await hashOf('one')).toBe(HASH);
    // An idle link has saved up a tenth of a second.
    expect(capped).toBeGreaterThanOrEqual(250 - 100);
    // How much longer is curl's own matter: it counts over seconds, and reads what has come at once.
    const [slow = 0] = await curl('--limit-rate', '32k', '-o', join(folder, 'two'), URL_OF_FILE);
    expect(await hashOf('two')).toBe(HASH);
    expect(slow).toBeGreaterThanOrEqual(250 - 100);
  });

  it('shares the link with another curl', async () => {
    await LabTest.serve(lab, { size: SIZE, 'server-up': 256 });
    const both = await curl('-Z', '--parallel-immediate', '-o', join(folder, 'one'), '-o', join(folder, 'two'), URL_OF_FILE, URL_OF_FILE);
    expect([await hashOf('one'), await hashOf('two')]).toEqual([HASH, HASH]);
    expect(Math.max(...both)).toBeGreaterThanOrEqual(500 - 100);
  });

  it('takes its share while a distribution is measured: that takes as much longer', async () => {
    const run = await LabTest.serve(lab, { size: SIZE, 'server-up': 128 });
    // Again and again, so that it still takes when the trace tells of it, however late that is.
    const files = ['one', 'two', 'three', 'four', 'five', 'six'];
    const curling = curl(...files.flatMap((file) => ['-o', join(folder, file), URL_OF_FILE]));
    await run.untilFacts('bytes.received', 'server');
    await run.act('run', { way: 'server', receivers: 1 });
    await curling;
    for (const file of files) expect(await hashOf(file)).toBe(HASH);
    const end = run.facts('role.noted', 'conductor').find((fact) => fact.text.includes('"dist.end"'))?.text ?? '';
    const said: unknown = JSON.parse(end);
    expect(said).toMatchObject({ way: 'server', receivers: 1, ms: expect.any(Number) as number });
    // 500 ms by the formula for our receiver alone; curl came before, and took half of the link.
    expect((said as { ms: number }).ms).toBeGreaterThan(600);
  });

  it('is told what there is', async () => {
    await LabTest.serve(lab);
    const { output } = await start('curl', '-sS', '-i', URL_OF_FILE.replace('file', 'other')).ended;
    expect(output).toMatch(/^HTTP\/1.1 404 Not Found\r\n/);
    expect(output).toContain('There is /file here.');
  });
});
