// The peers that a joined tracker names: machines of the LAN that the user agreed to reach with it. For each a door on loopback, opened when
// it is first named; bounded, and closed with the joining. Who else is named, on another network or at a system's port, gets no door.

import type { LanPlace, ShareState } from '../../../shared/ipc/contract';
import { SHARED_PORTS } from '../../../shared/lab/offers';
import { formatEndpoint } from '../../../shared/trace/endpoint';
import type { Endpoint } from '../../../shared/trace/event';
import type { EngineRole } from '../runningRole';
import { openDoor, type DoorRun } from './door';
import { Guests, type Room } from './guests';
import { isMachineOf } from './lan';
import { SHARE_LIMITS } from './limits';
import { dialPermit } from './permits';
import type { PeerDoors } from './trackerDoor';

interface NamedDoor {
  readonly peer: Endpoint;
  readonly guests: Guests;
  /** Where it listens on loopback; null: it could not be opened. */
  readonly at: Promise<Endpoint | null>;
  role: EngineRole | null;
}

export interface NamedOptions {
  readonly run: DoorRun;
  readonly place: LanPlace;
  /** This machine's addresses: it does not go out to come in again. */
  readonly own: ReadonlySet<string>;
  /** The loopback address at which the doors listen, each at a port that the system chooses. */
  readonly inside: string;
  readonly changed: () => void;
}

export class NamedPeers implements PeerDoors {
  /** By 'address:port'; whoever was named longest ago first. */
  private readonly doors = new Map<string, NamedDoor>();
  private readonly room: Room = { held: 0 };
  private ever = 0;
  private over = false;

  constructor(private readonly options: NamedOptions) {}

  get state(): ShareState['joined'][number]['named'] {
    return [...this.doors.values()].map(({ peer, guests }) => ({ ...peer, now: guests.now, total: guests.total }));
  }

  /** The loopback doors to those peers that may be reached, as far as there is room; in their order, the others left out. */
  async doorsTo(peers: readonly Endpoint[]): Promise<readonly Endpoint[]> {
    const wanted = new Map(peers.filter((peer) => this.may(peer)).map(({ address, port }) => [formatEndpoint({ address, port }), { address, port }]));
    const doors = [...wanted].slice(0, SHARE_LIMITS.named.open).map(([key, peer]) => this.doorTo(key, peer, wanted));
    return (await Promise.all(doors)).filter((at) => at !== null);
  }

  close(): void {
    this.over = true;
    for (const key of [...this.doors.keys()]) this.shut(key);
  }

  private may({ address, port }: Endpoint): boolean {
    const { place, own } = this.options;
    return isMachineOf(place, address) && !own.has(address) && port >= SHARED_PORTS.lowest && port <= SHARED_PORTS.highest;
  }

  private doorTo(key: string, peer: Endpoint, wanted: ReadonlyMap<string, Endpoint>): Promise<Endpoint | null> {
    const known = this.doors.get(key);
    if (known !== undefined) {
      this.doors.delete(key);
      this.doors.set(key, known);
      return known.at;
    }
    if (this.over || this.ever >= SHARE_LIMITS.named.ever || !this.makeRoom(wanted)) return Promise.resolve(null);
    this.ever++;
    return this.open(key, peer).at;
  }

  /** Of those that are not named now and with whom nobody speaks, the one that was named longest ago gives way. */
  private makeRoom(wanted: ReadonlyMap<string, Endpoint>): boolean {
    if (this.doors.size < SHARE_LIMITS.named.open) return true;
    const idle = [...this.doors].find(([key, { guests }]) => guests.now === 0 && !wanted.has(key));
    if (idle !== undefined) this.shut(idle[0]);
    return idle !== undefined;
  }

  private open(key: string, peer: Endpoint): NamedDoor {
    const { run, place, inside, changed } = this.options;
    const guests = new Guests(this.room, () => true, changed);
    let heard: Endpoint | null = null;
    const listens = ({ address, port }: Endpoint): void => void (heard = { address, port });
    const opening = openDoor(run, 'lan-peer', {
      protocol: 'tcp', faces: 'in', place, at: { address: inside, port: 0 }, target: peer, permit: dialPermit('tcp', peer, place.address), guests, standsFor: null, listens, speaks: () => () => undefined,
    });
    const door: NamedDoor = { peer, guests, role: null, at: opening.then((role) => this.opened(key, door, role) ? heard : null, () => this.lost(key, door)) };
    this.doors.set(key, door);
    changed();
    return door;
  }

  /** False: nobody wants it any more. */
  private opened(key: string, door: NamedDoor, role: EngineRole): boolean {
    if (this.doors.get(key) !== door) {
      role.dismiss();
      return false;
    }
    door.role = role;
    void role.ended.then(() => this.lost(key, door));
    return true;
  }

  private lost(key: string, door: NamedDoor): null {
    if (this.doors.get(key) === door && this.doors.delete(key)) this.options.changed();
    return null;
  }

  private shut(key: string): void {
    const door = this.doors.get(key);
    this.doors.delete(key);
    door?.role?.dismiss();
    this.options.changed();
  }
}
