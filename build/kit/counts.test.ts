// The closing line cannot be green when anything went wrong.
import { describe, expect, it } from 'vitest';
import { add, closingLine, countsOf, NONE, playwrightCounts, vitestCounts } from './counts';

interface Assertion { status: string; fullName: string; failureMessages?: string[] }
const vitest = (passed: number, failed: number, files: { name: string; status: string; message?: string; assertionResults: Assertion[] }[] = []) =>
  ({ numPassedTests: passed, numFailedTests: failed, numPendingTests: 1, numTodoTests: 1, testResults: files });

describe('counts of a vitest run', () => {
  it('are the reported ones', () => {
    const failed = { status: 'failed', fullName: 'sums', failureMessages: ['\u001b[31mexpected 1\u001b[39m\n\nto be 2'] };
    const skipped = { status: 'skipped', fullName: 'later', failureMessages: [] };
    expect(vitestCounts(vitest(5, 2, [{ name: 'a.test.ts', status: 'failed', assertionResults: [failed, skipped] }]), 1)).toEqual({
      passed: 5, failed: 2, skipped: 2, notes: ['failed: a.test.ts > sums\n    expected 1\n    to be 2', 'skipped: a.test.ts > later'],
    });
  });
  it('count a file that does not load', () => {
    const counts = vitestCounts(vitest(5, 0, [{ name: 'a.test.ts', status: 'failed', message: 'no such module', assertionResults: [] }]), 1);
    expect([counts.failed, counts.notes]).toEqual([1, ['failed: a.test.ts\n    no such module']]);
  });
  it('count an error outside tests', () => expect(vitestCounts(vitest(5, 0), 1).failed).toBe(1));
  it('fail a run that ran nothing', () => expect(vitestCounts(vitest(0, 0), 0).failed).toBe(1));
});

describe('counts of a Playwright run', () => {
  it('take a flaky test as failed', () => {
    const tests = [{ status: 'flaky', results: [{ error: { message: 'too late' } }, {}] }];
    const suites = [{ title: 'look.e2e.ts', suites: [{ title: 'dark', specs: [{ title: 'is seen', tests }] }] }];
    expect(playwrightCounts({ stats: { expected: 3, unexpected: 1, flaky: 1, skipped: 0 }, suites }, 1)).toEqual({
      passed: 3, failed: 2, skipped: 0, notes: ['flaky: look.e2e.ts > dark > is seen\n    too late'],
    });
  });
});

describe('a missing report', () => {
  it('is one failure', async () => expect(await countsOf('/nowhere.json', 0, () => NONE)).toMatchObject({ passed: 0, failed: 1, skipped: 0 }));
});

describe('the closing line', () => {
  it('sums the stages', () => expect(closingLine(add({ ...NONE, passed: 2, skipped: 1 }, { ...NONE, passed: 3, failed: 1 }))).toBe('5 passed, 1 failed'));
});
