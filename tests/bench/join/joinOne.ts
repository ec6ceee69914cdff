// One measurement of join.bench.ts, in a process of its own: a story with 200,000 packets against the same calls without, and the delays of a live
// capture. Prints what it found.

import { createSocket } from 'node:dgram';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Engine, type LabState } from '../../../electron/runtime/engine';
import { thisSystem } from '../../../electron/runtime/kernelCapture/captureHelp';
import watch from '../../../electron/labs/watch/lab';
import { must } from '../../../shared/base/assert';
import { TCP_FLAGS } from '../../../shared/codec/tcp/codec';
import type { Endpoint } from '../../../shared/trace/event';
import { scenario } from '../../../shared/trace/fixture';
import { capture } from '../../../shared/trace/fixtureCaptured';
import { StoryBuilder } from '../../../shared/trace/fold';
import { TraceStore } from '../../../shared/trace/store';

const packets = Number(process.argv[2] ?? 200_000);
const CONNECTIONS = 4;
const ROUNDS = 5;
const { SYN, ACK, PSH } = TCP_FLAGS;
const SERVER: Endpoint = { address: '127.0.20.1', port: 7 };
const PING = 'ping';
/** Of a round trip: two with bytes, two that only acknowledge. */
const EACH = 4;

/** Round trips over some connections, with or without the packets that carried them. */
function run(captured: boolean): TraceStore {
  const s = scenario();
  if (captured) s.fact('capture.changed', { a: 1, text: 'tcpdump' });
  const listener = s.role('server', SERVER.address, 'server').listen(SERVER.port);
  const role = s.role('client', '127.0.20.2', 'client');
  const pairs = Array.from({ length: CONNECTIONS }, () => {
    const client = must(role.connect(SERVER), 'connection');
    const server = listener.accept();
    const me = must(client.local, 'local');
    const packet = (up: boolean, flags: number, own: number, other: number, text = ''): void => {
      if (captured) capture(s, { from: up ? me : SERVER, to: up ? SERVER : me, flags, sequence: own, acknowledgment: other, text });
    };
    packet(true, SYN, 0, 0);
    packet(false, SYN | ACK, 0, 1);
    packet(true, ACK, 1, 1);
    return { client, server, packet };
  });
  for (let n = 0; n < packets / EACH; n++) {
    const { client, server, packet } = must(pairs[n % CONNECTIONS], 'pair');
    const at = 1 + Math.floor(n / CONNECTIONS) * PING.length;
    client.send(PING);
    packet(true, ACK | PSH, at, at, PING);
    server.recv(16);
    packet(false, ACK, at, at + PING.length);
    server.send(PING);
    packet(false, ACK | PSH, at, at + PING.length, PING);
    client.recv(16);
    packet(true, ACK, at + PING.length, at + PING.length);
  }
  return s.trace();
}

const median = (values: readonly number[]): number => must([...values].sort((a, b) => a - b)[values.length >> 1], 'value');
const part = (values: readonly number[], share: number): number => must([...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))], 'value');
const used = (): number => {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

/** ms to tell the story of a trace, and bytes that the story holds beside it. */
function told(trace: TraceStore): { readonly ms: number; readonly bytes: number; readonly segments: number; readonly captured: number } {
  const before = used();
  const builder = new StoryBuilder(trace);
  const began = performance.now();
  builder.advance();
  const ms = performance.now() - began;
  const { story } = builder;
  let captured = 0;
  for (let id = 0; id < story.segments.count; id++) if (story.segments.at(id).provenance.evidence === 'captured') captured++;
  return { ms, bytes: used() - before, segments: story.segments.count, captured };
}

const [calls, both] = [run(false), run(true)];
const times: { readonly calls: number; readonly both: number }[] = [];
let last = { calls: told(calls), both: told(both) };
for (let round = 0; round < ROUNDS; round++) {
  last = { calls: told(calls), both: told(both) };
  times.push({ calls: last.calls.ms, both: last.both.ms });
}
const ratio = median(times.map((one) => one.both / one.calls));
console.log(`${calls.count} facts of calls; with their packets ${both.count}, of which ${both.count - calls.count} captured, ${last.both.captured} segments joined`);
console.log(`told at once: ${median(times.map((one) => one.calls)).toFixed(0)} ms without, ${median(times.map((one) => one.both)).toFixed(0)} ms with (${ratio.toFixed(1)} x; ${((median(times.map((one) => one.both - one.calls)) * 1000) / packets).toFixed(2)} µs a packet)`);
if (globalThis.gc !== undefined) console.log(`the story holds ${(last.calls.bytes / 1e6).toFixed(1)} MB without, ${(last.both.bytes / 1e6).toFixed(1)} MB with (${((last.both.bytes - last.calls.bytes) / packets).toFixed(0)} B a packet)`);

/** Delays in ms between a datagram's sendto() and the batch that has its packet, by that program alone. */
async function delays(tool: 'tcpdump' | 'dumpcap', file: string): Promise<readonly number[]> {
  const folder = await mkdtemp(join(tmpdir(), 'looplab-join-'));
  await symlink(file, join(folder, tool));
  const path = process.env['PATH'];
  process.env['PATH'] = folder;
  const found: number[] = [];
  const states: LabState[] = [];
  const store = new TraceStore();
  let seen = 0;
  const socket = createSocket('udp4');
  const engine = new Engine([{ lab: watch, lessons: new Map() }], {
    onBatch: (_run, batch) => {
      store.append(batch);
      const now = performance.now();
      for (; seen < store.count; seen++) {
        if (store.kind(seen) !== 'packet.captured') continue;
        const sent = /sent at ([\d.]+)/.exec(Buffer.from(store.payload(seen)).toString('latin1'))?.[1];
        if (sent !== undefined) found.push(now - Number(sent));
      }
    },
    onState: (state) => states.push(state),
  });
  try {
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    const { port } = socket.address();
    await engine.start('watch', { ports: String(port), seconds: 0 });
    for (let waited = 0; states.at(-1)?.state !== 'open' && waited < 200; waited++) await sleep(25);
    for (let n = 0; n < 60; n++) {
      socket.send(`sent at ${performance.now()}`, port, '127.0.0.1');
      await sleep(50);
    }
    await sleep(500);
  } finally {
    await engine.dispose();
    socket.close();
    process.env['PATH'] = path;
    await rm(folder, { recursive: true });
  }
  return found;
}

for (const tool of ['tcpdump', 'dumpcap'] as const) {
  const file = thisSystem().program(tool);
  const found = file === null ? [] : await delays(tool, file);
  if (found.length === 0) console.log(`${tool}: not here, or not permitted`);
  else console.log(`${tool}: ${found.length} packets of 60, from sendto() to the page's batch p50 ${part(found, 0.5).toFixed(1)} ms, p95 ${part(found, 0.95).toFixed(1)} ms, max ${Math.max(...found).toFixed(1)} ms`);
}
