// HTTP/2 of an application story: each frame a message, each stream an exchange (RFC 9113 5, 8.1). Frames and header blocks are read by
// the codec; here they become requests and responses with their interim ones and trailers.

import { fieldsOfFrame, frameTitle } from '../../codec/http2/fields';
import type { FieldNode } from '../../codec/field';
import { FRAME_HEAD, type Http2Frame } from '../../codec/http2/frame';
import type { HeadersOfFrame } from '../../codec/http2/headerNodes';
import type { HeaderBlock } from '../../codec/http2/hpack/decoder';
import { ERROR_NAMES, FLAGS, FRAME_TYPES } from '../../codec/http2/names';
import { Http2StreamReader, type ReadFrame } from '../../codec/http2/stream';
import { MISSING, type AppContext } from './appContext';
import type { Channel } from './appConn';
import type { Header } from './appStory';
import type { Dissector } from './dissector';
import { PartRow, type ExchangeRow, type RequestRow, type ResponseRow } from './exchangeRow';
import type { MessageRow } from './messageTable';

/** Header blocks of the frames that have some, for their field trees: by message. */
export class Http2Blocks {
  private readonly blocks = new Map<number, HeadersOfFrame>();

  set(message: number, block: HeaderBlock, fragmentAt: number): void {
    this.blocks.set(message, { block, fragmentAt });
  }

  fields(message: number, bytes: Uint8Array): FieldNode {
    return fieldsOfFrame(bytes, this.blocks.get(message) ?? null);
  }
}

/** Both directions of a connection, and its streams. */
class Http2Conn {
  readonly exchanges = new Map<number, ExchangeRow>();
  readonly readers = { up: new Http2StreamReader('client'), down: new Http2StreamReader('server') };

  constructor(readonly context: AppContext, readonly channel: Channel, readonly blocks: Http2Blocks) {}

  /** The response that frames of a stream belong to now. */
  response(exchange: ExchangeRow): ResponseRow | null {
    return exchange.response ?? exchange.interim[exchange.interim.length - 1] ?? null;
  }
}

export function http2Dissectors(context: AppContext, channel: Channel, blocks: Http2Blocks): { readonly up: Dissector; readonly down: Dissector } {
  const conn = new Http2Conn(context, channel, blocks);
  return { up: new Http2Dissector(conn, 'up'), down: new Http2Dissector(conn, 'down') };
}

/** A header block that goes on in CONTINUATION frames. */
interface OpenBlock {
  readonly stream: number;
  readonly endStream: boolean;
  readonly frames: MessageRow[];
}

class Http2Dissector implements Dissector {
  private row: MessageRow | null = null;
  private block: OpenBlock | null = null;
  private failed = false;

  constructor(private readonly conn: Http2Conn, private readonly dir: 'up' | 'down') {}

  feed(bytes: Uint8Array): void {
    const reader = this.conn.readers[this.dir];
    for (const read of reader.push(bytes)) this.read(read);
    if (reader.failure !== null) this.fail(reader.failure.at, `${reader.failure.error}: ${reader.failure.why}`);
    else if (reader.partial !== null) this.partial(reader.partial.start, reader.partial.have, reader.partial.need);
  }

  /** The data of a DATA frame: zeros stand for what the trace does not keep, and nobody reads them. */
  skip(size: number): number {
    const { partial } = this.conn.readers[this.dir];
    if (partial === null || partial.have <= FRAME_HEAD || this.byte(partial.start + 3) !== FRAME_TYPES.DATA) return 0;
    const here = Math.min(size, partial.need - partial.have);
    this.feed(new Uint8Array(here));
    return here;
  }

  gap(): void {
    if (this.row === null) return;
    this.row.why = MISSING;
    this.conn.context.messages.touch(this.row);
  }

  end(): void {
    // What a stream of bytes leaves open stays partial: the connection's end is told by its exchanges.
  }

  private byte(offset: number): number {
    return this.conn.channel[this.dir].at(offset)?.[0] ?? 0;
  }

  private partial(start: number, have: number, need: number): void {
    const row = this.row ?? this.begin('frame', start);
    if (row === null) return;
    row.end = start + have;
    row.summary = have < FRAME_HEAD ? 'frame' : `frame of ${need} B`;
    this.conn.context.messages.touch(row);
  }

  private begin(kind: 'preface' | 'frame', start: number): MessageRow | null {
    const { context, channel } = this.conn;
    this.row = context.messages.add(channel.lines[this.dir], { protocol: 'http2', kind }, start);
    return this.row;
  }

  private fail(at: number, why: string): void {
    if (this.failed) return;
    this.failed = true;
    const row = this.row ?? this.begin('frame', at);
    if (row === null) return;
    row.state = 'malformed';
    row.why = why;
    row.end = Math.max(row.end, at + 1);
    row.summary = 'malformed';
    row.trouble = true;
    this.conn.context.messages.touch(row);
  }

  private read(read: ReadFrame): void {
    const { context, blocks } = this.conn;
    const row = this.row ?? this.begin(read.kind, read.start);
    this.row = null;
    if (row === null) return;
    row.end = read.end;
    row.state = read.fault === null ? 'complete' : 'malformed';
    row.why = read.fault === null ? '' : `${read.fault.error}: ${read.fault.why}`;
    row.trouble = read.fault !== null;
    row.summary = read.kind === 'preface' ? 'Magic' : read.frame === null ? 'malformed' : frameTitle(read.frame);
    context.messages.touch(row);
    if (read.headers !== null) blocks.set(row.id, read.headers, read.fragmentAt);
    if (read.frame !== null) this.frame(row, read, read.frame);
  }

  private frame(row: MessageRow, read: ReadFrame, frame: Http2Frame): void {
    const endStream = (frame.flags & FLAGS.END_STREAM) !== 0;
    const known = this.conn.exchanges.get(frame.streamId);
    if (known !== undefined) row.exchange = known.id;
    switch (frame.type) {
      case 'HEADERS':
        this.block = { stream: frame.streamId, endStream, frames: [row] };
        return this.headersEnd(read);
      case 'CONTINUATION':
        this.block?.frames.push(row);
        return this.headersEnd(read);
      case 'DATA': return this.data(row, read, frame.data, endStream);
      case 'RST_STREAM':
        row.summary += ` ${errorName(frame.error)}`;
        row.trouble = true;
        return this.reset(frame.streamId);
      case 'GOAWAY':
        row.summary += ` ${errorName(frame.error)}`;
        row.trouble = frame.error !== 0;
        return this.goAway(frame.lastStream);
      case 'SETTINGS':
        if ((frame.flags & FLAGS.ACK) === 0) this.conn.readers[this.dir === 'up' ? 'down' : 'up'].allow(frame.settings);
        return;
      default: return;
    }
  }

  private headersEnd(read: ReadFrame): void {
    const { block } = this;
    if (read.headers === null || block === null) return;
    this.block = null;
    const headers = read.headers.fields.map(({ name, value }) => ({ name, value }));
    const part = this.dir === 'up' ? this.requestHeaders(block, headers) : this.responseHeaders(block, headers);
    if (part === null) return;
    const exchange = this.conn.exchanges.get(block.stream);
    for (const row of block.frames) {
      part.messages.push(row.id);
      part.headSize += row.end - row.start;
      if (exchange !== undefined) row.exchange = exchange.id;
    }
    if (block.endStream) this.complete(part, exchange);
    if (exchange !== undefined) this.conn.context.exchanges.touch(exchange);
  }

  private requestHeaders(block: OpenBlock, headers: readonly Header[]): RequestRow | null {
    const { conn } = this;
    const known = conn.exchanges.get(block.stream);
    const [first] = block.frames;
    if (known !== undefined) {
      known.request.trailers = headers;
      if (first !== undefined) first.summary += ' trailers';
      return known.request;
    }
    const pseudo = (name: string): string => headers.find((header) => header.name === name)?.value ?? '';
    const method = pseudo(':method');
    const authority = pseudo(':authority') || pseudo('host');
    const target = pseudo(':path') || authority;
    const url = authority === '' || method === 'CONNECT' ? '' : `${pseudo(':scheme') || (conn.channel.carrier === 'tls' ? 'https' : 'http')}://${authority}${pseudo(':path')}`;
    const request = new PartRow({ method, target, url }, conn.channel.up);
    request.headers = headers;
    request.framing = block.endStream ? 'none' : 'end-stream';
    const exchange = conn.context.exchanges.add(conn.channel.conn, block.stream, 'HTTP/2', conn.channel.carrier === 'tls', request);
    conn.exchanges.set(block.stream, exchange);
    conn.context.exchanges.asked(exchange);
    if (first !== undefined) first.summary += ` ${method} ${target}`;
    return request;
  }

  private responseHeaders(block: OpenBlock, headers: readonly Header[]): ResponseRow | null {
    const exchange = this.conn.exchanges.get(block.stream);
    if (exchange === undefined) return null;
    const [first] = block.frames;
    if (exchange.response !== null) {
      exchange.response.trailers = headers;
      if (first !== undefined) first.summary += ' trailers';
      return exchange.response;
    }
    const status = Number(headers.find((header) => header.name === ':status')?.value ?? 0);
    const response: ResponseRow = new PartRow({ status: Number.isInteger(status) ? status : 0, reason: '' }, this.conn.channel.down);
    response.headers = headers;
    response.framing = block.endStream ? 'none' : 'end-stream';
    if (first !== undefined) {
      first.summary += ` ${response.head.status}`;
      first.trouble ||= response.head.status >= 400;
    }
    if (status >= 100 && status < 200) {
      response.framing = 'none';
      response.complete = true;
      exchange.interim.push(response);
    } else exchange.response = response;
    return response;
  }

  private data(row: MessageRow, read: ReadFrame, data: Uint8Array, endStream: boolean): void {
    const exchange = this.conn.exchanges.get(row.exchange < 0 ? -1 : (this.conn.context.exchanges.rows[row.exchange]?.stream ?? -1));
    const part = exchange === undefined ? null : this.dir === 'up' ? exchange.request : this.conn.response(exchange);
    if (exchange === undefined || part === null) return;
    part.messages.push(row.id);
    const at = read.start + (data.byteOffset - read.bytes.byteOffset);
    part.body(at, at + data.length);
    if (endStream) this.complete(part, exchange);
    this.conn.context.exchanges.touch(exchange);
  }

  private complete(part: RequestRow | ResponseRow, exchange: ExchangeRow | undefined): void {
    part.complete = true;
    if (exchange !== undefined) this.conn.context.exchanges.touch(exchange);
  }

  private reset(stream: number): void {
    const exchange = this.conn.exchanges.get(stream);
    if (exchange === undefined || exchange.response?.complete === true) return;
    exchange.reset = true;
    this.conn.context.exchanges.touch(exchange);
  }

  /** Streams of the other end above the last one will not be worked on (RFC 9113 6.8). */
  private goAway(lastStream: number): void {
    if (this.dir === 'up') return;
    for (const [stream, exchange] of this.conn.exchanges) {
      if (stream <= lastStream || exchange.response?.complete === true) continue;
      exchange.reset = true;
      this.conn.context.exchanges.touch(exchange);
    }
  }
}

const errorName = (code: number): string => ERROR_NAMES.get(code) ?? `0x${code.toString(16)}`;
