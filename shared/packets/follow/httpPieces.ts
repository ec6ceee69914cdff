// What HTTP's programs said, out of the messages of a connection: heads as text, bodies without the framing of chunks and frames, still in their
// content coding. HTTP/1 head by head and body by body; of HTTP/2 one stream, its header blocks as lines.

import { concatBytes } from '../../base/bytes';
import { utf8Bytes } from '../../base/bytesText';
import { headerValue } from '../../codec/http/head';
import { readMessage } from '../../codec/http/message';
import { FLAGS } from '../../codec/http2/names';
import type { PacketStreams } from '../dissection/flowStreams';
import type { HttpPart, Message } from '../dissection/streams/outcome';
import type { StreamDir } from '../reassembly/tcpStream';

/** Bytes of one body that are put together before its coding is undone. */
const BODY = 4 * 1024 * 1024;

export interface HttpPiece {
  /** 'up': from the client. */
  readonly dir: StreamDir;
  readonly bytes: Uint8Array;
  readonly packet: number;
  /** Of a body: what it is coded in, '' for nothing; null: a head. */
  readonly coding: string | null;
}

interface OpenBody {
  readonly parts: Uint8Array[];
  size: number;
  coding: string;
}

export class HttpPieces {
  /** Streams of HTTP/2 that carried messages, in the order of their appearance. */
  readonly streams = new Set<number>();
  readonly #open: Record<StreamDir, OpenBody | null> = { up: null, down: null };
  #last = 0;

  /** `streamId`: of HTTP/2 the stream to follow; null: none, `streams` is all that is wanted. */
  constructor(private readonly version: 1 | 2, private readonly streamId: number | null = null) {}

  /** What a packet's messages say. */
  push({ outcome }: PacketStreams): HttpPiece[] {
    const pieces: HttpPiece[] = [];
    this.#last = outcome.packet;
    for (const item of outcome.items) {
      if (item.kind !== 'message' || item.http?.version !== this.version) continue;
      if (item.http.version === 1) pieces.push(...http1(item, item.http, outcome.packet));
      else pieces.push(...this.#frame(item.dir, item.http, outcome.packet));
    }
    return pieces;
  }

  /** Bodies that did not end. */
  finish(): HttpPiece[] {
    return (['up', 'down'] as const).flatMap((dir) => this.#close(dir, this.#last));
  }

  #frame(dir: StreamDir, { frame: read, streamId }: Extract<HttpPart, { version: 2 }>, packet: number): HttpPiece[] {
    const { frame, headers } = read;
    if (frame === null) return [];
    this.streams.add(streamId);
    if (streamId !== this.streamId) return [];
    const pieces: HttpPiece[] = [];
    if (headers !== null) {
      // Trailers end the body before them.
      pieces.push(...this.#close(dir, packet));
      pieces.push({ dir, bytes: utf8Bytes(`${headers.fields.map(({ name, value }) => `${name}: ${value}\r\n`).join('')}\r\n`), packet, coding: null });
      const coding = headers.fields.find(({ name }) => name === 'content-encoding')?.value.trim().toLowerCase() ?? '';
      if (frame.type !== 'PUSH_PROMISE' && coding !== '' && coding !== 'identity') this.#open[dir] = { parts: [], size: 0, coding };
    }
    if (frame.type === 'DATA') pieces.push(...this.#data(dir, frame.data, packet));
    if ((frame.type === 'DATA' || frame.type === 'HEADERS') && (frame.flags & FLAGS.END_STREAM) !== 0) pieces.push(...this.#close(dir, packet));
    return pieces;
  }

  #data(dir: StreamDir, data: Uint8Array, packet: number): HttpPiece[] {
    const open = this.#open[dir];
    if (data.length === 0) return [];
    if (open === null) return [{ dir, bytes: data.slice(), packet, coding: '' }];
    if (open.size + data.length > BODY) {
      const early = this.#close(dir, packet);
      return [...early, { dir, bytes: data.slice(), packet, coding: '' }];
    }
    open.parts.push(data.slice());
    open.size += data.length;
    return [];
  }

  #close(dir: StreamDir, packet: number): HttpPiece[] {
    const open = this.#open[dir];
    this.#open[dir] = null;
    return open === null || open.size === 0 ? [] : [{ dir, bytes: concatBytes(...open.parts), packet, coding: open.coding }];
  }
}

/** A message of HTTP/1 as its head, its content and its trailers. */
function http1(message: Message, { head, method }: Extract<HttpPart, { version: 1 }>, packet: number): HttpPiece[] {
  const { dir, bytes } = message;
  const layout = readMessage(bytes, { kind: head.kind, tolerant: true, ...(method === null ? {} : { method }) });
  const end = layout.head?.end ?? bytes.length;
  const pieces: HttpPiece[] = [{ dir, bytes: bytes.subarray(0, end), packet, coding: null }];
  const body = concatBytes(...layout.body.map((range) => bytes.subarray(range.start, range.end)));
  const coding = (headerValue(head.headers, 'content-encoding') ?? '').trim().toLowerCase();
  if (body.length > 0) pieces.push({ dir, bytes: body, packet, coding: coding === 'identity' ? '' : coding });
  if (layout.trailers !== null && layout.trailers.headers.length > 0) pieces.push({ dir, bytes: bytes.subarray(layout.trailers.at.start, layout.trailers.at.end), packet, coding: null });
  return pieces;
}
