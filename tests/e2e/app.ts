// Starts the built app in the real Electron with a profile of its own, and speaks to it as a user would: by roles, names and keys.
// Waits for the page's idle signal (data-idle on <html>), never for time.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test as base, _electron, expect, type ElectronApplication, type Locator, type Page } from '@playwright/test';

const REPOSITORY = resolve(import.meta.dirname, '../..');

/** ms that a loaded machine may take for what is done at once otherwise. */
const PATIENCE = 90_000;

export interface Launched {
  readonly app: ElectronApplication;
  readonly page: Page;
  close(): Promise<void>;
}

/** `profile`: a folder that keeps the settings; a fresh one by default. */
export async function launch(options: { readonly profile?: string; readonly args?: readonly string[]; readonly size?: { width: number; height: number } } = {}): Promise<Launched> {
  const profile = options.profile ?? (await mkdtemp(join(tmpdir(), 'looplab-e2e-')));
  const app = await _electron.launch({
    // No executablePath: Playwright then finds the one that build/test.ts resolved through the electron package, and starts it by its own
    // loader, which lets it attach before the app runs; with a path given, a launch in some forty hung.
    // Root cannot use Chromium's sandbox; the product itself never passes this.
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), `--user-data-dir=${profile}`, '--lang=en-US', ...(options.args ?? []), REPOSITORY],
    env: { ...(process.env as Record<string, string>), LANG: 'en_US.UTF-8', LANGUAGE: 'en' },
    timeout: PATIENCE,
  });
  app.context().setDefaultTimeout(PATIENCE);
  const page = await app.firstWindow();
  await page.waitForSelector('html[data-screen]', { timeout: PATIENCE });
  if (options.size !== undefined) await resize(app, options.size);
  await idle(page);
  return {
    app,
    page,
    close: async () => {
      await app.close();
      if (options.profile === undefined) await rm(profile, { recursive: true, force: true });
    },
  };
}

export async function resize(app: ElectronApplication, size: { width: number; height: number }): Promise<void> {
  await app.evaluate(({ BrowserWindow }, { width, height }) => BrowserWindow.getAllWindows()[0]?.setContentSize(width, height), size);
}

/** Nothing is pending, unread or moving. */
export const idle = (page: Page): Promise<void> => page.waitForSelector('html[data-idle="true"]', { state: 'attached' }).then(() => undefined);

/** What was pressed is drawn. */
export const drawn = (page: Page): Promise<void> => page.evaluate(() => new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))));

export async function openLab(page: Page, lab: string): Promise<void> {
  await page.locator(`[data-lab="${lab}"]`).first().click();
  await page.waitForSelector('html[data-screen="lab"]');
  await idle(page);
}

/** Runs the lab that is open until its script is over. */
export async function runLab(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Run( again)?$/ }).first().click();
  await page.waitForSelector('html[data-run="open"], html[data-run="failed"]', { state: 'attached' });
}

/** Answers every open question with "skip", so that the playhead may go on. */
export async function skipQuestions(page: Page): Promise<void> {
  const skip = page.getByRole('button', { name: 'Skip' });
  while ((await skip.count()) > 0) await skip.first().click();
}

/** Shows the end of the run that there is. A question that comes only then, since the trace has grown or was counted anew, is in the way too. */
export async function toTheEnd(page: Page): Promise<void> {
  do {
    await skipQuestions(page);
    await page.locator('[data-pane="stage"]').focus();
    await page.keyboard.press('End');
    await idle(page);
  } while ((await page.getByRole('button', { name: 'Skip' }).count()) > 0);
}

/** Runs the lab that is open and shows its end. */
export async function runToEnd(page: Page): Promise<void> {
  await runLab(page);
  expect(await page.locator('html').getAttribute('data-run')).toBe('open');
  await toTheEnd(page);
}

/** The stage's tabs, and one of them by its whole name. */
export const stageTabs = (page: Page): Locator => page.locator('.stage > .bar').getByRole('tab');
export const stageTab = (page: Page, name: string): Locator => page.locator('.stage > .bar').getByRole('tab', { name, exact: true });

/** Sets a parameter of the experiment that is a list of choices. */
export const choose = (page: Page, parameter: string, value: string): Promise<string[]> => page.locator(`.experiment [data-parameter="${parameter}"] select`).selectOption(value);

/** A test with a freshly started app. */
export const test = base.extend<{ launched: Launched; page: Page }>({
  launched: async ({}, use) => {
    const launched = await launch();
    await use(launched);
    await launched.close();
  },
  page: async ({ launched }, use) => use(launched.page),
});

export { expect };
