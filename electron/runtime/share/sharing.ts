// What of a run is shared on the LAN, and what it has joined there: opens a door for each server that the user agreed to, as long as that
// server runs, and closes all when the user, the run or the address ends. Nothing is open without start(); consent is the page's task.

import type { LanPlace, RequestInput, ReportedError, ShareOffer, ShareState } from '../../../shared/ipc/contract';
import { familyOf, offerable } from '../../../shared/lab/offers';
import type { LiveEndpoint } from '../../../shared/lab/manifest';
import type { Endpoint } from '../../../shared/trace/event';
import { EngineError, reportError } from '../engineError';
import type { EngineRole } from '../runningRole';
import { openDoor, type DoorRun } from './door';
import type { DoorBook } from './doorBook';
import { Guests, type Room } from './guests';
import { Joining } from './joining';
import { isMachineOf, lanPlaces } from './lan';
import { SHARE_LIMITS } from './limits';
import { listenPermit } from './permits';

export type ShareRequest = Omit<RequestInput<'share.start'>, 'run'>;
export type JoinRequest = Omit<RequestInput<'share.join'>, 'run'>;
type Ended = NonNullable<ShareState['ended']>;
type Offer = ShareOffer & { readonly count: number };

interface Door {
  readonly role: EngineRole;
  readonly server: LiveEndpoint;
  readonly port: number;
  readonly guests: Guests;
}

interface Share {
  readonly place: LanPlace;
  readonly offers: readonly Offer[];
  readonly doors: Map<string, Door>;
  /** The port that a server's door had, by its key: it has it again. */
  readonly ports: Map<string, number>;
  problem: ReportedError | null;
}

export interface SharingOptions extends DoorRun {
  readonly id: number;
  readonly book: DoorBook;
  /** This machine's addresses now; for tests, others. */
  readonly places?: () => readonly LanPlace[];
  onChange(state: ShareState): void;
}

const keyOf = ({ protocol, address, port }: LiveEndpoint): string => `${protocol} ${address} ${port}`;

export class Sharing {
  private share: Share | null = null;
  private readonly joining: Joining;
  private ended: Ended | null = null;
  private readonly room: Room = { held: 0 };
  /** One change at a time. */
  private work: Promise<unknown> = Promise.resolve();
  /** Something was open when the state was last told. */
  private shown = false;
  private telling: NodeJS.Timeout | null = null;
  private watch: NodeJS.Timeout | null = null;

  constructor(private readonly options: SharingOptions) {
    this.joining = new Joining(options, () => this.tellSoon());
  }

  get state(): ShareState {
    const { share, ended } = this;
    return {
      run: this.options.id, joined: this.joining.state, ended,
      share: share === null ? null : {
        address: share.place.address, prefix: share.place.prefix, problem: share.problem, offers: share.offers.map(({ role, protocol, port, count }) => ({ role, protocol, port, count })),
        doors: [...share.doors.values()].map(({ server: { role, protocol, address, port: inside }, port, guests }) => ({ role, protocol, port, inside: { address, port: inside }, now: guests.now, total: guests.total, refused: guests.refused })),
      },
    };
  }

  /**
   * Opens the doors that the user agreed to; all of them, or none. Rejects with EngineError: SHARE_ADDRESS, SHARE_PUBLIC, SHARE_NOTHING, SHARE_PORTS, SHARE_STATE, or
   * the system's (EADDRINUSE), with the place.
   */
  start(request: ShareRequest): Promise<ShareState> {
    return this.next(async () => {
      if (this.share !== null) throw new EngineError('SHARE_STATE', 'this run is shared already', request.address);
      const place = this.places().find(({ address }) => address === request.address);
      if (place === undefined) throw new EngineError('SHARE_ADDRESS', `${request.address} is no address of this machine on a network`, request.address);
      if (place.scope === 'public' && !request.public) throw new EngineError('SHARE_PUBLIC', `${request.address} is a public address`, request.address);
      const share: Share = { place, offers: this.offersOf(request.offers), doors: new Map(), ports: new Map(), problem: null };
      this.share = share;
      this.ended = null;
      await this.follow(share, true).catch((error: unknown) => {
        this.close('stopped');
        this.ended = null;
        throw error;
      });
      // The run may have ended meanwhile.
      if (this.share !== share) throw new EngineError('RUN_STATE', 'the run has ended', request.address);
      this.look();
      return this.told();
    });
  }

  /** Closes every door. Nothing shared is no error. */
  stop(): Promise<void> {
    return this.next(async () => this.close('stopped'));
  }

  /** Rejects with EngineError: SHARE_ADDRESS, SHARE_NOTHING, SHARE_OWN, SHARE_SWARM, or the system's. */
  join(request: JoinRequest): Promise<ShareState> {
    return this.next(async () => {
      await this.joining.open(request, this.places());
      this.ended = null;
      this.look();
      return this.told();
    });
  }

  leave(): Promise<void> {
    return this.next(async () => {
      if (this.joining.close()) this.finish('stopped');
    });
  }

  /** The run has changed: its servers come and go, and their doors with them. */
  refresh(): void {
    const { state } = this.options.lab;
    if (state === 'stopped' || state === 'failed') {
      this.close('run-over');
      // Its doors have ended with the run already.
      if (this.joining.close() || this.shown) this.finish('run-over');
    } else if (this.share !== null) {
      void this.next(async () => {
        if (this.share !== null) await this.follow(this.share, false);
      }).catch(() => undefined);
    }
  }

  private places(): readonly LanPlace[] {
    return (this.options.places ?? lanPlaces)();
  }

  private offersOf(offers: readonly ShareOffer[]): readonly Offer[] {
    const { manifest, endpoints } = this.options.lab;
    const live = offerable(manifest, endpoints).filter(({ role }) => !this.joining.has(role));
    const taken = new Set<string>();
    return offers.map(({ role, protocol, port }) => {
      const found = live.find((one) => one.role === role && one.protocol === protocol);
      if (found === undefined) throw new EngineError('SHARE_NOTHING', `nothing of the lab listens as ${role} over ${protocol}`, role);
      if (port + found.count - 1 > 65_535) throw new EngineError('SHARE_PORTS', `${found.count} ports from ${port} on are more than there are`, role);
      if (taken.has(`${protocol} ${port}`) || taken.has(`${protocol} ${role}`)) throw new EngineError('SHARE_PORTS', `${protocol} ${port} was asked for twice`, role);
      taken.add(`${protocol} ${port}`).add(`${protocol} ${role}`);
      return { role, protocol, port, count: found.count };
    });
  }

  /** Doors as there are servers. `strict`: the first one that cannot be opened is an error. */
  private async follow(share: Share, strict: boolean): Promise<void> {
    const { lab } = this.options;
    const wanted = new Map<string, { readonly server: LiveEndpoint; readonly offer: Offer }>();
    for (const server of lab.endpoints) {
      const { role } = familyOf(lab.manifest, server);
      const offer = share.offers.find((one) => one.role === role && one.protocol === server.protocol);
      if (offer !== undefined && !this.joining.has(server.role)) wanted.set(keyOf(server), { server, offer });
    }
    for (const [key, door] of share.doors) if (!wanted.has(key)) this.shut(share, key, door);
    for (const [key, { server, offer }] of wanted) {
      if (this.share !== share) return;
      if (share.doors.has(key) || share.doors.size >= SHARE_LIMITS.doors) continue;
      try {
        await this.open(share, key, server, offer);
        share.problem = null;
      } catch (error) {
        if (strict) throw error;
        share.problem = reportError(error);
      }
    }
    this.tellSoon();
  }

  /** At the offer's port; of a family, at the first of its ports that is free. */
  private async open(share: Share, key: string, server: LiveEndpoint, offer: Offer): Promise<void> {
    const { protocol } = server;
    const others = new Set([
      ...share.offers.filter((one) => one !== offer && one.protocol === protocol && one.count === 1).map(({ port }) => port),
      ...[...share.doors.values()].filter((door) => door.server.protocol === protocol).map(({ port }) => port),
      ...[...share.ports].filter(([of]) => of !== key && of.startsWith(protocol) && offer.count > 1).map(([, port]) => port),
    ]);
    const range = Array.from({ length: offer.count }, (_, i) => offer.port + i).filter((port) => !others.has(port));
    const before = share.ports.get(key);
    let failed: unknown = new EngineError('EADDRINUSE', `no port is free from ${offer.port} on`, `${protocol} ${share.place.address}:${offer.port}`);
    for (const port of before === undefined ? range : [before, ...range.filter((one) => one !== before)]) {
      try {
        return await this.openAt(share, key, server, port);
      } catch (error) {
        failed = error;
        if (!(error instanceof EngineError) || error.code !== 'EADDRINUSE') break;
      }
    }
    throw failed;
  }

  private async openAt(share: Share, key: string, server: LiveEndpoint, port: number): Promise<void> {
    const { book } = this.options;
    const { place } = share;
    const { protocol } = server;
    const at: Endpoint = { address: place.address, port };
    const guests = new Guests(this.room, (address) => isMachineOf(place, address), () => this.tellSoon());
    const role = await openDoor(this.options, server.role, {
      protocol, faces: 'out', place, at, target: { address: server.address, port: server.port }, permit: listenPermit(protocol, at, place), guests, standsFor: null,
      speaks: (local, remote) => book.speaks(protocol, local, remote),
    });
    if (this.share !== share) return role.dismiss();
    share.doors.set(key, { role, server, port, guests });
    share.ports.set(key, port);
    book.opened(protocol, server, at);
    void role.ended.then(() => {
      if (this.share === share && share.doors.get(key)?.role === role) this.shut(share, key, { role, server, port, guests });
    });
  }

  private shut(share: Share, key: string, { role, server }: Door): void {
    share.doors.delete(key);
    this.options.book.closed(server.protocol, server);
    role.dismiss();
    this.tellSoon();
  }

  private close(why: Ended): void {
    const { share } = this;
    if (share === null) return;
    this.share = null;
    for (const [key, door] of share.doors) this.shut(share, key, door);
    this.finish(why);
  }

  private finish(why: Ended): void {
    this.ended = why;
    this.told();
  }

  /** Watches whether the addresses are still this machine's, as long as there is a door. */
  private look(): void {
    this.watch ??= setInterval(() => {
      const own = new Set(this.places().map(({ address }) => address));
      if (this.share !== null && !own.has(this.share.place.address)) this.close('address-gone');
      if (this.joining.lost(own)) this.finish('address-gone');
    }, SHARE_LIMITS.look);
  }

  private tellSoon(): void {
    this.telling ??= setTimeout(() => this.told(), SHARE_LIMITS.tell);
  }

  private told(): ShareState {
    if (this.telling !== null) clearTimeout(this.telling);
    this.telling = null;
    // Doors end with the run, some time before it says that it is over.
    if (this.shown && this.share === null && this.joining.state.length === 0 && this.options.lab.context.signal.aborted) this.ended = 'run-over';
    const { state } = this;
    this.shown = state.share !== null || state.joined.length > 0;
    if (!this.shown && this.watch !== null) {
      clearInterval(this.watch);
      this.watch = null;
    }
    this.options.onChange(state);
    return state;
  }

  private next<T>(step: () => Promise<T>): Promise<T> {
    const done = this.work.then(step);
    this.work = done.catch(() => undefined);
    return done;
  }
}
