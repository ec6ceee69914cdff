// For tests that compare many bytes many times: expect() looks at each byte by itself, which on a busy machine takes minutes.

import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';

/** Fails, in the words of expect(), where both are not the same. */
export function expectSame(found: unknown, wanted: unknown, what: string): void {
  if (!isDeepStrictEqual(found, wanted)) expect(found, what).toStrictEqual(wanted);
}
