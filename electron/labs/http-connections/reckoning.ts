// How long a page should take, by arithmetic: round trips, bandwidth and the server's thinking, nothing else. The lab puts it beside what
// it measures. Pure. The rule of the round trips is that of the relay (electron/runtime/relay/tcpConnection.ts): a new connection costs
// one, an answer costs one. Left out: the time of programs, TCP's slow start (the loopback has none to speak of), jitter.

import type { ConnectionPolicy } from '../../roles/http/browserCarrier';

/** One object as it crosses the wire. */
export interface ReckonedObject {
  /** Bytes of its answer, head and body. */
  readonly size: number;
  /** ms that the server takes before it answers. */
  readonly think: number;
}

export interface Wire {
  /** One way, ms. */
  readonly delay: number;
  /** Bytes a second, shared by all connections; 0: no bound. */
  readonly bandwidth: number;
}

export interface Reckoning {
  /** ms until everything is there. */
  readonly total: number;
  /** ms at which the page and each object are whole, in the order of their requests. */
  readonly ends: readonly number[];
  /** Round trips that follow each other, whatever the bytes and the server cost. */
  readonly roundTrips: number;
}

/** Objects under way at once. */
const LANES: Readonly<Record<ConnectionPolicy, number>> = { own: 1, 'keep-alive': 1, six: 6, h2: Number.POSITIVE_INFINITY };

interface Job {
  readonly index: number;
  /** When its first byte enters the wire towards the client, counted at the client. */
  readonly ready: number;
  left: number;
}

/** `page` comes first; its parser then asks for `objects` in order. */
export function reckon(policy: ConnectionPolicy, page: ReckonedObject, objects: readonly ReckonedObject[], wire: Wire): Reckoning {
  const ends = run(policy, page, objects, wire);
  const bare = ({ size }: ReckonedObject): ReckonedObject => ({ size, think: 0 });
  const ideal = run(policy, bare(page), objects.map(bare), { delay: 1, bandwidth: 0 });
  return { total: Math.max(...ends), ends, roundTrips: Math.round(Math.max(...ideal) / 2) };
}

function run(policy: ConnectionPolicy, page: ReckonedObject, objects: readonly ReckonedObject[], wire: Wire): number[] {
  const trip = 2 * wire.delay;
  const ends: number[] = [transfer([{ index: 0, ready: 2 * trip + page.think, left: page.size }], wire).get(0) ?? 0];
  const found = ends[0] ?? 0;
  const lanes = Math.min(LANES[policy], objects.length);
  // Connections that are free once the page is there: new ones are opened at once, the page's own comes free last. null: not open yet.
  const free: (number | null)[] = policy === 'six' ? [...Array.from({ length: Math.max(0, lanes - 1) }, () => null), found] : Array.from({ length: lanes }, () => found);
  const jobs: Job[] = [];
  let next = 0;
  const start = (at: number, isNew: boolean): void => {
    const object = objects[next];
    if (object === undefined) return;
    jobs.push({ index: ++next, ready: at + (isNew ? 2 * trip : trip) + object.think, left: object.size });
  };
  for (const at of free) start(found, at === null || policy === 'own');
  // Whenever an object is whole its connection takes the next one.
  for (let now = found; jobs.length > 0; ) {
    const done = firstDone(jobs, wire, now);
    now = done.at;
    ends[done.index] = done.at;
    if (policy !== 'h2') start(done.at, policy === 'own');
  }
  return ends;
}

/** When jobs that share the wire fairly are whole. */
function transfer(jobs: readonly Job[], wire: Wire): Map<number, number> {
  const left = jobs.map((job) => ({ ...job }));
  const ends = new Map<number, number>();
  while (left.length > 0) {
    const { index, at } = firstDone(left, wire, 0);
    ends.set(index, at);
  }
  return ends;
}

/** Advances the jobs from `from` until the first is whole, and takes it out. Those whose bytes flow share the bandwidth equally. */
function firstDone(jobs: Job[], wire: Wire, from: number): { readonly index: number; readonly at: number } {
  const rate = wire.bandwidth / 1000;
  let now = from;
  for (;;) {
    const flowing = jobs.filter((job) => job.ready <= now);
    const nextReady = Math.min(...jobs.filter((job) => job.ready > now).map((job) => job.ready));
    if (rate <= 0 && flowing.length > 0) return take(jobs, flowing[0], now);
    const share = rate / flowing.length;
    const least = flowing.reduce<Job | undefined>((best, job) => (best === undefined || job.left < best.left ? job : best), undefined);
    const end = least === undefined ? Number.POSITIVE_INFINITY : now + least.left / share;
    if (least !== undefined && end <= nextReady) {
      const passed = least.left;
      for (const job of flowing) job.left -= passed;
      return take(jobs, least, end);
    }
    for (const job of flowing) job.left -= (nextReady - now) * share;
    now = nextReady;
  }
}

function take(jobs: Job[], job: Job | undefined, at: number): { readonly index: number; readonly at: number } {
  const place = jobs.findIndex((one) => one === job);
  jobs.splice(place, 1);
  return { index: job?.index ?? 0, at };
}
