// The course's client_shutdown.py: says with FIN that it has sent all, goes on reading until the server's FIN, then closes.

import { connect, RECV_SIZE, report, type EchoClient } from './echoClient';

export const halfCloses: EchoClient = async (role, options) => {
  const { lines } = options;
  const socket = await connect(role, options);
  let sent = 0;
  let received = 0;
  try {
    for (const line of lines) {
      await socket.sendAll(line);
      sent += line.length;
    }
    await socket.shutdown(); // SHUT_WR: this direction is over, the other is not
    for (;;) {
      const bytes = await socket.recv(RECV_SIZE);
      if (bytes.length === 0) break; // b'': the server's FIN
      received += bytes.length;
    }
  } finally {
    socket.close();
  }
  report(role, sent, received);
};
