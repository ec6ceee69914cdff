// For tests, imported for its effect: builds the entry of programs when the first process is started, once for the process that runs the test.

import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { buildEntry } from '../build.fixture';
import { unbuilt } from './launch';

let built: Promise<string> | null = null;

unbuilt.build = () => (built ??= build());

async function build(): Promise<string> {
  const { file } = await buildEntry('electron/runtime/process/program.ts');
  process.once('exit', () => rmSync(dirname(file), { recursive: true, force: true }));
  return file;
}
