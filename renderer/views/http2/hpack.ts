// The headers of a frame as HPACK wrote them (RFC 7541 6): each with its representation, the table that it came out of and its bytes. Pure:
// read from the codec's field tree and the bytes that it lies in.

import { toHex } from '../../../shared/base/bytes';
import type { FieldNode } from '../../../shared/codec/field';

export type Representation = 'indexed' | 'incremental' | 'without' | 'never' | 'size';

/** The last index of the static table (RFC 7541 appendix A). */
const STATIC = 61;

export interface HpackRow {
  readonly name: string;
  readonly value: string;
  readonly representation: Representation;
  /** Entry that holds the name, or name and value; 0 when the name is written out. */
  readonly index: number;
  readonly table: 'static' | 'dynamic' | null;
  /** Which of its strings are written in Huffman code. */
  readonly huffman: 'none' | 'name' | 'value' | 'both';
  /** Its bytes in the message, as many as are shown, in hex. */
  readonly start: number;
  readonly length: number;
  readonly hex: string;
  /** Bytes that HTTP/1 would need: 'name: value', CRLF. */
  readonly plain: number;
}

const MOST_HEX = 24;

/** The header fields of a tree, in order. */
export function hpackRows(tree: FieldNode, bytes: Uint8Array): HpackRow[] {
  return tree.children.flatMap((node): HpackRow[] => {
    const at = { start: node.start, length: node.length, hex: `${toHex(bytes.subarray(node.start, node.start + Math.min(node.length, MOST_HEX)), ' ')}${node.length > MOST_HEX ? ' …' : ''}` };
    if (node.name === 'http2.header_table_size_update') return [{ ...at, name: '', value: node.display, representation: 'size', index: 0, table: null, huffman: 'none', plain: 0 }];
    // Fields without bytes here lie in an earlier frame of the same block.
    if (node.name !== 'http2.header' || node.length === 0 || node.children.length === 0) return [];
    const representation = representationOf(bytes[node.start] ?? 0);
    const [name, value] = [child(node, 'http2.header.name'), child(node, 'http2.header.value')];
    const found = child(node, 'http2.header.index')?.value;
    const index = typeof found === 'number' ? found : 0;
    const inName = representation !== 'indexed' && index === 0 && isHuffman(name, bytes);
    const inValue = representation !== 'indexed' && isHuffman(value, bytes);
    const size = (of: string): number => Number(child(node, of)?.value ?? 0);
    return [{
      ...at, name: name?.display ?? '', value: value?.display ?? '', representation, index, table: index === 0 ? null : index <= STATIC ? 'static' : 'dynamic',
      huffman: inName ? (inValue ? 'both' : 'name') : inValue ? 'value' : 'none', plain: size('http2.header.name.length') + size('http2.header.value.length') + 4,
    }];
  });
}

/** The first bits of a field say how it is written (RFC 7541 6.1 - 6.3). */
function representationOf(first: number): Representation {
  if (first >= 0x80) return 'indexed';
  if (first >= 0x40) return 'incremental';
  if (first >= 0x20) return 'size';
  return first >= 0x10 ? 'never' : 'without';
}

const child = (node: FieldNode, name: string): FieldNode | undefined => node.children.find((one) => one.name === name);

/** The first bit of a string's length says it (RFC 7541 5.2). */
const isHuffman = (node: FieldNode | undefined, bytes: Uint8Array): boolean => node !== undefined && node.length > 0 && node.generated === undefined && ((bytes[node.start] ?? 0) & 0x80) !== 0;
