// Bencoded values as nodes of the tree with Wireshark's names (BEP 3). Walks on as far as the bytes make sense; what is behind a fault, or
// more than is shown, is one node that says why. Every byte but the signs that end lists and dictionaries has a node.

import { utf8Text } from '../../base/bytesText';
import { group, type FieldNode } from '../field';
import { bytesNode } from '../layout';
import { previewText, visibleText } from '../text';
import { decodeBencode } from './decode';
import { BENCODE_LIMITS } from './limits';
import { keyText, type BencodedBytes } from './value';

/** Nodes that may still be made; shared by those who show parts of one message. */
export interface Room {
  left: number;
}

export interface BencodeNodes {
  readonly nodes: FieldNode[];
  /** Where the value ends, or where its reading stopped. */
  readonly end: number;
  /** False when something is missing or wrong. */
  readonly whole: boolean;
}

/** The value that begins at `start`, as far as `bytes` go. `base` is added to every start. Never throws. */
export function bencodeNodes(bytes: Uint8Array, start: number, base: number, room: Room = { left: BENCODE_LIMITS.treeItems }): BencodeNodes {
  return new Walker(bytes, base, room).value(start, 0);
}

/** A byte string as people read it: text where it is text, else hex. */
export function bytesText(bytes: Uint8Array): string {
  if (isText(bytes)) return previewText(bytes, BENCODE_LIMITS.text);
  return bytesNode('', bytes, 0, bytes.length, 0).display;
}

/** True for UTF-8 without controls. */
function isText(bytes: Uint8Array): boolean {
  const text = utf8Text(bytes.subarray(0, BENCODE_LIMITS.text * 4));
  return visibleText(text) === text && (!text.includes('\ufffd') || bytes.length > BENCODE_LIMITS.text * 4) && !/\ufffd./su.test(text);
}

class Walker {
  constructor(private readonly bytes: Uint8Array, private readonly base: number, private readonly room: Room) {}

  value(at: number, depth: number): BencodeNodes {
    const first = this.bytes[at];
    if (first === undefined) return { nodes: [], end: at, whole: false };
    if (this.room.left < 8) return this.rest(at, 'more than is shown');
    if (first === 0x6c || first === 0x64) return depth < BENCODE_LIMITS.depth ? this.many(at, depth, first === 0x64) : this.rest(at, `nested deeper than ${BENCODE_LIMITS.depth}`);
    const read = decodeBencode(this.bytes, at);
    if (read.status === 'malformed') return this.rest(at, read.why);
    if (read.status === 'incomplete' || (read.value.type !== 'bytes' && read.value.type !== 'integer')) return this.rest(at, undefined);
    const { value } = read;
    if (value.type === 'bytes') return { nodes: this.string(value), end: value.end, whole: true };
    this.room.left--;
    const number = typeof value.value === 'number' ? value.value : String(value.value);
    return { nodes: [{ name: 'bencode.int', value: number, display: String(number), start: this.base + at, length: value.end - at, children: [] }], end: value.end, whole: true };
  }

  /** A list, or a dictionary. */
  private many(start: number, depth: number, keyed: boolean): BencodeNodes {
    this.room.left--;
    const nodes: FieldNode[] = [];
    const seen: Seen = { keys: new Set(), before: null };
    let at = start + 1;
    let count = 0;
    let whole = true;
    while (whole && this.bytes[at] !== 0x65) {
      const next = keyed ? this.entry(at, depth, seen) : this.value(at, depth + 1);
      nodes.push(...next.nodes);
      whole = next.whole;
      at = next.end;
      count++;
    }
    const end = whole ? at + 1 : at;
    return { nodes: [group(keyed ? 'bencode.dict' : 'bencode.list', `${whole ? count : count - 1}`, this.base + start, end - start, nodes)], end, whole };
  }

  private entry(start: number, depth: number, seen: Seen): BencodeNodes {
    if (this.bytes[start] === undefined) return { nodes: [], end: start, whole: false };
    if (this.room.left < 8) return this.rest(start, 'more than is shown');
    const read = decodeBencode(this.bytes, start);
    if (read.status === 'incomplete') return this.rest(start, undefined);
    if (read.status === 'malformed' || read.value.type !== 'bytes') return this.rest(start, read.status === 'malformed' ? read.why : 'a key is a byte string');
    this.room.left--;
    const key = read.value;
    const problem = see(seen, keyText(key.bytes));
    const keyNodes = this.string(key);
    const value = this.value(key.end, depth + 1);
    const said = value.nodes[value.nodes.length - 1];
    const display = `${bytesText(key.bytes)}: ${said === undefined ? '' : said.value === null ? `(${said.display})` : said.display}`;
    return { nodes: [group('bencode.dict.entry', display, this.base + start, value.end - start, [...keyNodes, ...value.nodes], problem)], end: value.end, whole: value.whole };
  }

  private string(value: BencodedBytes): FieldNode[] {
    this.room.left -= 2;
    const { bytes, start, end } = value;
    const at = end - bytes.length;
    const place = (name: string, from: number, to: number): Pick<FieldNode, 'name' | 'start' | 'length' | 'children'> => ({ name, start: this.base + from, length: to - from, children: [] });
    const shown = isText(bytes) ? previewText(bytes, BENCODE_LIMITS.text) : bytes;
    return [
      { ...place('bencode.str.length', start, at), value: bytes.length, display: `${bytes.length} B` },
      { ...place('bencode.str', at, end), value: shown, display: bytesText(bytes) },
    ];
  }

  private rest(at: number, problem: string | undefined): BencodeNodes {
    this.room.left--;
    return { nodes: [bytesNode('bencode.truncated_data', this.bytes, at, this.bytes.length, this.base, problem)], end: this.bytes.length, whole: false };
  }
}

interface Seen {
  readonly keys: Set<string>;
  before: string | null;
}

/** What is wrong with the place of a key (BEP 3: sorted as raw strings, each once). */
function see(seen: Seen, key: string): string | undefined {
  const problem = seen.keys.has(key) ? 'the key is there twice' : seen.before !== null && key < seen.before ? 'the key is out of order' : undefined;
  seen.keys.add(key);
  seen.before = key;
  return problem;
}
