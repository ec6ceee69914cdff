// The bounds of dissection across packets, in one table, each with what is seen when it is reached.

export const DISSECTION_LIMITS = {
  /** Bytes of one message that are put together; what follows is shown as data of its segments. */
  message: 4 * 1024 * 1024,
  /** Bytes of a message that may be read again and again while it grows; then it is data. */
  reread: 32 * 1024 * 1024,
  /** Bytes that one compressed message of a WebSocket grows to, and those of one direction together: beyond, they stay as they were sent. */
  inflated: 4 * 1024 * 1024,
  inflatedAll: 64 * 1024 * 1024,
  /** Messages of one packet that have trees; the rest is one layer of data. */
  messages: 200,
  /** Fields of one packet's trees (quality: 10,000), all layers together. */
  treeItems: 10_000,
  /** Segments that a message names. */
  segments: 4096,
  /** Exchanges of one HTTP/2 connection that are remembered; older ones are not linked any more. */
  exchanges: 4096,
  /** Streams within streams: TLS in CONNECT in TLS. */
  levels: 4,
  /** Bytes that are looked at to tell a stream's protocol. */
  recognize: 4096,
  /** Packets of a flow that are read again when one in its middle is asked for; earlier ones count as not captured. Where nobody waits for one packet, all are. */
  replayPackets: 8192,
  /** Packets of a flow that are read ahead to tell where a message ends or is answered. */
  lookAhead: 256,
  /** Packets with requests that are remembered of a flow that is read further: of earlier ones it is not told where they are answered. */
  requestsAhead: 65_536,
  /** Flows whose state is kept; while whole flows are read, of those that go on. */
  flows: 4096,
  flowsInOrder: 32_768,
  /** Packets whose outcome is kept; where packets are read ahead, so that several flows find theirs again. */
  outcomes: 1024,
  outcomesAhead: 16_384,
  /** Bytes that the kept outcomes may hold. */
  outcomeBytes: 32 * 1024 * 1024,
  /** Packets of a flow between a DNS question and its answer, and packets of the capture. */
  questions: 64,
  questionRows: 200_000,
  /** Messages of DNS that are read again before one of their flow that is asked for. */
  dnsMessages: 1024,
  /** Fragments that are read again before one that is asked for, packets of the capture that are looked through for them, and datagrams that are kept. */
  fragments: 4096,
  fragmentRows: 100_000,
  /** Fragments that are read ahead to tell where a datagram becomes whole. */
  fragmentsAhead: 256,
  datagrams: 64,
  /** ARP packets that are compared, and addresses that are remembered; later ones contradict nobody. */
  arpPackets: 100_000,
  arpAddresses: 65_536,
  /** Messages of ICMP that are read again before one that is asked for, and read ahead to tell what answers it; echoes that are remembered. */
  echoes: 4096,
  echoesAhead: 16_384,
  echoesKept: 65_536,
} as const;
