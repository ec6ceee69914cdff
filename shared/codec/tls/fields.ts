// The tree of one TLS record with Wireshark's names, and of what a sealed one holds once it is opened. Handshake messages come from
// handshakeNodes.ts; a message that goes on in another record shows the part that lies here.

import { generated, group, type FieldNode } from '../field';
import { bytesNode, hex, labelled, layoutNodes, uint, unit } from '../layout';
import { HANDSHAKE_HEAD, handshakeName, looksLikeHandshake } from './handshake';
import { handshakeNodes } from './handshakeNodes';
import { TLS_LIMITS } from './limits';
import { ALERT_LEVELS, ALERT_NAMES, CONTENT, CONTENT_NAMES, HEARTBEAT_NAMES, VERSION_NAMES } from './names';
import { RECORD_HEAD, recordFault } from './record';
import { alertText, readAlert } from './stream';
import { readUint } from '../../base/bytes';
import { Walk, type Room } from './walk';

export const versionText = labelled(VERSION_NAMES, hex(4));
/** In TLS 1.3 the type outside says nothing of what is inside (RFC 8446 5.2). */
const head = (opaque: boolean) => ({
  contentType: uint(opaque ? 'tls.record.opaque_type' : 'tls.record.content_type', 0, 1, { format: labelled(CONTENT_NAMES) }),
  version: uint('tls.record.version', 1, 2, { format: versionText }),
  length: uint('tls.record.length', 3, 2, { format: unit('B') }),
});

export interface RecordOptions {
  /** Added to every start. */
  readonly base?: number;
  readonly room?: number;
  /** What a reader of the stream knows: that it is encrypted, and how much of it belongs to an earlier record's message. */
  readonly sealed?: boolean;
  readonly continued?: number;
  /** TLS 1.3 was chosen: certificates and their requests have another form. Left out: told by their bytes. */
  readonly tls13?: boolean;
  /** The name of the suite that was chosen: key exchanges have their form by it. */
  readonly cipher?: string;
  /** What the application data is, in Wireshark's words, as far as names and ports tell. */
  readonly carries?: string;
  /** The content type that was found inside when it was opened (RFC 8446 5.2), of a record whose content is shown elsewhere. */
  readonly inner?: number;
}

/** One record, as far as its bytes go. Never throws. */
export function fieldsOfRecord(bytes: Uint8Array, options: RecordOptions = {}): FieldNode {
  const { base = 0 } = options;
  const room: Room = { left: options.room ?? TLS_LIMITS.treeItems };
  const fault = recordFault(bytes);
  const type = bytes[0] ?? 0;
  const nodes = layoutNodes(head(options.tls13 === true && type === CONTENT.applicationData), bytes.subarray(0, RECORD_HEAD), base);
  const announced = bytes.length < RECORD_HEAD ? RECORD_HEAD : RECORD_HEAD + readUint(bytes, 3, 2);
  const record = bytes.subarray(0, announced);
  const tree = (display: string, more: readonly FieldNode[], problem?: string): FieldNode => group('tls', `TLS ${display}`, base, record.length, [group('tls.record', display, base, record.length, [...nodes, ...more], problem)]);
  const name = CONTENT_NAMES.get(type) ?? '';
  if (fault !== null) return tree(name, record.length > RECORD_HEAD ? [bytesNode('tls.ignored_unknown_record', record, RECORD_HEAD, record.length, base)] : [], fault.why);
  if (record.length <= RECORD_HEAD) return tree(name, []);
  const whole = record.length === announced;
  const content = contentNodes(type, record, RECORD_HEAD, record.length, { ...options, base, whole }, room);
  const { inner } = options;
  return tree(content.title, inner === undefined ? content.nodes : [generated('tls.record.content_type', inner, labelled(CONTENT_NAMES)(inner), base + RECORD_HEAD, record.length - RECORD_HEAD), ...content.nodes]);
}

/** What an opened record holds: `inner` is its plaintext, of which the first `length` bytes are content, then (TLS 1.3) type and padding. */
export function fieldsOfOpened(inner: Uint8Array, contentType: number, length: number, options: RecordOptions = {}): FieldNode {
  const room: Room = { left: options.room ?? TLS_LIMITS.treeItems };
  const { base = 0 } = options;
  const content = contentNodes(contentType, inner, 0, length, { ...options, base, whole: true, sealed: false }, room);
  const nodes = [...content.nodes];
  if (inner.length > length) {
    nodes.push({ name: 'tls.record.content_type', value: contentType, display: labelled(CONTENT_NAMES)(contentType), start: base + length, length: 1, children: [] });
    const padding = inner.length - length - 1;
    if (padding > 0) nodes.push({ name: 'tls.record.padding_length', value: padding, display: `${padding} B`, start: base + length + 1, length: padding, children: [], generated: true });
  }
  return group('tls', `TLS ${content.title}`, base, inner.length, nodes);
}

/** A whole handshake message, which may have come in several records: `bytes` with its head. */
export function fieldsOfMessage(bytes: Uint8Array, options: RecordOptions = {}): FieldNode {
  const announced = bytes.length < HANDSHAKE_HEAD ? HANDSHAKE_HEAD : HANDSHAKE_HEAD + readUint(bytes, 1, 3);
  return handshakeNodes(bytes.subarray(0, announced), 0, options.base ?? 0, { cut: bytes.length < announced, tls13: options.tls13 ?? null, cipher: options.cipher ?? '' }, { left: options.room ?? TLS_LIMITS.treeItems });
}

interface ContentOptions extends RecordOptions {
  readonly base: number;
  readonly whole: boolean;
}

function contentNodes(type: number, bytes: Uint8Array, from: number, to: number, options: ContentOptions, room: Room): { readonly title: string; readonly nodes: FieldNode[] } {
  const { base } = options;
  const raw = (name: string, title: string): { title: string; nodes: FieldNode[] } => ({ title, nodes: to > from ? [bytesNode(name, bytes, from, to, base)] : [] });
  const fragment = bytes.subarray(from, to);
  switch (type) {
    case CONTENT.changeCipherSpec: return raw('tls.change_cipher_spec', 'Change Cipher Spec');
    case CONTENT.applicationData: {
      const { title, nodes } = raw('tls.app_data', 'Application Data');
      if (options.carries !== undefined) nodes.push(generated('tls.app_data_proto', options.carries, options.carries, base + to, 0));
      return { title, nodes };
    }
    case CONTENT.heartbeat: return options.sealed === true ? raw('tls.heartbeat_message', 'Heartbeat') : { title: 'Heartbeat', nodes: [heartbeat(bytes, from, to, base, room)] };
    case CONTENT.alert: {
      const alert = readAlert(fragment);
      if (alert === null || options.sealed === true) return raw('tls.alert_message', 'Encrypted Alert');
      const layout = { level: uint('tls.alert_message.level', from, 1, { format: labelled(ALERT_LEVELS) }), description: uint('tls.alert_message.desc', from + 1, 1, { format: labelled(ALERT_NAMES) }) };
      return { title: `Alert (${alertText(alert)})`, nodes: [group('tls.alert_message', alertText(alert), base + from, 2, layoutNodes(layout, bytes.subarray(0, to), base))] };
    }
    default: {
      const continued = Math.min(options.continued ?? 0, fragment.length);
      const sealed = options.sealed ?? (continued === 0 && !looksLikeHandshake(fragment));
      if (sealed) return raw('tls.handshake', 'Encrypted Handshake Message');
      return messages(bytes, from, to, continued, options, room);
    }
  }
}

/** RFC 6520 4. A payload that is longer than its record is what Heartbleed asked with. */
function heartbeat(bytes: Uint8Array, from: number, to: number, base: number, room: Room): FieldNode {
  const walk = new Walk(bytes, from, to, base, room);
  walk.uint('tls.heartbeat_message.type', 1, labelled(HEARTBEAT_NAMES));
  walk.opaque('tls.heartbeat_message.payload_length', 2, 'tls.heartbeat_message.payload');
  const problem = walk.problem ?? undefined;
  walk.rest('tls.heartbeat_message.padding');
  return group('tls.heartbeat_message', 'Heartbeat', base + from, to - from, walk.nodes, problem);
}

function messages(bytes: Uint8Array, from: number, to: number, continued: number, options: ContentOptions, room: Room): { readonly title: string; readonly nodes: FieldNode[] } {
  const nodes: FieldNode[] = [];
  const titles: string[] = [];
  let at = from + continued;
  if (continued > 0) {
    nodes.push(bytesNode('tls.handshake.fragment', bytes, from, at, options.base));
    titles.push('Handshake (continued)');
  }
  while (at < to && room.left > 0) {
    const type = bytes[at] ?? 0;
    const length = to - at < HANDSHAKE_HEAD ? to - at : Math.min(to - at, HANDSHAKE_HEAD + readUint(bytes, at + 1, 3));
    const cut = to - at < HANDSHAKE_HEAD || HANDSHAKE_HEAD + readUint(bytes, at + 1, 3) > length;
    nodes.push(handshakeNodes(bytes.subarray(0, at + length), at, options.base, { cut, tls13: options.tls13 ?? null, cipher: options.cipher ?? '' }, room));
    titles.push(handshakeName(type));
    at += length;
  }
  if (at < to) nodes.push(bytesNode('tls.handshake', bytes, at, to, options.base, 'more than is shown'));
  return { title: titles.length > 4 ? `${titles.slice(0, 4).join(', ')}, …` : titles.join(', '), nodes };
}
