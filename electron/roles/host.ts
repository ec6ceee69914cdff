// What a role sees of the machine: its host's address and network. The engine (electron/runtime) makes hosts and gives
// each role one whose network is tapped underneath; a role cannot tell and need not know. Types only.

import type * as dgram from 'node:dgram';
import type * as http from 'node:http';
import type * as http2 from 'node:http2';
import type * as https from 'node:https';
import type * as net from 'node:net';
import type * as tls from 'node:tls';
import type { Endpoint } from '../../shared/trace/event';

export interface Host {
  /** The lab's name for it: 'client'. */
  readonly id: string;
  /** Its loopback address: 127.0.x.y, or 127.0.0.1 where the system has only that one. */
  readonly address: string;
  readonly net: TcpNetwork;
  readonly dgram: UdpNetwork;
  readonly unix: UnixNetwork;
  readonly tls: TlsNetwork;
  readonly http: HttpNetwork;
  readonly http2: Http2Network;
}

/** Whether the session keys go into the trace (`key.logged`), so that a saved run can be decrypted. Only when the user asked. */
export interface KeepKeys {
  readonly keepKeys?: boolean;
}

/** TLS over tapped TCP sockets: ciphertext is recorded as bytes of the socket, plaintext beside it (`plaintext.sent`, `.received`). */
export interface TlsNetwork {
  /** A `tls.Server` over tapped sockets; listen() binds the host's address unless another loopback address is given. */
  createServer(options: tls.TlsOptions & KeepKeys, onSecure?: (socket: tls.TLSSocket) => void): tls.Server;
  /** Connects from the host's address and begins the handshake. Failures come as 'error' and as `tls.failed` in the trace. */
  connect(remote: Endpoint, options: tls.ConnectionOptions & KeepKeys): tls.TLSSocket;
}

/** HTTP/1 by node:http over tapped sockets, in clear or over TLS. Bounds of quality.md are set unless options say otherwise. */
export interface HttpNetwork {
  createServer(options: http.ServerOptions, onRequest?: http.RequestListener): http.Server;
  createSecureServer(options: https.ServerOptions & KeepKeys, onRequest?: http.RequestListener): https.Server;
  /** Connections of its requests come from the host's address; keepAlive and maxSockets as in node:http. Destroy it when done. */
  createAgent(options?: http.AgentOptions): http.Agent;
  createSecureAgent(options: https.AgentOptions & KeepKeys): https.Agent;
  /** Without an agent: a connection of its own. `secure`: the options of TLS; leave out for clear text. */
  request(remote: Endpoint, options: http.RequestOptions & { readonly secure?: tls.ConnectionOptions & KeepKeys }): http.ClientRequest;
}

/** HTTP/2 by node:http2 over tapped sockets. */
export interface Http2Network {
  /** In clear, with prior knowledge (h2c). */
  createServer(options: http2.ServerOptions, onRequest?: (request: http2.Http2ServerRequest, response: http2.Http2ServerResponse) => void): http2.Http2Server;
  /** ALPN h2, and http/1.1 with `allowHTTP1`. */
  createSecureServer(options: http2.SecureServerOptions & KeepKeys, onRequest?: (request: http2.Http2ServerRequest, response: http2.Http2ServerResponse) => void): http2.Http2SecureServer;
  /** `authority`: 'http://www.example.test'. `secure`: over TLS with ALPN h2. */
  connect(authority: string, remote: Endpoint, options?: http2.ClientSessionOptions & { readonly secure?: tls.ConnectionOptions & KeepKeys }): http2.ClientHttp2Session;
}

/** TCP as a role uses it. Two shapes over the same tapped Node objects. */
export interface TcpNetwork {
  /** A plain `net.Server`; listen() on it binds the host's address unless another loopback address is given. */
  createServer(options?: net.ServerOpts, onConnection?: (socket: net.Socket) => void): net.Server;
  /** A plain `net.Socket` that connects from the host's address. */
  connect(remote: Endpoint, options?: net.SocketConstructorOpts): net.Socket;
  /** socket(), bind(), listen(). Rejects with the system's error (EADDRINUSE, EACCES). */
  listen(options: ListenOptions): Promise<ListeningSocket>;
  /**
   * socket(), connect(). Rejects with the system's error (ECONNREFUSED, ETIMEDOUT). `begun` is told the socket's own end as soon as it has
   * one: before the other side can have accepted. When `givenUp` aborts before connect() has returned, the program waits no longer: the socket
   * is closed, and the promise rejects with EBADF. `port`: a port of its own to ask bind() for, instead of one that the system chooses.
   */
  dial(remote: Endpoint, begun?: (local: Endpoint) => void, givenUp?: AbortSignal, port?: number): Promise<StreamSocket>;
  /**
   * select(): waits until one of `read` is readable or one of `write` writable, at most `timeout` ms (left out: for ever). Both lists empty
   * on a time-out. Readable is also a socket whose stream has ended, or that was reset: recv() will tell; a listening socket that accept()
   * would take a connection from. Rejects with EBADF when a socket is closed.
   */
  select<R extends StreamSocket | ListeningSocket>(read: readonly R[], write: readonly StreamSocket[], timeout?: number): Promise<Selected<R>>;
}

export interface Selected<R = StreamSocket, W = StreamSocket> {
  readonly readable: readonly R[];
  readonly writable: readonly W[];
}

/** AF_UNIX, SOCK_STREAM: sockets of this machine alone, named by paths. Endpoints are {address: path, port: 0}. Node has no AF_UNIX datagrams. */
export interface UnixNetwork {
  /** A path of its own in a folder that only this user can enter, removed with the role: `name` is its last part. */
  path(name: string): string;
  /** socket(AF_UNIX), bind(path), listen(). Rejects with EADDRINUSE and the like; ENOTSUP where the system has none. */
  listen(path: string, backlog?: number): Promise<ListeningSocket>;
  /** socket(AF_UNIX), connect(path). Rejects with ENOENT, ECONNREFUSED. */
  dial(path: string): Promise<StreamSocket>;
}

export interface ListenOptions {
  readonly port: number;
  /** Length asked of the kernel's accept queue. Default 511, as Node has it. */
  readonly backlog?: number;
  /** Another loopback address than the host's: '::1'. */
  readonly address?: string;
}

/** The socket API's listening socket, with promises for blocking calls. */
export interface ListeningSocket {
  readonly endpoint: Endpoint;
  /** The next connection, oldest first. Rejects with code 'EBADF' once closed. */
  accept(): Promise<StreamSocket>;
  close(): void;
}

/**
 * The socket API's connected stream socket, with promises for blocking calls. Reads the kernel only inside recv(), with just
 * the buffer that recv() names; until then bytes stay in the kernel's receive buffer, as with a blocking program.
 */
export interface StreamSocket {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  /** Up to `size` bytes, at least one; empty at the end of the stream. Rejects with ECONNRESET and the like. One at a time. */
  recv(size: number): Promise<Uint8Array>;
  /** Gives all bytes to the kernel; resolves when it has taken them. Rejects with EPIPE, ECONNRESET. */
  sendAll(bytes: Uint8Array): Promise<void>;
  /** send() of a non-blocking socket: bytes that the kernel took at once, maybe fewer than given. Throws EAGAIN when it has no room at all. */
  trySend(bytes: Uint8Array): number;
  /** recv() of a non-blocking socket. Throws EAGAIN when nothing is there. */
  tryRecv(size: number): Uint8Array;
  /** TCP_NODELAY: a small send goes out at once instead of waiting for the ACK of the one before (RFC 9293 3.7.4). Off at first. */
  setNoDelay(on: boolean): void;
  /** shutdown(SHUT_WR): no more bytes from here; reading goes on. */
  shutdown(): Promise<void>;
  /** close(): gives up the descriptor, both directions, at once. */
  close(): void;
  /** close() with SO_LINGER 0: RST. */
  abort(): void;
  readonly closed: boolean;
}

export interface UdpNetwork {
  /** socket(), bind() to the host's address and `port` (0: the system chooses). Rejects with EADDRINUSE and the like. */
  bind(port: number): Promise<DatagramSocket>;
  /** socket() without bind(): the system binds at the first sendto(), to the host's address. */
  open(): Promise<DatagramSocket>;
  /** A plain `dgram.Socket`, tapped. */
  createSocket(options?: Partial<dgram.SocketOptions>): dgram.Socket;
}

export interface Datagram {
  readonly bytes: Uint8Array;
  /** Where it came from, as the system tells. */
  readonly from: Endpoint;
}

export interface DatagramSocket {
  /** Null until bound. */
  readonly local: Endpoint | null;
  /** sendto(). Rejects with EMSGSIZE and the like. */
  sendTo(bytes: Uint8Array, to: Endpoint): Promise<void>;
  /** connect(): fixes the peer; errors that ICMP brings then reach this socket. */
  connect(to: Endpoint): Promise<void>;
  /** send() on a connected socket. */
  send(bytes: Uint8Array): Promise<void>;
  /**
   * recvfrom(size): the next datagram; what does not fit in `size` is cut off, as the system does.
   * Rejects with ECONNREFUSED on a connected socket, with 'ETIMEDOUT' after `timeout` ms.
   */
  recvFrom(size: number, timeout?: number): Promise<Datagram>;
  close(): void;
}
