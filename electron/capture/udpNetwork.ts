// UDP of one role: plain dgram sockets, and the socket API's shape, over the same tapped objects (roles/host.ts).

import * as dgram from 'node:dgram';
import type { UdpNetwork } from '../roles/host';
import { TappedDatagrams } from './datagramSocket';
import { callError } from './loopback';
import { udpHandleOf } from './nodeHandle';
import type { NetworkOptions, OpenSockets } from './openSockets';
import type { Recorder } from './recorder';
import { SocketLog } from './socketLog';
import { tapUdpHandle } from './udpHandleTap';

const nothing = (): void => undefined;

export function createUdpNetwork(recorder: Recorder | null, { role, address, permit }: NetworkOptions, open: OpenSockets): UdpNetwork {
  const type = address.includes(':') ? 'udp6' : 'udp4';

  const make = (options: dgram.SocketOptions, receives: boolean): { socket: dgram.Socket; log: SocketLog | null } => {
    open.check('socket');
    const socket = dgram.createSocket(options);
    socket.on('error', nothing);
    const handle = udpHandleOf(socket);
    // Without its handle a socket cannot be kept to loopback.
    if (handle === null) throw callError('ENOSYS', 'socket', 'this Node version hides the handles of its datagram sockets');
    const log = SocketLog.open(recorder, role);
    tapUdpHandle(handle, log, { address: options.type === type ? address : '::1', receives, ...(permit !== undefined && { permit }) });
    return { socket, log };
  };

  const api = (): TappedDatagrams => {
    const { socket, log } = make({ type }, false);
    const made = new TappedDatagrams(socket, udpHandleOf(socket), log, address, permit);
    socket.once('close', open.add(() => made.close()));
    return made;
  };

  return {
    async bind(port) {
      const made = api();
      try {
        await made.bind(port);
      } catch (error) {
        made.close();
        throw error;
      }
      return made;
    },
    open: async () => api(),
    createSocket(options = {}) {
      const { socket } = make({ ...options, type: options.type ?? type }, true);
      // dgram's close() throws when it was called before, and only then.
      const closeOnce = (): void => {
        if (udpHandleOf(socket) !== null) socket.close();
      };
      socket.once('close', open.add(closeOnce));
      return socket;
    },
  };
}
