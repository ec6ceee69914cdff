// The bounds of the DNS roles in one table: nothing that a peer sends makes them grow, wait or ask without end.

export const DNS_LIMITS = {
  /** Aliases that one lookup follows. */
  aliases: 8,
  /** Lookups within lookups, for addresses of name servers. */
  depth: 6,
  /** Queries that one question of a client may cost, those of the lookups within it too. */
  queries: 40,
  /** Servers of one zone that are tried, and rounds through all of them. */
  servers: 8,
  rounds: 3,
  /** Milliseconds: the first wait for an answer (doubled each round), a whole TCP exchange, one question of a client. */
  wait: 250,
  tcp: 2000,
  lookup: 8000,
  /** Entries of a cache; then the one that was not used for longest goes. */
  cacheEntries: 10_000,
  /** Seconds that an answer is kept at the most: a week, as most resolvers do; "there is none": RFC 2308 5; a failure: RFC 9520 3.2. */
  cacheTtl: 604_800,
  negativeTtl: 10_800,
  failureTtl: 1,
  /** Servers whose speed and failures a resolver remembers. */
  remembered: 1000,
  /** Clients that a resolver works for at once; more are answered SERVFAIL. */
  lookups: 1000,
  /** Datagrams that are not the awaited answer: so many are looked at, then the query is given up (RFC 5452 9.1 asks for such a bound). */
  forged: 200,
  /** Answers that a server keeps ready, made. */
  readyAnswers: 4096,
  /** Bytes of a datagram that our programs take and send (RFC 6891 6.2.5), and without EDNS (RFC 1035 4.2.1). */
  udpSize: 4096,
  plainUdp: 512,
  /** TCP (RFC 7766 6.2): connections of a server, answers that one connection waits for, bytes that it has not read, ms without a message. */
  connections: 256,
  pipelined: 100,
  unread: 256 * 1024,
  idle: 5000,
} as const;
