// For all unit tests (vitest.config.ts): vi.waitFor() waits for a second if nobody says for how long, which is too short on a machine with
// other things to do. What comes is there as soon as ever.

import { vi } from 'vitest';

const PATIENCE = 60_000;

const { waitFor, waitUntil } = vi;
vi.waitFor = (holds, options = PATIENCE) => waitFor(holds, options);
vi.waitUntil = (holds, options = PATIENCE) => waitUntil(holds, options);
