// The way out: a server of another machine of the class stands in for one of the lab's own. A door listens where that one did, on loopback,
// and passes everything on to the one address that the user agreed to; the lab's clients and the user's own programs use it unchanged.

import type { LanPlace, RequestInput, ShareState } from '../../../shared/ipc/contract';
import type { LiveEndpoint } from '../../../shared/lab/manifest';
import { EngineError } from '../engineError';
import type { EngineRole } from '../runningRole';
import { openDoor, type DoorRun } from './door';
import { Guests } from './guests';
import { isMachineOf } from './lan';
import { dialPermit } from './permits';

interface Joined {
  readonly door: EngineRole;
  readonly place: LanPlace;
  readonly server: LiveEndpoint;
  readonly address: string;
  readonly port: number;
  readonly guests: Guests;
}

export class Joining {
  private readonly all = new Map<string, Joined>();

  constructor(private readonly run: DoorRun, private readonly changed: () => void) {}

  get state(): ShareState['joined'] {
    return [...this.all.values()].map(({ server, address, port, guests }) => ({
      role: server.role, protocol: server.protocol, inside: { address: server.address, port: server.port }, address, port, now: guests.now, total: guests.total,
    }));
  }

  /** Whether a server of others stands in for that role. */
  has(role: string): boolean {
    return [...this.all.values()].some(({ server }) => server.role === role);
  }

  /** Ends the lab's own server, and opens the door in its place. Rejects with EngineError. */
  async open({ role, protocol, address, port }: Omit<RequestInput<'share.join'>, 'run'>, places: readonly LanPlace[]): Promise<void> {
    if (places.some((own) => own.address === address)) throw new EngineError('SHARE_OWN', `${address} is this machine itself`, address);
    const place = places.find((one) => isMachineOf(one, address));
    if (place === undefined) throw new EngineError('SHARE_ADDRESS', `${address} is not of a network that this machine is in`, address);
    const { lab } = this.run;
    const before = [...this.all.values()].find(({ server }) => server.role === role && server.protocol === protocol);
    const server = before?.server ?? lab.endpoints.find((one) => one.role === role && one.protocol === protocol);
    if (server === undefined) throw new EngineError('SHARE_NOTHING', `nothing of the lab listens as ${role} over ${protocol}`, role);
    if (before !== undefined) this.shut(before);
    const own = lab.running(role);
    own?.kill();
    // Its port is free when its sockets are closed, in the loop's next turns.
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    const guests = new Guests({ held: 0 }, () => true, this.changed);
    const target = { address, port };
    const door = await openDoor(this.run, role, {
      protocol, faces: 'in', place, at: { address: server.address, port: server.port }, target, permit: dialPermit(protocol, target, place.address), guests, standsFor: { role, host: server.host }, speaks: () => () => undefined,
    });
    const joined: Joined = { door, place, server, address, port, guests };
    this.all.set(door.id, joined);
    void door.ended.then(() => {
      if (this.all.delete(door.id)) this.changed();
    });
  }

  /** Whether there was one. */
  close(): boolean {
    const all = [...this.all.values()];
    for (const each of all) this.shut(each);
    return all.length > 0;
  }

  /** Closes those whose own address is gone; whether there were such. */
  lost(own: ReadonlySet<string>): boolean {
    const gone = [...this.all.values()].filter(({ place }) => !own.has(place.address));
    for (const each of gone) this.shut(each);
    return gone.length > 0;
  }

  private shut(joined: Joined): void {
    this.all.delete(joined.door.id);
    joined.door.dismiss();
  }
}
