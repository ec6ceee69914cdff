// The list of the Capture screen: its columns are kept, its rows are painted.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { expect, idle, launch, test } from './app';
import { cleanInBothThemes } from './axe';
import { withCapture } from './captured';

test('columns that are changed stay so, however soon the screen is left or the app ends', async () => {
  test.setTimeout(240_000);
  const profile = await mkdtemp(join(tmpdir(), 'looplab-columns-'));
  const columns = (page: Page): Promise<string[]> => page.getByRole('grid', { name: 'Packets' }).getByRole('columnheader').locator('.text').allInnerTexts();
  const change = async (page: Page, ...buttons: readonly string[]): Promise<void> => {
    await page.getByRole('button', { name: 'Columns' }).click();
    for (const name of buttons) await page.getByRole('button', { name, exact: true }).click();
  };
  const during = async (then: (page: Page) => Promise<void>): Promise<void> => {
    const launched = await launch({ profile });
    await withCapture(launched, launched.page, () => then(launched.page));
    await launched.close();
  };
  try {
    await during(async (page) => {
      await change(page, 'Remove Bytes');
      // Out of the menu to the list, and from there home, with no wait in between.
      for (let press = 0; press < 3; press++) await page.keyboard.press('Escape');
      await page.waitForSelector('html[data-screen="home"]');
    });
    await during(async (page) => {
      expect(await columns(page)).toEqual(['No.', 'Time, s', 'Source', 'Destination', 'Protocol', 'What it says']);
      await change(page, 'Remove Source', 'Remove Protocol');
    });
    await during(async (page) => expect(await columns(page)).toEqual(['No.', 'Time, s', 'Destination', 'What it says']));
  } finally {
    await rm(profile, { recursive: true, force: true });
  }
});

test('a filter of one\'s own paints the rows that it finds, the earlier one first, and still does when the app starts again', async () => {
  test.setTimeout(240_000);
  const profile = await mkdtemp(join(tmpdir(), 'looplab-paint-'));
  try {
    const first = await launch({ profile });
    const { page } = first;
    await withCapture(first, page, async (grid) => {
      const row = (number: number): Locator => grid.locator(`.packet-rows [aria-rowindex="${number + 1}"]`);
      for (const [filter, name, colour] of [['udp.srcport < 4003', 'early', 'amber'], ['udp.srcport < 4005', 'soon', 'teal']] as const) {
        await page.keyboard.press('f');
        await page.keyboard.press('Control+a');
        await page.keyboard.type(filter);
        await page.keyboard.press('Enter');
        await idle(page);
        await page.getByRole('button', { name: 'Make this filter a button' }).click();
        await page.keyboard.type(name);
        // The bar has room for the name and what is around it.
        expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
        await expect(page.getByRole('button', { name: 'On the stage' })).toBeInViewport({ ratio: 1 });
        await page.getByRole('combobox', { name: 'Colour', exact: true }).selectOption(colour);
        await page.getByRole('button', { name: 'Make a button', exact: true }).click();
      }
      await page.getByRole('button', { name: 'Clear the filter' }).click();
      await expect(row(1)).toHaveClass(/paint-amber/);
      await expect(row(1)).toHaveAttribute('title', 'early');
      await expect(row(5)).toHaveClass(/paint-teal/);
      await expect(row(6)).not.toHaveClass(/painted/);
      await page.getByRole('button', { name: 'Colours' }).click();
      const own = page.getByRole('dialog', { name: 'Colours' }).getByRole('region', { name: 'Filters of your own' });
      await expect(own.getByRole('button', { name: 'soon 5' })).toBeVisible();
      await cleanInBothThemes(page, { what: 'painted rows and their legend' });
      await own.getByRole('button', { name: 'Move soon to the front' }).click();
      await own.getByRole('combobox', { name: 'Colour of early' }).selectOption('no colour');
      await expect(row(1)).toHaveClass(/paint-teal/);
    });
    await first.close();
    const second = await launch({ profile });
    await withCapture(second, second.page, async (grid) => {
      const painted = grid.locator('.packet-rows [aria-rowindex="6"]');
      await expect(painted).toHaveAttribute('title', 'soon');
      // Under the pointer it is marked, and its paint stays.
      const ground = (): Promise<string> => painted.evaluate((row) => getComputedStyle(row).backgroundColor);
      const before = await ground();
      await painted.hover();
      await expect(painted).toHaveCSS('background-image', /linear-gradient/);
      expect(await ground()).toBe(before);
      await expect(grid.locator('.packet-rows [aria-rowindex="7"]')).not.toHaveClass(/painted/);
    });
    await second.close();
  } finally {
    await rm(profile, { recursive: true, force: true });
  }
});
