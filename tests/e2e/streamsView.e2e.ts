// The byte ruler and the diagram of TCP states in the real Electron, on the echo lab: they pass axe in both themes, a byte tells its way by
// keyboard, and both ends of the connection stand where the run has left them.

import { expect, idle, openLab, runToEnd, stageTab, test } from './app';
import { cleanInBothThemes } from './axe';

test('streams: a byte tells which send() made it and which recv() took it', async ({ page }) => {
  test.setTimeout(240_000);
  await openLab(page, 'tcp-echo');
  await runToEnd(page);
  await stageTab(page, 'Streams').click();
  const up = page.locator('[data-dir="up"] [role="slider"]');
  await up.focus();
  await page.keyboard.press('Home');
  const readout = page.locator('[data-readout]');
  await expect(readout).toContainText('send() #1, 0–31');
  await expect(readout).toContainText('recv() #1, 0–15');
  await page.keyboard.press('Control+ArrowRight');
  await expect(up).toHaveAttribute('aria-valuenow', '16');
  await expect(readout).toContainText('recv() #2, 16–31');
  await page.keyboard.press('End');
  await expect(readout).toContainText('lost: nobody can read it any more');
  await readout.locator('[data-of="writes"] button').click();
  await expect(page.locator('[data-pane="inspector"]')).toContainText('send(32)');
  await cleanInBothThemes(page);

  // Zoomed, the bytes themselves are there, and the cursor stays in sight.
  await up.focus();
  for (let times = 0; times < 5; times++) await page.keyboard.press('+');
  await page.keyboard.press('Home');
  await expect(page.locator('[data-dir="up"] .sign').first()).toHaveText('G');
  await page.getByRole('radio', { name: 'Table', exact: true }).click();
  await expect(page.getByRole('table').first().getByRole('row').nth(1)).toContainText('recv() #1 (16), #2 (16)');
  await cleanInBothThemes(page);
});

test('TCP states: both ends stand where the run left them, with the reason', async ({ page }) => {
  test.setTimeout(240_000);
  await openLab(page, 'tcp-echo');
  await runToEnd(page);
  await stageTab(page, 'TCP states').click();
  await expect(page.locator('[data-end="client"]')).toContainText('CLOSED');
  await expect(page.locator('[data-end="listener"]')).toContainText('LISTEN');
  await page.locator('[data-end="client"] button').click();
  await expect(page.locator('[data-pane="inspector"]')).toContainText('RST');
  await cleanInBothThemes(page);
  await page.locator('[data-state="ESTABLISHED"]').focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-detail]')).toContainText('RFC 9293');
  await cleanInBothThemes(page);

  // One step back from the end of the run, as many transitions less.
  const text = page.getByRole('radio', { name: 'As text', exact: true });
  if ((await text.count()) > 0) await text.click();
  const list = page.getByRole('listbox', { name: 'Transitions up to the playhead' });
  const all = await list.getByRole('option').count();
  expect(all).toBeGreaterThan(8);
  await list.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await expect(list.getByRole('option', { selected: true })).toContainText('CLOSED → LISTEN');
  await cleanInBothThemes(page);
  await page.locator('[data-pane="stage"]').focus();
  await page.keyboard.press('Home');
  await idle(page);
  await expect(list.getByRole('option')).toHaveCount(0);
});
