// The tree of one WebSocket frame with Wireshark's names (RFC 6455 5.2), as far as its bytes go. What was masked is shown both ways.

import { utf8Text } from '../../base/bytesText';
import { readUint } from '../../base/bytes';
import type { Context } from '../codec';
import { generated, group, type FieldNode } from '../field';
import { bytesNode, hex, labelled } from '../layout';
import { NodeReader } from '../nodeReader';
import { previewText } from '../text';
import { CONTROL, headOf, maskedWith, OPCODE } from './frame';

const OPCODES: ReadonlyMap<number, string> = new Map([[0, 'Continuation'], [1, 'Text'], [2, 'Binary'], [8, 'Close'], [9, 'Ping'], [10, 'Pong']]);
/** RFC 6455 7.4.1. */
const CLOSED: ReadonlyMap<number, string> = new Map([
  [1000, 'Normal closure'], [1001, 'Going away'], [1002, 'Protocol error'], [1003, 'Unsupported data'], [1007, 'Invalid data'], [1008, 'Policy violation'], [1009, 'Message too big'],
  [1010, 'Extension missing'], [1011, 'Internal error'],
]);
/** Characters of a text that are a field's value. */
const TEXT = 4096;
const CONTROL_BYTES = 125;

export function websocketFields(bytes: Uint8Array, context: Context, base: number): FieldNode {
  const reader = new NodeReader(bytes, 0, bytes.length, base);
  const first = reader.split(1, [['websocket.fin', 0x80], ['websocket.rsv', 0x70, hex(2)], ['websocket.opcode', 0x0f, labelled(OPCODES)]]);
  const second = reader.split(1, [['websocket.mask', 0x80], ['websocket.payload_length', 0x7f, String]]);
  if (first === null || second === null) return group('websocket', 'WebSocket', base, reader.at, reader.nodes);
  if ((second & 0x7f) === 126) reader.number('websocket.payload_length_ext_16', 2);
  if ((second & 0x7f) === 127) longLength(reader);
  if ((second & 0x80) !== 0) reader.bytesOf('websocket.masking_key', 4);
  const head = headOf(bytes);
  if ('need' in head) {
    reader.rest('websocket.payload');
    return group('websocket', 'WebSocket', base, bytes.length, reader.nodes);
  }
  const end = Math.min(head.length + head.payload, bytes.length);
  const opcode = first & 0x0f;
  if (end > head.length) {
    const raw = bytes.subarray(head.length, end);
    const plain = head.mask === null ? raw : maskedWith(raw, head.mask);
    const kind = opcode === OPCODE.continuation ? (context.mode === 'text' ? OPCODE.text : OPCODE.binary) : opcode;
    const node = bytesNode('websocket.payload', plain, 0, plain.length, base + head.length);
    const children = (first & 0x40) !== 0 ? [] : contents(kind, plain, base + head.length, head.mask !== null);
    if (head.mask === null) reader.nodes.push({ ...node, children });
    else reader.nodes.push(bytesNode('websocket.masked_payload', raw, 0, raw.length, base + head.length), { ...node, children, generated: true });
  }
  const problem = opcode >= CONTROL && (head.payload > CONTROL_BYTES || (first & 0x80) === 0) ? 'a control is one short frame' : OPCODES.has(opcode) ? undefined : `opcode ${opcode} is reserved`;
  return group('websocket', `WebSocket ${OPCODES.get(opcode) ?? opcode}`, base, end, reader.nodes, problem);
}

/** A message that was sent compressed and ends in a frame: what it says, and what became of it. */
interface InflatedMessage {
  readonly text: boolean;
  readonly bytes: Uint8Array;
  /** 'permessage-deflate; server_no_context_takeover'. */
  readonly coding: string;
  readonly outcome: 'decoded' | 'unknown' | 'damaged' | 'large';
  /** Bytes of it in its frames. */
  readonly sent: number;
}

const OUTCOMES: Readonly<Record<Exclude<InflatedMessage['outcome'], 'decoded'>, string>> = {
  unknown: 'what came before it is not known, so it cannot be inflated', damaged: 'it is no DEFLATE from some place on', large: 'it grows beyond the bound and is cut there',
};

/** The tree of a frame on a connection where messages may be compressed (RFC 7692 6): `inflated` is the one that ends in it, null for none; 'part' of one that ends later. */
export function withInflated(tree: FieldNode, inflated: InflatedMessage | 'part' | null): FieldNode {
  const children = tree.children.flatMap((node): FieldNode[] => {
    if (node.name !== 'websocket.rsv') return [node];
    const compressed = (Number(node.value) & 4) !== 0;
    return [node, { name: 'websocket.pmc', value: compressed, display: compressed ? 'Set' : 'Not set', start: node.start, length: node.length, bits: { mask: 0x40, shift: 6 }, children: [] }];
  });
  if (inflated === null) return { ...tree, children };
  if (inflated === 'part') return { ...tree, children: children.map((node) => (node.name === 'websocket.payload' ? { ...node, children: [] } : node)) };
  const { text, bytes, coding, outcome, sent } = inflated;
  const at = children.findLastIndex(({ name }) => name === 'websocket.payload');
  const payload = children[at] ?? group('websocket.payload', '', tree.start + tree.length, 0, []);
  const said = text && outcome !== 'unknown' ? [generated('websocket.payload.text', utf8Text(bytes.subarray(0, TEXT)), previewText(bytes, 256), payload.start, payload.length)] : [];
  const told: FieldNode = {
    ...payload, display: outcome === 'unknown' ? `${sent} B, ${coding}` : `${bytes.length} B ← ${sent} B, ${coding}`, children: said, ...(outcome === 'decoded' ? {} : { problem: OUTCOMES[outcome] }),
  };
  return { ...tree, children: at < 0 ? [...children, told] : children.map((node, i) => (i === at ? told : node)) };
}

/** Eight bytes: a number where it is exact (up to 2^53), as all that can be here are. */
function longLength(reader: NodeReader): void {
  if (reader.left < 8) return;
  const value = readUint(reader.bytes, reader.at, 4) * 2 ** 32 + readUint(reader.bytes, reader.at + 4, 4);
  reader.nodes.push({ name: 'websocket.payload_length_ext_64', value, display: String(value), start: reader.base + reader.at, length: 8, children: [] });
  reader.at += 8;
}

/** What the payload says, by the kind of its message; made from the unmasked bytes when there was a mask. */
function contents(kind: number, plain: Uint8Array, at: number, masked: boolean): FieldNode[] {
  const node = (name: string, value: FieldNode['value'], display: string, from: number, to: number): FieldNode =>
    masked ? generated(name, value, display, at + from, to - from) : { name, value, display, start: at + from, length: to - from, children: [] };
  const text = (name: string, from: number): FieldNode => node(name, utf8Text(plain.subarray(from, from + TEXT)), previewText(plain.subarray(from), 256), from, plain.length);
  const raw = (name: string): FieldNode => node(name, plain, bytesNode(name, plain, 0, plain.length, 0).display, 0, plain.length);
  switch (kind) {
    case OPCODE.text: return [text('websocket.payload.text', 0)];
    case OPCODE.ping: return [raw('websocket.payload.ping')];
    case OPCODE.pong: return [raw('websocket.payload.pong')];
    case OPCODE.close: {
      if (plain.length < 2) return [];
      const code = readUint(plain, 0, 2);
      const status = node('websocket.payload.close.status_code', code, labelled(CLOSED)(code), 0, 2);
      return [group('websocket.payload.close', status.display, at, plain.length, [status, ...(plain.length > 2 ? [text('websocket.payload.close.reason', 2)] : [])])];
    }
    default: return [];
  }
}
