import { once } from 'node:events';
import * as net from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../../shared/trace/event';
import type { ProgramOptions } from '../../roles/lab';
import { LabTest, local } from '../../labs/run.fixture';
import type { ProgramName } from '../../roles/programs/programs';
import { allFacts, client, hear, PORT, processLab, say } from './process.fixture';

const CLIENTS = 4;
const ids = Array.from({ length: CLIENTS }, (_, at) => `client-${at + 1}`);

/** All clients connect and hear their first answer; only when all have, they hang up. Resolves only where nobody waits for another. */
const together = (program: ProgramName, options: ProgramOptions = {}): Promise<LabTest> => LabTest.play(processLab(program, options, async (lab) => {
  let here = 0;
  let all: () => void = () => undefined;
  const met = new Promise<void>((resolve) => (all = resolve));
  await Promise.all(ids.map((id) => client(lab, id, async (socket, role) => {
    await say(socket, `I am ${id}\nand`);
    role.print(await hear(socket, 14));
    if (++here === CLIENTS) all();
    await met;
    await say(socket, ' more\n');
    role.print(await hear(socket, 9));
  })));
}));

/** Everybody heard what he said, each connection has an id of its own, and is closed once; times never fall. */
async function expectGood(run: LabTest): Promise<void> {
  await run.until(() => run.facts('socket.closed', 'server').length === CLIENTS);
  for (const id of ids) expect(run.prints(id)).toEqual([`I am ${id}\n`, 'and more\n']);
  const accepted = run.facts('connection.accepted', 'server').map((fact) => fact.a);
  expect(new Set(accepted).size).toBe(CLIENTS);
  expect(run.facts('socket.closed', 'server').map((fact) => fact.sock).sort()).toEqual([...accepted].sort());
  const said = 14 + 9;
  for (const [kind, role] of [['bytes.received', 'server'], ['bytes.sent', 'server'], ['bytes.received', 'client-*'], ['bytes.sent', 'client-*']] as const) expect(run.bytes(kind, role), `${kind} ${role}`).toBe(CLIENTS * said);
  const facts = allFacts(run);
  for (const [at, fact] of facts.entries()) expect(fact.t).toBeGreaterThanOrEqual(facts[at - 1]?.t ?? 0);
}

describe('a server with', () => {
  it.each(['threadServer', 'processServer', 'multiplexedServer'] as const)('many at once: %s', async (program) => {
    await expectGood(await together(program));
  });

  it('an event loop instead of select()', async () => {
    const run = await together('multiplexedServer', { events: true });
    await expectGood(run);
    expect(run.facts('select.started').length).toBe(0);
  });

  it('work that waits, beside each other', async () => {
    for (const program of ['threadServer', 'multiplexedServer'] as const) {
      const run = await together(program, { work: 20 });
      await expectGood(run);
      await run.stop();
    }
  });

  it('fewer threads than clients: who comes later waits for one to be free', async () => {
    const run = await LabTest.play(processLab('threadServer', { most: 1 }, async (lab) => {
      await Promise.all(ids.map((id) => client(lab, id, async (socket) => {
        await say(socket, 'a line\n');
        await hear(socket, 7);
      })));
    }));
    await run.until(() => run.facts('socket.closed', 'server').length === CLIENTS);
    const calls = [...run.facts('recv.started', 'server'), ...run.facts('socket.closed', 'server')].sort((one, other) => one.seq - other.seq);
    const turns = calls.map((fact) => fact.sock).filter((sock, at, all) => sock !== all[at - 1]);
    expect(turns.length).toBe(CLIENTS);
  });

  it('a process for each client says what all of them cost', async () => {
    const run = await together('processServer', { work: 300 });
    const processes = (): readonly number[] => run.facts('role.noted', 'server').map((fact) => Number(/"processes":(\d+)/.exec(fact.text)?.[1]));
    if (process.platform === 'linux') await run.until(() => processes().some((count) => count > 1));
    await run.stop();
    expect(run.facts('role.ended', 'server')[0]?.text).toBe('done');
  });

  it('answers that nobody reads: the send that has to wait is seen to wait', async () => {
    const line = Buffer.from(`${'x'.repeat(60_000)}\n`);
    const run = await LabTest.serve(processLab('iterativeServer'));
    const socket = net.connect({ host: local('127.0.9.1'), port: PORT });
    await once(socket, 'connect');
    const waits = (): readonly Fact[] => run.facts('bytes.sent', 'server').filter((fact) => fact.a < fact.size);
    // The kernel grows its buffers while there is nobody: a wait may end yet, until there is no more room for any.
    const stuck = (): boolean => waits().length > run.facts('send.ended', 'server').length;
    let sent = 0;
    while (!stuck()) {
      sent++;
      if (!socket.write(line)) await Promise.race([once(socket, 'drain'), run.until(stuck)]);
    }
    let heard = 0;
    socket.on('data', (bytes) => (heard += bytes.length));
    socket.end();
    await once(socket, 'end');
    expect(heard).toBe(sent * line.length);
    await run.until(() => run.facts('socket.closed', 'server').length > 0);
    expect(run.facts('send.ended', 'server').length).toBe(waits().length);
    expect(run.bytes('bytes.sent', 'server')).toBe(heard);
  });
});
