// Asks a server again and again whether it is well: GET /health over a connection of its own. Only 2xx in time counts as well.

import type { RoleContext } from '../lab';
import { attempt } from '../service/attempt';
import { whyOf } from './forward';
import type { Backend, ServerPool } from './pool';

export interface CheckOptions {
  /** ms between two checks, and that an answer may take. */
  readonly interval: number;
  readonly timeout: number;
  readonly target: string;
}

/** Checks until the signal aborts; resolves then. */
export async function checkHealth(role: RoleContext, pool: ServerPool, server: Backend, { interval, timeout, target }: CheckOptions): Promise<void> {
  while (!role.signal.aborted) {
    const began = performance.now();
    try {
      const came = await attempt(role, server.endpoint, { request: { method: 'GET', target }, patience: timeout, kept: null, keep: false });
      if ('failure' in came) pool.failed(server.name, whyOf(came));
      else if (came.response.status >= 200 && came.response.status < 300) pool.succeeded(server.name, 'check');
      else pool.failed(server.name, 'status');
      await role.sleep(Math.max(1, interval - (performance.now() - began)));
    } catch (error) {
      if (role.signal.aborted) return;
      throw error;
    }
  }
}
