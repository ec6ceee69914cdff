// Programs in processes of their own against the kernel: what they told of their calls, by threads and processes for single connections too, is
// what went over the wire, every FIN of a killed process as well.

import { describe, expect, it } from 'vitest';
import { client, hear, processLab, say } from '../../../electron/runtime/process/process.fixture';
import { captureProblem } from './capture';
import { judged, lateFacts } from './judged';

const problem = await captureProblem();
const CLIENTS = 5;

describe.skipIf(problem !== null)(`programs in processes against the kernel${problem === null ? '' : ` (not run: ${problem})`}`, () => {
  it.each(['iterativeServer', 'threadServer', 'processServer', 'multiplexedServer'] as const)('%s: no difference', async (program) => {
    const lab = processLab(program, { work: 5 }, async (run) => {
      const talks = Array.from({ length: CLIENTS }, (_, at) => client(run, `client-${at + 1}`, async (socket) => {
        for (const line of ['hello\n', `${'x'.repeat(9000 * at)}\n`]) {
          await say(socket, line);
          await hear(socket, line.length);
        }
      }));
      await Promise.all(talks);
    });
    const found = await judged(lab, {}, (run) => run.until(() => run.facts('socket.closed', 'server').length === CLIENTS));
    expect(found.differences).toEqual([]);
    expect(found.connections).toBe(CLIENTS);
    expect(lateFacts(found.run)).toEqual([]);
  });

  it('a killed process: the kernel says goodbye for it', async () => {
    const lab = processLab('threadServer', {}, (run) => {
      for (const id of ['one', 'two']) {
        void client(run, id, async (socket) => {
          await say(socket, 'hello\n');
          await hear(socket, 7);
        });
      }
      return Promise.resolve();
    });
    const found = await judged(lab, {}, async (run) => {
      // Both threads have told of their answers, and wait for more.
      await run.until(() => run.facts('recv.started', 'server').length === 4);
      await run.act('kill');
      await run.until(() => run.facts('role.ended').length === 3);
    });
    expect(found.differences).toEqual([]);
    expect(found.connections).toBe(2);
    expect(lateFacts(found.run)).toEqual([]);
  });
});
