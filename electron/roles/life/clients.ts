// Clients of the lab of a connection's life: each ends its connection in a way of its own, and says what it came to know.

import type { Endpoint } from '../../../shared/trace/event';
import { sayError } from '../errno';
import type { RoleContext } from '../lab';
import { decode, encode } from '../text';
import { connectWithin, recvWithin } from './patience';
import { kernelState } from './socketTable';
import { kernelSynPlan, type SynPlan } from './synRetries';

const RECV_SIZE = 1024;

export type LifeClient = (role: RoleContext, server: Endpoint) => Promise<void>;

/** Sends, says that it will send no more, reads to the end, closes: nobody loses anything. */
export const endsInOrder: LifeClient = async (role, server) => {
  const socket = await role.host.net.dial(server);
  await socket.sendAll(encode('Good morning\n'));
  await socket.shutdown();
  for (;;) {
    const bytes = await socket.recv(RECV_SIZE);
    if (bytes.length === 0) break;
    role.print(decode(bytes).trimEnd());
  }
  role.print('both have said FIN');
  socket.close();
};

/** Reads to the end of the stream, then closes. */
export const listens: LifeClient = async (role, server) => {
  const socket = await role.host.net.dial(server);
  for (;;) {
    const bytes = await socket.recv(RECV_SIZE);
    if (bytes.length === 0) break;
    role.print(decode(bytes).trimEnd());
  }
  role.print('recv() returned 0: the server has closed first');
  socket.close();
};

/** SO_LINGER 0, then close(). */
export const aborts: LifeClient = async (role, server) => {
  const socket = await role.host.net.dial(server);
  role.print(decode(await socket.recv(RECV_SIZE)).trimEnd());
  socket.abort();
};

/** close() in both directions, while the server still has something to say. */
export const closesBoth: LifeClient = async (role, server) => {
  const socket = await role.host.net.dial(server);
  role.print(decode(await socket.recv(RECV_SIZE)).trimEnd());
  socket.close();
};

/** Reads four bytes of what has come and closes: the others lie unread. */
export const leavesUnread: LifeClient = async (role, server) => {
  const socket = await role.host.net.dial(server);
  role.print(decode(await socket.recv(4)));
  socket.close();
};

/** Sends one line and waits for what comes, to the end or an error; `sent` and `heard` are told the lab's script. */
export const asks =
  (text: string, said: { readonly sent?: () => void; readonly heard?: () => void }): LifeClient =>
  async (role, server) => {
    const socket = await role.host.net.dial(server);
    await socket.sendAll(encode(text));
    said.sent?.();
    try {
      for (;;) {
        const bytes = await socket.recv(RECV_SIZE);
        if (bytes.length === 0) break;
        role.print(`${bytes.length} B have come back`);
        said.heard?.();
      }
      role.print('recv() returned 0: the end of the stream, as if the server had closed in order');
    } catch (error) {
      role.print(sayError(error));
    } finally {
      socket.close();
    }
  };

/** Connects, asks, and waits no longer than `patience` ms for anything. */
export const asksWithPatience =
  (patience: number): LifeClient =>
  async (role, server) => {
    const socket = await connectWithin(role, server, patience);
    if (socket === null) return saysWhatKernelWould(role, patience);
    await socket.sendAll(encode('Is anybody there?\n'));
    const bytes = await recvWithin(socket, RECV_SIZE, patience);
    if (bytes === null) role.print(`gave up: connected, and no answer within ${patience} ms`);
    socket.close();
  };

/** A client that hears an answer, and then, when `again` resolves, asks once more on the same connection. */
export const asksTwice =
  (patience: number, heard: () => void, again: Promise<void>): LifeClient =>
  async (role, server) => {
    const socket = await role.host.net.dial(server);
    await socket.sendAll(encode('one\n'));
    role.print(decode(await socket.recv(RECV_SIZE)).trimEnd());
    heard();
    await again;
    await socket.sendAll(encode('two\n'));
    role.print('send() has taken it: for this client the connection stands');
    const bytes = await recvWithin(socket, RECV_SIZE, patience);
    role.print(bytes === null ? `gave up: no answer within ${patience} ms. Slow, or gone? TCP has not said` : decode(bytes).trimEnd());
    socket.close();
  };

/** Takes a place in an accept queue, and leaves when `over` resolves. */
export const queues =
  (queued: () => void, over: Promise<void>): LifeClient =>
  async (role, server) => {
    const socket = await role.host.net.dial(server);
    // connect() is over with the SYN-ACK: a kernel that is late has not seen the ACK yet, and so has a place for somebody else.
    while ((await kernelState(socket.remote, socket.local)) === 'SYN_RECV') await role.sleep(1);
    queued();
    await over;
    socket.close();
  };

async function saysWhatKernelWould(role: RoleContext, patience: number): Promise<void> {
  role.print(`gave up: connect() had not returned after ${patience} ms`);
  const plan = await kernelSynPlan();
  role.print(plan === null ? 'this system does not tell how long its kernel would have gone on' : sayPlan(plan));
}

/** 'the kernel would have sent its SYN again after 1, 3, 7 s and failed with ETIMEDOUT after 15 s (tcp_syn_retries = 3)' */
export const sayPlan = ({ retries, linear, again, givesUp }: SynPlan): string =>
  `the kernel sends its SYN again after ${again.join(', ')} s and fails with ETIMEDOUT after ${givesUp} s (tcp_syn_retries = ${retries}${linear > 0 ? `, tcp_syn_linear_timeouts = ${linear}` : ''})`;
