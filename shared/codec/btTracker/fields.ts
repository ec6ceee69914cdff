// The tree of one datagram of a tracker with Wireshark's names (BEP 15), as far as its bytes go.

import { readUint } from '../../base/bytes';
import { STRIDE } from '../bittorrent/peers';
import { peerIdText } from '../bittorrent/names';
import { generated, group, type FieldNode } from '../field';
import { bytesNode, hex, ipv4Address, ipv6Address, labelled, layoutNodes, uint, unit, type Layout } from '../layout';
import { previewText } from '../text';
import { TRACKER_LIMITS } from './limits';
import { decodeTracker, EVENTS, LEAST, trackerType, type TrackerType, type TrackerWay } from './message';
import { TYPE_NAMES } from './summary';

const TYPES = Object.keys(TYPE_NAMES) as TrackerType[];
const ACTIONS = new Map([[0, 'Connect'], [1, 'Announce'], [2, 'Scrape'], [3, 'Error']]);
const EVENT_NAMES = new Map(EVENTS.map((name, i) => [i, name] as const));

const action = (at: number) => uint('bt-tracker.action', at, 4, { format: labelled(ACTIONS) });
const transaction = (at: number) => uint('bt-tracker.transaction_id', at, 4, { format: hex(8) });
const count = (name: string, at: number) => uint(name, at, 4);

/** Fields of four bytes and less; those of eight and of bytes are put between them by place. */
const LAYOUTS: Readonly<Record<TrackerType, Layout>> = {
  connectRequest: { action: action(8), transaction: transaction(12) },
  connectResponse: { action: action(0), transaction: transaction(4) },
  announceRequest: {
    action: action(8), transaction: transaction(12), event: uint('bt-tracker.event', 80, 4, { format: labelled(EVENT_NAMES) }), address: ipv4Address('bt-tracker.ip_address', 84),
    key: uint('bt-tracker.key', 88, 4), port: uint('bt-tracker.port', 96, 2),
  },
  announceResponse: { action: action(0), transaction: transaction(4), interval: uint('bt-tracker.interval', 8, 4, { format: unit('s') }), leechers: count('bt-tracker.leechers', 12), seeders: count('bt-tracker.seeders', 16) },
  scrapeRequest: { action: action(8), transaction: transaction(12) },
  scrapeResponse: { action: action(0), transaction: transaction(4) },
  error: { action: action(0), transaction: transaction(4) },
};

const LONGS: Readonly<Partial<Record<TrackerType, readonly (readonly [string, number])[]>>> = {
  connectRequest: [['bt-tracker.proto_id', 0]],
  connectResponse: [['bt-tracker.connection_id', 8]],
  announceRequest: [['bt-tracker.connection_id', 0], ['bt-tracker.downloaded', 56], ['bt-tracker.left', 64], ['bt-tracker.uploaded', 72]],
  scrapeRequest: [['bt-tracker.connection_id', 0]],
};

/** The tree; `base` is added to every start. Never throws. */
export function fieldsOfTracker(bytes: Uint8Array, way: TrackerWay = {}, base = 0): FieldNode {
  const type = trackerType(bytes, way.way);
  if (type === null) {
    const decoded = decodeTracker(bytes, way);
    const problem = 'status' in decoded && decoded.status === 'malformed' ? decoded.why : undefined;
    return group('bt-tracker', 'BitTorrent Tracker', base, bytes.length, bytes.length === 0 ? [] : [bytesNode('bt-tracker.unknown', bytes, 0, bytes.length, base)], problem);
  }
  const nodes = [...layoutNodes(LAYOUTS[type], bytes, base), ...(LONGS[type] ?? []).flatMap(([name, at]) => long(name, bytes, at, base)), ...rest(type, bytes, way, base)];
  nodes.sort((one, other) => one.start - other.start);
  const end = nodes.reduce((most, node) => Math.max(most, node.start + node.length - base), 0);
  if (end < bytes.length) nodes.push(bytesNode('bt-tracker.unknown', bytes, end, bytes.length, base));
  const decoded = bytes.length < LEAST[type] ? null : decodeTracker(bytes, way);
  const problem = decoded !== null && 'status' in decoded && decoded.status === 'malformed' ? decoded.why : undefined;
  const kind = generated('bt-tracker.msg_type', TYPES.indexOf(type), TYPE_NAMES[type], base, 0);
  return group('bt-tracker', `BitTorrent Tracker ${TYPE_NAMES[type]}`, base, bytes.length, [kind, ...nodes], problem);
}

/** 64 bits: a number where it is exact, else its digits. */
function long(name: string, bytes: Uint8Array, at: number, base: number): FieldNode[] {
  if (bytes.length < at + 8) return [];
  const exact = (BigInt(readUint(bytes, at, 4)) << 32n) | BigInt(readUint(bytes, at + 4, 4));
  const value = exact <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(exact) : String(exact);
  const display = name === 'bt-tracker.connection_id' || name === 'bt-tracker.proto_id' ? `0x${exact.toString(16).padStart(16, '0')}` : `${exact} B`;
  return [{ name, value, display, start: base + at, length: 8, children: [] }];
}

function rest(type: TrackerType, bytes: Uint8Array, { family = 'ipv4' }: TrackerWay, base: number): FieldNode[] {
  const whole = (name: string, at: number, length: number): FieldNode[] => (at + length <= bytes.length ? [bytesNode(name, bytes, at, at + length, base)] : []);
  switch (type) {
    case 'announceRequest': {
      const want = bytes.length < 96 ? [] : [{ name: 'bt-tracker.num_want', value: readUint(bytes, 92, 4) | 0, display: String(readUint(bytes, 92, 4) | 0), start: base + 92, length: 4, children: [] }];
      const peerId = whole('bt-tracker.peer_id', 36, 20).map((node) => ({ ...node, display: peerIdText(bytes.subarray(36, 56)) }));
      return [...whole('bt-tracker.info_hash', 16, 20), ...peerId, ...want];
    }
    case 'announceResponse': return bytes.length > 20 ? peers(bytes, STRIDE[family], base) : [];
    case 'scrapeRequest': return each(bytes, 16, 20, (at) => whole('bt-tracker.info_hash', at, 20));
    case 'scrapeResponse': return each(bytes, 8, 12, (at) => layoutNodes({ s: count('bt-tracker.seeders', at), c: count('bt-tracker.completed', at + 4), l: count('bt-tracker.leechers', at + 8) }, bytes, base));
    case 'error': {
      const text = previewText(bytes.subarray(8), 256);
      return bytes.length > 8 ? [{ name: 'bt-tracker.error_msg', value: text, display: text, start: base + 8, length: bytes.length - 8, children: [] }] : [];
    }
    case 'connectRequest': case 'connectResponse': return [];
    default: return type satisfies never;
  }
}

/** Wireshark calls the peers trackers. */
function peers(bytes: Uint8Array, stride: number, base: number): FieldNode[] {
  const nodes = each(bytes, 20, stride, (at) => {
    const address = stride === STRIDE.ipv4 ? ipv4Address('bt-tracker.tracker.ip', at) : ipv6Address('bt-tracker.tracker.ip6', at);
    const children = layoutNodes({ address, port: uint('bt-tracker.tracker.port', at + stride - 2, 2) }, bytes, base);
    return [group('bt-tracker.tracker', children.map(({ display }) => display).join(':'), base + at, stride, children)];
  });
  const end = nodes.length === 0 ? 20 : 20 + nodes.length * stride;
  return nodes.length === 0 ? [] : [group('bt-tracker.trackers', `${nodes.length}`, base + 20, end - 20, nodes)];
}

/** Nodes of what comes again and again, as many as may be shown. */
function each(bytes: Uint8Array, from: number, stride: number, nodes: (at: number) => FieldNode[]): FieldNode[] {
  const found: FieldNode[] = [];
  const most = Math.floor(TRACKER_LIMITS.treeItems / 3) - 10;
  for (let at = from; at + stride <= bytes.length && (at - from) / stride < most; at += stride) found.push(...nodes(at));
  return found;
}
