// A capture file in the real Electron: opened, filtered, chosen and inspected, by keyboard alone, and clean for axe in both themes.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, idle, test } from './app';
import { cleanInBothThemes, violations } from './axe';
import { pcap, withCapture } from './captured';

test('a capture is opened, filtered and read by keyboard', async ({ launched, page }) => {
  test.setTimeout(240_000);
  await withCapture(launched, page, async (grid) => {
    // The filter, from the keyboard: F goes there.
    await page.keyboard.press('f');
    await page.keyboard.type('udp.srcport >= 4030');
    await page.keyboard.press('Enter');
    await expect(grid).toHaveAttribute('aria-rowcount', '11');
    await idle(page);
    // Esc leads from the filter to the list.
    await page.keyboard.press('Escape');
    await expect(grid).toBeFocused();
    await page.keyboard.press('End');
    await idle(page);
    await expect(grid.locator('[aria-selected="true"]')).toContainText('40');
    const inspector = page.locator('[data-pane="inspector"]');
    await expect(inspector).toContainText('Packet 40');
    // The chosen packet stays chosen when the list changes; Enter goes into it.
    await page.keyboard.press('f');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('udp');
    await page.keyboard.press('Enter');
    await expect(grid).toHaveAttribute('aria-rowcount', '41');
    await idle(page);
    await expect(grid.locator('[aria-selected="true"]')).toContainText('40');
    await grid.focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => inspector.evaluate((pane) => pane.contains(document.activeElement))).toBe(true);
    await cleanInBothThemes(page, { what: 'capture, ladder' });
    // Esc leads to the list from wherever the keys are. A conversation becomes the filter by its menu, or is opened, and the keys stay with what it opened.
    await page.keyboard.press('Escape');
    await expect(grid).toBeFocused();
    await page.getByRole('tab', { name: 'Conversations' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('radio', { name: 'UDP' }).click();
    const talks = page.getByRole('grid', { name: 'Conversations' });
    await expect(talks).toHaveAttribute('aria-rowcount', '41');
    await talks.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Shift+F10');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await expect(grid).toHaveAttribute('aria-rowcount', '2');
    await expect(talks).toBeFocused();
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('tab', { name: 'Ladder' })).toBeFocused();
    await page.keyboard.press('Escape');
    await page.keyboard.press('f');
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Delete');
    await page.keyboard.press('Enter');
    await expect(grid).toHaveAttribute('aria-rowcount', '41');
    // What the list shows is played on the stage like a run; back from there the capture is as it was.
    await page.locator('[data-play]').click();
    await page.waitForSelector('html[data-screen="lab"]');
    await idle(page);
    await expect(page.locator('[data-pane="ladder"]')).toContainText('datagram 39');
    expect(await violations(page), 'stage').toEqual([]);
    await page.locator('[data-back]').click();
    await page.waitForSelector('html[data-screen="capture"]');
    await expect(grid).toHaveAttribute('aria-rowcount', '41');
  });
});

test('a filter becomes a button, is pressed and taken away, by keyboard', async ({ launched, page }) => {
  test.setTimeout(240_000);
  await withCapture(launched, page, async (grid) => {
    const field = page.getByRole('combobox', { name: 'Display filter' });
    for (const [filter, name, rows] of [['udp.srcport >= 4030', 'late', 11], ['udp.srcport < 4003', 'early', 4]] as const) {
      await page.keyboard.press('f');
      await page.keyboard.press('Control+a');
      await page.keyboard.type(filter);
      await page.keyboard.press('Enter');
      await expect(grid).toHaveAttribute('aria-rowcount', String(rows));
      await page.keyboard.press('Tab');
      await expect(page.getByRole('button', { name: 'Make this filter a button' })).toBeFocused();
      await page.keyboard.press('Enter');
      await expect(page.getByRole('textbox', { name: 'Name of the button' })).toBeFocused();
      expect(await violations(page), 'name of a filter').toEqual([]);
      await page.keyboard.type(name);
      await page.keyboard.press('Enter');
      await expect(field).toBeFocused();
      await page.keyboard.press('Escape');
      await expect(grid).toBeFocused();
    }
    const late = page.getByRole('button', { name: 'late', exact: true });
    await expect(page.getByRole('button', { name: 'early', exact: true })).toHaveAttribute('aria-pressed', 'true');
    // Past the field, its two buttons and to the first of ours.
    await page.keyboard.press('f');
    for (let stop = 0; stop < 3; stop++) await page.keyboard.press('Tab');
    await expect(late).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(grid).toHaveAttribute('aria-rowcount', '11');
    await expect(late).toHaveAttribute('aria-pressed', 'true');
    await expect(late).toBeFocused();
    await page.keyboard.press('Space');
    await expect(grid).toHaveAttribute('aria-rowcount', '41');
    await expect(late).toHaveAttribute('aria-pressed', 'false');
    await page.keyboard.press('Enter');
    await expect(grid).toHaveAttribute('aria-rowcount', '11');
    await page.keyboard.press('f');
    await page.keyboard.press('Tab');
    await expect(page.getByRole('button', { name: 'This filter is a button: remove it' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(late).toHaveCount(0);
    await expect(grid).toHaveAttribute('aria-rowcount', '11');
  });
});

test('a capture is told of in plain words, and what opens over it is clean', async ({ launched, page }) => {
  test.setTimeout(240_000);
  await withCapture(launched, page, async () => {
    await expect(page.locator('[data-overview]')).toContainText('40 packets in 40 conversations');
    await cleanInBothThemes(page, { what: 'capture, overview' });
    await page.getByRole('button', { name: 'Columns' }).focus();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog', { name: 'Columns' })).toBeVisible();
    expect(await violations(page), 'columns').toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('f');
    await page.keyboard.type('udp.src');
    await expect(page.getByRole('option').first()).toBeVisible();
    expect(await violations(page), 'completion').toEqual([]);
    await page.keyboard.type('port == x');
    await page.keyboard.press('Enter');
    await expect(page.getByText('This is no value for the field.')).toBeVisible();
    expect(await violations(page), 'wrong filter').toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+f');
    await expect(page.getByRole('textbox', { name: 'What to look for' })).toBeFocused();
    for (const tab of ['Stream', 'Traffic']) {
      await page.getByRole('tab', { name: tab }).click();
      expect(await violations(page), `search, ${tab}`).toEqual([]);
    }
  });
});

test('a file without packets, or with none that can be read, leaves the keys on the screen', async ({ launched, page }) => {
  await withCapture(launched, page, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'looplab-none-'));
    try {
      for (const [name, bytes] of [['empty.pcap', pcap([])], ['none.pcap', Buffer.from('no capture at all')]] as const) {
        await writeFile(join(folder, name), bytes);
        await launched.app.evaluate(({ dialog }, file) => {
          dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [file] });
        }, join(folder, name));
        await page.keyboard.press('Control+o');
        await expect(page.getByText(name).first()).toBeVisible();
        await expect.poll(() => page.evaluate(() => document.querySelector('main')?.contains(document.activeElement) === true), name).toBe(true);
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

test('the legend says what the colours mean, from the keyboard and the palette, and filters', async ({ launched, page }) => {
  test.setTimeout(240_000);
  await withCapture(launched, page, async (grid) => {
    const legend = page.getByRole('dialog', { name: 'Colours' });
    await page.keyboard.press('l');
    const udp = legend.getByRole('region', { name: 'Transport' }).getByRole('button', { name: 'UDP 40' });
    await expect(udp).toBeFocused();
    await cleanInBothThemes(page, { what: 'legend' });
    await page.keyboard.press('Escape');
    await expect(legend).toHaveCount(0);
    await expect(page.getByRole('button', { name: 'Colours' })).toBeFocused();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('What the colours');
    await page.keyboard.press('Enter');
    await expect(udp).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('combobox', { name: 'Display filter' })).toHaveValue('udp');
    await expect(grid).toHaveAttribute('aria-rowcount', '41');
  });
});
