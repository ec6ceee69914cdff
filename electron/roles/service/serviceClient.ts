// A client of the service: asks, looks at how it ended, thinks, asks again. What it counts is availability as users have it. With more
// than one address it goes over to the next when one fails it.

import { never } from '../../../shared/base/assert';
import { formatEndpoint } from '../../../shared/trace/endpoint';
import type { Endpoint } from '../../../shared/trace/event';
import type { ServiceOutcome } from '../../../shared/trace/notes';
import type { HandConnection } from '../http/handClient';
import { valueOf } from '../http/headers';
import type { RoleContext } from '../lab';
import { attempt, type Attempt } from './attempt';
import { SERVED_BY } from './serviceServer';

export interface ServiceClientOptions {
  /** In the order in which they are tried. */
  readonly addresses: readonly Endpoint[];
  readonly target: string;
  /** ms between an answer and the next request, before the first request, and from the beginning to the last one. */
  readonly think: number;
  readonly delay: number;
  readonly duration: number;
  /** ms until it gives a request up, and after which an answer is late. */
  readonly timeOut: number;
  readonly slow: number;
  /** Keeps its connection for the next request. It does not look at it in between, as simple clients do. */
  readonly keepAlive: boolean;
}

interface Ended {
  readonly how: ServiceOutcome;
  readonly by: string;
  readonly status: number;
  readonly why: string;
}

export class ServiceClient {
  /** How its requests ended so far. */
  readonly counts = new Map<ServiceOutcome, number>();
  private connection: HandConnection | null = null;
  private at = 0;
  private number = 0;

  constructor(private readonly role: RoleContext, private readonly options: ServiceClientOptions) {}

  /** Asks for `duration` and says what came of it. Rejects when the role ends before. */
  async run(): Promise<void> {
    const { delay, duration, think } = this.options;
    const end = performance.now() + duration;
    if (delay > 0) await this.role.sleep(delay);
    while (performance.now() < end) {
      await this.ask();
      await this.role.sleep(think);
    }
    this.connection?.close();
    this.role.print(this.reckoning());
  }

  /** One request, from its beginning to its end. */
  async ask(): Promise<ServiceOutcome> {
    const { role, options } = this;
    const server = options.addresses[this.at % options.addresses.length];
    if (server === undefined) throw new RangeError('a client needs an address to ask');
    const number = ++this.number;
    const to = formatEndpoint(server);
    role.note({ topic: 'service.asked', number, to });
    const began = performance.now();
    const tried = await attempt(role, server, { request: { method: 'GET', target: options.target }, patience: options.timeOut, kept: this.connection, keep: options.keepAlive });
    const ms = Math.round(performance.now() - began);
    this.connection = 'response' in tried ? tried.connection : null;
    const { how, by, status, why } = this.judge(tried, ms);
    this.counts.set(how, (this.counts.get(how) ?? 0) + 1);
    role.note({ topic: 'service.ended', number, to, how, by, status, ms });
    if (!isAnswer(how)) role.print(`request ${number} to ${to}: lost, ${why}`);
    if ('failure' in tried) this.goOver(to, how);
    return how;
  }

  /** '14 asked: 9 ok, 1 cut, 4 refused; 64 % available'. */
  private reckoning(): string {
    const all = [...this.counts.values()].reduce((sum, count) => sum + count, 0);
    const good = [...this.counts].reduce((sum, [how, count]) => sum + (isAnswer(how) ? count : 0), 0);
    const share = all === 0 ? 100 : Math.round((good / all) * 1000) / 10;
    return `${all} asked: ${[...this.counts].map(([how, count]) => `${count} ${how}`).join(', ')}; ${share} % available`;
  }

  private judge(tried: Attempt, ms: number): Ended {
    if ('failure' in tried) return { how: tried.failure === 'malformed' ? 'error' : tried.failure, by: '', status: 0, why: tried.why };
    const { status, reason, headers } = tried.response;
    const by = (valueOf(headers, SERVED_BY) ?? '').slice(0, 100);
    if (status >= 500) return { how: 'error', by, status, why: `${status} ${reason}` };
    return { how: ms > this.options.slow ? 'slow' : 'ok', by, status, why: '' };
  }

  /** Whoever answers, and be it with an error, is there: only a failed connection sends it elsewhere. */
  private goOver(from: string, why: ServiceOutcome): void {
    const { addresses } = this.options;
    if (addresses.length < 2) return;
    this.at = (this.at + 1) % addresses.length;
    const next = addresses[this.at];
    if (next !== undefined) this.role.note({ topic: 'service.failover', from, to: formatEndpoint(next), why });
  }
}

/** True for what is worth something to the client, however late. */
export function isAnswer(how: ServiceOutcome): boolean {
  switch (how) {
    case 'ok':
    case 'slow':
      return true;
    case 'refused':
    case 'reset':
    case 'timeout':
    case 'error':
    case 'cut':
      return false;
    default:
      return never(how);
  }
}
