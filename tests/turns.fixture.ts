// For tests that take turns (vitest.config.ts): a file waits until no other one of them runs, of another checkout neither.

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { withLock } from '../build/electron-runtime/cache';

/** ms that a file may have to wait for the others. */
const PATIENCE = 1_200_000;

let leave: () => void = () => undefined;

beforeAll(() => new Promise<void>((mayRun, fail) => {
  withLock(join(tmpdir(), 'looplab-test-turn'), () => undefined, () => new Promise<void>((left) => {
    leave = left;
    mayRun();
  })).catch(fail);
}), PATIENCE);

afterAll(() => leave());
