// Programs that send one message and wait for one answer, over whatever carries it: a stream socket (TCP or AF_UNIX, the same calls) or
// datagrams. The receiver answers with how many bytes it got. Plain programs: of headers they know nothing.

import type { Endpoint } from '../../../shared/trace/event';
import { formatEndpoint } from '../../../shared/trace/endpoint';
import { sayError } from '../errno';
import type { ListeningSocket, StreamSocket } from '../host';
import type { RoleContext } from '../lab';
import { decode, encode } from '../text';

/** Buffer of recv() and recvfrom(), in bytes: more than a datagram can have. */
const BUFFER = 65_536;
/** How long a sender waits for the answer to a datagram, in ms. */
const PATIENCE = 2000;

/** Sends the message, then the end of stream; reads the answer to its end. Rejects with the system's error. */
export async function streamSender(role: RoleContext, connect: () => Promise<StreamSocket>, message: Uint8Array): Promise<void> {
  const socket = await connect();
  try {
    await socket.sendAll(message);
    await socket.shutdown(); // a stream has no end of a message: this one ends where the stream ends
    let answer = '';
    for (;;) {
      const bytes = await socket.recv(BUFFER);
      if (bytes.length === 0) break;
      answer += decode(bytes);
    }
    role.print(`the receiver says: ${answer}`);
  } finally {
    socket.close();
  }
}

/** Sends the message as one datagram. Rejects with EMSGSIZE when it is too long for one, with ETIMEDOUT when no answer comes. */
export async function datagramSender(role: RoleContext, receiver: Endpoint, message: Uint8Array): Promise<void> {
  const socket = await role.host.dgram.open();
  try {
    await socket.sendTo(message, receiver);
    const { bytes } = await socket.recvFrom(BUFFER, PATIENCE);
    role.print(`the receiver says: ${decode(bytes)}`);
  } finally {
    socket.close();
  }
}

/** Reads each stream to its end and answers; several side by side. Until the role ends. */
export async function streamReceiver(role: RoleContext, listening: ListeningSocket): Promise<void> {
  for (;;) {
    const connected = await listening.accept();
    void take(role, connected);
  }
}

async function take(role: RoleContext, connected: StreamSocket): Promise<void> {
  try {
    let count = 0;
    for (;;) {
      const bytes = await connected.recv(BUFFER);
      if (bytes.length === 0) break;
      count += bytes.length;
    }
    await connected.sendAll(encode(answerTo(count)));
  } catch (error) {
    if (!role.signal.aborted) role.print(sayError(error));
  } finally {
    connected.close();
  }
}

/** Answers each datagram. Rejects when it cannot bind; until the role ends. */
export async function datagramReceiver(role: RoleContext, port: number): Promise<void> {
  const socket = await role.host.dgram.bind(port);
  role.listening({ protocol: 'udp', address: role.host.address, port });
  for (;;) {
    const { bytes, from } = await socket.recvFrom(BUFFER);
    try {
      await socket.sendTo(encode(answerTo(bytes.length)), from);
    } catch (error) {
      if (role.signal.aborted) throw error;
      role.print(`${formatEndpoint(from)} ${sayError(error)}`);
    }
  }
}

const answerTo = (count: number): string => `got ${count} B`;
