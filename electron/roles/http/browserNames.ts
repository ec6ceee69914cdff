// How a browser finds the address of a name: by asking the resolver that its system was told of, with a cache of its own, or in a table
// like /etc/hosts. One visit asks once for each name (browser.ts).

import * as net from 'node:net';
import type { Endpoint } from '../../../shared/trace/event';
import type { DnsCache } from '../dns/cache';
import { lookup } from '../dns/stubResolver';
import type { RoleContext } from '../lab';
import { failure } from './browserCarrier';

export interface Found {
  readonly address: string;
  /** 'own': no lookup was needed (an address, a table, asked for another object of the page). */
  readonly from: 'network' | 'cache' | 'own';
  /** Seconds that it may be kept; 0 when that is unknown. */
  readonly ttl: number;
  /** ms that it took. */
  readonly took: number;
}

/** Rejects with ENOTFOUND (there is no such name, or no address of it), ETIMEDOUT (nobody answered) or EAI_FAIL (the resolver failed). */
export type Names = (name: string) => Promise<Found>;

/** Names of a table; addresses need none. */
export const namesOf =
  (table: ReadonlyMap<string, string>): Names =>
  (name) => {
    const address = net.isIP(name) !== 0 ? name : table.get(name.toLowerCase());
    return address === undefined ? Promise.reject(failure('ENOTFOUND', name)) : Promise.resolve({ address, from: 'own', ttl: 0, took: 0 });
  };

/** ms that the resolver has for its first answer, doubled for the second; it may have to wait for others. */
const PATIENCE = { wait: 2000, attempts: 2 };

export const namesBy =
  (role: RoleContext, resolver: Endpoint, cache: DnsCache): Names =>
  async (name) => {
    if (net.isIP(name) !== 0) return { address: name, from: 'own', ttl: 0, took: 0 };
    const start = performance.now();
    const { addresses, rcode, cached, ttl, failure: failed } = await lookup(role, resolver, name, 'A', { cache, ...PATIENCE });
    const [address] = addresses;
    if (address !== undefined) return { address, from: cached ? 'cache' : 'network', ttl, took: performance.now() - start };
    if (failed !== '') throw failure(failed, name);
    throw failure(rcode === 'NXDOMAIN' || rcode === 'NOERROR' ? 'ENOTFOUND' : 'EAI_FAIL', `${name}: ${rcode}`);
  };
