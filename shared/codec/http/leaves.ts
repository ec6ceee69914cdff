// Leaves of the tree of an HTTP/1 message: a piece of its bytes with a name, and a header line with its pieces. Used by fields.ts and
// fieldsBody.ts, for heads and for trailers.

import { concatBytes } from '../../base/bytes';
import type { FieldNode, FieldValue } from '../field';
import { visibleText } from '../text';
import { CR, latin1 } from './chars';
import { headerField } from './fieldNames';
import type { HeaderLine, Range } from './head';

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
  return leaf(own ?? other, line, own === null ? `${header.name}: ${header.value}` : header.value, children);
}

/** Where the line end begins: what is between it and the value is white space. */
function lineTail(bytes: Uint8Array, from: number, end: number): number {
  if (end - 2 >= from && bytes[end - 2] === CR) return end - 2;
  return end - 1 >= from ? end - 1 : from;
}

/** The content of all pieces together. */
export const contentOf = (bytes: Uint8Array, body: readonly Range[]): Uint8Array => concatBytes(...body.map(({ start, end }) => bytes.subarray(start, end)));
