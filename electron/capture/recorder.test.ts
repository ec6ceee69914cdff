import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { must } from '../../shared/base/assert';
import type { Batch } from '../../shared/trace/columns';
import { TraceStore } from '../../shared/trace/store';
import { createClock } from './clock';
import { Recorder } from './recorder';
import { SocketLog } from './socketLog';

function recording(preview?: number): { recorder: Recorder; store: TraceStore; batches: Batch[] } {
  const store = new TraceStore();
  const batches: Batch[] = [];
  const recorder = new Recorder({
    clock: createClock(),
    onBatch: (batch) => {
      batches.push(batch);
      store.append(structuredClone(batch));
    },
    ...(preview !== undefined && { preview }),
  });
  return { recorder, store, batches };
}

it('numbers hosts, roles and sockets from one and writes what they are', () => {
  const { recorder, store } = recording();
  recorder.labStarted('daytime', { port: 13 }, '2024-01-01T00:00:00Z', 'linux');
  const host = recorder.hostAdded({ id: 'client', name: 'Client', address: '127.0.1.1', program: 'daytime.py' });
  const role = recorder.roleStarted(host, { id: 'client', name: 'client', kind: 'client' });
  const sock = recorder.newSocket();
  recorder.socketOpened(recorder.now(), role, sock, 20, 'stream', 'AF_INET');
  const bytes = Buffer.from('hello');
  recorder.bytesSent(recorder.now(), role, sock, 5, 100, 5, bytes);
  recorder.callFailed(recorder.now(), role, sock, 'recv', 'ECONNRESET');
  recorder.rolePrinted(role, 'bye');
  recorder.roleEnded(role, 'failed', 'ECONNRESET');
  recorder.labEnded('reached');
  bytes.fill(0);
  recorder.flush();
  expect([host, role, sock]).toEqual([1, 1, 1]);
  const facts = Array.from({ length: store.count }, (_, seq) => store.at(seq));
  expect(facts.map(({ kind, role: by, sock: on, a, b, err, offset, size, kept, text }) => ({ kind, by, on, a, b, err, offset, size, kept, text }))).toMatchSnapshot();
  expect(Buffer.from(store.payload(4)).toString()).toBe('hello');
  expect(facts.every((fact, i) => i === 0 || fact.t >= (facts[i - 1]?.t ?? Infinity))).toBe(true);
});

it('sends one message a frame, and at once when a chunk is full', async () => {
  const { recorder, store, batches } = recording();
  const role = recorder.roleStarted(recorder.hostAdded({ id: 'a', name: 'a', address: '127.0.0.1', program: '' }), { id: 'a', name: 'a', kind: 'client' });
  expect(batches).toHaveLength(0);
  await expect.poll(() => batches.length).toBe(1);
  for (let i = 0; i < 10_000; i++) recorder.acceptStarted(i, role, recorder.newSocket());
  expect(batches).toHaveLength(3);
  await expect.poll(() => batches.length).toBe(4);
  expect(store.count).toBe(10_002);
  expect(batches.every((batch) => batch.columns.byteOffset === 0 && batch.columns.buffer.byteLength === batch.columns.byteLength)).toBe(true);
  recorder.flush();
  expect(batches).toHaveLength(4);
});

it('keeps as much of a payload as it is told, and the exact size', () => {
  const { recorder, store } = recording(256);
  const bytes = Buffer.alloc(1000, 7);
  recorder.bytesSent(0, 1 as never, recorder.newSocket(), 1000, 0, 1000, bytes);
  recorder.flush();
  expect(store.at(0)).toMatchObject({ size: 1000, kept: 256 });
  expect(store.payload(0)).toEqual(new Uint8Array(256).fill(7));
});

it('leaves out what Node says to nobody: of TLS when the program has ended, and plaintext for a closed socket', () => {
  const { recorder, store } = recording();
  const role = recorder.roleStarted(recorder.hostAdded({ id: 'a', name: 'a', address: '127.0.0.1', program: '' }), { id: 'a', name: 'a', kind: 'client' });
  const [closed, open] = [must(SocketLog.open(recorder, role), 'a log'), must(SocketLog.open(recorder, role), 'a log')];
  closed.tlsFailed('ERR_SSL_WRONG_VERSION_NUMBER', 'told');
  closed.plaintextSent(2, Buffer.from('hi'));
  closed.closed(false);
  closed.plaintextSent(6, Buffer.from('goaway'));
  closed.tlsFailed('CERT_HAS_EXPIRED', 'Node closes first');
  recorder.roleEnded(role, 'killed');
  open.tlsFailed('ECONNRESET', 'nobody is there');
  recorder.flush();
  const told = Array.from({ length: store.count }, (_, seq) => store.at(seq)).filter(({ kind }) => kind === 'tls.failed' || kind === 'plaintext.sent');
  expect(told.map(({ kind, err, size }) => `${kind} ${err}${size}`)).toEqual(['tls.failed ERR_SSL_WRONG_VERSION_NUMBER0', 'plaintext.sent 2', 'tls.failed CERT_HAS_EXPIRED0']);
});

it('has one time in every thread', async () => {
  const here = createClock();
  // The clock's own source, run in a worker thread.
  const source = await readFile(new URL('clock.ts', import.meta.url), 'utf8');
  const module = (code: string): URL => new URL(`data:text/javascript,${encodeURIComponent(code)}`);
  const compiled = ts.transpileModule(source, { compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext } }).outputText;
  const worker = new Worker(module(`
    import { parentPort, workerData } from 'node:worker_threads';
    import { createClock } from '${module(compiled).href.replaceAll("'", '%27')}';
    const clock = createClock(workerData);
    parentPort.on('message', () => parentPort.postMessage(clock.now()));
    parentPort.postMessage(0);`), { workerData: here.origin });
  const next = async (): Promise<number> => ((await once(worker, 'message')) as [number])[0];
  await next();
  // A reading there lies between two readings here; 5 us for what two calibrations may be off.
  for (let i = 0; i < 20; i++) {
    const before = here.now();
    worker.postMessage(null);
    const there = await next();
    expect(there).toBeGreaterThan(before - 5);
    expect(there).toBeLessThan(here.now() + 5);
  }
  await worker.terminate();
});
