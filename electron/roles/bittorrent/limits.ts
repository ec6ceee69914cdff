// The bounds of the BitTorrent roles in one table: nothing that a peer, a tracker or a torrent says makes them grow, wait or send without
// end. Times are in ms, sizes in bytes.

export const BT_LIMITS = {
  /** A torrent: its file, and what it describes. A peer keeps the file that it shares in memory. */
  torrentBytes: 1024 * 1024,
  fileBytes: 256 * 1024 * 1024,
  pieceBytes: { least: 16, most: 4 * 1024 * 1024 },
  pieces: 50_000,
  nameLength: 200,
  /** A block as everyone asks for it, and the longest that is answered (BEP 3: "2^14", larger ones close the connection). */
  block: 16 * 1024,
  /** Requests of one peer that wait to be answered; more are a flood. Told to it as `reqq` (BEP 10). */
  queuedRequests: 250,
  /** Requests of ours that wait for their blocks, on one connection; the least and the most. */
  pipeline: { least: 2, most: 16 },
  /** In the end game: peers of whom the same block is asked. */
  endGameCopies: 3,
  /** Bytes of messages (not blocks) that a peer has not read; more: it is not reading. */
  unsent: 256 * 1024,
  /** A peer's messages that achieve nothing: so many at once, so many more each second (`nuisance` in connection.ts). */
  useless: { burst: 400, perSecond: 40 },
  /** Connections of a peer, handshakes that wait among them, and the addresses that it remembers to dial. */
  connections: 60,
  handshakes: 20,
  candidates: 500,
  /** Peers that it will have nothing to do with again. */
  banned: 1000,
  /** Connections whose names it remembers when they are over. */
  remembered: 1000,
  /** Pieces with a bad hash, before the peer that they came from is cut. */
  badPieces: 2,
  /** Waiting: for a handshake; for any message (BEP 3: keep-alives come "generally once every two minutes"); before ours is sent. */
  handshake: 5000,
  silence: 150_000,
  keepAlive: 60_000,
  /** For the last messages of a connection that ends in peace. */
  farewell: 1000,
  /** Before an endpoint is dialled again: doubled with each failure, up to the most. */
  redial: { least: 1000, most: 30_000 },
  /** A tracker: what it remembers and gives. */
  torrents: 100,
  peersPerTorrent: 2000,
  wanted: { usual: 50, most: 200 },
  scraped: 70,
  trackerAnswer: 64 * 1024,
  /** An answer of a tracker is waited for so long; BEP 15 asks for 15 s and doubles it, on loopback less will do. */
  trackerWait: 2000,
  trackerTries: 3,
  /** A connection id of a UDP tracker holds so long (BEP 15: two minutes; a client may use it for one). */
  connectionId: 60_000,
} as const;
