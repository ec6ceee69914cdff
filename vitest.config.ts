// Unit and lab tests. Node for everything but the page's own code, which runs in happy-dom. End-to-end tests are Playwright's.
import vue from '@vitejs/plugin-vue';
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { TestOrder } from './build/kit/testOrder.ts';

/** Tests that run labs, mostly waiting: each process has a network of its own (electron/labs/network.fixture.ts). */
const LABS = ['electron/labs/**/*.test.ts', 'electron/cli/**/*.test.ts', 'electron/runtime/**/*.test.ts', 'tests/interop/**/*.test.ts'];
/** The programs of labs and what traces them, each by itself. */
const ROLES = ['electron/{capture,roles}/**/*.test.ts'];
/** Those in which whole programs of ours run a lab at its own addresses, or a swarm's programs need theirs: they take turns. */
const ALONE = ['electron/cli/**/*.test.ts', 'electron/runtime/engineClient.test.ts', 'tests/interop/{cli,share,swarmPrograms,swarmStory}.test.ts'];
const PATIENT = ['tests/patience.fixture.ts'];
/** Pure, or of the page alone: a worker runs many files and imports what they share once. */
const SHARED = { isolate: false, setupFiles: [...PATIENT, 'tests/shared.fixture.ts'] };
/** A busy machine must not end their waits for them. */
const STEADY = [...PATIENT, 'tests/steadyTime.fixture.ts'];

/** Files at once, at least: on two cores no core idles then, and none has so much to do that programs wait for it long. */
const WORKERS = 4;

export default defineConfig({
  test: {
    // Bounds of what hangs; nothing waits so long on a machine that has time for it.
    testTimeout: 120_000,
    setupFiles: PATIENT,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    // Most of the time of labs is waiting, so there are more workers than cores.
    maxWorkers: Math.max(WORKERS, availableParallelism()),
    sequence: { sequencer: TestOrder },
    projects: [
      {
        extends: true,
        test: { ...SHARED, name: 'node', environment: 'node', include: ['shared/**/*.test.ts', 'electron/**/*.test.ts', 'build/**/*.test.ts', 'tests/fuzz/**/*.test.ts'], exclude: [...LABS, ...ROLES] },
      },
      { extends: true, test: { name: 'roles', environment: 'node', include: ROLES, setupFiles: STEADY } },
      { extends: true, test: { name: 'labs', environment: 'node', include: LABS, exclude: ALONE, setupFiles: STEADY, testTimeout: 240_000 } },
      { extends: true, test: { name: 'alone', environment: 'node', include: ALONE, setupFiles: [...STEADY, 'tests/turns.fixture.ts'], testTimeout: 240_000 } },
      { extends: true, plugins: [vue()], test: { ...SHARED, setupFiles: [...SHARED.setupFiles, 'renderer/page.fixture.ts'], name: 'page', environment: 'happy-dom', include: ['renderer/**/*.test.ts'] } },
    ],
  },
});
