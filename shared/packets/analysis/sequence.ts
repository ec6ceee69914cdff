// TCP's sequence numbers go round: what comes before what (RFC 9293 3.4), for numbers that lie less than 2^31 apart.

export const before = (left: number, right: number): boolean => ((left - right) | 0) < 0;

export const after = (left: number, right: number): boolean => ((left - right) | 0) > 0;

export const notAfter = (left: number, right: number): boolean => ((left - right) | 0) <= 0;
