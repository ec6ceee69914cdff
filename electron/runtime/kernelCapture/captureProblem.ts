// Whether this user may record the kernel's packets: the programs that can are really asked, with a filter that nothing fits. And what a refusal
// means, with what would help.

import type { CaptureProblem } from '../../../shared/ipc/contract';
import { reportError } from '../engineError';
import { captureHelp, thisSystem } from './captureHelp';
import { startTool } from './tools';

/** Null: it can be done. */
export async function captureProblem(): Promise<CaptureProblem | null> {
  try {
    await (await startTool('less 1', () => undefined)).stop();
    return null;
  } catch (thrown) {
    return reportProblem(thrown);
  }
}

/** What startTool(), or a program that had begun, failed with; `tool`: the program's name where the error has none. */
export function reportProblem(thrown: unknown, tool = 'tcpdump'): CaptureProblem {
  const reported = reportError(thrown, tool);
  const help = captureHelp(reported.code, thisSystem());
  return help === null ? reported : { ...reported, help };
}
