// Fetching a torrent over HTTP from where its tracker is, as any client would. Loopback only, as all that a role does.

import type { Endpoint } from '../../../shared/trace/event';
import type { RoleContext } from '../lab';
import { decode } from '../text';
import { BT_LIMITS } from './limits';
import { parseTorrent, type Torrent } from './metainfo';
import { trackerGet } from './trackerGet';

/** ms: longer than a door to another machine waits for it. */
const PATIENCE = 8000;
/** Characters of an answer that says why there is none. */
const REASON = 200;

/** Rejects with a reason that can be shown: an errno, the server's, or what is wrong with the torrent. */
export async function requestTorrent(role: RoleContext, server: Endpoint, path: string): Promise<Torrent> {
  const { status, body } = await trackerGet(role, server, path, { patience: PATIENCE, most: BT_LIMITS.torrentBytes, what: 'a torrent' });
  if (status !== 200) throw new Error(`no torrent there (${status}): ${decode(body.subarray(0, REASON)).trim()}`);
  const parsed = parseTorrent(body);
  if (!parsed.ok) throw new Error(parsed.why);
  return parsed.torrent;
}
