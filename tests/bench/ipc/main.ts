// Main side of the IPC bench: makes facts with the product's writer, sends them with its relay or as objects, and prints the figures.

import { join } from 'node:path';
import { app, BrowserWindow, ipcMain, MessageChannelMain, type MessagePortMain } from 'electron';
import { TraceRelay } from '../../../electron/traceRelay';
import { ROW_BYTES, type Batch } from '../../../shared/trace/columns';
import { KIND_CODE, type Fact } from '../../../shared/trace/event';
import { TraceStore } from '../../../shared/trace/store';
import { TraceWriter } from '../../../shared/trace/writer';
import { compare, print } from '../rounds';
import type { Expected } from './page';

const rounds = Number(process.argv.find((word) => word.startsWith('--rounds='))?.slice(9) ?? 5);
/** Objects on their way that the page has not answered for; the relay has eight batches. */
const IN_FLIGHT = 8;

/** A trace of `count` facts without payload, in batches of `rows`. */
function batches(count: number, rows: number): Batch[] {
  const made: Batch[] = [];
  const writer = new TraceWriter((batch) => made.push(batch));
  for (let i = 0; i < count; i++) {
    writer.write(i, KIND_CODE['bytes.sent'], 1, 2, 64, 0, 0, 0, 0, i * 64, 64, null, 0);
    if ((i + 1) % rows === 0) made.push(writer.take());
  }
  if (writer.pending) made.push(writer.take());
  return made.filter((batch) => batch.count > 0);
}

function objects(count: number, rows: number): Fact[][] {
  return batches(count, rows).map((batch) => {
    const store = new TraceStore();
    store.append({ ...batch, first: 0, dictFirst: 1, dict: [] });
    return Array.from({ length: batch.count }, (_, i) => store.at(i));
  });
}

const answer = (): Promise<void> => new Promise((resolve) => ipcMain.once('bench:done', () => resolve()));

let run = 0;

/** Facts a second, until the page has them all. */
async function throughRelay(window: BrowserWindow, made: readonly Batch[], expected: Expected): Promise<number> {
  const relay = new TraceRelay();
  relay.begin(++run);
  window.webContents.send('bench:expect', expected);
  relay.connect(window);
  const done = answer();
  const start = performance.now();
  for (const batch of made) relay.add(run, batch);
  await done;
  return (expected.count / (performance.now() - start)) * 1000;
}

async function asObjects(window: BrowserWindow, made: readonly (readonly Fact[])[], count: number): Promise<number> {
  const { port1, port2 } = new MessageChannelMain();
  window.webContents.send('bench:expect', { count, keep: false } satisfies Expected);
  run++;
  window.webContents.postMessage('looplab:trace-port', null, [port2]);
  const done = answer();
  const start = performance.now();
  send(port1, made);
  await done;
  port1.close();
  return (count / (performance.now() - start)) * 1000;
}

function send(port: MessagePortMain, made: readonly (readonly Fact[])[]): void {
  let next = 0;
  const pump = (): void => {
    if (next < made.length) port.postMessage({ run, facts: made[next++] });
  };
  port.on('message', pump);
  port.start();
  for (let i = 0; i < IN_FLIGHT; i++) pump();
}

async function measure(): Promise<void> {
  const window = new BrowserWindow({ show: true, width: 800, height: 600, webPreferences: { preload: join(__dirname, 'preload.cjs'), contextIsolation: true, sandbox: true } });
  await window.loadFile(join(__dirname, 'index.html'));
  console.log(`Electron ${process.versions['electron'] ?? '?'}, ${rounds} rounds; a fact is ${ROW_BYTES} B of columns; ratio to objects of the same round: median [least..greatest]`);
  for (const rows of [4096, 100]) {
    const many = rows === 100 ? 100_000 : 1_000_000;
    const few = rows === 100 ? 30_000 : 100_000;
    const columns = batches(many, rows);
    const plain = objects(few, rows);
    const results = await compare([
      { name: 'an object a fact', run: () => asObjects(window, plain, few) },
      { name: 'columns, into the store', run: () => throughRelay(window, columns, { count: many, keep: true }) },
      { name: 'columns, read only', run: () => throughRelay(window, columns, { count: many, keep: false }) },
    ], rounds, 0);
    print(`Main to page, ${rows} facts a message`, 'facts/s', results, rows === 100 ? {} : { 'columns, into the store': 10 });
  }
}

void app.whenReady().then(measure).then(
  () => app.exit(0),
  (error: unknown) => {
    console.error(error);
    app.exit(1);
  },
);
