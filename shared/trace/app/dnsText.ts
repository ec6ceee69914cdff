// DNS records and what an answer amounts to, in words of master files (RFC 1035 5.1) and of the RFCs: for summaries and lists.

import { never } from '../../base/assert';
import { ROOT, sameName } from '../../codec/dns/name';
import { fullRcode, recordType, type DnsMessage, type DnsRecord, type RecordData } from '../../codec/dns/records';
import { dataText, recordText as recordLine } from '../../codec/dns/text';
import { DNS_TYPE, rcodeText, typeText } from '../../codec/dns/types';
import { previewText } from '../preview';
import type { DnsExchange } from './appStory';

/** Characters of a record and of its data, and records named in a summary. */
const LINE = 1024;
const DATA = 160;
const NAMED = 3;

/** Without the last dot; the root is '.'. */
export const plainName = (name: string): string => (name !== ROOT && name.endsWith('.') && !name.endsWith('\\.') ? name.slice(0, -1) : name);

/** 'www.example.test. 300 IN A 127.0.40.1', cut where nobody reads on. */
export const recordText = (record: DnsRecord): string => previewText(recordLine(record), LINE);

/** 'A www.example.test'; '' without a question. */
export function questionText(message: DnsMessage): string {
  const question = message.questions[0];
  return question === undefined ? '' : `${typeText(question.type)} ${plainName(question.name)}`;
}

type Result = Exclude<DnsExchange['result'], 'none'>;

/** What the answer is (RFC 1034 4.3.2, RFC 2308 2). */
export function resultOf(message: DnsMessage): Result {
  const rcode = rcodeText(fullRcode(message));
  if (message.flags.tc) return 'truncated';
  if (rcode === 'NXDOMAIN') return 'nxdomain';
  if (rcode !== 'NOERROR') return 'error';
  const asked = message.questions[0]?.type;
  const types = message.answers.map((record) => recordType(record.data));
  if (types.length > 0) {
    const onlyAliases = types.every((type) => type === DNS_TYPE.CNAME || type === DNS_TYPE.DNAME);
    return onlyAliases && asked !== DNS_TYPE.CNAME && asked !== DNS_TYPE.DNAME && asked !== DNS_TYPE.ANY ? 'cname' : 'answer';
  }
  const has = (type: number): boolean => message.authorities.some((record) => recordType(record.data) === type);
  return has(DNS_TYPE.NS) && !has(DNS_TYPE.SOA) ? 'referral' : 'nodata';
}

/** 'A www.example.test: 127.0.40.1', ': referral to test', ': NXDOMAIN', ': no data', ': truncated'. */
export function answerText(message: DnsMessage): string {
  const said = saidBy(message, resultOf(message));
  const question = questionText(message);
  return question === '' ? said : `${question}: ${said}`;
}

function saidBy(message: DnsMessage, result: Result): string {
  switch (result) {
    case 'answer':
    case 'cname': return named(message);
    case 'referral': return `referral to ${plainName(message.authorities.find(({ data }) => data.type === 'NS')?.name ?? ROOT)}`;
    case 'nodata': return 'no data';
    case 'truncated': return 'truncated';
    case 'nxdomain':
    case 'error': return rcodeText(fullRcode(message));
    default: return never(result);
  }
}

/** The data of its first answers; aliases with their type. */
function named(message: DnsMessage): string {
  const asked = message.questions[0]?.type;
  const shown = message.answers.slice(0, NAMED).map(({ data }) => (recordType(data) === asked ? trimmed(data) : `${typeText(recordType(data))} ${trimmed(data)}`));
  return `${shown.join(', ')}${message.answers.length > NAMED ? ', …' : ''}`;
}

const trimmed = (data: RecordData): string => previewText('target' in data ? plainName(data.target) : dataText(data), DATA);

/** The addresses that an answer gives. */
export function addressesOf(message: DnsMessage): string[] {
  const found: string[] = [];
  for (const { data } of message.answers) if (data.type === 'A' || data.type === 'AAAA') found.push(data.address);
  return found;
}

/** True when the answer repeats the question, or has none (an error may: RFC 1035 4.1.1). */
export function answersTo(query: DnsMessage, answer: DnsMessage): boolean {
  const asked = query.questions[0];
  const told = answer.questions[0];
  if (asked === undefined || told === undefined) return true;
  return asked.type === told.type && asked.class === told.class && sameName(asked.name, told.name);
}
