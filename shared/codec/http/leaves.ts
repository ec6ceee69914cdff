// Leaves of the tree of an HTTP/1 message: a piece of its bytes with a name, and a header line with its pieces. Used by fields.ts and
// fieldsBody.ts, for heads and for trailers.

import { fromBase64 } from '../../base/base64';
import { concatBytes } from '../../base/bytes';
import type { FieldNode, FieldValue } from '../field';
import { CODEC_LIMITS } from '../limits';
import { visibleText } from '../text';
import { CR, latin1 } from './chars';
import { headerField } from './fieldNames';
import type { HeaderLine, Range } from './head';
import { SETTING_SIZE, settingNode } from '../http2/settings';

/** Longest text of a node; the value has all of it. */
export const SHOWN = 300;

/** A node over `at` of the bytes. */
export type Leaf = (name: string, at: Range, value?: FieldValue, children?: readonly FieldNode[]) => FieldNode;

/** Nodes of these bytes; `base` is added to every start. */
export function leaves(bytes: Uint8Array, base: number): Leaf {
  return (name, { start, end }, value, children = []) => {
    const own = value === undefined ? latin1(bytes, start, end) : value;
    const text = visibleText(typeof own === 'string' ? own.slice(0, SHOWN) : latin1(bytes, start, Math.min(end, start + SHOWN)));
    const cut = typeof own === 'string' ? own.length > SHOWN : end - start > SHOWN;
    return { name, value: own, display: cut ? `${text}…` : text, start: base + start, length: end - start, children };
  };
}

/** One header, its name, colon, blanks, value and line end below it. `other`: the field of headers that have none of their own. */
export function headerNode(bytes: Uint8Array, header: HeaderLine, other: string, leaf: Leaf): FieldNode {
  const { line, nameAt, valueAt } = header;
  const own = headerField(header.name);
  const colon = { start: nameAt.end, end: nameAt.end + 1 };
  const tail = lineTail(bytes, valueAt.end, line.end);
  const children = [leaf('http.header.name', nameAt), leaf('http.colon', colon)];
  const push = (name: string, start: number, end: number, value?: FieldValue): void => {
    if (end > start) children.push(leaf(name, { start, end }, value));
  };
  push('http.space', colon.end, valueAt.start);
  push('http.header.value', valueAt.start, valueAt.end, header.value);
  push('http.space', valueAt.end, tail);
  push('http.line_end', tail, line.end);
  if (own === 'http.content_length_header' && /^\d{1,15}$/.test(header.value)) {
    const name = leaf('http.content_length', valueAt, Number(header.value));
    children.push({ ...name, display: `${header.value} B`, generated: true });
  }
  if (header.badName) children.push({ ...leaf('http.bad_header_name', nameAt, null), generated: true });
  children.push(...toldNodes(header, own, leaf));
  const text = `${header.name}: ${header.value}`;
  // Of a line that Wireshark has no name for the value is the whole of it.
  if (own === null && other === 'http.unknown_header') return { ...leaf(other, line, undefined, children), display: visibleText(text.slice(0, SHOWN)) };
  return leaf(own ?? other, line, own === null ? text : header.value, children);
}

/** Codings of a transfer (RFC 9112 7) and their old names (RFC 9110 8.4.1). */
const TRANSFER_CODINGS: ReadonlySet<string> = new Set(['chunked', 'compress', 'x-compress', 'deflate', 'gzip', 'x-gzip', 'identity']);

/** What is calculated from a header's value. */
function toldNodes(header: HeaderLine, own: string | null, leaf: Leaf): FieldNode[] {
  const { value, valueAt } = header;
  switch (own) {
    // RFC 6265 4.2.1: pairs with a semicolon between them.
    case 'http.cookie': return pairsOf(value).map(({ at, text }) => ({ ...leaf('http.cookie_pair', { start: valueAt.start + at, end: valueAt.start + at + text.length }, text), generated: true }));
    case 'http.authorization':
    case 'http.proxy_authorization': {
      // RFC 7617 2: name and password in base64, which hides nothing.
      const secret = /^basic +(\S+)$/i.exec(value)?.[1];
      const bytes = secret === undefined ? null : fromBase64(secret);
      return bytes === null ? [] : [{ ...leaf('http.authbasic', valueAt, latin1(bytes)), generated: true }];
    }
    case 'http.http2_settings': return settingsOf(value, leaf('http.header.value', valueAt).start);
    case 'http.transfer_encoding': {
      const unknown = value.split(',').map((one) => one.split(';')[0]?.trim().toLowerCase() ?? '').filter((one) => one !== '' && !TRANSFER_CODINGS.has(one));
      return unknown.length === 0 ? [] : [{ ...leaf('http.te_unknown', valueAt, null), display: visibleText(unknown.join(', ').slice(0, SHOWN)), generated: true }];
    }
    default: return [];
  }
}

/** Of a SETTINGS frame what comes behind its head, in base64 for URLs (RFC 7540 3.2.1): a setting of six bytes is eight signs. */
function settingsOf(value: string, at: number): FieldNode[] {
  const bytes = fromBase64(value);
  if (bytes === null || bytes.length % SETTING_SIZE !== 0) return [];
  const inText = ({ start, length, children, ...node }: FieldNode): FieldNode => ({ ...node, generated: true, start: at + Math.floor((start * 4) / 3), length: Math.ceil((length * 4) / 3), children: children.map(inText) });
  return Array.from({ length: Math.min(bytes.length / SETTING_SIZE, CODEC_LIMITS.options) }, (_, i) => inText(settingNode(bytes, i * SETTING_SIZE, 0)));
}

/** A folded value has other positions than its bytes; none of its pairs lies behind them. */
function pairsOf(value: string): readonly { readonly at: number; readonly text: string }[] {
  return [...value.matchAll(/[^;\s][^;]*/g)].slice(0, CODEC_LIMITS.options).map((found) => ({ at: found.index, text: found[0] }));
}

/** Where the line end begins: what is between it and the value is white space. */
function lineTail(bytes: Uint8Array, from: number, end: number): number {
  if (end - 2 >= from && bytes[end - 2] === CR) return end - 2;
  return end - 1 >= from ? end - 1 : from;
}

/** The content of all pieces together. */
export const contentOf = (bytes: Uint8Array, body: readonly Range[]): Uint8Array => concatBytes(...body.map(({ start, end }) => bytes.subarray(start, end)));
