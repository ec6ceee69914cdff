// Server models in the real Electron: four servers side by side, looked at in one instant by the keyboard; a table that says the same; and a
// playhead that goes where the axis says. Passes axe in both themes.

import { drawn, expect, idle, openLab, runToEnd, test } from './app';
import { cleanInBothThemes } from './axe';

test('server-models: who waits where, at any instant of four servers at once', async ({ page }) => {
  test.setTimeout(240_000);
  await openLab(page, 'server-models');
  await runToEnd(page);

  const row = (model: string) => page.locator(`.models [data-model="${model}"]`);
  for (const model of ['iterative', 'threads', 'processes', 'multiplexed']) {
    await expect(row(model).locator('.state')).toContainText('done after');
    await expect(row(model).locator('[data-box="gone"]')).toContainText('6 done');
  }
  await cleanInBothThemes(page);

  // Somewhere on the axis one is served and the others are in the queue.
  const slider = page.getByRole('slider', { name: 'Instant that all servers show' });
  await slider.focus();
  await page.keyboard.press('Home');
  const queue = row('iterative').locator('[data-box="queue"]');
  for (let step = 0; step < 50 && !(await queue.innerText()).includes('accept queue'); step++) {
    await page.keyboard.press('ArrowRight');
    await drawn(page);
  }
  await expect(queue).toContainText('in the accept queue, waiting in recv()');
  await expect(slider).toHaveAttribute('aria-valuetext', /^At .*: iterative: \d wait outside, \d at the server/);
  await cleanInBothThemes(page);

  // Choosing a server shows where it began; Enter takes the playhead to that instant of it.
  await row('iterative').getByRole('button', { name: 'iterative' }).focus();
  await page.keyboard.press('Enter');
  await expect(row('iterative')).toHaveClass(/chosen/);
  await slider.focus();
  await page.keyboard.press('Enter');
  await idle(page);
  await expect(row('iterative').locator('.state')).toContainText('so far');
  await expect(row('multiplexed')).toHaveCount(0);

  for (const metric of ['Waiting times', 'Memory', 'Threads, processes']) await page.getByRole('radio', { name: metric, exact: true }).click();
  await page.locator('.models').getByRole('radio', { name: 'Table', exact: true }).click();
  await expect(page.locator('.models tbody tr')).toHaveCount(1);
  await cleanInBothThemes(page);
});
