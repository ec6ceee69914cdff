// Unit and lab tests. Node for everything but the page's own code, which runs in happy-dom. End-to-end tests are Playwright's.
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

/** Tests that run labs: a lab's ports are its own, so these files take turns. */
const LABS = ['electron/labs/**/*.test.ts', 'electron/cli/**/*.test.ts', 'electron/runtime/**/*.test.ts', 'tests/interop/**/*.test.ts'];

export default defineConfig({
  test: {
    testTimeout: 20_000,
    projects: [
      {
        extends: true,
        test: { name: 'node', environment: 'node', include: ['shared/**/*.test.ts', 'electron/**/*.test.ts', 'build/**/*.test.ts', 'tests/fuzz/**/*.test.ts'], exclude: LABS },
      },
      { extends: true, test: { name: 'labs', environment: 'node', include: LABS, fileParallelism: false, sequence: { groupOrder: 1 } } },
      { extends: true, plugins: [vue()], test: { name: 'page', environment: 'happy-dom', include: ['renderer/**/*.test.ts'] } },
    ],
  },
});
