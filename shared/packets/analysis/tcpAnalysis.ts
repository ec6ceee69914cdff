// What the analysis of TCP says of a packet: bits of the `analysis` column by Wireshark's field names. What each means: tcpAnalyser.ts.

export const TCP_ANALYSIS = {
  /** Set for the fast and the spurious ones too, as Wireshark's field is. */
  'tcp.analysis.retransmission': 0x0001,
  'tcp.analysis.fast_retransmission': 0x0002,
  'tcp.analysis.spurious_retransmission': 0x0004,
  'tcp.analysis.out_of_order': 0x0008,
  'tcp.analysis.duplicate_ack': 0x0010,
  'tcp.analysis.lost_segment': 0x0020,
  'tcp.analysis.ack_lost_segment': 0x0040,
  'tcp.analysis.keep_alive': 0x0080,
  'tcp.analysis.keep_alive_ack': 0x0100,
  'tcp.analysis.zero_window': 0x0200,
  'tcp.analysis.zero_window_probe': 0x0400,
  'tcp.analysis.zero_window_probe_ack': 0x0800,
  'tcp.analysis.window_update': 0x1000,
  'tcp.analysis.window_full': 0x2000,
  'tcp.analysis.reused_ports': 0x4000,
} as const;

export type TcpAnalysisField = keyof typeof TCP_ANALYSIS;

/** Those that Wireshark gives the severity of a warning; the others are notes. */
export const ANALYSIS_WARNINGS: readonly TcpAnalysisField[] = ['tcp.analysis.out_of_order', 'tcp.analysis.lost_segment', 'tcp.analysis.ack_lost_segment', 'tcp.analysis.zero_window', 'tcp.analysis.window_full'];

/** The fields of a packet's bits. */
export const analysisFields = (bits: number): readonly TcpAnalysisField[] => (bits === 0 ? NO_FIELDS : FIELDS.filter((field) => (bits & TCP_ANALYSIS[field]) !== 0));
const FIELDS = Object.keys(TCP_ANALYSIS) as readonly TcpAnalysisField[];
const NO_FIELDS: readonly TcpAnalysisField[] = [];

/** From one packet to another, exact however long: seconds and, either way, nanoseconds beside them. */
export type Span = readonly [seconds: number, nanos: number];

/** What analysis says of one packet beyond its bits. Packet numbers count from 0, times without a span are ns. Null: Wireshark would show no such field. */
export interface TcpNumbers {
  readonly bits: number;
  /** Its ACK is of what was not captured, or its bytes follow others that are under way: Wireshark has an analysis of it, be there something to tell or not. */
  readonly looked: boolean;
  /** tcp.seq, tcp.ack (null without ACK flag), tcp.nxtseq: relative to where the flow began. */
  readonly sequence: number;
  readonly acknowledgment: number | null;
  /** Null: a first fragment, whose segment has an unknown length. */
  readonly nextSequence: number | null;
  /** tcp.window_size: what the window field means in bytes. */
  readonly windowSize: number;
  /** tcp.window_size_scalefactor: -1 unknown, -2 none is used; null in a SYN, which is never scaled. */
  readonly scaleFactor: number | null;
  /** tcp.analysis.acks_frame and ack_rtt. */
  readonly acksFrame: number | null;
  readonly ackRtt: Span | null;
  /** tcp.analysis.initial_rtt: from SYN to the first ACK after it. */
  readonly initialRtt: number | null;
  readonly bytesInFlight: number | null;
  readonly pushBytesSent: number | null;
  readonly duplicateAckNumber: number | null;
  readonly duplicateAckFrame: number | null;
  readonly rto: Span | null;
  readonly rtoFrame: number | null;
  /** tcp.completeness as far as the packets before it: SYN 1, SYN+ACK 2, ACK 4, data 8, FIN 16, RST 32. */
  readonly completeness: number;
  /** tcp.time_relative, tcp.time_delta: since the flow's first and its previous packet. */
  readonly timeRelative: Span;
  readonly timeDelta: Span;
  /** Whether this end closes first or after the other; null: the segment has no FIN. */
  readonly closes: 'first' | 'after' | null;
  /** Three flags are one counter of congestion marks (RFC 9768 3.2): both ends agreed on it, and this is no SYN. */
  readonly accurateEcn: boolean;
}
