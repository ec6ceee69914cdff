// For tests that share their modules with those of other files (vitest.config.ts): nothing may be left for the next file, and no module be
// replaced, since who has imported it before keeps the true one. Stub the global that it stands for instead.

import { afterAll, vi } from 'vitest';

vi.mock = vi.doMock = () => {
  throw new Error('tests here share their modules: vi.mock() would hold for some of them (tests/shared.fixture.ts)');
};

afterAll(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  (globalThis as { readonly document?: { readonly body: { replaceChildren(): void } } }).document?.body.replaceChildren();
});
