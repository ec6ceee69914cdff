// Reads HTTP/2 on a stream (RFC 9113): each frame a message, header blocks decoded with the tables that earlier ones built, the frames of
// a stream linked to its request and response.

import { fieldsOfFrame } from '../../../codec/http2/fields';
import { FLAGS } from '../../../codec/http2/names';
import { Http2StreamReader, type ReadFrame } from '../../../codec/http2/stream';
import type { StreamDir } from '../../reassembly/tcpStream';
import { forgetOldest } from '../forgetOldest';
import { DISSECTION_LIMITS } from '../limits';
import { messageLayer, type StreamLevel, type StreamReader } from './level';
import { tellData } from './generic';
import { Http2Bodies, withBody } from './http2Bodies';
import type { Links, Message, Outcome } from './outcome';

export class Http2Reader implements StreamReader {
  readonly #readers: Readonly<Record<StreamDir, Http2StreamReader>>;
  readonly #failed: Record<StreamDir, boolean> = { up: false, down: false };
  readonly #bodies = new Http2Bodies();
  /** Exchanges by their streams, the oldest first. */
  readonly #exchanges = new Map<number, Links>();
  #latest: Links | null = null;
  /** Of a PUSH_PROMISE whose header block goes on. */
  #promised: number | null = null;

  constructor(private readonly level: StreamLevel, starts: Readonly<Record<StreamDir, number>>) {
    this.#readers = { up: new Http2StreamReader('client', starts.up), down: new Http2StreamReader('server', starts.down) };
  }

  push(dir: StreamDir, bytes: Uint8Array, at: number, out: Outcome): void {
    const reader = this.#readers[dir];
    if (this.#failed[dir]) return tellData(this.level, out, dir, at, bytes.slice());
    const own = bytes.slice();
    for (const read of reader.push(own)) this.#frame(dir, read, out);
    const { failure, partial } = reader;
    if (failure !== null) this.#fail(dir, own, at, failure.at, out);
    else if (partial !== null) out.open = true;
  }

  gap(dir: StreamDir): void {
    // Without these bytes neither frames nor header tables can be followed.
    this.#failed[dir] = true;
  }

  end(): void {
    // A frame that is not whole stays so.
  }

  #frame(dir: StreamDir, read: ReadFrame, out: Outcome): void {
    const { frame, headers, fragmentAt, bytes } = read;
    if (frame?.type === 'SETTINGS' && (frame.flags & FLAGS.ACK) === 0) this.#readers[dir === 'up' ? 'down' : 'up'].allow(frame.settings);
    const block = headers === null ? null : { block: headers, fragmentAt };
    const part = this.#part(dir, read, out.packet);
    const body = frame === null ? null : this.#bodies.add(dir, frame, out.packet);
    if (body !== null) out.size += body.size;
    this.level.tell(out, dir, read.start, bytes, 'http2', (base, room) => {
      const own = fieldsOfFrame(bytes, block, base, room);
      const tree = body === null ? own : withBody(own, body, room);
      return [messageLayer({ protocol: 'http2', title: 'HTTP/2', tree: read.fault === null ? tree : { ...tree, problem: read.fault.why } }, base, bytes.length)];
    }, part);
  }

  /** What a frame is in the exchange of its stream (RFC 9113 8.1): a request and its response end where their header blocks do. */
  #part(dir: StreamDir, read: ReadFrame, packet: number): Pick<Message, 'role' | 'links' | 'http'> {
    const { frame, headers } = read;
    if (frame === null || frame.streamId === 0) return { role: null, links: null };
    const block = headers === null ? null : new Map(headers.fields.map(({ name, value }) => [name, value]));
    // CONTINUATION ends the promise that the frame before it began.
    const promised = frame.type === 'PUSH_PROMISE' ? frame.promised : frame.type === 'CONTINUATION' && dir === 'down' ? this.#promised : null;
    if (dir === 'down') this.#promised = headers === null ? promised : null;
    const streamId = promised ?? frame.streamId;
    const http = { version: 2, frame: read, streamId } as const;
    let links = this.#exchanges.get(streamId) ?? null;
    const method = block?.get(':method');
    if (method !== undefined && links === null && (dir === 'up' || promised !== null)) {
      links = this.#begin(streamId, packet, uriOf(block));
      return { role: 'request', links, http };
    }
    const status = block?.get(':status');
    if (links === null || status === undefined || dir === 'up') return { role: null, links, http };
    // 1xx: the response is still to come (RFC 9113 8.1).
    if (/^1\d\d$/.test(status)) return { role: 'response', links: { ...links, response: packet }, http };
    links.response ??= packet;
    return { role: 'response', links, http };
  }

  #begin(streamId: number, packet: number, uri: string): Links {
    const previous = this.#latest;
    const links: Links = { request: packet, response: null, uri, count: (previous?.count ?? 0) + 1, previous: null, next: null };
    this.#latest = links;
    this.#exchanges.set(streamId, links);
    forgetOldest(this.#exchanges, DISSECTION_LIMITS.exchanges);
    return links;
  }

  #fail(dir: StreamDir, bytes: Uint8Array, at: number, from: number, out: Outcome): void {
    this.#failed[dir] = true;
    const rest = bytes.subarray(Math.max(0, from - at));
    tellData(this.level, out, dir, at + bytes.length - rest.length, rest);
  }
}

/** RFC 9113 8.3.1; '' where a part is missing. */
function uriOf(block: ReadonlyMap<string, string> | null): string {
  const [scheme, authority, path] = [block?.get(':scheme'), block?.get(':authority') ?? block?.get('host'), block?.get(':path')];
  return scheme === undefined || authority === undefined || path === undefined ? '' : `${scheme}://${authority}${path === '*' ? '' : path}`;
}
