// The table of architectures by the keyboard: found, gone through by arrows, a cell shown by a real run, and the way back to the cell.

import type { Page } from '@playwright/test';
import { expect, idle, test } from './app';
import { violations } from './axe';

const focused = (page: Page): Promise<string | null> => page.evaluate(() => document.activeElement?.getAttribute('data-cell') ?? null);
const playhead = async (page: Page): Promise<number> => Number(await page.getByRole('slider', { name: 'Playhead' }).getAttribute('aria-valuenow'));

/** By the command palette, as somebody does who has never seen the screen. */
async function openTable(page: Page): Promise<void> {
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog').getByRole('combobox')).toBeFocused();
  await page.keyboard.type('compare arch');
  await page.keyboard.press('Enter');
  await page.waitForSelector('html[data-screen="architectures"]');
  await idle(page);
}

/** Tab until a cell's button has the focus. */
async function tabToCells(page: Page): Promise<void> {
  for (let tries = 0; tries < 30 && (await focused(page)) === null; tries++) await page.keyboard.press('Tab');
}

test('a cell is shown by the keyboard alone: its run plays to the step, and Esc leads back to the cell', async ({ page }) => {
  await openTable(page);
  await tabToCells(page);
  await expect.poll(() => focused(page)).toBe('structure client-server');
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'End']) await page.keyboard.press(key);
  await expect.poll(() => focused(page)).toBe('failure hybrid');
  await page.keyboard.press('Enter');
  await page.waitForSelector('html[data-screen="lab"]');
  const banner = page.locator('[data-shown]');
  await expect(banner).toContainText('Failure · Hybrid');
  // Real programs run, and no question stops the playhead before the newcomer has failed.
  await expect(banner).toHaveAttribute('data-shown', 'there', { timeout: 30_000 });
  await expect(banner).toContainText('Here it is: The newcomer finds nobody');
  await idle(page);
  expect(await playhead(page)).toBeGreaterThan(100);
  await expect(page.locator('[data-step="newcomer"]')).toHaveAttribute('data-state', 'done');

  await page.keyboard.press('Escape');
  await page.waitForSelector('html[data-screen="architectures"]');
  await idle(page);
  await expect.poll(() => focused(page)).toBe('failure hybrid');
});

test('the card on Home opens the table; the banner\'s button leads back; a run of one\'s own asks its questions again', async ({ page }) => {
  await page.locator('[data-open="architectures"]').click();
  await page.waitForSelector('html[data-screen="architectures"]');
  await idle(page);
  await page.locator('[data-cell="roles client-server"]').click();
  const banner = page.locator('[data-shown]');
  await expect(banner).toHaveAttribute('data-shown', 'there', { timeout: 30_000 });
  // The cell is about who asks whom: it asks for the hosts, not for the lab's first picture.
  await expect(page.locator('[data-pane="stage"]').getByRole('tab', { name: 'Hosts' })).toHaveAttribute('aria-selected', 'true');
  await page.locator('[data-back="architectures"]').click();
  await page.waitForSelector('html[data-screen="architectures"]');
  await idle(page);
  await expect.poll(() => focused(page)).toBe('roles client-server');

  await page.keyboard.press('Enter');
  await expect(banner).toHaveAttribute('data-shown', 'there', { timeout: 30_000 });
  await page.getByRole('button', { name: 'Run again' }).first().click();
  await expect(banner).toHaveCount(0);
  await expect(page.locator('[data-question="answered"] button').first()).toBeVisible();
});

for (const theme of ['dark', 'light'] as const) {
  test(`axe finds nothing on the table and on what it shows, ${theme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme });
    await openTable(page);
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    expect(await violations(page)).toEqual([]);
    await page.locator('[data-cell="structure hybrid"]').click();
    await expect(page.locator('[data-shown]')).toHaveAttribute('data-shown', 'there', { timeout: 30_000 });
    expect(await violations(page)).toEqual([]);
  });
}
