// The lab of the byte stream in the real Electron, by keyboard: the same bytes make other messages on the ruler for who takes one recv() for one
// message, and for who reads by the marks; a multiplexed client shows its readable and writable sets. Both pass axe in both themes.

import type { Page } from '@playwright/test';
import { expect, idle, openLab, runLab, test } from './app';
import { violations } from './axe';

async function cleanInBothThemes(page: Page): Promise<void> {
  for (const theme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    expect(await violations(page), theme).toEqual([]);
  }
}

async function toTheEnd(page: Page): Promise<void> {
  expect(await page.locator('html').getAttribute('data-run')).toBe('open');
  const skip = page.getByRole('button', { name: 'Skip' });
  while ((await skip.count()) > 0) await skip.first().click();
  await page.locator('[data-pane="stage"]').focus();
  await page.keyboard.press('End');
  await idle(page);
}

const stageTab = (page: Page, name: string) => page.locator('.stage > .bar').getByRole('tab', { name, exact: true });

test('byte stream: one recv() is no message', async ({ page }) => {
  test.setTimeout(120_000);
  await openLab(page, 'byte-stream');
  await runLab(page);
  await toTheEnd(page);
  await stageTab(page, 'Streams').click();
  const up = page.locator('[data-dir="up"] [role="slider"]');
  const readout = page.locator('[data-readout]');
  const connection = page.getByLabel('Connection or pair of sockets');

  await connection.selectOption({ index: 1 });
  await up.focus();
  await page.keyboard.press('Home');
  await expect(readout).toContainText('taken for message #1');
  await page.keyboard.press('End');
  const naive = Number(/taken for message #(\d+)/.exec((await readout.textContent()) ?? '')?.[1] ?? 0);
  expect(naive).toBeGreaterThan(4);
  await cleanInBothThemes(page);

  await connection.selectOption({ index: 2 });
  await up.focus();
  await page.keyboard.press('End');
  await expect(readout).toContainText('taken for message #4');
  await readout.locator('[data-of="messages"] button').click();
  await expect(page.locator('[data-pane="inspector"]')).toContainText('for message 4');
  await cleanInBothThemes(page);
});

test('tcp-echo, multiplexed: the sets of select() stand at the door', async ({ page }) => {
  test.setTimeout(120_000);
  await openLab(page, 'tcp-echo');
  await page.locator('.experiment [data-parameter="client"] select').selectOption('multiplexed');
  await runLab(page);
  await toTheEnd(page);
  await stageTab(page, 'Sockets').click();
  const calls = page.locator('[data-role="client-1"]');
  await expect(calls).toContainText('select([sock], [], [], 0.01)');
  const door = calls.locator('[data-sock]').first();
  // Back to where it is open, and select() has answered.
  const list = calls.getByRole('listbox');
  await list.focus();
  await page.keyboard.press('Home');
  for (let step = 0; step < 4; step++) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await idle(page);
  await expect(door).toContainText('writable');
  await cleanInBothThemes(page);
});
