// Records the calls of one UDP handle: socket, bind, connect, sendto, recvfrom, close; and keeps it to loopback. Wraps the methods of
// that object. With no log it only keeps to loopback.

import { isLoopback, type Permit } from './loopback';
import { errnoName, fdOf, localOf, socketError, type Request, type UdpHandle } from './nodeHandle';
import type { SocketLog } from './socketLog';

/** libuv's buffer for one datagram. */
const DATAGRAM_BUFFER = 65_536;
/** Negative errno of EACCES on POSIX systems; Windows' libuv uses 4092. */
const EACCES = process.platform === 'win32' ? -4092 : -13;
const ANY = new Set(['0.0.0.0', '::']);

export interface UdpTap {
  /** Bound where the program (or Node, before the first send) names no address. */
  readonly address: string;
  /** Record what the handle receives; false where the owner records when its program takes it. */
  readonly receives: boolean;
  readonly permit?: Permit;
}

export function tapUdpHandle(handle: UdpHandle, log: SocketLog | null, tap: UdpTap): void {
  let opened = false;
  /** Nothing to close (any more). */
  let closed = false;

  const { bind, connect, send, recvStart, close } = handle;
  handle.bind = (wanted, port, flags) => {
    const address = ANY.has(wanted) ? tap.address : wanted;
    if (!isLoopback(address) && tap.permit?.listens('udp', { address, port }) !== true) return EACCES;
    const t = log?.now() ?? 0;
    const status = bind.call(handle, address, port, flags);
    if (!opened) {
      const err = socketError(handle, status);
      log?.opened(t, fdOf(handle), 'datagram', address, err);
      closed = err !== '';
      if (closed) return status;
    }
    opened = true;
    log?.bound(t, status === 0 ? localOf(handle) : { address, port }, errnoName(status));
    return status;
  };

  handle.connect = (address, port) => {
    if (!isLoopback(address) && tap.permit?.reaches('udp', { address, port }) !== true) return EACCES;
    const t = log?.now() ?? 0;
    const status = connect.call(handle, address, port);
    log?.connectStarted(t, { address, port });
    log?.connectEnded(log.now(), status === 0 ? localOf(handle) : null, errnoName(status));
    return status;
  };

  // With a destination `x` is its port and `y` its address; on a connected socket there is none. The last argument asks for a callback.
  let allowed = '';
  handle.send = (request, list, count, x, y, z) => {
    const there = typeof x === 'number' && typeof y === 'string';
    if (there && y !== allowed) {
      if (isLoopback(y)) allowed = y;
      // A permit may name a port: asked for each datagram.
      else if (tap.permit?.reaches('udp', { address: y, port: x }) !== true) return EACCES;
    }
    const t = log?.now() ?? 0;
    const status = there ? send.call(handle, request, list, count, x, y, z) : send.call(handle, request, list, count, x);
    if (log === null || !log.attached) return status;
    const bytes = list.length === 1 && list[0] !== undefined ? list[0] : Buffer.concat(list);
    const address = there ? y : '';
    const port = there ? x : 0;
    // Sent at once: bytes + 1. 0: libuv holds it until the kernel has room, and the request says how it went.
    if (status > 0) log.sentTo(t, status - 1, address, port, bytes, '');
    else if (status < 0) log.sentTo(t, -1, address, port, bytes, errnoName(status));
    else reportLater(request, (err) => log.sentTo(log.now(), err === '' ? bytes.length : -1, address, port, bytes, err));
    return status;
  };

  if (tap.receives && log !== null) {
    // Node sets `onmessage` just before it starts to receive.
    let tapped: UdpHandle['onmessage'] | null = null;
    handle.recvStart = () => {
      if (handle.onmessage !== tapped) {
        const original = handle.onmessage;
        tapped = function (status, self, bytes, source) {
          if (status >= 0 && bytes !== undefined && source?.address !== undefined && source.port !== undefined) {
            log.receivedFrom(DATAGRAM_BUFFER, bytes, source.address, source.port);
          } else if (status < 0) log.failed('recvfrom', errnoName(status));
          original.call(handle, status, self, bytes, source);
        };
        handle.onmessage = tapped;
      }
      return recvStart.call(handle);
    };
  }

  handle.close = (done) => {
    if (!closed) log?.closed(false);
    closed = true;
    close.call(handle, done);
  };
}

function reportLater(request: Request, report: (err: string) => void): void {
  const done = request.oncomplete as Request['oncomplete'] | undefined;
  request.oncomplete = function (this: Request, ...args: unknown[]): void {
    report(typeof args[0] === 'number' ? errnoName(args[0]) : '');
    done?.apply(this, args);
  };
}
