// Faults and Compare in the real Electron, by keyboard: a run begins with a fault that was asked for, is kept, is run again without it, and
// both are shown side by side with what differs. Passes axe in both themes.

import { expect, idle, openLab, runLab, skipQuestions, test } from './app';
import { cleanInBothThemes } from './axe';

test('a fault on the way, and the run compared with one without it', async ({ page }) => {
  test.setTimeout(240_000);
  await openLab(page, 'http-connections');
  // One way is enough, so that the runs are short.
  await page.locator('.experiment [data-parameter="connections"] select').selectOption('keep-alive');
  await runLab(page);
  await skipQuestions(page);
  await page.locator('[data-pane="stage"]').focus();
  await page.keyboard.press('End');
  await page.keyboard.press('k');
  await expect(page.getByRole('status').filter({ hasText: 'Kept.' })).toBeAttached();

  // The relay tells what it does now; what is set goes to it at once.
  const relay = page.locator('[data-relay="relay"]');
  const delay = relay.locator('[data-fault="delay"] input').first();
  await expect(delay).toHaveValue('30');
  // More than a loaded machine is late by.
  await delay.focus();
  await delay.fill('240');
  await page.keyboard.press('Enter');
  await expect(delay).toHaveValue('240');
  await delay.fill('70000');
  await page.keyboard.press('Enter');
  await expect(relay.getByRole('alert')).toContainText('A number from 0 to 60,000 ms.');
  await delay.fill('240');
  await page.keyboard.press('Enter');
  await cleanInBothThemes(page);

  // The next run begins with it, and the panel counts what the relay did.
  await runLab(page);
  // It is another run than the kept one.
  await expect(page.locator('[data-command="keep"]')).toHaveAccessibleName('Keep this run for comparison');
  await page.waitForSelector('html[data-run="open"]', { state: 'attached' });
  await skipQuestions(page);
  await expect(delay).toHaveValue('240');
  await page.locator('[data-pane="stage"]').focus();
  await page.keyboard.press('End');
  await idle(page);
  await expect(relay.locator('.did')).toContainText('delayed');

  await page.locator('[data-pane="stage"]').focus();
  await page.keyboard.press('c');
  await expect(page.getByRole('combobox', { name: 'Run A' })).toBeVisible();
  await expect(page.locator('.summary')).toContainText('Delay');
  await expect(page.locator('.summary [data-figure="median"].differs')).toBeVisible();
  // The first step may differ itself, by the time at which it came.
  const place = page.getByText(/^Difference \d+ of \d+$/);
  await expect(place).toBeVisible();
  const before = Number((await place.innerText()).split(' ')[1]);
  const at = (count: number): Promise<void> => expect(place).toHaveText(new RegExp(`^Difference ${count} of`));
  await page.keyboard.press('n');
  await at(before + 1);
  await expect(page.locator('.rows [role="option"][aria-selected="true"]')).not.toHaveAttribute('data-how', 'same');
  await page.keyboard.press('n');
  await at(before + 2);
  await page.keyboard.press('Shift+N');
  await at(before + 1);
  await page.keyboard.press('Home');
  await expect(page.getByRole('slider', { name: /both/i })).toHaveAttribute('aria-valuenow', '1');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('slider', { name: /both/i })).toHaveAttribute('aria-valuenow', '2');
  await page.getByRole('radio', { name: 'Order alone' }).click();
  await cleanInBothThemes(page);

  await page.keyboard.press('Escape');
  await expect(page.locator('[data-pane="lesson"]')).toBeVisible();
});
