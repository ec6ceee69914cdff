// An HTTP exchange of a capture as its users see it: what was asked and answered, in which packets, and where its time went. Data that can be
// cloned; made by captureExchanges.ts, shown by the command line and the page.

/** What bounds the list of exchanges, in one table, each with what is seen when it is reached. */
export const EXCHANGE_LIMITS = {
  /** Exchanges that are listed; the rest is counted. */
  exchanges: 10_000,
  /** Packets of one connection that are read, and without any HTTP among them; it then counts as not read to its end. */
  packets: 500_000,
  quiet: 2_000,
  /** Characters of texts; what is longer is cut. */
  url: 2_000,
  host: 260,
  method: 40,
  contentType: 200,
} as const;

/** The steps of an exchange, in the order in which they come; 'wait': from the request's last byte to the response's first one. */
export const EXCHANGE_PHASES = ['connect', 'tls', 'send', 'wait', 'receive'] as const;
export type ExchangePhase = (typeof EXCHANGE_PHASES)[number];

/** The packets that brought the first and the last byte of a message, from 0. What TLS seals is there when its record is whole. */
export interface MessagePackets {
  readonly first: number;
  readonly last: number;
}

/** 'cut': the response has no end in the capture; 'reset': its stream was ended early (RFC 9113 6.4). */
export type ExchangeOutcome = 'complete' | 'cut' | 'reset' | 'unanswered';

export interface Exchange {
  readonly flow: number;
  /** tcp.stream, and the stream of HTTP/2 within it. */
  readonly stream: number;
  readonly substream: number | null;
  /** 'HTTP/1.1', 'HTTP/2'. */
  readonly version: string;
  /** It was opened with keys. */
  readonly tls: boolean;
  /** As on the wire: peers choose it. '' where the request is not in the capture. */
  readonly method: string;
  readonly host: string;
  /** Whole where it is known, else the target. */
  readonly url: string;
  /** Null: no response was captured. */
  readonly status: number | null;
  readonly contentType: string;
  /** Bytes of the contents, without the framing of chunks and frames, still in their coding. */
  readonly requestSize: number;
  readonly size: number | null;
  /** Null: not in the capture. */
  readonly request: MessagePackets | null;
  readonly response: MessagePackets | null;
  /** When its first message began: ns since the capture's first packet. */
  readonly start: number;
  /**
   * ns of each step; null: not in the capture, or none. 'connect' from the SYN to the ACK of the SYN-ACK, 'tls' from the client's first record to
   * the end of the handshake: both of the first exchange of a connection only. 'send' ends early where the response begins before the request ended.
   */
  readonly phases: Readonly<Record<ExchangePhase, number | null>>;
  readonly outcome: ExchangeOutcome;
}

export interface ExchangeList {
  /** In the order in which they began. */
  readonly exchanges: readonly Exchange[];
  /** Exchanges beyond the bound. */
  readonly left: number;
  /** Connections that were not read to their ends. */
  readonly unread: number;
}

/** What a filter lets through of a list: exchanges of which it lets a packet through that brought a part of their messages. */
export interface ChosenExchanges extends ExchangeList {
  /** Exchanges that are listed without it. */
  readonly all: number;
}
