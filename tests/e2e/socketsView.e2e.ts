// The sockets view in the real Electron: doors of both programs, their calls as code in three languages, the current line that follows the
// playhead, and what waits. Passes axe in both themes.

import type { Page } from '@playwright/test';
import { expect, idle, openLab, runLab, test } from './app';
import { violations } from './axe';

async function cleanInBothThemes(page: Page): Promise<void> {
  for (const theme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    expect(await violations(page), theme).toEqual([]);
  }
}

test('tcp-echo: every call is a line of code, in the language that the reader knows', async ({ page }) => {
  test.setTimeout(120_000);
  await openLab(page, 'tcp-echo');
  await runLab(page);
  const skip = page.getByRole('button', { name: 'Skip' });
  while ((await skip.count()) > 0) await skip.first().click();
  await page.locator('[data-pane="stage"]').focus();
  await page.keyboard.press('End');
  await idle(page);
  await page.locator('.stage > .bar').getByRole('tab', { name: 'Sockets', exact: true }).click();

  const server = page.locator('.sockets [data-role^="server"]');
  const client = page.locator('.sockets [data-role^="client"]');
  await expect(server.locator('[data-sock]').first()).toHaveAccessibleName(/^listener, fd \d+, .*AF_INET, SOCK_STREAM.*127\.0\.20\.1:7007/);
  const calls = client.getByRole('listbox');
  await calls.focus();
  await page.keyboard.press('Home');
  await expect(client.getByRole('option', { selected: true })).toContainText('sock = socket(AF_INET, SOCK_STREAM)');
  // The client asks for its own address first.
  for (let line = 0; line < 10 && !(await client.getByRole('option', { selected: true }).innerText()).includes('connect('); line++) await page.keyboard.press('ArrowDown');
  await expect(client.getByRole('option', { selected: true })).toContainText('sock.connect(("127.0.20.1", 7007))');
  await cleanInBothThemes(page);

  await page.getByRole('radio', { name: 'C', exact: true }).click();
  await expect(client.getByRole('option', { selected: true })).toContainText('if (connect(sock, (SA *)&server, sizeof server) == -1) perror("connect");');
  await page.getByRole('radio', { name: 'TypeScript', exact: true }).click();
  await expect(client.getByRole('option', { selected: true })).toContainText('sock.connect(7007, "127.0.20.1");');

  // Enter takes the playhead there: the chosen line becomes the current one; the server waits in accept() or has come back from it.
  await calls.focus();
  await page.keyboard.press('Enter');
  await idle(page);
  await expect(client.locator('[aria-current="step"]')).toContainText('sock.connect(');
  await expect(server.getByRole('option').last()).toContainText('once(listener, "connection")');
  await cleanInBothThemes(page);

  // The language is as it was when the tab is shown again.
  await page.locator('.stage > .bar').getByRole('tab', { name: 'Hosts', exact: true }).click();
  await page.locator('.stage > .bar').getByRole('tab', { name: 'Sockets', exact: true }).click();
  await expect(page.getByRole('radio', { name: 'TypeScript', exact: true })).toBeChecked();
});
