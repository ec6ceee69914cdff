// The sockets view in the real Electron: doors of both programs, their calls as code in three languages, the current line that follows the
// playhead, and what waits. Passes axe in both themes.

import { drawn, expect, idle, openLab, runToEnd, stageTab, test } from './app';
import { cleanInBothThemes } from './axe';

test('tcp-echo: every call is a line of code, in the language that the reader knows', async ({ page }) => {
  test.setTimeout(240_000);
  await openLab(page, 'tcp-echo');
  await runToEnd(page);
  await stageTab(page, 'Sockets').click();

  const server = page.locator('.sockets [data-role^="server"]');
  const client = page.locator('.sockets [data-role^="client"]');
  await expect(server.locator('[data-sock]').first()).toHaveAccessibleName(/^listener, fd \d+, .*AF_INET, SOCK_STREAM.*127\.0\.20\.1:7007/);
  const calls = client.getByRole('listbox');
  await calls.focus();
  await page.keyboard.press('Home');
  await expect(client.getByRole('option', { selected: true })).toContainText('sock = socket(AF_INET, SOCK_STREAM)');
  // The client asks for its own address first.
  for (let line = 0; line < 10 && !(await client.getByRole('option', { selected: true }).innerText()).includes('connect('); line++) {
    await page.keyboard.press('ArrowDown');
    await drawn(page);
  }
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
  await stageTab(page, 'Hosts').click();
  await stageTab(page, 'Sockets').click();
  await expect(page.getByRole('radio', { name: 'TypeScript', exact: true })).toBeChecked();
});
