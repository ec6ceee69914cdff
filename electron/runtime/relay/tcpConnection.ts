// One connection that passes a TCP relay: a client's socket, a socket of the relay's own to the target, a pipe each way. Its delay counts
// for the handshake too, as far as a relay can: the kernel has answered the client's SYN before any program knows of it, so connect()
// succeeds at once, and the round trip that it should have cost is paid by the first bytes instead (see `open`).

import type { Random } from '../../../shared/base/random';
import type { Endpoint } from '../../../shared/trace/event';
import type { StreamSocket, TcpNetwork } from '../../roles/host';
import { RELAY_LIMITS } from './limits';
import { Pipe, type PipeOptions } from './tcpPipe';
import { now, until } from './timing';

type Shared = 'faults' | 'gate' | 'report';

export interface ConnectionOptions extends Pick<PipeOptions, Shared> {
  readonly net: Pick<TcpNetwork, 'dial'>;
  readonly target: Endpoint;
  readonly client: StreamSocket;
  readonly up: Pick<PipeOptions, 'link'> & { readonly random: Random };
  readonly down: Pick<PipeOptions, 'link'> & { readonly random: Random };
}

export class RelayedConnection {
  private readonly abort = new AbortController();
  private server: StreamSocket | null = null;
  private pipes: { readonly up: Pipe; readonly down: Pipe } | null = null;
  private cutting = false;
  /** Bytes given to the client so far. */
  private given = 0;

  constructor(private readonly options: ConnectionOptions) {}

  /** Resolves when both sockets are closed; never rejects. */
  async run(): Promise<void> {
    try {
      await this.open();
    } catch {
      // The relay has ended, or the connection was cut before it was open.
    } finally {
      this.close();
    }
  }

  /**
   * With a one-way delay d, and the client's connect() at time 0: the target is dialled at d, when SYN would have arrived. The client's
   * bytes are taken up from 2d on, when SYN-ACK would have come back, the server's from 3d on, when the third step would have arrived.
   * So a client that speaks first hears its answer after two round trips (4d), one of them for the connection, as over a wire; only it
   * waits for it after connect() and not in it. Refusal by the target reaches the client at 2d, as RST. Jitter does not count here.
   */
  private async open(): Promise<void> {
    const { client, net, target, faults, gate, report } = this.options;
    const { signal } = this.abort;
    const { delay } = faults();
    const start = now();
    if (delay > 0) report(client, 'delay', 2 * delay, 'up', 0);
    await until(start + delay, signal);
    await gate.pass(signal);
    try {
      this.server = await net.dial(target);
    } catch {
      await until(start + 2 * delay, signal);
      return this.reset();
    }
    if (signal.aborted) return this.server.abort();
    await this.pump(this.server, start, delay);
  }

  private async pump(server: StreamSocket, start: number, delay: number): Promise<void> {
    const { client, up, down, faults, gate, report } = this.options;
    const { signal } = this.abort;
    const shared = { faults, gate, report, signal, onReset: () => this.reset(), onCut: () => void this.cutByFault().catch(() => undefined) };
    // A relay adds no waiting of its own to what the two ends do (Nagle's algorithm would).
    for (const socket of [client, server]) socket.setNoDelay(true);
    const pipes = {
      up: new Pipe({ ...shared, ...up, direction: 'up', from: client, to: server, allowed: (size) => size }),
      down: new Pipe({ ...shared, ...down, direction: 'down', from: server, to: client, allowed: (size) => this.allow(size) }),
    };
    this.pipes = pipes;
    const after = async (due: number, pipe: Pipe): Promise<void> => {
      await until(due, signal);
      await pipe.run();
    };
    await Promise.all([after(start + 2 * delay, pipes.up), after(start + 3 * delay, pipes.down)]);
  }

  /** After how many bytes from the server it is cut, and how: the fault that comes first. */
  private limit(): { readonly after: number; readonly how: 'cut' | 'reset' } {
    const { cutAfter, resetAfter } = this.options.faults();
    const cut = cutAfter > 0 ? cutAfter : Infinity;
    const reset = resetAfter > 0 ? resetAfter : Infinity;
    return cut <= reset ? { after: cut, how: 'cut' } : { after: reset, how: 'reset' };
  }

  private async cutByFault(): Promise<void> {
    const { how } = this.limit();
    if (how === 'reset') await until(now() + RELAY_LIMITS.beforeReset, this.abort.signal);
    this.cut(how);
  }

  /** Of these bytes, those that may still go to the client. */
  private allow(size: number): number {
    const { after } = this.limit();
    const count = Math.max(0, Math.min(size, after - this.given));
    this.given += count;
    return count;
  }

  /** Ends it now, and drops what is on its way: in order (FIN both ways), or by RST. */
  cut(how: 'cut' | 'reset'): void {
    if (this.cutting || this.abort.signal.aborted) return;
    this.cutting = true;
    const { client, report } = this.options;
    const lost = this.pipes === null ? 0 : this.pipes.up.drop() + this.pipes.down.drop();
    report(this.server ?? client, how, 0, 'down', lost);
    if (how === 'reset' || this.server === null) return this.reset();
    // Closing at once would be RST if bytes lie unread: say FIN, and read on until the ends have closed too.
    for (const socket of [client, this.server]) socket.shutdown().catch(() => undefined);
    void until(now() + RELAY_LIMITS.linger, this.abort.signal).then(() => this.close(), () => undefined);
  }

  /** Closes both at once, as the end of the relay does. */
  close(): void {
    this.abort.abort();
    this.options.gate.wake();
    this.options.client.close();
    this.server?.close();
  }

  private reset(): void {
    this.options.client.abort();
    this.server?.abort();
    this.close();
  }
}
