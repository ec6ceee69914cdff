// What a client asks a tracker over HTTP: the query of an announce's or a scrape's target (BEP 3, 23, 48), bytes percent-encoded
// (RFC 3986 2.1). The request itself is HTTP's; the tracker's answer is in answer.ts.

import { percentDecode, percentEncode } from '../../base/percent';
import { TRACKER_LIMITS } from '../btTracker/limits';
import { keyBytes, keyText } from '../bencode/value';

export interface TrackerQuery {
  /** '/announce'. */
  readonly path: string;
  /** Names as sent, percent-decoding done, one character a byte; the first of a name. */
  readonly parameters: ReadonlyMap<string, Uint8Array>;
  /** All of them in order: a scrape may name several torrents. */
  readonly all: readonly (readonly [string, Uint8Array])[];
  /** What is wrong with it. English, for developers. */
  readonly problems: readonly string[];
}

export interface Announce {
  readonly infoHash: Uint8Array;
  readonly peerId: Uint8Array;
  readonly port: number;
  /** Bytes. */
  readonly uploaded: number;
  readonly downloaded: number;
  readonly left: number;
  /** '' for those in between. */
  readonly event: '' | 'started' | 'stopped' | 'completed';
  /** BEP 23: null when it does not say; then a tracker may choose. */
  readonly compact: boolean | null;
  readonly noPeerId: boolean;
  /** Peers that are wanted; null: as many as the tracker likes. */
  readonly want: number | null;
  /** '' when not given. These three have one character a byte (keyText): clients send keys that are no text. */
  readonly key: string;
  readonly address: string;
  readonly trackerId: string;
}

/** The target of a request ('/announce?info_hash=…') as path and parameters. Never throws; what is too much is left out and told. */
export function decodeTrackerQuery(target: string): TrackerQuery {
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  const problems: string[] = [];
  const parameters = new Map<string, Uint8Array>();
  const all: (readonly [string, Uint8Array])[] = [];
  const query = (mark < 0 ? '' : target.slice(mark + 1)).replace(/#.*$/s, '');
  if (query.length > TRACKER_LIMITS.query) problems.push(`a query of ${query.length} bytes`);
  for (const pair of query.slice(0, TRACKER_LIMITS.query).split('&')) {
    if (pair === '') continue;
    if (all.length === TRACKER_LIMITS.parameters) {
      problems.push(`more than ${TRACKER_LIMITS.parameters} parameters`);
      break;
    }
    const equals = pair.indexOf('=');
    const name = percentDecode(equals < 0 ? pair : pair.slice(0, equals));
    const value = percentDecode(equals < 0 ? '' : pair.slice(equals + 1));
    const key = keyText(name.bytes);
    if (name.broken || value.broken) problems.push(`${key} is not percent-encoded`);
    if (parameters.has(key) && key !== 'info_hash') problems.push(`${key} is there twice`);
    if (!parameters.has(key)) parameters.set(key, value.bytes);
    all.push([key, value.bytes]);
  }
  return { path, parameters, all, problems };
}

/** The announce that a query makes, or why it makes none: an English sentence, as trackers send it back. */
export function announceOf({ parameters }: TrackerQuery): Announce | string {
  const bytes = (name: string): Uint8Array | null => parameters.get(name) ?? null;
  const text = (name: string): string => keyText(bytes(name) ?? new Uint8Array(0));
  const infoHash = bytes('info_hash');
  const peerId = bytes('peer_id');
  if (infoHash?.length !== 20) return infoHash === null ? 'info_hash is missing' : `info_hash has ${infoHash.length} bytes, not 20`;
  if (peerId?.length !== 20) return peerId === null ? 'peer_id is missing' : `peer_id has ${peerId.length} bytes, not 20`;
  const port = wholeNumber(text('port'));
  if (port === null || port < 1 || port > 65_535) return bytes('port') === null ? 'port is missing' : 'port is no port';
  // Clients of old leave counters out; a tracker needs only to know who has everything.
  const counter = (name: string): number => wholeNumber(text(name)) ?? 0;
  const event = text('event');
  return {
    infoHash, peerId, port, uploaded: counter('uploaded'), downloaded: counter('downloaded'), left: counter('left'), event: event === 'started' || event === 'stopped' || event === 'completed' ? event : '',
    compact: bytes('compact') === null ? null : text('compact') === '1', noPeerId: text('no_peer_id') === '1', want: wholeNumber(text('numwant')), key: text('key'), address: text('ip'), trackerId: text('trackerid'),
  };
}

const wholeNumber = (text: string): number | null => (/^\d{1,15}$/.test(text) ? Number(text) : null);

/** The query of an announce, without '?'. What is null, '' or false is not sent. Throws RangeError for ids of other lengths. */
export function encodeAnnounce(announce: Announce): string {
  const { infoHash, peerId, compact, want } = announce;
  if (infoHash.length !== 20 || peerId.length !== 20) throw new RangeError('an info hash and a peer id have 20 bytes');
  const said: (readonly [string, string])[] = [['info_hash', percentEncode(infoHash)], ['peer_id', percentEncode(peerId)]];
  for (const name of ['port', 'uploaded', 'downloaded', 'left'] as const) said.push([name, String(announce[name])]);
  if (compact !== null) said.push(['compact', compact ? '1' : '0']);
  if (announce.noPeerId) said.push(['no_peer_id', '1']);
  if (want !== null) said.push(['numwant', String(want)]);
  for (const [name, value] of [['event', announce.event], ['key', announce.key], ['ip', announce.address], ['trackerid', announce.trackerId]] as const) {
    if (value !== '') said.push([name, percentEncode(keyBytes(value))]);
  }
  return said.map(([name, value]) => `${name}=${value}`).join('&');
}

/** The torrents that a scrape asks about (BEP 48); those with another length left out. */
export const scrapedHashes = ({ all }: TrackerQuery): readonly Uint8Array[] =>
  all.filter(([name, bytes]) => name === 'info_hash' && bytes.length === 20).map(([, bytes]) => bytes).slice(0, TRACKER_LIMITS.torrents);
