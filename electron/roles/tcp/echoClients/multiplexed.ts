// The course's client_select.py: one thread asks the system what the socket is ready for, and does just that. Node's event loop is
// a selector already: 'readable' and 'drain' are its EVENT_READ and EVENT_WRITE.

import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { report, type EchoClient } from './echoClient';

export const multiplexed: EchoClient = async (role, { server, lines }) => {
  const socket = role.host.net.connect(server, { allowHalfOpen: true });
  let failure: Error | null = null;
  socket.on('error', (error) => (failure = error));
  let next = 0;
  let sent = 0;
  let received = 0;
  try {
    await once(socket, 'connect'); // rejects with the system's error
    while (!socket.readableEnded && !socket.destroyed) {
      const { readable, writable } = await select(socket, next <= lines.length);
      if (readable) {
        const bytes: unknown = socket.read();
        if (bytes instanceof Uint8Array) received += bytes.length;
      }
      // Not "else if": a socket can be both.
      if (writable) {
        const line = lines[next++];
        if (line === undefined) socket.end(); // all said: SHUT_WR
        else {
          socket.write(line);
          sent += line.length;
        }
      }
    }
  } finally {
    socket.destroy();
  }
  if (failure !== null) throw failure as Error;
  report(role, sent, received);
};

/** Waits until the socket is readable (bytes, or its end), or, if `wantsToWrite`, writable; returns too when it is closed. */
async function select(socket: Socket, wantsToWrite: boolean): Promise<{ readable: boolean; writable: boolean }> {
  await nextTurn(); // one turn of the event loop: one look at what is ready
  const isWritable = (): boolean => wantsToWrite && socket.writable && !socket.writableNeedDrain;
  if (socket.readableLength > 0 || isWritable()) return { readable: socket.readableLength > 0, writable: isWritable() };
  if (socket.destroyed) return { readable: false, writable: false };
  const waiting = new AbortController();
  const event = async (name: 'readable' | 'drain' | 'end' | 'close'): Promise<string> => {
    await once(socket, name, { signal: waiting.signal });
    return name;
  };
  try {
    const first = await Promise.race([event('readable'), event('drain'), event('end'), event('close')]);
    return { readable: first === 'readable', writable: isWritable() };
  } finally {
    waiting.abort();
  }
}
