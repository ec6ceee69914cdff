// Numbers and times of TCP compared. Sequence numbers go round: what comes before what (RFC 9293 3.4), for numbers that lie less than 2^31 apart.

export const before = (left: number, right: number): boolean => ((left - right) | 0) < 0;

export const after = (left: number, right: number): boolean => ((left - right) | 0) > 0;

export const notAfter = (left: number, right: number): boolean => ((left - right) | 0) <= 0;

/** Within this time after the last duplicate ACK a segment that it asked for is a fast retransmission. */
export const FAST_NS = 20_000_000;
/** A segment this soon after a later one is late, not sent again, while no round-trip time is known. */
export const OUT_OF_ORDER_NS = 3_000_000;

/** False too when time went backwards. */
export const within = (elapsed: number, limit: number): boolean => elapsed >= 0 && elapsed < limit;
