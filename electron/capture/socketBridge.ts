// Stands between a tapped socket and native code that takes its bytes beneath JavaScript (TLS, HTTP/2): bytes that the socket reads are
// handed up, bytes that come down are written by the socket, so that both pass its tap. Below it the socket and its handle stay what
// they are. Statuses, order and pauses go through; bytes are copied once each way.

import type * as net from 'node:net';
import { getSystemErrorMap } from 'node:util';
import type { Request, TcpHandle } from './nodeHandle';
import { streamBindings, type StreamHandle } from './nodeStream';
import type { Slabs } from './slabReader';
import type { Tapped } from './tcpSockets';

/** libuv's numbers, which differ between systems. */
const STATUS = new Map([...getSystemErrorMap()].map(([status, [name]]) => [name, status]));
const CANCELED = STATUS.get('ECANCELED') ?? -125;
const BROKEN = STATUS.get('EPIPE') ?? -32;

/** What native code may ask of the handle beneath, through the one that stands for it. */
const PASSED_ON = ['ref', 'unref', 'hasRef', 'getsockname', 'getpeername', 'setNoDelay', 'setKeepAlive'] as const;

/** The stream to hand to native code in place of the socket's handle; null when this Node has none, and nothing is done. */
export function bridge(socket: net.Socket, handle: TcpHandle, slabs: Slabs | null): StreamHandle | null {
  const bindings = streamBindings();
  if (bindings === null || slabs === null) return null;
  const between = new bindings.JSStream();
  if (!slabs.divert({ bytes: (bytes) => up(bytes), end: () => up(null) })) return null;

  // Upwards. Native code stops reading while it writes and starts again when that is done, mostly before anything comes: the handle
  // beneath is stopped only when something does.
  let stopped = false;
  let flushing = false;
  /** Null: the end of the stream. */
  const held: (Uint8Array | null)[] = [];
  const give = (bytes: Uint8Array | null): void => (bytes === null ? between.emitEOF() : between.readBuffer(bytes));
  const up = (bytes: Uint8Array | null): void => {
    if (!stopped && held.length === 0) return give(bytes);
    held.push(bytes);
    if (!handle.reading) return;
    handle.reading = false;
    handle.readStop();
  };
  const flush = (): void => {
    flushing = false;
    while (!stopped && held.length > 0) give(held.shift() ?? null);
    if (!stopped) resume();
  };
  const resume = (): void => {
    if (handle.reading || socket.destroyed || socket.connecting) return;
    handle.reading = true;
    handle.readStart();
  };
  between.onreadstart = () => {
    stopped = false;
    if (held.length === 0) resume();
    else if (!flushing) {
      flushing = true;
      setImmediate(flush);
    }
    return 0;
  };
  between.onreadstop = () => {
    stopped = true;
    return 0;
  };
  // Once nobody native listens any more, bytes and the end are the socket's.
  between.onread = (buffer) => slabs.onread.call(handle, buffer);

  // Downwards, one write at a time.
  let writing: Request | null = null;
  let shutting: Request | null = null;
  const written = (status: number): void => {
    const request = writing;
    writing = null;
    if (request !== null) between.finishWrite(request, status);
    if (writing === null && shutting !== null) shut();
  };
  const shut = (): void => {
    socket.end(() => finishShutdown(0));
    if (socket.destroyed) finishShutdown(CANCELED);
  };
  const finishShutdown = (status: number): void => {
    const request = shutting;
    shutting = null;
    if (request !== null) setImmediate(() => between.finishShutdown(request, status));
  };
  between.onwrite = (request, buffers) => {
    if (socket.destroyed) return CANCELED;
    if (socket.writableEnded || writing !== null) return BROKEN;
    writing = request;
    let left = buffers.length;
    const done = (error?: Error | null): void => {
      const failed = error !== undefined && error !== null;
      if (!failed && --left > 0) return;
      left = Number.POSITIVE_INFINITY;
      setImmediate(written, failed ? statusOf(error) : 0);
    };
    if (buffers.length > 1) socket.cork();
    for (const buffer of buffers) socket.write(buffer, done);
    if (buffers.length > 1) socket.uncork();
    return 0;
  };
  between.onshutdown = (request) => {
    if (socket.destroyed) return CANCELED;
    shutting = request;
    if (writing === null) shut();
    return 0;
  };
  socket.once('close', () => {
    if (shutting !== null) finishShutdown(CANCELED);
  });

  between.isClosing = () => socket.destroyed;
  between.close = (done) => {
    // The socket itself closes what it takes for its handle.
    if (socket.destroyed) return handle.close(done);
    if (done !== undefined) socket.once('close', done);
    socket.destroy();
  };
  const beneath = handle as unknown as Record<string, ((...args: unknown[]) => unknown) | undefined>;
  for (const name of PASSED_ON) Object.assign(between, { [name]: (...args: unknown[]) => beneath[name]?.apply(handle, args) });
  between.reading = handle.reading;
  return between;
}

const statusOf = (error: Error): number => ('code' in error && typeof error.code === 'string' ? (STATUS.get(error.code) ?? CANCELED) : CANCELED);

interface WithHandle {
  _handle: unknown;
}

/** From now on the socket shows `standIn` as its handle, to native code that looks for one; until the result is called. */
export function show(socket: net.Socket, standIn: StreamHandle | null): () => void {
  if (standIn === null) return () => undefined;
  const inside = socket as unknown as WithHandle;
  const handle = inside._handle;
  inside._handle = standIn;
  return () => {
    // Destroyed meanwhile, a socket has none.
    if (inside._handle === standIn) inside._handle = handle;
  };
}

/** Runs `use` while the socket shows `standIn` as its handle. */
export function showing<T>(socket: net.Socket, standIn: StreamHandle | null, use: () => T): T {
  const restore = show(socket, standIn);
  try {
    return use();
  } finally {
    restore();
  }
}

type Listener = (this: net.Server, socket: net.Socket) => void;

/**
 * The listener that the server's constructor added for `event`, which gives sockets to native code, gets them showing a bridge. Call it
 * before anybody else adds one. `which` tells what is known of a socket; undefined: it is left as it is.
 */
export function bridgeConnections(server: net.Server, event: 'connection' | 'secureConnection', which: (socket: net.Socket) => Tapped | undefined): void {
  const own = server.listeners(event)[0] as Listener | undefined;
  if (own === undefined) return;
  server.removeListener(event, own);
  server.on(event, (socket: net.Socket) => {
    const tapped = which(socket);
    showing(socket, tapped === undefined ? null : bridge(socket, tapped.handle, tapped.slabs), () => own.call(server, socket));
  });
}
