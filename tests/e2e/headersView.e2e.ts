// The picture of headers in the real Electron, on its own lab: by keyboard through the fields of a segment, its checksum, sizes, the three
// ways side by side, and the table; each passes axe in both themes. The message goes down and up as the playhead says.

import type { Page } from '@playwright/test';
import { expect, idle, openLab, runToEnd, test } from './app';
import { cleanInBothThemes } from './axe';

const pick = async (page: Page, message: RegExp): Promise<void> => {
  const box = page.getByRole('combobox', { name: 'Message' });
  const options = await box.getByRole('option').allTextContents();
  await box.selectOption({ index: options.findIndex((text, index) => index > 0 && message.test(text)) });
  await idle(page);
};
const face = (page: Page, name: string) => page.locator('.headers').getByRole('radio', { name, exact: true }).click();

test('headers: every byte of a segment is explained, and its checksum summed', async ({ page }) => {
  test.setTimeout(240_000);
  await openLab(page, 'encapsulation');
  await runToEnd(page);
  await expect(page.locator('.headers')).toContainText('No header at all');
  await pick(page, /hello.*TCP/);
  const card = page.locator('[data-field-card]');
  await page.locator('[data-header] [tabindex="0"]').focus();
  await page.keyboard.press('Home');
  await expect(card).toContainText('eth.dst');
  await page.keyboard.press('ArrowDown');
  await expect(card).toContainText('ip.version');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await expect(card).toContainText('tcp.dstport');
  await expect(card).toContainText('7060');
  await expect(card).toContainText('RFC 9293');
  await page.keyboard.press('End');
  await expect(card).toContainText('Data');
  await cleanInBothThemes(page);

  // The slider is the playhead: at its beginning nothing is on the message yet, in its middle everything.
  const scrub = page.getByRole('slider', { name: 'The message\'s way through the layers' });
  await scrub.fill('500');
  await idle(page);
  await expect(page.locator('[data-phase]')).toContainText('everything is on');
  await expect(page.locator('.group.on')).toHaveCount(4);
  await cleanInBothThemes(page);
  await scrub.fill('50');
  await idle(page);
  await expect(page.locator('.group.on')).toHaveCount(1);

  await face(page, 'Checksum');
  await expect(page.locator('.headers .verdict')).toHaveAttribute('data-state', 'right');
  await page.getByRole('radio', { name: 'The receiver checks it', exact: true }).click();
  await expect(page.locator('.headers .verdict')).toContainText('0xffff');
  await cleanInBothThemes(page);
  await face(page, 'Table');
  await expect(page.locator('tr[data-row="ip.ttl"]')).toContainText('reconstructed');
  await cleanInBothThemes(page);
});

test('headers: sizes are cut for each link, and the three ways compared', async ({ page }) => {
  test.setTimeout(240_000);
  await openLab(page, 'encapsulation');
  await runToEnd(page);
  await pick(page, /hello.*UDP/);
  await face(page, 'Sizes');
  await page.getByRole('spinbutton', { name: 'Message, bytes' }).fill('2000');
  await expect(page.locator('[data-link="ethernet"]')).toContainText('2 IP fragments');
  await cleanInBothThemes(page);
  await face(page, 'Compare');
  await expect(page.locator('[data-total="tcp"]')).toContainText('59 B');
  await expect(page.locator('[data-total="udp"]')).toContainText('47 B');
  await expect(page.locator('[data-total="unix"]')).toContainText('5 B');
  await cleanInBothThemes(page);
  await page.getByRole('button', { name: 'Follow it: AF_UNIX' }).click();
  await expect(page.locator('.headers')).toContainText('No header at all');
  await cleanInBothThemes(page);
});
