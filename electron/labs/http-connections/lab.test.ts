// The lab of HTTP's connections on real sockets: how many connections, which way is how fast, and what a slow picture holds up.
import { describe, expect, it } from 'vitest';
import { lostTime } from '../lostTime.fixture';
import { LabTest } from '../run.fixture';
import { gallery, reckoned } from './gallery';
import lab from './lab';
import { BLOCKING_URL, LAST_URL } from './pictures';
import { clientOf, POLICIES } from './manifest';
import { reckon } from './reckoning';

const took = (run: LabTest, client: string): number => Number(/^measured (\d+) ms/.exec(run.prints(client).find((line) => line.startsWith('measured')) ?? '')?.[1]);
const loadedAt = (run: LabTest, client: string, url: string): number => run.facts('role.noted', client).find((fact) => fact.text.includes(`"page.loaded","url":"${url}"`))?.seq ?? -1;

describe('all four, one after the other', () => {
  it('open 13, 1, 6 and 1 connections; fewer round trips are faster; the reckoning is near', async () => {
    const lost = lostTime();
    const run = await LabTest.play(lab);
    const late = lost();
    const clients = POLICIES.map(clientOf);
    expect(clients.map((client) => run.facts('connect.ended', client).filter((fact) => fact.err === '').length)).toEqual([13, 1, 6, 1]);
    // Each browser has everything: the page and twelve objects.
    for (const client of clients) expect(run.facts('role.noted', client).filter((fact) => fact.text.includes('"page.loaded"'))).toHaveLength(13);
    const { page, objects } = reckoned(gallery('slow'));
    const wire = { delay: 30, bandwidth: 1_000_000 };
    for (const policy of POLICIES) {
      const { total } = reckon(policy, page, objects, wire);
      const measured = took(run, clientOf(policy));
      // Never faster than the wire allows; how much slower is the machine's affair.
      expect(measured, policy).toBeGreaterThan(0.93 * total);
      expect(measured, policy).toBeLessThan(2 * total + 200 + late);
    }
    const [own = 0, keepAlive = 0, six = 0, h2 = 0] = clients.map((client) => took(run, client));
    expect(own + late).toBeGreaterThan(keepAlive);
    expect(keepAlive + late).toBeGreaterThan(Math.max(six, h2));
    expect([run.verdict('connections'), run.verdict('blocking')]).toEqual(['thirteen', 'lanes']);
    expect(run.verdict('fastest')).toBe(six < h2 ? 'six' : 'h2');
    expect(run.stepsDone()).toEqual(lab.manifest.steps.map((step) => step.id));
  });
});

describe('one at a time', () => {
  it('keep-alive: what comes behind the slow picture waits for it', async () => {
    const run = await LabTest.play(lab, { connections: 'keep-alive', delay: 5 });
    const client = clientOf('keep-alive');
    expect(loadedAt(run, client, LAST_URL)).toBeGreaterThan(loadedAt(run, client, BLOCKING_URL));
    expect([run.verdict('fastest'), run.verdict('connections'), run.verdict('blocking')]).toEqual(['alone', 'other', 'nowhere']);
  });

  it('HTTP/2: one connection, and the slow picture holds up nobody', async () => {
    const run = await LabTest.play(lab, { connections: 'h2', delay: 5 });
    const client = clientOf('h2');
    expect(loadedAt(run, client, LAST_URL)).toBeLessThan(loadedAt(run, client, BLOCKING_URL));
    expect(run.facts('connect.started', client)).toHaveLength(1);
    expect(run.verdict('blocking')).toBe('h2');
  });

  it('a large picture is shared out with the others in HTTP/2, and blocks the one connection of keep-alive', async () => {
    const behind: boolean[] = [];
    for (const connections of ['keep-alive', 'h2'] as const) {
      const run = await LabTest.play(lab, { connections, delay: 2, bandwidth: 2000, 'in-the-way': 'large' });
      behind.push(loadedAt(run, clientOf(connections), LAST_URL) > loadedAt(run, clientOf(connections), BLOCKING_URL));
      await run.stop();
    }
    expect(behind).toEqual([true, false]);
  });

  it('no delay and no bound on the bytes: everything works, nothing is reckoned to cost time', async () => {
    const run = await LabTest.play(lab, { connections: 'six', delay: 0, bandwidth: 0, 'in-the-way': 'none' });
    expect(run.prints(clientOf('six')).at(-1)).toMatch(/^measured \d+ ms, reckoned 0 ms: 5 round trips of 0 ms/);
    expect(run.facts('fault.applied')).toEqual([]);
  });
});

describe('the user', () => {
  it('loads again over a wire that was changed', async () => {
    const run = await LabTest.play(lab, { connections: 'h2', delay: 0, 'in-the-way': 'none' });
    await run.act('change-wire', { delay: 40, bandwidth: 0 });
    await run.act('load', { connections: 'keep-alive' });
    expect(took(run, 'client-5')).toBeGreaterThanOrEqual(14 * 80);
    expect(run.facts('connect.started', 'client-5')).toHaveLength(1);
  });
});

it('serve starts servers and the wire, and no browser', async () => {
  const run = await LabTest.serve(lab);
  expect(run.facts('socket.listened').map((fact) => fact.local?.port).sort()).toEqual([8088, 8088, 8089, 8089]);
  expect(run.facts('role.started', 'client*')).toEqual([]);
});
