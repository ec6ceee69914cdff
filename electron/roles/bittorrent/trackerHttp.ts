// The tracker over HTTP (BEP 3, 23, 48): GET /announce and /scrape, binary in the query, bencoded in the answer. A refusal is an answer too:
// status 200 with a failure reason, as clients expect it.

import { keyText } from '../../../shared/codec/bencode/value';
import { encodeTrackerAnswer, type TrackerAnswer } from '../../../shared/codec/btTrackerHttp/answer';
import { announceOf, decodeTrackerQuery, scrapedHashes } from '../../../shared/codec/btTrackerHttp/query';
import type { ScrapedTorrent } from '../../../shared/codec/btTracker/message';
import type { Doors } from '../lab';
import { answer, notAllowed, textAnswer, type Handler, type HttpRequest } from '../http/message';
import type { TrackerBook } from './trackerBook';

/** As trackers of old send it; the body is no text. */
const TYPE = 'text/plain';

/** `interval`: seconds that clients are to wait. `doors`: by which others may come in from the LAN. */
export const trackerHandler =
  (book: TrackerBook, interval: number, now: () => number, doors?: Doors): Handler =>
  (request) => {
    const handle = request.path === '/announce' ? announced : request.path === '/scrape' ? scraped : null;
    if (handle === null) return textAnswer(404, 'There is /announce here, and /scrape.\n');
    if (request.method !== 'GET' && request.method !== 'HEAD') return notAllowed(['GET', 'HEAD']);
    return answer(200, [['Content-Type', TYPE], ['Cache-Control', 'no-store']], encodeTrackerAnswer(handle(book, request, interval, now(), doors)));
  };

function announced(book: TrackerBook, request: HttpRequest, interval: number, now: number, doors?: Doors): TrackerAnswer {
  const announce = announceOf(decodeTrackerQuery(request.target));
  if (typeof announce === 'string') return { type: 'failure', reason: announce };
  const outside = doors?.comesFrom('tcp', request.client) ?? null;
  const told = book.announce((outside ?? request.client).address, { ...announce, claims: announce.address, outside: outside !== null }, now);
  if (typeof told === 'string') return { type: 'failure', reason: told };
  return {
    type: 'peers', interval, minInterval: null, trackerId: '', complete: told.seeders, incomplete: told.leechers, warning: '',
    // BEP 23: the compact form when it is asked for.
    form: announce.compact === true ? 'compact' : 'dictionaries',
    peers: told.peers.map(({ address, port, id }) => ({ address, port, id: announce.noPeerId ? null : id })),
  };
}

/** BEP 48; without an info hash every torrent that is known. */
function scraped(book: TrackerBook, request: HttpRequest, _interval: number, now: number): TrackerAnswer {
  const asked = scrapedHashes(decodeTrackerQuery(request.target));
  const hashes = asked.length > 0 ? asked : book.known.map((hex) => Buffer.from(hex, 'hex'));
  const torrents = new Map<string, ScrapedTorrent>();
  for (const hash of hashes) {
    const numbers = book.scrape(hash, now);
    if (numbers !== null) torrents.set(keyText(hash), numbers);
  }
  return { type: 'scrape', torrents };
}
