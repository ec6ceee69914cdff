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
    const lab = processLab('threadServer', {}, async (run, server) => {
      await Promise.all(['one', 'two'].map((id) => client(run, id, async (socket) => {
        await say(socket, 'hello\n');
        await hear(socket, 6);
        server.kill();
        await hear(socket, 1);
      })));
      await server.ended;
    });
    const found = await judged(lab, {});
    expect(found.differences).toEqual([]);
    expect(found.connections).toBe(2);
    expect(lateFacts(found.run)).toEqual([]);
  });
});
