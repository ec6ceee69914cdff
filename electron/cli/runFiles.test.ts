// looplab run --save and --record, ladder and info: what one command writes the others read.
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFrames, writeFrames } from '../../tests/interop/captureFile.fixture';
import { tinyLab } from '../runtime/lab.fixture';
import type { Io } from './io';
import { main } from './main';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'looplab-cli-run-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function looplab(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const io: Io = {
    out: (text) => {
      out += text;
      return Promise.resolve();
    },
    err: (text) => void (err += text), signal: new AbortController().signal, onFault: () => undefined, version: () => Promise.resolve('1.2.3'), labs: () => [{ lab: tinyLab('127.0.203.31', 7231), lessons: new Map() }],
  };
  const status = await main(args, io);
  return { status, out, err };
}

describe('a run on the command line', () => {
  it('is saved and recorded, and told again from the file', async () => {
    const [saved, recorded] = [join(folder, 'saved.pcapng'), join(folder, 'recorded.pcapng')];
    const run = await looplab('run', 'tiny', '--save', saved, '--record', recorded);
    expect(run).toMatchObject({ status: 0, err: '' });
    for (const file of [saved, recorded]) {
      expect(await looplab('ladder', file)).toEqual({ status: 0, out: run.out, err: '' });
      if (process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o600);
    }
    const events = (await looplab('ladder', saved, '--json', '--payload')).out;
    expect(events).toContain('"kind":"bytes.sent"');
    expect(events).toContain(Buffer.from('hello').toString('base64'));
    expect((await looplab('info', saved)).out).toMatch(/^Run of Looplab: +of lab tiny, packets reconstructed, without TLS keys$/mu);
    expect(JSON.parse((await looplab('info', saved, '--json')).out)).toMatchObject({ application: 'Looplab 1.2.3', run: { lab: 'tiny', order: 'saved' }, damage: null });
  });

  it('of which other programs have only the packets has a ladder too', async () => {
    const [saved, packets] = [join(folder, 'whole.pcapng'), join(folder, 'packets.pcapng')];
    await looplab('run', 'tiny', '--save', saved);
    await writeFile(packets, writeFrames(readFrames(await readFile(saved))));
    const { status, out, err } = await looplab('ladder', packets);
    expect([status, err]).toEqual([0, '']);
    expect(out).toContain('SYN');
    expect(out).toContain('127.0.203.31');
  });

  it('is told up to where its file is cut, and what is no file says so', async () => {
    const saved = join(folder, 'cut.pcapng');
    const run = await looplab('run', 'tiny', '--save', saved);
    const bytes = await readFile(saved);
    await writeFile(saved, bytes.subarray(0, bytes.length - 20));
    expect(await looplab('ladder', saved)).toEqual({ status: 1, out: run.out, err: expect.stringMatching(/cut\.pcapng is not whole: the file ends within a block, at byte \d+\n$/u) as string });
    expect(await looplab('ladder', join(folder, 'none.pcapng'))).toMatchObject({ status: 1, out: '', err: expect.stringContaining('no such file (ENOENT)') as string });
    await writeFile(saved, 'hello, world, this is text');
    expect(await looplab('ladder', saved)).toMatchObject({ status: 1, out: '', err: expect.stringContaining('NOT_A_CAPTURE') as string });
  });

  it.each([
    [['ladder'], 'which file?'], [['ladder', 'a', 'b'], 'one file at a time'], [['ladder', 'a', '--payload'], '--payload needs --json'],
    [['run', 'tiny', '--packets', 'both'], '--packets needs --pcapng, --save or --record'], [['run', 'tiny', '--save', '/dev/null', '--packets', 'some'], '--packets must be one of reconstructed, captured, both, none'],
    [['serve', 'tiny', '--keys'], '--keys needs --record'],
  ])('%j is wrong', async (args, why) => {
    expect(await looplab(...args)).toMatchObject({ status: 2, out: '', err: expect.stringContaining(why) as string });
  });
});
