// Zone files (RFC 1035 5): text in, records out, with each fault's line and reason. The zone editor and the servers read their zones so.
// $ORIGIN, $TTL (RFC 2308 4), parentheses, comments, '@' and left out names; $INCLUDE is refused, because no file is ever read.

import { parseName } from './name';
import type { DnsRecord } from './records';
import { classNumber, DNS_CLASS, typeNumber } from './types';
import { ParseFault, readRecordData, seconds } from './zoneData';
import { logicalLines, type LogicalLine, type Word, type ZoneFault } from './zoneLines';

export interface ZoneError {
  /** From 1. */
  readonly line: number;
  readonly reason: ZoneFault;
  /** The words that it is about, as written. */
  readonly detail: string;
}

export interface ZoneOptions {
  /** What names without a last dot lie below. Left out: the root. */
  readonly origin?: string;
  /** TTL of records that give none, in seconds. Left out: $TTL or the record before must say it. */
  readonly ttl?: number;
}

export interface ParsedZone {
  readonly records: readonly DnsRecord[];
  readonly errors: readonly ZoneError[];
  /** Line (from 1) of each record. */
  readonly lines: readonly number[];
}

/** Records and faults of one zone; never more than so many, so that a pasted book does not stop the app. */
export const ZONE_LIMITS = { characters: 1_000_000, records: 20_000, errors: 100 } as const;

interface State {
  origin: string;
  /** Of $TTL, of the options. */
  ttl: number | null;
  lastTtl: number | null;
  lastName: string | null;
}

/** All records that are right and all that is wrong. Never throws. */
export function parseZone(text: string, options: ZoneOptions = {}): ParsedZone {
  const state: State = { origin: options.origin ?? '.', ttl: options.ttl ?? null, lastTtl: null, lastName: null };
  const records: DnsRecord[] = [];
  const lines: number[] = [];
  const errors: ZoneError[] = [];
  if (text.length > ZONE_LIMITS.characters) return { records, lines, errors: [{ line: 1, reason: 'too-much', detail: '' }] };
  for (const line of logicalLines(text)) {
    if (records.length >= ZONE_LIMITS.records || errors.length >= ZONE_LIMITS.errors) {
      errors.push({ line: line.number, reason: 'too-much', detail: '' });
      break;
    }
    try {
      const record = entry(line, state);
      if (record !== null) {
        records.push(record);
        lines.push(line.number);
      }
    } catch (fault) {
      if (!(fault instanceof ParseFault)) throw fault;
      errors.push({ line: line.number, reason: fault.reason, detail: fault.detail });
    }
  }
  return { records, errors, lines };
}

/** One line that holds one record: 'www.example.test. 300 IN A 127.0.40.1'. Never throws. */
export function parseRecordLine(text: string, options: ZoneOptions = {}): DnsRecord | ZoneError {
  const { records, errors } = parseZone(text, options);
  const [record] = records;
  if (errors[0] !== undefined) return errors[0];
  if (record === undefined || records.length > 1) return { line: 1, reason: record === undefined ? 'no-type' : 'too-many-words', detail: '' };
  return record;
}

/** The record of a line; null for a directive. Throws ParseFault. */
function entry(line: LogicalLine, state: State): DnsRecord | null {
  if (line.fault !== null) throw new ParseFault(line.fault, '');
  const words = [...line.words];
  const first = words[0];
  if (first === undefined) return null;
  if (!first.quoted && !line.indented && first.text.startsWith('$')) {
    directive(first.text.toUpperCase(), words.slice(1), state);
    return null;
  }
  const name = owner(line, words, state);
  const { ttl, class_ } = ttlAndClass(words);
  const word = words.shift();
  if (word === undefined) throw new ParseFault('no-type', '');
  const type = word.quoted ? null : typeNumber(word.text);
  if (type === null) throw new ParseFault('unknown-type', word.text);
  const lifetime = ttl ?? state.ttl ?? state.lastTtl;
  if (lifetime === null) throw new ParseFault('no-ttl', '');
  const data = readRecordData(type, words, state.origin);
  state.lastName = name;
  state.lastTtl = lifetime;
  return { name, class: class_ ?? DNS_CLASS.IN, ttl: lifetime, data };
}

/** A line that begins with white space is about the name before (RFC 1035 5.1). */
function owner(line: LogicalLine, words: Word[], state: State): string {
  if (line.indented) {
    if (state.lastName === null) throw new ParseFault('no-name', '');
    return state.lastName;
  }
  const word = words.shift();
  const name = word === undefined || word.quoted ? null : parseName(word.text, state.origin);
  if (name === null) throw new ParseFault('bad-name', word?.text ?? '');
  return name;
}

/** TTL and class in either order; both may be left out. */
function ttlAndClass(words: Word[]): { readonly ttl: number | null; readonly class_: number | null } {
  let ttl: number | null = null;
  let class_: number | null = null;
  for (let turn = 0; turn < 2; turn++) {
    const word = words[0];
    if (word === undefined || word.quoted) break;
    if (ttl === null && /^\d/.test(word.text)) ttl = timeToLive(word.text);
    else if (class_ === null && classNumber(word.text) !== null && word.text.toUpperCase() !== 'ANY') class_ = classNumber(word.text);
    else break;
    words.shift();
  }
  return { ttl, class_ };
}

/** RFC 2181 8: a TTL has 31 bits. */
const timeToLive = (text: string): number => seconds(text, 0x7fff_ffff, 'bad-ttl');

function directive(name: string, words: readonly Word[], state: State): void {
  const word = words[0];
  if (name !== '$ORIGIN' && name !== '$TTL') throw new ParseFault('unknown-directive', name);
  if (word === undefined) throw new ParseFault('too-few-words', name);
  if (words.length > 1) throw new ParseFault('too-many-words', words[1]?.text ?? '');
  if (name === '$TTL') state.ttl = timeToLive(word.text);
  else {
    const origin = parseName(word.text, state.origin);
    if (origin === null) throw new ParseFault('bad-name', word.text);
    state.origin = origin;
  }
}
