// The course's client_class.py: the line by line client as a class, whose run() a thread would call. What another client does otherwise is in
// exchange() alone: a subclass overrides it (clients.py makes many of them).

import type { StreamSocket } from '../../host';
import type { RoleContext } from '../../lab';
import { encode } from '../../text';
import { lineReader, type LineReader } from '../lineReader';
import { connect, RECV_SIZE, report, type EchoClient, type EchoClientOptions } from './echoClient';

export class Client {
  protected sent = 0;
  protected received = 0;

  constructor(protected readonly role: RoleContext, private readonly options: EchoClientOptions) {}

  async run(): Promise<void> {
    const socket = await connect(this.role, this.options);
    const rfile = lineReader(socket, RECV_SIZE);
    try {
      for (const line of this.options.lines) if (!(await this.exchange(socket, rfile, line))) break;
    } finally {
      socket.close();
    }
    report(this.role, this.sent, this.received);
  }

  /** Sends one line and waits for its echo. False when the server has ended the stream. */
  protected async exchange(socket: StreamSocket, rfile: LineReader, line: Uint8Array): Promise<boolean> {
    await socket.sendAll(line);
    this.sent += line.length;
    const answer = await rfile.readLine();
    this.received += encode(answer).length;
    return answer.endsWith('\n');
  }
}

export const clientClass: EchoClient = (role, options) => new Client(role, options).run();
