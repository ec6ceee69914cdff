// Foreign clients at our servers of four models: what python3 and nc see of a server that takes one at a time, and of those that do not.
import { describe, expect, it } from 'vitest';
import models from '../../electron/labs/server-models/lab';
import { LabTest, local } from '../../electron/labs/run.fixture';
import { start, type Program } from './support';

const ADDRESS = local('127.0.70.1');
const PORTS = { iterative: 7020, threads: 7021, processes: 7022, multiplexed: 7023 } as const;

/** A client that asks one line, says what came back, and then thinks until its input ends. */
const CLIENT = `
import socket, sys
s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
print('connected')
s.sendall((sys.argv[3] + '\\n').encode())
print('got ' + s.makefile().readline().strip())
sys.stdin.read()
`;
const python = (port: number, line: string): Program => start('python3', '-c', CLIENT, ADDRESS, String(port), line);

it('an iterative server: the second is connected and gets no answer before the first has gone', async () => {
  const run = await LabTest.serve(models, { model: 'iterative' });
  const first = python(PORTS.iterative, 'one');
  await first.printed(/got one/);
  const second = python(PORTS.iterative, 'two');
  await second.printed(/connected/);
  const third = start('nc', '-N', ADDRESS, String(PORTS.iterative));
  third.type('three\n');
  third.endInput();
  // The server thinks of nobody else: one accept(), though the kernel holds two more.
  if (process.platform === 'linux') await run.until(() => run.facts('socket.sampled').some(({ text, b, local: end }) => text === 'LISTEN' && end?.port === PORTS.iterative && b === 2));
  expect(run.facts('connection.accepted', 'iterative')).toHaveLength(1);
  expect(second.output()).toBe('connected\n');
  expect(third.output()).toBe('');
  first.endInput();
  await second.printed(/got two/);
  expect(third.output()).toBe('');
  second.endInput();
  expect((await third.ended).output).toBe('three\n');
  await run.untilFacts('connection.accepted', 'iterative', 3);
});

describe.each(['threads', 'processes', 'multiplexed'] as const)('%s', (model) => {
  it('serves the second while the first still thinks', async () => {
    await LabTest.serve(models, { model });
    const first = python(PORTS[model], 'one');
    await first.printed(/got one/);
    const second = python(PORTS[model], 'two');
    await second.printed(/got two/);
    const third = start('nc', '-N', ADDRESS, String(PORTS[model]));
    third.type('three\n');
    third.endInput();
    expect((await third.ended).output).toBe('three\n');
    first.endInput();
    second.endInput();
    expect((await first.ended).status).toBe(0);
  });
});
