// How many tests passed, failed and were skipped, read from the JSON reports of vitest and Playwright. A run that failed without a failed
// test (a file that does not load, an error outside tests) counts as one failure, so that no red run sums to green.

import { readFile } from 'node:fs/promises';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** What failed, with the reason, and what was skipped: said once more at the end of a long log. */
  readonly notes: readonly string[];
}

export const NONE: Counts = { passed: 0, failed: 0, skipped: 0, notes: [] };

export const add = (a: Counts, b: Counts): Counts => ({ passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped, notes: [...a.notes, ...b.notes] });

/** The closing line that CI systems read. */
export const closingLine = ({ passed, failed }: Counts): string => `${passed} passed, ${failed} failed`;

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string; readonly failureMessages?: readonly string[] | null }[];
  }[];
}
interface PlaywrightSuite {
  readonly title: string;
  readonly suites?: readonly PlaywrightSuite[];
  readonly specs?: readonly {
    readonly title: string;
    readonly tests: readonly { readonly status: string; readonly results: readonly { readonly error?: { readonly message?: string } }[] }[];
  }[];
}
interface PlaywrightReport {
  readonly stats: { readonly expected: number; readonly unexpected: number; readonly flaky: number; readonly skipped: number };
  readonly suites: readonly PlaywrightSuite[];
}

/** Lines of a reason that are said again. */
const REASON_LINES = 12;

function note(what: string, where: string, reason: string): string {
  const lines = reason.replace(/\x1b\[[0-9;]*m/g, '').split('\n').slice(0, REASON_LINES);
  return [`${what}: ${where}`, ...lines.filter((line) => line.trim() !== '').map((line) => `    ${line}`)].join('\n');
}

/** From vitest's `json` report and the status with which it ended. Files that failed outside their tests count one each. */
export function vitestCounts(report: VitestReport, status: number): Counts {
  const brokenFiles = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed')).length;
  const notes = report.testResults.flatMap((file) => {
    const tests = file.assertionResults.filter((test) => test.status !== 'passed').map((test) => note(test.status, `${file.name} > ${test.fullName}`, test.failureMessages?.[0] ?? ''));
    return file.status === 'failed' && tests.length === 0 ? [note('failed', file.name, file.message ?? '')] : tests;
  });
  return settled(report.numPassedTests, report.numFailedTests + brokenFiles, report.numPendingTests + report.numTodoTests, notes, status);
}

/** From Playwright's `json` report and the status with which it ended. A flaky test has failed. */
export function playwrightCounts({ stats, suites }: PlaywrightReport, status: number): Counts {
  return settled(stats.expected, stats.unexpected + stats.flaky, stats.skipped, suites.flatMap((suite) => playwrightNotes(suite, suite.title)), status);
}

function playwrightNotes(suite: PlaywrightSuite, where: string): string[] {
  const own = (suite.specs ?? []).flatMap((spec) => spec.tests.filter((test) => test.status !== 'expected')
    .map((test) => note(test.status, `${where} > ${spec.title}`, test.results.find((result) => result.error !== undefined)?.error?.message ?? '')));
  return [...own, ...(suite.suites ?? []).flatMap((inner) => playwrightNotes(inner, `${where} > ${inner.title}`))];
}

/** A run that ended well but ran nothing, or ended badly with nothing failed, has one failure. */
function settled(passed: number, failed: number, skipped: number, notes: readonly string[], status: number): Counts {
  const silent = failed === 0 && (status !== 0 || passed === 0);
  return { passed, failed: silent ? 1 : failed, skipped, notes: silent ? [...notes, note('failed', `the test runner ended with status ${status} and no failed test`, '')] : notes };
}

/** The counts of a report file, one failure when there is no readable report. */
export async function countsOf<T>(file: string, status: number, read: (report: T, status: number) => Counts): Promise<Counts> {
  try {
    return read(JSON.parse(await readFile(file, 'utf8')) as T, status);
  } catch {
    return { passed: 0, failed: 1, skipped: 0, notes: [`failed: no report (the test runner ended with status ${status})`] };
  }
}
