// One conversation over one TCP connection, whoever called: lines go out, lines come in, until one side hangs up. Both ends read all the
// time. What the lines mean to a person is in person.ts.

import type { StreamSocket } from '../host';
import { decode, encode } from '../text';
import { MAX_LINE } from './chatLines';

/** The buffer that recv() is given, in bytes. */
const RECV_SIZE = 4096;
const LF = 0x0a;

export class Conversation {
  private held: Uint8Array = new Uint8Array(0);
  private over = false;

  /** `name`: who is at the other end; '' until a caller has said so. */
  constructor(
    readonly socket: StreamSocket,
    public name: string,
  ) {}

  /** False once one side has hung up. */
  get open(): boolean {
    return !this.over && !this.socket.closed;
  }

  /** Rejects with EPIPE, ECONNRESET. */
  async send(line: string): Promise<void> {
    await this.socket.sendAll(encode(line));
  }

  hangUp(): void {
    this.over = true;
    this.socket.close();
  }

  /** The next line without its LF; null when the other has hung up: a last line without LF is none. Rejects with ECONNRESET, and when the line is too long. */
  async line(): Promise<string | null> {
    for (;;) {
      const at = this.held.indexOf(LF);
      if (at >= 0) {
        const line = decode(this.held.subarray(0, at));
        this.held = this.held.slice(at + 1);
        return line;
      }
      if (this.held.length > MAX_LINE) throw new Error(`a line has at most ${MAX_LINE} bytes`);
      const bytes = await this.socket.recv(RECV_SIZE);
      if (bytes.length === 0) {
        this.over = true;
        return null;
      }
      this.held = Buffer.concat([this.held, bytes]);
    }
  }
}
