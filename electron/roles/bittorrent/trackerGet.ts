// One GET of a tracker: an announce, or a file that it serves. Bounded in time and size. Loopback only, as all that a role does.

import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { concatBytes } from '../../../shared/base/bytes';
import type { Endpoint } from '../../../shared/trace/event';
import type { RoleContext } from '../lab';

export interface GetBounds {
  /** ms until it is given up with 'ETIMEDOUT'. */
  readonly patience: number;
  /** Bytes of the body; `what` names it when there are more. */
  readonly most: number;
  readonly what: string;
}

/** Rejects with a reason that can be shown: an errno, 'ETIMEDOUT', or that it is too long. */
export async function trackerGet(role: RoleContext, server: Endpoint, path: string, { patience, most, what }: GetBounds): Promise<{ readonly status: number; readonly body: Uint8Array }> {
  const request = role.host.http.request(server, { method: 'GET', path, headers: { 'User-Agent': 'Looplab', Connection: 'close' } });
  const timer = setTimeout(() => request.destroy(new Error('ETIMEDOUT')), patience);
  try {
    request.end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const part of response as AsyncIterable<Uint8Array>) {
      size += part.length;
      if (size > most) throw new Error(`${what} of more than ${most} bytes`);
      parts.push(part);
    }
    return { status: response.statusCode ?? 0, body: concatBytes(...parts) };
  } finally {
    clearTimeout(timer);
    request.destroy();
  }
}
