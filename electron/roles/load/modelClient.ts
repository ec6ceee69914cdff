// A client of a server model: asks with one line, waits for the same line, thinks, asks again. Blocking calls only, as simple clients make
// them; the one thing it has beside them is patience. What it counts goes into the tally of its crowd (crowd.ts).

import { formatEndpoint } from '../../../shared/trace/endpoint';
import type { Endpoint } from '../../../shared/trace/event';
import type { ServiceOutcome } from '../../../shared/trace/notes';
import { errnoOf, sayError } from '../errno';
import type { StreamSocket } from '../host';
import type { RoleContext } from '../lab';
import { lineReader, type LineReader } from '../tcp/lineReader';
import { encode } from '../text';
import type { Tally } from './tally';

/** The buffer that recv() is given, in bytes. */
const RECV_SIZE = 1024;

export interface ModelClientOptions {
  readonly server: Endpoint;
  /** Its number among the clients, from 1. */
  readonly number: number;
  readonly requests: number;
  /** ms between an answer and the next request. */
  readonly think: number;
  /** ms that it waits for one answer, connecting counted; then it goes away for good. 0: for ever. */
  readonly patience: number;
  /** One connection for all requests; else one for each. */
  readonly keep: boolean;
  readonly tally: Tally;
  /** Asked before each connect(): whether it may begin yet. Gives what to call when it is over. */
  readonly gate?: (() => Promise<() => void>) | undefined;
  /** It connects before it asks, and asks when this resolves: when all are connected. */
  readonly together?: (() => Promise<void>) | undefined;
}

interface Connection {
  readonly socket: StreamSocket;
  readonly lines: LineReader;
}

/** Resolves when it has asked all its requests, or has given up. Rejects only when its role ends before. */
export class ModelClient {
  private connection: Connection | null = null;

  constructor(private readonly role: RoleContext, private readonly options: ModelClientOptions) {}

  async run(): Promise<void> {
    const { requests, think, keep, tally } = this.options;
    await this.assemble();
    let slowest = 0;
    for (let number = 1; number <= requests; number++) {
      const { how, ms, why } = await this.ask(number);
      tally.ended(how, ms);
      if (how !== 'ok') return this.role.print(`request ${number}: ${why}`);
      slowest = Math.max(slowest, ms);
      if (!keep || number === requests) this.hangUp();
      if (number < requests && think > 0) await this.role.sleep(think);
    }
    this.role.print(`${requests} answered, the slowest after ${Math.round(slowest)} ms`);
  }

  private async ask(number: number): Promise<{ readonly how: ServiceOutcome; readonly ms: number; readonly why: string }> {
    const { role, options } = this;
    const { requests, patience } = options;
    const to = formatEndpoint(options.server);
    const open = options.gate === undefined || this.connection !== null ? null : await options.gate();
    role.note({ topic: 'service.asked', number, to });
    const began = performance.now();
    let [how, why] = ['ok' as ServiceOutcome, ''];
    try {
      await this.within(patience, async () => {
        const { socket, lines } = await this.connected().finally(() => open?.());
        const line = `client ${options.number}: request ${number} of ${requests}\n`;
        await socket.sendAll(encode(line));
        const answer = await lines.readLine();
        if (answer === line) return;
        throw answer.endsWith('\n') ? new Error('another line came back') : Object.assign(new Error('the connection ended before the answer'), { code: 'CUT' });
      });
    } catch (error) {
      if (role.signal.aborted) throw error;
      [how, why] = [outcomeOf(error), errnoOf(error) === 'PATIENCE' ? this.givesUp() : sayError(error)];
      open?.();
      this.hangUp();
    }
    const ms = performance.now() - began;
    role.note({ topic: 'service.ended', number, to, how, by: '', status: 0, ms: Math.round(ms * 100) / 100 });
    return { how, ms, why };
  }

  /** Where all meet before they ask: connects first. */
  private async assemble(): Promise<void> {
    const { gate, together } = this.options;
    if (together === undefined) return;
    const leave = await gate?.();
    // It tries again with its first request.
    await this.connected().catch((error: unknown) => this.options.tally.missed(sayError(error)));
    leave?.();
    await together();
  }

  private async connected(): Promise<Connection> {
    if (this.connection !== null) return this.connection;
    const socket = await this.role.host.net.dial(this.options.server);
    this.options.tally.opened();
    return (this.connection = { socket, lines: lineReader(socket, RECV_SIZE) });
  }

  /** What `work` gives, or PATIENCE after `ms`. A connect() cannot be called off: its socket is closed when the program ends. */
  private async within(ms: number, work: () => Promise<void>): Promise<void> {
    if (ms === 0) return work();
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(Object.assign(new Error('no answer in time'), { code: 'PATIENCE' })), ms);
    });
    const working = work();
    working.catch(() => undefined); // when it is late, nobody waits for it
    try {
      await Promise.race([working, over]);
    } finally {
      clearTimeout(timer);
    }
  }

  private givesUp(): string {
    const where = this.connection === null ? 'connect() has not returned' : 'recv() has not returned';
    return `gives up: ${where} after ${this.options.patience} ms`;
  }

  private hangUp(): void {
    if (this.connection === null) return;
    this.connection.socket.close();
    this.connection = null;
    this.options.tally.closed();
  }
}

function outcomeOf(error: unknown): ServiceOutcome {
  switch (errnoOf(error)) {
    case 'ECONNREFUSED':
      return 'refused';
    case 'ECONNRESET':
    case 'EPIPE':
      return 'reset';
    case 'PATIENCE':
    case 'ETIMEDOUT':
      return 'timeout';
    case 'CUT':
      return 'cut';
    default:
      return 'error';
  }
}
