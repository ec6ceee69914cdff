// The kernel's packets, from the setting to the picture, in the real Electron: Settings says whether tcpdump may record here; where it may, the
// flow view shows the window that the headers carry, where it may not, the run says what is missing. Both pass axe in both themes.

import type { Locator, Page } from '@playwright/test';
import { expect, idle, openLab, runToEnd, test } from './app';
import { cleanInBothThemes } from './axe';

const NAME = 'Record the kernel\'s packets too';

/** Tab until `control` has the focus. */
async function tabTo(page: Page, control: Locator): Promise<void> {
  const focused = (): Promise<boolean> => control.evaluate((element) => element === document.activeElement);
  for (let tries = 0; tries < 60 && !(await focused()); tries++) await page.keyboard.press('Tab');
  await expect(control).toBeFocused();
}

test('packets that were asked for are shown, or it is said why there are none', async ({ page }) => {
  test.setTimeout(240_000);
  await page.keyboard.press('Control+,');
  await page.waitForSelector('html[data-screen="settings"]');
  await idle(page);
  const records = page.getByRole('switch', { name: NAME });
  await tabTo(page, records);
  await expect(records).not.toBeChecked();
  const status = page.locator('.row').filter({ has: records }).getByRole('status');
  await expect(status).not.toHaveText(/^(Asking tcpdump and dumpcap…)?$/);
  // Which one it is depends on the machine: both are right.
  const problem = await status.getAttribute('data-problem');
  if (problem === null) await expect(status).toHaveText('A program that may record is here.');
  else await expect(status).toContainText(/Neither tcpdump nor dumpcap is installed|you may not record|cannot be recorded|does not work here/);
  await page.keyboard.press('Space');
  await expect(records).toBeChecked();
  await cleanInBothThemes(page);

  await page.keyboard.press('Escape');
  await page.waitForSelector('html[data-screen="home"]');
  await openLab(page, 'flow-control');
  await runToEnd(page);
  const notice = page.locator('[data-notice="capture"]');
  const advertised = page.locator('.window dd[data-advertised]');
  if (problem === null) {
    await expect(advertised).toContainText(/^[\d.,]+\s(B|KiB|MiB)\s*captured$/);
    await expect(page.locator('.window path[data-advertised]')).toBeAttached();
    // The kernel may have dropped some of its packets on a loaded machine; it is never said that nothing could be recorded.
    for (const text of await notice.allTextContents()) expect(text).not.toContain('are not recorded');
    // It can be told to stop while the lab is open, and the badge says so.
    await page.getByRole('button', { name: 'Socket events: how what you see is known' }).click();
    const now = page.getByRole('switch', { name: 'Record packets now' });
    await expect(now).toBeChecked();
    await now.press('Space');
    await expect(now).not.toBeChecked();
    await page.keyboard.press('Escape');
  } else {
    await expect(notice).toContainText('The kernel\'s packets are not recorded; the run goes on without them.');
    await expect(advertised).toContainText('not captured');
  }
  await cleanInBothThemes(page);
});
