// An echo client that does only what its user says: the lab's actions call its methods. It reads all the time, so that what comes
// back is seen when it comes.

import type { Endpoint } from '../../../../shared/trace/event';
import type { StreamSocket } from '../../host';
import type { RoleContext } from '../../lab';
import { decode, encode } from '../../text';
import { RECV_SIZE } from './echoClient';

export class HandClient {
  private socket: StreamSocket | null = null;
  private over = false;
  private leave: () => void = () => undefined;
  private readonly left = new Promise<void>((resolve) => (this.leave = resolve));
  private answer: (connected: boolean) => void = () => undefined;
  /** Resolves when connect() has returned: true, or failed: false. */
  readonly connected = new Promise<boolean>((resolve) => (this.answer = resolve));

  /** True from connect() to close(). */
  get open(): boolean {
    return this.socket !== null && !this.over;
  }

  /** The role's program: ends after close(), or with the system's error. */
  async run(role: RoleContext, server: Endpoint): Promise<void> {
    role.signal.addEventListener('abort', () => this.close(), { once: true });
    try {
      this.socket = await role.host.net.dial(server);
      this.answer(true);
      await Promise.race([this.left, this.reading(role, this.socket).then(() => this.left)]);
    } finally {
      this.over = true;
      this.answer(false);
      this.socket?.close();
    }
  }

  /** send(): the text and LF. Rejects with the system's error. */
  async sendLine(text: string): Promise<void> {
    await this.socket?.sendAll(encode(`${text}\n`));
  }

  /** send(): the text and nothing else. Rejects with the system's error. */
  async send(text: string): Promise<void> {
    await this.socket?.sendAll(encode(text));
  }

  /** shutdown(SHUT_WR). */
  async shutdownWrite(): Promise<void> {
    await this.socket?.shutdown();
  }

  close(): void {
    this.over = true;
    this.socket?.close();
    this.leave();
  }

  /** close() with SO_LINGER 0: RST. */
  abort(): void {
    this.over = true;
    this.socket?.abort();
    this.leave();
  }

  private async reading(role: RoleContext, socket: StreamSocket): Promise<void> {
    try {
      for (;;) {
        const bytes = await socket.recv(RECV_SIZE);
        if (bytes.length === 0) break;
        role.print(decode(bytes).trimEnd());
      }
      role.print('end of stream: the server has closed its side');
    } catch (error) {
      if (!this.over) throw error; // our own close() ends recv() too: no news
    }
  }
}
