// Where the bytes of one direction of a connection are, over time: given to send(), taken by the kernel, in the receiver's buffer, read. Calls
// tell the ends exactly; the kernel's socket table tells, now and then, how the bytes between them are shared out. Grows with its trace.

import type { ConnId } from '../../base/brand';
import type { NumberList } from '../../base/lists';
import type { Fact } from '../event';
import { kernelSample } from '../foldSamples';
import { selectSets } from '../selectSets';
import type { TraceStore } from '../store';
import type { ConnectionModel, SocketModel, Story } from '../story';
import { AdvertisedWindows, type Advertised } from './advertised';

/** A sum of bytes from this time on, in µs. */
export interface Step {
  readonly t: number;
  readonly bytes: number;
}

/** The program could not go on sending: `send` waits, `refused` got EAGAIN, `select` waits for room. `to` null: it still does. */
export interface Stall {
  readonly kind: 'send' | 'refused' | 'select';
  readonly from: number;
  to: number | null;
  readonly seq: number;
  /** Bytes that the kernel had taken by then. */
  readonly taken: number;
}

/** Both kernels' queues, as the table last had them when one of them changed. Null: not told (yet). */
export interface Queues {
  readonly t: number;
  readonly send: number | null;
  readonly receive: number | null;
  /** Bytes that had been read by then. */
  readonly read: number;
}

/** The sender's kernel probes a window that is closed: first and, unless it still does, last time that the table said so. */
export interface Closed {
  readonly from: number;
  to: number | null;
}

export interface Flow {
  readonly conn: ConnId;
  readonly dir: 'up' | 'down';
  readonly sender: SocketModel | null;
  readonly receiver: SocketModel | null;
  readonly given: readonly Step[];
  readonly taken: readonly Step[];
  readonly read: readonly Step[];
  readonly stalls: readonly Stall[];
  readonly queues: readonly Queues[];
  readonly closed: readonly Closed[];
  /** The first recv() that returned bytes; null before. */
  readonly firstRead: number | null;
  /** What the receiver's segments said of its window; empty where none were captured. */
  readonly windows: readonly Advertised[];
}

/** A select() that came back within so many µs has not waited. */
const AT_ONCE = 2000;

/** Directions of connections that carried bytes, those with the most first, at most `most`. */
export function flowsOf(story: Story, most = 12): { readonly conn: ConnId; readonly dir: 'up' | 'down'; readonly bytes: number }[] {
  const found = [];
  for (let at = 0; at < story.connections.count; at++) {
    const conn = story.connections.at(at);
    for (const dir of ['up', 'down'] as const) {
      const bytes = Math.max(conn[dir].sent, conn[dir].received);
      if (bytes > 0) found.push({ conn: conn.id, dir, bytes });
    }
  }
  return found.sort((one, other) => other.bytes - one.bytes).slice(0, most);
}

/** One flow, read on with each advance(): the cost is that of what is new. */
export class FlowReader {
  private readonly given: Step[] = [];
  private readonly taken: Step[] = [];
  private readonly read: Step[] = [];
  private readonly stalls: Stall[] = [];
  private readonly queues: Queues[] = [];
  private readonly closed: Closed[] = [];
  private readonly done = { sent: 0, read: 0, selects: 0, sender: 0, receiver: 0 };
  private selecting: { readonly from: number; readonly seq: number } | null = null;
  private firstRead: number | null = null;
  private advertised: AdvertisedWindows | null = null;

  constructor(private readonly story: Story, private readonly trace: TraceStore, readonly conn: ConnId, readonly dir: 'up' | 'down') {}

  advance(): Flow | null {
    const conn = this.story.connection(this.conn);
    if (conn === null) return null;
    const [from, to] = this.dir === 'up' ? [conn.client, conn.server] : [conn.server, conn.client];
    const sender = from.sock === null ? null : this.story.socket(from.sock);
    const receiver = to.sock === null ? null : this.story.socket(to.sock);
    if (sender !== null) {
      this.each(sender.facts, 'sent', (fact) => this.sent(fact));
      const role = this.story.role(sender.role);
      if (role !== null) this.each(role.facts, 'selects', (fact) => this.asked(fact, sender.id));
    }
    if (receiver !== null) this.each(receiver.facts, 'read', (fact) => this.received(fact));
    this.sample(this.samplesOf(conn, from), this.samplesOf(conn, to));
    const { given, taken, read, stalls, queues, firstRead } = this;
    // When everything has been read there is nothing to probe for, whether the table has been read since or not.
    const end = last(read) >= last(given) && sender !== null ? (read.at(-1)?.t ?? null) : null;
    const closed = end === null ? this.closed : this.closed.map((one) => ({ from: one.from, to: one.to ?? Math.max(end, one.from) }));
    this.advertised ??= new AdvertisedWindows(this.trace, conn, this.dir);
    const windows = this.advertised.advance();
    return { conn: this.conn, dir: this.dir, sender, receiver, given, taken, read, stalls, queues, closed, firstRead, windows };
  }

  private each(facts: NumberList, which: 'sent' | 'read' | 'selects', take: (fact: Fact) => void): void {
    for (; this.done[which] < facts.length; this.done[which]++) take(this.trace.at(facts.at(this.done[which])));
  }

  private sent({ kind, err, a, b, size, seq, t }: Fact): void {
    const { stalls } = this;
    const taken = last(this.taken);
    if (kind === 'bytes.sent') {
      const waiting = stalls.findLast((stall) => stall.kind === 'refused');
      if (err === 'EAGAIN') {
        if (waiting?.to !== null) stalls.push({ kind: 'refused', from: t, to: null, seq, taken });
        return;
      }
      if (waiting?.to === null) waiting.to = t;
      if (a < 0) return;
      // A non-blocking send() keeps no more than it takes.
      this.given.push({ t, bytes: last(this.given) + (b === 1 ? a : size) });
      this.taken.push({ t, bytes: taken + a });
      if (b !== 1 && a < size) stalls.push({ kind: 'send', from: t, to: null, seq, taken: taken + a });
    } else if (kind === 'send.ended') {
      const waiting = stalls.findLast((stall) => stall.kind === 'send');
      if (waiting?.to === null) waiting.to = t;
      this.taken.push({ t, bytes: taken + Math.max(0, a) });
    } else if (kind === 'socket.closed') {
      for (const stall of stalls) stall.to ??= t;
    }
  }

  private asked({ kind, text, seq, t }: Fact, sock: number): void {
    if (kind === 'select.started' && selectSets(text).write.includes(sock)) this.selecting = { from: t, seq };
    else if (kind === 'select.returned' && this.selecting !== null) {
      const { from, seq: began } = this.selecting;
      this.selecting = null;
      const taken = this.taken.findLast((step) => step.t <= from)?.bytes ?? 0;
      if (t - from > AT_ONCE && taken > 0) this.stalls.push({ kind: 'select', from, to: t, seq: began, taken });
    }
  }

  private received({ kind, size, t }: Fact): void {
    if (kind !== 'bytes.received' || size === 0) return;
    this.firstRead ??= t;
    this.read.push({ t, bytes: last(this.read) + size });
  }

  /** Of a program that is not ours: the kernel's row with these endpoints. */
  private samplesOf(conn: ConnectionModel, side: ConnectionModel['client']): NumberList {
    if (side.sock !== null) return this.story.samplesOf(side.sock);
    const far = side === conn.client ? conn.server : conn.client;
    const { kernel } = this.story;
    for (let at = kernel.count - 1; at >= 0; at--) {
      const row = kernel.at(at);
      if (same(row.local, side.endpoint) && same(row.remote, far.endpoint)) return row.samples;
    }
    return { length: 0, at: () => 0 };
  }

  /** Samples of both ends, in order of time. */
  private sample(sender: NumberList, receiver: NumberList): void {
    for (;;) {
      const one = this.done.sender < sender.length ? kernelSample(this.trace, sender.at(this.done.sender)) : null;
      const other = this.done.receiver < receiver.length ? kernelSample(this.trace, receiver.at(this.done.receiver)) : null;
      const next = one !== null && (other === null || one.seq < other.seq) ? one : other;
      if (next === null) return;
      const before = this.queues.at(-1);
      const read = this.read.findLast((step) => step.t <= next.t)?.bytes ?? 0;
      if (next === one) {
        this.done.sender++;
        this.queues.push({ t: next.t, send: next.send, receive: before?.receive ?? null, read });
        const probing = this.closed.at(-1);
        if (next.timer === 'windowProbe') {
          if (probing?.to !== null) this.closed.push({ from: next.t, to: null });
        } else if (probing?.to === null) probing.to = next.t;
      } else {
        this.done.receiver++;
        this.queues.push({ t: next.t, send: before?.send ?? null, receive: next.receive, read });
      }
    }
  }
}

const last = (steps: readonly Step[]): number => steps.at(-1)?.bytes ?? 0;
const same = (one: { readonly address: string; readonly port: number } | null, other: { readonly address: string; readonly port: number }): boolean => one !== null && one.address === other.address && one.port === other.port;

/** What is known at a time. */
export interface FlowState {
  readonly given: number;
  readonly taken: number;
  readonly read: number;
  /** As last sampled. */
  readonly queues: Queues | null;
  readonly stall: Stall | null;
  readonly closed: boolean;
  /** As last captured. */
  readonly window: Advertised | null;
}

export function flowAt(flow: Flow, t: number): FlowState {
  const of = (steps: readonly Step[]): number => steps[upTo(steps, t)]?.bytes ?? 0;
  const within = ({ from, to }: { readonly from: number; readonly to: number | null }): boolean => from <= t && (to === null || t < to);
  const [taken, read] = [of(flow.taken), of(flow.read)];
  const told = flow.queues[upTo(flow.queues, t)] ?? null;
  return { given: of(flow.given), taken, read, queues: told === null ? null : asPossible(flow, told, taken, read), stall: flow.stalls.findLast(within) ?? null, closed: flow.closed.some(within), window: flow.windows[upTo(flow.windows, t)] ?? null };
}

/** The table may be older than the last call: what was read since is gone, and with both programs ours no more can lie in the queues than is between them. */
function asPossible(flow: Flow, told: Queues, taken: number, read: number): Queues {
  if (flow.sender === null || flow.receiver === null) return told;
  const between = taken - read;
  const receive = told.receive === null ? null : Math.min(Math.max(0, told.receive - (read - told.read)), between);
  return { ...told, receive, send: told.send === null ? null : Math.min(told.send, between - (receive ?? 0)) };
}

/** Index of the last item that is not later than `t`; -1 when there is none. */
export function upTo(items: readonly { readonly t: number }[], t: number): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((items[middle]?.t ?? Infinity) <= t) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
