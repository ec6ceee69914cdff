// Language, theme, keyboard only, and the accessibility rules of axe on every screen in both themes.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, idle, launch, openLab, runLab, skipQuestions, test } from './app';
import { violations } from './axe';

for (const theme of ['dark', 'light'] as const) {
  test(`axe finds nothing on any screen, ${theme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme });
    await idle(page);
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    expect(await violations(page)).toEqual([]);

    await openLab(page, 'tcp-echo');
    expect(await violations(page)).toEqual([]);
    await runLab(page);
    await skipQuestions(page);
    await page.locator('[data-pane="stage"]').focus();
    await page.keyboard.press('End');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('tab', { name: 'Stack' }).click();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('6');
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog')).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await expect(page.getByRole('dialog')).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');

    await page.keyboard.press('Control+,');
    await page.waitForSelector('html[data-screen="settings"]');
    expect(await violations(page)).toEqual([]);
  });
}

test('language and theme change at once and are remembered', async () => {
  const profile = await mkdtemp(join(tmpdir(), 'looplab-e2e-profile-'));
  try {
    const first = await launch({ profile });
    await first.page.keyboard.press('Control+,');
    await first.page.waitForSelector('html[data-screen="settings"]');
    await first.page.getByRole('radiogroup', { name: 'Language' }).getByRole('radio', { name: '한국어' }).click();
    await expect(first.page.locator('html')).toHaveAttribute('lang', 'ko');
    await first.page.keyboard.press('t');
    await idle(first.page);
    const theme = await first.page.locator('html').getAttribute('data-theme');
    await first.close();

    const second = await launch({ profile });
    await expect(second.page.locator('html')).toHaveAttribute('lang', 'ko');
    await expect(second.page.locator('html')).toHaveAttribute('data-theme', theme ?? '');
    await openLab(second.page, 'daytime');
    await expect(second.page.locator('h2, h1').filter({ hasText: /[가-힣]/ }).first()).toBeVisible();
    await second.close();
  } finally {
    await rm(profile, { recursive: true, force: true });
  }
});

test('a whole lab by keyboard alone, from the first screen', async ({ page }) => {
  // Tab until a lab's card has the focus.
  for (let tries = 0; tries < 30 && (await page.evaluate(() => document.activeElement?.getAttribute('data-lab'))) === null; tries++) await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.getAttribute('data-lab'))).not.toBeNull();
  await page.keyboard.press('Enter');
  await page.waitForSelector('html[data-screen="lab"]');
  await idle(page);
  await page.keyboard.press('Control+Enter');
  await page.waitForSelector('html[data-run="open"]', { state: 'attached' });

  const slider = page.getByRole('slider', { name: 'Playhead' });
  await page.keyboard.press('ArrowRight');
  await idle(page);
  expect(Number(await slider.getAttribute('aria-valuenow'))).toBeGreaterThan(0);
  await page.keyboard.press('Home');
  await idle(page);
  expect(await slider.getAttribute('aria-valuenow')).toBe('0');
  for (const [key, pane] of [['1', 'lesson'], ['2', 'stage'], ['3', 'ladder'], ['4', 'inspector'], ['5', 'timeline']] as const) {
    await page.keyboard.press(key);
    await expect.poll(() => page.evaluate(() => document.activeElement?.closest('[data-pane]')?.getAttribute('data-pane')), key).toBe(pane);
  }
  await page.keyboard.press('Escape');
  await page.waitForSelector('html[data-screen="home"]');
});

test('whatever screen comes, the keys are somewhere on it', async ({ page }) => {
  const at = () => page.evaluate(() => document.querySelector('main')?.contains(document.activeElement) === true);
  for (const [command, screen] of [['Settings', 'settings'], ['Compare architectures', 'architectures'], ['Compare two runs', 'compare'], ['All labs', 'home']] as const) {
    await page.keyboard.press('Control+k');
    await page.keyboard.type(command);
    await page.keyboard.press('Enter');
    await page.waitForSelector(`html[data-screen="${screen}"]`, { state: 'attached' });
    await idle(page);
    await expect.poll(at, screen).toBe(true);
  }
  await page.keyboard.press('Control+,');
  await page.waitForSelector('html[data-screen="settings"]');
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await page.keyboard.press('Escape');
  await page.waitForSelector('html[data-screen="home"]');
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
});

test('with reduced motion nothing moves by itself and positions jump', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await openLab(page, 'daytime');
  await runLab(page);
  await skipQuestions(page);
  await page.locator('[data-pane="stage"]').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await idle(page);
  const still = await page.locator('[data-pane="stage"]').screenshot();
  await page.waitForFunction(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(true)))));
  expect((await page.locator('[data-pane="stage"]').screenshot()).equals(still)).toBe(true);
});
