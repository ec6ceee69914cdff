// The same line and answer as datagrams: over AF_INET with the socket API of roles/host.ts, over AF_INET6 with Node's dgram on ::1.

import { once } from 'node:events';
import type * as dgram from 'node:dgram';
import type { Endpoint } from '../../../shared/trace/event';
import type { RoleContext } from '../lab';
import { decode, encode } from '../text';
import { answerTo, timed } from './exchange';

const BUFFER = 2048;
/** How long an answer is waited for, in ms: a datagram may be lost, though hardly on loopback. */
const PATIENCE = 2000;

/** Rejects with the system's error when it cannot bind. Until the role ends. */
export async function datagramServer(role: RoleContext, port: number): Promise<void> {
  const socket = await role.host.dgram.bind(port);
  role.listening({ protocol: 'udp', address: role.host.address, port });
  for (;;) {
    const { bytes, from } = await socket.recvFrom(BUFFER);
    await socket.sendTo(encode(answerTo(decode(bytes))), from);
  }
}

export async function datagramClient(role: RoleContext, to: Endpoint, line: string, exchanges: number): Promise<void> {
  const socket = await role.host.dgram.open();
  try {
    await timed(role, exchanges, async () => {
      await socket.sendTo(encode(line), to);
      return decode((await socket.recvFrom(BUFFER, PATIENCE)).bytes);
    });
  } finally {
    socket.close();
  }
}

/** Over IPv6. Rejects with the system's error: EADDRNOTAVAIL and EAFNOSUPPORT where there is no IPv6. Until the role ends. */
export async function datagram6Server(role: RoleContext, port: number): Promise<void> {
  const socket = await bound6(role, port);
  role.listening({ protocol: 'udp', address: '::1', port: socket.address().port });
  socket.on('message', (bytes: Buffer, from: dgram.RemoteInfo) => socket.send(encode(answerTo(decode(bytes))), from.port, from.address));
  await once(socket, 'close');
}

export async function datagram6Client(role: RoleContext, to: Endpoint, line: string, exchanges: number): Promise<void> {
  const socket = await bound6(role, 0);
  try {
    await timed(role, exchanges, async () => {
      const answer = once(socket, 'message', { signal: AbortSignal.any([role.signal, AbortSignal.timeout(PATIENCE)]) });
      socket.send(encode(line), to.port, to.address);
      const [bytes] = (await answer) as [Buffer];
      return decode(bytes);
    });
  } finally {
    socket.close();
  }
}

async function bound6(role: RoleContext, port: number): Promise<dgram.Socket> {
  const socket = role.host.dgram.createSocket({ type: 'udp6' });
  const listening = once(socket, 'listening');
  socket.bind(port, '::1');
  await listening;
  return socket;
}
