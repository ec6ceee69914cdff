import * as net from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Fact } from '../../shared/trace/event';
import { TraceStore } from '../../shared/trace/store';
import { createClock } from '../capture/clock';
import { createNetwork } from '../capture/network';
import { Recorder } from '../capture/recorder';
import type { Lab } from '../roles/lab';
import { planHosts } from './hosts';
import { observe, tinyLab, type Observed } from './lab.fixture';
import { labParams } from './labParams';
import { LabRun } from './labRunner';

const ADDRESS = '127.0.202.1';
const PORT = 7107;
const opened: Observed[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.engine.dispose();
});

function lab(change: (lab: Lab) => Lab = (given) => given): Observed {
  const observed = observe([change(tinyLab(ADDRESS, PORT))]);
  opened.push(observed);
  return observed;
}

const brief = (facts: readonly Fact[], kinds: readonly string[]): string[] =>
  facts.filter((fact) => kinds.includes(fact.kind)).map((fact) => [fact.kind, fact.text, fact.err].filter((part) => part !== '').join(' '));

describe('a run', () => {
  it('goes from starting over running to open, with facts from the program and its sockets', async () => {
    const { engine, states, until, facts, story } = lab();
    const { run } = await engine.start('tiny', { line: 'good day' });
    await until((state) => state.state === 'open');
    expect(states.map((state) => state.state)).toEqual(['starting', 'starting', 'running', 'open']);
    expect(states[1]?.endpoints).toEqual([{ role: 'server', host: 'server', protocol: 'tcp', address: ADDRESS, port: PORT }]);
    expect(states.every((state) => state.run === run && state.lab === 'tiny' && state.error === null)).toBe(true);
    expect(story().roles.map((role) => [role.id, role.kind, role.ended?.how ?? 'runs'])).toEqual([['server', 'server', 'runs'], ['client-1', 'client', 'done']]);
    expect(story().lab).toMatchObject({ id: 'tiny', outcome: 'reached', params: { server: 'runs', clients: 1, line: 'good day' } });
    expect(facts().find((fact) => fact.kind === 'role.printed')?.text).toBe('good day');
    expect(story().connections.count).toBe(1);
  });

  it('stops: closes everything, frees its port, ends its roles as done', async () => {
    const { engine, until, facts } = lab();
    const { run } = await engine.start('tiny', {});
    await until((state) => state.state === 'open');
    await engine.stop(run);
    const stopped = await until((state) => state.state === 'stopped');
    expect(stopped.endpoints).toEqual([]);
    expect(brief(facts(), ['role.ended', 'lab.ended'])).toEqual(['role.ended done', 'lab.ended reached', 'role.ended done']);
    const opens = facts().filter((fact) => fact.kind === 'socket.opened').length;
    const accepted = facts().filter((fact) => fact.kind === 'connection.accepted').length;
    expect(facts().filter((fact) => fact.kind === 'socket.closed')).toHaveLength(opens + accepted);
    await expect(bindOnce()).resolves.toBe('free');
  });

  it('stops in the middle of its script and says so', async () => {
    const { engine, until, facts } = lab();
    const { run } = await engine.start('tiny', { script: 'hangs' });
    await until((state) => state.state === 'running');
    await engine.stop(run);
    expect(brief(facts(), ['lab.ended'])).toEqual(['lab.ended stopped']);
    await engine.stop(run); // a second time does nothing
  });

  it('runs again at once, and a start stops what ran before', async () => {
    const { engine, until, states } = lab();
    for (let i = 0; i < 5; i++) await engine.start('tiny', { clients: 3 });
    await until((state) => state.run === 5 && state.state === 'open');
    expect(states.filter((state) => state.state === 'failed')).toEqual([]);
  });

  it('starts nothing with wrong parameters, and leaves alone what runs', async () => {
    const { engine, until, states } = lab();
    const { run } = await engine.start('tiny', {});
    await until((state) => state.state === 'open');
    await expect(engine.start('tiny', { clients: 9 })).rejects.toMatchObject({ code: 'LAB_PARAMETERS', message: 'clients must be an integer from 1 to 8, not 9', where: 'tiny' });
    await expect(engine.start('tidy', {})).rejects.toMatchObject({ code: 'LAB_UNKNOWN', message: 'no lab "tidy"; there are: tiny' });
    expect(states.at(-1)?.state).toBe('open');
    await engine.act(run, 'ask', {});
  });
});

it('says in the trace where 127.0.0.1 stands in for a host, and tells the roles', async () => {
  const trace = new TraceStore();
  const recorder = new Recorder({ clock: createClock(), onBatch: (batch) => trace.append(batch) });
  const tiny = tinyLab('127.0.202.9', PORT);
  const run = new LabRun({
    lab: tiny, params: labParams(tiny, {}), recorder, mode: 'serve', onChange: () => undefined,
    plan: (manifest) => planHosts(manifest, (address) => Promise.resolve(address === '127.0.0.1' ? null : 'EADDRNOTAVAIL')),
    network: (host, role) => createNetwork(recorder, { host: host.id, role, address: host.address }),
  });
  run.start();
  await run.settled;
  expect(run.endpoints).toEqual([{ role: 'server', host: 'server', protocol: 'tcp', address: '127.0.0.1', port: PORT }]);
  await run.stop();
  const hosts = Array.from({ length: trace.count }, (_, seq) => trace.at(seq)).filter((fact) => fact.kind === 'host.added');
  expect(hosts.map((fact) => JSON.parse(fact.text) as unknown)).toEqual([
    { id: 'client', name: 'client', address: '127.0.0.1', program: '', fallback: true },
    { id: 'server', name: 'server', address: '127.0.0.1', program: '', fallback: true },
  ]);
});

describe('failures', () => {
  it('of a program are facts: nobody listens', async () => {
    const { engine, until, facts } = lab();
    await engine.start('tiny', { server: 'absent' });
    const open = await until((state) => state.state === 'open');
    expect(open.endpoints).toEqual([]);
    expect(brief(facts(), ['connect.ended', 'role.ended', 'lab.ended'])).toEqual(['connect.ended ECONNREFUSED', 'role.ended failed ECONNREFUSED', 'lab.ended reached']);
  });

  it('of the port name lab, role, endpoint and errno, and fail the lab', async () => {
    const foreign = net.createServer().listen({ host: ADDRESS, port: PORT });
    await new Promise((resolve) => foreign.once('listening', resolve));
    const { engine, until, facts } = lab();
    await engine.start('tiny', {});
    const failed = await until((state) => state.state === 'failed');
    expect(failed.error).toEqual({
      code: 'EADDRINUSE',
      message: `lab tiny: role server could not start: another program has tcp ${ADDRESS}:${PORT} (EADDRINUSE)`,
      where: `tiny, server, ${ADDRESS}:${PORT}`,
    });
    expect(brief(facts(), ['role.ended', 'lab.ended'])).toEqual(['role.ended failed EADDRINUSE', 'lab.ended failed EADDRINUSE']);
    await new Promise((resolve) => foreign.close(resolve));
    await engine.start('tiny', {});
    await until((state) => state.run === 2 && state.state === 'open');
  });

  it('of the port that the lab means are facts: its own second server', async () => {
    const { engine, until, facts } = lab((tiny) => ({
      ...tiny,
      async serve(context) {
        await tiny.serve(context);
        const second = context.role({ id: 'server-2', host: 'server', kind: 'server' }, async (role) => void (await role.host.net.listen({ port: PORT })));
        expect(await second.ended).toBe('failed');
        expect(await second.ready).toBe(false);
      },
    }));
    await engine.start('tiny', {});
    await until((state) => state.state === 'open');
    expect(brief(facts(), ['role.ended', 'lab.ended'])).toEqual(['role.ended failed EADDRINUSE', 'role.ended done', 'lab.ended reached']);
  });

  it('of the script fail the lab and close everything', async () => {
    const { engine, until, facts } = lab();
    await engine.start('tiny', { script: 'throws' });
    const failed = await until((state) => state.state === 'failed');
    expect(failed.error).toEqual({ code: 'EBROKEN', message: 'the script is broken', where: 'tiny' });
    expect(brief(facts(), ['lab.ended'])).toEqual(['lab.ended failed EBROKEN']);
    await expect(bindOnce()).resolves.toBe('free');
  });

  it('to end are bounded', async () => {
    const { engine, until } = lab();
    await engine.start('tiny', { script: 'hangs' }, { timeout: 50 });
    const failed = await until((state) => state.state === 'failed');
    expect(failed.error).toMatchObject({ code: 'ETIMEDOUT', message: 'lab tiny did not end within 0.05 s' });
  });

  it('that nobody caught end the run, not the engine', async () => {
    const { engine, until } = lab();
    const caught = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.once('uncaughtException', (error) => engine.fault(error));
    try {
      await engine.start('tiny', { script: 'leaks' });
      const failed = await until((state) => state.state === 'failed');
      expect(failed.error?.message).toBe('nobody caught this');
    } finally {
      process.removeAllListeners('uncaughtException');
      for (const listener of caught) process.on('uncaughtException', listener);
    }
    await engine.start('tiny', {});
    await until((state) => state.run === 2 && state.state === 'open');
  });

  it('to stop do not hold up the run: a program that ignores its signal is killed', async () => {
    const { engine, until, facts } = lab((tiny) => ({
      ...tiny,
      async serve(context) {
        context.role({ id: 'deaf', host: 'server', kind: 'server' }, () => new Promise(() => undefined));
      },
      play: () => Promise.resolve(),
    }));
    const { run } = await engine.start('tiny', {});
    await until((state) => state.state === 'open');
    await engine.stop(run);
    expect(brief(facts(), ['role.ended'])).toEqual(['role.ended killed']);
  });
});

describe('actions', () => {
  it('run on the open lab and leave a mark in the trace', async () => {
    const { engine, until, facts } = lab();
    const { run } = await engine.start('tiny', {});
    await until((state) => state.state === 'open');
    await engine.act(run, 'ask', { line: 'more' });
    expect(brief(facts(), ['action.taken', 'role.printed'])).toEqual(['role.printed hello', 'action.taken {"action":"ask","args":{"line":"more"}}', 'role.printed more']);
  });

  it('kill the server: its sockets close, its endpoint is gone, the next client is refused', async () => {
    const { engine, until, facts } = lab();
    const { run } = await engine.start('tiny', {});
    await until((state) => state.state === 'open');
    await engine.act(run, 'kill-server', {});
    await until((state) => state.state === 'open' && state.endpoints.length === 0);
    await engine.act(run, 'ask', {});
    expect(brief(facts(), ['role.ended'])).toEqual(['role.ended done', 'role.ended killed', 'role.ended failed ECONNREFUSED']);
  });

  it('that are unknown, wrong or too late are refused with a reason', async () => {
    const { engine, until } = lab();
    const { run } = await engine.start('tiny', {});
    await until((state) => state.state === 'open');
    await expect(engine.act(run, 'dance', {})).rejects.toMatchObject({ code: 'ACTION_UNKNOWN' });
    await expect(engine.act(run, 'constructor', {})).rejects.toMatchObject({ code: 'ACTION_UNKNOWN' });
    await expect(engine.act(run, 'ask', { line: 'far too long a line' })).rejects.toMatchObject({ code: 'LAB_PARAMETERS' });
    await expect(engine.act(run, 'fail', {})).rejects.toThrow('this action always fails');
    await expect(engine.act(run + 1, 'ask', {})).rejects.toMatchObject({ code: 'RUN_UNKNOWN' });
    await engine.stop(run);
    await expect(engine.act(run, 'ask', {})).rejects.toMatchObject({ code: 'RUN_STATE', message: 'lab tiny is stopped' });
  });
});

function bindOnce(): Promise<string> {
  return new Promise((resolve) => {
    const server = net.createServer().once('error', (error) => resolve(String(error)));
    server.listen({ host: ADDRESS, port: PORT, exclusive: true }, () => server.close(() => resolve('free')));
  });
}

it('lets a program wait in many places at once without a warning', async () => {
  const warnings: string[] = [];
  const warned = (warning: Error): void => void warnings.push(warning.name);
  process.on('warning', warned);
  const { engine, until } = lab((given) => ({
    ...given,
    play: async (context) => {
      const sleeper = context.role({ id: 'sleeper', host: 'client', kind: 'client' }, async (role) => {
        await Promise.all(Array.from({ length: 40 }, () => role.sleep(5)));
      });
      await Promise.all([sleeper.ended, ...Array.from({ length: 40 }, () => context.sleep(5))]);
    },
  }));
  await engine.start('tiny', {});
  await until((state) => state.state === 'open');
  // Warnings are emitted on the next turn.
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', warned);
  expect(warnings).toEqual([]);
});
