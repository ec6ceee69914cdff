// What tests of files share: the system's dialogs answered, the log's words as text, a file dropped on the window.

import type { ElectronApplication, Page } from '@playwright/test';
import { idle } from './app';

/** The system's next dialogs are answered with `path`. */
export const answer = (app: ElectronApplication, path: string): Promise<void> => app.evaluate(({ dialog }, chosen) => {
  dialog.showSaveDialog = (() => Promise.resolve({ canceled: false, filePath: chosen })) as typeof dialog.showSaveDialog;
  dialog.showOpenDialog = (() => Promise.resolve({ canceled: false, filePaths: [chosen] })) as typeof dialog.showOpenDialog;
}, path);

/** The rows of the log that are on screen: what is drawn, in words, with times. */
export async function words(page: Page): Promise<string[]> {
  await page.keyboard.press('6');
  await idle(page);
  const [text = ''] = await page.locator('[data-pane="book"], .log').first().allInnerTexts();
  return text.split('\n').filter((line) => line.trim() !== '');
}

/** Drops a file as the system does; the page itself could not. */
export async function drop(page: Page, path: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) await session.send('Input.dispatchDragEvent', { type, x: 400, y: 300, data });
  await session.detach();
}
