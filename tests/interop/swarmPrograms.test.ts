// Foreign BitTorrent programs in our swarms: aria2 and Transmission take a file from our seeder and give one to our leecher, by our tracker.
// Everything that would look beyond loopback is off: DHT, local discovery, peer exchange, port mapping.

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleepFor } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { infoHashText, sha1 } from '../../electron/roles/bittorrent/metainfo';
import { startPeer, startTracker, testFile, until, type TestPeer } from '../../electron/roles/bittorrent/swarm.fixture';
import { toHex } from '../../shared/base/bytes';
import { freePort, start, type Program } from './support';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'swarm-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Why connections were cut, but for what honest programs do: they try an encrypted handshake first, and dial whom they are dialled by. */
const blamed = (peer: TestPeer): string[] => peer.noted('bt.cut').flatMap(({ why }) => (why === 'both-seed' || why === 'twice' || why === 'bad-handshake' ? [] : [why]));

const hashOf = async (path: string): Promise<string> => toHex(sha1(await readFile(path)));

/** Waits until the program has written the file. */
async function fileIs(hash: string): Promise<void> {
  const now = (): Promise<string> => hashOf(join(folder, 'file.bin')).catch(() => '');
  for (const end = performance.now() + 60_000; performance.now() < end && (await now()) !== hash; ) await sleepFor(50);
  expect(await now()).toBe(hash);
}

const aria2 = (port: number, ...args: readonly string[]): Program =>
  start('aria2c', '--no-conf=true', '--enable-dht=false', '--enable-dht6=false', '--bt-enable-lpd=false', '--enable-peer-exchange=false', '--disable-ipv6=true', '--interface=127.0.0.1',
    `--listen-port=${port}`, `--dir=${folder}`, '--file-allocation=none', '--summary-interval=0', '--console-log-level=warn', ...args, join(folder, 'file.torrent'));

describe('aria2c', () => {
  it('reads our torrent as we do', async () => {
    const { torrent } = testFile(3, { announce: 'http://127.0.70.1:6969/announce' });
    await writeFile(join(folder, 'file.torrent'), torrent.bytes);
    const { output } = await start('aria2c', '--no-conf=true', '--show-files=true', join(folder, 'file.torrent')).ended;
    expect(output).toContain(`Info Hash: ${infoHashText(torrent)}`);
    expect(output).toMatch(/The Number of Pieces: 3\n/);
    expect(output).toContain(torrent.announce);
  });

  // Its client for UDP trackers comes with its DHT only, so it asks ours over HTTP.
  it('takes the file from our seeder', async () => {
    const tracker = await startTracker();
    const { file, torrent, hash } = testFile(40, { announce: tracker.http, pieceLength: 32_768 });
    const seeder = startPeer('seeder', { torrent, file });
    await seeder.listening;
    await writeFile(join(folder, 'file.torrent'), torrent.bytes);
    const { status, output } = await aria2(await freePort(), '--seed-time=0').ended;
    expect([status, output]).toEqual([0, expect.any(String)]);
    expect(await hashOf(join(folder, 'file.bin'))).toBe(hash);
    expect(seeder.peer.traffic.up).toBeGreaterThanOrEqual(file.length);
    expect(blamed(seeder)).toEqual([]);
  }, 120_000);

  it('gives it to our leecher', async () => {
    const tracker = await startTracker();
    const { file, torrent, hash } = testFile(40, { announce: tracker.http, pieceLength: 32_768 });
    await writeFile(join(folder, 'file.torrent'), torrent.bytes);
    await writeFile(join(folder, 'file.bin'), file);
    aria2(await freePort(), '--check-integrity=true', '--seed-ratio=0.0', '--seed-time=9999');
    const leecher = startPeer('leecher', { torrent, file: null });
    await leecher.peer.done;
    expect(leecher.hash()).toBe(hash);
    expect(leecher.noted('bt.have').every(({ from }) => from.every((name) => name.startsWith('127.0.0.1:')))).toBe(true);
    expect(leecher.noted('bt.bad')).toEqual([]);
  }, 120_000);

  it('takes part in a swarm of ours: everyone has the file in the end, though the seeder has left', async () => {
    const tracker = await startTracker();
    const { file, torrent, hash } = testFile(32, { announce: tracker.http });
    const seeder = startPeer('seeder', { torrent, file, up: 300_000, stay: 'copied' });
    const leechers = Array.from({ length: 3 }, (_, i) => startPeer(`peer-${i}`, { torrent, file: null, up: 300_000 }));
    await seeder.listening;
    await writeFile(join(folder, 'file.torrent'), torrent.bytes);
    // It stays until everyone has everything: it may have the only copy of a piece.
    aria2(await freePort(), '--seed-ratio=0.0', '--seed-time=9999');
    await Promise.all([seeder.ended, ...leechers.map(({ peer }) => peer.done)]);
    expect(leechers.map((each) => each.hash())).toEqual([hash, hash, hash]);
    await fileIs(hash);
    expect(leechers.flatMap(blamed)).toEqual([]);
  }, 120_000);
});

const hasTransmission = spawnSync('transmission-cli', ['--version']).status === 0;

/** Its settings lie in the folder too, so that it asks nobody and keeps to 127.0.0.1. */
async function transmission(port: number): Promise<Program> {
  const config = join(folder, 'config');
  await mkdir(config);
  await writeFile(join(config, 'settings.json'), JSON.stringify({
    'dht-enabled': false, 'lpd-enabled': false, 'pex-enabled': false, 'utp-enabled': false, 'port-forwarding-enabled': false, 'bind-address-ipv4': '127.0.0.1', 'bind-address-ipv6': '::1',
    'blocklist-enabled': false, encryption: 1,
  }));
  return start('transmission-cli', '-M', '-et', '-p', String(port), '-g', config, '-w', folder, join(folder, 'file.torrent'));
}

describe.runIf(hasTransmission)('transmission-cli', () => {
  // It does not dial addresses of 127.0.0.0/8 that a tracker tells: our peers dial it.
  it('takes the file from our seeder', async () => {
    const tracker = await startTracker();
    const { file, torrent, hash } = testFile(20, { announce: tracker.http, pieceLength: 32_768 });
    const seeder = startPeer('seeder', { torrent, file });
    await writeFile(join(folder, 'file.torrent'), torrent.bytes);
    await transmission(await freePort());
    await until(() => seeder.peer.traffic.up >= file.length, 90_000);
    await fileIs(hash);
    expect(blamed(seeder)).toEqual([]);
  }, 120_000);

  it('gives it to our leecher (UDP tracker)', async () => {
    const tracker = await startTracker();
    const { file, torrent, hash } = testFile(20, { announce: tracker.udp, pieceLength: 32_768 });
    await writeFile(join(folder, 'file.torrent'), torrent.bytes);
    await writeFile(join(folder, 'file.bin'), file);
    await transmission(await freePort());
    const leecher = startPeer('leecher', { torrent, file: null });
    await until(() => leecher.peer.store.complete, 90_000);
    expect(leecher.hash()).toBe(hash);
    expect(leecher.noted('bt.have').every(({ from }) => from.every((name) => name.startsWith('127.0.0.1:')))).toBe(true);
  }, 120_000);
});
