// One distribution, really run and measured: N receivers start together, by one server or as a swarm, over links of the same caps. The
// conductor's role notes when it begins, who has the file when, and when all have it, and why it took longer than the formula says.

import { equalBytes } from '../../../shared/base/bytes';
import { bottleneck, type Distribution } from '../../../shared/lab/distribution';
import type { DistributionWay } from '../../../shared/trace/notes';
import { sha1, type Torrent } from '../../roles/bittorrent/metainfo';
import { Link } from '../../roles/bittorrent/link';
import { BitTorrentPeer } from '../../roles/bittorrent/peer';
import { explain } from '../../roles/distribution/causes';
import { fetchFile } from '../../roles/distribution/fileClient';
import { FILE_PATH, type FileServer } from '../../roles/distribution/fileServer';
import { LinkMeter } from '../../roles/distribution/linkMeter';
import { SwarmWatch } from '../../roles/distribution/swarmWatch';
import { plainly } from '../../roles/errno';
import type { LabContext, RoleContext, RunningRole } from '../../roles/lab';
import { formulaOf, upLinks } from './plan';

/**
 * Short turns, as a file of a few seconds needs them; BEP 3's ten seconds are for hours. Each peer dials a few others only: that is enough
 * for every piece to get around, and to set up hundreds of connections would take longer than the file.
 */
const PEER = { chokeInterval: 250, snubTime: 2000, slots: 4, dials: 5 } as const;
/** ms that a run may take: so many, and so many times the formula's. */
const PATIENCE = { least: 5000, times: 8 } as const;
/** Peers of a run have numbers of their own: run 12's receiver 5 is 1205. */
const PER_RUN = 100;

export interface Setting {
  readonly file: Uint8Array;
  readonly torrent: Torrent;
  readonly server: FileServer;
  readonly serverLink: Link;
}

export interface Job {
  readonly way: DistributionWay;
  readonly receivers: number;
  /** Of the run of the lab, from 1. */
  readonly number: number;
  readonly given: Distribution;
}

/** What a way of distributing has made ready. */
interface Stand {
  readonly roles: readonly RunningRole[];
  /** The up-links that the formula counts, and each receiver's down-link. */
  readonly ups: readonly { readonly link: Link; readonly idle: Parameters<LinkMeter['start']>[0][number]['idle'] }[];
  readonly downs: Stand['ups'];
  /** Bytes of the file that these links have given, all together; for the down-links: got. */
  readonly given: (links: 'first-up' | 'all-up') => number;
  readonly got: (receiver: number) => number;
  /** Ends what still runs when all have the file. */
  readonly end: () => void;
}

/** Called by a receiver that has the file; its bytes are looked at. */
type Received = (receiver: number, id: string, bytes: Uint8Array) => void;

/** ms, or null when not everyone got the file. Never rejects because of what programs do. */
export async function distribute(lab: LabContext, conductor: RoleContext, setting: Setting, job: Job): Promise<number | null> {
  const { way, receivers, given } = job;
  const formula = formulaOf(way, given, receivers);
  const meter = new LinkMeter();
  const begin = openGate();
  const waiting = new Set(Array.from({ length: receivers }, (_, index) => index));
  const hash = sha1(setting.file);
  let last = 0;
  const all = openGate();
  const received: Received = (receiver, id, bytes) => {
    if (!equalBytes(sha1(bytes), hash)) return conductor.print(`${id} has something else than the file`);
    if (!waiting.delete(receiver)) return;
    last = receiver;
    conductor.note({ topic: 'dist.received', way, receivers, receiver: id, ms: tenths(meter.time) });
    if (waiting.size > 0) return;
    meter.stop();
    all.open();
  };
  const stand = way === 'server' ? byServer(lab, setting, job, begin.opened, received) : await bySwarm(lab, setting, job, begin.opened, received);
  conductor.note({ topic: 'dist.begin', way, receivers, size: given.size, serverUp: given.serverUp, peerUp: given.peerUp, peerDown: given.peerDown });
  meter.start([...stand.ups, ...stand.downs]);
  begin.open();
  const over = Promise.all(stand.roles.map((role) => role.ended));
  try {
    await Promise.race([all.opened, over, conductor.sleep(PATIENCE.least + PATIENCE.times * formula)]);
  } finally {
    meter.stop();
  }
  const took = tenths(meter.time);
  stand.end();
  if (waiting.size > 0) conductor.print(`by the ${way}, ${waiting.size} of ${receivers} receivers did not get the file`);
  else {
    const which = bottleneck(way, given, receivers);
    const links = which === 'receiver-down' ? stand.downs.slice(last, last + 1) : which === 'all-up' ? stand.ups : stand.ups.slice(0, 1);
    const tracks = links.map(({ link }) => meter.track(link)).filter((track) => track !== null);
    const copies = way === 'server' && which === 'server-up' ? receivers : which === 'all-up' ? receivers : 1;
    const payload = which === 'receiver-down' ? stand.got(last) : stand.given(which === 'all-up' ? 'all-up' : 'first-up');
    conductor.note({ topic: 'dist.end', way, receivers, ms: took, why: explain({ bottleneck: which, tracks, needed: copies * given.size, payload, took, formula }) });
  }
  await over;
  return waiting.size > 0 ? null : took;
}

function byServer(lab: LabContext, { server, serverLink, file }: Setting, { receivers, number, given }: Job, begun: Promise<void>, received: Received): Stand {
  const downs = Array.from({ length: receivers }, () => ({ link: new Link(given.peerDown), reading: false }));
  const before = { begun: server.begun, payload: server.payload };
  const roles = downs.map((down, index) =>
    lab.role({ id: `client-${number * PER_RUN + index + 1}`, host: `receiver-${index + 1}`, kind: 'client' }, plainly(async (role) => {
      await begun;
      try {
        const bytes = await fetchFile(role, { server: lab.endpoint('server'), target: FILE_PATH, down: down.link, onPayload: () => (down.reading = true) });
        received(index, role.id, bytes);
        role.print(`has the file: ${bytes.length} bytes`);
      } finally {
        down.link.end();
      }
    })),
  );
  const gave = (): number => server.payload - before.payload;
  return {
    roles,
    ups: [{ link: serverLink, idle: () => (server.begun === before.begun ? 'start-up' : gave() >= receivers * file.length ? 'last-piece' : 'machine') }],
    downs: downs.map(({ link }, index) => ({ link, idle: () => (downs[index]?.reading === true ? 'machine' : 'start-up') })),
    given: gave,
    got: () => file.length,
    end: () => undefined,
  };
}

async function bySwarm(lab: LabContext, { torrent, file }: Setting, { receivers, number, given }: Job, begun: Promise<void>, received: Received): Promise<Stand> {
  const ownAddresses = lab.endpoint('tracker').address !== lab.endpoint('seed').address;
  const watch = new SwarmWatch(torrent.pieceCount, ownAddresses);
  const peers: BitTorrentPeer[] = [];
  const caps = upLinks(lab.text('up-links'), given.peerUp, receivers, lab.number('seed') + number);
  const links = { size: file.length, pieces: torrent.pieceCount, pieceLength: torrent.pieceLength, down: given.peerDown, strategy: 'rarest' } as const;
  const start = (id: string, host: string, endpoint: string, up: number, seed: boolean, program: (role: RoleContext, peer: BitTorrentPeer) => Promise<void>): RunningRole =>
    lab.role({ id, host, kind: 'server' }, plainly(async (role) => {
      const { address, port } = lab.endpoint(endpoint);
      const peer = new BitTorrentPeer(watch.watch(role, seed), { ...PEER, torrent, file: seed ? file : null, port, up, down: seed ? null : given.peerDown, seed: lab.number('seed') + number });
      peers.push(peer);
      role.note({ topic: 'bt.peer', listens: `${address}:${port}`, have: seed ? torrent.pieceCount : 0, up, ...links });
      await program(role, peer);
    }));
  const seed = start(`seed-${number}`, 'server', 'seed', given.serverUp, true, (_role, peer) => peer.run());
  await seed.ready;
  const takers = caps.map((up, index) =>
    start(`peer-${number * PER_RUN + index + 1}`, `receiver-${index + 1}`, `peer-${index + 1}`, up, false, async (role, peer) => {
      await begun;
      void peer.done.then(() => received(index, role.id, peer.store.bytes));
      await peer.run();
    }),
  );
  return {
    roles: [seed, ...takers],
    ups: peers.map(({ up }, index) => ({ link: up, idle: () => watch.upIdle(index) })),
    downs: peers.slice(1).map(({ down }, index) => ({ link: down, idle: () => watch.downIdle(index + 1) })),
    given: (which) => (which === 'first-up' ? peers.slice(0, 1) : peers).reduce((sum, { traffic }) => sum + traffic.up, 0),
    got: (receiver) => peers[receiver + 1]?.traffic.down ?? 0,
    end: () => peers.forEach((peer) => peer.leave()),
  };
}

function openGate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}

const tenths = (ms: number): number => Math.round(ms * 10) / 10;
