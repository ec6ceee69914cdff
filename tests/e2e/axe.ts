// What axe finds on the idle page, as sentences; none on a good one.

import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { idle } from './app';

/** `without`: not there: the page of a lab's own server is not ours to judge. */
export async function violations(page: Page, { without }: { readonly without?: string } = {}): Promise<string[]> {
  await idle(page);
  // Legacy mode: Electron cannot open the extra page that axe otherwise uses.
  const axe = new AxeBuilder({ page }).setLegacyMode(true);
  if (without !== undefined) axe.exclude(without);
  const { violations: found } = await axe.analyze();
  return found.flatMap((rule) => rule.nodes.map((node) => `${rule.id} (${rule.impact ?? ''}): ${node.target.join(' ')} ${node.failureSummary ?? ''}`));
}
