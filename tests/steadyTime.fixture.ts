// For tests that run labs (vitest.config.ts): performance.now() and the timers of this process count only the time in which it runs. On a machine
// with other things to do a process stands still for tenths of a second; then Node runs every timer that has come due before it looks at a single
// socket, and time-outs end waits whose answer lies there already. Here the time in which it could run and others did does not count, where the
// system tells it (Linux), and what is left of such a pause is as long as PAUSE, for all programs of the process alike.
// Left as it is: the clock of the trace, which is that of all processes (`performance` of node:perf_hooks), the wall clock, short timers.

import { openSync, readSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { performance as machine } from 'node:perf_hooks';
import timers from 'node:timers/promises';
import { promisify } from 'node:util';

/** ms that a pause counts, at most. */
const PAUSE = 20;
/** ms after which the time is looked at, so that waiting for sockets and programs is no pause. */
const LOOK = 5;

const native = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout, sleep: timers.setTimeout };

/** "run_delay" of the main thread, in which all programs of the process run: its second number (man 5 proc_pid_schedstat). */
const schedule = opened('/proc/self/schedstat');
const numbers = Buffer.alloc(64);

let seen = machine.now();
let seenOthers = others();
let steady = seen;

function opened(file: string): number | null {
  try {
    return openSync(file, 'r');
  } catch {
    return null;
  }
}

/** ms so far in which this process could have run and others did. */
function others(): number {
  if (schedule === null) return 0;
  const length = readSync(schedule, numbers, 0, numbers.length, 0);
  return Number(numbers.toString('latin1', 0, length).split(' ')[1] ?? 0) / 1e6;
}

function now(): number {
  const [time, took] = [machine.now(), others()];
  steady += Math.max(0, Math.min(PAUSE, time - seen - (took - seenOthers)));
  [seen, seenOthers] = [time, took];
  return steady;
}
setInterval(now, LOOK).unref();

/** What setTimeout() gives for a longer wait. */
class SteadyTimeout {
  private timer: NodeJS.Timeout | null = null;
  private due = 0;
  private keeps = true;

  constructor(private readonly call: () => void, private readonly ms: number) {
    this.refresh();
  }

  ref(): this {
    this.keeps = true;
    this.timer?.ref();
    return this;
  }

  unref(): this {
    this.keeps = false;
    this.timer?.unref();
    return this;
  }

  hasRef(): boolean {
    return this.keeps;
  }

  refresh(): this {
    this.due = now() + this.ms;
    this.wait();
    return this;
  }

  close(): this {
    if (this.timer !== null) native.clearTimeout(this.timer);
    this.timer = null;
    return this;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  private wait(): void {
    this.close();
    this.timer = native.setTimeout(() => {
      this.timer = null;
      if (now() < this.due) this.wait();
      else this.call();
    }, this.due - now());
    if (!this.keeps) this.timer.unref();
  }
}

const isLong = (ms: unknown): ms is number => typeof ms === 'number' && ms > PAUSE && ms < 2 ** 31;

function setTimeout(call: (...values: unknown[]) => void, ms?: number, ...values: unknown[]): SteadyTimeout | NodeJS.Timeout {
  return isLong(ms) ? new SteadyTimeout(() => call(...values), ms) : native.setTimeout(call, ms, ...values);
}

function clearTimeout(timer: SteadyTimeout | NodeJS.Timeout | string | number | null | undefined): void {
  if (timer instanceof SteadyTimeout) timer.close();
  else native.clearTimeout(timer ?? undefined);
}

async function sleep<T>(ms?: number, value?: T, options: { readonly signal?: AbortSignal; readonly ref?: boolean } = {}): Promise<T> {
  const due = now() + (ms ?? 0);
  await native.sleep(ms, undefined, options);
  if (isLong(ms)) for (let left = due - now(); left > 0; left = due - now()) await native.sleep(left, undefined, options);
  return value as T;
}

Object.assign(globalThis, { setTimeout: Object.assign(setTimeout, { [promisify.custom]: sleep }), clearTimeout });
Object.defineProperty(globalThis, 'performance', {
  configurable: true,
  value: new Proxy(machine, {
    get: (target, key) => {
      const value: unknown = key === 'now' ? now : Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) as unknown : value;
    },
  }),
});
Object.assign(timers, { setTimeout: sleep });
syncBuiltinESMExports();
