// What the streams of a connection tell about one packet: the messages that end in it, the bytes that were opened in it, and links to other
// packets. Trees are built when they are asked for. Made by the readers of streams, shown by dissector.ts.

import type { HttpHead } from '../../../codec/http/head';
import type { ReadFrame } from '../../../codec/http2/stream';
import type { DissectedLayer } from '../../../codec/dissect';
import type { StreamDir } from '../../reassembly/tcpStream';

/** An exchange of messages: the packets in which they end, by number; filled when they are seen. Both messages share it. */
export interface Links {
  request: number | null;
  response: number | null;
  /** URI of an HTTP request, whole where it is known; '' for others. */
  uri: string;
  /** What a request of HTTP/1 asks for, as it stands in it. */
  readonly target?: string;
  /** On its connection, from 1. */
  readonly count: number;
  readonly previous: Links | null;
  next: Links | null;
}

/** What a message is in HTTP: a whole one of HTTP/1, or a frame of HTTP/2. For who follows exchanges; trees are built without it. */
export type HttpPart =
  /** `method`: of the request that a response answers; null: not known. `first`, `last`: the packets of its bytes; `content`: bytes of its body without chunks. */
  | { readonly version: 1; readonly head: HttpHead; readonly method: string | null; readonly first: number; readonly last: number; readonly content: number; readonly whole: boolean }
  /** `streamId`: of the exchange that the frame is a part of: of a PUSH_PROMISE, the promised one. */
  | { readonly version: 2; readonly frame: ReadFrame; readonly streamId: number };

/** A whole message of a WebSocket, in the frame in which it ends: unmasked, its frames put together, inflated. */
export interface SocketPart {
  readonly bytes: Uint8Array;
  /** What it was sent in, and what became of that; null: as it is. */
  readonly coded: { readonly coding: string; readonly outcome: 'decoded' | 'unknown' | 'damaged' | 'large'; readonly sent: number } | null;
}

export interface Message {
  readonly kind: 'message';
  /** 0: TCP's own stream; 1: what TLS opened of it, and so on. */
  readonly level: number;
  readonly dir: StreamDir;
  /** In the stream of that level. */
  readonly start: number;
  readonly end: number;
  readonly bytes: Uint8Array;
  readonly protocol: string;
  /** Its layers with `base` added to every start; about `room` fields. */
  build(base: number, room: number): readonly DissectedLayer[];
  readonly role: 'request' | 'response' | null;
  readonly links: Links | null;
  readonly http?: HttpPart;
  readonly socket?: SocketPart;
  /** The packets of its bytes, where it came in several; and the one that said that it is over. */
  readonly segments: readonly { readonly packet: number; readonly at: number; readonly length: number }[];
}

/** Bytes that were sealed in this packet, opened; joined from several records; or made large again. */
export interface Opened {
  readonly kind: 'opened';
  readonly name: 'decrypted' | 'reassembled' | 'decompressed';
  readonly bytes: Uint8Array;
  /** They go on a stream of that level, from that offset; null: they are no part of one. */
  readonly content: { readonly level: number; readonly dir: StreamDir; readonly at: number; readonly length: number } | null;
  build(base: number, room: number): readonly DissectedLayer[];
}

/** Filled while a packet is read. */
export class Outcome {
  readonly items: (Message | Opened)[] = [];
  /** Bytes that are missing in the capture before what this packet brought. */
  readonly gaps: { readonly dir: StreamDir; readonly at: number; readonly length: number }[] = [];
  /** A message that this packet is a part of ends in a later one; null: not known, or there is none. */
  reassembledIn: number | null = null;
  /** Bytes of this packet belong to a message that is not whole yet. */
  open = false;
  /** The direction that this packet closed: what lasted until then ends in it, though it may bring no byte. */
  closed: StreamDir | null = null;
  /** Bytes that it holds on to, about. */
  size = 0;

  constructor(readonly packet: number) {}
}
