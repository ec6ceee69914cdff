// The tree of one HTTP/2 frame with Wireshark's names (RFC 9113 4.1, 6): as far as its bytes go. With the decoded header block, where
// there is one, its fields lie over their bytes; without, they stay bytes.

import type { FieldNode } from '../field';
import { generated, group } from '../field';
import { bit, bytesNode, hex, labelled, layoutNodes, specNode, uint, unit, view, type Layout } from '../layout';
import { visibleText } from '../text';
import { utf8Text } from '../../base/bytesText';
import { extensionNodes } from './extensionNodes';
import { decodeFrame, FRAME_HEAD, paddedParts, PREFACE, type Http2Frame } from './frame';
import { headerNodes, type HeadersOfFrame } from './headerNodes';
import { HTTP2_LIMITS } from './limits';
import { ERROR_NAMES, FLAGS, FRAME_NAMES, frameType, type FrameType } from './names';
import { SETTING_SIZE, settingNode } from './settings';

const flag = (name: string, mask: number) => view(bit(name, 4, 1, mask), 'flags');
const endStream = { endStream: flag('http2.flags.end_stream', FLAGS.END_STREAM) };
const endHeaders = { endHeaders: flag('http2.flags.eh', FLAGS.END_HEADERS) };
const padded = { padded: flag('http2.flags.padded', FLAGS.PADDED) };

/** The bits that its type does not define (RFC 9113 4.1). */
const unused = (name: string, mask: number) => ({ unused: view(uint(name, 4, 1, { mask, format: hex(2) }), 'flags') });
const NO_FLAGS: Layout = unused('http2.flags.unused', 0xff);

/** The flags that each type defines (RFC 9113 6). */
const FLAG_VIEWS: Readonly<Partial<Record<FrameType, Layout>>> = {
  DATA: { ...unused('http2.flags.unused_data', 0xf6), ...padded, ...endStream },
  HEADERS: { ...unused('http2.flags.unused_headers', 0xd2), priority: flag('http2.flags.priority', FLAGS.PRIORITY), ...padded, ...endHeaders, ...endStream },
  SETTINGS: { ...unused('http2.flags.unused_settings', 0xfe), ack: flag('http2.flags.ack.settings', FLAGS.ACK) },
  PING: { ...unused('http2.flags.unused_ping', 0xfe), ack: flag('http2.flags.ack.ping', FLAGS.ACK) },
  PUSH_PROMISE: { ...unused('http2.flags.unused_push_promise', 0xf3), ...padded, ...endHeaders },
  CONTINUATION: { ...unused('http2.flags.unused_continuation', 0xfb), ...endHeaders },
};
const FLAG_NAMES: Readonly<Partial<Record<FrameType, readonly (readonly [number, string])[]>>> = {
  DATA: [[1, 'END_STREAM'], [8, 'PADDED']], HEADERS: [[1, 'END_STREAM'], [4, 'END_HEADERS'], [8, 'PADDED'], [32, 'PRIORITY']], SETTINGS: [[1, 'ACK']], PING: [[1, 'ACK']],
  PUSH_PROMISE: [[4, 'END_HEADERS'], [8, 'PADDED']], CONTINUATION: [[4, 'END_HEADERS']],
};

/** 'END_STREAM, END_HEADERS'; '' for none that the type knows. */
export const flagNames = (type: string, flags: number): string => (FLAG_NAMES[type as FrameType] ?? []).filter(([mask]) => (flags & mask) !== 0).map(([, name]) => name).join(', ');

const head = (type: FrameType | null): Layout => ({
  length: uint('http2.length', 0, 3, { format: unit('B') }),
  type: uint('http2.type', 3, 1, { format: labelled(FRAME_NAMES) }),
  flags: uint('http2.flags', 4, 1, { format: (value) => flagNames(type ?? '', value) || hex(2)(value) }),
  ...((type === null ? undefined : FLAG_VIEWS[type]) ?? NO_FLAGS),
  reserved: uint('http2.r', 5, 4, { mask: 0x8000_0000 }),
  stream: uint('http2.streamid', 5, 4, { mask: 0x7fff_ffff }),
});

const errorNumber = (name: string, at: number) => uint(name, at, 4, { format: labelled(ERROR_NAMES) });
const number31 = (name: string, at: number) => uint(name, at, 4, { mask: 0x7fff_ffff });
const reserved = (name: string, at: number) => uint(name, at, 4, { mask: 0x8000_0000 });
const weight = (at: number) => uint('http2.headers.weight', at, 1, { format: (value) => `${value + 1}` });
const priorityAt = (at: number): Layout => ({ exclusive: bit('http2.exclusive', at, 4, 0x8000_0000), dependsOn: number31('http2.stream_dependency', at), weight: weight(at + 4) });
/** Zero on the wire is a weight of one (RFC 7540 6.3). */
const priorityNodes = (bytes: Uint8Array, at: number, base: number): FieldNode[] => {
  const real = (bytes[at + 4] ?? 0) + 1;
  return [...layoutNodes(priorityAt(at), bytes, base), generated('http2.headers.weight_real', real, `${real}`, base + at + 4, 1)];
};

/** In the protocol's words: 'HEADERS[1]', 'SETTINGS[0] ACK', 'Magic'. */
export function frameTitle(frame: Http2Frame): string {
  const name = frame.type === 'OTHER' ? (FRAME_NAMES.get(frame.number) ?? `type ${frame.number}`) : frame.type;
  const ack = (frame.type === 'SETTINGS' || frame.type === 'PING') && (frame.flags & FLAGS.ACK) !== 0 ? ' ACK' : '';
  return `${name}[${frame.streamId}]${ack}`;
}

/** Wireshark has a field for the frame as such; here its fields lie in the layer itself. */
const streamNode = (title: string, base: number): FieldNode => generated('http2.stream', null, title, base, 0);

/** One frame, or the preface, as far as `bytes` go. `base` is added to every start; about `room` nodes at most. Never throws. */
export function fieldsOfFrame(bytes: Uint8Array, headers: HeadersOfFrame | null = null, base = 0, room: number = HTTP2_LIMITS.treeItems): FieldNode {
  if (bytes[0] === PREFACE[0] && bytes[1] === PREFACE[1] && bytes[2] === PREFACE[2]) {
    const end = Math.min(bytes.length, PREFACE.length);
    const text = utf8Text(bytes.subarray(0, end));
    return group('http2', 'HTTP/2 Magic', base, end, [streamNode('Magic', base), { name: 'http2.magic', value: text, display: visibleText(text), start: base, length: end, children: [] }]);
  }
  const type = bytes.length > 3 ? frameType(bytes[3] ?? 0) : null;
  const nodes = layoutNodes(head(type), bytes.subarray(0, FRAME_HEAD), base);
  const size = bytes.length < 3 ? 0 : ((bytes[0] ?? 0) << 16) | ((bytes[1] ?? 0) << 8) | (bytes[2] ?? 0);
  const frame = bytes.subarray(0, FRAME_HEAD + size);
  if (frame.length < FRAME_HEAD + size || bytes.length < FRAME_HEAD) {
    if (frame.length > FRAME_HEAD) nodes.push(bytesNode('http2.unknown', frame, FRAME_HEAD, frame.length, base));
    return group('http2', 'HTTP/2', base, frame.length, nodes);
  }
  const decoded = decodeFrame(frame);
  nodes.unshift(streamNode('fault' in decoded ? type ?? '' : frameTitle(decoded.frame), base));
  if ('fault' in decoded) {
    nodes.push(bytesNode('http2.unknown', frame, FRAME_HEAD, frame.length, base, decoded.fault.why));
    return group('http2', `HTTP/2 ${type ?? ''}`, base, frame.length, nodes, decoded.fault.why);
  }
  nodes.push(...payloadNodes(frame, decoded.frame, headers, base, room - 14));
  return group('http2', `HTTP/2 ${frameTitle(decoded.frame)}`, base, frame.length, nodes);
}

function payloadNodes(bytes: Uint8Array, frame: Http2Frame, headers: HeadersOfFrame | null, base: number, room: number): FieldNode[] {
  const at = FRAME_HEAD;
  const nodes = (layout: Layout): FieldNode[] => layoutNodes(layout, bytes, base);
  const rest = (name: string, from: number): FieldNode[] => (from < bytes.length ? [bytesNode(name, bytes, from, bytes.length, base)] : []);
  switch (frame.type) {
    case 'DATA': case 'HEADERS': case 'PUSH_PROMISE': return paddedNodes(bytes, frame, headers, base, room);
    case 'PRIORITY': return priorityNodes(bytes, at, base);
    case 'RST_STREAM': return nodes({ error: errorNumber('http2.rst_stream.error', at) });
    case 'SETTINGS': {
      const shown = Math.min(frame.settings.length, Math.max(1, Math.floor(room / 3)));
      return [...Array.from({ length: shown }, (_, i) => settingNode(bytes, at + i * SETTING_SIZE, base)), ...rest('http2.unknown', at + shown * SETTING_SIZE)];
    }
    case 'PING': return rest((frame.flags & FLAGS.ACK) === 0 ? 'http2.ping' : 'http2.pong', at);
    // Wireshark's name of the reserved bit is spelt so.
    case 'GOAWAY': return [...nodes({ r: reserved('http2.goway.r', at), last: number31('http2.goaway.last_stream_id', at), error: errorNumber('http2.goaway.error', at + 4) }), ...rest('http2.goaway.addata', at + 8)];
    case 'WINDOW_UPDATE': return nodes({ r: reserved('http2.window_update.r', at), increment: number31('http2.window_update.window_size_increment', at) });
    // It has no padding (RFC 9113 6.10), and Wireshark says so.
    case 'CONTINUATION': return [generated('http2.pad_length', 0, '0 B', base + at, 0), ...rest('http2.continuation.header', at), ...(headers === null ? [] : headerNodes(headers, base + at, frame.fragment.length, room))];
    case 'OTHER': return extensionNodes(bytes, frame.number, base, room) ?? rest('http2.unknown', at);
    default: return frame satisfies never;
  }
}

function paddedNodes(bytes: Uint8Array, frame: Http2Frame & { readonly type: 'DATA' | 'HEADERS' | 'PUSH_PROMISE' }, headers: HeadersOfFrame | null, base: number, room: number): FieldNode[] {
  const parts = paddedParts(bytes, frame.flags);
  if (parts === null) return [];
  const { start, end } = parts;
  const nodes = parts.padded ? [specNode(uint('http2.padding', FRAME_HEAD, 1, { format: unit('B') }), bytes, base)] : [];
  const padding = parts.padded ? bytes[FRAME_HEAD] ?? 0 : 0;
  nodes.push(generated('http2.pad_length', padding, `${padding} B`, base + FRAME_HEAD, parts.padded ? 1 : 0));
  let from = start;
  if (frame.type === 'HEADERS' && frame.priority !== null) {
    nodes.push(...priorityNodes(bytes, start, base));
    from = start + 5;
  }
  if (frame.type === 'PUSH_PROMISE') {
    nodes.push(...layoutNodes({ r: reserved('http2.push_promise.r', start), promised: number31('http2.push_promise.promised_stream_id', start) }, bytes, base));
    from = start + 4;
  }
  const name = { DATA: 'http2.data.data', HEADERS: 'http2.headers', PUSH_PROMISE: 'http2.push_promise.header' }[frame.type];
  if (end > from) nodes.push(bytesNode(name, bytes, from, end, base));
  if (headers !== null && frame.type !== 'DATA') nodes.push(...headerNodes(headers, base + from, end - from, room));
  const paddingName = { DATA: 'http2.data.padding', HEADERS: 'http2.headers.padding', PUSH_PROMISE: 'http2.push_promise.padding' }[frame.type];
  if (end < bytes.length) nodes.push(bytesNode(paddingName, bytes, end, bytes.length, base));
  return nodes;
}
