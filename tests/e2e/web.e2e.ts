// The labs of the web in the real Electron: every picture of their stage shows the run, passes axe in both themes, and follows one
// selection; what a picture offers (keys, caches, curl) really works.

import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { _electron } from '@playwright/test';
import { choose, expect, idle, openLab, runToEnd, stageTabs, test, toTheEnd } from './app';
import { cleanInBothThemes, violations } from './axe';

const LABS = ['dns-lookup', 'browse-a-page', 'http-api', 'http-messages', 'http-connections', 'https', 'http-caching'] as const;

for (const lab of LABS) {
  test(`${lab}: every picture of the stage shows the run and passes axe`, async ({ page }) => {
    test.setTimeout(240_000);
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    await openLab(page, lab);
    await runToEnd(page);
    const tabs = await stageTabs(page).allTextContents();
    expect(tabs.length).toBeGreaterThan(1);
    for (const tab of tabs) {
      await stageTabs(page).filter({ hasText: tab }).first().click();
      await idle(page);
      const panel = page.locator('[data-pane="stage"] [role="tabpanel"]:visible').first();
      await expect(panel).not.toBeEmpty();
      await cleanInBothThemes(page, { what: `${lab}, ${tab}`, without: 'iframe' });
    }
    expect(errors).toEqual([]);
  });
}

test('dns-lookup: the steps of the tree, then the caches, from the keyboard', async ({ page }) => {
  await openLab(page, 'dns-lookup');
  await runToEnd(page);
  const steps = page.locator('.dns .side ol > li');
  // The second lookup is answered by the resolver's cache: one question, one answer.
  await expect(steps).toHaveCount(2);
  await steps.last().getByRole('button').click();
  await expect(page.locator('[data-subject="message"]')).toContainText('127.0.60.2');
  await page.getByRole('tab', { name: 'Caches' }).click();
  await expect(page.locator('.dns .side')).toContainText('www.example.test A');
});

test('dns-lookup: of a lookup that was answered long ago every step can be seen again, and of a forged answer why nobody believed it', async ({ page }) => {
  await openLab(page, 'dns-lookup');
  await choose(page, 'attack', 'wrong-id');
  await runToEnd(page);
  const side = page.locator('.dns .side');
  await side.getByRole('combobox').selectOption({ index: 0 });
  await expect(side).toContainText('answers that nobody waits for');
  await expect(side).toContainText('ignored: the transaction id does not fit');
  await expect(page.locator('.dns .tree .attacker')).toHaveCount(1);
});

test('http-connections: a whole HTTP/2 connection at one glance, without anything to scroll', async ({ page }) => {
  await openLab(page, 'http-connections');
  await choose(page, 'connections', 'h2');
  await runToEnd(page);
  await stageTabs(page).filter({ hasText: 'HTTP/2' }).click();
  const lanes = page.locator('.http2 .lanes');
  // At the end of the run there is more to see than the last goodbye.
  await expect(lanes.getByRole('option', { name: /^DATA/ }).first()).toBeInViewport();
  await page.getByRole('radio', { name: 'Whole connection' }).click();
  await expect(lanes.getByRole('option', { name: /^PREFACE/ })).toBeInViewport();
  await expect(lanes.getByRole('option', { name: /^HEADERS, stream 25/ }).first()).toBeInViewport();
  expect(await lanes.evaluate((box) => [box.scrollWidth <= box.clientWidth, box.scrollHeight <= box.clientHeight])).toEqual([true, true]);
  expect(await violations(page, { without: 'iframe' })).toEqual([]);
});

test('https: a second session that resumes the first shows no certificate, and one switch changes the eyes everywhere', async ({ page }) => {
  await openLab(page, 'https');
  await page.locator('[data-parameter="resume"] [role="switch"]').click();
  // The keyboard stands on the switch: Ctrl+Enter runs all the same.
  await page.keyboard.press('Control+Enter');
  await page.waitForSelector('html[data-run="open"]', { state: 'attached' });
  await toTheEnd(page);
  const again = page.locator('.conversation').last();
  await expect(again).toContainText('resumed');
  await again.getByRole('button', { name: /Application Data/ }).first().click();
  const inspector = page.locator('[data-subject="message"]');
  await expect(inspector).toContainText('Encrypted record');
  await page.getByRole('radio', { name: 'With the keys', exact: true }).click();
  await expect(inspector).toContainText('Encrypted Extensions');
  await expect(again).toContainText('Finished');
  await expect(again).not.toContainText('Certificate Verify');
});

test('https: an eavesdropper sees records, whoever has the keys sees the request', async ({ page }) => {
  await openLab(page, 'https');
  await runToEnd(page);
  const sealed = page.locator('.conversation').last();
  await expect(sealed).toContainText('Client Hello');
  await expect(sealed).not.toContainText('Certificate Verify');
  await page.getByRole('radio', { name: 'With the keys', exact: true }).click();
  await expect(sealed).toContainText('Certificate Verify');
  await sealed.getByRole('button', { name: /Application Data/ }).first().click();
  await expect(page.locator('[data-subject="message"]')).toContainText('TLS record');
});

test('http-api: the curl line that is copied asks the running server', async ({ launched, page }) => {
  await openLab(page, 'http-api');
  await runToEnd(page);
  await page.getByRole('button', { name: /curl/i }).first().click();
  const copied = (): Promise<string> => launched.app.evaluate(({ clipboard }) => clipboard.readText());
  await expect.poll(copied).toMatch(/^curl /);
  const line = await copied();
  const { stdout } = await promisify(execFile)('sh', ['-c', line]);
  expect(stdout).toContain('"nickname"');
});

test('browse-a-page: the page appears in a frame that may do nothing', async ({ page }) => {
  await openLab(page, 'browse-a-page');
  await runToEnd(page);
  await stageTabs(page).filter({ hasText: 'Page' }).click();
  const frame = page.locator('iframe');
  await expect(frame).toHaveAttribute('sandbox', '');
  await expect(page.frameLocator('iframe').locator('h2').first()).toBeVisible();
  // Its pictures are there, its scripts are not, and nothing in it reaches out.
  const shown = page.frames().find((one) => one.url().startsWith('app://page/'));
  expect(await shown?.evaluate(() => ({ scripts: document.scripts.length, pictures: [...document.images].every((image) => image.src.startsWith('data:') && image.naturalWidth > 0), styles: document.styleSheets.length > 0 }))).toEqual({ scripts: 0, pictures: true, styles: true });
});

test('http-messages: a real browser takes part, and its requests are on the stage', async ({ page }) => {
  test.setTimeout(240_000);
  await openLab(page, 'http-messages');
  await runToEnd(page);
  const exchanges = page.locator('.exchange .list').getByRole('option');
  const before = await exchanges.count();
  const profile = await mkdtemp(join(tmpdir(), 'looplab-browser-'));
  const browser = await _electron.launch({ args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), `--user-data-dir=${profile}`, resolve(import.meta.dirname, 'browser/main.cjs')] });
  try {
    const visit = await browser.firstWindow();
    const answer = await visit.goto('http://127.0.20.1:8080/');
    // 302 to /posts, then 200.
    expect([answer?.status(), new URL(visit.url()).pathname]).toEqual([200, '/posts']);
    // What the browser did comes to the page when it comes; its end is gone to until it is there.
    await expect.poll(async () => {
      await page.keyboard.press('End');
      return exchanges.count();
    }).toBe(before + 2);
    await expect(exchanges.last()).toContainText('/posts');
  } finally {
    await browser.close();
    await rm(profile, { recursive: true, force: true });
  }
});
