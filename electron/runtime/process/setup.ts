// The first thing that a program's process reads: what it is to run. A u32 length and JSON, on its standard input, which then stays open
// for as long as the engine lives.

import { readSync } from 'node:fs';
import type { Writable } from 'node:stream';
import * as v from 'valibot';
import { SETUP_FD, setupSchema, type Setup } from './messages';

const LONGEST = 1024 * 1024;

export function writeSetup(to: Writable | null, setup: Setup): void {
  const body = Buffer.from(JSON.stringify(setup));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length);
  // A process that is gone already says so by its exit.
  to?.on('error', () => undefined);
  to?.write(Buffer.concat([length, body]));
}

/** Waits for it. Throws when there is none, or it is not as it should be. */
export function readSetup(): Setup {
  const length = readWhole(4).readUInt32LE();
  if (length > LONGEST) throw new Error('the setup is too long');
  return v.parse(setupSchema, JSON.parse(readWhole(length).toString('utf8')));
}

function readWhole(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size;) {
    const count = readSync(SETUP_FD, bytes, at, size - at, null);
    if (count === 0) throw new Error('nobody says what to run');
    at += count;
  }
  return bytes;
}
