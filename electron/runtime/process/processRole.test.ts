import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { must } from '../../../shared/base/assert';
import type { Fact } from '../../../shared/trace/event';
import { LabTest, local } from '../../labs/run.fixture';
import type { RunningRole } from '../../roles/lab';
import { launchOf, unbuilt } from './launch';
import { acceptQueue, allFacts, client, eventually, hear, isAlive, processLab, say } from './process.fixture';

const kinds = (facts: readonly Fact[]): readonly string[] => facts.map((fact) => fact.kind);
const seqOf = (fact: Fact | undefined): number => must(fact, 'fact').seq;

function expectOrder(run: LabTest): void {
  const facts = allFacts(run);
  for (const [at, fact] of facts.entries()) expect(fact.t, `${fact.seq} ${fact.kind}`).toBeGreaterThanOrEqual(facts[at - 1]?.t ?? 0);
}

describe('a program in a process of its own', () => {
  it('has its calls in the trace, between those of its client', async () => {
    const run = await LabTest.play(processLab('iterativeServer', {}, async (lab) => {
      await client(lab, 'client', async (socket, role) => {
        await say(socket, 'hello\n');
        role.print(await hear(socket, 6));
      });
    }));
    await run.untilFacts('stream.ended', 'server');
    expect(run.prints('client')).toEqual(['hello\n']);
    expect(kinds(run.facts('socket.opened', 'server')).length).toBe(1);
    const order = [
      run.facts('socket.listened', 'server')[0], run.facts('accept.started', 'server')[0], run.facts('connect.started', 'client')[0], run.facts('connection.accepted', 'server')[0],
    ].map(seqOf);
    expect(order).toEqual([...order].sort((one, other) => one - other));
    // There and back: each is received after it was sent, whichever process told of it first.
    expect(seqOf(run.facts('bytes.sent', 'client')[0])).toBeLessThan(seqOf(run.facts('bytes.received', 'server')[0]));
    expect(seqOf(run.facts('bytes.sent', 'server')[0])).toBeLessThan(seqOf(run.facts('bytes.received', 'client')[0]));
    expect(run.facts('role.noted', 'server')[0]?.text).toContain('"processes":1');
    expectOrder(run);
    await run.stop();
    expect(run.facts('role.ended', 'server')[0]?.text).toBe('done');
    expectOrder(run);
  });

  it('really blocks: whoever comes next is connected, and waits in the kernel', async () => {
    let waiting: number | null = null;
    const run = await LabTest.play(processLab('iterativeServer', { backlog: 5 }, async (lab) => {
      let free: () => void = () => undefined;
      const served = new Promise<void>((resolve) => (free = resolve));
      let said: () => void = () => undefined;
      const isServed = new Promise<void>((resolve) => (said = resolve));
      const first = client(lab, 'first', async (socket, role) => {
        await say(socket, 'one\n');
        role.print(await hear(socket, 4));
        said();
        await served;
        role.print('leaves');
      });
      await isServed;
      const second = client(lab, 'second', async (socket, role) => {
        await say(socket, 'two\n');
        role.print(await hear(socket, 4));
      });
      await eventually(() => acceptQueue(local('127.0.9.1')) !== 0);
      waiting = acceptQueue(local('127.0.9.1'));
      free();
      await Promise.all([first, second]);
    }));
    if (process.platform === 'linux') expect(waiting).toBe(1);
    const prints = run.facts('role.printed').map((fact) => fact.text);
    expect(prints).toEqual(['one\n', 'leaves', 'two\n']);
    const [, accepted] = run.facts('connection.accepted', 'server');
    expect(seqOf(run.facts('connect.ended', 'second')[0])).toBeLessThan(seqOf(accepted));
    expect(seqOf(run.facts('socket.closed', 'first')[0])).toBeLessThan(seqOf(accepted));
    expectOrder(run);
  });

  it('can listen and never accept: the queue fills, and then nobody gets in', async () => {
    const run = await LabTest.play(processLab('silentListener', { backlog: 1 }, async (lab) => {
      const knock = (id: string): void => void client(lab, id, async (socket) => void (await socket.recv(1)));
      for (const id of ['one', 'two']) knock(id);
      // Three at once may all be told that they are connected: a kernel that answers late sees all SYNs before the first ACK.
      await eventually(() => acceptQueue(local('127.0.9.1')) !== 1 && acceptQueue(local('127.0.9.1')) !== 0);
      knock('three');
    }));
    if (process.platform === 'linux') await run.until(() => run.facts('socket.sampled').some(({ text }) => text === 'SYN_SENT'));
    expect(run.facts('connection.accepted').length).toBe(0);
    // Linux takes one more than it was asked for.
    if (process.platform === 'linux') expect(run.facts('connect.ended').filter((fact) => fact.err === '').length).toBe(2);
    await run.stop();
    expect(run.facts('role.ended', 'server')[0]?.text).toBe('done');
  });

  it('leaves it to the kernel to close what it had, when it is killed', async () => {
    const pids: number[] = [];
    const run = await LabTest.play(processLab('iterativeServer', {}, async (lab, server) => {
      pids.push(must(server.pid, 'pid'));
      await client(lab, 'client', async (socket) => {
        await say(socket, 'one\n');
        await hear(socket, 4);
        server.kill();
        expect(await hear(socket, 1)).toBe('');
      });
      expect(await server.ended).toBe('killed');
    }));
    expect(pids.map(isAlive)).toEqual([false]);
    const closed = run.facts('socket.closed', 'server');
    expect(closed.length).toBe(2);
    expect(seqOf(closed.at(-1))).toBeLessThan(seqOf(run.facts('stream.ended', 'client')[0]));
    expect(run.facts('role.ended', 'server').map((fact) => fact.text)).toEqual(['killed']);
    expectOrder(run);
  });

  it.each([['SIGKILL', 'killed'], ['SIGSEGV', 'failed']] as const)('ends with %s as %s, whoever sent it', async (signal, how) => {
    const run = await LabTest.play(processLab('iterativeServer', {}, async (_lab, server) => {
      process.kill(must(server.pid, 'pid'), signal);
      expect(await server.ended).toBe(how);
    }));
    const [ended] = run.facts('role.ended', 'server');
    expect([ended?.text, ended?.err]).toEqual([how, signal]);
    expect(run.facts('socket.closed', 'server').length).toBe(1);
  });

  it('fails with the errno of its system call', async () => {
    const run = await LabTest.play(processLab('iterativeServer', {}, async (lab) => {
      const second = lab.process({ id: 'second', host: 'server', kind: 'server' }, 'iterativeServer', { port: lab.endpoint('server').port });
      expect(await second.ready).toBe(false);
      expect(await second.ended).toBe('failed');
    }));
    expect(run.facts('role.ended', 'second')[0]?.err).toBe('EADDRINUSE');
    expect(run.errors('second')).toEqual(['EADDRINUSE']);
  });

  it('is gone when its run is stopped, blocked or not', async () => {
    const servers: RunningRole[] = [];
    const run = await LabTest.play(processLab('silentListener', {}, async (lab, server) => {
      servers.push(server, lab.process({ id: 'other', host: 'server', kind: 'server' }, 'threadServer', {}));
      await servers[1]?.ready;
    }));
    const pids = servers.map((server) => must(server.pid, 'pid'));
    await run.stop();
    expect(pids.filter(isAlive)).toEqual([]);
    expect(run.facts('role.ended').map((fact) => fact.text)).toEqual(['done', 'done']);
  });

  it('does not outlive an engine that is killed, though it is blocked', async () => {
    const entry = await must(unbuilt.build, 'builder')();
    const { file, args } = launchOf(entry);
    const setup = { kind: 'program', origin: String(process.hrtime.bigint()), program: 'silentListener', options: { port: 0 }, role: 'server', host: 'server', address: '127.0.0.1' };
    // An engine of its own, as small as can be: it starts the program and says its process id.
    const engine = spawn(process.execPath, ['-e', `
      const child = require('node:child_process').spawn(${JSON.stringify(file)}, ${JSON.stringify(args)}, { detached: true, stdio: ['pipe', 'ignore', 'ignore', 'pipe'] });
      const body = Buffer.from(${JSON.stringify(JSON.stringify(setup))}), length = Buffer.alloc(4);
      length.writeUInt32LE(body.length);
      child.stdin.write(Buffer.concat([length, body]));
      child.stdio[3].once('data', () => process.stdout.write(String(child.pid)));
    `], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [said] = (await once(must(engine.stdout, 'stdout'), 'data')) as [Buffer];
    const pid = Number(said.toString());
    expect(isAlive(pid)).toBe(true);
    engine.kill('SIGKILL');
    await eventually(() => !isAlive(pid));
  });
});
