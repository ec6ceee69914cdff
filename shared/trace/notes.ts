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
  | { readonly topic: 'bt.done'; readonly pieces: number; readonly ms: number }
  /** What a lab tells of a peer when it starts: where it listens ('address:port'), the file's bytes and pieces, those that it begins with, its links in bytes a second (0: no cap). */
  | { readonly topic: 'bt.peer'; readonly listens: string; readonly size: number; readonly pieces: number; readonly pieceLength: number; readonly have: number; readonly up: number; readonly down: number; readonly strategy: 'rarest' | 'random' | 'sequential' }
  /** One file begins to go to `receivers` at once. Rates in bytes a second: the server's (first seed's) up-link, each receiver's up- and down-link. */
  | { readonly topic: 'dist.begin'; readonly way: DistributionWay; readonly receivers: number; readonly size: number; readonly serverUp: number; readonly peerUp: number; readonly peerDown: number }
  /** A receiver has the whole file, `ms` after the beginning. */
  | { readonly topic: 'dist.received'; readonly way: DistributionWay; readonly receivers: number; readonly receiver: string; readonly ms: number }
  /** All have it: the distribution time. `why`: what the trace says kept it above the formula, in ms; each at most once. */
  | { readonly topic: 'dist.end'; readonly way: DistributionWay; readonly receivers: number; readonly ms: number; readonly why: readonly { readonly cause: DistributionCause; readonly ms: number }[] }
  /** A client of a service begins request `number` to `to` ('address:port'). */
  | { readonly topic: 'service.asked'; readonly number: number; readonly to: string }
  /** How it ended for the client, `ms` later; `by`: the server that says it answered ('' when none did); `status`: of HTTP, 0 when there was none. */
  | { readonly topic: 'service.ended'; readonly number: number; readonly to: string; readonly how: ServiceOutcome; readonly by: string; readonly status: number; readonly ms: number }
  /** A client goes over to another address because of how the last one ended. */
  | { readonly topic: 'service.failover'; readonly from: string; readonly to: string; readonly why: ServiceOutcome }
  /** A server of a service: from now on it takes and answers nothing ('hangs'), resets whoever asks, or answers again. */
  | { readonly topic: 'service.state'; readonly what: 'hangs' | 'resets' | 'answers' }
  /** A balancer sends a client's connection or request to `server` (its role's id); `open`: what that server has to do now, this one counted. */
  | { readonly topic: 'lb.chose'; readonly server: string; readonly client: string; readonly why: 'round-robin' | 'least-connections' | 'retry' | 'only'; readonly open: number }
  /** No server was left to choose. */
  | { readonly topic: 'lb.none'; readonly client: string }
  /** A health check (or a failed try) changed what it thinks of `server`. */
  | { readonly topic: 'lb.health'; readonly server: string; readonly what: 'up' | 'down'; readonly why: 'answered' | 'refused' | 'reset' | 'timeout' | 'status'; readonly failures: number }
  /** `server` gets no new clients from now on; those that it has stay ('begun', 'ended': they are done; 'over': it takes new ones again). */
  | { readonly topic: 'lb.drain'; readonly server: string; readonly what: 'begun' | 'ended' | 'over'; readonly open: number }
  /** A directory's entry: who can be reached where ('address:port'); `age` ms since it was last heard of. */
  | { readonly topic: 'dir.entry'; readonly what: 'registered' | 'refreshed' | 'left' | 'expired' | 'found' | 'absent'; readonly name: string; readonly at: string; readonly age: number }
  /** Somebody's own address book (what it learned from the directory or from a peer that called) answers, or turns out stale. */
  | { readonly topic: 'book.entry'; readonly what: 'learned' | 'used' | 'stale'; readonly name: string; readonly at: string; readonly from: 'directory' | 'peer' }
  /** So many clients begin to ask a server of that model, each `requests` times with `think` ms between them; the server works `work` ms on each. */
  | { readonly topic: 'model.begin'; readonly model: ServerModel; readonly clients: number; readonly requests: number; readonly think: number; readonly work: number }
  /** All of them are done. */
  | { readonly topic: 'model.end'; readonly model: ServerModel; readonly ms: number }
  /** What the system says of a server's processes, all together: resident memory in bytes, threads, processes, connections that are open. */
  | { readonly topic: 'process.sampled'; readonly memory: number; readonly threads: number; readonly processes: number; readonly open: number }
  /** Bytes of the largest IP packet that a link takes, as the system tells it: its MTU. */
  | { readonly topic: 'link.mtu'; readonly link: string; readonly mtu: number }
  /** The range from which this system chooses ports when a program asks for none in particular; both 0: it does not tell. */
  | { readonly topic: 'ports.range'; readonly low: number; readonly high: number }
  /** Which program of the user, not of the lab, has the socket at an end, as the system names it. */
  | { readonly topic: 'process.named'; readonly protocol: 'tcp' | 'udp'; readonly address: string; readonly port: number; readonly pid: number; readonly name: string }
  /** Which program this is, by the name of its file: 'client_select.py'. */
  | { readonly topic: 'program.runs'; readonly name: string }
  /** A program gives message `number` to its socket, `size` bytes with its marks; `by`: how it marks the end ('lf', 'length' ...). */
  | { readonly topic: 'message.sent'; readonly number: number; readonly size: number; readonly by: string }
  /** A program takes bytes `start` up to `end` of what came `from` there `at` here ('address:port') for message `number`; `by` 'one-recv': for what one recv() returned. */
  | { readonly topic: 'message.taken'; readonly number: number; readonly start: number; readonly end: number; readonly by: string; readonly from: string; readonly at: string }
  /** A message from person to person: said to, or heard from. `number` counts those of a pair of people. */
  | { readonly topic: 'chat.message'; readonly what: 'said' | 'heard' | 'undelivered'; readonly with: string; readonly number: number; readonly text: string };

/** How a server has several clients. */
export type ServerModel = 'iterative' | 'threads' | 'processes' | 'multiplexed';

/** From one server to all, or by all to all. */
export type DistributionWay = 'server' | 'swarm';

/** Connecting, handshakes and the tracker; the last pieces, when few have something to give; choked though capacity was there; protocol overhead; the rest. */
export type DistributionCause = 'start-up' | 'last-piece' | 'choking' | 'overhead' | 'machine';

/** 'slow': answered, but later than the client finds good. 'error': a status of 500 and above. 'cut': the connection ended in the middle of the answer. */
export type ServiceOutcome = 'ok' | 'slow' | 'refused' | 'reset' | 'timeout' | 'error' | 'cut';

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
