// Records the calls of one UDP handle: socket, bind, connect, sendto, recvfrom, close; and keeps it to loopback. Wraps the methods of
// that object. With no log it only keeps to loopback.

import type { Endpoint } from '../../shared/trace/event';
import { isLoopback } from './loopback';
import { errnoName, fdOf, localOf, type Request, type UdpHandle } from './nodeHandle';
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
}

export function tapUdpHandle(handle: UdpHandle, log: SocketLog | null, tap: UdpTap): void {
  let connected: Endpoint | null = null;
  let opened = false;

  const { bind, connect, send, recvStart, close } = handle;
  handle.bind = (wanted, port, flags) => {
    const address = ANY.has(wanted) ? tap.address : wanted;
    if (!isLoopback(address)) return EACCES;
    const t = log?.now() ?? 0;
    const status = bind.call(handle, address, port, flags);
    if (!opened) log?.opened(t, fdOf(handle), 'datagram', address);
    opened = true;
    log?.bound(t, status === 0 ? localOf(handle) : { address, port }, errnoName(status));
    return status;
  };

  handle.connect = (address, port) => {
    if (!isLoopback(address)) return EACCES;
    const t = log?.now() ?? 0;
    const status = connect.call(handle, address, port);
    log?.connectStarted(t, { address, port });
    log?.connectEnded(log.now(), status === 0 ? localOf(handle) : null, errnoName(status));
    connected = status === 0 ? { address, port } : connected;
    return status;
  };

  handle.send = (request, list, count, ...rest) => {
    // With a destination: port, address, wants a callback. On a connected socket: wants a callback.
    const [port, address] = rest;
    const to = rest.length > 1 && typeof port === 'number' && typeof address === 'string' ? { address, port } : null;
    if (to !== null && !isLoopback(to.address)) return EACCES;
    if (log === null || !log.attached) return send.call(handle, request, list, count, ...rest);
    const bytes = list.length === 1 && list[0] !== undefined ? list[0] : Buffer.concat(list);
    const t = log.now();
    const status = send.call(handle, request, list, count, ...rest);
    // Sent at once: bytes + 1. 0: libuv holds it until the kernel has room, and the request says how it went.
    if (status !== 0) log.sentTo(t, status > 0 ? status - 1 : -1, to, bytes.length, bytes, errnoName(status));
    else reportLater(request, (err) => log.sentTo(log.now(), err === '' ? bytes.length : -1, to, bytes.length, bytes, err));
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
            log.receivedFrom(DATAGRAM_BUFFER, bytes, { address: source.address, port: source.port });
          } else if (status < 0) log.failed('recvfrom', errnoName(status));
          original.call(handle, status, self, bytes, source);
        };
        handle.onmessage = tapped;
      }
      return recvStart.call(handle);
    };
  }

  let closed = false;
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
