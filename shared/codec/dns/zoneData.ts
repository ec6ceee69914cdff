// The data of a record from the words of a zone file, type by type (RFC 1035 3.3, 5.1; RFC 3597 5 for what is not known; RFC 9460 2.1 for
// parameters of services). Each fault has a reason that the editor can say in any language.

import { concatBytes, fromHex, writeUint } from '../../base/bytes';
import { utf8Bytes } from '../../base/bytesText';
import { ipv4Bytes, ipv4Text, ipv6Bytes, ipv6Text } from '../address';
import { parseName } from './name';
import { readData } from './rdata';
import type { RecordData, SvcParam } from './records';
import { DNS_CLASS, DNS_TYPE, SVC_KEY } from './types';
import { WireFault, WireReader } from './wireReader';
import type { Word, ZoneFault } from './zoneLines';

export class ParseFault extends Error {
  constructor(readonly reason: ZoneFault, readonly detail: string) {
    super(reason);
  }
}

const UNITS: ReadonlyMap<string, number> = new Map([['s', 1], ['m', 60], ['h', 3600], ['d', 86_400], ['w', 604_800]]);

/** '300' or, as BIND has it, '1h30m', in seconds. Throws ParseFault over `most`. */
export function seconds(text: string, most: number, reason: ZoneFault): number {
  if (!/^(\d{1,10}|(\d{1,10}[smhdw])+)$/i.test(text)) throw new ParseFault(reason, text);
  let sum = 0;
  for (const [, number, unit = ''] of text.matchAll(/(\d+)([smhdw]?)/gi)) sum += Number(number) * (UNITS.get(unit.toLowerCase()) ?? 1);
  if (sum > most) throw new ParseFault(reason, text);
  return sum;
}

/** Takes the words of one record's data, one after the other. */
class Words {
  private at = 0;
  constructor(private readonly words: readonly Word[], private readonly origin: string) {}

  get left(): number {
    return this.words.length - this.at;
  }

  next(): Word {
    const word = this.words[this.at++];
    if (word === undefined) throw new ParseFault('too-few-words', this.words.at(-1)?.text ?? '');
    return word;
  }

  name(): string {
    const { text, quoted } = this.next();
    const name = quoted ? null : parseName(text, this.origin);
    if (name === null) throw new ParseFault('bad-name', text);
    return name;
  }

  number(most: number): number {
    const { text } = this.next();
    if (!/^\d{1,10}$/.test(text) || Number(text) > most) throw new ParseFault('bad-number', text);
    return Number(text);
  }

  /** Seconds, with units as BIND has them. */
  period(): number {
    return seconds(this.next().text, 0xffff_ffff, 'bad-number');
  }

  string(): Uint8Array<ArrayBuffer> {
    const { text } = this.next();
    const bytes = stringBytes(text);
    if (bytes.length > 255) throw new ParseFault('bad-string', text.slice(0, 40));
    return bytes;
  }
}

/** Text with escapes as bytes; what is beyond ASCII as UTF-8. */
function stringBytes(text: string): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  for (const [sign, escape] of text.matchAll(/\\(\d{3}|[^\d])|[^\\]+|\\/g)) {
    if (escape === undefined) {
      if (sign === '\\') throw new ParseFault('bad-string', text.slice(0, 40));
      parts.push(utf8Bytes(sign));
    } else if (escape.length === 3) {
      if (Number(escape) > 255) throw new ParseFault('bad-string', text.slice(0, 40));
      parts.push(Uint8Array.of(Number(escape)));
    } else parts.push(utf8Bytes(escape));
  }
  return concatBytes(...parts);
}

/** The data of a record of this type. Throws ParseFault. */
export function readRecordData(type: number, words: readonly Word[], origin: string): RecordData {
  const reader = new Words(words, origin);
  const data = words[0]?.text === '\\#' && !words[0].quoted ? unknown(type, reader) : typed(type, reader);
  if (reader.left > 0) throw new ParseFault('too-many-words', words[words.length - reader.left]?.text ?? '');
  return data;
}

function typed(type: number, words: Words): RecordData {
  switch (type) {
    case DNS_TYPE.A: return { type: 'A', address: address(words, (text) => ipv4Text(ipv4Bytes(text))) };
    case DNS_TYPE.AAAA: return { type: 'AAAA', address: address(words, (text) => ipv6Text(ipv6Bytes(text.includes('%') ? '' : text))) };
    case DNS_TYPE.NS: return { type: 'NS', target: words.name() };
    case DNS_TYPE.CNAME: return { type: 'CNAME', target: words.name() };
    case DNS_TYPE.PTR: return { type: 'PTR', target: words.name() };
    case DNS_TYPE.DNAME: return { type: 'DNAME', target: words.name() };
    case DNS_TYPE.MX: return { type: 'MX', preference: words.number(0xffff), exchange: words.name() };
    case DNS_TYPE.SOA: return {
      type: 'SOA', mname: words.name(), rname: words.name(), serial: words.number(0xffff_ffff), refresh: words.period(), retry: words.period(), expire: words.period(), minimum: words.period(),
    };
    case DNS_TYPE.TXT: {
      const strings = [words.string()];
      while (words.left > 0) strings.push(words.string());
      return { type: 'TXT', strings };
    }
    case DNS_TYPE.SRV: return { type: 'SRV', priority: words.number(0xffff), weight: words.number(0xffff), port: words.number(0xffff), target: words.name() };
    case DNS_TYPE.CAA: return caa(words);
    case DNS_TYPE.SVCB: return { type: 'SVCB', priority: words.number(0xffff), target: words.name(), params: params(words) };
    case DNS_TYPE.HTTPS: return { type: 'HTTPS', priority: words.number(0xffff), target: words.name(), params: params(words) };
    default: throw new ParseFault('unwritable-type', words.left > 0 ? words.next().text : '');
  }
}

function address(words: Words, normal: (text: string) => string): string {
  const { text } = words.next();
  try {
    return normal(text);
  } catch {
    throw new ParseFault('bad-address', text);
  }
}

function caa(words: Words): RecordData {
  const flags = words.number(255);
  const tag = words.next().text;
  if (!/^[0-9A-Za-z]{1,255}$/.test(tag)) throw new ParseFault('bad-string', tag);
  return { type: 'CAA', flags, tag, value: stringBytes(words.next().text) };
}

/** RFC 3597 5: \# length hex... Known types are read from those bytes too. */
function unknown(type: number, words: Words): RecordData {
  words.next();
  const length = words.number(0xffff);
  let digits = '';
  while (words.left > 0) digits += words.next().text;
  if (!/^([0-9a-f]{2})*$/i.test(digits) || digits.length !== length * 2) throw new ParseFault('bad-hex', digits.slice(0, 40));
  if (type === DNS_TYPE.OPT) throw new ParseFault('unwritable-type', 'OPT');
  try {
    const reader = new WireReader(fromHex(digits));
    return reader.data(length, () => readData(reader, type, DNS_CLASS.IN, 0));
  } catch (fault) {
    if (!(fault instanceof WireFault)) throw fault;
    throw new ParseFault('bad-hex', digits.slice(0, 40));
  }
}

const SVC_NUMBERS: ReadonlyMap<string, number> = new Map([...SVC_KEY].map(([number, name]) => [name, number]));

/** 'alpn=h2,h3 port=443 key667="hello"': in the order of their keys, each once (RFC 9460 2.2). */
function params(words: Words): SvcParam[] {
  const list: SvcParam[] = [];
  while (words.left > 0) {
    const word = words.next();
    const [, name = '', own, text = ''] = /^([a-z0-9-]+)(=(.*))?$/s.exec(word.text) ?? [];
    const key = SVC_NUMBERS.get(name) ?? (/^key\d{1,5}$/.test(name) ? Number(name.slice(3)) : null);
    if (key === null || key > 0xffff || list.some((param) => param.key === key)) throw new ParseFault('bad-parameter', word.text);
    const quotedNext = own === '=' && words.left > 0;
    const given = quotedNext ? words.next().text : text;
    // 'key3' is the same key as 'port', its value in bytes.
    list.push({ key, value: SVC_NUMBERS.has(name) ? paramValue(key, given, word.text) : stringBytes(given) });
  }
  return list.sort((left, right) => left.key - right.key);
}

function paramValue(key: number, text: string, word: string): Uint8Array<ArrayBuffer> {
  const items = text.split(',');
  try {
    if (key === 1) return concatBytes(...items.map((item) => behindLength(stringBytes(item), word)));
    if (key === 0) return concatBytes(...items.map((item) => number16(String(SVC_NUMBERS.get(item) ?? item.replace(/^key/, '')), word)));
    if (key === 3) return number16(text, word);
    if (key === 4) return concatBytes(...items.map(ipv4Bytes));
    if (key === 6) return concatBytes(...items.map(ipv6Bytes));
  } catch {
    throw new ParseFault('bad-parameter', word);
  }
  return stringBytes(text);
}

function behindLength(bytes: Uint8Array, word: string): Uint8Array<ArrayBuffer> {
  if (bytes.length === 0 || bytes.length > 255) throw new ParseFault('bad-parameter', word);
  return concatBytes(Uint8Array.of(bytes.length), bytes);
}

function number16(text: string, word: string): Uint8Array<ArrayBuffer> {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 0xffff) throw new ParseFault('bad-parameter', word);
  const bytes = new Uint8Array(2);
  writeUint(bytes, 0, 2, Number(text));
  return bytes;
}
