// The tree of one message between peers, or of the handshake, with Wireshark's names (BEP 3), as far as its bytes go. The reserved bits
// and what extended messages carry have nodes of their own, for which Wireshark has none.

import { bencodeNodes, type Room } from '../bencode/fields';
import { generated, group, withChildren, type FieldNode } from '../field';
import { bit, bytesNode, labelled, layoutNodes, specNode, uint, unit } from '../layout';
import { previewText } from '../text';
import { readUint } from '../../base/bytes';
import { HANDSHAKE, looksLikeHandshake, PROTOCOL } from './handshake';
import { BITTORRENT_LIMITS } from './limits';
import { countBits, headFault, LENGTH, MESSAGE_HEAD, PIECE_HEAD } from './message';
import { clientOf, MESSAGE_NAMES, messageName, peerIdText, RESERVED, type MessageName } from './names';
import { sizeText } from './summary';

const reservedBit = (name: string, { at, mask }: { readonly at: number; readonly mask: number }): ReturnType<typeof bit> => bit(name, HANDSHAKE.reserved + at, 1, mask);
const RESERVED_BITS = {
  extended: reservedBit('bittorrent.reserved.extended', RESERVED.extended),
  fast: reservedBit('bittorrent.reserved.fast', RESERVED.fast),
  dht: reservedBit('bittorrent.reserved.dht', RESERVED.dht),
};
const head = { length: uint('bittorrent.msg.length', 0, 4, { format: unit('B') }), type: uint('bittorrent.msg.type', 4, 1, { format: labelled(MESSAGE_NAMES) }) };
const index = uint('bittorrent.piece.index', 5, 4);
const begin = uint('bittorrent.piece.begin', 9, 4);
const extendedId = uint('bittorrent.extended.id', 5, 1, { format: (value) => (value === 0 ? 'handshake (0)' : String(value)) });

/** How a bencoded dictionary begins: 'd'. */
const DICTIONARY = 0x64;

/** What each type has behind its number. */
const PARTS: Readonly<Partial<Record<MessageName, Readonly<Record<string, typeof index>>>>> = {
  have: { index }, suggest: { index }, allowedFast: { index }, piece: { index, begin },
  request: { index, begin, length: blockLength() }, cancel: { index, begin, length: blockLength() }, reject: { index, begin, length: blockLength() },
  port: { port: uint('bittorrent.port', 5, 2) }, extended: { id: extendedId },
};

function blockLength(): typeof index {
  return uint('bittorrent.piece.length', 13, 4, { format: sizeText });
}

/** One message or the handshake. `base` is added to every start; about `room` nodes at most. Never throws. */
export function fieldsOfMessage(bytes: Uint8Array, base = 0, room: number = BITTORRENT_LIMITS.treeItems): FieldNode {
  return looksLikeHandshake(bytes) ? handshakeTree(bytes.subarray(0, HANDSHAKE.end), base) : messageTree(bytes, base, { left: room });
}

function handshakeTree(bytes: Uint8Array, base: number): FieldNode {
  const nodes: FieldNode[] = [specNode(uint('bittorrent.protocol.name.length', 0, 1, { format: unit('B') }), bytes, base)];
  const part = (name: string, from: number, to: number): FieldNode | null => (bytes.length > from ? bytesNode(name, bytes, from, Math.min(to, bytes.length), base) : null);
  const name = previewText(bytes.subarray(1, PROTOCOL.length));
  if (bytes.length > 1) nodes.push({ name: 'bittorrent.protocol.name', value: name, display: name, start: base + 1, length: Math.min(PROTOCOL.length, bytes.length) - 1, children: [] });
  const reserved = part('bittorrent.reserved', HANDSHAKE.reserved, HANDSHAKE.infoHash);
  if (reserved !== null) nodes.push(withChildren(reserved, layoutNodes(RESERVED_BITS, bytes, base)));
  const infoHash = part('bittorrent.info_hash', HANDSHAKE.infoHash, HANDSHAKE.peerId);
  if (infoHash !== null) nodes.push(infoHash);
  const peerId = part('bittorrent.peer_id', HANDSHAKE.peerId, HANDSHAKE.end);
  if (peerId !== null) nodes.push(peerIdNode(peerId));
  return group('bittorrent', 'BitTorrent Handshake', base, bytes.length, nodes);
}

function peerIdNode(node: FieldNode): FieldNode {
  const bytes = node.value instanceof Uint8Array ? node.value : new Uint8Array(0);
  const client = clientOf(bytes);
  const said = client === '' ? [] : [generated('bittorrent.version', client, client, node.start, node.length)];
  return { ...node, display: peerIdText(bytes), children: said };
}

function messageTree(bytes: Uint8Array, base: number, room: Room): FieldNode {
  const length = bytes.length < LENGTH ? null : readUint(bytes, 0, LENGTH);
  const message = bytes.subarray(0, length === null ? LENGTH : LENGTH + length);
  const number = message[LENGTH];
  const fault = length === null || length === 0 || number === undefined ? null : length > BITTORRENT_LIMITS.message ? `a message of ${length} bytes` : headFault(length, number);
  const title = length === 0 ? 'Keep-alive' : number === undefined ? '' : (MESSAGE_NAMES.get(number) ?? `type ${number}`);
  const nodes = layoutNodes(head, message, base);
  if (fault === null) nodes.push(...bodyNodes(message, base, room));
  else if (message.length > MESSAGE_HEAD) nodes.push(bytesNode('bittorrent.continuous_data', message, MESSAGE_HEAD, message.length, base));
  if (length === null && message.length > 0) nodes.push(bytesNode('bittorrent.continuous_data', message, 0, message.length, base));
  const tree = group('bittorrent.msg', title, base, message.length, nodes, fault ?? undefined);
  return group('bittorrent', `BitTorrent ${title}`.trimEnd(), base, message.length, [tree]);
}

/** What is behind the type. */
function bodyNodes(bytes: Uint8Array, base: number, room: Room): FieldNode[] {
  if (bytes.length <= MESSAGE_HEAD) return [];
  const type = messageName(bytes[LENGTH] ?? 0);
  const layout = type === null ? undefined : PARTS[type];
  const nodes = layout === undefined ? [] : layoutNodes(layout, bytes, base);
  const known = nodes.reduce((end, node) => Math.max(end, node.start + node.length - base), MESSAGE_HEAD);
  if (known >= bytes.length) return nodes;
  const rest = (name: string): FieldNode => bytesNode(name, bytes, known, bytes.length, base);
  if (type === 'bitfield') {
    const bits = bytes.subarray(known);
    nodes.push({ ...rest('bittorrent.msg.bitfield'), display: `${countBits(bits)}/${bits.length * 8}` });
  } else if (type === 'piece' && known === PIECE_HEAD) nodes.push({ ...rest('bittorrent.piece.data'), display: sizeText(bytes.length - known) });
  // The dictionary of a handshake stands for itself; others lie in bytes whose meaning was agreed on (BEP 10).
  else if (type === 'extended' && bytes[5] === 0 && bytes[known] === DICTIONARY) nodes.push(...carried(bytes, known, base, room));
  else if (type === 'extended') nodes.push(withChildren(rest('bittorrent.extended'), carried(bytes, known, base, room)));
  else nodes.push(rest('bittorrent.continuous_data'));
  return nodes;
}

/** A dictionary, and the metadata that may follow it (BEP 9); what is no dictionary stays bytes. */
function carried(bytes: Uint8Array, start: number, base: number, room: Room): FieldNode[] {
  if (bytes[start] !== DICTIONARY) return [];
  const { nodes, end } = bencodeNodes(bytes, start, base, room);
  return end < bytes.length ? [...nodes, bytesNode('bittorrent.extended.data', bytes, end, bytes.length, base)] : nodes;
}

