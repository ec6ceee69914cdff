// Numbers of ICMP and their names (IANA, "Internet Control Message Protocol (ICMP) Parameters").

export const ICMP_TYPE = {
  echoReply: 0, unreachable: 3, quench: 4, redirect: 5, echo: 8, advertisement: 9, solicitation: 10, timeExceeded: 11, parameter: 12, timestamp: 13, timestampReply: 14,
  information: 15, informationReply: 16, mask: 17, maskReply: 18, extendedEcho: 42, extendedReply: 43,
} as const;

export const TYPES: ReadonlyMap<number, string> = new Map([
  [0, 'Echo reply'], [3, 'Destination unreachable'], [4, 'Source quench'], [5, 'Redirect'], [8, 'Echo request'], [9, 'Router advertisement'], [10, 'Router solicitation'],
  [11, 'Time exceeded'], [12, 'Parameter problem'], [13, 'Timestamp request'], [14, 'Timestamp reply'], [15, 'Information request'], [16, 'Information reply'],
  [17, 'Address mask request'], [18, 'Address mask reply'], [30, 'Traceroute'], [42, 'Extended echo request'], [43, 'Extended echo reply'],
]);

/** Names of the codes, by type (RFC 792, RFC 1122 3.2.2.1, RFC 1812 5.2.7.1). */
export const CODES: ReadonlyMap<number, ReadonlyMap<number, string>> = new Map([
  [3, new Map([
    [0, 'Net unreachable'], [1, 'Host unreachable'], [2, 'Protocol unreachable'], [3, 'Port unreachable'], [4, 'Fragmentation needed'], [5, 'Source route failed'], [6, 'Network unknown'],
    [7, 'Host unknown'], [8, 'Source host isolated'], [9, 'Network prohibited'], [10, 'Host prohibited'], [11, 'Network unreachable for this service'],
    [12, 'Host unreachable for this service'], [13, 'Communication prohibited'], [14, 'Precedence violation'], [15, 'Precedence too low'],
  ])],
  [5, new Map([[0, 'For the network'], [1, 'For the host'], [2, 'For the service and network'], [3, 'For the service and host']])],
  [11, new Map([[0, 'Time to live exceeded'], [1, 'Fragment reassembly time exceeded']])],
  [12, new Map([[0, 'Pointer says where'], [1, 'Required option missing'], [2, 'Bad length']])],
]);
