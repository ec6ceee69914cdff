// The course's client_thread.py: one thread only sends, another only receives, each at its own pace. Here they are two tasks of one
// thread; what they do to the socket is the same.

import { connect, RECV_SIZE, report, type EchoClient } from './echoClient';

export const twoThreads: EchoClient = async (role, options) => {
  const { lines } = options;
  const socket = await connect(role, options);

  const sending = async (): Promise<number> => {
    let sent = 0;
    for (const line of lines) {
      await socket.sendAll(line);
      sent += line.length;
      await role.sleep(1); // the next message is not ready at once
    }
    await socket.shutdown();
    return sent;
  };

  const receiving = async (): Promise<number> => {
    let received = 0;
    for (;;) {
      const bytes = await socket.recv(RECV_SIZE);
      if (bytes.length === 0) return received;
      received += bytes.length;
    }
  };

  try {
    const [sent, received] = await Promise.all([sending(), receiving()]);
    report(role, sent, received);
  } finally {
    socket.close();
  }
};
