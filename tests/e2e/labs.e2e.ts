// Each lab from the first click to the last step, in the real Electron: run, step on and back to the same picture, predict, act.

import type { Page } from '@playwright/test';
import { expect, idle, openLab, runLab, runToEnd, skipQuestions, test, toTheEnd } from './app';

const LABS = ['daytime', 'udp-uppercase', 'tcp-echo'] as const;

interface Picture {
  /** The rows of the ladder that are on screen, by their id: which ones those are depends on how it was scrolled, not what they say. */
  readonly rows: Readonly<Record<string, string>>;
  readonly stage: string;
  readonly inspector: string;
  readonly playhead: string;
}

/** What the user sees of the run, as text. */
async function picture(page: Page): Promise<Picture> {
  await idle(page);
  return page.evaluate(() => {
    // Vue numbers the ids that it makes (v-0-35) by the time of mounting.
    const html = (selector: string): string => (document.querySelector(selector)?.innerHTML ?? '').replaceAll(/"v-[\d-]+"/g, '"v"');
    return {
      rows: Object.fromEntries([...document.querySelectorAll('.ladder [role="option"]')].map((row) => [row.id, row.outerHTML])),
      stage: html('[data-pane="stage"]'),
      inspector: html('[data-pane="inspector"]'),
      playhead: document.querySelector('[role="slider"]')?.getAttribute('aria-valuetext') ?? '',
    };
  });
}

/** Two equal pictures say the same wherever both show something. */
function expectSame(now: Picture, before: Picture, at: number): void {
  expect(now.playhead, `playhead at ${at}`).toBe(before.playhead);
  expect(now.stage, `stage at ${at}`).toBe(before.stage);
  expect(now.inspector, `inspector at ${at}`).toBe(before.inspector);
  const shared = Object.keys(now.rows).filter((id) => id in before.rows);
  expect(shared.length).toBeGreaterThanOrEqual(Math.min(at, 4));
  for (const id of shared) expect(now.rows[id], `${id} at ${at}`).toBe(before.rows[id]);
}

const moments = async (page: Page): Promise<number> => Number(await page.getByRole('slider', { name: 'Playhead' }).getAttribute('aria-valuemax'));
const playhead = async (page: Page): Promise<number> => Number(await page.getByRole('slider', { name: 'Playhead' }).getAttribute('aria-valuenow'));

for (const lab of LABS) {
  test(`${lab}: runs, steps forward and back to the same picture`, async ({ page }) => {
    await openLab(page, lab);
    await runLab(page);
    expect(await page.locator('html').getAttribute('data-run')).toBe('open');
    await skipQuestions(page);
    await page.locator('[data-pane="stage"]').focus();
    await page.keyboard.press('Home');
    await idle(page);
    expect(await playhead(page)).toBe(0);

    await expect.poll(() => moments(page)).toBeGreaterThan(5);
    const steps = Math.min(await moments(page), 12);
    const seen: Picture[] = [await picture(page)];
    for (let step = 0; step < steps; step++) {
      await page.keyboard.press('ArrowRight');
      seen.push(await picture(page));
    }
    expect(await playhead(page)).toBe(steps);
    expect(new Set(seen.map((one) => JSON.stringify(one))).size).toBe(steps + 1);
    for (let step = steps - 1; step >= 0; step--) {
      await page.keyboard.press('ArrowLeft');
      expectSame(await picture(page), seen[step] as Picture, step);
    }
  });
}

test('tcp-echo: a prediction is asked first, and the trace decides', async ({ page }) => {
  await openLab(page, 'tcp-echo');
  const question = page.locator('[data-question="received"]');
  await runLab(page);
  await expect(question).toBeVisible();
  await question.getByRole('radio').first().click();
  await question.getByRole('button', { name: 'Answer' }).click();
  await toTheEnd(page);
  // All 96 bytes cannot come back to a client that closes early.
  await expect(question.getByRole('status')).toBeVisible();
  await expect(question.locator('.option.wrong')).toHaveCount(1);
  await expect(question.locator('.option.right')).toHaveCount(1);
});

test('tcp-echo: a client driven by hand talks to the server until the server is killed', async ({ page }) => {
  await openLab(page, 'tcp-echo');
  await runLab(page);
  await skipQuestions(page);
  const act = async (action: string): Promise<void> => {
    const before = await moments(page);
    await page.locator(`[data-action="${action}"]`).click();
    // What it does is told before its answer.
    await idle(page);
    await expect.poll(() => moments(page)).toBeGreaterThan(before);
  };
  await act('connect');
  await act('send-line');
  await act('kill-server');
  await page.locator('[data-pane="stage"]').focus();
  await page.keyboard.press('6');
  await page.keyboard.press('End');
  await idle(page);
  await expect(page.locator('[data-pane="log"]')).toContainText('kill()');
  // Nobody listens any more: the next connect is refused, and says so.
  await act('connect');
  await page.keyboard.press('End');
  await idle(page);
  await expect(page.locator('[data-pane="log"]')).toContainText('ECONNREFUSED');
});

test('a run can be stopped and run again at once', async ({ page }) => {
  await openLab(page, 'daytime');
  await runToEnd(page);
  const first = await moments(page);
  await page.keyboard.press('Control+.');
  await page.waitForSelector('html[data-run="stopped"]', { state: 'attached' });
  await runLab(page);
  expect(await page.locator('html').getAttribute('data-run')).toBe('open');
  await expect.poll(() => moments(page)).toBeGreaterThanOrEqual(first - 2);
});

test('the log says in words what the ladder draws', async ({ page }) => {
  await openLab(page, 'udp-uppercase');
  await runLab(page);
  await skipQuestions(page);
  await page.locator('[data-pane="stage"]').focus();
  await page.keyboard.press('End');
  await page.keyboard.press('6');
  // The keys are the log's from then on.
  await expect(page.getByRole('region', { name: 'Log' })).toBeFocused();
  await idle(page);
  const log = page.locator('[data-pane="log"]');
  await expect(log).toContainText('sendto(');
  await expect(log).toContainText('recvfrom(2048)');
  expect(Number(await log.locator('table').getAttribute('aria-rowcount'))).toBe((await moments(page)) + 1);
});
