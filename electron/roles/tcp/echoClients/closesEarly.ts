// The course's client_wrong.py in essence: it takes one recv() for the whole answer and closes. TCP promises no such thing.

import { connect, RECV_SIZE, report, type EchoClient } from './echoClient';

export const closesEarly: EchoClient = async (role, options) => {
  const { lines } = options;
  const socket = await connect(role, options);
  let sent = 0;
  let received = 0;
  try {
    for (const line of lines) {
      await socket.sendAll(line);
      sent += line.length;
    }
    received += (await socket.recv(RECV_SIZE)).length;
  } finally {
    socket.close(); // the answer may still be under way: nobody can read it now
  }
  report(role, sent, received);
};
