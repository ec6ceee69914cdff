// What a tracker knows: for each torrent, who shares it and what it last said (BEP 3, 48). Announces change it, silence does too. How they
// come, over HTTP or UDP, is not its affair.

import { toHex } from '../../../shared/base/bytes';
import type { Random } from '../../../shared/base/random';
import type { PeerAddress } from '../../../shared/codec/bittorrent/peers';
import type { ScrapedTorrent } from '../../../shared/codec/btTracker/message';
import { formatEndpoint } from '../../../shared/trace/endpoint';
import type { Endpoint } from '../../../shared/trace/event';
import { BT_LIMITS } from './limits';
import { isLoopback, isPort } from './loopback';

export interface Announcing {
  readonly infoHash: Uint8Array;
  readonly peerId: Uint8Array;
  readonly port: number;
  readonly left: number;
  readonly event: '' | 'started' | 'stopped' | 'completed';
  /** Peers that are wanted; null: the usual number. */
  readonly want: number | null;
  /** The address that it gives as its own; '': the one that it speaks from. */
  readonly claims: string;
  /** It speaks from another machine, by a door of a share; `from` is its address there. */
  readonly outside?: boolean;
}

export interface KnownPeer extends PeerAddress {
  readonly id: Uint8Array;
  readonly seeds: boolean;
  /** ms of its last announce. */
  readonly heard: number;
  readonly outside: boolean;
}

export interface Told {
  readonly seeders: number;
  readonly leechers: number;
  readonly peers: readonly KnownPeer[];
}

interface Known {
  /** By 'address:port'. */
  readonly peers: Map<string, KnownPeer>;
  completed: number;
}

export interface BookOptions {
  /** Torrents that it serves, by info hash; null: all that are announced. */
  readonly torrents: readonly Uint8Array[] | null;
  /** ms without an announce, then a peer is forgotten. */
  readonly expiry: number;
  readonly random: Random;
  /** Where other machines reach one of our peers; null: they do not. Left out: they reach none. */
  readonly reached?: (peer: Endpoint) => Endpoint | null;
  /** Told of each peer that is forgotten, whoever made the book look at the clock. */
  readonly forgotten?: (peer: KnownPeer) => void;
}

export class TrackerBook {
  private readonly torrents = new Map<string, Known>();
  private readonly allowed: ReadonlySet<string> | null;

  constructor(private readonly options: BookOptions) {
    this.allowed = options.torrents === null ? null : new Set(options.torrents.map((hash) => toHex(hash)));
  }

  /** `from`: the address that the announce came from. A text: why it is refused. `now` in ms. */
  announce(from: string, announcing: Announcing, now: number): Told | string {
    const { infoHash, peerId, port, left, event, claims, outside = false } = announcing;
    if (!outside && !isLoopback(from)) return 'this tracker is for loopback addresses (127.0.0.0/8) only';
    if (claims !== '' && claims !== from) return 'this tracker takes only the address that an announce comes from';
    if (!isPort(port)) return 'port is no port';
    const torrent = this.torrent(toHex(infoHash));
    if (torrent === null) return 'this tracker does not know the torrent';
    this.expire(now);
    const key = formatEndpoint({ address: from, port });
    const before = torrent.peers.get(key);
    if (event === 'stopped') torrent.peers.delete(key);
    else if (before === undefined && torrent.peers.size >= BT_LIMITS.peersPerTorrent) return 'this tracker has no room for more peers';
    else torrent.peers.set(key, { address: from, port, id: peerId.slice(), seeds: left === 0, heard: now, outside });
    if (event === 'completed' && before?.seeds === false) torrent.completed++;
    const want = event === 'stopped' ? 0 : Math.min(announcing.want ?? BT_LIMITS.wanted.usual, BT_LIMITS.wanted.most);
    return { ...numbersOf(torrent), peers: this.some(torrent, key, left === 0, want, outside) };
  }

  /** By info hash; null for a torrent that it does not know. */
  scrape(infoHash: Uint8Array, now: number): ScrapedTorrent | null {
    this.expire(now);
    const torrent = this.torrents.get(toHex(infoHash));
    return torrent === undefined ? null : { ...numbersOf(torrent), completed: torrent.completed };
  }

  /** The info hashes that it knows, in hexadecimal. */
  get known(): readonly string[] {
    return [...this.torrents.keys()];
  }

  /** Forgets who has not announced for long; who that was. */
  expire(now: number): readonly KnownPeer[] {
    const gone: KnownPeer[] = [];
    for (const { peers } of this.torrents.values()) {
      for (const [key, peer] of peers) {
        if (now - peer.heard <= this.options.expiry) continue;
        peers.delete(key);
        gone.push(peer);
        this.options.forgotten?.(peer);
      }
    }
    return gone;
  }

  private torrent(hash: string): Known | null {
    const known = this.torrents.get(hash);
    if (known !== undefined) return known;
    if (this.allowed?.has(hash) === false || this.torrents.size >= BT_LIMITS.torrents) return null;
    const fresh: Known = { peers: new Map(), completed: 0 };
    this.torrents.set(hash, fresh);
    return fresh;
  }

  /** By chance, but not the asker, and no seeders for a seeder. */
  private some(torrent: Known, asker: string, seeds: boolean, want: number, outside: boolean): KnownPeer[] {
    const others = [...torrent.peers].filter(([key, peer]) => key !== asker && !(seeds && peer.seeds)).flatMap(([, peer]) => this.seen(peer, outside));
    const chosen: KnownPeer[] = [];
    while (chosen.length < want && others.length > 0) chosen.push(...others.splice(this.options.random.below(others.length), 1));
    return chosen;
  }

  /** A peer as the asker can reach it. Ours dial nobody outside: those dial in. Outside, ours are where their doors are. */
  private seen(peer: KnownPeer, outside: boolean): KnownPeer[] {
    if (peer.outside) return outside ? [peer] : [];
    if (!outside) return [peer];
    const door = this.options.reached?.(peer) ?? null;
    return door === null ? [] : [{ ...peer, ...door }];
  }
}

function numbersOf({ peers }: Known): { seeders: number; leechers: number } {
  const seeders = [...peers.values()].filter(({ seeds }) => seeds).length;
  return { seeders, leechers: peers.size - seeders };
}
