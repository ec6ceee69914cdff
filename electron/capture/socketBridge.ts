// Stands between a tapped socket and native code that takes its bytes beneath JavaScript (TLS, HTTP/2): bytes that the socket reads are
// handed up, bytes that come down are written by the socket, so that both pass its tap. Below it the socket and its handle stay what
// they are. Statuses, order and pauses go through; bytes are copied once each way.

import type * as net from 'node:net';
import { errnoName, statusOf, type Request } from './nodeHandle';
import { streamBindings, type StreamHandle } from './nodeStream';
import type { Tapped } from './tcpSockets';
import { joined } from './writes';

// What libuv says of handles that are closed or shut down.
const CLOSED = statusOf('EBADF');
const NOT_CONNECTED = statusOf('ENOTCONN');
const SHUT = statusOf('EPIPE');

/** What native code may ask of the handle beneath, through the one that stands for it. */
const PASSED_ON = ['ref', 'unref', 'hasRef', 'getsockname', 'getpeername', 'setNoDelay', 'setKeepAlive'] as const;

/** The stream to hand to native code in place of the socket's handle; null when this Node has none, and nothing is done. */
export function bridge(socket: net.Socket, { handle, slabs, sends }: Tapped): StreamHandle | null {
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
  const up = (bytes: Uint8Array | null): boolean => {
    if (!stopped && held.length === 0) {
      give(bytes);
      return false;
    }
    held.push(bytes);
    if (handle.reading === true) {
      handle.reading = false;
      handle.readStop();
    }
    return true;
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

  // Downwards, one write at a time, to the handle: the socket's own queue is not used. Its answer is never given within the call.
  let writing: Request | null = null;
  /** A request that native code had no use for, as the kernel took all at once. */
  let spare: Request | null = null;
  const written = (status: number): void => {
    const request = writing;
    writing = null;
    if (request !== null) between.finishWrite(request, status);
  };
  let calling = false;
  const oncomplete = (status: unknown): void => {
    const result = typeof status === 'number' ? status : 0;
    sends.finish(errnoName(result));
    // TLS that finds the connection gone says so within the call.
    if (calling) soon(written, result);
    else written(result);
  };
  between.onwrite = (request, buffers) => {
    if (socket.destroyed) return CLOSED;
    const [first] = buffers;
    if (first === undefined || writing !== null || socket.writableEnded) return SHUT;
    let size = 0;
    for (const buffer of buffers) size += buffer.length;
    sends.begin(size, joined(buffers));
    const write = spare ?? new bindings.WriteWrap();
    spare = null;
    write.oncomplete = oncomplete;
    writing = request;
    calling = true;
    const status = buffers.length === 1 ? handle.writeBuffer(write, first) : handle.writev(write, buffers, true);
    calling = false;
    if (status !== 0) {
      writing = null;
      sends.finish(errnoName(status));
    } else if (bindings.state[bindings.wasAsync] !== 0) {
      // Kept until the kernel has taken them.
      write.buffer = buffers;
      sends.wait();
    } else {
      sends.finish('');
      spare = write;
      soon(written, 0);
    }
    return status;
  };
  between.onshutdown = (request) => {
    if (socket.destroyed) return NOT_CONNECTED;
    const shutdown = new bindings.ShutdownWrap();
    // libuv shuts down once what was written is out.
    shutdown.oncomplete = (status) => between.finishShutdown(request, typeof status === 'number' ? status : 0);
    return handle.shutdown(shutdown);
  };

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

type Answer = (status: number) => void;

/** Answers that are due, of all bridges, given together once what runs now has returned. */
let due: { readonly answer: Answer; readonly status: number }[] = [];

function soon(answer: Answer, status: number): void {
  if (due.push({ answer, status }) === 1) setImmediate(answerAll);
}

function answerAll(): void {
  const answers = due;
  due = [];
  let given = 0;
  try {
    for (const { answer, status } of answers) {
      given++;
      answer(status);
    }
  } finally {
    // What a program's callback throws must not cost the others their answers.
    for (const { answer, status } of answers.slice(given)) soon(answer, status);
  }
}

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
    showing(socket, tapped === undefined ? null : bridge(socket, tapped), () => own.call(server, socket));
  });
}
