// The course's client_select.py: one thread that never waits in send() or recv(), but in select() alone, which tells what the socket is ready
// for, or that the time is over. What it is ready for cannot block.

import type { StreamSocket } from '../../host';
import { connect, RECV_SIZE, report, type EchoClient } from './echoClient';

export const multiplexed: EchoClient = async (role, options) => {
  const socket = await connect(role, options);
  let [unsent, ...lines] = options.lines;
  let said = false;
  let sent = 0;
  let received = 0;
  try {
    for (let ended = false; !ended; ) {
      // Registered for writing only while there is something to write: else every select() would return at once.
      const { readable, writable } = await role.host.net.select([socket], said ? [] : [socket], options.timeout);
      if (readable.length > 0) {
        const bytes = socket.tryRecv(RECV_SIZE);
        received += bytes.length;
        ended = bytes.length === 0; // b'': the server's FIN
      }
      // Not "else if": a socket can be both.
      if (writable.length > 0 && !ended) {
        if (unsent === undefined) {
          await socket.shutdown(); // all said
          said = true;
        } else {
          const taken = sendSome(socket, unsent);
          sent += taken;
          // A full send buffer takes less than it is offered: the rest goes next time.
          if (taken < unsent.length) unsent = unsent.subarray(taken);
          else [unsent, ...lines] = lines;
        }
      }
      // Neither: the time is over. A program may look at its clock here, or at whether somebody wants it to stop.
    }
  } finally {
    socket.close();
  }
  report(role, sent, received);
};

/** send(): what the kernel took. select() said that it would take something; that it takes nothing after all is no error. */
function sendSome(socket: StreamSocket, bytes: Uint8Array): number {
  try {
    return socket.trySend(bytes);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return 0;
    throw error;
  }
}
