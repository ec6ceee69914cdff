// The closing line cannot be green when anything went wrong.
import { describe, expect, it } from 'vitest';
import { add, closingLine, countsOf, NONE, playwrightCounts, vitestCounts } from './counts';

const vitest = (passed: number, failed: number, files: { status: string; assertionResults: { status: string }[] }[] = []) =>
  ({ numPassedTests: passed, numFailedTests: failed, numPendingTests: 1, numTodoTests: 1, testResults: files });

describe('counts of a vitest run', () => {
  it('are the reported ones', () => {
    expect(vitestCounts(vitest(5, 2, [{ status: 'failed', assertionResults: [{ status: 'failed' }] }]), 1)).toEqual({ passed: 5, failed: 2, skipped: 2 });
  });
  it('count a file that does not load', () => {
    expect(vitestCounts(vitest(5, 0, [{ status: 'failed', assertionResults: [] }]), 1).failed).toBe(1);
  });
  it('count an error outside tests', () => expect(vitestCounts(vitest(5, 0), 1).failed).toBe(1));
  it('fail a run that ran nothing', () => expect(vitestCounts(vitest(0, 0), 0).failed).toBe(1));
});

describe('counts of a Playwright run', () => {
  it('take a flaky test as failed', () => {
    expect(playwrightCounts({ stats: { expected: 3, unexpected: 1, flaky: 1, skipped: 0 } }, 1)).toEqual({ passed: 3, failed: 2, skipped: 0 });
  });
});

describe('a missing report', () => {
  it('is one failure', async () => expect(await countsOf('/nowhere.json', 0, () => NONE)).toEqual({ passed: 0, failed: 1, skipped: 0 }));
});

describe('the closing line', () => {
  it('sums the stages', () => expect(closingLine(add({ passed: 2, failed: 0, skipped: 1 }, { passed: 3, failed: 1, skipped: 0 }))).toBe('5 passed, 1 failed'));
});
