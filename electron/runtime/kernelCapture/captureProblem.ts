// Whether this user may record the kernel's packets: the programs that can are really asked, with a filter that nothing fits.

import type { ReportedError } from '../../../shared/ipc/contract';
import { reportError } from '../engineError';
import { startTool } from './tools';

/** Null: it can be done. */
export async function captureProblem(): Promise<ReportedError | null> {
  try {
    await (await startTool('less 1', () => undefined)).stop();
    return null;
  } catch (thrown) {
    return reportError(thrown, 'tcpdump');
  }
}
