// A message of an application, taken apart for the screen: its bytes, its field tree as one box, and what TLS kept in it where the
// trace has the keys. Pure: the application story in, what is drawn out.

import type { AppMessage, AppStory } from '../../shared/trace/app/appStory';
import type { FieldNode } from '../../shared/codec/field';
import type { ByteSpan } from './parts/hexRows';
import type { LayerBox } from './parts/layerBoxes';

export interface MessageBytes {
  readonly bytes: Uint8Array;
  readonly box: LayerBox;
  readonly trees: readonly FieldNode[];
  readonly spans: readonly ByteSpan[];
}

/** Fields shown before the box is opened. */
const FIRST_FIELDS = 12;

function model(message: AppMessage, title: string, bytes: Uint8Array, tree: FieldNode): MessageBytes {
  const box: LayerBox = {
    id: title, layer: 'application', title, protocol: message.protocol, length: bytes.length, start: 0, end: bytes.length,
    keyFields: tree.children.slice(0, FIRST_FIELDS), fields: tree.children, problem: message.state === 'malformed' ? message.why : null, quoted: false,
  };
  return { bytes, box, trees: [tree], spans: [{ layer: 'application', start: 0, end: bytes.length }] };
}

/** Null when the trace keeps none of its bytes. */
export function messageBytes(app: AppStory, message: AppMessage): MessageBytes | null {
  const bytes = app.bytes(message.id);
  const tree = app.fields(message.id);
  return bytes === null || tree === null ? null : model(message, message.protocol.toUpperCase(), bytes, tree);
}

/** What a TLS record holds; null when it cannot be opened, or is not encrypted. */
export function openedBytes(app: AppStory, message: AppMessage): MessageBytes | null {
  const opened = message.protocol === 'tls' ? app.opened(message.id) : null;
  return opened === null ? null : model(message, opened.fields.display || 'TLS', opened.bytes, opened.fields);
}

/** The messages whose bytes a selection carries, at most this many. */
const MOST = 40;

/** Of a fact and the segment that it sends, each once. */
export function messagesOf(app: AppStory, seq: number | null, segment: number | null): readonly AppMessage[] {
  const ids = new Set([...(seq === null ? [] : app.messagesOfFact(seq)), ...(segment === null ? [] : app.messagesOfSegment(segment))]);
  return [...ids].slice(0, MOST).flatMap((id) => app.message(id) ?? []);
}
