// The flow view in the real Electron, by keyboard: where the bytes are, send() that waits, the table that says the same. Passes axe in both themes.

import { expect, idle, openLab, runToEnd, test } from './app';
import { cleanInBothThemes } from './axe';

test('flow-control: the buffers fill, send() waits, and goes on once somebody reads', async ({ page }) => {
  test.setTimeout(240_000);
  await openLab(page, 'flow-control');
  await runToEnd(page);

  const view = page.locator('.window');
  await expect(view.getByRole('img')).toHaveAccessibleName(/Taken by the kernel: 6 MiB/);
  await expect(view.locator('[data-stall="send"]').first()).toBeVisible();
  await cleanInBothThemes(page);

  // The table, and from its row back to when send() began to wait.
  await view.getByRole('radio', { name: 'Chart' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(view.getByRole('radio', { name: 'Table' })).toBeChecked();
  const stalled = view.locator('[data-event="stalled"] button').first();
  await stalled.focus();
  await page.keyboard.press('Enter');
  await idle(page);
  await expect(view.locator('[data-doing]')).toContainText('send() has been waiting');
  await expect(view.locator('[data-place="program"]')).not.toContainText(/^Still with send\(\)\s*0 B/);
  // Nobody asked for the kernel's packets: the window that the headers carry is not known, and the way to it is said.
  await expect(view.locator('dd[data-advertised]')).toContainText('not captured: the headers that carry it were not recorded.');
  await expect(view.locator('dd[data-advertised]')).toContainText('Settings, Evidence');
  await cleanInBothThemes(page);
});
