// Payloads of frames that other documents add to HTTP/2, as nodes with Wireshark's names: ALTSVC, ORIGIN and PRIORITY_UPDATE. What ends within
// one of its parts stays bytes.

import { readUint } from '../../base/bytes';
import { group, type FieldNode } from '../field';
import { specNode, uint, unit } from '../layout';
import { textNode } from '../lines';
import { FRAME_HEAD } from './frame';

/** Null: the type is not one of these, or the payload is damaged. About `room` nodes at most. */
export function extensionNodes(bytes: Uint8Array, type: number, base: number, room: number): FieldNode[] | null {
  switch (type) {
    case 10: return altSvcNodes(bytes, base);
    case 12: return originNodes(bytes, base, room);
    case 16: return priorityUpdateNodes(bytes, base);
    default: return null;
  }
}

/** RFC 7838 4: an origin, then where else its service is. */
function altSvcNodes(bytes: Uint8Array, base: number): FieldNode[] | null {
  const origin = lengthAt(bytes, FRAME_HEAD);
  if (origin === null) return null;
  const end = FRAME_HEAD + 2 + origin;
  return [...originOf('http2.altsvc.origin.len', 'http2.altsvc.origin', bytes, FRAME_HEAD, origin, base), ...(end < bytes.length ? [textNode('http2.altsvc.field_value', bytes, end, bytes.length, base)] : [])];
}

/** RFC 8336 2.1: origins for which the server speaks too. */
function originNodes(bytes: Uint8Array, base: number, room: number): FieldNode[] | null {
  const nodes: FieldNode[] = [];
  for (let at = FRAME_HEAD, left = room; at < bytes.length && left > 3; left -= 3) {
    const length = lengthAt(bytes, at);
    if (length === null) return null;
    const parts = originOf('http2.origin.origin_len', 'http2.origin.origin', bytes, at, length, base);
    nodes.push(group('http2.origin', parts[1]?.display ?? '', base + at, 2 + length, parts));
    at += 2 + length;
  }
  return nodes;
}

/** RFC 9218 7.1. */
function priorityUpdateNodes(bytes: Uint8Array, base: number): FieldNode[] | null {
  const at = FRAME_HEAD;
  if (bytes.length < at + 4) return null;
  const stream = specNode(uint('http2.priority_update_stream_id', at, 4, { mask: 0x7fff_ffff }), bytes, base);
  return at + 4 < bytes.length ? [stream, textNode('http2.priority_update_field_value', bytes, at + 4, bytes.length, base)] : [stream];
}

/** Two bytes of length; null: less than that follows. */
function lengthAt(bytes: Uint8Array, at: number): number | null {
  if (at + 2 > bytes.length) return null;
  const length = readUint(bytes, at, 2);
  return at + 2 + length > bytes.length ? null : length;
}

function originOf(lengthName: string, name: string, bytes: Uint8Array, at: number, length: number, base: number): FieldNode[] {
  const head = specNode(uint(lengthName, at, 2, { format: unit('B') }), bytes, base);
  return length > 0 ? [head, textNode(name, bytes, at + 2, at + 2 + length, base)] : [head];
}
