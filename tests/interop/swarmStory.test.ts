// A foreign peer in the swarm's story: aria2 takes a file from our peers and gives it on. All that is known of it is what it says and does on
// the wire: which pieces it has, what it was given, from whom it took them.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startPeer, startTracker, testFile, until } from '../../electron/roles/bittorrent/swarm.fixture';
import { watchedSwarm } from '../../electron/roles/bittorrent/watchedSwarm.fixture';
import { must } from '../../shared/base/assert';
import { micros } from '../../shared/base/brand';
import { freePort, start } from './support';

const END = micros(Number.MAX_SAFE_INTEGER);

it('knows aria2 by its words and its blocks', { timeout: 120_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'story-'));
  const { recorder, swarm } = watchedSwarm();
  try {
    const tracker = await startTracker();
    const { file, torrent } = testFile(32, { announce: tracker.http });
    const seeder = startPeer('seeder', { torrent, file, up: 400_000, stay: 'copied' }, recorder);
    await seeder.listening;
    const leecher = startPeer('leecher', { torrent, file: null, up: 300_000 }, recorder);
    await writeFile(join(folder, 'file.torrent'), torrent.bytes);
    const aria = start('aria2c', '--no-conf=true', '--enable-dht=false', '--enable-dht6=false', '--bt-enable-lpd=false', '--enable-peer-exchange=false', '--disable-ipv6=true', '--interface=127.0.0.1',
      `--listen-port=${await freePort()}`, `--dir=${folder}`, '--file-allocation=none', '--summary-interval=0', '--console-log-level=warn', '--seed-ratio=0.0', '--seed-time=9999', join(folder, 'file.torrent'));
    await leecher.peer.done;
    await until(() => swarm().peers.some(({ role, gained }) => role === null && gained.length === torrent.pieceCount), 90_000);
    aria.kill();
    await aria.ended;
    await until(() => swarm().peers.some(({ role, left }) => role === null && left !== null));

    const told = swarm();
    expect(told.peers.map(({ role }) => role === null).filter((foreign) => foreign)).toEqual([true]);
    const peer = must(told.peers.find(({ role }) => role === null), 'aria2');
    expect(peer).toMatchObject({ began: [], hostile: false, left: { how: 'gone' } });
    expect([...peer.gained].map(({ piece }) => piece).sort((a, b) => a - b)).toEqual(Array.from({ length: torrent.pieceCount }, (_, piece) => piece));
    expect(peer.gained.every(({ from }) => from.length > 0 && !from.includes(peer.index))).toBe(true);
    const now = told.at(END);
    expect(now.present[peer.index]).toBe(0);
    expect(now.got[peer.index]).toBeGreaterThanOrEqual(file.length);
    expect(told.at(micros(must(peer.left, 'end').at - 1)).have[peer.index]).toBe(torrent.pieceCount);
    // Our own tell the same of it.
    const fromAria = told.peers.flatMap(({ gained }) => gained).filter(({ from }) => from.includes(peer.index)).length;
    expect(fromAria > 0).toBe((now.given[peer.index] ?? 0) > 0);
    expect(told.choices.every(({ from }) => from >= 0)).toBe(true);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
