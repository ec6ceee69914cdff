// Programs of strangers under the kernel's eyes. Only the right to record may be missing.
import { describe, expect, it } from 'vitest';
import { captureProblem } from '../../runtime/kernelCapture/captureProblem';
import { freePort, start } from '../../../tests/interop/support';
import { LabTest } from '../run.fixture';
import lab, { portsOf } from './lab';

const problem = await captureProblem();

it('takes ports from whatever text names them', () => {
  expect(portsOf('8080, 3000;8080 and 70000 or 0')).toEqual([8080, 3000]);
});

describe.skipIf(problem !== null)(`the programs of strangers${problem === null ? '' : ` (not run: ${problem.message})`}`, () => {
  it('are seen by their packets alone, with their names and states', { timeout: 120_000 }, async () => {
    const port = await freePort();
    const run = await LabTest.serve(lab, { ports: String(port) });
    start('nc', '-l', '127.0.0.1', String(port));
    await run.until(() => run.facts('socket.sampled').some(({ text }) => text === 'LISTEN'));
    const client = start('nc', '-N', '127.0.0.1', String(port));
    client.type('hello from a stranger\n');
    // Both are still there while they are looked for.
    await run.untilFacts('role.noted', '', 2);
    client.endInput();
    await run.until(() => run.story.connections.count === 1 && run.story.connections.at(0).outcome === 'closed');
    expect(run.stepsDone()).toEqual(['syn', 'answer', 'bytes', 'ack', 'end']);
    expect([run.verdict('acks'), run.verdict('ends')]).toEqual(['more', 'both']);
    expect(run.segments().every(({ provenance }) => provenance.evidence === 'captured')).toBe(true);
    const connection = run.story.connections.at(0);
    expect([connection.server.endpoint.port, connection.up.sent]).toEqual([port, 22]);
    expect(new Set(run.facts('role.noted').map(({ text }) => (JSON.parse(text) as { name: string }).name))).toEqual(new Set(['nc']));
    await run.stop();
    expect(run.facts('capture.changed').map(({ a }) => a)).toEqual([1, 0]);
  });
});

it('says what is missing where packets cannot be recorded, and goes on', async () => {
  const path = process.env['PATH'];
  process.env['PATH'] = '/nonexistent';
  try {
    const run = await LabTest.serve(lab, { ports: '9' });
    expect(run.segments()).toEqual([]);
    await run.stop();
  } finally {
    process.env['PATH'] = path;
  }
});
