// The course's client_makefile.py: a line is a message. It sends one, reads until its LF is back, then sends the next.

import { encode } from '../../text';
import { lineReader } from '../lineReader';
import { connect, RECV_SIZE, report, type EchoClient } from './echoClient';

export const lineByLine: EchoClient = async (role, options) => {
  const { lines } = options;
  const socket = await connect(role, options);
  const reader = lineReader(socket, RECV_SIZE);
  let sent = 0;
  let received = 0;
  try {
    for (const line of lines) {
      await socket.sendAll(line);
      sent += line.length;
      const answer = await reader.readLine(); // as many recv() as it takes
      received += encode(answer).length;
      if (!answer.endsWith('\n')) break; // the server ended the stream
    }
  } finally {
    socket.close(); // nothing is under way: every line is back
  }
  report(role, sent, received);
};
