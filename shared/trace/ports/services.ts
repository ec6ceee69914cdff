// Port numbers as IANA keeps them: the three ranges (RFC 6335 6) and services that a course meets. Numbers and names only: what a program
// really speaks on a port is up to it.

export type PortRange = 'system' | 'user' | 'dynamic';

/** RFC 6335 6. */
export const PORT_RANGES: readonly { readonly id: PortRange; readonly low: number; readonly high: number }[] = [
  { id: 'system', low: 0, high: 1023 },
  { id: 'user', low: 1024, high: 49_151 },
  { id: 'dynamic', low: 49_152, high: 65_535 },
];

export function rangeOf(port: number): PortRange {
  return PORT_RANGES.find(({ high }) => port <= high)?.id ?? 'dynamic';
}

export interface Service {
  readonly port: number;
  /** IANA's service name. */
  readonly name: string;
  readonly transports: readonly ('tcp' | 'udp')[];
}

const TCP = ['tcp'] as const;
const UDP = ['udp'] as const;
const BOTH = ['tcp', 'udp'] as const;

/** IANA, Service Name and Transport Protocol Port Number Registry: some of the system ports, with the transport that they are used over. */
export const SERVICES: readonly Service[] = [
  { port: 7, name: 'echo', transports: BOTH },
  { port: 13, name: 'daytime', transports: BOTH },
  { port: 20, name: 'ftp-data', transports: TCP },
  { port: 21, name: 'ftp', transports: TCP },
  { port: 22, name: 'ssh', transports: TCP },
  { port: 23, name: 'telnet', transports: TCP },
  { port: 25, name: 'smtp', transports: TCP },
  { port: 37, name: 'time', transports: BOTH },
  { port: 53, name: 'domain', transports: BOTH },
  { port: 67, name: 'bootps', transports: UDP },
  { port: 68, name: 'bootpc', transports: UDP },
  { port: 69, name: 'tftp', transports: UDP },
  { port: 80, name: 'http', transports: TCP },
  { port: 110, name: 'pop3', transports: TCP },
  { port: 123, name: 'ntp', transports: UDP },
  { port: 143, name: 'imap', transports: TCP },
  { port: 161, name: 'snmp', transports: UDP },
  { port: 179, name: 'bgp', transports: TCP },
  { port: 389, name: 'ldap', transports: TCP },
  { port: 443, name: 'https', transports: BOTH },
  { port: 465, name: 'submissions', transports: TCP },
  { port: 514, name: 'syslog', transports: UDP },
  { port: 587, name: 'submission', transports: TCP },
  { port: 853, name: 'domain-s', transports: BOTH },
  { port: 993, name: 'imaps', transports: TCP },
  { port: 995, name: 'pop3s', transports: TCP },
];
