// How many tests passed, failed and were skipped, read from the JSON reports of vitest and Playwright. A run that failed without a failed
// test (a file that does not load, an error outside tests) counts as one failure, so that no red run sums to green.

import { readFile } from 'node:fs/promises';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const NONE: Counts = { passed: 0, failed: 0, skipped: 0 };

export const add = (a: Counts, b: Counts): Counts => ({ passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped });

/** The closing line that CI systems read. */
export const closingLine = ({ passed, failed }: Counts): string => `${passed} passed, ${failed} failed`;

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly { readonly status: string }[] }[];
}
interface PlaywrightReport {
  readonly stats: { readonly expected: number; readonly unexpected: number; readonly flaky: number; readonly skipped: number };
}

/** From vitest's `json` report and the status with which it ended. Files that failed outside their tests count one each. */
export function vitestCounts(report: VitestReport, status: number): Counts {
  const brokenFiles = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed')).length;
  return settled(report.numPassedTests, report.numFailedTests + brokenFiles, report.numPendingTests + report.numTodoTests, status);
}

/** From Playwright's `json` report and the status with which it ended. A flaky test has failed. */
export function playwrightCounts({ stats }: PlaywrightReport, status: number): Counts {
  return settled(stats.expected, stats.unexpected + stats.flaky, stats.skipped, status);
}

/** A run that ended well but ran nothing, or ended badly with nothing failed, has one failure. */
function settled(passed: number, failed: number, skipped: number, status: number): Counts {
  const silent = failed === 0 && (status !== 0 || passed === 0);
  return { passed, failed: silent ? 1 : failed, skipped };
}

/** The counts of a report file, one failure when there is no readable report. */
export async function countsOf<T>(file: string, status: number, read: (report: T, status: number) => Counts): Promise<Counts> {
  try {
    return read(JSON.parse(await readFile(file, 'utf8')) as T, status);
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}
