// What extended messages carry (BEP 10): the handshake that numbers them, metadata (BEP 9) and peers (BEP 11). A bencoded dictionary each,
// metadata with bytes behind it. Everything in it is the peer's word: read with bounds, what does not fit is left out.

import { decodeBencode } from '../bencode/decode';
import { encodeBencode, type BencodeInput } from '../bencode/encode';
import { bytesAt, entryOf, numberAt, textAt, type Bencoded } from '../bencode/value';
import { concatBytes } from '../../base/bytes';
import { BITTORRENT_LIMITS } from './limits';
import { decodePeers, encodePeers, type PeerAddress } from './peers';

export interface ExtendedHandshake {
  readonly type: 'handshake';
  /** Which numbers its sender wants messages to have, by name; 0 switches one off. */
  readonly messages: ReadonlyMap<string, number>;
  /** 'Transmission 3.00'; '' when not said. */
  readonly client: string;
  /** Where its sender listens; null when not said. */
  readonly port: number | null;
  /** Requests that it keeps waiting at the most. */
  readonly requests: number | null;
  /** Bytes of the info dictionary. */
  readonly metadataSize: number | null;
}

export interface MetadataMessage {
  readonly type: 'metadata';
  readonly action: 'request' | 'data' | 'reject' | 'unknown';
  /** Which 16 KiB of the info dictionary. */
  readonly piece: number;
  readonly totalSize: number | null;
  /** A view; empty but for data. */
  readonly data: Uint8Array;
}

export interface PeerExchange {
  readonly type: 'exchange';
  readonly added: readonly PeerAddress[];
  readonly dropped: readonly PeerAddress[];
}

export type ExtendedMessage = ExtendedHandshake | MetadataMessage | PeerExchange | { readonly type: 'unknown'; readonly value: Bencoded | null } | { readonly type: 'malformed'; readonly at: number; readonly why: string };

const ACTIONS = ['request', 'data', 'reject'] as const;
export const METADATA = 'ut_metadata';
export const EXCHANGE = 'ut_pex';

/** What a payload (behind the number) says. `name`: what the number means, where that is known; else it is told by the keys. */
export function decodeExtended(id: number, payload: Uint8Array, name: string | null = null): ExtendedMessage {
  const read = decodeBencode(payload);
  if (read.status !== 'complete' || read.value.type !== 'dictionary') {
    // Other extensions need not be bencoded (BEP 10 leaves it to them).
    if (id !== 0 && name !== METADATA && name !== EXCHANGE) return { type: 'unknown', value: read.status === 'complete' ? read.value : null };
    return read.status === 'malformed' ? { type: 'malformed', at: read.at, why: read.why } : { type: 'malformed', at: 0, why: read.status === 'incomplete' ? 'the dictionary is cut off' : 'not a dictionary' };
  }
  const { value } = read;
  if (id === 0) return handshake(value);
  const is = name ?? (value.map.has('msg_type') ? METADATA : value.map.has('added') || value.map.has('dropped') ? EXCHANGE : '');
  if (is === METADATA) return metadata(value, payload.subarray(read.end));
  return is === EXCHANGE ? exchange(value) : { type: 'unknown', value };
}

function handshake(value: Bencoded): ExtendedHandshake {
  const named = entryOf(value, 'm');
  const messages = new Map<string, number>();
  if (named?.type === 'dictionary') {
    for (const [key, id] of named.map) {
      if (messages.size < BITTORRENT_LIMITS.extensions && id.type === 'integer' && typeof id.value === 'number' && id.value >= 0 && id.value < 256) messages.set(key, id.value);
    }
  }
  return { type: 'handshake', messages, client: textAt(value, 'v') ?? '', port: numberAt(value, 'p'), requests: numberAt(value, 'reqq'), metadataSize: numberAt(value, 'metadata_size') };
}

function metadata(value: Bencoded, data: Uint8Array): MetadataMessage {
  return { type: 'metadata', action: ACTIONS[numberAt(value, 'msg_type') ?? -1] ?? 'unknown', piece: numberAt(value, 'piece') ?? 0, totalSize: numberAt(value, 'total_size'), data };
}

function exchange(value: Bencoded): PeerExchange {
  const of = (key: string): PeerAddress[] => {
    const four = decodePeers(bytesAt(value, key) ?? new Uint8Array(0), 'ipv4', BITTORRENT_LIMITS.exchanged);
    return [...four, ...decodePeers(bytesAt(value, `${key}6`) ?? new Uint8Array(0), 'ipv6', BITTORRENT_LIMITS.exchanged - four.length)];
  };
  return { type: 'exchange', added: of('added'), dropped: of('dropped') };
}

/** The payload of an extended handshake; what is null or '' is not said. */
export function encodeExtendedHandshake({ messages, client, port, requests, metadataSize }: Omit<ExtendedHandshake, 'type'>): Uint8Array<ArrayBuffer> {
  const said = new Map<string, BencodeInput>([['m', new Map([...messages])]]);
  if (client !== '') said.set('v', client);
  for (const [key, value] of [['p', port], ['reqq', requests], ['metadata_size', metadataSize]] as const) if (value !== null) said.set(key, value);
  return encodeBencode(said);
}

/** The payload of a metadata message. */
export function encodeMetadata(action: (typeof ACTIONS)[number], piece: number, totalSize: number | null, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const said = new Map<string, BencodeInput>([['msg_type', ACTIONS.indexOf(action)], ['piece', piece]]);
  if (totalSize !== null) said.set('total_size', totalSize);
  return concatBytes(encodeBencode(said), data);
}

/** The payload of a message of peer exchange, for peers of IPv4; none of them with flags. */
export function encodeExchange(added: readonly PeerAddress[], dropped: readonly PeerAddress[]): Uint8Array<ArrayBuffer> {
  return encodeBencode(new Map([['added', encodePeers(added, 'ipv4')], ['added.f', new Uint8Array(added.length)], ['dropped', encodePeers(dropped, 'ipv4')]]));
}
