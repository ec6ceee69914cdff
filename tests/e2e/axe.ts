// What axe finds on the idle page, as sentences; none on a good one.

import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, idle } from './app';

interface Looking {
  /** Not there: the page of a lab's own server is not ours to judge. */
  readonly without?: string;
}

export async function violations(page: Page, { without }: Looking = {}): Promise<string[]> {
  await idle(page);
  // Legacy mode: Electron cannot open the extra page that axe otherwise uses.
  // What passes is counted, not told node by node: else most of the time goes to telling it.
  const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ['violations'] });
  if (without !== undefined) axe.exclude(without);
  const { violations: found } = await axe.analyze();
  return found.flatMap((rule) => rule.nodes.map((node) => `${rule.id} (${rule.impact ?? ''}): ${node.target.join(' ')} ${node.failureSummary ?? ''}`));
}

/** The page as it is, dark and light; `what` names it when something is found. */
export async function cleanInBothThemes(page: Page, { what = '', ...looking }: Looking & { readonly what?: string } = {}): Promise<void> {
  for (const theme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    expect(await violations(page, looking), `${what} ${theme}`.trim()).toEqual([]);
  }
}
