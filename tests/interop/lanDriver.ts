// A process of its own for tests of sharing: an engine that does what lines on standard input say ({"do": "start", ...}) and tells on standard
// output, line by line, what became of it. It is the app's engine without its window: so it can live in a network namespace.

import { createInterface } from 'node:readline';
import echo from '../../electron/labs/tcp-echo/lab';
import api from '../../electron/labs/http-api/lab';
import swarm from '../../electron/labs/p2p-swarm/lab';
import uppercase from '../../electron/labs/udp-uppercase/lab';
import type { Lab } from '../../electron/roles/lab';
import { Engine } from '../../electron/runtime/engine';
import { reportError } from '../../electron/runtime/engineError';
import type { JoinRequest, ShareRequest } from '../../electron/runtime/share/sharing';
import { TraceStore } from '../../shared/trace/store';

export type Order = { readonly id: number } & (
  | { readonly do: 'start'; readonly lab: string; readonly params: Record<string, unknown>; readonly mode: 'play' | 'serve' }
  | { readonly do: 'share'; readonly request: ShareRequest }
  | { readonly do: 'join'; readonly request: JoinRequest }
  | { readonly do: 'act'; readonly action: string; readonly args: Record<string, unknown> }
  /** The notes and prints of all roles so far. */
  | { readonly do: 'notes' }
  /** Every address that a socket of any role has had at its other end. */
  | { readonly do: 'remotes' }
  | { readonly do: 'unshare' | 'leave' | 'stop' | 'quit' }
);

const LABS: readonly Lab[] = [echo, api, uppercase, swarm];
const tell = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

let run = 0;
let trace = new TraceStore();
const engine = new Engine(LABS.map((lab) => ({ lab, lessons: new Map() })), {
  onBatch: (of, batch) => {
    if (of !== run && batch.first === 0) trace = new TraceStore();
    run = of;
    trace.append(batch);
  },
  onState: (state) => tell({ state }),
  onShare: (share) => tell({ share }),
});

async function perform(order: Order): Promise<unknown> {
  switch (order.do) {
    case 'start': return engine.start(order.lab, order.params, { mode: order.mode });
    case 'share': return engine.share(run, order.request);
    case 'join': return engine.join(run, order.request);
    case 'act': return engine.act(run, order.action, order.args);
    case 'unshare': return engine.unshare(run);
    case 'leave': return engine.leave(run);
    case 'stop': return engine.stop(run);
    case 'notes': return Array.from({ length: trace.count }, (_, seq) => trace.at(seq)).filter(({ kind }) => kind === 'role.noted' || kind === 'role.printed').map(({ text }) => text);
    case 'remotes': return [...new Set(Array.from({ length: trace.count }, (_, seq) => trace.at(seq).remote?.address ?? ''))].filter((address) => address !== '');
    // As the app does: nothing waits, the doors close with the engine.
    case 'quit': {
      await engine.dispose();
      return process.exit(0);
    }
    default: return order satisfies never;
  }
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const order = JSON.parse(line) as Order;
  perform(order).then((value) => tell({ answer: order.id, value }), (error: unknown) => tell({ answer: order.id, error: reportError(error) }));
});
