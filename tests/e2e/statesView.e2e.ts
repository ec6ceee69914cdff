// The TCP states in the real Electron, by keyboard: a half-open connection of which both ends think differently, the kernel's socket table
// beside the states, TIME_WAIT counted down. Passes axe in both themes.

import { expect, idle, openLab, runToEnd, test } from './app';
import { cleanInBothThemes } from './axe';

test('connection-life: who is where, what the kernel says, and how long TIME_WAIT lasts', async ({ page }) => {
  test.setTimeout(240_000);
  await openLab(page, 'connection-life');
  await runToEnd(page);
  const states = page.locator('.states');
  await expect(states.locator('[data-end="client"]')).toContainText('TIME-WAIT');
  await expect(states.locator('[data-end="server"]')).toContainText('CLOSED');
  // The kernel's timer, while it runs: less and less than a minute.
  const timeWait = states.locator('[data-state="TIME_WAIT"]');
  await expect(timeWait).toContainText(/\d\.\d.s/u);
  const before = await timeWait.innerText();
  await expect(timeWait).not.toHaveText(before);

  // States are walked by arrow keys and explained by Enter.
  await timeWait.focus();
  await page.keyboard.press('Enter');
  await expect(states.locator('[data-detail="TIME_WAIT"]')).toContainText('socket table');
  await cleanInBothThemes(page);
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowLeft');
  await expect(states.locator('[data-state="FIN_WAIT_2"]')).toBeFocused();

  await states.getByRole('radio', { name: 'Who knows what' }).click();
  await expect(states.locator('[data-knows="client"]')).toContainText('recv() returned 0');
  await cleanInBothThemes(page);
});

test('connection-life, half-open: the client’s program has been told of no end', async ({ page }) => {
  test.setTimeout(240_000);
  await openLab(page, 'connection-life');
  await page.locator('select:has(option[value="half-open"])').first().selectOption('half-open');
  await runToEnd(page);
  const states = page.locator('.states');
  await states.getByRole('combobox', { name: 'Connection' }).selectOption('1');
  await states.getByRole('radio', { name: 'Who knows what' }).click();
  // Back to where the client has sent into the silence.
  await page.locator('[data-pane="stage"]').focus();
  const sent = states.locator('[data-knows="client"]').getByText('connected, and has been told of no end');
  for (let step = 0; step < 40 && (await sent.count()) === 0; step++) {
    await page.keyboard.press('ArrowLeft');
    await idle(page);
  }
  await expect(sent).toBeVisible();
  await expect(states.locator('[data-know]')).toContainText('The server is a relay. Behind it the connection goes on as #2');
  await cleanInBothThemes(page);
  await states.getByRole('button', { name: 'Show #2' }).focus();
  await page.keyboard.press('Enter');
  await expect(states.locator('[data-knows="server"]')).toContainText('It was killed');
});
