// The same blows to a swarm: the clients of the service are peers here, what they ask for are the pieces of one file, and whoever has a
// piece is a server of it. Tells of each piece as the other architectures tell of a request.

import { formatEndpoint } from '../../../shared/trace/endpoint';
import type { Note } from '../../../shared/trace/notes';
import { generateFile, makeTorrent, type Torrent } from '../../roles/bittorrent/metainfo';
import { BitTorrentPeer } from '../../roles/bittorrent/peer';
import { tracker } from '../../roles/bittorrent/tracker';
import { plainly } from '../../roles/errno';
import type { LabContext, RoleContext, RunningRole } from '../../roles/lab';
import { perRun } from '../../roles/serverControl';
import { MOST } from './manifest';
import { nextLife } from './programs';

/** A copy of the file is out after about 1.5 s; six peers all have it after about four. */
const PIECE = 16 * 1024;
const PIECES = 24;
const SEEDER_UP = 256 * 1024;
const PEER_UP = 96 * 1024;
/** ms between two rounds of choking: a classroom's patience instead of the usual ten seconds. */
const CHOKE = 200;
const SEED = 4;
/** Whom a peer asks, as the notes of a service name it: nobody in particular. */
const SWARM = 'swarm';

interface Leecher {
  readonly role: RunningRole;
  /** Resolves when it has the file, or is gone. */
  readonly done: Promise<void>;
  giveUp(): void;
}

const stateOf = perRun(() => {
  let resolveCopied: () => void = () => undefined;
  const copied = new Promise<void>((resolve) => (resolveCopied = resolve));
  return { file: generateFile(PIECE * PIECES, SEED), torrent: null as Torrent | null, leechers: [] as Leecher[], out: new Set<number>(), copied, resolveCopied: () => resolveCopied() };
});

function torrentOf(lab: LabContext): Torrent {
  const state = stateOf(lab);
  state.torrent ??= makeTorrent(state.file, { name: 'course.bin', announce: `http://${formatEndpoint(lab.endpoint('tracker-1'))}/announce`, pieceLength: PIECE });
  return state.torrent;
}

/** The tracker and the seeder; resolves when they listen. */
export async function serveSwarm(lab: LabContext): Promise<void> {
  const torrent = torrentOf(lab);
  const options = { httpPort: lab.endpoint('tracker-1').port, udpPort: null, interval: 1, torrents: [torrent.infoHash], seed: SEED };
  await lab.role({ id: nextLife(lab, 'tracker-1'), host: 'tracker-1', kind: 'server' }, plainly((role) => tracker(role, options))).ready;
  const seeds = async (role: RoleContext): Promise<void> => {
    const peer = new BitTorrentPeer(role, { torrent, file: stateOf(lab).file, port: lab.endpoint('seeder-1').port, up: SEEDER_UP, chokeInterval: CHOKE, seed: SEED });
    tell(role, torrent, lab.endpoint('seeder-1').port, PIECES, SEEDER_UP);
    await peer.run();
  };
  await lab.role({ id: nextLife(lab, 'seeder-1'), host: 'seeder-1', kind: 'server' }, plainly(seeds)).ready;
}

/** `count` more peers that want the file. */
export function startLeechers(lab: LabContext, count: number): Leecher[] {
  const { leechers } = stateOf(lab);
  const started = Array.from({ length: count }, (_, i) => startLeecher(lab, leechers.length + i + 1));
  leechers.push(...started);
  return started;
}

function startLeecher(lab: LabContext, number: number): Leecher {
  const torrent = torrentOf(lab);
  const part = `client-${((number - 1) % MOST.clients) + 1}`;
  const { port } = lab.endpoint(part);
  let finished: () => void = () => undefined;
  const done = new Promise<void>((resolve) => (finished = resolve));
  const asking: PieceRequests[] = [];
  const leeches = async (role: RoleContext): Promise<void> => {
    const pieces = new PieceRequests(lab, role);
    asking.push(pieces);
    const peer = new BitTorrentPeer(pieces.role, { torrent, file: null, port, up: PEER_UP, chokeInterval: CHOKE, seed: SEED });
    tell(role, torrent, port, 0, PEER_UP);
    pieces.ask();
    void peer.done.then(() => {
      role.print(pieces.reckoning());
      finished();
    });
    await peer.run();
  };
  const role = lab.role({ id: nextLife(lab, part), host: part, kind: 'client' }, plainly(leeches));
  void role.ended.then(() => finished());
  return { role, done, giveUp: () => asking[0]?.giveUp() };
}

const tell = (role: RoleContext, torrent: Torrent, port: number, have: number, up: number): void =>
  role.note({ topic: 'bt.peer', listens: formatEndpoint({ address: role.host.address, port }), size: torrent.length, pieces: PIECES, pieceLength: PIECE, have, up, down: 0, strategy: 'rarest' });

/** Plays: everybody downloads, the blow falls, and the script ends when all who are left have the file, or when its time is up. */
export async function playSwarm(lab: LabContext): Promise<void> {
  const leechers = startLeechers(lab, lab.number('clients'));
  const all = Promise.all(leechers.map(({ done }) => done));
  const blow = strike(lab, all);
  // A swarm that lost a piece for good would never end.
  const time = lab.sleep(Math.max(lab.number('duration') * 3, 2000)).catch(() => undefined);
  await Promise.race([Promise.all([all, blow]), time]);
  for (const { giveUp } of leechers) giveUp();
}

async function strike(lab: LabContext, over: Promise<unknown>): Promise<void> {
  const blow = lab.text('blow');
  if (blow === 'none') return;
  await lab.sleep(lab.number('blow-at'));
  switch (blow) {
    case 'kill-server':
      // Before a copy of every piece is out, the seeder is a single point of failure too.
      await Promise.race([stateOf(lab).copied, over]);
      return killSeeder(lab);
    case 'kill-balancer':
      return killTracker(lab);
    default:
      stateOf(lab).leechers[0]?.role.kill();
  }
}

export const killSeeder = (lab: LabContext): void => lab.running('seeder-1')?.kill();
export const killTracker = (lab: LabContext): void => lab.running('tracker-1')?.kill();

/**
 * A peer's pieces, told as a client's requests: it asks the swarm for the next piece as soon as it has one. Which peer is to send it, the
 * swarm decides; a peer that dies with a piece makes the next one late, not lost. Late: after the clients' time-out.
 */
class PieceRequests {
  /** What the peer runs as: its notes pass here. */
  readonly role: RoleContext;
  private number = 0;
  private late = 0;
  private began = 0;
  private waits = false;

  constructor(private readonly lab: LabContext, private readonly own: RoleContext) {
    this.role = { ...own, note: (note) => this.hear(note) };
  }

  reckoning(): string {
    return `${this.number} pieces: ${this.number - this.late} ok, ${this.late} slow; 100 % available`;
  }

  ask(): void {
    this.number++;
    this.began = performance.now();
    this.waits = true;
    this.own.note({ topic: 'service.asked', number: this.number, to: SWARM });
  }

  /** The time is up, and a piece is still missing. */
  giveUp(): void {
    if (!this.waits) return;
    this.end('timeout', '');
    this.own.print(`piece ${this.number} of ${PIECES}: lost, it has not come in all this time`);
  }

  private hear(note: Note): void {
    this.own.note(note);
    if (note.topic !== 'bt.have') return;
    const { out, resolveCopied } = stateOf(this.lab);
    out.add(note.piece);
    if (out.size === PIECES) resolveCopied();
    if (!this.waits) return;
    this.end(performance.now() - this.began > this.lab.number('time-out') ? 'slow' : 'ok', this.nameOf(note.from.at(-1) ?? ''));
    if (note.have < note.of) this.ask();
  }

  private end(how: 'ok' | 'slow' | 'timeout', by: string): void {
    this.waits = false;
    if (how === 'slow') this.late++;
    this.own.note({ topic: 'service.ended', number: this.number, to: SWARM, how, by, status: 0, ms: Math.round(performance.now() - this.began) });
  }

  /** The role behind 'address:port', where addresses tell. */
  private nameOf(peer: string): string {
    const address = peer.slice(0, peer.lastIndexOf(':'));
    const parts = ['seeder-1', ...Array.from({ length: MOST.clients }, (_, i) => `client-${i + 1}`)];
    const found = parts.filter((part) => this.lab.endpoint(part).address === address);
    return found.length === 1 ? (found[0] ?? peer) : peer;
  }
}
