// Foreign programs in the swarm lab, started by the very command lines that its lesson shows: they take the film from our peers, and our
// peers take it from them.

import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleepFor } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import lab from '../../electron/labs/p2p-swarm/lab';
import { LabTest, local } from '../../electron/labs/run.fixture';
import { generateFile, sha1 } from '../../electron/roles/bittorrent/metainfo';
import { toHex } from '../../shared/base/bytes';
import { parseNote, type Note } from '../../shared/trace/notes';
import { freePort, start, type Program } from './support';

const PIECES = 16;
const PIECE = 32;
/** What the film must be: the lab says which bytes its seed makes. */
const HASH = toHex(sha1(generateFile(PIECES * PIECE * 1024, 5)));

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'swarm-lab-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The command as shown, in this test's own network and folder, and on a port of its own: other tests may run beside it. */
async function shown(id: string): Promise<Program> {
  const command = lab.manifest.tryIt.find((one) => one.id === id)?.command ?? '';
  const port = String(await freePort());
  const line = command
    .replaceAll('{address}', local('127.0.60.1')).replaceAll('{port}', '6969')
    .replaceAll('/tmp/looplab', join(folder, 'looplab')).replaceAll('--dir=/tmp', `--dir=${folder}`)
    .replace('--listen-port=6890-6899', `--listen-port=${port}`).replace('-p 6900', `-p ${port}`);
  // `exec`: the test's end kills the program, not only its shell.
  return start('sh', '-c', `export HOME=${folder}; cd ${folder}; ${line.replace(/(?=(aria2c|transmission-cli) )/, 'exec ')}`);
}

const serve = (tracker: string): Promise<LabTest> => LabTest.serve(lab, { tracker, pieces: PIECES, 'piece-size': PIECE, seed: 5, up: 0, interval: 1, 'choke-interval': 300 });

/** Waits until the program has written the film. */
async function filmIs(path: string): Promise<void> {
  const now = (): Promise<string> => readFile(path).then((bytes) => toHex(sha1(bytes)), () => '');
  for (const end = performance.now() + 90_000; performance.now() < end && (await now()) !== HASH; ) await sleepFor(50);
  expect(await now()).toBe(HASH);
}

const notes = (run: LabTest, topic: string, role = 'peer*'): Note[] => run.facts('role.noted', role).flatMap(({ text }) => parseNote(text) ?? []).filter((note) => note.topic === topic);

/** The pieces that ours have from the foreign program, if only in part. */
const isForeign = (peer: string): boolean => peer.startsWith('127.0.0.1:');
const givenBy = (run: LabTest): Note[] => notes(run, 'bt.have').filter((note) => note.topic === 'bt.have' && note.from.some(isForeign));

/** The seeder goes, and one comes with nothing: all it gets is from the foreign program. Its last piece is right, so all bytes are. */
async function givesToOurs(run: LabTest): Promise<void> {
  await run.act('seeder-leaves');
  await run.act('add-peer');
  await run.until(() => notes(run, 'bt.done').length === 1);
  const pieces = notes(run, 'bt.have').flatMap((note) => (note.topic === 'bt.have' ? [note] : []));
  expect(pieces).toHaveLength(PIECES);
  expect(pieces.every(({ from }) => from.every(isForeign))).toBe(true);
  expect(notes(run, 'bt.bad')).toEqual([]);
}

const has = (program: string): boolean => spawnSync(program, ['--version']).error === undefined;

it('curl gets the torrent, and what the tracker knows', async () => {
  await serve('http');
  expect((await (await shown('torrent')).ended).status).toBe(0);
  expect((await readFile(join(folder, 'looplab.torrent'))).subarray(0, 11).toString()).toBe('d8:announce');
  const { output } = await (await shown('scrape')).ended;
  expect(output).toContain('8:completei1e');
  expect(output).toContain('10:incompletei0e');
});

describe.runIf(has('aria2c'))('aria2c', () => {
  it.each(['http', 'udp'])('takes the film from our seeder and gives it to our leecher; ours speak to the tracker over %s', async (tracker) => {
    const run = await serve(tracker);
    await shown('aria2');
    await filmIs(join(folder, 'film-1.bin'));
    await givesToOurs(run);
  }, 120_000);

  it('joins in the middle of a swarm, and gives to it', async () => {
    // aria2c looks every ten seconds whom it unchokes: for so long the links are slow, and ours lack something still.
    const run = await LabTest.serve(lab, { pieces: PIECES, 'piece-size': PIECE, seed: 5, up: 12, interval: 1, 'choke-interval': 300 });
    for (let count = 0; count < 3; count++) await run.act('add-peer');
    await run.until(() => notes(run, 'bt.have').length > 0);
    await shown('aria2');
    await run.until(() => givenBy(run).length > 0);
    await run.act('links', { up: 0, down: 0 });
    await run.until(() => notes(run, 'bt.done').length === 3);
    await filmIs(join(folder, 'film-1.bin'));
    expect(notes(run, 'bt.bad')).toEqual([]);
  }, 120_000);
});

describe.runIf(has('transmission-cli'))('transmission-cli', () => {
  it('takes the film from our seeder and gives it to our leecher', async () => {
    const run = await serve('http');
    await shown('transmission');
    await filmIs(join(folder, 'looplab', 'film-1.bin'));
    await givesToOurs(run);
  }, 120_000);
});
