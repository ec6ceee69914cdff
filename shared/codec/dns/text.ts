// Records as lines of a zone file (RFC 1035 5.1): 'www.example.test. 300 IN A 127.0.40.1'. For views, logs and the zone editor; the way
// back from text is zoneText.ts. Data of unknown types is written as RFC 3597 5 says.

import { never } from '../../base/assert';
import { readUint, toHex } from '../../base/bytes';
import { ipv4Text, ipv6Text } from '../address';
import type { DnsQuestion, DnsRecord, RecordData, SvcParam } from './records';
import { recordType } from './records';
import { classText, SVC_KEY, typeText } from './types';

/** 'www.example.test. 300 IN A 127.0.40.1'. */
export function recordText(record: DnsRecord): string {
  const { name, ttl, data } = record;
  if (data.type === 'OPT') return `; EDNS version ${data.version}, ${data.udpSize} B${data.dnssecOk ? ', DO' : ''}`;
  return `${name} ${ttl} ${classText(record.class)} ${typeText(recordType(data))} ${dataText(data)}`;
}

/** 'www.example.test. IN A'. */
export const questionText = (question: DnsQuestion): string => `${question.name} ${classText(question.class)} ${typeText(question.type)}`;

/** The data alone: '10 mail.example.test.'. */
export function dataText(data: RecordData): string {
  switch (data.type) {
    case 'A':
    case 'AAAA': return data.address;
    case 'NS':
    case 'CNAME':
    case 'PTR':
    case 'DNAME': return data.target;
    case 'MX': return `${data.preference} ${data.exchange}`;
    case 'SOA': return [data.mname, data.rname, data.serial, data.refresh, data.retry, data.expire, data.minimum].join(' ');
    case 'TXT': return data.strings.map(quoted).join(' ');
    case 'SRV': return `${data.priority} ${data.weight} ${data.port} ${data.target}`;
    case 'CAA': return `${data.flags} ${data.tag} ${quoted(data.value)}`;
    case 'SVCB':
    case 'HTTPS': return [data.priority, data.target, ...data.params.map(paramText)].join(' ');
    case 'OPT': return data.options.map(({ code, data: bytes }) => `${code}:${toHex(bytes)}`).join(' ');
    case 'other': return data.data.length === 0 ? '\\# 0' : `\\# ${data.data.length} ${toHex(data.data)}`;
    default: return never(data);
  }
}

/** A character string between quotation marks (RFC 1035 5.1). */
export function quoted(bytes: Uint8Array): string {
  return `"${Array.from(bytes, (byte) => {
    if (byte === 0x22 || byte === 0x5c) return `\\${String.fromCharCode(byte)}`;
    return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\${byte.toString().padStart(3, '0')}`;
  }).join('')}"`;
}

/** RFC 9460 2.1: 'alpn=h2,h3', 'port=443'; a value that is none of its key's is written as bytes: 'key3="1"'. */
function paramText({ key, value }: SvcParam): string {
  const list = SVC_LISTS.get(key)?.(value);
  if (list !== undefined) return list === null || list.length === 0 ? bytesText(`key${key}`, value) : `${SVC_KEY.get(key) ?? ''}=${list.join(',')}`;
  return bytesText(SVC_KEY.get(key) ?? `key${key}`, value);
}

const bytesText = (name: string, value: Uint8Array): string => (value.length === 0 ? name : `${name}=${quoted(value)}`);

/** Keys whose values are written as lists; null: the value is no such list. */
const SVC_LISTS: ReadonlyMap<number, (value: Uint8Array) => readonly string[] | null> = new Map<number, (value: Uint8Array) => readonly string[] | null>([
  [0, (value) => (value.length % 2 === 0 ? pieces(value, 2).map((key) => SVC_KEY.get(readUint(key, 0, 2)) ?? `key${readUint(key, 0, 2)}`) : null)],
  [1, alpnList],
  [3, (value) => (value.length === 2 ? [`${readUint(value, 0, 2)}`] : null)],
  [4, (value) => (value.length % 4 === 0 ? pieces(value, 4).map(ipv4Text) : null)],
  [6, (value) => (value.length % 16 === 0 ? pieces(value, 16).map(ipv6Text) : null)],
]);

const pieces = (bytes: Uint8Array, size: number): Uint8Array[] => Array.from({ length: bytes.length / size }, (_, i) => bytes.subarray(i * size, (i + 1) * size));

/** Names of protocols, each behind its length; null when one is not plain or the list is broken. */
function alpnList(value: Uint8Array): string[] | null {
  const names: string[] = [];
  for (let at = 0; at < value.length;) {
    const length = value[at] ?? 0;
    const name = String.fromCharCode(...value.subarray(at + 1, at + 1 + length));
    if (length === 0 || name.length !== length || !/^[\w./-]+$/.test(name)) return null;
    names.push(name);
    at += 1 + length;
  }
  return names;
}
