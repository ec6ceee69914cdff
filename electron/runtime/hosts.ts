// Gives each host of a lab its loopback address, and each endpoint the address and port where it is reached. Hosts have addresses of
// their own (127.0.x.y) where the system allows; else all share 127.0.0.1, endpoints get distinct ports, and the plan says so.

import * as net from 'node:net';
import { endpointsOf, hostsOf } from '../../shared/lab/hosts';
import type { LabManifest } from '../../shared/lab/manifest';
import type { Service } from '../../shared/trace/about';
import type { Endpoint } from '../../shared/trace/event';
import { isLoopback } from '../capture/loopback';
import { EngineError, errorCode } from './engineError';

export interface PlannedHost {
  readonly id: string;
  readonly address: string;
  /** True when the system does not have the manifest's address and 127.0.0.1 stands in for it. */
  readonly fallback: boolean;
  /** One of a family: it comes into the trace when its first role starts. */
  readonly late: boolean;
}

export interface HostPlan {
  readonly hosts: readonly PlannedHost[];
  /** By role id. */
  readonly endpoints: ReadonlyMap<string, Endpoint>;
}

/** Resolves to null when a socket can be bound to the address, else to the errno name. */
export type AddressProbe = (address: string) => Promise<string | null>;

const SHARED_ADDRESS = '127.0.0.1';
/** bind() on an address that no interface has (macOS has only 127.0.0.1 unless aliases are made); some sandboxes say EINVAL or EPERM. */
const NO_SUCH_ADDRESS = new Set(['EADDRNOTAVAIL', 'EINVAL', 'EPERM', 'EACCES']);

/** Rejects with EngineError when an address is not loopback, or the system cannot make sockets at all (EMFILE, no 127.0.0.1). */
export async function planHosts(manifest: LabManifest, probe: AddressProbe = probeAddress): Promise<HostPlan> {
  const specs = hostsOf(manifest);
  // Of a family the first and the last stand for all.
  const addresses = [...new Set(specs.filter(({ late }, i) => !late || specs[i - 1]?.late !== true || specs[i + 1]?.late !== true).map((host) => host.address))];
  for (const address of addresses) {
    if (!isLoopback(address)) throw new EngineError('LAB_ADDRESS', `lab ${manifest.id}: ${address} is not a loopback address`, manifest.id);
  }
  const fallback = await anyMissing(manifest.id, addresses, probe);
  const hosts = specs.map(({ id, address, late }) => ({ id, address: fallback ? SHARED_ADDRESS : address, fallback: fallback && address !== SHARED_ADDRESS, late }));
  const addressOf = new Map(hosts.map(({ id, address }) => [id, address]));
  const taken = new Set<string>();
  const endpoints = new Map<string, Endpoint>();
  for (const spec of endpointsOf(manifest)) {
    const address = addressOf.get(spec.host);
    if (address === undefined) throw new EngineError('LAB_HOST', `lab ${manifest.id}: endpoint ${spec.role} is on host ${spec.host}, which is not declared`, manifest.id);
    let port = spec.port;
    // On a shared address two hosts' equal ports would collide; on an own address equal ports are what the lab means.
    while (fallback && taken.has(`${spec.protocol} ${port}`)) port++;
    taken.add(`${spec.protocol} ${port}`);
    endpoints.set(spec.role, { address, port });
  }
  return { hosts, endpoints };
}

async function anyMissing(lab: string, addresses: readonly string[], probe: AddressProbe): Promise<boolean> {
  for (const address of addresses) {
    const err = await probe(address);
    if (err === null) continue;
    if (address !== SHARED_ADDRESS && NO_SUCH_ADDRESS.has(err)) return true;
    throw new EngineError(err, `lab ${lab}: no socket can be bound to ${address} (${err})`, `${lab}, ${address}`);
  }
  return false;
}

/** Binds a TCP socket to the address, on a port that the system chooses, and closes it. */
export function probeAddress(address: string): Promise<string | null> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', (error) => resolve(errorCode(error)));
    server.listen({ host: address, port: 0 }, () => server.close(() => resolve(null)));
  });
}

/** The ports that stand for well-known ones, as they really are in this run. */
export const servicesOf = (manifest: LabManifest, plan: HostPlan): readonly Service[] =>
  manifest.endpoints.flatMap(({ role, protocol, wellKnown }) => {
    const port = plan.endpoints.get(role)?.port;
    return wellKnown === undefined || port === undefined ? [] : [{ protocol, port, wellKnown }];
  });
