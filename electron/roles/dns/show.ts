// Records and names as the DNS programs print and note them: short, on one line, names without their last dot.

import { never } from '../../../shared/base/assert';
import { previewBytes } from '../../../shared/trace/preview';
import { parseName, reverseName } from '../../../shared/codec/dns/name';
import type { DnsRecord, RecordData } from '../../../shared/codec/dns/records';
import { DNS_TYPE, typeNumber } from '../../../shared/codec/dns/types';

/** Strings of a TXT record are shown up to so many signs. */
const SHOWN = 40;

/** 'www.example.test' for 'www.example.test.'; the root is '.'. */
export const shortName = (name: string): string => (name === '.' ? name : name.slice(0, -1));

/** The data of a record: '127.0.60.2', '10 mail.example.test', '“v=spf1 -all”'. */
export function dataText(data: RecordData): string {
  switch (data.type) {
    case 'A': case 'AAAA': return data.address;
    case 'NS': case 'CNAME': case 'PTR': case 'DNAME': return shortName(data.target);
    case 'MX': return `${data.preference} ${shortName(data.exchange)}`;
    case 'SOA': return `${shortName(data.mname)} ${shortName(data.rname)} ${data.serial} ${data.refresh} ${data.retry} ${data.expire} ${data.minimum}`;
    case 'TXT': return data.strings.length === 1 ? stringText(data.strings[0]) : `${data.strings.length} strings, ${stringText(data.strings[0])}, …`;
    case 'SRV': return `${data.priority} ${data.weight} ${data.port} ${shortName(data.target)}`;
    case 'CAA': return `${data.flags} ${data.tag} ${stringText(data.value)}`;
    case 'SVCB': case 'HTTPS': return `${data.priority} ${shortName(data.target)}`;
    case 'OPT': return `udp ${data.udpSize}`;
    case 'other': return `${data.data.length} B`;
    default: return never(data);
  }
}

const stringText = (bytes: Uint8Array | undefined): string => previewBytes(bytes ?? new Uint8Array(0), SHOWN);

/** What a program shows of an answer: '-> www.example.test, 127.0.60.2'. */
export const recordsText = (records: readonly DnsRecord[]): string => records.map(({ data }) => (data.type === 'CNAME' ? `-> ${dataText(data)}` : dataText(data))).join(', ');

/**
 * What people type as a name and a type: an address with PTR becomes its reverse name (RFC 1035 3.5). Null when it is no name.
 */
export function questionOf(text: string, type: string): { readonly name: string; readonly type: number } | null {
  const number = typeNumber(type);
  if (number === null) return null;
  const name = number === DNS_TYPE.PTR && /^\d{1,3}(\.\d{1,3}){3}$/.test(text) ? reverseName(Uint8Array.from(text.split('.'), Number)) : parseName(text.trim());
  return name === null ? null : { name, type: number };
}
