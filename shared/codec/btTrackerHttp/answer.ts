// What a tracker answers over HTTP (BEP 3, 23, 7, 48): a bencoded dictionary as the body of a response. Failure, peers in either form, or
// the numbers of a scrape. Everything in it is the tracker's word: read with bounds, what does not fit is left out and told.

import { utf8Text } from '../../base/bytesText';
import { decodePeers, encodePeers, STRIDE, type PeerAddress } from '../bittorrent/peers';
import { decodeBencode } from '../bencode/decode';
import { encodeBencode, type BencodeInput } from '../bencode/encode';
import { bytesAt, entryOf, numberAt, textAt, type Bencoded } from '../bencode/value';
import { TRACKER_LIMITS } from '../btTracker/limits';
import type { ScrapedTorrent } from '../btTracker/message';
import { malformed, type Incomplete, type Malformed } from '../codec';

export interface AnsweredPeer extends PeerAddress {
  /** Only the form with dictionaries tells it. */
  readonly id: Uint8Array | null;
}

export interface TrackerPeers {
  readonly type: 'peers';
  /** Seconds until the client asks again, and the least that it must wait. */
  readonly interval: number | null;
  readonly minInterval: number | null;
  readonly trackerId: string;
  /** Seeders and leechers that the tracker knows. */
  readonly complete: number | null;
  readonly incomplete: number | null;
  readonly warning: string;
  /** How the peers are written: BEP 23, or BEP 3. */
  readonly form: 'compact' | 'dictionaries' | 'none';
  readonly peers: readonly AnsweredPeer[];
}

export type TrackerAnswer =
  | { readonly type: 'failure'; readonly reason: string }
  | TrackerPeers
  /** By info hash, one character a byte (keyText). */
  | { readonly type: 'scrape'; readonly torrents: ReadonlyMap<string, ScrapedTorrent> };

export interface ReadAnswer {
  readonly status: 'complete';
  readonly answer: TrackerAnswer;
  readonly problems: readonly string[];
}

const NOTHING = new Uint8Array(0);
/** Each fault once, and not more of them than anyone reads. */
const tell = (problems: string[], why: string): void => void (problems.length < TRACKER_LIMITS.problems && !problems.includes(why) && problems.push(why));
const short = (text: string): string => text.slice(0, TRACKER_LIMITS.reason);

/** The body of a tracker's response. Never throws. */
export function decodeTrackerAnswer(body: Uint8Array): ReadAnswer | Incomplete | Malformed {
  if (body.length > TRACKER_LIMITS.answer) return malformed(TRACKER_LIMITS.answer, `an answer of ${body.length} bytes`);
  const read = decodeBencode(body);
  if (read.status !== 'complete') return read;
  const { value } = read;
  if (value.type !== 'dictionary') return malformed(0, 'not a dictionary');
  const problems = read.problems.map(({ at, why }) => `byte ${at}: ${why}`);
  if (read.end < body.length) problems.push(`${body.length - read.end} bytes behind the dictionary`);
  const told = (answer: TrackerAnswer): ReadAnswer => ({ status: 'complete', answer, problems });
  const failure = bytesAt(value, 'failure reason');
  if (failure !== null) return told({ type: 'failure', reason: utf8Text(failure.subarray(0, TRACKER_LIMITS.reason)) });
  const files = entryOf(value, 'files');
  if (files?.type === 'dictionary' && entryOf(value, 'peers') === null) return told({ type: 'scrape', torrents: torrentsOf(files, problems) });
  return told(peersOf(value, problems));
}

function torrentsOf(files: Bencoded, problems: string[]): Map<string, ScrapedTorrent> {
  const torrents = new Map<string, ScrapedTorrent>();
  if (files.type !== 'dictionary') return torrents;
  for (const [hash, numbers] of files.map) {
    if (torrents.size === TRACKER_LIMITS.torrents) {
      problems.push(`more than ${TRACKER_LIMITS.torrents} torrents`);
      break;
    }
    if (hash.length !== 20) tell(problems, `an info hash of ${hash.length} bytes`);
    else torrents.set(hash, { seeders: numberAt(numbers, 'complete') ?? 0, completed: numberAt(numbers, 'downloaded') ?? 0, leechers: numberAt(numbers, 'incomplete') ?? 0 });
  }
  return torrents;
}

function peersOf(value: Bencoded, problems: string[]): TrackerPeers {
  const listed = entryOf(value, 'peers');
  const six = bytesAt(value, 'peers6') ?? NOTHING;
  const peers: AnsweredPeer[] = [];
  if (listed?.type === 'list') {
    for (const item of listed.items.slice(0, TRACKER_LIMITS.peers)) {
      const address = textAt(item, 'ip');
      const port = numberAt(item, 'port');
      if (address === null || address.length > 255 || port === null || port > 65_535) tell(problems, 'a peer without address and port');
      else peers.push({ address, port, id: bytesAt(item, 'peer id') });
    }
    if (listed.items.length > TRACKER_LIMITS.peers) problems.push(`more than ${TRACKER_LIMITS.peers} peers`);
  } else if (listed?.type === 'bytes') compact(listed.bytes, 'ipv4', peers, problems);
  compact(six, 'ipv6', peers, problems);
  if (entryOf(value, 'peers') === null && six.length === 0) problems.push('no peers are said');
  return {
    type: 'peers', interval: numberAt(value, 'interval'), minInterval: numberAt(value, 'min interval'), trackerId: short(textAt(value, 'tracker id') ?? ''), complete: numberAt(value, 'complete'),
    incomplete: numberAt(value, 'incomplete'), warning: short(textAt(value, 'warning message') ?? ''), form: listed?.type === 'list' ? 'dictionaries' : listed?.type === 'bytes' || six.length > 0 ? 'compact' : 'none', peers,
  };
}

function compact(bytes: Uint8Array, family: 'ipv4' | 'ipv6', peers: AnsweredPeer[], problems: string[]): void {
  if (bytes.length % STRIDE[family] !== 0) problems.push(`peers of ${bytes.length} bytes, not a multiple of ${STRIDE[family]}`);
  const room = TRACKER_LIMITS.peers - peers.length;
  if (bytes.length / STRIDE[family] > room) problems.push(`more than ${TRACKER_LIMITS.peers} peers`);
  for (const peer of decodePeers(bytes, family, room)) peers.push({ ...peer, id: null });
}

/** The body of a response. Peers of IPv6 need the compact form or dictionaries; null and '' are not said. */
export function encodeTrackerAnswer(answer: TrackerAnswer): Uint8Array<ArrayBuffer> {
  if (answer.type === 'failure') return encodeBencode(new Map([['failure reason', answer.reason]]));
  if (answer.type === 'scrape') {
    const files = [...answer.torrents].map(([hash, { seeders, completed, leechers }]): [string, BencodeInput] => [hash, new Map([['complete', seeders], ['downloaded', completed], ['incomplete', leechers]])]);
    return encodeBencode(new Map([['files', new Map(files)]]));
  }
  const said = new Map<string, BencodeInput>();
  const numbers = [['interval', answer.interval], ['min interval', answer.minInterval], ['complete', answer.complete], ['incomplete', answer.incomplete]] as const;
  for (const [key, value] of numbers) if (value !== null) said.set(key, value);
  for (const [key, value] of [['tracker id', answer.trackerId], ['warning message', answer.warning]] as const) if (value !== '') said.set(key, value);
  if (answer.form === 'dictionaries') said.set('peers', answer.peers.map(dictionaryOf));
  else if (answer.form === 'compact') {
    const six = answer.peers.filter(({ address }) => address.includes(':'));
    said.set('peers', encodePeers(answer.peers.filter(({ address }) => !address.includes(':')), 'ipv4'));
    if (six.length > 0) said.set('peers6', encodePeers(six, 'ipv6'));
  }
  return encodeBencode(said);
}

const dictionaryOf = ({ id, address, port }: AnsweredPeer): BencodeInput => new Map<string, BencodeInput>([...(id === null ? [] : [['peer id', id] as const]), ['ip', address], ['port', port]]);
