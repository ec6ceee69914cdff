// A receiver that reads when it likes: after a while, so many bytes at a time, with pauses. What it has not read stays in the kernel's
// receive buffer; when that is full the kernel tells the sender so (a window of zero, RFC 9293 3.8.6).

import { setTimeout as sleepFor } from 'node:timers/promises';
import type { RoleContext } from '../../lab';
import type { StreamSocket } from '../../host';

export interface ReadingPace {
  /** ms after accept() before the first recv(). */
  readonly start: number;
  /** Bytes of a recv(), at most. */
  readonly size: number;
  /** ms between two recv(). */
  readonly pause: number;
}

/** Whether it reads: held, it goes on once released. */
export class Gate {
  private opened: Promise<void> = Promise.resolve();
  private open: (() => void) | null = null;

  hold(): void {
    if (this.open === null) this.opened = new Promise((resolve) => (this.open = resolve));
  }

  release(): void {
    this.open?.();
    this.open = null;
  }

  pass(): Promise<void> {
    return this.opened;
  }
}

export async function slowReader(role: RoleContext, port: number, pace: ReadingPace, gate: Gate): Promise<void> {
  const listener = await role.host.net.listen({ port });
  role.listening({ protocol: 'tcp', address: listener.endpoint.address, port: listener.endpoint.port });
  try {
    for (;;) {
      const socket = await listener.accept();
      void readAll(role, socket, pace, gate).catch(() => undefined);
    }
  } catch (error) {
    if (!role.signal.aborted) throw error;
  } finally {
    gate.release();
    listener.close();
  }
}

async function readAll(role: RoleContext, socket: StreamSocket, pace: ReadingPace, gate: Gate): Promise<void> {
  let total = 0;
  try {
    if (pace.start > 0) role.print(`does something else for ${pace.start} ms`);
    await role.sleep(pace.start);
    for (;;) {
      await gate.pass();
      if (role.signal.aborted) return;
      const bytes = await socket.recv(pace.size);
      if (bytes.length === 0) break;
      total += bytes.length;
      if (pace.pause > 0) await sleepFor(pace.pause, undefined, { signal: role.signal });
    }
    role.print(`${total} bytes read`);
  } finally {
    socket.close();
  }
}
