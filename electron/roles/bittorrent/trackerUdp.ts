// The tracker over UDP (BEP 15): a connection id first, which proves the address that a datagram says it comes from, then announce and
// scrape. It keeps nothing of who asked: ids are made from the address and the time, with a secret.

import { createHmac, randomBytes } from 'node:crypto';
import { decodeTracker, encodeTracker, EVENTS, type AnnounceRequest, type ScrapedTorrent, type TrackerMessage } from '../../../shared/codec/btTracker/message';
import { formatEndpoint } from '../../../shared/trace/endpoint';
import type { Endpoint } from '../../../shared/trace/event';
import type { Doors } from '../lab';
import { BT_LIMITS } from './limits';
import type { TrackerBook } from './trackerBook';

/** A datagram cut off here is none that a client sends: a scrape of 74 torrents has 1496 bytes. */
export const LONGEST = 2048;
/** Peers that an answer has at the most, so that it fits one Ethernet frame. */
const MOST_PEERS = Math.floor((1472 - 20) / 6);

export class UdpTracker {
  private readonly secret = randomBytes(32);

  /** `doors`: by which others may come in from the LAN. */
  constructor(private readonly book: TrackerBook, private readonly interval: number, private readonly doors?: Doors) {}

  /** The answer to one datagram; null: none is given. `now` in ms. Never throws. */
  answer(bytes: Uint8Array, from: Endpoint, now: number): Uint8Array | null {
    const message = decodeTracker(bytes, { way: 'request' });
    if ('status' in message) return null; // not even a transaction to answer to
    const reply = this.reply(message, from, now);
    return reply === null ? null : encodeTracker(reply);
  }

  private reply(message: TrackerMessage, from: Endpoint, now: number): TrackerMessage | null {
    const { transaction } = message;
    if (message.type === 'connectRequest') return { type: 'connectResponse', transaction, connection: this.connectionId(from, now, 0) };
    if (message.type !== 'announceRequest' && message.type !== 'scrapeRequest') return null;
    if (message.connection !== this.connectionId(from, now, 0) && message.connection !== this.connectionId(from, now, 1)) {
      return { type: 'error', transaction, message: 'the connection id is unknown or too old' };
    }
    if (message.type === 'announceRequest') return this.announced(message, from, now);
    const torrents = message.infoHashes.slice(0, BT_LIMITS.scraped).map((hash): ScrapedTorrent => this.book.scrape(hash, now) ?? { seeders: 0, completed: 0, leechers: 0 });
    return { type: 'scrapeResponse', transaction, torrents };
  }

  private announced(message: AnnounceRequest, from: Endpoint, now: number): TrackerMessage {
    const { transaction, infoHash, peerId, port, address, want } = message;
    const event = EVENTS[message.event] ?? 'none';
    const outside = this.doors?.comesFrom('udp', from) ?? null;
    const told = this.book.announce((outside ?? from).address, {
      infoHash, peerId, port, left: Number(message.left), event: event === 'none' ? '' : event,
      want: Math.min(want < 0 ? BT_LIMITS.wanted.usual : want, MOST_PEERS), claims: address === '0.0.0.0' ? '' : address, outside: outside !== null,
    }, now);
    if (typeof told === 'string') return { type: 'error', transaction, message: told };
    return { type: 'announceResponse', transaction, interval: this.interval, leechers: told.leechers, seeders: told.seeders, family: 'ipv4', peers: told.peers };
  }

  /** `ago`: 0 for the id of this span of time, 1 for that of the one before. */
  private connectionId(from: Endpoint, now: number, ago: number): bigint {
    const span = Math.floor(now / BT_LIMITS.connectionId) - ago;
    return createHmac('sha256', this.secret).update(`${formatEndpoint(from)} ${span}`).digest().readBigUInt64BE();
  }
}
