// Unit and lab tests. Node for everything but the page's own code, which runs in happy-dom. End-to-end tests are Playwright's.
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

/** Tests that run labs, mostly waiting: each process has a network of its own (electron/labs/network.fixture.ts). */
const LABS = ['electron/labs/**/*.test.ts', 'electron/cli/**/*.test.ts', 'electron/runtime/**/*.test.ts', 'tests/interop/**/*.test.ts'];
/** The programs of labs and what traces them, each by itself. */
const ROLES = ['electron/{capture,roles}/**/*.test.ts'];
/** Those in which whole programs of ours run a lab at its own addresses, or a swarm's programs need theirs: they take turns. */
const ALONE = ['electron/cli/**/*.test.ts', 'electron/runtime/engineClient.test.ts', 'tests/interop/{cli,share,swarmPrograms,swarmStory}.test.ts'];
const PATIENT = ['tests/patience.fixture.ts'];
/** A busy machine must not end their waits for them. */
const STEADY = [...PATIENT, 'tests/steadyTime.fixture.ts'];

export default defineConfig({
  test: {
    // Bounds of what hangs; nothing waits so long on a machine that has time for it.
    testTimeout: 60_000,
    setupFiles: PATIENT,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    projects: [
      {
        extends: true,
        test: { name: 'node', environment: 'node', include: ['shared/**/*.test.ts', 'electron/**/*.test.ts', 'build/**/*.test.ts', 'tests/fuzz/**/*.test.ts'], exclude: [...LABS, ...ROLES] },
      },
      { extends: true, test: { name: 'roles', environment: 'node', include: ROLES, setupFiles: STEADY } },
      { extends: true, test: { name: 'labs', environment: 'node', include: LABS, exclude: ALONE, setupFiles: STEADY, maxWorkers: 3, testTimeout: 120_000, sequence: { groupOrder: 1 } } },
      { extends: true, test: { name: 'alone', environment: 'node', include: ALONE, setupFiles: STEADY, fileParallelism: false, testTimeout: 120_000, sequence: { groupOrder: 2 } } },
      { extends: true, plugins: [vue()], test: { name: 'page', environment: 'happy-dom', include: ['renderer/**/*.test.ts'] } },
    ],
  },
});
