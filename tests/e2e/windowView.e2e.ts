// The flow view in the real Electron, by keyboard: where the bytes are, send() that waits, the table that says the same. Passes axe in both themes.

import type { Page } from '@playwright/test';
import { expect, idle, openLab, runLab, test } from './app';
import { violations } from './axe';

async function cleanInBothThemes(page: Page): Promise<void> {
  for (const theme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    expect(await violations(page), theme).toEqual([]);
  }
}

test('flow-control: the buffers fill, send() waits, and goes on once somebody reads', async ({ page }) => {
  test.setTimeout(120_000);
  await openLab(page, 'flow-control');
  await runLab(page);
  const skip = page.getByRole('button', { name: 'Skip' });
  while ((await skip.count()) > 0) await skip.first().click();
  await page.locator('[data-pane="stage"]').focus();
  await page.keyboard.press('End');
  await idle(page);

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
  await expect(view.getByText('not captured')).toBeVisible();
  await cleanInBothThemes(page);
});
