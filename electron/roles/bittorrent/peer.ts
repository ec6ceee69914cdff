// A peer of a swarm as a role (BEP 3): listens, asks the tracker, dials, and exchanges pieces until it leaves. Puts the parts together:
// swarm.ts decides with whom to do what, link.ts caps, announcer.ts and dialer.ts find peers. No DHT, no local discovery, no web seeds.

import { createRandom, type Random } from '../../../shared/base/random';
import { readUint } from '../../../shared/base/bytes';
import { formatEndpoint } from '../../../shared/trace/endpoint';
import type { Endpoint } from '../../../shared/trace/event';
import type { CutWhy } from '../../../shared/trace/notes';
import type { ListeningSocket, StreamSocket } from '../host';
import type { RoleContext } from '../lab';
import { encode } from '../text';
import { trackerAddress } from './announce';
import { Announcer } from './announcer';
import { Connection, type Me } from './connection';
import { Dialer } from './dialer';
import { BT_LIMITS } from './limits';
import { Link } from './link';
import { isLoopback } from './loopback';
import { sha1, type Torrent } from './metainfo';
import { PieceStore } from './pieceStore';
import type { Strategy } from './picker';
import { Swarm } from './swarm';

export interface PeerOptions {
  readonly torrent: Torrent;
  /** The whole file: a seeder. Null: a leecher. */
  readonly file: Uint8Array | null;
  /** It begins with these pieces of the file only; default: all. */
  readonly pieces?: readonly number[];
  /** 0: the system chooses. */
  readonly port: number;
  /** Default: the torrent's; null: none. */
  readonly tracker?: string | null;
  /** Peers that it knows without a tracker. */
  readonly peers?: readonly Endpoint[];
  /** Default 'rarest'. */
  readonly strategy?: Strategy;
  /** Pieces that it takes by chance before the rarest ones. Default 1. */
  readonly randomFirst?: number;
  /** Bytes of a block; default and most: 16 KiB. */
  readonly blockLength?: number;
  /** Whether it asks several peers for the last blocks. Default true. */
  readonly endGame?: boolean;
  /** Bytes a second of its links; default: none. */
  readonly up?: number | null;
  readonly down?: number | null;
  /** Interested peers that it gives to at once, the optimistic one counted. Default 4; 0: it gives nobody anything. */
  readonly slots?: number;
  /** ms between two rounds of choking (BEP 3: ten seconds), and that it waits for a block (a minute). */
  readonly chokeInterval?: number;
  readonly snubTime?: number;
  readonly handshakeTime?: number;
  /** Connections at once, and up to how many it dials by itself. */
  readonly connections?: number;
  readonly dials?: number;
  /** When it has everything: goes on giving, leaves at once, or leaves when the others have a copy together. Default 'seed'. */
  readonly stay?: 'seed' | 'leave' | 'copied';
  /** Of its random choices; peers with the same seed choose differently all the same. */
  readonly seed: number;
  /** What it sends for a block: for a hostile peer. */
  readonly tamper?: (block: Uint8Array) => Uint8Array;
}

export class BitTorrentPeer {
  readonly up: Link;
  readonly down: Link;
  readonly store: PieceStore;
  /** Resolves when it has the whole file; at once for a seeder. */
  readonly done: Promise<void>;
  private readonly swarm: Swarm;
  private readonly random: Random;
  private readonly peerId: Uint8Array;
  private announcer: Announcer | null = null;
  private dialer: Dialer | null = null;
  private me: Me | null = null;
  private ids = 0;
  private resolveDone: () => void = () => undefined;
  private resolveLeft: () => void = () => undefined;
  private readonly left: Promise<void>;
  private readonly given = { up: 0, down: 0 };

  /** Throws RangeError when the file is not the torrent's. */
  constructor(private readonly role: RoleContext, private readonly options: PeerOptions) {
    const digest = sha1(encode(`${options.seed} ${role.id} ${role.host.address}:${options.port}`));
    this.random = createRandom(readUint(digest, 0, 4));
    this.peerId = encode(`-LL0100-${Buffer.from(digest).toString('hex').slice(8, 20)}`);
    this.up = new Link(options.up ?? null);
    this.down = new Link(options.down ?? null);
    this.store = new PieceStore(options.torrent, options.file, options.pieces);
    this.done = new Promise((resolve) => (this.resolveDone = resolve));
    this.left = new Promise((resolve) => (this.resolveLeft = resolve));
    if (this.store.complete) this.resolveDone();
    this.swarm = this.makeSwarm();
  }

  /** Runs until leave(), or the role's end. Rejects with the system's error when it cannot listen (EADDRINUSE). */
  async run(): Promise<void> {
    const { role, options } = this;
    const listening = await role.host.net.listen({ port: options.port });
    role.listening({ protocol: 'tcp', ...listening.endpoint });
    this.introduce(listening.endpoint);
    const now = (): number => performance.now();
    const chokeInterval = options.chokeInterval ?? 10_000;
    this.me = {
      peerId: this.peerId, port: listening.endpoint.port, store: this.store, links: { up: this.up, down: this.down }, window: chokeInterval * 2,
      handshakeTime: options.handshakeTime ?? BT_LIMITS.handshake, now,
    };
    this.dialer = new Dialer(listening.endpoint, (peer) => role.note({ topic: 'bt.cut', peer, why: 'not-loopback' }));
    this.dialer.add(options.peers ?? []);
    this.announcer = this.makeAnnouncer(listening.endpoint.port);
    const announcing = this.announcer?.run();
    const timer = setInterval(() => this.tick(now()), Math.min(500, Math.max(20, chokeInterval / 5)));
    role.signal.addEventListener('abort', () => this.resolveLeft(), { once: true });
    try {
      void this.accept(listening);
      this.tick(now());
      await this.left;
    } finally {
      clearInterval(timer);
      this.dialer = null;
      listening.close();
      this.swarm.closeAll();
      this.up.end();
      this.down.end();
      await this.announcer?.stop();
      await announcing;
    }
  }

  /** Says goodbye to the tracker and closes everything; run() resolves then. */
  leave(): void {
    this.resolveLeft();
  }

  /** Interested peers that it gives to at once, from now on. */
  set slots(slots: number) {
    this.swarm.slots = slots;
  }

  /** Holds for the pieces that it begins from now on. */
  set strategy(strategy: Strategy) {
    this.swarm.downloads.options.strategy = strategy;
  }

  /** It has something to tell the tracker, or waits for its answer. */
  get announcing(): boolean {
    return this.announcer?.busy ?? false;
  }

  /** Bytes of blocks that it has given and got, and with whom it is connected now. */
  get traffic(): { readonly up: number; readonly down: number; readonly connections: number } {
    let { up, down } = this.given;
    for (const connection of this.swarm.connections.values()) {
      up += connection.up.total;
      down += connection.down.total;
    }
    return { up, down, connections: this.swarm.connections.size };
  }

  /** For those who watch: who comes, and with what. */
  private introduce(listens: Endpoint): void {
    const { torrent, have } = this.store;
    this.role.note({
      topic: 'bt.peer', listens: formatEndpoint(listens), size: torrent.length, pieces: torrent.pieceCount, pieceLength: torrent.pieceLength, have: have.count,
      up: this.up.cap ?? 0, down: this.down.cap ?? 0, strategy: this.options.strategy ?? 'rarest',
    });
  }

  private makeSwarm(): Swarm {
    const { role, options } = this;
    const chokeInterval = options.chokeInterval ?? 10_000;
    return new Swarm(this.store, {
      peerId: this.peerId, strategy: options.strategy ?? 'rarest', randomFirst: options.randomFirst ?? 1, blockLength: Math.min(options.blockLength ?? BT_LIMITS.block, BT_LIMITS.block),
      ...(options.endGame !== undefined && { endGame: options.endGame }), slots: options.slots ?? 4, chokeInterval, snubTime: options.snubTime ?? chokeInterval * 6, random: this.random, now: () => performance.now(),
      note: (note) => role.note(note),
      upload: options.tamper ?? ((block) => block),
      onGained: () => this.leaveWhenCopied(),
      onDone: () => this.onDone(),
      onEnded: (connection, cut) => this.onEnded(connection, cut),
    });
  }

  private makeAnnouncer(port: number): Announcer | null {
    const { role, options, store } = this;
    const url = options.tracker === undefined ? options.torrent.announce : options.tracker;
    if (url === null || url === '') return null;
    const tracker = trackerAddress(url);
    if (tracker === null) {
      role.note({ topic: 'bt.cut', peer: url, why: 'not-loopback' });
      return null;
    }
    return new Announcer(role, {
      tracker,
      progress: () => ({ infoHash: options.torrent.infoHash, peerId: this.peerId, port, uploaded: this.traffic.up, downloaded: this.traffic.down, left: store.left }),
      onPeers: (peers) => {
        this.dialer?.add(peers);
        this.dial(performance.now());
      },
    });
  }

  private tick(now: number): void {
    this.swarm.tick(now);
    this.dial(now);
  }

  private async accept(listening: ListeningSocket): Promise<void> {
    for (;;) {
      const socket = await listening.accept().catch(() => null);
      if (socket === null) return; // closed: the peer leaves
      this.meet(socket, false);
    }
  }

  private dial(now: number): void {
    const { dialer, swarm } = this;
    if (dialer === null) return;
    const connected = new Set([...swarm.connections.values()].map(({ listens }) => (listens === null ? '' : formatEndpoint(listens))));
    for (let count = swarm.connections.size + this.dialling; count < (this.options.dials ?? 30); count++) {
      const endpoint = dialer.next(now, (name) => connected.has(name) || swarm.isBanned(name));
      if (endpoint === null) return;
      this.dialling++;
      void this.connect(endpoint, dialer);
    }
  }

  /** Dials that have not come to an end. */
  private dialling = 0;

  private async connect(endpoint: Endpoint, dialer: Dialer): Promise<void> {
    try {
      this.meet(await this.role.host.net.dial(endpoint), true);
    } catch {
      dialer.ended(endpoint, performance.now(), 'failed'); // the errno is in the trace
    } finally {
      this.dialling--;
    }
  }

  private meet(socket: StreamSocket, dialled: boolean): void {
    const { me, swarm } = this;
    const refuse = (why: CutWhy): void => {
      socket.close();
      this.role.note({ topic: 'bt.cut', peer: formatEndpoint(socket.remote), why });
    };
    if (me === null || this.dialer === null) return socket.close();
    if (!isLoopback(socket.remote.address)) return refuse('not-loopback');
    // Those that say nothing must not keep out those that would.
    const silent = [...swarm.connections.values()].filter(({ ready }) => !ready);
    const most = Math.min(this.options.connections ?? BT_LIMITS.connections, BT_LIMITS.connections);
    if (silent.length >= BT_LIMITS.handshakes || (swarm.connections.size >= most && silent.length > 0)) silent[0]?.cut('handshake-timeout');
    if (swarm.connections.size >= most) return refuse('full');
    const id = ++this.ids;
    swarm.connections.set(id, new Connection(id, socket.remote, dialled, socket, me, swarm));
  }

  private onEnded(connection: Connection, cut: CutWhy | null): void {
    this.given.up += connection.up.total;
    this.given.down += connection.down.total;
    const { listens } = connection;
    if (listens === null || this.dialer === null) return;
    const pointless = cut === 'both-seed' || cut === 'self' || (this.store.complete && connection.has.complete);
    if (pointless) this.dialer.settle(formatEndpoint(listens));
    else this.dialer.ended(listens, performance.now(), connection.ready || connection.peerId !== null ? 'parted' : 'failed');
  }

  private onDone(): void {
    this.announcer?.completed();
    this.resolveDone();
    if (this.options.stay === 'leave') this.leave();
    else this.leaveWhenCopied();
  }

  private leaveWhenCopied(): void {
    if (this.options.stay === 'copied' && this.store.complete && this.swarm.availability.missing === 0) this.leave();
  }
}
