// Sharing on the LAN in the real app: nothing is reachable before the user has agreed, what is reachable is marked, and it ends by Stop, by
// leaving the lab, with the run and with the app. The LAN is an address of this machine; one of the test's own where it may make one.

import type { Locator, Page } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import * as net from 'node:net';
import { networkInterfaces } from 'node:os';
import { expect, launch, openLab, resize, runLab, test } from './app';
import { violations } from './axe';

const OWN = '192.168.77.1';
const LINK = 'looplab-e2e0';
const PEER = 'looplab-e2e1';
let address = '';
let made = false;

const addresses = (): string[] => Object.values(networkInterfaces()).flatMap((each) => each ?? []).filter(({ family, internal }) => family === 'IPv4' && !internal).map((one) => one.address);

/** Makes a network of its own where this user may; else the machine's is used. Fails with the reason when there is none at all. */
test.beforeAll(async () => {
  let why = '';
  try {
    execFileSync('ip', ['link', 'add', LINK, 'type', 'veth', 'peer', 'name', PEER], { stdio: 'pipe' });
    made = true;
    execFileSync('ip', ['address', 'add', `${OWN}/24`, 'dev', LINK], { stdio: 'pipe' });
    for (const end of [LINK, PEER]) execFileSync('ip', ['link', 'set', end, 'up'], { stdio: 'pipe' });
  } catch (error) {
    why = error instanceof Error ? error.message : String(error);
  }
  // A link is up a moment after it was told to be.
  if (made) await expect.poll(addresses).toContain(OWN);
  address = made ? OWN : (addresses()[0] ?? '');
  if (address === '') throw new Error(`this machine is on no network, and none can be made: ${why}`);
});
test.afterAll(() => {
  if (made) execFileSync('ip', ['link', 'delete', LINK], { stdio: 'pipe' });
});

/** What an echo server at that port answers; the errno name when there is none. */
async function ask(port: number): Promise<string> {
  const socket = net.connect({ host: address, port });
  try {
    await once(socket, 'connect');
    socket.write('hello\n');
    const [bytes] = (await once(socket, 'data')) as [Buffer];
    return bytes.toString();
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? '';
  } finally {
    socket.destroy();
  }
}

const dialogOf = (page: Page): Locator => page.getByRole('dialog', { name: 'Share on the LAN' });
const markOf = (page: Page): Locator => page.locator('[data-mark="share"]');

/** Opens the dialog and chooses the address; what is left is the button. */
async function choose(page: Page): Promise<{ readonly dialog: Locator; readonly agree: Locator }> {
  await page.locator('[data-command="share"]').click();
  const dialog = dialogOf(page);
  await dialog.getByRole('radio', { name: address }).check();
  const publicly = dialog.locator('input[name="public"]');
  if (await publicly.isVisible()) await publicly.check();
  return { dialog, agree: dialog.locator('[data-command="agree"]') };
}

async function share(page: Page): Promise<void> {
  const { dialog, agree } = await choose(page);
  await agree.click();
  await expect(dialog.locator('[data-address]')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
}

for (const theme of ['dark', 'light'] as const) {
  test(`asks, names what it does, marks it, ends it, ${theme}`, async ({ page, launched: { app } }) => {
    await resize(app, { width: 1280, height: 860 });
    await page.emulateMedia({ colorScheme: theme });
    await openLab(page, 'tcp-echo');
    await expect(page.locator('[data-command="share"]')).toBeDisabled();
    await runLab(page);
    expect(await ask(7007)).toBe('ECONNREFUSED');

    const { dialog, agree } = await choose(page);
    await expect(dialog).toContainText('There is no password');
    await expect(dialog).toContainText(/Every machine of the network \d+\.\d+\.\d+\.\d+\/\d+ can then connect at/);
    await expect(agree).toHaveText(`Share at ${address}`);
    expect(await violations(page)).toEqual([]);
    expect(await ask(7007)).toBe('ECONNREFUSED');
    await expect(markOf(page)).toHaveCount(0);

    await agree.click();
    await expect(dialog.locator('[data-address]')).toHaveText(`${address}:7007`);
    await expect(dialog.getByRole('img', { name: `QR code of ${address}:7007` })).toBeVisible();
    await expect(dialog).toContainText(`nc -N ${address} 7007`);
    await expect(markOf(page)).toContainText(`Shared at ${address}:7007`);
    expect(await violations(page)).toEqual([]);
    expect(await ask(7007)).toBe('hello\n');
    await expect(dialog.locator('tbody tr')).toContainText('1');

    await page.keyboard.press('Escape');
    // Away from the button, so that its hint goes.
    await page.locator('[data-pane="stage"]').focus();
    await expect(page.getByRole('tooltip')).toHaveCount(0);
    expect(await violations(page)).toEqual([]);
    // Also on the wall.
    await page.keyboard.press('p');
    await expect(page.locator('header.top')).toHaveCount(0);
    await expect(markOf(page)).toBeVisible();
    await markOf(page).getByRole('button', { name: 'Stop sharing' }).click();
    await expect(markOf(page)).toHaveCount(0);
    expect(await ask(7007)).toBe('ECONNREFUSED');
  });
}

test('ends when the lab is left, and not by a glance at the settings', async ({ page }) => {
  await openLab(page, 'tcp-echo');
  await runLab(page);
  await share(page);
  await page.keyboard.press('Control+,');
  await page.waitForSelector('html[data-screen="settings"]');
  await expect(markOf(page)).toBeVisible();
  expect(await ask(7007)).toBe('hello\n');
  await page.getByRole('button', { name: 'Looplab: all labs' }).click();
  await page.waitForSelector('html[data-screen="home"]');
  await expect(markOf(page)).toHaveCount(0);
  expect(await ask(7007)).toBe('ECONNREFUSED');
});

test('ends with the run; the dialog says so, and shares again when it is asked to', async ({ page }) => {
  await openLab(page, 'tcp-echo');
  await runLab(page);
  await share(page);
  await page.locator('[data-command="stop"]').click();
  await expect(markOf(page)).toHaveCount(0);
  expect(await ask(7007)).toBe('ECONNREFUSED');
  await expect(page.locator('[data-command="share"]')).toBeDisabled();
  await runLab(page);
  // Another run has not been agreed to.
  expect(await ask(7007)).toBe('ECONNREFUSED');
  await share(page);
  expect(await ask(7007)).toBe('hello\n');
});

test('is marked in a page that was loaded anew', async ({ page }) => {
  await openLab(page, 'tcp-echo');
  await runLab(page);
  await share(page);
  await page.reload();
  await page.waitForSelector('html[data-screen="lab"]');
  await expect(markOf(page)).toContainText(`${address}:7007`);
  await markOf(page).getByRole('button', { name: 'Stop sharing' }).click();
  await expect(markOf(page)).toHaveCount(0);
  expect(await ask(7007)).toBe('ECONNREFUSED');
});

test('a port that is taken: says so, and offers another', async ({ page }) => {
  const other = net.createServer().listen(7007, address);
  await once(other, 'listening');
  try {
    await openLab(page, 'tcp-echo');
    await runLab(page);
    const { dialog, agree } = await choose(page);
    await agree.click();
    await expect(dialog.getByRole('alert')).toContainText('The port is taken');
    await expect(dialog.getByRole('alert')).toContainText(`${address}:7007`);
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Share at port 7008 instead' }).click();
    await expect(dialog.locator('[data-address]')).toHaveText(`${address}:7008`);
    expect(await ask(7008)).toBe('hello\n');
  } finally {
    other.close();
  }
});

test('joining this machine itself is refused; where it would connect is named before', async ({ page }) => {
  await openLab(page, 'tcp-echo');
  await runLab(page);
  await page.locator('[data-command="share"]').click();
  const dialog = dialogOf(page);
  await dialog.getByRole('radio', { name: 'Join another machine' }).click();
  await dialog.getByRole('textbox').fill('teacher');
  await expect(dialog.locator('[data-command="agree"]')).toBeDisabled();
  await dialog.getByRole('textbox').fill(`${address}:7007`);
  await expect(dialog).toContainText(`This machine will connect to ${address}:7007, and nowhere else.`);
  expect(await violations(page)).toEqual([]);
  await dialog.getByRole('button', { name: `Connect to ${address}:7007` }).click();
  await expect(dialog.getByRole('alert')).toContainText('That is this machine itself');
});

test('the page cannot share another run, another address, or a port of the system', async ({ page }) => {
  await openLab(page, 'tcp-echo');
  await runLab(page);
  const codes = await page.evaluate(async (own) => {
    const bridge = (globalThis as unknown as { looplab: { request(name: string, input: unknown): Promise<{ ok: boolean; error?: { code: string } }> } }).looplab;
    const input = { run: 1, address: own, public: true, offers: [{ role: 'server', protocol: 'tcp', port: 7007 }] };
    const tries = [{ ...input, run: 99 }, { ...input, address: '192.0.2.250' }, { ...input, address: '0.0.0.0' }, { ...input, offers: [{ role: 'server', protocol: 'tcp', port: 80 }] }, { ...input, offers: [{ role: 'nobody', protocol: 'tcp', port: 7007 }] }];
    return Promise.all(tries.map(async (each) => (await bridge.request('share.start', each)).error?.code));
  }, address);
  expect(codes).toEqual(['RUN_UNKNOWN', 'SHARE_ADDRESS', 'SHARE_ADDRESS', 'IPC_SCHEMA', 'SHARE_NOTHING']);
  await expect(markOf(page)).toHaveCount(0);
});

test('ends when the app is quit', async () => {
  const { page, close } = await launch();
  await openLab(page, 'tcp-echo');
  await runLab(page);
  await share(page);
  expect(await ask(7007)).toBe('hello\n');
  await close();
  expect(await ask(7007)).toBe('ECONNREFUSED');
});
