// What programs say of their own decisions, for what no socket shows: a cache that answered, a step of a lookup, an element that the
// parser met. The JSON text of `role.noted`; read back by parseNote. Names and numbers only: views have the words.

import { record } from './foldHosts';

export type Note =
  /** A resolver begins to look up `name` for a client ('' for itself); `lookup` numbers its lookups from 1. */
  | { readonly topic: 'dns.lookup'; readonly lookup: number; readonly name: string; readonly type: string; readonly client: string }
  /** It is about to ask `server` (address:port), which it takes for a server of `zone`; `attempt` from 1; `id` of the query. */
  | { readonly topic: 'dns.ask'; readonly lookup: number; readonly name: string; readonly type: string; readonly zone: string; readonly server: string; readonly attempt: number; readonly id: number; readonly transport: 'udp' | 'tcp' }
  /** What came of that: a referral to `zone`, an answer, ... */
  | { readonly topic: 'dns.told'; readonly lookup: number; readonly how: 'referral' | 'answer' | 'cname' | 'nodata' | 'nxdomain' | 'truncated' | 'servfail' | 'refused' | 'timeout' | 'lame'; readonly zone: string }
  /** The lookup is over: its rcode by name ('NOERROR'), from the cache or not. */
  | { readonly topic: 'dns.done'; readonly lookup: number; readonly rcode: string; readonly cached: boolean }
  /** The cache of a resolver or a client; `ttl` in seconds that remain, `key` 'www.example.test A'. */
  | { readonly topic: 'dns.cache'; readonly what: 'hit' | 'negative' | 'miss' | 'stored' | 'expired' | 'flushed'; readonly key: string; readonly ttl: number; readonly data: string }
  /** A datagram that claims to be an answer was not taken: why. */
  | { readonly topic: 'dns.ignored'; readonly why: 'id' | 'port' | 'address' | 'question' | 'malformed' | 'out-of-bailiwick'; readonly from: string; readonly name: string }
  /** The lab's clock was wound on by so many seconds. */
  | { readonly topic: 'clock.wound'; readonly seconds: number }
  /** The cache of a browser, a client or a shared cache; `age` and `lifetime` in seconds. */
  | { readonly topic: 'http.cache'; readonly what: 'hit' | 'miss' | 'stale' | 'revalidated' | 'stored' | 'uncacheable' | 'bypass'; readonly url: string; readonly age: number; readonly lifetime: number; readonly etag: string }
  /** The browser begins to visit `url`: what was typed. */
  | { readonly topic: 'page.visit'; readonly url: string }
  /** Its parser met an element that names another object, after `offset` bytes of the page. */
  | { readonly topic: 'page.met'; readonly element: 'link' | 'script' | 'img'; readonly url: string; readonly offset: number }
  /** An object of the page is whole. */
  | { readonly topic: 'page.loaded'; readonly url: string; readonly type: string; readonly size: number; readonly from: 'network' | 'cache' }
  /** Everything that the page names is there. */
  | { readonly topic: 'page.done'; readonly url: string; readonly objects: number }
  /** Cookies that a client keeps or sends back. */
  | { readonly topic: 'http.cookie'; readonly what: 'stored' | 'sent' | 'expired'; readonly name: string; readonly value: string }
  /** A peer of a swarm asks `from` for `piece` from now on; `copies`: how many of the peers that it knows have it. Peers are named by the other end of the connection, 'address:port'. */
  | { readonly topic: 'bt.chose'; readonly piece: number; readonly from: string; readonly why: PieceWhy; readonly copies: number }
  /** A piece has come whole and its hash is right: the peer has `have` of `of` now, this one from these peers. */
  | { readonly topic: 'bt.have'; readonly piece: number; readonly have: number; readonly of: number; readonly from: readonly string[] }
  /** A piece has come whole and its hash is wrong. */
  | { readonly topic: 'bt.bad'; readonly piece: number; readonly from: readonly string[] }
  /** It gives `peer` an upload slot or takes it back; `rate`: what it gets from that peer (or gives it, when it seeds), bytes a second. */
  | { readonly topic: 'bt.choke'; readonly peer: string; readonly what: 'choke' | 'unchoke'; readonly why: ChokeWhy; readonly rate: number }
  /** `peer` lets it wait for what it asked (true), or gives again. */
  | { readonly topic: 'bt.snub'; readonly peer: string; readonly snubbed: boolean }
  /** It ended the connection with `peer`, or will have none. */
  | { readonly topic: 'bt.cut'; readonly peer: string; readonly why: CutWhy }
  /** It has the whole file, after so many ms. */
  | { readonly topic: 'bt.done'; readonly pieces: number; readonly ms: number };

/** By the strategy; the first one by chance; one that somebody else began; one that others are asked for too, at the end. */
export type PieceWhy = 'rarest' | 'random' | 'sequential' | 'first' | 'started' | 'endgame';

/** Among the best; by chance; a slot was free; others are better; it let us wait; it wants nothing. */
export type ChokeWhy = 'rate' | 'optimistic' | 'free' | 'slower' | 'snubbed' | 'uninterested';

export type CutWhy =
  /** No address of the loopback interface. */
  | 'not-loopback'
  | 'bad-handshake'
  | 'handshake-timeout'
  | 'wrong-torrent'
  /** Pieces with a bad hash came from it. */
  | 'bad-hash'
  /** A message, bitfield or block of a length that it cannot have. */
  | 'bad-length'
  | 'bad-piece'
  | 'bad-request'
  | 'flood'
  | 'not-reading'
  | 'silent'
  /** It was cut for cause before. */
  | 'banned'
  /** No fault of the peer: no room; the peer itself; connected twice; both have everything. */
  | 'full'
  | 'self'
  | 'twice'
  | 'both-seed';

export type NoteTopic = Note['topic'];

/** The note of a fact's text; null when it is none that we know. Only the topic is checked: fields are read with care. */
export function parseNote(text: string): Note | null {
  const said = record(text);
  return typeof said['topic'] === 'string' ? (said as unknown as Note) : null;
}
