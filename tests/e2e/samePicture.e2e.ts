// What is saved opens to the same picture, pixel by pixel: packets of a capture that were filtered, followed and played; and a run of a lab with the
// kernel's packets, in an app that runs nothing. And a run is recorded from the window while it goes on.

import type { Page } from '@playwright/test';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, idle, launch, openLab, runToEnd, skipQuestions, test, toTheEnd } from './app';
import { violations } from './axe';
import { answer, words } from './files';

let folder = '';
test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'looplab-picture-'));
});
test.afterEach(() => rm(folder, { recursive: true, force: true }));

const [ME, WEB] = ['7f000a01', '7f001401'];
const FLAGS = { syn: 2, synAck: 18, data: 24, finAck: 17, ack: 16 } as const;

/** A frame of TCP: Ethernet, IPv4, TCP without checksum. */
function frame(up: boolean, port: number, flags: number, sequence: number, acknowledgment: number, text = ''): Buffer {
  const ip = Buffer.from(`450000000000400040060000${up ? ME + WEB : WEB + ME}`, 'hex');
  ip.writeUInt16BE(40 + text.length, 2);
  const tcp = Buffer.alloc(20);
  tcp.writeUInt16BE(up ? port : 80, 0);
  tcp.writeUInt16BE(up ? 80 : port, 2);
  tcp.writeUInt32BE(sequence, 4);
  tcp.writeUInt32BE(acknowledgment, 8);
  tcp.writeUInt16BE(0x5000 | flags, 12);
  tcp.writeUInt16BE(64_000, 14);
  return Buffer.concat([Buffer.from('0200000000020200000000010800', 'hex'), ip, tcp, Buffer.from(text, 'latin1')]);
}

/** A request and its answer over a connection of its own. */
const exchange = (port: number, path: string): Buffer[] => {
  const [ask, say] = [`GET ${path} HTTP/1.1\r\nHost: web\r\n\r\n`, 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'];
  const [a, b] = [1001 + ask.length, 5001 + say.length];
  return [
    frame(true, port, FLAGS.syn, 1000, 0), frame(false, port, FLAGS.synAck, 5000, 1001), frame(true, port, FLAGS.ack, 1001, 5001), frame(true, port, FLAGS.data, 1001, 5001, ask),
    frame(false, port, FLAGS.data, 5001, a, say), frame(true, port, FLAGS.finAck, a, b), frame(false, port, FLAGS.finAck, b, a + 1), frame(true, port, FLAGS.ack, a + 1, b + 1),
  ];
};

/** A pcap of frames 1 ms apart. */
const pcap = (frames: readonly Buffer[]): Buffer => Buffer.concat([Buffer.from('d4c3b2a1020004000000000000000000ffff000001000000', 'hex'), ...frames.flatMap((one, at) => {
  const record = Buffer.alloc(16);
  [1_700_000_000, at * 1_000, one.length, one.length].forEach((value, index) => record.writeUInt32LE(value, 4 * index));
  return [record, one];
})]);

/** The stage alone on the screen, at the first moments of the run and at its end. */
async function pictures(page: Page): Promise<Buffer[]> {
  await skipQuestions(page);
  await page.locator('[data-pane="stage"]').focus();
  await page.keyboard.press('p');
  const shots: Buffer[] = [];
  for (const keys of [['Home', 'ArrowRight', 'ArrowRight'], ['ArrowRight', 'ArrowRight', 'ArrowRight'], ['End']]) {
    for (const key of keys) {
      await page.keyboard.press(key);
      await idle(page);
    }
    shots.push(await page.locator('[data-pane="stage"]').screenshot());
  }
  await page.keyboard.press('Escape');
  await idle(page);
  return shots;
}

async function saveRun(page: Page): Promise<void> {
  await page.keyboard.press('Control+s');
  const dialog = page.getByRole('dialog', { name: 'Export the run' });
  await expect(dialog.getByRole('radio', { name: /The whole run/ })).toBeChecked();
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('status')).toContainText('Saved as');
  await page.keyboard.press('Escape');
}

/** Opens `path` in an app of its own. */
async function reopened(path: string): Promise<{ readonly shots: readonly Buffer[]; readonly log: readonly string[] }> {
  const { app, page, close } = await launch();
  try {
    await answer(app, path);
    await page.keyboard.press('Control+o');
    await page.waitForSelector('html[data-screen="lab"]');
    await idle(page);
    const shots = await pictures(page);
    return { shots, log: await words(page) };
  } finally {
    await close();
  }
}

function expectSame(before: readonly Buffer[], after: readonly Buffer[]): void {
  expect(before.length).toBe(3);
  // They show something, and not the same.
  expect(before[0]?.equals(before[2] ?? Buffer.alloc(0))).toBe(false);
  for (const [index, shot] of before.entries()) expect(after[index]?.equals(shot), `picture ${index + 1}`).toBe(true);
}

test('packets of a capture, filtered, followed, played and saved, open to the same picture', async () => {
  const [capture, saved] = [join(folder, 'talk.pcap'), join(folder, 'talk.pcapng')];
  await writeFile(capture, pcap([...exchange(4001, '/one'), ...exchange(4002, '/two')]));
  const { app, page, close } = await launch();
  let shots: Buffer[] = [];
  let log: string[] = [];
  try {
    await answer(app, capture);
    await page.keyboard.press('Control+o');
    await page.waitForSelector('html[data-screen="capture"]');
    await idle(page);
    await page.keyboard.press('f');
    await page.keyboard.type('tcp.port == 4002');
    await page.keyboard.press('Enter');
    const grid = page.getByRole('grid', { name: 'Packets' });
    await expect(grid).toHaveAttribute('aria-rowcount', '9');
    await grid.focus();
    await page.keyboard.press('End');
    await page.getByRole('tab', { name: 'Stream' }).click();
    await expect(page.getByRole('tabpanel', { name: 'Stream' })).toContainText('GET /two HTTP/1.1');
    await page.locator('[data-play]').click();
    await page.waitForSelector('html[data-screen="lab"]');
    await idle(page);
    shots = await pictures(page);
    log = await words(page);
    expect(log.join('\n')).toContain('GET /two');
    expect(log.join('\n')).not.toContain('GET /one');
    await answer(app, saved);
    await saveRun(page);
  } finally {
    await close();
  }
  const again = await reopened(saved);
  expectSame(shots, again.shots);
  expect(again.log).toEqual(log);
});

test('a run with the kernel’s packets opens to the same picture without any right, and shows them in Capture', async () => {
  const saved = join(folder, 'echo.pcapng');
  const profile = await mkdtemp(join(tmpdir(), 'looplab-profile-'));
  // Where this user may not capture, the run goes on without: it is saved and opened all the same.
  await writeFile(join(profile, 'settings.json'), JSON.stringify({ capture: true }));
  let shots: Buffer[] = [];
  const first = await launch({ profile });
  try {
    await openLab(first.page, 'tcp-echo');
    await runToEnd(first.page);
    await first.page.keyboard.press('Control+.');
    await first.page.waitForSelector('html[data-run="stopped"]', { state: 'attached' });
    await toTheEnd(first.page);
    shots = await pictures(first.page);
    await answer(first.app, saved);
    await saveRun(first.page);
  } finally {
    await first.close();
    await rm(profile, { recursive: true, force: true });
  }
  expectSame(shots, (await reopened(saved)).shots);

  // The run is in the list twice in the end: as what it is, and as its packets.
  const { app, page, close } = await launch();
  try {
    await answer(app, saved);
    await page.keyboard.press('Control+o');
    await page.locator('[data-command="show-packets"]').click();
    await page.waitForSelector('html[data-screen="capture"]');
    await idle(page);
    expect(await violations(page)).toEqual([]);
    await page.locator('[data-command="open-run"]').click();
    await page.waitForSelector('html[data-screen="lab"]');
    await expect(page.locator('[data-notice="file"]')).toContainText('echo.pcapng');
    await page.locator('.logo').click();
    await expect(page.locator('[data-recent="files"]').getByRole('button', { name: 'echo.pcapng' })).toHaveCount(2);
  } finally {
    await close();
  }
});

test('a run is recorded from its window while it goes on', async () => {
  const path = join(folder, 'live.pcapng');
  const { app, page, close } = await launch();
  try {
    await answer(app, path);
    await openLab(page, 'tcp-echo');
    await runToEnd(page);
    await page.keyboard.press('Control+Shift+S');
    const dialog = page.getByRole('dialog', { name: 'Record the run into a file' });
    await expect(dialog.getByRole('checkbox', { name: 'With the TLS keys' })).not.toBeChecked();
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Record…' }).press('Enter');
    await expect(page.locator('[data-mark="record"] [data-recorded]')).toHaveText(/[1-9]/);
    expect(await violations(page)).toEqual([]);
    // The marks of the lesson are in its end.
    await page.locator('[data-pane="stage"]').focus();
    await page.keyboard.press('b');
    await idle(page);
    await page.keyboard.press('Control+Shift+S');
    await expect(page.locator('[data-notice="record"]')).toContainText(/Recorded into live\.pcapng: [1-9]\d* events, [1-9]\d* packets/);
    await toTheEnd(page);
    const log = await words(page);
    expect((await readFile(path)).includes('"bookmarks":[]')).toBe(false);
    await page.keyboard.press('Control+o');
    await expect(page.locator('[data-notice="file"]')).toContainText('live.pcapng');
    await idle(page);
    await page.locator('[data-pane="stage"]').focus();
    await page.keyboard.press('Home');
    await toTheEnd(page);
    const after = await words(page);
    expect(after.length).toBeGreaterThan(8);
    // The line that says where it comes from takes the room of rows.
    expect(log.slice(-5)).toEqual(after.slice(-5));
  } finally {
    await close();
  }
});
