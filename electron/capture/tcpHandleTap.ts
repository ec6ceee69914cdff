// Records the calls that any TCP handle makes: socket, bind, connect, listen, setsockopt, shutdown, close. Wraps the methods of one
// handle object; bytes are tapped elsewhere (tcpTap.ts for plain sockets, streamSocket.ts for the socket API).

import { errnoName, fdOf, localOf, socketError, type Request, type TcpHandle } from './nodeHandle';
import type { SocketLog } from './socketLog';

export interface HandleTap {
  /** The socket exists already (accepted, or bound before): its opening is not recorded again. */
  readonly opened: boolean;
  /** Called just before the descriptor is given up. */
  readonly beforeClose?: () => void;
}

/** From now on the handle's calls are recorded in `log`. Arguments, results and order stay as they are. */
export function tapTcpHandle(handle: TcpHandle, log: SocketLog, tap: HandleTap): void {
  let opened = tap.opened;
  /** Nothing to close: socket() failed. */
  let closed = false;
  /** False when there is no socket to call anything on. */
  const open = (t: number, address: string, status: number): boolean => {
    if (opened) return true;
    const err = socketError(handle, status);
    log.opened(t, fdOf(handle), 'stream', address, err);
    opened = err === '';
    closed = !opened;
    return opened;
  };

  const bound = (t: number, status: number, address: string, port: number): number => {
    if (!open(t, address, status)) return status;
    const result = bindResult(handle, status, address, port);
    log.bound(t, result.local, result.err);
    return status;
  };
  const { bind, bind6, connect, connect6, listen, shutdown, close, reset, setNoDelay, setKeepAlive } = handle;
  handle.bind = (address, port) => bound(log.now(), bind.call(handle, address, port), address, port);
  handle.bind6 = (address, port, flags) => bound(log.now(), bind6.call(handle, address, port, flags), address, port);

  const connecting = (call: TcpHandle['connect']): TcpHandle['connect'] => (request, address, port) => {
    const t = log.now();
    const done = request.oncomplete;
    request.oncomplete = function (this: Request, ...args: unknown[]): void {
      const status = typeof args[0] === 'number' ? args[0] : 0;
      // A negative status after close() is the cancelled call's, which no program waits for.
      if (!closed) log.connectEnded(log.now(), status === 0 ? localOf(handle) : null, errnoName(status));
      done.apply(this, args);
    };
    const status = call.call(handle, request, address, port);
    if (!open(t, address, status)) return status;
    log.connectStarted(t, { address, port });
    if (status !== 0) log.connectEnded(log.now(), null, errnoName(status));
    return status;
  };
  handle.connect = connecting(connect);
  handle.connect6 = connecting(connect6);

  handle.listen = (backlog) => {
    const t = log.now();
    const status = listen.call(handle, backlog);
    log.listened(t, backlog, errnoName(status));
    return status;
  };

  // libuv calls shutdown(2) once its queue of writes is empty, in a later turn of the loop; the answer comes right after it.
  handle.shutdown = (request) => {
    const done = request.oncomplete;
    request.oncomplete = function (this: Request, ...args: unknown[]): void {
      if (!closed) log.shutdown(errnoName(typeof args[0] === 'number' ? args[0] : 0));
      done.apply(this, args);
    };
    const status = shutdown.call(handle, request);
    if (status < 0) log.shutdown(errnoName(status));
    return status;
  };

  const closing = (abort: boolean): void => {
    if (closed) return;
    tap.beforeClose?.();
    closed = true;
    log.closed(abort);
  };
  // libuv gives the descriptor up within close(); only the memory of the handle is released later.
  handle.close = (done) => {
    closing(false);
    close.call(handle, done);
  };
  handle.reset = (done) => {
    closing(true);
    return reset.call(handle, done);
  };

  handle.setNoDelay = (on) => {
    const status = setNoDelay.call(handle, on);
    log.option(log.now(), `TCP_NODELAY=${on ? 1 : 0}`, errnoName(status));
    return status;
  };
  handle.setKeepAlive = (on, delay) => {
    const status = setKeepAlive.call(handle, on, delay);
    log.option(log.now(), `SO_KEEPALIVE=${on ? 1 : 0}`, errnoName(status));
    return status;
  };
}

/**
 * What bind() really said. libuv keeps EADDRINUSE back until listen() or connect(), though it is bind() that failed; the socket
 * is then not bound to the port asked for.
 */
export function bindResult(handle: TcpHandle, status: number, address: string, port: number): { local: { address: string; port: number }; err: string } {
  const local = status === 0 ? localOf(handle) : null;
  const err = status !== 0 ? errnoName(status) : port > 0 && local?.port !== port ? 'EADDRINUSE' : '';
  return { local: err === '' && local !== null ? local : { address, port }, err };
}
