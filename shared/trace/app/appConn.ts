// One TCP connection as the application fold sees it: whose sockets, its bytes each way, and what is told beside them (connect(), TLS).
// A channel is a pair of directions in which one protocol is spoken: the connection's own bytes, or the plaintext of TLS above it.

import { connId, sockId, type ConnId, type SockId } from '../../base/brand';
import type { Endpoint } from '../event';
import type { TraceStore } from '../store';
import type { Span } from './appStory';
import { ByteStream } from './byteStream';
import type { Dissector } from './dissector';
import type { AppLimits } from './limits';
import type { Line } from './messageTable';
import type { Ports } from './ports';
import { recognize, type StreamProtocol } from '../../codec/recognize';

/** A fact's number and time. */
export interface Mark {
  readonly seq: number;
  readonly t: number;
}

/** What reading a channel takes of the fold. */
export interface ChannelContext {
  readonly trace: TraceStore;
  readonly limits: AppLimits;
  /** Which ports stand for well-known ones; asked when the lab has said it. */
  ports(): Ports;
}

export class AppConn {
  readonly id: ConnId;
  clientSock: SockId | null = null;
  serverSock: SockId | null = null;
  client: Endpoint = { address: '', port: 0 };
  server: Endpoint = { address: '', port: 0 };
  /** connect() of its client, and the lookup that had told the address. */
  connectStarted: Mark | null = null;
  connectEnded: Mark | null = null;
  lookup: Span | null = null;
  /** tls.secured on the client's side. */
  clientSecured: Mark | null = null;
  /** A socket of ours was closed, or a call told of a reset. */
  clientClosed: Mark | null = null;
  serverClosed: Mark | null = null;
  broken = false;
  readonly wire: Channel;
  /** Above TLS; null while no plaintext is known. */
  inner: Channel | null = null;

  constructor(id: number, private readonly context: ChannelContext, private readonly make: MakeDissectors) {
    this.id = connId(id);
    this.wire = new Channel(this, context, 'tcp', make);
  }

  join(sock: number, isServer: boolean, client: Endpoint, server: Endpoint): void {
    if (isServer) this.serverSock = sockId(sock);
    else this.clientSock = sockId(sock);
    this.client = client;
    this.server = server;
  }

  /** True for a socket that is its server's. */
  isServer(sock: number): boolean {
    return sock === this.serverSock;
  }

  /** The channel above TLS. */
  plaintext(): Channel {
    this.inner ??= new Channel(this, this.context, 'tls', this.make);
    return this.inner;
  }

  channels(): Channel[] {
    return this.inner === null ? [this.wire] : [this.wire, this.inner];
  }
}

export type MakeDissectors = (protocol: StreamProtocol, channel: Channel) => { readonly up: Dissector; readonly down: Dissector };

export class Channel {
  readonly up: ByteStream;
  readonly down: ByteStream;
  readonly lines: { readonly up: Line; readonly down: Line };
  protocol: StreamProtocol | 'none' | null = null;
  private readers: { up: Dissector | null; down: Dissector | null } = { up: null, down: null };
  private over = { up: false, down: false };

  constructor(readonly conn: AppConn, private readonly context: ChannelContext, readonly carrier: 'tcp' | 'tls', private readonly make: MakeDissectors) {
    this.up = new ByteStream(context.trace, carrier, 'up');
    this.down = new ByteStream(context.trace, carrier, 'down');
    this.lines = { up: line(conn, this.up), down: line(conn, this.down) };
  }

  /** Reads on in a direction, as far as its bytes go. */
  pump(dir: 'up' | 'down'): void {
    if (this.protocol === null && !this.recognizes(dir)) return;
    this.read(dir);
  }

  /** No more bytes come in a direction: read what is left. */
  end(dir: 'up' | 'down', clean: boolean): void {
    const stream = this[dir];
    if (stream.ended) return;
    stream.ended = true;
    this.pump(dir);
    this.finish(dir, clean);
  }

  private recognizes(dir: 'up' | 'down'): boolean {
    const stream = this[dir];
    const { limits } = this.context;
    const first = stream.slice(0, Math.min(stream.known, limits.recognize), limits.recognize);
    const atEnd = stream.ended || first.length >= limits.recognize || (first.length < stream.known && stream.isLost(first.length));
    const stood = this.context.ports().at('tcp', this.conn.server.port);
    const port = this.carrier === 'tcp' ? stood : stood === 'tls' ? 'http' : null;
    const told = recognize(first, dir, port, atEnd);
    // TLS within TLS has a session of its own, which nobody of ours speaks.
    const found = told === 'tls' && this.carrier === 'tls' ? 'none' : told;
    if (found === 'more' || (found === 'none' && dir === 'down')) return false;
    this.protocol = found;
    if (found === 'none') return false;
    this.readers = this.make(found, this);
    const other = dir === 'up' ? 'down' : 'up';
    this.read(dir);
    this.read(other);
    if (this[other].ended) this.finish(other, !this.conn.broken);
    return true;
  }

  private read(dir: 'up' | 'down'): void {
    const stream = this[dir];
    for (let reader = this.readers[dir]; reader !== null; reader = this.readers[dir]) {
      const bytes = stream.at(stream.fed);
      const from = stream.fed;
      if (bytes !== null) {
        stream.fed += bytes.length;
        reader.feed(bytes, from);
        continue;
      }
      if (from >= stream.known) return;
      const skipped = reader.skip(stream.gapEnd(from) - from, from);
      stream.fed += skipped;
      if (skipped > 0) continue;
      if (!stream.isLost(from)) return;
      reader.gap();
      this.readers[dir] = null;
    }
  }

  private finish(dir: 'up' | 'down', clean: boolean): void {
    const stream = this[dir];
    const reader = this.readers[dir];
    if (reader === null || this.over[dir] || stream.fed < stream.known) return;
    this.over[dir] = true;
    reader.end(clean);
  }

  /** What follows is another protocol's (after 101, or CONNECT): nobody reads on. */
  stop(): void {
    this.readers = { up: null, down: null };
  }
}

const line = (conn: AppConn, stream: ByteStream): Line => ({
  stream,
  conn: conn.id,
  get fromSock() {
    return stream.dir === 'up' ? conn.clientSock : conn.serverSock;
  },
  get toSock() {
    return stream.dir === 'up' ? conn.serverSock : conn.clientSock;
  },
  get from() {
    return stream.dir === 'up' ? conn.client : conn.server;
  },
  get to() {
    return stream.dir === 'up' ? conn.server : conn.client;
  },
});
