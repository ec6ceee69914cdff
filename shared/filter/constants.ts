// What is written in a filter as a value of a field's kind: numbers in four bases, truth, addresses with or without a prefix, bytes, times, texts, OIDs,
// and the names that values of the field have. As Wireshark 4.0 reads them, but that `true` and `false` may be written small. Host names are not looked up.

import { fromHex } from '../base/bytes';
import { utf8Text } from '../base/bytesText';
import { ipv4Bytes, ipv6Bytes } from '../codec/address';
import type { FieldKind } from '../codec/schema';
import { valueNames } from '../codec/values';
import { FilterFault } from './fault';
import type { FilterValue, ValueOperand } from './filter';
import { boundsOf, kindTitle, natureOf } from './kinds';
import { latin1Bytes, latin1Text } from './literals';
import type { Term } from './syntax';
import { readDate } from './times';

type Constant = Extract<Term, { readonly type: 'word' | 'field' | 'string' | 'char' }>;

/** A constant, or a minus before one. */
export function isConstant(term: Term, isField: (name: string) => boolean): boolean {
  if (term.type === 'negative') return isConstant(term.of, isField);
  return term.type === 'string' || term.type === 'char' || (term.type === 'word' && term.layers === null && !isField(term.token.text));
}

/** Bytes as text: UTF-8 where they are that, else one character a byte. */
export function textOf(bytes: Uint8Array): string {
  const text = utf8Text(bytes);
  return text.includes('\ufffd') ? latin1Text(bytes) : text;
}

/** `partial`: an Ethernet address may be cut short. `field`: whose values' names may be said, '' for none. Throws FilterFault at the term. */
export function constantOf(term: Term, kind: FieldKind, partial = false, field = ''): ValueOperand {
  if (term.type === 'negative') {
    const of = constantOf(term.of, kind, partial);
    if (typeof of.value !== 'number' && typeof of.value !== 'bigint') throw refused(term, kind, 'a minus');
    if (kind === 'bool') throw refused(term, kind, 'a minus');
    return { ...of, value: of.value === 0 ? 0 : -of.value };
  }
  if (term.type !== 'word' && term.type !== 'string' && term.type !== 'char') throw refused(term, kind, 'this');
  const read = READERS[natureOf(kind)](term, kind, partial) ?? (term.type === 'char' ? null : named(term.token.text, kind, field));
  if (read === null && valueNames(field) !== null) throw new FilterFault('badValue', term.at, term.length, `${shown(term)} is neither a value of ${field} nor the name of one`, { value: shown(term), kind });
  if (read === null) throw refused(term, kind, shown(term));
  const value = typeof read === 'object' && 'prefix' in read ? read : { value: read, prefix: null };
  return { type: 'value', kind, ...value };
}

const shown = (term: Constant): string => (term.type === 'string' ? JSON.stringify(term.token.text) : term.token.text);
const refused = (term: Term, kind: FieldKind, what: string): FilterFault => new FilterFault('badValue', term.at, term.length, `${what} is not a value of the kind ${kindTitle(kind)}`, { value: what, kind });

const TRUTH = [[1, 'True'], [0, 'False']] as const;

/** The value of that name, in letters of any size; null: none has it. */
function named(name: string, kind: FieldKind, field: string): number | null {
  const names = valueNames(field) ?? (kind === 'bool' ? TRUTH : []);
  const wanted = name.toLowerCase();
  return names.find(([, one]) => one.toLowerCase() === wanted)?.[0] ?? null;
}

type Read = FilterValue | { readonly value: Uint8Array; readonly prefix: number } | null;
type Reader = (term: Constant, kind: FieldKind, partial: boolean) => Read;

const READERS: Readonly<Record<ReturnType<typeof natureOf>, Reader>> = {
  whole(term, kind) {
    if (term.type === 'string') return null;
    const number = wholeOf(term);
    if (number === null) return null;
    const { least, most } = boundsOf(kind);
    if (number < least || number > most) throw new FilterFault('badValue', term.at, term.length, `${term.token.text} does not fit: at most ${most}`, { value: term.token.text, kind, most: String(most) });
    return exact(number);
  },
  bool(term) {
    const word = term.token.text.toLowerCase();
    if (term.type !== 'char' && (word === 'true' || word === 'false')) return word === 'true' ? 1 : 0;
    const number = term.type === 'string' ? null : wholeOf(term);
    return number === null ? null : number === 0n ? 0 : 1;
  },
  double: (term) => (term.type === 'word' && /^\d+(?:\.\d+)?(?:[eE]\d+)?$/.test(term.token.text) ? Number(term.token.text) : null),
  text: (term) => (term.type === 'word' ? term.token.text : textOf(bytesOfText(term))),
  bytes(term, kind, partial) {
    if (kind === 'oid') return term.type === 'word' ? oidBytes(term.token.text) : null;
    if (kind !== 'ether') return bytesOf(term);
    const bytes = term.type === 'word' ? bytesOf(term) ?? dottedMac(term.token.text) : null;
    return bytes === null || bytes.length > 6 || (bytes.length < 6 && !partial) ? null : bytes;
  },
  protocol: bytesOf,
  ipv4: (term) => (term.type === 'word' ? address(term.token.text, /^\d+\.\d+\.\d+\.\d+$/, ipv4Bytes, 32) : null),
  ipv6: (term) => (term.type === 'word' ? address(term.token.text, /:/, ipv6Bytes, 128) : null),
  abstime: (term) => (term.type === 'char' ? null : readDate(term.token.text)),
  reltime: (term) => (term.type === 'word' ? readSeconds(term.token.text) : null),
  guid: (term) => (term.type === 'word' && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(term.token.text) ? fromHex(term.token.text.replaceAll('-', '')) : null),
  none: () => null,
};

const exact = (number: bigint): number | bigint => (number <= BigInt(Number.MAX_SAFE_INTEGER) && number >= BigInt(Number.MIN_SAFE_INTEGER) ? Number(number) : number);

/** 80, 0x50, 0b1010000, 0120 (octal), 'P'. */
function wholeOf(term: Constant): bigint | null {
  if (term.type === 'char') return BigInt(term.token.code ?? 0);
  const text = term.token.text.toLowerCase();
  if (/^(?:0x[0-9a-f]+|0b[01]+|0|[1-9]\d*)$/.test(text)) return BigInt(text);
  return /^0[0-7]+$/.test(text) ? BigInt(`0o${text.slice(1)}`) : null;
}

/** '1.5' as nanoseconds; null: it is no number of seconds. Digits past nine are left away. */
export function readSeconds(text: string): bigint | null {
  const parts = /^(-?)(\d{1,18})(?:\.(\d*))?$/.exec(text);
  if (parts === null) return null;
  const nanos = BigInt(parts[2] ?? '0') * 1_000_000_000n + BigInt((parts[3] ?? '').slice(0, 9).padEnd(9, '0'));
  return parts[1] === '-' ? -nanos : nanos;
}

const bytesOfText = (term: Constant): Uint8Array => (term.type === 'char' ? Uint8Array.of(term.token.code ?? 0) : latin1Bytes(term.token.text));

/** 47:45:54, 47-45-54, 47.45.54, 474554, 7, 0x47; a text stands for its bytes. */
function bytesOf(term: Constant): Uint8Array | null {
  if (term.type !== 'word') return bytesOfText(term);
  const text = term.token.text.replace(/^:|(?<=^[0-9a-f]{2}):$/gi, '');
  if (/^0x[0-9a-f]{1,2}$/i.test(text)) return Uint8Array.of(Number(text));
  if (/^[0-9a-f]{1,2}(?:([:.-])[0-9a-f]{1,2}(?:\1[0-9a-f]{1,2})*)?$/i.test(text)) return Uint8Array.from(text.split(/[:.-]/), (byte) => parseInt(byte, 16));
  return /^(?:[0-9a-f]{2})+$/i.test(text) ? fromHex(text) : null;
}

/** 0011.2233.4455 */
const dottedMac = (text: string): Uint8Array | null => (/^[0-9a-f]{4}(?:\.[0-9a-f]{4}){2}$/i.test(text) ? fromHex(text.replaceAll('.', '')) : null);

function address(text: string, shape: RegExp, bytes: (text: string) => Uint8Array, bits: number): Read {
  const [host = '', length, more] = text.split('/');
  if (more !== undefined || !shape.test(host) || (length !== undefined && !(/^\d{1,3}$/.test(length) && Number(length) <= bits))) return null;
  try {
    const value = bytes(host);
    return length === undefined ? value : { value, prefix: Number(length) };
  } catch {
    return null;
  }
}

/** Dotted numbers in the encoding of ASN.1 (X.690 8.19); null: they are no OID. */
export function oidBytes(text: string): Uint8Array | null {
  if (!/^[012](?:\.\d{1,15})+$/.test(text)) return null;
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  if (first < 2 && second > 39) return null;
  const bytes = [first * 40 + second, ...rest].flatMap((number) => {
    const digits = [number % 128];
    for (let left = Math.floor(number / 128); left > 0; left = Math.floor(left / 128)) digits.unshift(128 + (left % 128));
    return digits;
  });
  return Uint8Array.from(bytes);
}
