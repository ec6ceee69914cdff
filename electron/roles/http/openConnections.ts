// Counts the open connections of servers, for a lab's script: its story ends when the servers have learnt that the clients are gone.
// Only those of the lab's own clients count; others may come too, and the script does not wait for them.

import type * as net from 'node:net';

export class OpenConnections {
  private readonly ours = new Set<string>();
  private open = 0;
  private wake: () => void = () => undefined;

  /** An address of the lab's own clients. */
  of(address: string): void {
    this.ours.add(address);
  }

  watch(server: net.Server): void {
    server.on('connection', (socket) => {
      if (!this.ours.has(socket.remoteAddress ?? '')) return;
      this.open++;
      socket.once('close', () => {
        this.open--;
        this.wake();
      });
    });
  }

  /** Resolves when none is open, or when the run is over. */
  async idle(signal: AbortSignal): Promise<void> {
    while (this.open > 0 && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
  }
}
