// Saving the shown run and opening a HAR, in the real app: the system's dialogs answer what the test tells them to, the files are read
// by tshark and by our own reader.

import type { ElectronApplication } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseHar } from '../../shared/trace/har/har';
import { expect, idle, openLab, resize, runLab, test } from './app';
import { violations } from './axe';

let folder = '';
test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'looplab-export-'));
});
test.afterEach(() => rm(folder, { recursive: true, force: true }));

/** The next save dialog is answered with `path`; null: cancelled. What it was asked for comes back. */
async function answerSave(app: ElectronApplication, path: string | null): Promise<void> {
  await app.evaluate(({ dialog }, chosen) => {
    const kept = globalThis as unknown as { saveAsked: unknown };
    dialog.showSaveDialog = ((_window: unknown, options: unknown) => {
      kept.saveAsked = options;
      return Promise.resolve({ canceled: chosen === null, filePath: chosen ?? '' });
    }) as typeof dialog.showSaveDialog;
  }, path);
}

async function answerOpen(app: ElectronApplication, path: string | null): Promise<void> {
  await app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = (() => Promise.resolve({ canceled: chosen === null, filePaths: chosen === null ? [] : [chosen] })) as typeof dialog.showOpenDialog;
  }, path);
}

const asked = (app: ElectronApplication): Promise<{ defaultPath: string }> => app.evaluate(() => (globalThis as unknown as { saveAsked: { defaultPath: string } }).saveAsked);
const tshark = (file: string, ...args: string[]): string[] =>
  execFileSync('tshark', ['-r', file, '-n', '-d', 'tcp.port==8443,tls', '-d', 'tcp.port==8090,http', ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split('\n').filter((line) => line !== '');


test('a run is saved as packets, with the keys only when they are asked for', async ({ page, launched: { app } }) => {
  await openLab(page, 'https');
  await expect(page.locator('[data-command="export"]')).toBeDisabled();
  await runLab(page);
  await page.keyboard.press('Control+e');
  const dialog = page.getByRole('dialog', { name: 'Export the run' });
  await expect(dialog).toBeVisible();
  await expect(dialog.getByRole('radio', { name: /The whole run/ })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(dialog.getByRole('radio', { name: /Packets/ })).toBeFocused();
  await expect(dialog).toContainText(/\d+ packets with .* of payload/);
  expect(await violations(page)).toEqual([]);

  const keys = dialog.getByRole('checkbox', { name: /With the TLS keys/ });
  await expect(keys).not.toBeChecked();
  await answerSave(app, join(folder, 'sealed.pcapng'));
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('status')).toContainText('sealed.pcapng');
  await expect(dialog.getByRole('button', { name: 'Close' }).last()).toBeFocused();
  expect((await asked(app)).defaultPath).toMatch(/looplab-https-\d{8}-\d{6}\.pcapng$/);

  await dialog.getByRole('button', { name: 'Save another' }).click();
  await keys.check();
  await answerSave(app, join(folder, 'open.pcapng'));
  await dialog.getByRole('button', { name: 'Save…' }).click();
  await expect(dialog.getByRole('status')).toContainText('open.pcapng');

  expect((await readdir(folder)).sort()).toEqual(['open.pcapng', 'sealed.pcapng']);
  expect((await stat(join(folder, 'open.pcapng'))).mode & 0o777).toBe(0o600);
  const requests = (file: string): string[] => tshark(join(folder, file), '-Y', 'http.request', '-T', 'fields', '-e', 'tcp.dstport', '-e', 'http.request.uri');
  expect(requests('sealed.pcapng')).toEqual(['8090\t/account']);
  expect(requests('open.pcapng')).toEqual(['8090\t/account', '8443\t/account']);
});

test('a run is saved as a HAR, which opens again, by keyboard alone', async ({ page, launched: { app } }) => {
  await openLab(page, 'http-api');
  await runLab(page);
  const path = join(folder, 'run.har');
  await answerSave(app, path);
  const button = page.locator('[data-command="export"]');
  await button.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Export the run' });
  await expect(dialog.getByRole('radio', { name: /The whole run/ })).toBeFocused();
  for (let n = 0; n < 2; n++) await page.keyboard.press('ArrowDown');
  await expect(dialog.getByRole('radio', { name: /HTTP exchanges/ })).toBeChecked();
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('status')).toContainText(path);
  await expect(dialog.getByRole('button', { name: 'Close' }).last()).toBeFocused();
  const { creator, entries, broken } = parseHar(await readFile(path, 'utf8'));
  expect([creator.startsWith('Looplab '), entries.length > 0, broken]).toEqual([true, true, 0]);
  expect(entries[0]).toMatchObject({ request: { method: 'GET' }, response: { status: 200, content: { mimeType: 'application/json' } } });
  expect(new URL(entries[0]?.request.url ?? '').pathname).toBe('/api/user');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(button).toBeFocused();

  await answerOpen(app, path);
  await page.keyboard.press('Control+Shift+o');
  await page.waitForSelector('html[data-screen="har"]');
  await idle(page);
  await expect(page.getByRole('heading', { name: 'run.har' })).toBeVisible();
  await expect(page.locator('.exchange [role="option"]')).toHaveCount(entries.length);
  await expect(page.locator('.pane.response')).toContainText('홍길동');
});

test('says what went wrong, where, and what to try; a change of mind is no error', async ({ page, launched: { app } }) => {
  await openLab(page, 'daytime');
  await runLab(page);
  await page.keyboard.press('Control+e');
  const dialog = page.getByRole('dialog', { name: 'Export the run' });
  await expect(dialog.getByRole('radio', { name: /HTTP exchanges/ })).toBeDisabled();
  await expect(dialog.getByRole('checkbox')).toHaveCount(0);
  await answerSave(app, null);
  await page.keyboard.press('Enter');
  await idle(page);
  await expect(dialog.getByRole('button', { name: 'Save…' })).toBeEnabled();
  await answerSave(app, join(folder, 'gone', 'run.pcapng'));
  await dialog.getByRole('button', { name: 'Save…' }).click();
  await expect(dialog.getByRole('alert')).toContainText('The folder or file is gone');
  await expect(dialog.getByRole('alert')).toContainText(join(folder, 'gone', 'run.pcapng'));
  expect(await violations(page)).toEqual([]);
  await answerSave(app, join(folder, 'run.pcapng'));
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'Save…' }).click();
  await expect(dialog.getByRole('status')).toContainText('run.pcapng');
  expect(await readdir(folder)).toEqual(['run.pcapng']);
});

const entry = (at: number): object => ({
  startedDateTime: `2026-08-01T10:00:00.${String(at).padStart(3, '0')}Z`, time: 8, connection: '9', request: { method: 'GET', url: `https://web.test/${at}`, headers: [] },
  response: { status: 200, httpVersion: 'h2', headers: [], bodySize: 20, content: { size: 5, text: 'hello' } }, timings: { dns: 1, connect: 4, ssl: 3, send: 0, wait: 2, receive: 1 },
});

for (const theme of ['dark', 'light'] as const) {
  test(`a HAR of another program is shown, by keyboard alone, ${theme}`, async ({ page, launched: { app } }) => {
    await resize(app, { width: 1280, height: 800 });
    await page.emulateMedia({ colorScheme: theme });
    const path = join(folder, 'site.har');
    await writeFile(path, JSON.stringify({ log: { creator: { name: 'Firefox', version: '140' }, entries: [entry(0), entry(5), { request: {} }] } }));
    await answerOpen(app, null);
    await page.keyboard.press('Control+Shift+o');
    await idle(page);
    await expect(page.locator('html')).toHaveAttribute('data-screen', 'home');

    await answerOpen(app, path);
    await page.getByRole('button', { name: 'Open a HAR' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('html[data-screen="har"]');
    await idle(page);
    await expect(page.locator('main')).toContainText('A report by Firefox 140: Looplab saw none of it itself.');
    await expect(page.locator('main')).toContainText('1 entry could not be read');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('listbox').last().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect(page.locator('.exchange [aria-selected="true"]')).toContainText('/5');

    await writeFile(path, 'GET / HTTP/1.1');
    await page.keyboard.press('Control+Shift+o');
    await expect(page.getByRole('alert')).toContainText('This is no HAR that can be read');
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.waitForSelector('html[data-screen="home"]');
  });
}

test('the page cannot name a place', async ({ page, launched: { app } }) => {
  await answerSave(app, join(folder, 'x.har'));
  const refused = await page.evaluate(async () => {
    const bridge = (globalThis as unknown as { looplab: { request(name: string, input: unknown): Promise<{ ok: boolean; error?: { code: string } }> } }).looplab;
    const bytes = new Uint8Array(1);
    const tries = [{ name: '../x.har', kind: 'har', bytes }, { name: '/etc/x.har', kind: 'har', bytes }, { name: 'x.sh', kind: 'sh', bytes }, { name: 'x.har', kind: 'har', bytes: 'text' }];
    return Promise.all(tries.map(async (input) => (await bridge.request('file.save', input)).error?.code));
  });
  expect(refused).toEqual(['IPC_SCHEMA', 'IPC_SCHEMA', 'IPC_SCHEMA', 'IPC_SCHEMA']);
  expect(await readdir(folder)).toEqual([]);
});
