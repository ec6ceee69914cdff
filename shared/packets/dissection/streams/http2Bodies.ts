// The bodies of HTTP/2 that come in several DATA frames (RFC 9113 8.1), put together where their last frame ends. Bounded by what a message may
// be: a body beyond that stays in its frames.

import { concatBytes } from '../../../base/bytes';
import { generated, group, type FieldNode } from '../../../codec/field';
import type { Http2Frame } from '../../../codec/http2/frame';
import { FLAGS } from '../../../codec/http2/names';
import { bytesNode } from '../../../codec/layout';
import type { StreamDir } from '../../reassembly/tcpStream';
import { DISSECTION_LIMITS } from '../limits';

interface BodyPart {
  readonly packet: number;
  readonly data: Uint8Array;
}

export interface Http2Body {
  readonly parts: readonly BodyPart[];
  readonly size: number;
}

export class Http2Bodies {
  readonly #open = new Map<string, { parts: BodyPart[]; size: number; beyond: boolean }>();
  /** Of all open ones together. */
  #size = 0;

  /** Null: no body ends here, or all of it is in this frame. */
  add(dir: StreamDir, frame: Http2Frame, packet: number): Http2Body | null {
    const key = `${dir}${frame.streamId}`;
    const ends = (frame.type === 'DATA' || frame.type === 'HEADERS') && (frame.flags & FLAGS.END_STREAM) !== 0;
    const open = this.#open.get(key);
    if (frame.type === 'RST_STREAM' || (ends && (open === undefined || frame.type === 'HEADERS'))) this.#close(key);
    if (frame.type !== 'DATA' || (ends && open === undefined)) return null;
    const body = open ?? { parts: [], size: 0, beyond: this.#open.size >= DISSECTION_LIMITS.exchanges };
    if (open === undefined && !body.beyond) this.#open.set(key, body);
    this.#take(body, frame.data, packet);
    if (!ends) return null;
    this.#close(key);
    return body.beyond || body.parts.length === 0 ? null : body;
  }

  #take(body: { parts: BodyPart[]; size: number; beyond: boolean }, data: Uint8Array, packet: number): void {
    if (data.length === 0 || body.beyond) return;
    if (this.#size + data.length > DISSECTION_LIMITS.message || body.parts.length === DISSECTION_LIMITS.segments) {
      this.#size -= body.size;
      body.parts = [];
      body.size = 0;
      body.beyond = true;
      return;
    }
    body.parts.push({ packet, data });
    body.size += data.length;
    this.#size += data.length;
  }

  #close(key: string): void {
    this.#size -= this.#open.get(key)?.size ?? 0;
    this.#open.delete(key);
  }
}

/** The tree of the last frame, with its body: the data is the whole of it, as Wireshark has it. */
export function withBody(tree: FieldNode, { parts, size }: Http2Body, room: number): FieldNode {
  const bytes = concatBytes(...parts.map(({ data }) => data));
  const own = tree.children.find(({ name }) => name === 'http2.data.data');
  const data: FieldNode = { ...bytesNode('http2.data.data', bytes, 0, size, 0), start: own?.start ?? tree.start, length: own?.length ?? 0, generated: true };
  const pieces = parts.slice(0, room).map(({ packet, data: { length } }) => generated('http2.body.fragment', packet + 1, `#${packet + 1}: ${length} B`, 0, 0));
  const body = group('http2.body.fragments', `${parts.length} frames, ${size} B`, tree.start, 0, [
    ...pieces, generated('http2.body.fragment.count', parts.length, `${parts.length}`, 0, 0), generated('http2.body.reassembled.length', size, `${size} B`, 0, 0), generated('http2.body.reassembled.data', bytes, `${size} B`, 0, 0),
  ]);
  const children = own === undefined ? [...tree.children, data] : tree.children.map((node) => (node === own ? data : node));
  return { ...tree, children: [...children, { ...body, generated: true }] };
}
