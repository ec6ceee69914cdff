// What a relay may do to the bytes that pass it, honest by layer: a TCP relay delays, narrows, stalls and cuts streams; a UDP relay
// loses, delays, doubles, reorders and corrupts datagrams. Data that may cross IPC; the relays are in electron/runtime/relay.

/** What was done, as the text of `fault.applied`. */
export type FaultKind = 'delay' | 'bandwidth' | 'stall' | 'cut' | 'reset' | 'loss' | 'duplicate' | 'reorder' | 'corrupt';

/** Of a TCP relay; each holds for both directions. */
export interface TcpFaults {
  /** One-way delay, ms; half of the round trip that it adds. */
  readonly delay: number;
  /** More delay, ms, evenly spread from 0 to this; order is kept, as TCP keeps it. */
  readonly jitter: number;
  /** Bytes a second, shared by all connections of the relay; 0: no bound. */
  readonly bandwidth: number;
  /** Nothing passes while this holds. */
  readonly stalled: boolean;
  /** After so many bytes from the server the connection is cut: both ends get an orderly end ('cut') or a reset; 0: never. */
  readonly cutAfter: number;
  readonly resetAfter: number;
}

/** Of a UDP relay; probabilities are in per cent, each datagram is drawn for anew from the seed. */
export interface UdpFaults {
  readonly loss: number;
  readonly duplicate: number;
  /** Held back until another datagram of its direction has passed it, or 50 ms. */
  readonly reorder: number;
  /** One bit flipped; the checksum is right again, for the relay sends anew: what no checksum finds. */
  readonly corrupt: number;
  /** ms, one way. */
  readonly delay: number;
  readonly jitter: number;
}

export const NO_TCP_FAULTS: TcpFaults = { delay: 0, jitter: 0, bandwidth: 0, stalled: false, cutAfter: 0, resetAfter: 0 };
export const NO_UDP_FAULTS: UdpFaults = { loss: 0, duplicate: 0, reorder: 0, corrupt: 0, delay: 0, jitter: 0 };
