// What swarm.bench.ts measures on: a real swarm in this process, and the trace of a large one that is written without any sockets.

import { setTimeout as sleepFor } from 'node:timers/promises';
import { must } from '../../shared/base/assert';
import { concatBytes } from '../../shared/base/bytes';
import { roleIx } from '../../shared/base/brand';
import { createRandom } from '../../shared/base/random';
import { encodeMessage, type PeerMessage } from '../../shared/codec/bittorrent/message';
import { bitfield, handshake } from '../../shared/trace/swarm/swarmScene.fixture';
import { scenario, type Actor } from '../../shared/trace/fixture';
import type { ListenEnd, TcpEnd } from '../../shared/trace/fixtureTcp';
import type { TraceStore } from '../../shared/trace/store';
import { createNetwork } from '../../electron/capture/network';
import type { Recorder } from '../../electron/capture/recorder';
import { generateFile, makeTorrent } from '../../electron/roles/bittorrent/metainfo';
import { BitTorrentPeer } from '../../electron/roles/bittorrent/peer';
import type { RoleContext } from '../../electron/roles/lab';

const FILE = generateFile(16 * 1024 * 1024, 1);
const TORRENT = makeTorrent(FILE, { name: 'file.bin', announce: '', pieceLength: 256 * 1024 });
let addresses = 0;

/** A seeder and `leechers` that have nothing, until all have the file; without caps, on loopback. Bytes that they got, and the time on `now`'s clock. */
export async function realSwarm(recorder: Recorder | null, leechers: number, now: () => number): Promise<{ readonly bytes: number; readonly ms: number }> {
  const abort = new AbortController();
  const networks: { closeAll(): void }[] = [];
  const listening: Promise<{ readonly address: string; readonly port: number }>[] = [];
  const role = (id: string): RoleContext => {
    const address = `127.${150 + (process.pid % 30)}.${Math.floor(addresses / 250)}.${(addresses++ % 250) + 1}`;
    const host = recorder?.hostAdded({ id, name: id, address, program: '' });
    const index = recorder === null || host === undefined ? roleIx(0) : recorder.roleStarted(host, { id, name: id, kind: 'server' });
    const network = createNetwork(recorder, { role: index, host: id, address });
    networks.push(network);
    let heard: (at: { readonly address: string; readonly port: number }) => void = () => undefined;
    listening.push(new Promise((resolve) => (heard = resolve)));
    return {
      id, host: { id, address, ...network }, signal: abort.signal, listening: (at) => heard(at), print: () => undefined,
      note: (note) => recorder?.roleNoted(index, note), sleep: (ms) => sleepFor(ms, undefined, { signal: abort.signal }),
    };
  };
  const options = { torrent: TORRENT, port: 6881, chokeInterval: 500, slots: leechers, tracker: null } as const;
  const seeder = new BitTorrentPeer(role('seeder'), { ...options, file: FILE, seed: 1 });
  const runs = [seeder.run()];
  const known = [must(await listening[0], 'endpoint')];
  const begin = now();
  const peers: BitTorrentPeer[] = [];
  for (let n = 0; n < leechers; n++) {
    const peer = new BitTorrentPeer(role(`leecher-${n}`), { ...options, file: null, seed: n + 2, peers: [...known] });
    peers.push(peer);
    runs.push(peer.run());
    known.push(must(await listening[n + 1], 'endpoint'));
  }
  await Promise.all(peers.map(({ done }) => done));
  const ms = now() - begin;
  for (const peer of [seeder, ...peers]) peer.leave();
  await Promise.all(runs);
  for (const network of networks) network.closeAll();
  abort.abort();
  return { bytes: leechers * FILE.length, ms };
}

interface Peer {
  readonly actor: Actor;
  readonly listener: ListenEnd;
  readonly have: Set<number>;
  readonly lines: { readonly to: Peer; readonly own: TcpEnd; readonly theirs: TcpEnd; readonly name: string }[];
}

const PORT = 6881;
/** Bytes of a block: few, for the trace's size is not what is measured. */
const BLOCK = 16;

/** The facts of a swarm in which each of `count` peers gets each of `pieces`, one block a piece, from one of the `links` that it has. */
export function largeSwarm(count: number, pieces: number, links: number): TraceStore {
  const s = scenario('p2p');
  s.step = 3;
  const random = createRandom(7);
  const say = (...messages: readonly PeerMessage[]): Uint8Array => concatBytes(...messages.map((message) => encodeMessage(message)));
  const every = Array.from({ length: pieces }, (_, piece) => piece);
  const peers = Array.from({ length: count }, (_, n): Peer => {
    const address = `127.0.${61 + Math.floor(n / 250)}.${(n % 250) + 1}`;
    const actor = s.role(`peer-${n + 1}`, address, 'server');
    const seeds = n % 20 === 0;
    actor.note({ topic: 'bt.peer', listens: `${address}:${PORT}`, size: pieces * BLOCK, pieces, pieceLength: BLOCK, have: seeds ? pieces : 0, up: 0, down: 0, strategy: 'rarest' });
    return { actor, listener: actor.listen(PORT), have: new Set(seeds ? every : []), lines: [] };
  });
  const meet = (one: Peer, other: Peer): void => {
    if (one === other || one.lines.some(({ to }) => to === other)) return;
    const own = must(one.actor.connect({ address: other.actor.address, port: PORT }), 'connection');
    const theirs = other.listener.accept();
    for (const [peer, end, back] of [[one, own, theirs], [other, theirs, own]] as const) {
      end.send(handshake(`peer-${peers.indexOf(peer)}`));
      if (peer.have.size > 0) end.send(say(bitfield(every, pieces)));
      back.recv(10_000);
      end.send(say({ type: 'unchoke' }, { type: 'interested' }));
      back.recv(10_000);
    }
    one.lines.push({ to: other, own, theirs, name: `${other.actor.address}:${PORT}` });
    other.lines.push({ to: one, own: theirs, theirs: own, name: `${own.local.address}:${own.local.port}` });
  };
  peers.forEach((peer, n) => {
    for (let k = 1; k <= links / 2; k++) meet(peer, must(peers[(n + k * k) % count], 'peer'));
  });
  for (let left = peers.reduce((sum, { have }) => sum + pieces - have.size, 0); left > 0; ) {
    const to = must(peers[random.below(count)], 'peer');
    const line = must(to.lines[random.below(to.lines.length)], 'line');
    const first = random.below(pieces);
    for (let k = 0; k < pieces; k++) {
      const piece = (first + k) % pieces;
      if (to.have.has(piece) || !line.to.have.has(piece)) continue;
      to.actor.note({ topic: 'bt.chose', piece, from: line.name, why: 'rarest', copies: 3 });
      line.own.send(say({ type: 'request', piece, begin: 0, length: BLOCK }));
      line.theirs.recvReturns(100);
      line.theirs.send(say({ type: 'piece', piece, begin: 0, block: new Uint8Array(BLOCK) }));
      s.wait(random.below(200));
      line.own.recvReturns(100);
      to.actor.note({ topic: 'bt.have', piece, have: to.have.size + 1, of: pieces, from: [line.name] });
      to.have.add(piece);
      left--;
      break;
    }
  }
  return s.trace();
}
