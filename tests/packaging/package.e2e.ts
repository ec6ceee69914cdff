// The product as people get it: packed into a folder, started and driven from outside (its inspector is off, so through Chromium's own
// debugging port), and its burned-in switches read back from the executable.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { chromium, expect, test, type Browser } from '@playwright/test';
import { resolveRuntime } from '../../build/electron-runtime/resolve';
import { sandboxState } from '../../build/electron-runtime/sandbox';
import { makeDeb } from '../../build/packaging/deb';
import { pack, type Packed } from '../../build/packaging/pack';
import { FrameReader } from '../../electron/runtime/process/frames';
import { PROGRAM_MODE } from '../../electron/runtime/process/programMode';
import { writeSetup } from '../../electron/runtime/process/setup';

/** States of a fuse in the wire: ASCII digits in the executable. */
const OFF = 0x30;
const ON = 0x31;
let folder = '';
let packed: Packed;

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'looplab-packaging-'));
  packed = await pack(await resolveRuntime(), join(folder, 'dist'));
});
test.afterAll(() => rm(folder, { recursive: true, force: true }));

/** Starts the packed app. `said` collects what it prints on stderr. */
async function start(words: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<{ child: ChildProcess; said: () => string }> {
  const sandbox = (await sandboxState(dirname(packed.executable))) === 'works' ? [] : ['--no-sandbox'];
  const data = await mkdtemp(join(folder, 'data-'));
  const child = spawn(packed.executable, [...sandbox, `--user-data-dir=${data}`, ...words], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (said += text));
  return { child, said: () => said };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

const debuggingAddress = (said: string): string => /DevTools listening on (ws:\/\/\S+)/.exec(said)?.[1] ?? '';

/** Addresses of the pages that the debugging port tells of. */
async function pagesAt(address: string): Promise<string[]> {
  const answer = await fetch(`http://${new URL(address).host}/json/list`);
  const targets = (await answer.json()) as readonly { readonly type: string; readonly url: string }[];
  return targets.filter((target) => target.type === 'page').map((target) => target.url);
}

async function pageTitles(address: string): Promise<string[]> {
  const answer = await fetch(`http://${new URL(address).host}/json/list`);
  const targets = (await answer.json()) as { readonly type: string; readonly title: string }[];
  return targets.filter(({ type }) => type === 'page').map(({ title }) => title);
}

test('opens its window and shows the first screen', async () => {
  const { child, said } = await start(['--remote-debugging-port=0']);
  let browser: Browser | undefined;
  try {
    await expect.poll(() => debuggingAddress(said()), { timeout: 30_000, message: 'the debugging port opens' }).not.toBe('');
    // A target that is still being made can leave the connection waiting for ever.
    await expect.poll(() => pagesAt(debuggingAddress(said())), { timeout: 30_000, message: 'the page is there' }).toEqual(['app://looplab/index.html']);
    // Who attaches while the window is being made can hang: wait until the page is there.
    await expect.poll(() => pageTitles(debuggingAddress(said())), { timeout: 30_000, message: 'the page is loaded' }).toEqual(['Looplab']);
    browser = await chromium.connectOverCDP(debuggingAddress(said()));
    const [context] = browser.contexts();
    await expect.poll(() => context?.pages().length).toBe(1);
    const page = context?.pages()[0];
    expect(page?.url()).toMatch(/^app:\/\//);
    if (page === undefined) throw new Error('no page');
    await expect(page.getByRole('main')).toBeVisible();
    await expect(page.getByRole('heading').first()).toBeVisible();
    expect(await page.evaluate(() => typeof (globalThis as { require?: unknown }).require)).toBe('undefined');
  } finally {
    await browser?.close();
    await end(child);
  }
});

test('has the switches of Electron that make it a tool for others burned off', async () => {
  const wire = await getCurrentFuseWire(packed.executable);
  const off = [FuseV1Options.RunAsNode, FuseV1Options.EnableNodeOptionsEnvironmentVariable, FuseV1Options.EnableNodeCliInspectArguments, FuseV1Options.GrantFileProtocolExtraPrivileges];
  for (const fuse of off) expect(wire[fuse], FuseV1Options[fuse]).toBe(OFF);
  expect(wire[FuseV1Options.OnlyLoadAppFromAsar]).toBe(ON);
});

test('runs no code that the environment or a folder brings', async () => {
  const evil = join(folder, 'evil.cjs');
  const marker = join(folder, 'evil-ran');
  const file = await open(evil, 'w');
  await file.writeFile(`require('node:fs').writeFileSync(${JSON.stringify(marker)}, '');`);
  await file.close();
  for (const [words, env] of [
    [[evil], { ELECTRON_RUN_AS_NODE: '1' }],
    [[], { NODE_OPTIONS: `--require ${evil}` }],
    [['--inspect=0'], {}],
  ] as const) {
    const { child, said } = await start(['--remote-debugging-port=0', ...words], env);
    try {
      await expect.poll(() => debuggingAddress(said()), { timeout: 30_000, message: 'it starts as the app all the same' }).not.toBe('');
      expect(said()).not.toContain('Debugger listening');
      await expect(access(marker)).rejects.toThrow('ENOENT');
    } finally {
      await end(child);
    }
  }
});

test('runs a program of a lab in a process of its own, without a window, and only for as long as somebody holds it', async () => {
  const sandbox = (await sandboxState(dirname(packed.executable))) === 'works' ? [] : ['--no-sandbox'];
  const child = spawn(packed.executable, [PROGRAM_MODE, ...sandbox], { detached: true, stdio: ['pipe', 'ignore', 'pipe', 'pipe'] });
  try {
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
    const listens = new Promise<number>((resolve) => {
      const reader = new FrameReader((_writer, message) => {
        const { type, port } = message as { readonly type: string; readonly port?: number };
        if (type === 'listening' && port !== undefined) resolve(port);
      });
      (child.stdio[3] as Readable).on('data', (chunk: Buffer) => reader.push(chunk));
    });
    writeSetup(child.stdin, { kind: 'program', origin: String(process.hrtime.bigint()), program: 'iterativeServer', options: { port: 0 }, role: 'server', host: 'server', address: '127.0.0.1' });
    const socket = connect(await listens, '127.0.0.1');
    socket.write('hello\n');
    expect(String((await once(socket, 'data'))[0])).toBe('hello\n');
    socket.destroy();
    expect(debuggingAddress(said)).toBe('');
    const exit = once(child, 'exit');
    child.stdin?.destroy();
    await exit;
  } finally {
    await end(child);
  }
});

test('is nothing but a program in that mode: with nothing to run it ends', async () => {
  const { child, said } = await start([PROGRAM_MODE, '--remote-debugging-port=0']);
  await once(child, 'exit');
  expect(child.exitCode).toBe(1);
  expect(debuggingAddress(said())).toBe('');
});

test('carries the built app in one archive, with licences and without sources', async () => {
  const resources = join(packed.folder, 'resources');
  expect(await readdir(resources)).not.toContain('app');
  const names = await namesInAsar(join(resources, 'app.asar'));
  expect(names).toContain('/out/main/main.js');
  expect(names).toContain('/out/preload/preload.cjs');
  expect(names).toContain('/out/renderer/index.html');
  expect(names.filter((name) => /node_modules|\.ts$|\.map$|\.vue$/.test(name))).toEqual([]);
  const licences = await readFile(join(packed.folder, 'THIRD_PARTY_LICENSES.txt'), 'utf8');
  for (const name of ['vue', '@fontsource-variable/noto-sans-kr', 'valibot']) expect(licences).toContain(`\n${name} `);
  expect(await readFile(join(packed.folder, 'LICENSE.txt'), 'utf8')).toContain('Apache License');
});

test('becomes a Debian package whose sandbox helper is setuid root', async () => {
  test.skip(process.platform !== 'linux', 'Debian packages are made on Linux');
  const file = await makeDeb(packed.folder, folder, { version: '0.0.1', description: 'A test.' }, true);
  expect((await stat(file)).size).toBeGreaterThan(50_000_000);
  const listing = await output('dpkg-deb', ['--contents', file]);
  expect(listing).toMatch(/^-rwsr-xr-x root\/root .* \.\/opt\/Looplab\/chrome-sandbox$/m);
  expect(listing).toMatch(/\.\/usr\/bin\/looplab -> \/opt\/Looplab\/looplab$/m);
  const entry = await output('sh', ['-c', 'dpkg-deb --fsys-tarfile "$1" | tar -xO ./usr/share/applications/looplab.desktop', 'sh', file]);
  // A double click on a capture opens it here.
  expect(entry).toMatch(/^Exec=looplab %F$/m);
  expect(entry).toMatch(/^MimeType=application\/x-pcapng;application\/vnd\.tcpdump\.pcap;$/m);
  expect(await output('dpkg-deb', ['--field', file, 'Package', 'Version'])).toBe('Package: looplab\nVersion: 0.0.1\n');
});

/** Names in an asar archive: a pickled JSON header, its length at byte 12. */
async function namesInAsar(archive: string): Promise<string[]> {
  const bytes = await readFile(archive);
  const header = JSON.parse(bytes.toString('utf8', 16, 16 + bytes.readUInt32LE(12))) as AsarNode;
  const names: string[] = [];
  const walk = (node: AsarNode, path: string): void => {
    for (const [name, inner] of Object.entries(node.files ?? {})) walk(inner, `${path}/${name}`);
    if (node.files === undefined) names.push(path);
  };
  walk(header, '');
  return names;
}
interface AsarNode {
  readonly files?: Readonly<Record<string, AsarNode>>;
}

async function output(program: string, words: readonly string[]): Promise<string> {
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
  const [status] = (await once(child, 'close')) as [number | null];
  if (status !== 0) throw new Error(`${program} ended with status ${status}`);
  return text;
}
