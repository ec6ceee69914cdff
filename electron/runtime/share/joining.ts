// The way out: a server of another machine of the class stands in for one of the lab's own. A door listens where that one did, on loopback,
// and passes everything on to the one address that the user agreed to; the lab's clients and the user's own programs use it unchanged. A
// tracker's door leads further: to the peers that it names (named.ts), and the lab goes into their swarm.

import type { LanPlace, RequestInput, ShareState } from '../../../shared/ipc/contract';
import type { LiveEndpoint } from '../../../shared/lab/manifest';
import { familyOf } from '../../../shared/lab/offers';
import { EngineError, reportError } from '../engineError';
import type { EngineRole } from '../runningRole';
import { openDoor, type DoorRun } from './door';
import { Guests } from './guests';
import { isMachineOf } from './lan';
import { NamedPeers } from './named';
import { dialPermit } from './permits';

interface Joined {
  readonly door: EngineRole;
  readonly place: LanPlace;
  readonly server: LiveEndpoint;
  readonly address: string;
  readonly port: number;
  readonly guests: Guests;
  /** Of a tracker. */
  readonly named: NamedPeers | null;
  /** Aborts when it is left, or lost. */
  readonly left: AbortController;
}

export class Joining {
  private readonly all = new Map<string, Joined>();

  constructor(private readonly run: DoorRun, private readonly changed: () => void) {}

  get state(): ShareState['joined'] {
    return [...this.all.values()].map(({ server, address, port, guests, named }) => ({
      role: server.role, protocol: server.protocol, inside: { address: server.address, port: server.port }, address, port, now: guests.now, total: guests.total, named: named?.state ?? [],
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
    const swarm = this.isSwarm(server);
    if (before !== undefined) this.shut(before);
    const own = lab.running(role);
    own?.kill();
    if (swarm) await this.run.swarm?.clear(lab.context);
    // Its port is free when its sockets are closed, in the loop's next turns.
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    const guests = new Guests({ held: 0 }, () => true, this.changed);
    const target = { address, port };
    const named = swarm ? new NamedPeers({ run: this.run, place, own: new Set(places.map((one) => one.address)), inside: server.address, changed: this.changed }) : null;
    const door = await openDoor(this.run, role, {
      protocol, faces: 'in', place, at: { address: server.address, port: server.port }, target, permit: dialPermit(protocol, target, place.address), guests, standsFor: { role, host: server.host }, speaks: () => () => undefined, ...(named !== null && { named }),
    });
    const joined: Joined = { door, place, server, address, port, guests, named, left: new AbortController() };
    this.all.set(door.id, joined);
    void door.ended.then(() => {
      if (!this.all.has(door.id)) return;
      this.shut(joined);
      this.changed();
    });
    if (swarm) await this.enter(joined);
  }

  /** Whether it is a tracker by which a swarm is joined. Throws for its UDP side: only what passes over HTTP names doors. */
  private isSwarm({ role, host, protocol, address, port }: LiveEndpoint): boolean {
    const { manifest } = this.run.lab;
    const family = familyOf(manifest, { role, host, protocol, address, port });
    const found = manifest.endpoints.find((one) => one.role === family.role && one.joins === 'swarm');
    if (found !== undefined && found.protocol !== protocol) throw new EngineError('SHARE_NOTHING', `a swarm is joined by its tracker over ${found.protocol}`, role);
    return found !== undefined;
  }

  private async enter(joined: Joined): Promise<void> {
    const { server, address, port, left } = joined;
    try {
      await this.run.swarm?.enter(this.run.lab.context, { address: server.address, port: server.port }, left.signal);
      this.run.recorder.flush();
    } catch (error) {
      this.shut(joined);
      throw new EngineError('SHARE_SWARM', reportError(error).message, `${address}:${port}`);
    }
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
    joined.left.abort();
    joined.door.dismiss();
    joined.named?.close();
  }
}
