// Numbers of ICMPv6 and neighbour discovery and their names (IANA, "Internet Control Message Protocol version 6 (ICMPv6) Parameters").

export const ICMPV6_TYPE = {
  unreachable: 1, tooBig: 2, timeExceeded: 3, parameter: 4, echo: 128, echoReply: 129, query: 130, report: 131, done: 132, routerSolicitation: 133, routerAdvertisement: 134,
  neighborSolicitation: 135, neighborAdvertisement: 136, redirect: 137, report2: 143, extendedEcho: 160, extendedReply: 161,
} as const;

export const TYPES: ReadonlyMap<number, string> = new Map([
  [1, 'Destination unreachable'], [2, 'Packet too big'], [3, 'Time exceeded'], [4, 'Parameter problem'], [128, 'Echo request'], [129, 'Echo reply'],
  [130, 'Multicast listener query'], [131, 'Multicast listener report'], [132, 'Multicast listener done'], [133, 'Router solicitation'], [134, 'Router advertisement'],
  [135, 'Neighbor solicitation'], [136, 'Neighbor advertisement'], [137, 'Redirect'], [138, 'Router renumbering'], [139, 'Node information query'],
  [140, 'Node information response'], [143, 'Multicast listener report, version 2'], [155, 'RPL control'], [160, 'Extended echo request'], [161, 'Extended echo reply'],
]);

/** Names of the codes, by type (RFC 4443 section 3). */
export const CODES: ReadonlyMap<number, ReadonlyMap<number, string>> = new Map([
  [1, new Map([
    [0, 'No route'], [1, 'Administratively prohibited'], [2, 'Beyond the scope of the source'], [3, 'Address unreachable'], [4, 'Port unreachable'], [5, 'Source address refused'],
    [6, 'Route rejected'],
  ])],
  [3, new Map([[0, 'Hop limit exceeded'], [1, 'Fragment reassembly time exceeded']])],
  [4, new Map([[0, 'Erroneous header field'], [1, 'Unknown next header'], [2, 'Unknown option'], [3, 'First fragment has not all headers']])],
]);

export const OPTION = { source: 1, target: 2, prefix: 3, redirected: 4, mtu: 5, interval: 7, homeAgent: 8, nonce: 14, route: 24, rdnss: 25, dnssl: 31, captive: 37, pref64: 38 } as const;

export const OPTIONS: ReadonlyMap<number, string> = new Map([
  [1, 'Source link-layer address'], [2, 'Target link-layer address'], [3, 'Prefix information'], [4, 'Redirected header'], [5, 'MTU'], [7, 'Advertisement interval'], [8, 'Home agent'], [14, 'Nonce'],
  [24, 'Route information'], [25, 'Recursive DNS servers'], [31, 'DNS search list'], [37, 'Captive portal'], [38, 'NAT64 prefix'],
]);

/** RFC 4191 section 2.1. */
export const PREFERENCES: ReadonlyMap<number, string> = new Map([[0, 'medium'], [1, 'high'], [2, 'reserved'], [3, 'low']]);

/** RFC 3810 section 5.2.12. */
export const RECORDS: ReadonlyMap<number, string> = new Map([[1, 'is include'], [2, 'is exclude'], [3, 'change to include'], [4, 'change to exclude'], [5, 'allow new sources'], [6, 'block old sources']]);
