// Numbers of the DNS and their names, both ways: types, classes, opcodes, response codes (IANA, "Domain Name System Parameters").
// Numbers without a name are written as RFC 3597 5 says: TYPE731, CLASS32.

/** Types of records and of questions (RFC 1035 3.2.2, 3.2.3 and those that came later). */
export const DNS_TYPE = {
  A: 1, NS: 2, CNAME: 5, SOA: 6, PTR: 12, HINFO: 13, MX: 15, TXT: 16, RP: 17, AFSDB: 18, KEY: 25, AAAA: 28, LOC: 29, SRV: 33, NAPTR: 35, CERT: 37, DNAME: 39, OPT: 41,
  DS: 43, SSHFP: 44, RRSIG: 46, NSEC: 47, DNSKEY: 48, NSEC3: 50, NSEC3PARAM: 51, TLSA: 52, CDS: 59, CDNSKEY: 60, OPENPGPKEY: 61, CSYNC: 62, ZONEMD: 63, SVCB: 64,
  HTTPS: 65, SPF: 99, TKEY: 249, TSIG: 250, IXFR: 251, AXFR: 252, ANY: 255, URI: 256, CAA: 257,
} as const;

export const DNS_CLASS = { IN: 1, CH: 3, HS: 4, NONE: 254, ANY: 255 } as const;

/** RFC 1035 4.1.1, RFC 1996, RFC 2136, RFC 8490. */
export const OPCODE = { QUERY: 0, IQUERY: 1, STATUS: 2, NOTIFY: 4, UPDATE: 5, DSO: 6 } as const;

/** RFC 1035 4.1.1, RFC 2136 2.2; from 16 on with the upper bits in an OPT record (RFC 6891 6.1.3). */
export const RCODE = {
  NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5, YXDOMAIN: 6, YXRRSET: 7, NXRRSET: 8, NOTAUTH: 9, NOTZONE: 10, DSOTYPENI: 11, BADVERS: 16,
  BADKEY: 17, BADTIME: 18, BADMODE: 19, BADNAME: 20, BADALG: 21, BADTRUNC: 22, BADCOOKIE: 23,
} as const;

/** Options of EDNS (IANA, "DNS EDNS0 Option Codes"). */
export const EDNS_OPTION: ReadonlyMap<number, string> = new Map([
  [3, 'NSID'], [5, 'DAU'], [6, 'DHU'], [7, 'N3U'], [8, 'Client subnet'], [9, 'Expire'], [10, 'Cookie'], [11, 'TCP keepalive'], [12, 'Padding'], [13, 'Chain'], [14, 'Key tag'], [15, 'Extended DNS error'],
]);

/** Keys of SVCB parameters (RFC 9460 14.3.2, RFC 9461, RFC 9540). */
export const SVC_KEY: ReadonlyMap<number, string> = new Map([
  [0, 'mandatory'], [1, 'alpn'], [2, 'no-default-alpn'], [3, 'port'], [4, 'ipv4hint'], [5, 'ech'], [6, 'ipv6hint'], [7, 'dohpath'], [8, 'ohttp'],
]);

const backwards = (table: Readonly<Record<string, number>>): ReadonlyMap<number, string> => new Map(Object.entries(table).map(([name, number]) => [number, name]));
const forwards = (table: Readonly<Record<string, number>>): ReadonlyMap<string, number> => new Map(Object.entries(table));

const TYPES = backwards(DNS_TYPE);
const TYPE_NUMBERS = forwards(DNS_TYPE);
const CLASSES = backwards(DNS_CLASS);
const CLASS_NUMBERS = forwards(DNS_CLASS);
const OPCODES = backwards(OPCODE);
const RCODES = backwards(RCODE);
const RCODE_NUMBERS = forwards(RCODE);

/** 'A', 'TYPE731'. */
export const typeText = (type: number): string => TYPES.get(type) ?? `TYPE${type}`;
/** 'IN', 'CLASS32'. */
export const classText = (class_: number): string => CLASSES.get(class_) ?? `CLASS${class_}`;
/** 'QUERY', 'OPCODE9'. */
export const opcodeText = (opcode: number): string => OPCODES.get(opcode) ?? `OPCODE${opcode}`;
/** 'NXDOMAIN', 'RCODE14'. */
export const rcodeText = (rcode: number): string => RCODES.get(rcode) ?? `RCODE${rcode}`;

function numbered(text: string, names: ReadonlyMap<string, number>, prefix: string): number | null {
  const upper = text.toUpperCase();
  const named = names.get(upper);
  if (named !== undefined) return named;
  if (!upper.startsWith(prefix) || !/^\d{1,5}$/.test(upper.slice(prefix.length))) return null;
  const number = Number(upper.slice(prefix.length));
  return number <= 0xffff ? number : null;
}

/** The number of 'a', 'A' or 'TYPE1'; null: no such type. */
export const typeNumber = (text: string): number | null => numbered(text, TYPE_NUMBERS, 'TYPE');
/** The number of 'in', 'IN' or 'CLASS1'; null: no such class. */
export const classNumber = (text: string): number | null => numbered(text, CLASS_NUMBERS, 'CLASS');
/** The number of 'NXDOMAIN'; null: no such code. */
export const rcodeNumber = (text: string): number | null => numbered(text, RCODE_NUMBERS, 'RCODE');
