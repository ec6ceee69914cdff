// The app ends when it is asked to, whenever that is: before its engine has begun, too.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { _electron, expect, test } from '@playwright/test';

test('ends when its window is closed as soon as it is there', async () => {
  for (const wait of [0, 100, 250]) {
    const profile = await mkdtemp(join(tmpdir(), 'looplab-quit-'));
    const app = await _electron.launch({ args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), `--user-data-dir=${profile}`, resolve(import.meta.dirname, '../..')] });
    const page = await app.firstWindow();
    await page.waitForSelector('html[data-screen]');
    // No event tells of the engine's beginning: the point is to be before it, and around it.
    await page.waitForTimeout(wait);
    const running = app.process();
    await app.close();
    expect([running.exitCode, running.signalCode]).toEqual([0, null]);
    await rm(profile, { recursive: true, force: true });
  }
});
