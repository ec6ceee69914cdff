// Where states, transitions and their labels stand: RFC 9293's Figure 5 turned, so that a connection's life runs from left to right. One
// design of 650 x 236 px, in which nothing covers anything; larger panes spread it and enlarge type and boxes less than the room. Pure.

import type { NodeId } from './diagram';

export interface Point {
  readonly x: number;
  readonly y: number;
}
/** A cubic Bézier curve. */
export type Curve = readonly [Point, Point, Point, Point];

/** The least size at which all labels have room, in px. */
export const LEAST = { width: 650, height: 236 } as const;
const BOX = { width: 78, height: 26 } as const;

export interface NodeLayout {
  readonly id: NodeId;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** On which edge tokens sit: the one away from labels. */
  readonly tokens: 'top' | 'bottom';
}
export interface EdgeLayout {
  readonly id: string;
  readonly curve: Curve;
  readonly path: string;
  readonly label: Point & { readonly anchor: 'start' | 'middle' | 'end' };
}
export interface DiagramLayout {
  readonly width: number;
  readonly height: number;
  readonly font: number;
  readonly nodes: readonly NodeLayout[];
  readonly edges: ReadonlyMap<string, EdgeLayout>;
}

/** Middles of the boxes in the design. */
const AT: Readonly<Record<NodeId, readonly [x: number, y: number, tokens: 'top' | 'bottom']>> = {
  CLOSED: [45, 118, 'bottom'], LISTEN: [138, 39, 'bottom'], SYN_SENT: [138, 197, 'top'], SYN_RECEIVED: [232, 39, 'bottom'], ESTABLISHED: [325, 118, 'bottom'],
  FIN_WAIT_1: [418, 39, 'bottom'], FIN_WAIT_2: [512, 39, 'bottom'], CLOSING: [512, 118, 'bottom'], TIME_WAIT: [606, 39, 'bottom'],
  CLOSE_WAIT: [418, 197, 'top'], LAST_ACK: [512, 197, 'top'], END: [606, 197, 'top'],
};

/** A point on a box's edge: l(eft) r(ight) t(op) b(ottom), and how far along it from -1 to 1. */
type Port = readonly [side: 'l' | 'r' | 't' | 'b', along: number];
/** Ports, label's middle in the design and its anchor; `bend`: how far the curve leaves its ports straight on, as a share of the way. */
interface Drawn {
  readonly from: Port;
  readonly to: Port;
  readonly label: readonly [x: number, y: number, anchor?: 'start' | 'middle' | 'end'];
  readonly bend?: number;
}

/** Heights of labels that follow boxes and arrows rather than the pane: above the upper row, below the lower, over and under an arrow. */
const [ABOVE, BELOW, OVER, UNDER] = [-1, -2, -3, -4];

const EDGES: Readonly<Record<string, Drawn>> = {
  'CLOSED-LISTEN': { from: ['t', -0.85], to: ['l', 0], label: [22, 82, 'start'], bend: 0.6 },
  'LISTEN-CLOSED': { from: ['b', -0.7], to: ['r', -0.5], label: [103, 87, 'start'] },
  'CLOSED-SYN_SENT': { from: ['b', -0.85], to: ['l', 0], label: [22, 156, 'start'], bend: 0.6 },
  'SYN_SENT-CLOSED': { from: ['t', -0.7], to: ['r', 0.5], label: [103, 151, 'start'] },
  'LISTEN-SYN_RECEIVED': { from: ['r', -0.4], to: ['l', -0.4], label: [185, ABOVE] },
  'SYN_RECEIVED-LISTEN': { from: ['l', 0.4], to: ['r', 0.4], label: [185, UNDER] },
  'LISTEN-SYN_SENT': { from: ['b', 0.65], to: ['t', 0.65], label: [166, 87, 'start'] },
  'SYN_SENT-SYN_RECEIVED': { from: ['t', 0.92], to: ['b', -0.3], label: [212, 118, 'start'] },
  'SYN_SENT-ESTABLISHED': { from: ['r', 0], to: ['l', 0.5], label: [256, 177, 'start'] },
  'SYN_RECEIVED-ESTABLISHED': { from: ['b', 0.6], to: ['t', -0.4], label: [292, 76, 'start'] },
  'SYN_RECEIVED-FIN_WAIT_1': { from: ['r', -0.3], to: ['l', -0.3], label: [325, OVER] },
  'ESTABLISHED-FIN_WAIT_1': { from: ['r', -0.4], to: ['b', -0.6], label: [390, 74, 'start'] },
  'ESTABLISHED-CLOSE_WAIT': { from: ['r', 0.4], to: ['t', -0.2], label: [392, 143, 'start'] },
  'FIN_WAIT_1-FIN_WAIT_2': { from: ['r', -0.3], to: ['l', -0.3], label: [465, ABOVE] },
  'FIN_WAIT_1-CLOSING': { from: ['b', 0.3], to: ['l', 0], label: [432, 110, 'end'], bend: 0.6 },
  'FIN_WAIT_2-TIME_WAIT': { from: ['r', -0.3], to: ['l', -0.3], label: [559, ABOVE] },
  'CLOSING-TIME_WAIT': { from: ['r', 0], to: ['b', -0.55], label: [512, 85], bend: 0.6 },
  'CLOSE_WAIT-LAST_ACK': { from: ['r', 0.3], to: ['l', 0.3], label: [465, BELOW] },
  'LAST_ACK-END': { from: ['r', 0.3], to: ['l', 0.3], label: [559, BELOW] },
  'TIME_WAIT-END': { from: ['b', 0.35], to: ['t', 0.35], label: [614, 156, 'end'] },
  'FIN_WAIT_1-TIME_WAIT-fin': { from: ['b', 0.75], to: ['b', -0.85], label: [512, 61], bend: 0.5 },
  'SYN_SENT-END-rst': { from: ['b', 0.3], to: ['b', 0.3], label: [372, BELOW], bend: 0.07 },
  'SYN_RECEIVED-END-rst': { from: ['b', 0.2], to: ['l', -0.5], label: [450, 164] },
  'ESTABLISHED-END-rst': { from: ['b', 0.5], to: ['l', -0.4], label: [470, 164], bend: 0.4 },
  'FIN_WAIT_1-END-rst': { from: ['b', 0.1], to: ['l', -0.5], label: [470, 156] },
  'FIN_WAIT_2-END-rst': { from: ['b', 0.8], to: ['t', -0.6], label: [566, 67] },
  'CLOSING-END-rst': { from: ['b', 0.5], to: ['t', -0.7], label: [552, 167] },
  'TIME_WAIT-END-rst': { from: ['b', 0.7], to: ['t', 0.7], label: [640, 118, 'end'] },
  'CLOSE_WAIT-END-rst': { from: ['t', 0.7], to: ['l', -0.5], label: [500, 162], bend: 0.35 },
  'LAST_ACK-END-rst': { from: ['r', -0.4], to: ['l', -0.4], label: [559, 178] },
};

const OUT: Readonly<Record<Port[0], Point>> = { l: { x: -1, y: 0 }, r: { x: 1, y: 0 }, t: { x: 0, y: -1 }, b: { x: 0, y: 1 } };

/** The diagram for a pane of that size, in px; a smaller pane than LEAST scrolls. `scale`: the user's size of text. */
export function diagramLayout(width: number, height: number, scale = 1): DiagramLayout {
  const [w, h] = [Math.max(width, LEAST.width * scale), Math.max(height, LEAST.height * scale)];
  const [sx, sy] = [w / LEAST.width, h / LEAST.height];
  const grow = Math.min(sx, sy * 1.08);
  const font = Math.min(9.6 * grow, 12.5 * scale);
  const box = { width: BOX.width * Math.min(sx, 1.55 * scale), height: BOX.height * Math.min(sy, 1.4 * scale) };
  const nodes = (Object.keys(AT) as NodeId[]).map((id): NodeLayout => {
    const [x, y, tokens] = AT[id];
    return { id, x: x * sx - box.width / 2, y: y * sy - box.height / 2, ...box, tokens };
  });
  const places = new Map(nodes.map((node) => [node.id, node]));
  const edges = new Map<string, EdgeLayout>();
  for (const [id, drawn] of Object.entries(EDGES)) {
    const [fromId, toId] = id.split('-') as [NodeId, NodeId];
    const [from, to] = [places.get(fromId), places.get(toId)];
    if (from === undefined || to === undefined) continue;
    const curve = curveOf(portAt(from, drawn.from), drawn.from, portAt(to, drawn.to), drawn.to, drawn.bend ?? 0);
    const [x, y, anchor = 'middle'] = drawn.label;
    const edge = pointOn(curve, 0.5).y;
    const placed = { [ABOVE]: from.y - font * 1.25, [BELOW]: from.y + from.height + font * 1.35, [OVER]: edge - font * 1.4, [UNDER]: from.y + from.height + font * 0.9 }[y];
    edges.set(id, { id, curve, path: pathOf(curve), label: { x: x * sx, y: placed ?? y * sy, anchor } });
  }
  return { width: w, height: h, font, nodes, edges };
}

const portAt = ({ x, y, width, height }: NodeLayout, [side, along]: Port): Point => ({
  x: side === 'l' ? x : side === 'r' ? x + width : x + (width / 2) * (1 + along), y: side === 't' ? y : side === 'b' ? y + height : y + (height / 2) * (1 + along),
});

function curveOf(a: Point, [fromSide]: Port, b: Point, [toSide]: Port, bend: number): Curve {
  const reach = Math.hypot(b.x - a.x, b.y - a.y) * bend;
  const along = (from: Point, to: Point): Point => ({ x: from.x + (to.x - from.x) / 3, y: from.y + (to.y - from.y) / 3 });
  const out = (from: Point, side: Port[0]): Point => ({ x: from.x + OUT[side].x * reach, y: from.y + OUT[side].y * reach });
  return bend === 0 ? [a, along(a, b), along(b, a), b] : [a, out(a, fromSide), out(b, toSide), b];
}

const round = (value: number): number => Math.round(value * 10) / 10;
const pathOf = ([a, b, c, d]: Curve): string => `M${round(a.x)} ${round(a.y)}C${[b, c, d].map((one) => `${round(one.x)} ${round(one.y)}`).join(' ')}`;

/** The point of a curve at `share`, from 0 to 1. */
export function pointOn([a, b, c, d]: Curve, share: number): Point {
  const [s, r] = [share, 1 - share];
  const mix = (axis: 'x' | 'y'): number => r * r * r * a[axis] + 3 * r * r * s * b[axis] + 3 * r * s * s * c[axis] + s * s * s * d[axis];
  return { x: mix('x'), y: mix('y') };
}

/** Where a token of rank `rank` of those on a box sits. */
export function seatOf(node: NodeLayout, rank: number, size: number): Point {
  return { x: node.x + 10 + rank * (size + 2), y: node.tokens === 'top' ? node.y : node.y + node.height };
}

/** The nearest box from another in the direction of an arrow key; the same when there is none. */
export function neighbour(nodes: readonly NodeLayout[], from: NodeId, key: string): NodeId {
  const here = nodes.find((node) => node.id === from);
  const direction = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
  if (here === undefined || direction === undefined) return from;
  const [dx = 0, dy = 0] = direction;
  const cost = (node: NodeLayout): number => {
    const [x, y] = [node.x - here.x, node.y - here.y];
    const [ahead, aside] = [x * dx + y * dy, Math.abs(x * dy) + Math.abs(y * dx)];
    return ahead <= 1 ? Number.POSITIVE_INFINITY : ahead + aside * 2;
  };
  const best = nodes.reduce((found, node) => (cost(node) < cost(found) ? node : found), here);
  return best.id;
}
