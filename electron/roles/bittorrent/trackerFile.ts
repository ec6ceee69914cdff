// Fetching a torrent over HTTP from where its tracker is, as any client would. Loopback only, as all that a role does.

import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { concatBytes } from '../../../shared/base/bytes';
import type { Endpoint } from '../../../shared/trace/event';
import type { RoleContext } from '../lab';
import { decode } from '../text';
import { BT_LIMITS } from './limits';
import { parseTorrent, type Torrent } from './metainfo';

/** ms: longer than a door to another machine waits for it. */
const PATIENCE = 8000;
/** Characters of an answer that says why there is none. */
const REASON = 200;

/** Rejects with a reason that can be shown: an errno, the server's, or what is wrong with the torrent. */
export async function requestTorrent(role: RoleContext, server: Endpoint, path: string): Promise<Torrent> {
  const request = role.host.http.request(server, { method: 'GET', path, headers: { 'User-Agent': 'Looplab', Connection: 'close' } });
  const timer = setTimeout(() => request.destroy(new Error('ETIMEDOUT')), PATIENCE);
  try {
    request.end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const part of response as AsyncIterable<Uint8Array>) {
      size += part.length;
      if (size > BT_LIMITS.torrentBytes) throw new Error(`a torrent of more than ${BT_LIMITS.torrentBytes} bytes`);
      parts.push(part);
    }
    const bytes = concatBytes(...parts);
    if (response.statusCode !== 200) throw new Error(`no torrent there (${response.statusCode ?? 0}): ${decode(bytes.subarray(0, REASON)).trim()}`);
    const parsed = parseTorrent(bytes);
    if (!parsed.ok) throw new Error(parsed.why);
    return parsed.torrent;
  } finally {
    clearTimeout(timer);
    request.destroy();
  }
}
