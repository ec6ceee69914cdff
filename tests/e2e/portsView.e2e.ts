// Ports on the stage in the real Electron: an arriving segment finds its socket, by the keyboard alone; the numbers in their ranges; a stack
// that shows what AF_UNIX does without. Passes axe in both themes.

import { expect, idle, openLab, runToEnd, stageTab, test } from './app';
import { cleanInBothThemes } from './axe';

test('ports: a segment is looked up in the table of sockets and goes to one door', async ({ page }) => {
  test.setTimeout(240_000);
  await openLab(page, 'ports');
  await runToEnd(page);
  await stageTab(page, 'Ports').click();
  const view = page.locator('.ports');
  const winner = view.locator('tr[data-gets]');
  await expect(view.locator('[data-verdict]')).not.toBeEmpty();
  await cleanInBothThemes(page);

  // Back to the middle of the run, where a message of a client is under way: its four values fit one row, and one row only.
  await page.locator('[data-pane="stage"]').focus();
  for (let step = 0; step < 60 && !(await view.locator('[data-verdict]').innerText()).includes('goes to server on port 7071'); step++) {
    // What has arrived last stays so for more moments than these.
    for (let n = 0; n < 4; n++) await page.keyboard.press('ArrowLeft');
    await idle(page);
  }
  await expect(winner).toHaveCount(1);
  await expect(winner).toContainText('7071');
  await expect(winner.locator('.fit')).toHaveCount(5);
  await cleanInBothThemes(page);

  // The table scrolls by keyboard, and its rows choose sockets.
  await view.getByRole('region', { name: 'The kernel\'s table of sockets' }).focus();
  await winner.getByRole('button').focus();
  await page.keyboard.press('Enter');
  await idle(page);
  await expect(page.locator('[data-pane="inspector"]')).toContainText('7071');

  await view.getByRole('radio', { name: 'Lookup', exact: true }).focus();
  await page.keyboard.press('ArrowRight');
  await idle(page);
  await expect(view.getByRole('row', { name: /^443 https TCP, UDP/ })).toBeAttached();
  await expect(view.getByRole('region', { name: 'Ports of this run' })).toContainText('7070 TCP · a server waits there');
  await cleanInBothThemes(page);
});

test('socket-families: what AF_UNIX does without is shown missing', async ({ page }) => {
  test.setTimeout(240_000);
  await openLab(page, 'socket-families');
  await runToEnd(page);
  await stageTab(page, 'Stack').click();
  const stage = page.locator('[data-pane="stage"]');
  await expect(stage).toContainText('no headers: AF_UNIX');
  for (const layer of ['no transport', 'no IP', 'no link']) await expect(stage).toContainText(layer);
  await cleanInBothThemes(page);
});
