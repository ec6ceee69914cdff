// Peers that break the rules: each is cut with a reason, and a swarm around them finishes as if they were not there.

import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { CutWhy } from '../../../shared/trace/notes';
import { hostilePeer, type Hostility } from './hostilePeer';
import { runs, startPeer, testFile, testRole, until, type TestPeer } from './swarm.fixture';

const endpointOf = ({ address }: TestPeer): { address: string; port: number } => ({ address, port: 6881 });

describe('a hostile peer', () => {
  it.each<[Hostility, CutWhy]>([
    ['silent', 'handshake-timeout'], ['garbage', 'bad-handshake'], ['wrong-torrent', 'wrong-torrent'], ['long-message', 'bad-length'], ['bad-bitfield', 'bad-length'], ['spare-bits', 'bad-length'],
    ['bad-have', 'bad-piece'], ['bad-request', 'bad-request'], ['long-request', 'bad-request'], ['bad-block', 'bad-length'], ['flood-blocks', 'flood'], ['flood-requests', 'flood'], ['flood-messages', 'flood'],
  ])('%s: cut for %s, and harms no one', async (how, why) => {
    const { file, torrent, hash } = testFile(30);
    const seeder = startPeer('seeder', { torrent, file, up: 1_000_000, handshakeTime: 300 });
    const leecher = startPeer('leecher', { torrent, file: null, peers: [endpointOf(seeder)] });
    const hostile = testRole('hostile');
    const over = hostilePeer(hostile.role, { torrent, victim: endpointOf(seeder), how });
    runs(over);
    await over;
    expect(seeder.noted('bt.cut').filter(({ why: cut }) => cut !== 'both-seed')).toEqual([{ topic: 'bt.cut', peer: expect.stringContaining(hostile.address), why }]);
    await leecher.peer.done;
    expect(leecher.hash()).toBe(hash);
  });

  it('that sends wrong blocks is cut by its second wrong piece; the honest ones that sent the rest are not', async () => {
    const { file, torrent, hash } = testFile(24, { pieceLength: 65_536 });
    const honest = startPeer('honest', { torrent, file, up: 2_000_000 });
    const liar = startPeer('liar', { torrent, file, up: 2_000_000, tamper: (block) => block.map((byte, i) => (i === 5 ? byte ^ 1 : byte)) });
    const leecher = startPeer('leecher', { torrent, file: null, peers: [endpointOf(honest), endpointOf(liar)] });
    await leecher.peer.done;
    expect(leecher.hash()).toBe(hash);
    expect(leecher.noted('bt.bad').length).toBeGreaterThanOrEqual(2);
    expect(leecher.noted('bt.cut').filter(({ why }) => why === 'bad-hash').map(({ peer }) => peer)).toEqual([`${liar.address}:6881`]);
    expect(leecher.noted('bt.cut').filter(({ peer, why }) => peer.startsWith(honest.address) && why !== 'both-seed')).toEqual([]);
  });

  it('a crowd that says nothing keeps nobody out', async () => {
    const { file, torrent, hash } = testFile(8);
    const seeder = startPeer('seeder', { torrent, file, connections: 10, handshakeTime: 60_000 });
    await seeder.listening;
    const crowd = Array.from({ length: 40 }, () => connect({ host: seeder.address, port: 6881 }).on('error', () => undefined));
    await until(() => seeder.noted('bt.cut').length >= 30);
    const leecher = startPeer('leecher', { torrent, file: null, peers: [endpointOf(seeder)] });
    await leecher.peer.done;
    expect(leecher.hash()).toBe(hash);
    expect(seeder.peer.traffic.connections).toBeLessThanOrEqual(10);
    for (const each of crowd) each.destroy();
  });

  it('a peer that promises and lets wait is snubbed; others deliver', async () => {
    const { file, torrent, hash } = testFile(16);
    const slow = startPeer('slow', { torrent, file, up: 600 });
    const good = startPeer('good', { torrent, file, up: 200_000 });
    const leecher = startPeer('leecher', { torrent, file: null, peers: [endpointOf(slow), endpointOf(good)], snubTime: 300 });
    await leecher.peer.done;
    expect(leecher.hash()).toBe(hash);
    expect(leecher.noted('bt.snub')).toContainEqual({ topic: 'bt.snub', peer: `${slow.address}:6881`, snubbed: true });
    expect(leecher.noted('bt.chose').filter(({ from }) => from.startsWith(good.address)).length).toBeGreaterThan(10);
  });
});

describe('the edge of the swarm', () => {
  it('other addresses are neither dialled nor asked, and that is noted', async () => {
    const { file, torrent } = testFile(4, { announce: 'http://192.0.2.1:6969/announce' });
    const peer = startPeer('peer', { torrent, file, peers: [{ address: '192.0.2.7', port: 6881 }, { address: '10.0.0.1', port: 6881 }, { address: '127.0.0.999', port: 1 }, { address: 'localhost', port: 1 }] });
    await peer.listening;
    expect(peer.noted('bt.cut').map(({ peer: name, why }) => [name, why])).toEqual([
      ['192.0.2.7:6881', 'not-loopback'], ['10.0.0.1:6881', 'not-loopback'], ['127.0.0.999:1', 'not-loopback'], ['localhost:1', 'not-loopback'], ['http://192.0.2.1:6969/announce', 'not-loopback'],
    ]);
    expect(peer.peer.traffic.connections).toBe(0);
  });

  it('a peer does not keep a connection with itself, nor two with another', async () => {
    const { file, torrent } = testFile(8);
    const a = startPeer('a', { torrent, file, up: 50_000 });
    const b = startPeer('b', { torrent, file: null, peers: [endpointOf(a)] });
    await until(() => b.noted('bt.have').length > 0);
    // A second connection from the same peer.
    const again = await b.role.host.net.dial(endpointOf(a));
    const { encodeHandshake, reservedFor } = await import('../../../shared/codec/bittorrent/handshake');
    const peerId = (b.peer as unknown as { peerId: Uint8Array }).peerId;
    await again.sendAll(encodeHandshake({ reserved: reservedFor([]), infoHash: torrent.infoHash, peerId }));
    await until(() => a.noted('bt.cut').some(({ why }) => why === 'twice'));
    // And one with A's own id.
    const self = await b.role.host.net.dial(endpointOf(a));
    await self.sendAll(encodeHandshake({ reserved: reservedFor([]), infoHash: torrent.infoHash, peerId: (a.peer as unknown as { peerId: Uint8Array }).peerId }));
    await until(() => a.noted('bt.cut').some(({ why }) => why === 'self'));
    await b.peer.done;
  });
});
