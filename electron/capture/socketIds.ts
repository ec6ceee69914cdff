// Which descriptor of the trace a role's socket is: for what is recorded of a socket from outside its tap (the faults of a relay).

import { sockId, type SockId } from '../../shared/base/brand';

const ids = new WeakMap<object, SockId>();

export function rememberSocket(socket: object, id: SockId): void {
  ids.set(socket, id);
}

/** 0 where recording is off. */
export const socketIdOf = (socket: object): SockId => ids.get(socket) ?? sockId(0);
