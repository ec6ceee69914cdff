// A decoded header block as nodes of the tree: each field over the bytes that it came from, in the frame that is shown. Fields that an
// earlier frame of the block holds are shown too, as generated ones.

import { never } from '../../base/assert';
import { utf8Bytes, utf8Text } from '../../base/bytesText';
import { percentDecode } from '../../base/percent';
import type { FieldNode } from '../field';
import { latin1 } from '../http/chars';
import { visibleText } from '../text';
import type { HeaderBlock, HeaderField, TableSizeUpdate } from './hpack/decoder';
import { HTTP2_LIMITS } from './limits';

/** A header block, and where in it the fragment of the frame begins. */
export interface HeadersOfFrame {
  readonly block: HeaderBlock;
  readonly fragmentAt: number;
}

/** Wireshark's words (RFC 7541 6). */
function representation({ representation: how, index }: HeaderField): string {
  const name = index === 0 ? 'New Name' : 'Indexed Name';
  switch (how) {
    case 'indexed': return 'Indexed Header Field';
    case 'incremental': return `Literal Header Field with Incremental Indexing - ${name}`;
    case 'without': return `Literal Header Field without Indexing - ${name}`;
    case 'never': return `Literal Header Field never Indexed - ${name}`;
    default: return never(how);
  }
}

/** Fields that Wireshark has a name for: `http2.headers.content_type`. */
const NAMED: ReadonlySet<string> = new Set([
  ':authority', ':status', ':path', ':method', ':scheme', 'accept', 'accept-charset', 'accept-encoding', 'accept-language', 'accept-ranges', 'access-control-allow-origin', 'age', 'allow', 'authorization',
  'cache-control', 'content-disposition', 'content-encoding', 'content-language', 'content-length', 'content-location', 'content-range', 'content-type', 'cookie', 'date', 'etag', 'expect', 'expires',
  'from', 'if-match', 'if-modified-since', 'if-none-match', 'if-range', 'if-unmodified-since', 'last-modified', 'link', 'location', 'max-forwards', 'proxy-authenticate', 'proxy-authorization', 'range',
  'referer', 'refresh', 'retry-after', 'server', 'set-cookie', 'strict-transport-security', 'user-agent', 'vary', 'via', 'www-authenticate',
]);
const NUMBERS: ReadonlySet<string> = new Set([':status', 'age', 'content-length', 'max-forwards']);

/** What RFC 9113 6.5.2 counts for each field beside its name and value, and what Wireshark counts: a length of four bytes for both. */
const ENTRY = 32;
const LENGTHS = 8;

/** Percent-encoded bytes (RFC 3986 2.1) as the text that they are; null where one is damaged, or zero. */
function unescapedText(value: string): string | null {
  if (!value.includes('%')) return value;
  const { bytes, broken } = percentDecode(latin1(utf8Bytes(value)));
  return broken || value.includes('%00') ? null : utf8Text(bytes);
}

const short = (text: string): string => (text.length > HTTP2_LIMITS.text ? `${text.slice(0, HTTP2_LIMITS.text)}…` : text);

/** `at`: of the fragment in the bytes that the tree is of; `size`: of the fragment. At most `room` nodes. */
export function headerNodes({ block, fragmentAt }: HeadersOfFrame, at: number, size: number, room: number): FieldNode[] {
  const nodes: FieldNode[] = [];
  const place = (start: number, length: number): { start: number; length: number; generated?: true } => {
    const from = Math.max(0, start - fragmentAt);
    const to = Math.min(size, start + length - fragmentAt);
    return to <= from ? { start: at, length: 0, generated: true } : { start: at + from, length: to - from };
  };
  const leaf = (name: string, value: FieldNode['value'], display: string, start: number, length: number): FieldNode => ({ name, value, display, ...place(start, length), children: [] });
  const count = block.fields.length + block.dropped;
  const length = block.size - count * (ENTRY - LENGTHS);
  nodes.push(summary('http2.header.length', length, `${length} B`, at, size), summary('http2.header.count', count, `${count}`, at, size));
  let left = room - 2;
  for (const item of block.items) {
    if (item.start >= fragmentAt + size) break;
    left -= item.kind === 'size' ? 2 : 9;
    if (left < 0) break;
    nodes.push(item.kind === 'size' ? sizeNode(item) : fieldNode(item));
  }
  if (block.dropped > 0 || left < 0) nodes.push(summary('http2.header_size_exceeded', block.dropped, `${block.dropped}`, at, size));
  if (block.fault !== null) nodes.push({ ...leaf('http2.header', null, block.fault.why, block.fault.at, 1), problem: block.fault.why });
  return nodes;

  function sizeNode(item: TableSizeUpdate): FieldNode {
    const child = leaf('http2.header_table_size_update.header_table_size', item.maximum, `${item.maximum}`, item.start, item.length);
    return { ...leaf('http2.header_table_size_update', null, `${item.maximum} B`, item.start, item.length), children: [child] };
  }

  function fieldNode(item: HeaderField): FieldNode {
    const value = visibleText(short(item.value));
    const name = visibleText(short(item.name));
    // Where a name or a value lies in the block: its string, or the bytes of the index that stands for it.
    const nameAt = item.nameAt ?? { start: item.start, length: (item.valueAt?.start ?? item.start + item.length) - item.start };
    const valueAt = item.valueAt ?? { start: item.start, length: item.length };
    const children = [
      { ...leaf('http2.header.name.length', item.nameBytes.length, `${item.nameBytes.length} B`, nameAt.start, nameAt.length), generated: true as const },
      leaf('http2.header.name', item.name, name, nameAt.start, nameAt.length),
      { ...leaf('http2.header.value.length', item.valueBytes.length, `${item.valueBytes.length} B`, valueAt.start, valueAt.length), generated: true as const },
      leaf('http2.header.value', item.value, value, valueAt.start, valueAt.length),
    ];
    if (NAMED.has(item.name)) {
      const number = NUMBERS.has(item.name) && /^\d{1,15}$/.test(item.value);
      children.push(leaf(`http2.headers.${item.name.replace(':', '').replaceAll('-', '_')}`, number ? Number(item.value) : item.value, value, valueAt.start, valueAt.length));
    }
    const unescaped = unescapedText(item.value);
    if (unescaped !== null) children.push({ ...leaf('http2.header.unescaped', unescaped, visibleText(short(unescaped)), valueAt.start, valueAt.length), generated: true });
    children.push(leaf('http2.header.repr', representation(item), representation(item), item.start, 1));
    if (item.index > 0) children.push(leaf('http2.header.index', item.index, `${item.index}`, item.start, nameAt === item.nameAt ? 1 : nameAt.length));
    return { ...leaf('http2.header', null, `${name}: ${value}`, item.start, item.length), children };
  }
}

const summary = (name: string, value: number, display: string, start: number, length: number): FieldNode => ({ name, value, display, start, length, children: [], generated: true });
