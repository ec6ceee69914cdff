// The lab of the byte stream in the real Electron, by keyboard: the same bytes make other messages on the ruler for who takes one recv() for one
// message, and for who reads by the marks; a multiplexed client shows its readable and writable sets. Both pass axe in both themes.

import { choose, drawn, expect, idle, openLab, runToEnd, stageTab, test } from './app';
import { cleanInBothThemes } from './axe';

test('byte stream: one recv() is no message', async ({ page }) => {
  test.setTimeout(240_000);
  await openLab(page, 'byte-stream');
  await runToEnd(page);
  await stageTab(page, 'Streams').click();
  const up = page.locator('[data-dir="up"] [role="slider"]');
  const readout = page.locator('[data-readout]');
  const connection = page.getByLabel('Connection or pair of sockets');

  await connection.selectOption({ index: 1 });
  await up.focus();
  await page.keyboard.press('Home');
  await expect(readout).toContainText('taken for message #1');
  await page.keyboard.press('End');
  await drawn(page);
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
  test.setTimeout(240_000);
  await openLab(page, 'tcp-echo');
  await choose(page, 'client', 'multiplexed');
  await runToEnd(page);
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
