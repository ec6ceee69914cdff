// A program that has more to say than the kernels' buffers hold. In three ways: send() that blocks, send() that does not and is tried again
// after a while, and select() that tells when there is room.

import type { StreamSocket } from '../../host';
import type { RoleContext } from '../../lab';
import { errnoOf } from '../../errno';

export type SendMode = 'blocking' | 'non-blocking' | 'select';

export interface Bulk {
  readonly mode: SendMode;
  /** Bytes in all, and of each send(). */
  readonly total: number;
  readonly chunk: number;
}

/** ms that the non-blocking program does something else after it was refused. */
const ELSEWHERE = 100;
const LETTERS = 26;

/** Sends everything, ends its side, waits for the other's end. */
export async function sendBulk(role: RoleContext, socket: StreamSocket, bulk: Bulk): Promise<void> {
  try {
    const refused = await BY_MODE[bulk.mode](role, socket, bulk);
    role.print(`${bulk.total} bytes given to the kernel${bulk.mode === 'non-blocking' ? `; refused ${refused} times` : ''}`);
    await socket.shutdown();
    await socket.recv(1);
  } finally {
    socket.close();
  }
}

/** Each gives how often it was refused. */
const BY_MODE: Readonly<Record<SendMode, (role: RoleContext, socket: StreamSocket, bulk: Bulk) => Promise<number>>> = {
  async blocking(_role, socket, bulk) {
    for (const chunk of chunks(bulk)) await socket.sendAll(chunk);
    return 0;
  },

  async 'non-blocking'(role, socket, bulk) {
    let refused = 0;
    for (const chunk of chunks(bulk)) {
      for (let rest = chunk; rest.length > 0; ) {
        const taken = offer(socket, rest);
        rest = rest.subarray(taken);
        if (taken > 0) continue;
        refused++;
        await role.sleep(ELSEWHERE);
      }
    }
    return refused;
  },

  async select(role, socket, bulk) {
    for (const chunk of chunks(bulk)) {
      for (let rest = chunk; rest.length > 0; ) {
        await role.host.net.select([], [socket]);
        rest = rest.subarray(offer(socket, rest));
      }
    }
    return 0;
  },
};

/** send() of a non-blocking socket; EAGAIN is its way to say that it took nothing. */
function offer(socket: StreamSocket, bytes: Uint8Array): number {
  try {
    return socket.trySend(bytes);
  } catch (error) {
    if (errnoOf(error) === 'EAGAIN') return 0;
    throw error;
  }
}

/** Each chunk of one letter, so that it is known again: aaa…, bbb… */
function* chunks({ total, chunk }: Bulk): Generator<Uint8Array> {
  for (let offset = 0, number = 0; offset < total; offset += chunk, number++) yield new Uint8Array(Math.min(chunk, total - offset)).fill(0x61 + (number % LETTERS));
}
