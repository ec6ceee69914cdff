// One DNS message, from bytes and to bytes (RFC 1035 4.1): the plain and fast way that servers and resolvers use. No trees, no layers;
// the codec and the trees of the inspector are built on the same functions. Lengths of TCP are the codec's.

import { CODEC_LIMITS } from '../limits';
import { isWithin, sameName } from './name';
import { readData, writeData } from './rdata';
import { ednsTtl, recordType, type DnsFlags, type DnsHeader, type DnsMessage, type DnsQuestion, type DnsRecord } from './records';
import { WireFault, WireReader, wireFault } from './wireReader';
import { FullError, MESSAGE_LIMIT, WireWriter } from './wireWriter';

export const HEADER_LENGTH = 12;

/** Why bytes are no message. */
export interface DnsFailure {
  /** English, for developers. */
  readonly error: string;
  readonly at: number;
  /** Bytes that must be there to tell more; 0 when more would not help. */
  readonly need: number;
  /** Twelve bytes were there: what to answer FORMERR with (RFC 1035 4.1.1). A response is never answered. */
  readonly header: DnsHeader | null;
}

/** Bits of the second word (RFC 1035 4.1.1). */
export const flagsOf = (word: number): DnsFlags => ({
  qr: (word & 0x8000) !== 0, opcode: (word >>> 11) & 15, aa: (word & 0x0400) !== 0, tc: (word & 0x0200) !== 0, rd: (word & 0x0100) !== 0, ra: (word & 0x0080) !== 0,
  z: (word & 0x0040) !== 0, ad: (word & 0x0020) !== 0, cd: (word & 0x0010) !== 0, rcode: word & 15,
});

/** The second word; of the opcode and the rcode the lower four bits. */
export const flagsWord = (flags: DnsFlags): number =>
  (flags.qr ? 0x8000 : 0) | ((flags.opcode & 15) << 11) | (flags.aa ? 0x0400 : 0) | (flags.tc ? 0x0200 : 0) | (flags.rd ? 0x0100 : 0) | (flags.ra ? 0x0080 : 0) |
  (flags.z ? 0x0040 : 0) | (flags.ad ? 0x0020 : 0) | (flags.cd ? 0x0010 : 0) | (flags.rcode & 15);

/** The message that fills the bytes, or why they are none; bytes behind it are a fault. Never throws. */
export function decodeMessage(bytes: Uint8Array): DnsMessage | DnsFailure {
  const read = decodePrefix(bytes);
  if ('error' in read) return read;
  if (read.end < bytes.length) return { error: `${bytes.length - read.end} bytes behind the message`, at: read.end, need: 0, header: read.message };
  return read.message;
}

/** The message at the beginning of the bytes and where it ends. Never throws. */
export function decodePrefix(bytes: Uint8Array): { readonly message: DnsMessage; readonly end: number } | DnsFailure {
  const reader = new WireReader(bytes);
  let header: DnsHeader | null = null;
  try {
    reader.require(HEADER_LENGTH);
    const id = reader.uint16();
    const flags = flagsOf(reader.uint16());
    header = { id, flags };
    const counts = [reader.uint16(), reader.uint16(), reader.uint16(), reader.uint16()] as const;
    if (counts[0] + counts[1] + counts[2] + counts[3] > CODEC_LIMITS.dnsRecords) throw wireFault(4, `more than ${CODEC_LIMITS.dnsRecords} records`);
    const questions = list(counts[0], () => readQuestion(reader));
    const answers = list(counts[1], () => readRecord(reader));
    const authorities = list(counts[2], () => readRecord(reader));
    const additionals = list(counts[3], () => readRecord(reader));
    return { message: { id, flags, questions, answers, authorities, additionals }, end: reader.at };
  } catch (fault) {
    if (!(fault instanceof WireFault)) throw fault;
    return { error: fault.why, at: fault.at, need: fault.need, header };
  }
}

function list<T>(count: number, read: () => T): T[] {
  const items: T[] = [];
  for (let i = 0; i < count; i++) items.push(read());
  return items;
}

function readQuestion(reader: WireReader): DnsQuestion {
  return { name: reader.name(), type: reader.uint16(), class: reader.uint16() };
}

function readRecord(reader: WireReader): DnsRecord {
  const name = reader.name();
  const type = reader.uint16();
  const class_ = reader.uint16();
  const ttl = reader.uint32();
  const length = reader.uint16();
  const data = reader.data(length, () => readData(reader, type, class_, ttl));
  return { name, class: class_, ttl, data };
}

/** The message as bytes, names compressed. Throws RangeError or TypeError for what has no bytes (a name over 255 bytes, a bad address). */
export function encodeMessage(message: DnsMessage): Uint8Array<ArrayBuffer> {
  const writer = new WireWriter();
  writeHeader(writer, message);
  for (const question of message.questions) writeQuestion(writer, question);
  for (const section of [message.answers, message.authorities, message.additionals]) for (const record of section) writeRecord(writer, record);
  return writer.result();
}

/**
 * The message in at most `limit` bytes (RFC 2181 9). Records that do not fit are left out whole, the additional ones first. The TC bit
 * is set when an answer or an authority is missing, or an address that a referral needs (RFC 9471 3); the OPT record stays.
 */
export function encodeWithin(message: DnsMessage, limit: number): Uint8Array<ArrayBuffer> {
  const opts = message.additionals.filter(({ data }) => data.type === 'OPT');
  const reserved = sizeOf(opts);
  const writer = new WireWriter(Math.max(HEADER_LENGTH, Math.min(limit, MESSAGE_LIMIT) - reserved));
  writeHeader(writer, message);
  const questions = fitting(writer, message.questions, writeQuestion);
  const whole = questions === message.questions.length;
  const answers = whole ? fitting(writer, message.answers, writeRecord) : 0;
  const all = whole && answers === message.answers.length;
  const authorities = all ? fitting(writer, message.authorities, writeRecord) : 0;
  const both = all && authorities === message.authorities.length;
  const extra = message.additionals.filter(({ data }) => data.type !== 'OPT');
  const { count, lost } = both ? additional(writer, extra) : { count: 0, lost: [] };
  writer.limit += reserved;
  for (const opt of opts) writeRecord(writer, opt);
  const truncated = !both || lost.some((record) => isNeeded(record, message));
  writer.patch16(2, flagsWord({ ...message.flags, tc: message.flags.tc || truncated }));
  [questions, answers, authorities, count + opts.length].forEach((number, i) => writer.patch16(4 + i * 2, number));
  return writer.result();
}

/** Bytes of the records outside a message: compression may make them fewer. */
function sizeOf(records: readonly DnsRecord[]): number {
  const writer = new WireWriter();
  for (const record of records) writeRecord(writer, record);
  return writer.at;
}

/** Writes as many as fit, in order; how many those were. */
function fitting<T>(writer: WireWriter, items: readonly T[], write: (writer: WireWriter, item: T) => void): number {
  for (const [count, item] of items.entries()) if (!attempt(writer, () => write(writer, item))) return count;
  return items.length;
}

/** Sets of one name and type are there whole or not at all (RFC 2181 9). */
function additional(writer: WireWriter, records: readonly DnsRecord[]): { readonly count: number; readonly lost: readonly DnsRecord[] } {
  let count = 0;
  const lost: DnsRecord[] = [];
  for (let at = 0; at < records.length;) {
    const first = records[at];
    if (first === undefined) break;
    let end = at + 1;
    while (end < records.length && inSet(records[end], first)) end++;
    const set = records.slice(at, end);
    if (attempt(writer, () => set.forEach((record) => writeRecord(writer, record)))) count += set.length;
    else lost.push(...set);
    at = end;
  }
  return { count, lost };
}

const inSet = (record: DnsRecord | undefined, first: DnsRecord): boolean =>
  record !== undefined && sameName(record.name, first.name) && recordType(record.data) === recordType(first.data);

/** Writes, or takes back what was written when it does not fit. */
function attempt(writer: WireWriter, write: () => void): boolean {
  const mark = writer.mark();
  try {
    write();
    return true;
  } catch (fault) {
    if (!(fault instanceof FullError)) throw fault;
    writer.rewind(mark);
    return false;
  }
}

/** An address of a name server that lies inside the zone that it serves: without it nobody finds the zone (RFC 9471 3.1). */
const isNeeded = (record: DnsRecord, message: DnsMessage): boolean => (record.data.type === 'A' || record.data.type === 'AAAA') &&
  message.authorities.some(({ name, data }) => data.type === 'NS' && sameName(data.target, record.name) && isWithin(data.target, name));

function writeHeader(writer: WireWriter, message: DnsMessage): void {
  writer.uint16(message.id);
  writer.uint16(flagsWord(message.flags));
  for (const section of [message.questions, message.answers, message.authorities, message.additionals]) writer.uint16(section.length);
}

function writeQuestion(writer: WireWriter, question: DnsQuestion): void {
  writer.name(question.name);
  writer.uint16(question.type);
  writer.uint16(question.class);
}

function writeRecord(writer: WireWriter, { name, class: class_, ttl, data }: DnsRecord): void {
  writer.name(name);
  writer.uint16(recordType(data));
  writer.uint16(data.type === 'OPT' ? data.udpSize : class_);
  writer.uint32(data.type === 'OPT' ? ednsTtl(data) : ttl);
  writeData(writer, data);
}
