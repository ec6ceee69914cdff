// Where the arrows of a lookup run: from edge to edge of two boxes, the query on one side of the straight line, the answer on the other.
// Pure numbers, in px.

import type { DnsNode } from './layout';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Path {
  readonly from: Point;
  readonly to: Point;
  readonly control: Point;
  /** As an SVG path. */
  readonly d: string;
  /** Of its last piece, in degrees. */
  readonly angle: number;
}

/** How far the two arrows of an exchange keep from the straight line, and from each other's badge. */
const BEND = 16;
/** Between the arrows of two exchanges of the same boxes; all of them together at most. */
const LANE = 16;
const MOST_LANES = 52;

/** Where among the exchanges of the same two boxes one stands: from 0, of so many. */
export interface Lane {
  readonly lane: number;
  readonly lanes: number;
}

const centre = (node: DnsNode): Point => ({ x: node.x + node.width / 2, y: node.y + node.height / 2 });

/** Where the line from the centre towards `target` leaves the box. */
function edge(node: DnsNode, target: Point): Point {
  const { x, y } = centre(node);
  const dx = target.x - x;
  const dy = target.y - y;
  if (dx === 0 && dy === 0) return { x, y };
  const scale = Math.min(dx === 0 ? Number.POSITIVE_INFINITY : node.width / 2 / Math.abs(dx), dy === 0 ? Number.POSITIVE_INFINITY : node.height / 2 / Math.abs(dy));
  return { x: x + dx * scale, y: y + dy * scale };
}

/** Arrows meet a server at its left side, where those who ask stand: so they cross none of the boxes above it. */
function meet(node: DnsNode, other: DnsNode, control: Point, apart: number): Point {
  if (node.kind !== 'server' || other.kind === 'server') return edge(node, control);
  const middle = (centre(node).y + centre(other).y) / 2;
  return { x: node.x, y: centre(node).y + Math.sign(control.y - middle) * Math.min(5 + apart / 2, node.height / 2 - 3) };
}

export function pathOf(from: DnsNode, to: DnsNode, kind: 'query' | 'answer' | 'stray', { lane, lanes }: Lane = { lane: 0, lanes: 1 }): Path {
  const [start, end] = [centre(from), centre(to)];
  const length = Math.hypot(end.x - start.x, end.y - start.y) || 1;
  // To the right of its own direction: so the way back runs on the other side. Answers bend a little more, that badges keep apart.
  const apart = lanes <= 1 ? 0 : lane * Math.min(LANE, MOST_LANES / (lanes - 1));
  const bend = (kind === 'query' ? BEND : BEND * 1.15) + 2 * apart;
  const control = { x: (start.x + end.x) / 2 - ((end.y - start.y) / length) * bend, y: (start.y + end.y) / 2 + ((end.x - start.x) / length) * bend };
  const [a, b] = [meet(from, to, control, apart), meet(to, from, control, apart)];
  return { from: a, to: b, control, d: `M${a.x} ${a.y} Q${control.x} ${control.y} ${b.x} ${b.y}`, angle: (Math.atan2(b.y - control.y, b.x - control.x) * 180) / Math.PI };
}

/** A point of the curve; `part` from 0 to 1. */
export function pointAt({ from, control, to }: Path, part: number): Point {
  const rest = 1 - part;
  const mix = (a: number, c: number, b: number): number => rest * rest * a + 2 * rest * part * c + part * part * b;
  return { x: mix(from.x, control.x, to.x), y: mix(from.y, control.y, to.y) };
}

/** Numbers of neighbouring lanes stand in a staircase. */
export const middleOf = (path: Path, { lane, lanes }: Lane = { lane: 0, lanes: 1 }): Point => pointAt(path, lanes <= 1 ? 0.42 : 0.36 + 0.3 * ((lane % 3) / 2));
