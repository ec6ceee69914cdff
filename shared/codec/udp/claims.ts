// What a datagram claims to carry: who is known by the port that it goes to comes before who is known by that which it comes from.

import type { Claim } from '../codec';

export const udpClaims = (source: number, destination: number): readonly Claim[] => [`udp.port:${destination}`, `udp.port:${source}`];
