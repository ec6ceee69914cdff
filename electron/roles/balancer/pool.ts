// What a balancer knows of its servers, and which one it chooses: by turns or by open requests, among those that are up and not being
// drained. Pure bookkeeping with notes of each change; connections are forward.ts, questions after their health healthCheck.ts.

import { never } from '../../../shared/base/assert';
import type { Endpoint } from '../../../shared/trace/event';
import type { Note } from '../../../shared/trace/notes';
import { MAX_SERVERS, REST } from './bounds';

export type Algorithm = 'round-robin' | 'least-connections';

export interface Backend {
  /** As the balancer's settings name it: 'server-1', whichever process listens there. */
  readonly name: string;
  readonly endpoint: Endpoint;
}

export interface PoolOptions {
  readonly algorithm: Algorithm;
  /** Failures in a row until a server is down; answers to health checks in a row until it is up again. */
  readonly failures: number;
  readonly successes: number;
  /** False: nobody asks after a server that is down; after a rest it gets one request to show that it is back. */
  readonly checked: boolean;
  /** ms, any beginning. */
  readonly now: () => number;
  readonly note: (note: Note) => void;
}

type HealthNote = Extract<Note, { topic: 'lb.health' }>;
export type FailureWhy = Exclude<HealthNote['why'], 'answered'>;
type ChoiceWhy = Extract<Note, { topic: 'lb.chose' }>['why'];

export interface Server extends Backend {
  /** Requests that it has of us now. */
  readonly open: number;
  readonly up: boolean;
  readonly draining: boolean;
}

interface State extends Server {
  open: number;
  up: boolean;
  draining: boolean;
  failed: number;
  answered: number;
  /** When it was last found down. */
  since: number;
}

export class ServerPool {
  private readonly states: State[] = [];
  private turn = 0;
  private readonly idle = new Map<string, Set<() => void>>();

  constructor(backends: readonly Backend[], private readonly options: PoolOptions) {
    for (const backend of backends) this.add(backend);
  }

  get servers(): readonly Server[] {
    return this.states;
  }

  /** False when it is known already. Throws RangeError beyond the bound. */
  add(backend: Backend): boolean {
    if (this.states.some(({ name }) => name === backend.name)) return false;
    if (this.states.length >= MAX_SERVERS) throw new RangeError(`a balancer knows at most ${MAX_SERVERS} servers`);
    this.states.push({ ...backend, open: 0, up: true, draining: false, failed: 0, answered: 0, since: 0 });
    return true;
  }

  /** A server for the request of `client`, its request counted, and noted; null (noted too) when none is left. `tried`: not those again. */
  choose(client: string, tried: readonly string[] = []): Server | null {
    const { algorithm, note } = this.options;
    const left = this.states.filter((one) => this.mayServe(one) && !tried.includes(one.name));
    const chosen = this.pick(left);
    if (chosen === undefined) {
      if (tried.length === 0) note({ topic: 'lb.none', client });
      return null;
    }
    chosen.open++;
    const why: ChoiceWhy = tried.length > 0 ? 'retry' : left.length === 1 ? 'only' : algorithm;
    note({ topic: 'lb.chose', server: chosen.name, client, why, open: chosen.open });
    return chosen;
  }

  /** A request that choose() counted is over, whatever came of it. */
  done(name: string): void {
    const state = this.find(name);
    if (state === null) return;
    state.open = Math.max(0, state.open - 1);
    if (state.open > 0) return;
    for (const wake of this.idle.get(name) ?? []) wake();
    this.idle.delete(name);
  }

  /** It answered a health check, or a request. */
  succeeded(name: string, asked: 'check' | 'request'): void {
    const state = this.find(name);
    if (state === null) return;
    state.failed = 0;
    if (state.up) return;
    // Where checks are made, they decide: a late answer of before does not.
    if (this.options.checked && asked === 'request') return;
    state.answered++;
    if (asked === 'check' && state.answered < this.options.successes) return;
    state.up = true;
    this.options.note({ topic: 'lb.health', server: name, what: 'up', why: 'answered', failures: 0 });
  }

  /** A health check or a request failed. */
  failed(name: string, why: FailureWhy): void {
    const state = this.find(name);
    if (state === null) return;
    state.failed++;
    state.answered = 0;
    state.since = this.options.now();
    if (!state.up || state.failed < this.options.failures) return;
    state.up = false;
    this.options.note({ topic: 'lb.health', server: name, what: 'down', why, failures: state.failed });
  }

  /** No new requests for it; resolves when those that it has are over. Null: no such server. */
  drain(name: string, signal: AbortSignal): Promise<void> | null {
    const state = this.find(name);
    if (state === null) return null;
    if (!state.draining) this.options.note({ topic: 'lb.drain', server: name, what: 'begun', open: state.open });
    const first = !state.draining;
    state.draining = true;
    return this.untilIdle(state, signal).then(() => {
      if (first && state.draining && !signal.aborted) this.options.note({ topic: 'lb.drain', server: name, what: 'ended', open: state.open });
    });
  }

  /** It gets requests again. False: it was not being drained. */
  undrain(name: string): boolean {
    const state = this.find(name);
    if (state?.draining !== true) return false;
    state.draining = false;
    this.options.note({ topic: 'lb.drain', server: name, what: 'over', open: state.open });
    return true;
  }

  private untilIdle(state: State, signal: AbortSignal): Promise<void> {
    if (state.open === 0 || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const waiting = this.idle.get(state.name) ?? new Set();
      this.idle.set(state.name, waiting.add(resolve));
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  private mayServe({ up, draining, since, open }: State): boolean {
    if (draining) return false;
    // Nobody checks: after its rest one request finds out.
    return up || (!this.options.checked && open === 0 && this.options.now() - since >= REST);
  }

  private pick(left: readonly State[]): State | undefined {
    const { algorithm } = this.options;
    switch (algorithm) {
      case 'round-robin':
        return this.next(left);
      case 'least-connections': {
        const least = Math.min(...left.map(({ open }) => open));
        return this.next(left.filter(({ open }) => open === least));
      }
      default:
        return never(algorithm);
    }
  }

  /** The one whose turn it is: the first behind the last one that was chosen. */
  private next(left: readonly State[]): State | undefined {
    const place = (one: State): number => (this.states.indexOf(one) - this.turn + this.states.length) % this.states.length;
    const chosen = [...left].sort((one, other) => place(one) - place(other))[0];
    if (chosen !== undefined) this.turn = this.states.indexOf(chosen) + 1;
    return chosen;
  }

  private find(name: string): State | null {
    return this.states.find((one) => one.name === name) ?? null;
  }
}
