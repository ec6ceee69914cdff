// Whether this user may record the kernel's packets: tcpdump is really asked, with a filter that nothing fits.

import type { ReportedError } from '../../../shared/ipc/contract';
import { reportError } from '../engineError';
import { startTcpdump } from './tcpdump';

/** Null: it can be done. */
export async function captureProblem(): Promise<ReportedError | null> {
  try {
    await (await startTcpdump('less 1', () => undefined)).stop();
    return null;
  } catch (thrown) {
    return reportError(thrown, 'tcpdump');
  }
}
