// The message that the picture of headers follows, and its frame taken apart for the screen: headers with cells of bytes, one cell for the
// fields that share bytes. Pure; frames come from shared/trace/headersFrames.ts.

import type { Layer } from '../../../shared/codec/codec';
import { dissect, type DissectedLayer } from '../../../shared/codec/dissect';
import type { FieldNode } from '../../../shared/codec/field';
import { groundOf, type Ground, type HeadersFrame } from '../../../shared/trace/headersFrames';
import type { Segment, Selection, Story } from '../../../shared/trace/story';

/** Moments that are looked back for a message. */
const REACH = 4000;
/** Messages that the picker offers. */
const OFFERED = 100;

/** Id of the segment at the playhead, or of the one that was chosen elsewhere; null before the first. */
export function followedSegment(story: Story, selection: Selection, position: number): number | null {
  if (selection.type === 'segment') return selection.id < story.segments.count ? selection.id : null;
  if (selection.type === 'fact') {
    const index = story.momentOfFact(selection.seq);
    const chosen = index < 0 ? null : story.moments.at(index).segment;
    if (chosen !== null) return chosen;
  }
  for (let index = Math.min(Math.floor(position), story.moments.count) - 1, least = index - REACH; index >= Math.max(0, least); index--) {
    const { segment } = story.moments.at(index);
    if (segment !== null) return segment;
  }
  return null;
}

/** Segments in the order of the picture, those that carry bytes and, while there is room, the others. */
export function offeredSegments(story: Story): readonly number[] {
  const ids: number[] = [];
  for (let index = 0; index < story.moments.count && ids.length < OFFERED; index++) {
    const { segment } = story.moments.at(index);
    if (segment !== null) ids.push(segment);
  }
  return ids;
}

/** A run of bytes that one field, or several that share a byte, lie in. */
export interface Cell {
  readonly key: string;
  readonly start: number;
  readonly length: number;
  readonly nodes: readonly FieldNode[];
  readonly ground: Ground;
}

export interface HeaderModel {
  readonly id: string;
  readonly protocol: string;
  readonly title: string;
  readonly layer: Layer;
  readonly start: number;
  readonly length: number;
  readonly cells: readonly Cell[];
}

export interface FrameModel {
  readonly frame: HeadersFrame;
  /** Outermost first. */
  readonly headers: readonly HeaderModel[];
  readonly layers: readonly DissectedLayer[];
  /** The message's bytes in this frame. */
  readonly payload: Cell | null;
}

export function frameModel(frame: HeadersFrame, segment: Segment): FrameModel {
  const transport = segment.transport === 'unix' ? 'tcp' : segment.transport;
  const layers = dissect(frame.bytes, frame.linkType, frame.missing).filter((layer) => layer.layer !== 'application' && layer.start < frame.payloadStart && !layer.quoted);
  const headers = layers.map((layer): HeaderModel => ({
    id: `${layer.protocol}-${layer.start}`, protocol: layer.protocol, title: layer.title, layer: layer.layer, start: layer.start, length: layer.length,
    cells: cellsOf(layer.tree, (name) => groundOf(name, frame.source, transport)),
  }));
  const length = frame.bytes.length - frame.payloadStart;
  const quoted = segment.transport === 'icmp';
  const data = { name: 'data.data', value: null, display: '', start: frame.payloadStart, length, children: [] };
  return { frame, headers, layers, payload: length <= 0 ? null : { key: 'data', start: frame.payloadStart, length, nodes: [data], ground: quoted ? 'made' : groundOf('data.data', frame.source, transport) } };
}

/** The fields of a header as cells, none of whose bytes lies in two. */
export function cellsOf(tree: FieldNode, ground: (name: string) => Ground): Cell[] {
  const cells: { start: number; end: number; nodes: FieldNode[] }[] = [];
  for (const node of leaves(tree)) {
    const last = cells.at(-1);
    if (last !== undefined && node.start < last.end) {
      last.nodes.push(node);
      last.end = Math.max(last.end, node.start + node.length);
    } else cells.push({ start: node.start, end: node.start + node.length, nodes: [node] });
  }
  return cells.map(({ start, end, nodes }) => ({ key: `${start}`, start, length: end - start, nodes, ground: weakest(nodes.map(({ name }) => ground(name))) }));
}

/** Fields that hold bytes of their own: of the options, each option. Sorted by their place. */
function leaves(tree: FieldNode): FieldNode[] {
  const real = tree.children.filter((node) => node.generated === undefined && node.length > 0);
  return real.flatMap((node) => (node.name.endsWith('.options') && node.children.length > 0 ? leaves(node) : [node])).sort((one, other) => one.start - other.start);
}

const ORDER: readonly Ground[] = ['made', 'follows', 'told', 'captured'];
const weakest = (grounds: readonly Ground[]): Ground => ORDER.find((one) => grounds.includes(one)) ?? 'made';

/** The header of each layer's row, and how many bytes stand before the message there. */
export const headersUpTo = (headers: readonly HeaderModel[], row: number): readonly HeaderModel[] => headers.filter(({ layer }) => rowOf(layer) <= row);

/** Rows of a stack, from the top. */
export const ROWS = ['application', 'transport', 'internet', 'link'] as const satisfies readonly Layer[];
export const rowOf = (layer: Layer): number => ROWS.indexOf(layer);
