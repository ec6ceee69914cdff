// Nodes of the body of an HTTP/1 message: as it is, or chunk by chunk with sizes, line ends and trailers (RFC 9112 7.1), its content codings undone
// (RFC 9110 8.4). Chunks beyond the bound of a tree are one node.

import { generated, group, type FieldNode } from '../field';
import { bytesNode } from '../layout';
import { CODEC_LIMITS } from '../limits';
import { previewText } from '../text';
import { CR, LF } from './chars';
import { codingsOf, undoCodings, type Codings } from './codings';
import type { Range } from './head';
import { contentOf, headerNode, type Leaf } from './leaves';
import type { MessageLayout } from './message';

/** Nodes of the body, and the first byte that has none. */
export function bodyNodes(bytes: Uint8Array, layout: MessageLayout, leaf: Leaf, base: number, brought?: Codings): { readonly nodes: FieldNode[]; readonly end: number } {
  const from = layout.head?.end ?? 0;
  if (layout.framing?.kind === 'chunked') return chunkedNodes(bytes, layout, leaf, base, from, brought);
  const end = layout.body.at(-1)?.end ?? from;
  if (end === from) return { nodes: [], end };
  const content = bytes.subarray(from, end);
  if (codings(layout).length > 0) return { nodes: [bytesNode('http.coded_data', bytes, from, end, base), contentNode(layout, content, base + from, end - from, brought)], end };
  return { nodes: [{ ...bytesNode('http.file_data', bytes, from, end, base), display: previewText(content) }], end };
}

const codings = ({ head }: MessageLayout): readonly string[] => (head === null ? [] : codingsOf(head));

/** What the content is without chunks and codings, calculated from it. */
function contentNode(layout: MessageLayout, content: Uint8Array, start: number, length: number, brought?: Codings): FieldNode {
  const names = codings(layout);
  const { bytes, outcome } = undoCodings(content, names, brought);
  if (outcome !== 'decoded' && bytes.length === 0) return generated('http.decompression_failed', null, names.join(', '), start, length);
  const node = generated('http.file_data', bytes, previewText(bytes), start, length);
  return outcome === 'decoded' ? node : { ...node, problem: outcome === 'large' ? `only the first ${bytes.length} bytes are shown` : 'damaged or cut: what comes before the damage' };
}

function chunkedNodes(bytes: Uint8Array, layout: MessageLayout, leaf: Leaf, base: number, from: number, brought?: Codings): { readonly nodes: FieldNode[]; readonly end: number } {
  const nodes: FieldNode[] = [];
  let end = from;
  let shown = 0;
  for (const chunk of layout.chunks) {
    if (chunk.type === 'boundary') continue;
    if (++shown > CODEC_LIMITS.httpChunks) break;
    const node = chunkNode(bytes, layout, chunk, leaf, base);
    nodes.push(node);
    end = node.start - base + node.length;
  }
  const beyond = shown > CODEC_LIMITS.httpChunks ? (layout.trailers?.at.start ?? layout.end) : end;
  if (beyond > end) {
    nodes.push(bytesNode('http.chunk', bytes, end, beyond, base));
    end = beyond;
  }
  if (layout.trailers !== null) {
    const { at, headers } = layout.trailers;
    for (const header of headers) {
      nodes.push(headerNode(bytes, shiftedLine(header, at.start), 'http.chunked_trailer_part', leaf));
    }
    const blank = at.start + (headers.at(-1)?.line.end ?? 0);
    nodes.push(leaf('http.trailer_end', { start: blank, end: at.end }));
    end = at.end;
  }
  if (layout.body.length > 0) nodes.push(contentNode(layout, contentOf(bytes, layout.body), base + from, end - from, brought));
  return { nodes, end };
}

type Chunk = Extract<MessageLayout['chunks'][number], { type: 'chunk' }>;

function chunkNode(bytes: Uint8Array, layout: MessageLayout, chunk: Chunk, leaf: Leaf, base: number): FieldNode {
  const size = leaf('http.chunk_size', { start: chunk.start, end: chunk.sizeEnd }, chunk.size);
  const children = [{ ...size, display: `${chunk.size} B` }];
  if (chunk.extension !== '') children.push(leaf('http.chunk_extension', { start: chunk.sizeEnd, end: chunk.end - 2 }));
  children.push(leaf('http.line_end', { start: chunk.end - 2, end: chunk.end }));
  let end = chunk.end;
  if (chunk.size > 0) {
    const stop = Math.min(chunk.end + chunk.size, layout.end);
    if (stop > end) children.push(bytesNode('http.chunk_data', bytes, end, stop, base));
    end = stop;
    // The line end behind the data is there when its second byte is.
    if (stop === chunk.end + chunk.size && stop + 2 <= layout.end && bytes[stop] === CR && bytes[stop + 1] === LF) {
      children.push(leaf('http.chunk_boundary', { start: stop, end: stop + 2 }));
      end = stop + 2;
    }
  }
  return group('http.chunk', `${chunk.size} B`, base + chunk.start, end - chunk.start, children);
}

/** A trailer's positions, from the message's first byte instead of the trailers'. */
function shiftedLine<T extends { readonly line: Range; readonly nameAt: Range; readonly valueAt: Range }>(header: T, by: number): T {
  const move = ({ start, end }: Range): Range => ({ start: start + by, end: end + by });
  return { ...header, line: move(header.line), nameAt: move(header.nameAt), valueAt: move(header.valueAt) };
}
