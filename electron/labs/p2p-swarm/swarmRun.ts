// One run of the swarm lab: its tracker, its peers with the hosts that they are on, and how far they are. Starts and ends them; when, the
// scripts in scenarios.ts say. Every byte between them is that of the roles in electron/roles/bittorrent.

import { hostilePeer } from '../../roles/bittorrent/hostilePeer';
import { BitTorrentPeer, type PeerOptions } from '../../roles/bittorrent/peer';
import type { Strategy } from '../../roles/bittorrent/picker';
import { TORRENT_TYPE } from '../../roles/bittorrent/servedFiles';
import { tracker } from '../../roles/bittorrent/tracker';
import { plainly } from '../../roles/errno';
import type { LabContext, RoleContext, RunningRole } from '../../roles/lab';
import { ActionError, perRun } from '../../roles/serverControl';
import { createRandom, type Random } from '../../../shared/base/random';
import { filmOf, type Film } from './film';
import { HostBook, type Family, type Place } from './hostBook';
import { MOST, type HostilityChoice } from './manifest';

/** Peers of a large swarm know some of the others only: each dials so many, and has room for so many. */
const LARGE = { swarm: 30, dials: 8, connections: 24 } as const;
/** Peers that announce in a second, at the most: the interval of larger swarms is longer than asked. */
const ANNOUNCES = 20;
/** Seconds longer than its interval that the tracker waits for a peer's announce. */
const GRACE = 2;
/** Peers that are gone, and may come back with what they had. */
const REMEMBERED = 10;
/** ms that a run waits for the last announces. */
const PATIENCE = 2000;
/** ms that a peer waits for a handshake: in class nobody waits long for one that says nothing. */
const HANDSHAKE = 2000;

/** A peer of ours that plays by the rules. */
export interface Member {
  readonly id: string;
  readonly place: Place;
  readonly role: RunningRole;
  readonly peer: BitTorrentPeer;
  readonly context: RoleContext;
  /** It is a seeder of the lab; a peer that comes back with everything is none. */
  readonly seeds: boolean;
  /** Its process runs. */
  here: boolean;
}

export interface PeerSetup extends Partial<PeerOptions> {
  /** Its role's id, when it is not that of its host. */
  readonly id?: string;
  /** The host that it is to be on; else the next free one. */
  readonly place?: Pick<Place, 'family' | 'number'>;
  /** What it shows when it starts. */
  readonly says?: string;
  /** It goes into the swarm of another machine. */
  readonly abroad?: boolean;
}

export class SwarmRun {
  readonly film: Film;
  readonly random: Random;
  /** Those that are here, and the last ones that went. */
  readonly members: Member[] = [];
  /** Peers that the tracker has forgotten, because they said nothing any more. */
  forgotten = 0;
  /** The lab has joined the swarm of another machine: nobody of its own may come meanwhile. */
  abroad = false;
  /** Its script has ended by that. */
  interrupted = false;
  private readonly roles = new Set<RunningRole>();
  private readonly hosts = new HostBook(MOST);
  private readonly waiting = new Set<() => void>();
  private readonly links: { up: number | null; down: number | null };
  private strategy: Strategy;
  private slots: number;
  private trackers = 0;
  private finished = 0;

  /** Throws RangeError when there is no such film. */
  constructor(private readonly lab: LabContext) {
    this.film = filmOf(lab, lab.endpoint('tracker'));
    this.random = createRandom(lab.number('seed'));
    this.links = { up: capOf(lab.number('up')), down: capOf(lab.number('down')) };
    this.strategy = lab.text('strategy') as Strategy;
    this.slots = lab.number('slots');
  }

  /** Those that are here and are no seeders of the lab. */
  get leechers(): Member[] {
    return this.members.filter(({ here, seeds }) => here && !seeds);
  }

  get seeders(): Member[] {
    return this.members.filter(({ here, seeds }) => here && seeds);
  }

  everyoneHas(): Promise<void> {
    return this.until(() => this.leechers.every(({ peer }) => peer.store.complete));
  }

  /** Waits until the tracker has heard the last news of everyone; not for long, since it may be dead. */
  async announced(): Promise<void> {
    for (const end = performance.now() + PATIENCE; performance.now() < end && this.members.some(({ here, peer }) => here && peer.announcing); ) await this.lab.sleep(10);
  }

  /** Starts a tracker process; resolves when it listens, or has failed to. */
  async startTracker(): Promise<boolean> {
    const { lab } = this;
    const { port } = lab.endpoint('tracker');
    const interval = Math.max(lab.number('interval'), Math.ceil(lab.number('peers') / ANNOUNCES));
    const files = new Map([['/film-1.torrent', { type: TORRENT_TYPE, bytes: this.film.torrent.bytes }]]);
    const id = ++this.trackers === 1 ? 'tracker' : `tracker-${this.trackers}`;
    const program = (role: RoleContext): Promise<void> => {
      const print = (text: string): void => {
        role.print(text);
        if (text.includes('forgotten')) this.forgotten++;
        this.changed();
      };
      return tracker({ ...role, print }, { httpPort: port, udpPort: port, interval, expiry: interval + GRACE, torrents: [this.film.torrent.infoHash], files, seed: lab.number('seed') });
    };
    return lab.role({ id, host: 'tracker', kind: 'server' }, plainly(program)).ready;
  }

  /** The tracker process that runs, if any. */
  get tracker(): RunningRole | null {
    for (let number = this.trackers; number > 0; number--) {
      const found = this.lab.running(number === 1 ? 'tracker' : `tracker-${number}`);
      if (found !== null) return found;
    }
    return null;
  }

  /** Nobody is there now. */
  isFree(place: Place): boolean {
    return this.hosts.isFree(place);
  }

  /** Starts a peer; resolves when it listens. */
  async start(family: Family, setup: PeerSetup = {}): Promise<Member> {
    if (this.abroad && setup.abroad !== true) throw new ActionError('NO_SERVER', 'this lab is in the swarm of another machine: leave that first');
    const place = setup.place === undefined ? this.hosts.take(family) : this.hosts.at(setup.place);
    const id = setup.id ?? place.role;
    const met: Member[] = [];
    const role: RunningRole = this.lab.role({ id, host: place.host, kind: 'server' }, plainly(async (context) => {
      const peer = new BitTorrentPeer(this.watched(context), this.optionsOf(place, setup));
      const made: Member = { id, place, role: running(this.lab, id), peer, context, seeds: family === 'seeder', here: true };
      if (family !== 'hostile') this.members.push(made);
      if (setup.says !== undefined) context.print(setup.says);
      met.push(made);
      void this.tellWhenDone(made);
      try {
        await peer.run();
      } finally {
        this.hosts.free(place);
        this.roles.delete(role);
        made.here = false;
        this.forget();
        this.changed();
      }
    }));
    this.roles.add(role);
    await role.ready;
    const [made] = met;
    if (made === undefined) throw new Error(`${id} could not start`);
    return made;
  }

  /** A peer that does not play by the rules; resolves when it is cut off. */
  async startHostile(how: HostilityChoice): Promise<void> {
    if (how === 'bad-hash') return this.startLiar();
    const victim = this.leechers.find(({ place }) => place.number === 2) ?? this.leechers[0] ?? this.seeders[0];
    if (victim === undefined) throw new ActionError('NOT_THERE', 'no peer is here to be attacked');
    const { torrent } = this.film;
    const place = this.hosts.take('hostile');
    const began = performance.now();
    await this.lab.role({ id: place.role, host: place.host, kind: 'client' }, plainly(async (role) => {
      try {
        await hostilePeer(role, { torrent, victim: this.lab.endpoint(victim.place.host), how });
        role.print(`${how}: was cut off by ${victim.id} after ${Math.round(performance.now() - began)} ms`);
      } finally {
        this.hosts.free(place);
      }
    })).ended;
  }

  /** Ends every peer of its own, and its script; resolves when they are gone. */
  async goAbroad(): Promise<void> {
    this.abroad = this.interrupted = true;
    for (const role of this.roles) role.kill();
    this.changed();
    while (this.members.some(({ here }) => here)) await this.lab.sleep(5);
  }

  /** Holds for those that are here and those that come. */
  setStrategy(strategy: Strategy): void {
    this.strategy = strategy;
    for (const { peer } of this.members) peer.strategy = strategy;
  }

  setSlots(slots: number): void {
    this.slots = slots;
    for (const { peer, here } of this.members) if (here) peer.slots = slots;
  }

  /** KiB a second; 0: no cap. */
  setLinks(up: number, down: number): void {
    Object.assign(this.links, { up: capOf(up), down: capOf(down) });
    for (const { peer, here } of this.members) {
      if (!here) continue;
      peer.up.cap = this.links.up;
      peer.down.cap = this.links.down;
    }
  }

  /** Resolves when it holds; looks whenever a peer has a piece more, comes or goes. Rejects when the run is stopped. */
  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        this.waiting.delete(look);
        this.lab.signal.removeEventListener('abort', stopped);
      };
      const stopped = (): void => {
        end();
        reject(new Error('the run was stopped'));
      };
      const look = (): void => {
        if (!this.interrupted && !holds()) return;
        end();
        if (this.interrupted) reject(new Error('its peers have ended'));
        else resolve();
      };
      this.waiting.add(look);
      this.lab.signal.addEventListener('abort', stopped, { once: true });
      look();
    });
  }

  /** Those that went long ago do not come back: their copies of the film are memory. */
  private forget(): void {
    const gone = this.members.filter(({ here }) => !here);
    for (const each of gone.slice(0, Math.max(0, gone.length - REMEMBERED))) this.members.splice(this.members.indexOf(each), 1);
  }

  private changed(): void {
    for (const look of [...this.waiting]) look();
  }

  private watched(role: RoleContext): RoleContext {
    return {
      ...role,
      note: (note) => {
        role.note(note);
        if (note.topic === 'bt.have' || note.topic === 'bt.cut') this.changed();
      },
    };
  }

  private optionsOf(place: Place, setup: PeerSetup): PeerOptions {
    const { lab, film, links, strategy, slots } = this;
    const large = lab.number('peers') > LARGE.swarm;
    const at = lab.endpoint('tracker');
    return {
      torrent: film.torrent, file: null, port: lab.endpoint(place.host).port, strategy, slots, ...links, seed: lab.number('seed'),
      chokeInterval: lab.number('choke-interval'), handshakeTime: HANDSHAKE, ...(large && { dials: LARGE.dials, connections: LARGE.connections }),
      ...(lab.text('tracker') === 'udp' && { tracker: `udp://${at.address}:${at.port}` }),
      ...setup,
    };
  }

  /** It claims to have the film, and sends other bytes. */
  private async startLiar(): Promise<void> {
    const liar = await this.start('hostile', { file: this.film.file, says: 'bad-hash: claims to have the film, and sends wrong bytes', tamper: (block) => block.map((byte, i) => (i === 0 ? byte ^ 0xff : byte)) });
    // Nobody tells it: it finds its connections closed.
    for (let met = false, now = 0; liar.here && (!met || now > 0); met ||= now > 0) {
      await this.lab.sleep(20);
      now = liar.peer.traffic.connections;
    }
    liar.context.print('bad-hash: was cut off by everyone');
  }

  private async tellWhenDone({ peer, context }: Member): Promise<void> {
    if (peer.store.complete) return;
    await peer.done;
    const rank = ++this.finished;
    const others = this.leechers.filter((each) => !each.peer.store.complete).length;
    context.print(others === 0 ? `has the film, as the last of ${rank}` : `has the film, as number ${rank}; ${others} still wait`);
    this.changed();
  }
}

const capOf = (kib: number): number | null => (kib === 0 ? null : kib * 1024);

function running(lab: LabContext, id: string): RunningRole {
  const found = lab.running(id);
  if (found === null) throw new Error(`role ${id} does not run`);
  return found;
}

const stateOf = perRun<{ run: SwarmRun | null }>(() => ({ run: null }));

/** The swarm of this run. Throws RangeError when there is no such film. */
export function runOf(lab: LabContext): SwarmRun {
  const state = stateOf(lab);
  return (state.run ??= new SwarmRun(lab));
}
