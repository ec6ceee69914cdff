// Files that a tracker's HTTP server gives beside /announce: the .torrent, so that any program can fetch it. Only what the lab puts into the
// map, by exact path: no file of the machine can be reached by a name.

import { answer, notAllowed, type Handler } from '../http/message';

export interface ServedFile {
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** BEP 3 leaves the type open; this one is registered with IANA by nobody and known to every client. */
export const TORRENT_TYPE = 'application/x-bittorrent';

/** By path, '/film.torrent'; everything else goes to `otherwise`. */
export const withFiles =
  (files: ReadonlyMap<string, ServedFile>, otherwise: Handler): Handler =>
  (request) => {
    const file = files.get(request.path);
    if (file === undefined) return otherwise(request);
    if (request.method !== 'GET' && request.method !== 'HEAD') return notAllowed(['GET', 'HEAD']);
    return answer(200, [['Content-Type', file.type], ['Cache-Control', 'no-store']], file.bytes);
  };
