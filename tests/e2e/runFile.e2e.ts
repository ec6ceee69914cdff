// A run is saved, the app is started anew with nothing running, the file opens to the same picture: by the dialog, by a drop, from the recent files.
// Files that cannot be opened say why.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, idle, launch, openLab, runToEnd, test } from './app';
import { violations } from './axe';
import { answer, drop, words } from './files';

let folder = '';
test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'looplab-run-file-'));
});
test.afterEach(() => rm(folder, { recursive: true, force: true }));

test('a run that was saved opens to the same picture in an app that runs nothing', async () => {
  const path = join(folder, 'echo.pcapng');
  const again = join(folder, 'again.pcapng');
  const first = await launch();
  let before: string[] = [];
  try {
    await openLab(first.page, 'tcp-echo');
    await runToEnd(first.page);
    before = await words(first.page);
    await answer(first.app, path);
    await first.page.keyboard.press('Control+s');
    const dialog = first.page.getByRole('dialog', { name: 'Export the run' });
    await expect(dialog.getByRole('radio', { name: /The whole run/ })).toBeChecked();
    await first.page.keyboard.press('Enter');
    await expect(dialog.getByRole('status')).toContainText('echo.pcapng');
  } finally {
    await first.close();
  }

  const second = await launch();
  const { app, page } = second;
  try {
    await answer(app, path);
    await page.keyboard.press('Control+o');
    await page.waitForSelector('html[data-screen="lab"]');
    await expect(page.locator('[data-notice="file"]')).toContainText('echo.pcapng');
    await idle(page);
    // The line that says where it comes from takes the room of a row.
    const after = await words(page);
    expect(after.length).toBeGreaterThan(8);
    expect(before).toEqual(expect.arrayContaining(after));
    expect(await violations(page)).toEqual([]);
    await answer(app, again);
    await page.keyboard.press('Control+s');
    await page.getByRole('dialog', { name: 'Export the run' }).waitFor();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog').getByRole('status')).toContainText('again.pcapng');
    expect((await readFile(again)).equals(await readFile(path))).toBe(true);
    await page.keyboard.press('Escape');

    // It goes back and forth like any run.
    await page.locator('[data-pane="stage"]').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await idle(page);

    // From Home it is one press away.
    await page.locator('.logo').click();
    await page.locator('[data-recent="files"]').getByRole('button', { name: 'echo.pcapng' }).click();
    await page.waitForSelector('html[data-screen="lab"]');
    await idle(page);

    // A cut one opens up to there, and says so.
    const cut = join(folder, 'cut.pcapng');
    const bytes = await readFile(path);
    await writeFile(cut, bytes.subarray(0, bytes.length - 60));
    await drop(page, cut);
    await expect(page.locator('[data-notice="file"]')).toContainText('The file is not whole');
    expect(await violations(page)).toEqual([]);
  } finally {
    await second.close();
  }
});
