// The flow-control lab before its judge: on the wire the receiver's window is zero just while our chart says that nobody reads and that
// the window is probed, and it opens again once the program has called recv().

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { must } from '../../../shared/base/assert';
import { FlowReader, flowAt, flowsOf } from '../../../shared/trace/window/flow';
import lab from '../../../electron/labs/flow-control/lab';
import { LabTest, local } from '../../../electron/labs/run.fixture';
import { captureProblem, withCapture } from './capture';
import { hostsOf } from './judged';

const run = promisify(execFile);
const problem = await captureProblem();
const RECEIVER = local('127.0.77.2');

interface Seen {
  /** µs of the trace, by the SYN that both sides know. */
  readonly t: number;
  readonly from: string;
  readonly window: number;
}

async function windowsIn(file: string, connected: number): Promise<Seen[]> {
  const { stdout } = await run('tshark', ['-r', file, '-n', '-Y', 'tcp.port == 7080', '-T', 'fields', ...['frame.time_epoch', 'ip.src', 'tcp.window_size_value', 'tcp.flags.syn'].flatMap((field) => ['-e', field])], { maxBuffer: 64 * 1024 * 1024 });
  const rows = stdout.split('\n').filter((line) => line !== '').map((line) => line.split('\t'));
  const zero = Number(must(rows[0], 'the SYN')[0]) * 1e6 - connected;
  return rows.map(([epoch = '', from = '', window = '']) => ({ t: Number(epoch) * 1e6 - zero, from, window: Number(window) }));
}

it.skipIf(problem !== null)('the window on the wire is zero while nobody reads, and opens when somebody does', async () => {
  let seen: readonly Seen[] = [];
  const { result: test } = await withCapture(hostsOf(lab), async () => {
    const played = await LabTest.serve(lab, { total: 12_288, chunk: 1024, start: 0, 'read-size': 1024, pause: 0 });
    await played.act('hold');
    await played.act('send', { total: 12_288 });
    await played.until(() => played.facts('socket.sampled').some((fact) => fact.size === 4));
    await played.act('go-on');
    await played.until(() => played.facts('role.ended', 'sender').length === 1);
    await played.stop();
    return played;
  }, 'usual', async (file, played) => {
    seen = await windowsIn(file, must(played.facts('connect.started', 'sender')[0], 'connect()').t);
  });

  const { story, store } = test;
  const flow = must(new FlowReader(story, store, must(flowsOf(story)[0], 'flow').conn, 'up').advance(), 'flow');
  // The kernel opens the window within recv(): before the fact of its return, after the reader was let go.
  const opens = must(test.facts('action.taken').find(({ text }) => text.includes('go-on')), 'go on').t;
  const acks = seen.filter(({ from }) => from === RECEIVER);
  const closes = acks.findIndex(({ window }) => window === 0);
  expect(closes).toBeGreaterThan(0);
  // From the moment it closes until the reader is let go: zero in every segment.
  const shut = acks.slice(closes).filter(({ t }) => t < opens);
  expect(shut.map(({ window }) => window)).toEqual(shut.map(() => 0));
  // The chart: between the first probe that the table told of and that the window is closed, and the receiver's buffer holds bytes.
  const probed = must(flow.closed[0], 'a closed window').from;
  expect(probed).toBeGreaterThanOrEqual(must(acks[closes], 'zero window').t);
  expect(probed).toBeLessThan(opens);
  const between = flowAt(flow, (probed + opens) / 2);
  expect(between.closed).toBe(true);
  expect(between.stall?.kind).toBe('send');
  expect(between.queues?.send).toBeGreaterThan(100_000);
  // And afterwards it is open.
  expect(acks.find(({ t, window }) => t >= opens && window > 0)).toBeDefined();
});
