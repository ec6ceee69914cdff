// The window's guards, one test each (Electron's security checklist).

import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, idle, openLab, runLab, test } from './app';

test('the page has no Node, no Electron, and only the bridge', async ({ page, launched }) => {
  expect(await page.evaluate(() => ['require', 'process', 'module', 'Buffer', 'global'].filter((name) => name in globalThis))).toEqual([]);
  expect(await page.evaluate(() => Object.keys((globalThis as unknown as { looplab: object }).looplab).sort())).toEqual(['onPush', 'request']);
  const preferences = await launched.app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> };
    const { sandbox, contextIsolation, nodeIntegration, webSecurity, webviewTag } = contents.getLastWebPreferences();
    return { sandbox, contextIsolation, nodeIntegration, webSecurity, webviewTag: webviewTag ?? false };
  });
  expect(preferences).toEqual({ sandbox: true, contextIsolation: true, nodeIntegration: false, webSecurity: true, webviewTag: false });
});

test('the policy comes as a header and forbids eval and inline code', async ({ page }) => {
  const policy = await page.evaluate(async () => (await fetch('app://looplab/index.html')).headers.get('content-security-policy'));
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain('unsafe');
  // Through the debugger code runs in any case, so the page itself must try.
  const blocked = await page.evaluate(
    () =>
      new Promise<string[]>((resolve) => {
        const seen: string[] = [];
        document.addEventListener('securitypolicyviolation', (event) => {
          seen.push(event.effectiveDirective);
          if (seen.length === 2) resolve(seen.sort());
        });
        const script = document.createElement('script');
        script.textContent = 'window.injected = true';
        document.head.append(script);
        const image = document.createElement('img');
        image.src = 'https://127.0.0.1:9/x.png';
        document.body.append(image);
      }),
  );
  expect(blocked).toEqual(['img-src', 'script-src-elem']);
  expect(await page.evaluate(() => 'injected' in window)).toBe(false);
});

test('it cannot leave: no navigation, no window, no request to elsewhere', async ({ page, launched }) => {
  let asked = 0;
  const elsewhere = createServer((_request, response) => {
    asked++;
    response.end('elsewhere');
  });
  elsewhere.on('error', () => undefined);
  elsewhere.listen(0, '127.0.0.1');
  await once(elsewhere, 'listening');
  const url = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`;
  expect(await page.evaluate((to) => fetch(to).then(() => 'answered', () => 'blocked'), url)).toBe('blocked');
  expect(await page.evaluate((to) => window.open(to) === null, url)).toBe(true);
  await page.evaluate((to) => {
    const link = document.createElement('a');
    link.href = to;
    document.body.append(link);
    link.click();
    link.remove();
  }, url);
  await page.evaluate(() => {
    const link = document.createElement('a');
    link.href = 'file:///etc/passwd';
    document.body.append(link);
    link.click();
    link.remove();
  });
  // Asked of main: Playwright itself would go on waiting for the navigation that was refused.
  const place = await launched.app.evaluate(async ({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    return { url: contents?.getURL(), screen: (await contents?.executeJavaScript('document.documentElement.dataset.screen')) as unknown };
  });
  expect(place).toEqual({ url: 'app://looplab/index.html', screen: 'home' });
  expect(await launched.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  expect(asked).toBe(0);
  elsewhere.close();
});

test('permissions are denied, asked or checked', async ({ page }) => {
  const states = await page.evaluate(async () => {
    const names = ['geolocation', 'notifications', 'camera', 'microphone', 'clipboard-read', 'midi'] as PermissionName[];
    return Promise.all(names.map((name) => navigator.permissions.query({ name }).then((status) => status.state, () => 'denied')));
  });
  expect(new Set(states)).toEqual(new Set(['denied']));
  expect(await page.evaluate(() => navigator.mediaDevices.getUserMedia({ audio: true }).then(() => 'given', () => 'denied'))).toBe('denied');
});

test('requests outside the contract, or out of its schema, are refused as data', async ({ page }) => {
  const ask = (name: string, input: unknown): Promise<{ ok: boolean; error?: { code: string } }> =>
    page.evaluate(([to, given]) => (globalThis as unknown as { looplab: { request(name: unknown, input: unknown): Promise<{ ok: boolean; error?: { code: string } }> } }).looplab.request(to, given), [name, input] as const);
  expect((await ask('shell.openExternal', {})).error?.code).toBe('IPC_UNKNOWN');
  expect((await ask('__proto__', {})).error?.code).toBe('IPC_UNKNOWN');
  for (const input of [null, 7, { lab: '../../etc', params: {} }, { lab: 'tcp-echo' }, { lab: 'tcp-echo', params: { clients: { $gt: 1 } } }, { lab: 'x'.repeat(1000), params: {} }]) {
    expect((await ask('lab.start', input)).error?.code, JSON.stringify(input)).toBe('IPC_SCHEMA');
  }
  expect((await ask('lab.start', { lab: 'no-such-lab', params: {} })).error?.code).toBe('LAB_UNKNOWN');
  expect((await ask('settings.write', { panes: { a: [1e9] } })).ok).toBe(true);
  expect((await ask('app.info', undefined)).ok).toBe(true);
});

test('a page that is not ours gets no answer', async ({ launched }) => {
  const code = await launched.app.evaluate(async ({ BrowserWindow, app }) => {
    const preload = `${app.getAppPath()}/out/preload/preload.cjs`;
    const stranger = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true, contextIsolation: true } });
    await stranger.loadURL('app://looplab/index.html');
    const answer = (await stranger.webContents.executeJavaScript("window.looplab.request('app.info', undefined)")) as { ok: boolean; error?: { code: string } };
    stranger.destroy();
    return answer.error?.code ?? 'answered';
  });
  expect(code).toBe('IPC_SENDER');
});

test('all sockets of a running lab are on loopback', async ({ page }) => {
  await openLab(page, 'tcp-echo');
  await runLab(page);
  const { execFileSync } = await import('node:child_process');
  const listening = execFileSync('ss', ['-Htln']).toString().split('\n').filter((line) => line.includes(':7007'));
  expect(listening.length).toBeGreaterThan(0);
  for (const line of listening) expect(line).toMatch(/127\.\d+\.\d+\.\d+:7007/);
});

test('a page that was killed comes back, and nothing recorded is lost', async ({ page, launched }) => {
  await openLab(page, 'daytime');
  await runLab(page);
  await idle(page);
  const before = await launched.app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    return new Promise<string>((resolve) => {
      contents?.once('did-finish-load', () => resolve('loaded again'));
      contents?.forcefullyCrashRenderer();
    });
  });
  expect(before).toBe('loaded again');
});
