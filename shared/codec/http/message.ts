// One whole HTTP/1 message in bytes that are all at hand: its parts and where they lie, and the value that encode.ts writes back. Reads
// with the same reader as streams do.

import { concatBytes } from '../../base/bytes';
import type { Framing } from './body';
import type { Codings } from './codings';
import type { HeaderLine, HttpHead, HttpKind, Range } from './head';
import { HttpStreamReader, type HttpEvent } from './reader';

export interface HttpHeader {
  readonly name: string;
  /** One character a byte. */
  readonly value: string;
}

interface MessageParts {
  readonly version: string;
  readonly headers: readonly HttpHeader[];
  /** The content, without the framing of chunks. */
  readonly body: Uint8Array;
  /** How it was cut into chunks (without the last, empty one); null: not chunked. */
  readonly chunks: readonly { readonly size: number; readonly extension: string }[] | null;
  readonly trailers: readonly HttpHeader[];
}

/** A message as a value. */
export type HttpMessageValue =
  | (MessageParts & { readonly kind: 'request'; readonly method: string; readonly target: string })
  | (MessageParts & { readonly kind: 'response'; readonly status: number; readonly reason: string });

type ChunkEvent = Extract<HttpEvent, { type: 'chunk' | 'boundary' }>;

/** What lies where; positions count from the first byte given. */
export interface MessageLayout {
  readonly state: 'complete' | 'incomplete' | 'malformed';
  readonly head: HttpHead | null;
  readonly framing: Framing | null;
  /** Bytes of the content, in pieces. */
  readonly body: readonly Range[];
  readonly chunks: readonly ChunkEvent[];
  readonly trailers: { readonly at: Range; readonly headers: readonly HeaderLine[] } | null;
  /** First byte that is not the message's; of an incomplete or malformed one, as far as it was read. */
  readonly end: number;
  /** Of a malformed one. */
  readonly at: number;
  readonly why: string;
}

export interface MessageOptions {
  readonly kind: HttpKind;
  /** Of the request that a response answers; left out: not known. */
  readonly method?: string;
  /** The stream ended behind the bytes, so a body that goes on until the close is whole. Left out: true. */
  readonly closed?: boolean;
  /** As the reader's option. */
  readonly tolerant?: boolean;
  /** Codings of its content that can be undone besides those of this folder. */
  readonly codings?: Codings;
}

/** The first message of the bytes. Never throws. */
export function readMessage(bytes: Uint8Array, options: MessageOptions): MessageLayout {
  const reader = new HttpStreamReader({ kind: options.kind, methodOf: () => options.method ?? null, single: true, ...(options.tolerant === undefined ? {} : { tolerant: options.tolerant }) });
  const events = reader.push(bytes);
  if (!reader.isOver && options.closed !== false) events.push(...reader.finish());
  let head: HttpHead | null = null;
  let framing: Framing | null = null;
  let trailers: MessageLayout['trailers'] = null;
  const body: Range[] = [];
  const chunks: ChunkEvent[] = [];
  const told = (state: MessageLayout['state'], end: number, at = end, why = ''): MessageLayout => ({ state, head, framing, body, chunks, trailers, end, at, why });
  for (const event of events) {
    switch (event.type) {
      case 'head':
        head = event.head;
        framing = event.framing;
        break;
      case 'body':
        body.push({ start: event.start, end: event.end });
        break;
      case 'chunk':
      case 'boundary':
        chunks.push(event);
        break;
      case 'trailers':
        trailers = { at: { start: event.start, end: event.end }, headers: event.headers };
        break;
      case 'end': return told('complete', event.at);
      case 'malformed': return told('malformed', bytes.length, event.at, event.why);
      case 'handover': return told('malformed', bytes.length, event.at, 'the preface of HTTP/2');
      default: break;
    }
  }
  return told('incomplete', bytes.length);
}

/** The value of a message that lies so in the bytes. */
export function valueOf(bytes: Uint8Array, layout: MessageLayout & { readonly head: HttpHead }): HttpMessageValue {
  const { head } = layout;
  const plain = (list: readonly HeaderLine[]): HttpHeader[] => list.map(({ name, value }) => ({ name, value }));
  const sizes = layout.chunks.flatMap((chunk) => (chunk.type === 'chunk' && chunk.size > 0 ? [{ size: chunk.size, extension: chunk.extension }] : []));
  const parts = {
    version: head.version, headers: plain(head.headers), body: concatBytes(...layout.body.map(({ start, end }) => bytes.subarray(start, end))),
    chunks: layout.framing?.kind === 'chunked' ? sizes : null, trailers: plain(layout.trailers?.headers ?? []),
  };
  if (head.kind === 'request') return { ...parts, kind: 'request', method: head.method, target: head.target };
  return { ...parts, kind: 'response', status: head.status, reason: head.reason };
}
