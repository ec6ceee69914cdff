// How a person asks the directory: one request on a connection of its own, answered with JSON. What comes is checked before it is
// believed to be an address; whether anybody is there, only a call will show.

import type { Endpoint } from '../../../shared/trace/event';
import { exchangeOnce } from '../http/handClient';
import type { HeaderLines } from '../http/headers';
import { isLoopback, isPort } from '../bittorrent/loopback';
import type { RoleContext } from '../lab';
import { decode, encode } from '../text';
import { pathOf } from './names';

/** ms that a person waits for the directory. */
const PATIENCE = 5000;
const JSON_LINES: HeaderLines = [['Content-Type', 'application/json']];

/** The status: 201 new, 200 refreshed, 409 taken. Rejects with the system's error (ECONNREFUSED), ETIMEDOUT. `lifetime` in s. */
export async function register(role: RoleContext, directory: Endpoint, name: string, at: Endpoint, lifetime: number): Promise<number> {
  const body = encode(JSON.stringify({ address: at.address, port: at.port, lifetime }));
  return (await exchangeOnce(role, directory, { method: 'PUT', target: pathOf(name), headers: JSON_LINES, body }, PATIENCE)).status;
}

/** Where the directory says that somebody is; null when it knows nobody of that name. Rejects with the system's error. */
export async function lookUp(role: RoleContext, directory: Endpoint, name: string): Promise<Endpoint | null> {
  const { status, body } = await exchangeOnce(role, directory, { method: 'GET', target: pathOf(name), headers: [['Accept', 'application/json']] }, PATIENCE);
  if (status !== 200) return null;
  try {
    const told = new Map<string, unknown>(Object.entries(JSON.parse(decode(body)) as object));
    const [address, port] = [told.get('address'), told.get('port')];
    return typeof address === 'string' && isLoopback(address) && typeof port === 'number' && isPort(port) ? { address, port } : null;
  } catch {
    return null;
  }
}

/** Takes the entry out. Rejects with the system's error. */
export async function unregister(role: RoleContext, directory: Endpoint, name: string): Promise<void> {
  await exchangeOnce(role, directory, { method: 'DELETE', target: pathOf(name) }, PATIENCE);
}
