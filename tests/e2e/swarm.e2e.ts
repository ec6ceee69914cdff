// The swarm lab's own picture in the real Electron: it shows the run, passes axe in both themes and all its ways of looking, says why a
// piece was asked for, and tells a piece's life to somebody who has nothing but the keyboard.

import type { Page } from '@playwright/test';
import { choose, expect, openLab, resize, runToEnd, stageTab, test } from './app';
import { cleanInBothThemes, violations } from './axe';

test.describe.configure({ timeout: 240_000 });

/** Runs the swarm to its end and shows its picture. */
async function swarm(page: Page, scenario?: string): Promise<void> {
  await openLab(page, 'p2p-swarm');
  if (scenario !== undefined) await choose(page, 'scenario', scenario);
  await runToEnd(page);
  await stageTab(page, 'Swarm').click();
}

const way = (page: Page, name: string) => page.locator('.swarm').getByRole('radio', { name });

test('every way of looking at a swarm passes axe, dark and light, and no error is said', async ({ page }) => {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  await swarm(page);
  for (const name of ['Picture', 'Pieces', 'Who helped whom']) {
    await way(page, name).click();
    await cleanInBothThemes(page, { what: name, without: 'iframe' });
  }
  expect(errors).toEqual([]);
});

test('the keyboard alone chooses a piece and reads its life, then a peer and its links', async ({ page }) => {
  await swarm(page);
  const pieces = page.getByRole('slider', { name: /copies in the swarm/ });
  await pieces.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await expect(pieces).toHaveAttribute('aria-valuetext', /^Piece 1: \d+ copies/);
  await page.keyboard.press('Enter');
  const side = page.locator('.swarm [data-side]');
  await expect(side).toHaveAttribute('data-side', 'piece');
  await expect(side).toContainText('Life of piece 1');
  // Somebody had it, asked for it, got its block, and it was right.
  for (const said of [/had it from the start/, / asks .*: /, /A block from /, /Whole and right at /]) await expect(side.getByRole('button').filter({ hasText: said }).first()).toBeVisible();
  await side.locator('ol button[tabindex="0"]').focus();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-subject]')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(side).toHaveAttribute('data-side', 'none');
  await page.locator('.swarm [data-peer][tabindex="0"]').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(side).toHaveAttribute('data-side', 'peer');
  await expect(page.locator('.swarm [data-peer][aria-pressed="true"]')).toHaveCount(1);
});

test('a choice is told with its reason where it was made, and leads to what the program noted', async ({ page }) => {
  await swarm(page);
  // The list of decisions goes from the newest back; a double click goes to where it was made.
  const choice = page.locator('.swarm [data-side] li button').filter({ hasText: /asks .* for piece \d+: rarest/ }).first();
  await choice.dblclick();
  const caption = page.locator('.swarm [data-caption]');
  await expect(caption).toContainText(/^.+ asks .+ for piece \d+: rarest, \d+ cop(y|ies) among those it knows$/);
  await caption.click();
  await expect(page.locator('[data-pane="inspector"]')).toContainText(/piece \d+ from \S+: rarest/);
});

test('a hostile peer is seen: cut, with the reason', async ({ launched, page }) => {
  await resize(launched.app, { width: 1920, height: 1080 });
  await swarm(page, 'hostile');
  await expect(page.locator('.swarm .peer.hostile')).toHaveCount(1);
  await expect(page.locator('.swarm [data-side] li button.bad').filter({ hasText: 'cuts' }).first()).toBeVisible();
  expect(await violations(page, { without: 'iframe' })).toEqual([]);
  await way(page, 'Who helped whom').click();
  await expect(page.locator('.swarm [data-cell]').first()).toBeVisible();
});
