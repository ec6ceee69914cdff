// Going into the swarm of another machine of the class: its torrent, fetched from its tracker, and one newcomer that shares it. All that they
// see is loopback: the tracker's address, and those that it answers with, are doors (electron/runtime/share).

import { toHex } from '../../../shared/base/bytes';
import { formatEndpoint } from '../../../shared/trace/endpoint';
import type { Endpoint } from '../../../shared/trace/event';
import { infoHashText, isPiece, lengthOfPiece, sha1, type Torrent } from '../../roles/bittorrent/metainfo';
import { requestTorrent } from '../../roles/bittorrent/trackerFile';
import { plainly } from '../../roles/errno';
import type { LabContext, SwarmJoiner } from '../../roles/lab';
import { perRun } from '../../roles/serverControl';
import { runOf, type Member } from './swarmRun';

/** As the lab's own tracker names it. */
const TORRENT = '/film-1.torrent';

const fetches = perRun(() => ({ count: 0 }));

export const lanSwarm: SwarmJoiner = {
  clear: (lab) => runOf(lab).goAbroad(),

  async enter(lab, tracker, left) {
    const run = runOf(lab);
    const home = (): void => void (run.abroad = false);
    left.addEventListener('abort', home, { once: true });
    try {
      const torrent = await fetchTorrent(lab, tracker);
      left.throwIfAborted();
      const member = await run.start('peer', {
        torrent, tracker: `http://${formatEndpoint(tracker)}/announce`, abroad: true, place: { family: 'peer', number: 1 },
        // Another machine may have the same seed: two peers of a swarm must not have one id (BEP 3).
        seed: newSeed(), says: `goes into the swarm of another machine, for ${torrent.name}: info hash ${infoHashText(torrent)}`,
      });
      left.addEventListener('abort', () => member.role.kill(), { once: true });
      if (left.aborted) member.role.kill();
      void member.peer.done.then(() => sayWhole(member));
    } catch (error) {
      home();
      throw error;
    }
  },
};

const newSeed = (): number => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;

/** Every piece once more, all together: what the other machine's torrent promised is what is here. */
function sayWhole({ peer, context }: Member): void {
  const { torrent, bytes } = peer.store;
  const right = Array.from({ length: torrent.pieceCount }, (_, piece) => piece)
    .filter((piece) => isPiece(torrent, piece, bytes.subarray(piece * torrent.pieceLength, piece * torrent.pieceLength + lengthOfPiece(torrent, piece))));
  context.print(`${right.length} of ${torrent.pieceCount} pieces have the torrent's hashes; SHA-1 of the ${bytes.length} bytes: ${toHex(sha1(bytes))}`);
}

/** By a client of its own, as a user would. Rejects with a reason that can be shown. */
async function fetchTorrent(lab: LabContext, tracker: Endpoint): Promise<Torrent> {
  const state = fetches(lab);
  const found: { torrent: Torrent | null; why: unknown } = { torrent: null, why: 'the run was stopped' };
  const id = ++state.count === 1 ? 'get-torrent' : `get-torrent-${state.count}`;
  await lab.role({ id, host: 'peer-1', kind: 'client' }, plainly(async (role) => {
    try {
      found.torrent = await requestTorrent(role, tracker, TORRENT);
      role.print(`${found.torrent.name}: ${found.torrent.length} bytes in ${found.torrent.pieceCount} pieces`);
    } catch (error) {
      found.why = error;
      throw error;
    }
  })).ended;
  if (found.torrent === null) throw found.why instanceof Error ? found.why : new Error(String(found.why));
  return found.torrent;
}
