#!/usr/bin/env node
// Entry of the command line, on plain Node: joins the commands to this process's streams and signals. Never imports Electron.

import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main } from './cli/main';
import type { Io } from './cli/io';
import { discoverLabs, type FoundLab } from './runtime/discovery';

const interrupted = new AbortController();
let fault: ((thrown: unknown) => void) | null = null;
let labs: readonly FoundLab[] | null = null;
let readerGone = false;

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // The second time it ends at once, as one expects of a program that does not end by itself.
  process.on(signal, () => (interrupted.signal.aborted ? process.exit(130) : interrupted.abort()));
}
if (process.env['npm_lifecycle_event'] !== undefined) watchParent();

/** npm passes SIGTERM to its shell only; when that is gone nobody else would end the servers. */
function watchParent(): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    interrupted.abort();
  }, 250).unref();
}

process.stdout.on('error', () => {
  // EPIPE: `looplab run ... | head`. What is left would be read by nobody.
  readerGone = true;
  interrupted.abort();
});
process.stderr.on('error', () => undefined);
process.on('uncaughtException', uncaught);
process.on('unhandledRejection', uncaught);

function uncaught(thrown: unknown): void {
  if (fault !== null) return fault(thrown);
  process.stderr.write(`looplab: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}\n`);
  process.exit(1);
}

/** From package.json, which lies beside out/ in the repository and in packages. */
async function version(): Promise<string> {
  const text = await readFile(join(dirname(fileURLToPath(import.meta.url)), '../../package.json'), 'utf8');
  const said: unknown = JSON.parse(text);
  return typeof said === 'object' && said !== null && 'version' in said ? String(said.version) : '';
}

const io: Io = {
  out: (text) => new Promise((resolve) => {
    if (readerGone) resolve();
    else process.stdout.write(text, () => resolve());
  }),
  err: (text) => void process.stderr.write(text),
  signal: interrupted.signal,
  onFault: (listener) => (fault = listener),
  version,
  labs: () => (labs ??= discoverLabs()),
};

// Everything is closed and written by then; exit() does not wait for what a program of a lab may have left behind.
void main(process.argv.slice(2), io).then((status) => process.exit(status));
