// Records and messages of the DNS as values (RFC 1035 4.1). What decoding gives, servers compose and encoding takes. Names are text
// with their last dot ('www.example.test.'); types and classes of questions are numbers, named by types.ts.

import { DNS_CLASS, DNS_TYPE } from './types';

/** The data of a record, by type; 'other' keeps the bytes of what is not known (RFC 3597). */
export type RecordData =
  | { readonly type: 'A' | 'AAAA'; readonly address: string }
  | { readonly type: 'NS' | 'CNAME' | 'PTR' | 'DNAME'; readonly target: string }
  | { readonly type: 'MX'; readonly preference: number; readonly exchange: string }
  | SoaData
  /** Character strings of up to 255 bytes each (RFC 1035 3.3.14). */
  | { readonly type: 'TXT'; readonly strings: readonly Uint8Array[] }
  | { readonly type: 'SRV'; readonly priority: number; readonly weight: number; readonly port: number; readonly target: string }
  /** RFC 8659 4.1. Bit 7 of the flags: critical. */
  | { readonly type: 'CAA'; readonly flags: number; readonly tag: string; readonly value: Uint8Array }
  /** RFC 9460 2.2. Priority 0: an alias. */
  | { readonly type: 'SVCB' | 'HTTPS'; readonly priority: number; readonly target: string; readonly params: readonly SvcParam[] }
  | EdnsData
  | { readonly type: 'other'; readonly code: number; readonly data: Uint8Array };

/** RFC 1035 3.3.13. Times in seconds; `minimum` is the TTL of negative answers (RFC 2308 4). */
export interface SoaData {
  readonly type: 'SOA';
  readonly mname: string;
  readonly rname: string;
  readonly serial: number;
  readonly refresh: number;
  readonly retry: number;
  readonly expire: number;
  readonly minimum: number;
}

export interface SvcParam {
  readonly key: number;
  readonly value: Uint8Array;
}

export interface EdnsOption {
  readonly code: number;
  readonly data: Uint8Array;
}

/** The OPT pseudo record (RFC 6891 6.1): its class and TTL hold these fields, so those of the record are not read when it is encoded. */
export interface EdnsData {
  readonly type: 'OPT';
  /** Bytes that the sender can take in a datagram. */
  readonly udpSize: number;
  /** The upper eight bits of the response code. */
  readonly extendedRcode: number;
  readonly version: number;
  /** DO: the sender takes DNSSEC's records. */
  readonly dnssecOk: boolean;
  /** The other fifteen bits. */
  readonly z: number;
  readonly options: readonly EdnsOption[];
}

export interface DnsQuestion {
  readonly name: string;
  readonly type: number;
  readonly class: number;
}

export interface DnsRecord {
  readonly name: string;
  readonly class: number;
  /** Seconds. */
  readonly ttl: number;
  readonly data: RecordData;
}

/** RFC 1035 4.1.1; ad and cd RFC 2535 6.1. */
export interface DnsFlags {
  /** True: a response. */
  readonly qr: boolean;
  readonly opcode: number;
  readonly aa: boolean;
  readonly tc: boolean;
  readonly rd: boolean;
  readonly ra: boolean;
  readonly z: boolean;
  readonly ad: boolean;
  readonly cd: boolean;
  /** The lower four bits; the others are in the OPT record: fullRcode joins them. */
  readonly rcode: number;
}

export interface DnsHeader {
  readonly id: number;
  readonly flags: DnsFlags;
}

export interface DnsMessage extends DnsHeader {
  readonly questions: readonly DnsQuestion[];
  readonly answers: readonly DnsRecord[];
  readonly authorities: readonly DnsRecord[];
  readonly additionals: readonly DnsRecord[];
}

/** Flags of a plain query that asks for no recursion. */
export const NO_FLAGS: DnsFlags = { qr: false, opcode: 0, aa: false, tc: false, rd: false, ra: false, z: false, ad: false, cd: false, rcode: 0 };

/** The number of a record's type. */
export const recordType = (data: RecordData): number => (data.type === 'other' ? data.code : DNS_TYPE[data.type]);

/** The message's OPT record, null when it has none. More than one is a format error (RFC 6891 6.1.1): countEdns says so. */
export function ednsOf(message: DnsMessage): EdnsData | null {
  for (const { data } of message.additionals) if (data.type === 'OPT') return data;
  return null;
}

export const countEdns = (message: DnsMessage): number => message.additionals.reduce((count, { data }) => (data.type === 'OPT' ? count + 1 : count), 0);

/** An OPT record for the additional section. */
export function ednsRecord(edns: Partial<Omit<EdnsData, 'type'>> & Pick<EdnsData, 'udpSize'>): DnsRecord {
  const data: EdnsData = { type: 'OPT', extendedRcode: 0, version: 0, dnssecOk: false, z: 0, options: [], ...edns };
  return { name: '.', class: data.udpSize, ttl: ednsTtl(data), data };
}

/** The 32 bits where other records have their TTL (RFC 6891 6.1.3). */
export const ednsTtl = (edns: EdnsData): number => (((edns.extendedRcode << 24) | (edns.version << 16) | (edns.dnssecOk ? 0x8000 : 0) | edns.z) >>> 0);

/** All twelve bits of the response code (RFC 6891 6.1.3). */
export const fullRcode = (message: DnsMessage): number => ((ednsOf(message)?.extendedRcode ?? 0) << 4) | message.flags.rcode;

/** A query for one name. */
export function queryFor(id: number, name: string, type: number, options: { readonly rd?: boolean; readonly edns?: DnsRecord } = {}): DnsMessage {
  return {
    id, flags: { ...NO_FLAGS, rd: options.rd ?? false }, questions: [{ name, type, class: DNS_CLASS.IN }], answers: [], authorities: [],
    additionals: options.edns === undefined ? [] : [options.edns],
  };
}
