// The story that is told of a swarm is what happened in it: held against what the peers themselves know at the end of a real run.

import { describe, expect, it } from 'vitest';
import { must } from '../../../shared/base/assert';
import { micros } from '../../../shared/base/brand';
import { swarmOf } from '../../../shared/trace/swarm/swarmBuilder';
import type { SwarmStory } from '../../../shared/trace/swarm/swarmStory';
import { hostilePeer } from './hostilePeer';
import { watchedSwarm } from './watchedSwarm.fixture';
import { runs, startPeer, startTracker, testFile, testRole, until, type TestPeer } from './swarm.fixture';

const sum = (values: Iterable<number>): number => [...values].reduce((total, one) => total + one, 0);
const END = micros(Number.MAX_SAFE_INTEGER);
const transfersOf = (swarm: SwarmStory) => Array.from({ length: swarm.transfers.count }, (_, n) => swarm.transfers.at(n));
/** By their connections: which is known first depends on how much of the trace was there when it was looked at. */
const linksOf = (swarm: SwarmStory) => swarm.links.map(({ index: _, ...link }) => link).sort((one, other) => one.conn - other.conn);
const linkedTransfersOf = (swarm: SwarmStory) => transfersOf(swarm).map((transfer) => ({ ...transfer, link: swarm.links[transfer.link]?.conn }));

describe('the story of a real swarm', () => {
  it('tells what the peers know: who has what, who gave how much, from whom each piece came', async () => {
    const { recorder, swarm } = watchedSwarm();
    const tracker = await startTracker();
    const { file, torrent } = testFile(24, { announce: tracker.http });
    const seeder = startPeer('seeder', { torrent, file, up: 2_000_000 }, recorder);
    await seeder.listening;
    const leechers = Array.from({ length: 5 }, (_, n) => startPeer(`leecher-${n + 1}`, { torrent, file: null, seed: n + 1 }, recorder));
    const looked = setInterval(() => swarm().at(END), 20);
    await Promise.all(leechers.map(({ peer }) => peer.done));
    const all: readonly TestPeer[] = [seeder, ...leechers];
    const kept = all.map(({ peer }) => peer.traffic.down);
    for (const each of all) each.peer.leave();
    await Promise.all(all.map(({ ended }) => ended));
    clearInterval(looked);
    const told = swarm();

    expect(told.torrent).toEqual({ pieces: torrent.pieceCount, pieceLength: torrent.pieceLength, size: file.length });
    expect(told.peers.map(({ id }) => id)).toEqual(all.map(({ role }) => role.id));
    expect(told.peers.map(({ began }) => began.length)).toEqual([torrent.pieceCount, 0, 0, 0, 0, 0]);
    expect(told.peers.some(({ hostile }) => hostile)).toBe(false);
    const now = told.at(END);
    all.forEach(({ noted, role }, index) => {
      expect(told.peerOf(told.peers[index]?.listens ?? '')?.id).toBe(role.id);
      expect(told.peers[index]?.gained.map(({ piece }) => piece)).toEqual(noted('bt.have').map(({ piece }) => piece));
      expect(told.choices.filter((choice) => choice.peer === index)).toHaveLength(noted('bt.chose').length);
      expect(now.have[index]).toBe(torrent.pieceCount);
      // At the end some blocks come twice; a peer counts one of them.
      expect(now.got[index]).toBeGreaterThanOrEqual(kept[index] ?? 0);
      expect(now.got[index]).toBe(sum(transfersOf(told).flatMap(({ to, arrive, length }) => (to === index && arrive !== null ? [length] : []))));
    });
    expect(sum(now.given)).toBe(sum(now.got));
    expect(sum(now.helped)).toBe(sum(now.got));
    expect(sum(now.got)).toBeGreaterThanOrEqual(5 * file.length);
    // What was chosen is a piece of somebody known, who had it by then.
    for (const { from, piece, at } of told.choices) {
      expect(from).toBeGreaterThanOrEqual(0);
      expect(told.at(at).has[from * torrent.pieceCount + piece]).toBe(1);
    }
    const blocks = transfersOf(told);
    for (const { index, gained } of told.peers) {
      for (const { piece, at, from } of gained) {
        const givers = new Set(blocks.filter((block) => block.to === index && block.piece === piece && block.arrive !== null && block.arrive <= at).map((block) => block.from));
        expect(from.length).toBeGreaterThan(0);
        for (const one of from) {
          expect(givers.has(one)).toBe(true);
          expect(told.at(at).has[one * torrent.pieceCount + piece]).toBe(1);
        }
      }
    }
    expect(blocks.every(({ request, askedAt, depart }) => request >= 0 && askedAt !== null && askedAt <= depart)).toBe(true);
    expect(told.at(END).moving).toEqual([]);
  });

  it('grows into what the whole trace tells, and loses those that crash', async () => {
    const { recorder, builder, apps, swarm } = watchedSwarm();
    const { file, torrent } = testFile(16);
    const seeder = startPeer('seeder', { torrent, file, up: 400_000 }, recorder);
    const at = await seeder.listening;
    const peers = [1, 2, 3].map((n) => startPeer(`peer-${n}`, { torrent, file: null, seed: n, peers: [at] }, recorder));
    const looked = setInterval(() => swarm().at(END), 5);
    const [first, ...others] = peers;
    await until(() => (first?.noted('bt.have').length ?? 0) >= 3);
    first?.kill();
    recorder.roleEnded(must(builder.story.roles.find(({ id }) => id === 'peer-1'), 'role').index, 'killed');
    await Promise.all(others.map(({ peer }) => peer.done));
    clearInterval(looked);
    const grown = swarm();
    // Another application story of the same trace: read at once.
    const once = swarmOf({ ...apps.app }, builder.story);
    expect(grown.peers).toEqual(once.peers);
    expect(linksOf(grown)).toEqual(linksOf(once));
    expect(linkedTransfersOf(grown)).toEqual(linkedTransfersOf(once));
    expect([...grown.at(END).helped]).toEqual([...once.at(END).helped]);
    expect(grown.peers[1]?.left?.how).toBe('killed');
    expect([...grown.at(END).present]).toEqual([1, 0, 1, 1]);
  });

  it.each([['flood-messages', 'flood'], ['bad-block', 'bad-length'], ['garbage', 'bad-handshake']] as const)('knows who is hostile: %s', async (how, why) => {
    const { recorder, swarm } = watchedSwarm();
    const { file, torrent } = testFile(4);
    const seeder = startPeer('seeder', { torrent, file }, recorder);
    const victim = await seeder.listening;
    const vandal = testRole('vandal', recorder);
    runs(hostilePeer(vandal.role, { torrent, victim, how }));
    await until(() => seeder.noted('bt.cut').length > 0);
    const told = swarm();
    expect(told.peers.map(({ id, hostile }) => [id, hostile])).toEqual([['seeder', false], ['vandal', true]]);
    if (why !== 'bad-handshake') expect(told.links[0]?.cut).toMatchObject({ by: 0, why });
  });
});
