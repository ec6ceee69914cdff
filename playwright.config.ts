// End-to-end tests of the built app in a real Electron, and the packaging test. One worker: windows on one display take each other's
// focus, and labs each other's addresses; build/test.ts starts two runs, with a display and a network each. No retries: a test that passes
// at the second try has failed. Start them through `npm run test:e2e`, which brings a display.
import { defineConfig } from '@playwright/test';

export default defineConfig({
  workers: 1,
  retries: 0,
  fullyParallel: false,
  forbidOnly: process.env['CI'] !== undefined,
  // Nothing waits so long on a machine that has time for it.
  timeout: 240_000,
  expect: { timeout: 30_000 },
  outputDir: 'test-results',
  snapshotPathTemplate: '{testDir}/{testFileDir}/__snapshots__/{testFileName}/{arg}{ext}',
  reporter: [['line']],
  projects: [
    { name: 'e2e', testDir: 'tests/e2e', testMatch: '**/*.e2e.ts' },
    { name: 'packaging', testDir: 'tests/packaging', testMatch: '**/*.e2e.ts', timeout: 300_000 },
  ],
});
