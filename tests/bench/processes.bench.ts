// What programs in processes of their own cost: how long one takes to listen, what a thread or a process for a connection adds, and what
// putting facts in order costs the recorder, and what it does not while there is no other process.
// Run: npx tsx tests/bench/processes.bench.ts [rounds]

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as net from 'node:net';
import type { Readable } from 'node:stream';
import { roleIx } from '../../shared/base/brand';
import { must } from '../../shared/base/assert';
import { createClock } from '../../electron/capture/clock';
import { Recorder } from '../../electron/capture/recorder';
import { buildEntry } from '../../electron/runtime/build.fixture';
import { FrameReader } from '../../electron/runtime/process/frames';
import { launchOf } from '../../electron/runtime/process/launch';
import { writeSetup } from '../../electron/runtime/process/setup';
import { compare, median, print } from './rounds';

const rounds = Number(process.argv[2] ?? 5);

interface Program {
  readonly port: number;
  /** ms from its start until it listened. */
  readonly took: number;
  end(): Promise<void>;
}

async function start(entry: string, program: string): Promise<Program> {
  const began = performance.now();
  const { file, args, env } = launchOf(entry);
  const child = spawn(file, args, { env, detached: true, stdio: ['pipe', 'ignore', 'inherit', 'pipe'] });
  const port = new Promise<number>((resolve) => {
    const reader = new FrameReader((_writer, message) => {
      const said = message as { readonly type: string; readonly port?: number };
      if (said.type === 'listening' && said.port !== undefined) resolve(said.port);
    });
    (child.stdio[3] as Readable).on('data', (chunk: Buffer) => reader.push(chunk));
  });
  writeSetup(child.stdin, { kind: 'program', origin: String(process.hrtime.bigint()), program, options: { port: 0 }, role: 'server', host: 'server', address: '127.0.0.1' });
  const listens = await port;
  const took = performance.now() - began;
  return {
    port: listens,
    took,
    async end() {
      const exit = once(child, 'exit');
      process.kill(-must(child.pid, 'pid'), 'SIGKILL');
      await exit;
    },
  };
}

/** ms from connect() to the answer. */
async function ask(port: number): Promise<number> {
  const began = performance.now();
  const socket = net.connect(port, '127.0.0.1');
  socket.write('hello\n');
  await once(socket, 'data');
  const took = performance.now() - began;
  socket.destroy();
  return took;
}

const built = await buildEntry('electron/runtime/process/program.ts');
console.log(`Node ${process.version}, ${rounds} rounds; medians`);
for (const program of ['iterativeServer', 'threadServer', 'processServer', 'multiplexedServer']) {
  const starts: number[] = [];
  const answers: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const running = await start(built.file, program);
    starts.push(running.took);
    answers.push(await ask(running.port));
    await running.end();
  }
  console.log(`  ${program.padEnd(18)} listens after ${median(starts).toFixed(0)} ms, its first client has an answer after ${median(answers).toFixed(1)} ms`);
}
await built.remove();

/** Facts a second, of 64 bytes each. `merged`: as while another process tells of its calls. */
function record(merged: boolean, ms: number): Promise<number> {
  const bytes = new Uint8Array(64);
  const end = performance.now() + ms;
  let count = 0;
  let spent = 0;
  while (performance.now() < end) {
    const recorder = new Recorder({ clock: createClock(), onBatch: () => undefined });
    if (merged) recorder.join();
    const sock = recorder.newSocket();
    const began = performance.now();
    for (let n = 0; n < 20_000; n++) recorder.bytesReceived(recorder.now(), roleIx(1), sock, 4096, n * 64, bytes);
    recorder.dispose();
    spent += performance.now() - began;
    count += 20_000;
  }
  return Promise.resolve((count / spent) * 1000);
}

print('Recording, 64 B', 'facts/s', await compare([
  { name: 'this process alone', run: (ms) => record(false, ms) },
  { name: 'in order with others', run: (ms) => record(true, ms) },
], rounds, 400), {});
process.exit(0);
