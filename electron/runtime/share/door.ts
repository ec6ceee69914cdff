// One door: a role of kind 'relay' on a host of its own, between the LAN and a server's loopback endpoint. Makes its two networks, the one
// to the LAN with a permit for just this door, and runs its program. Which doors there are is decided by sharing.ts and joining.ts.

import type { RoleIx } from '../../../shared/base/brand';
import type { LanPlace } from '../../../shared/ipc/contract';
import type { LiveEndpoint } from '../../../shared/lab/manifest';
import { formatEndpoint } from '../../../shared/trace/endpoint';
import type { Endpoint } from '../../../shared/trace/event';
import type { RoleContext, SwarmJoiner } from '../../roles/lab';
import { createNetwork, type Network } from '../../capture/network';
import type { Permit } from '../../capture/loopback';
import type { Recorder } from '../../capture/recorder';
import { EngineError, errorCode } from '../engineError';
import type { LabRun } from '../labRunner';
import type { EngineRole } from '../runningRole';
import type { Guests } from './guests';
import { tcpDoor } from './tcpDoor';
import { trackerDoor, type PeerDoors } from './trackerDoor';
import { udpDoor } from './udpDoor';

export interface DoorSpec {
  readonly protocol: 'tcp' | 'udp';
  /** 'out': others come in from the LAN. 'in': this machine goes out to one of theirs. */
  readonly faces: 'out' | 'in';
  readonly place: LanPlace;
  /** Where it listens, on that side, and whom it passes everything on to, on the other. */
  readonly at: Endpoint;
  readonly target: Endpoint;
  readonly permit: Permit;
  readonly guests: Guests;
  /** A tracker is behind it: its answers pass with the peers that they name replaced by doors to them. */
  readonly named?: PeerDoors;
  /** Told where it listens, when it does. */
  readonly listens?: (at: Endpoint) => void;
  /** Whose place it takes in the lab. */
  readonly standsFor: Pick<LiveEndpoint, 'role' | 'host'> | null;
  /** The door speaks from `local`, on loopback, for `remote`, until the result is called. */
  readonly speaks: (local: Endpoint, remote: Endpoint) => () => void;
}

export interface DoorRun {
  readonly lab: Pick<LabRun, 'guest' | 'running' | 'endpoints' | 'manifest' | 'state' | 'context'>;
  readonly recorder: Recorder;
  /** What the lab does when it joins a swarm; left out: it has none. */
  readonly swarm?: SwarmJoiner | undefined;
  /** A role's name that the run has not had yet, made of this one. */
  freshId(stem: string): string;
}

/** The address that doors have on their loopback side when they only connect there. */
const INSIDE = '127.0.0.1';

/**
 * Opens a door for a role of the lab. Resolves when it listens; rejects with EngineError: the system's code (EADDRINUSE), and where. It ends
 * with its role, at the latest with the run.
 */
export async function openDoor(run: DoorRun, role: string, spec: DoorSpec): Promise<EngineRole> {
  const { protocol, faces, place, at, target, guests, speaks } = spec;
  const host = { id: `lan ${place.address}`, address: place.address };
  const networks: { readonly lan: Network; readonly loopback: Network }[] = [];
  const make = (index: RoleIx): Network => {
    const lan = createNetwork(run.recorder, { role: index, host: host.id, address: place.address, permit: spec.permit });
    const loopback = createNetwork(run.recorder, { role: index, host: host.id, address: faces === 'out' ? INSIDE : at.address });
    networks.push({ lan, loopback });
    return { ...lan, closeAll: () => [lan, loopback].forEach((each) => each.closeAll()) };
  };
  const door = run.lab.guest({ id: run.freshId(`door-${role}`), host, network: make, standsFor: spec.standsFor }, async (given) => {
    const [made] = networks;
    const context: RoleContext = {
      ...given,
      listening: (where) => {
        spec.listens?.(where);
        given.listening(where);
      },
    };
    if (made === undefined) return;
    const [front, back] = faces === 'out' ? [made.lan, made.loopback] : [made.loopback, made.lan];
    const options = { port: at.port, target, guests, speaks };
    if (spec.named !== undefined) {
      const inside = { ...context, host: { ...context.host, ...made.loopback, address: at.address } };
      await trackerDoor(inside, { port: at.port, target, guests, named: spec.named, lan: made.lan.net });
    } else if (protocol === 'tcp') await tcpDoor(context, { ...options, front: front.net, back: back.net });
    else await udpDoor(context, { ...options, front: front.dgram, back: back.dgram });
  });
  if (await door.ready) return door;
  const where = `${protocol} ${formatEndpoint(at)}`;
  if (door.error === null) throw new EngineError('RUN_STATE', 'the run has ended', where);
  const said = door.error instanceof Error ? door.error.message : String(door.error);
  throw new EngineError(errorCode(door.error), `no door at ${where}: ${said}`, where);
}
