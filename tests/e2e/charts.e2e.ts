// The charts of the architectures' labs in the real Electron: measured times over both formulas, a service from its clients' side. They
// pass axe in both themes, and what is chosen by keyboard shows its detail and is chosen everywhere.

import { choose, drawn, expect, openLab, runToEnd, stageTab, test } from './app';
import { cleanInBothThemes, violations } from './axe';

const PAGE = { without: 'iframe' } as const;

test('client-server-vs-p2p: every distribution is a point over the formulas, with its reasons', async ({ page }) => {
  test.setTimeout(240_000);
  await openLab(page, 'client-server-vs-p2p');
  await runToEnd(page);
  await stageTab(page, 'Scaling').click();
  const chart = page.getByRole('listbox', { name: /^Measured distributions/ });
  // 1, 2, 5 and 10 receivers, both ways.
  await expect(chart.getByRole('option')).toHaveCount(8);
  await chart.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowUp');
  const detail = page.locator('[data-detail="point"]');
  await expect(detail).toContainText('10 receivers, from the server');
  await page.keyboard.press('ArrowDown');
  await expect(detail).toContainText('10 receivers, by the swarm');
  await expect(detail).toContainText('10 of 10');
  await page.keyboard.press('Enter');
  await expect(chart.getByRole('option', { selected: true })).toHaveAttribute('data-point', 'swarm-10');
  await expect(page.locator('[data-pane="inspector"]')).toContainText('all 10 have it by swarm');
  await cleanInBothThemes(page, PAGE);

  // What no machine runs is model, and says so.
  await page.getByRole('radio', { name: 'To a million peers' }).click();
  const fold = page.getByRole('button', { name: 'Change the numbers' });
  if ((await fold.getAttribute('aria-expanded')) === 'false') await fold.click();
  const numbers = page.getByRole('form', { name: 'Numbers of the formulas' });
  await numbers.locator('[data-number="receivers"] input').fill('1000000');
  await expect(numbers).toContainText(/1,000,000 receivers: [\d.]+\sdays from the server/);
  await numbers.locator('[data-number="serverUp"] input').fill('1024');
  await expect(numbers).toContainText('model only, not measured');
  await cleanInBothThemes(page, PAGE);
  await numbers.getByRole('button', { name: 'As in the run' }).click();
  await expect(numbers).not.toContainText('model only, not measured');

  await page.getByRole('radio', { name: 'Table', exact: true }).click();
  await expect(page.getByRole('table', { name: 'Times to distribute the file' }).getByRole('row')).toHaveCount(6);
  expect(await violations(page, PAGE)).toEqual([]);
});

test('single-point-of-failure: requests are told apart by how they ended, and followed by keyboard', async ({ page }) => {
  test.setTimeout(240_000);
  await openLab(page, 'single-point-of-failure');
  await runToEnd(page);
  await stageTab(page, 'Availability').click();
  const total = page.locator('[data-total]');
  await expect(total.locator('[data-outcome="refused"]')).toContainText(/refused \d+/);
  await expect(total).not.toContainText('100 %');
  const lanes = page.getByRole('listbox', { name: /^Requests and events/ });
  await lanes.focus();
  await page.keyboard.press('Home');
  const detail = page.locator('[data-detail="mark"]');
  await expect(detail).toContainText(/client \d request 1 to 127\.0\.66\.1:8200: answered( late)? after/);
  // Up to the server, whose life it was that ended.
  for (let lane = 0; lane < 6; lane++) await page.keyboard.press('ArrowUp');
  await expect(detail).toContainText('server 1');
  await page.keyboard.press('Home');
  await expect(detail).toContainText('server 1 started');
  await page.keyboard.press('ArrowRight');
  await expect(detail).toContainText('killed');
  await page.keyboard.press('Enter');
  await expect(lanes.getByRole('option', { selected: true })).toHaveAccessibleName(/^server 1: killed/);
  await expect(page.locator('[data-pane="inspector"]')).toContainText('killed');
  await cleanInBothThemes(page, PAGE);

  await page.getByRole('radio', { name: 'Table', exact: true }).click();
  const rows = page.getByRole('listbox', { name: 'Requests and events in order of time' });
  await expect(rows.getByRole('option', { selected: true })).toContainText('killed');
  await rows.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(rows.getByRole('option', { selected: true })).not.toContainText('killed');
  await cleanInBothThemes(page, PAGE);
});

test('single-point-of-failure: two balancers, one killed: clients go over, and most are answered', async ({ page }) => {
  test.setTimeout(240_000);
  await openLab(page, 'single-point-of-failure');
  await choose(page, 'architecture', 'two-balancers');
  await choose(page, 'blow', 'kill-balancer');
  await runToEnd(page);
  await stageTab(page, 'Availability').click();
  await expect(page.locator('.lanes .lane.balancer')).toHaveCount(2);
  await page.getByRole('radio', { name: 'Table', exact: true }).click();
  await page.getByRole('listbox', { name: 'Requests and events in order of time' }).focus();
  await page.keyboard.press('Home');
  const over = page.getByRole('option').filter({ hasText: 'goes over to 127.0.65.2' }).first();
  for (let turned = 0; turned < 30 && (await over.count()) === 0; turned++) {
    await page.keyboard.press('PageDown');
    await drawn(page);
  }
  await over.click();
  await expect(page.locator('[data-detail="mark"]')).toContainText('goes over to 127.0.65.2:8100');
});
