// Each model of a server on real sockets, under the same clients: who is accepted when, where the others wait, and what the kernel says.
import { describe, expect, it } from 'vitest';
import type { ParameterValues } from '../../../shared/lab/manifest';
import { parseNote, type Note } from '../../../shared/trace/notes';
import { modelStory } from '../../../shared/trace/models/modelStory';
import { countsAt, latencyAt, lossesAt } from '../../../shared/trace/models/modelTimes';
import { LabTest } from '../run.fixture';
import lab from './lab';
import { MODELS } from './manifest';

const QUICK: ParameterValues = { clients: 4, requests: 2, think: 60, work: 5 };

/** A run whose servers, too, have told all: they do so in their own time. */
async function play(params: ParameterValues, accepted = 4): Promise<LabTest> {
  const run = await LabTest.play(lab, { ...QUICK, ...params });
  if (params['model'] !== 'all') await run.untilFacts('connection.accepted', String(params['model']), accepted);
  return run;
}

const notes = <T extends Note['topic']>(run: LabTest, topic: T, role = '*'): Extract<Note, { topic: T }>[] =>
  run.facts('role.noted', role).map(({ text }) => parseNote(text)).filter((note): note is Extract<Note, { topic: T }> => note?.topic === topic);
const story = (run: LabTest) => modelStory(run.store, run.story);
const first = (run: LabTest) => story(run).runs[0] ?? expect.fail('no clients came');
/** Times of accept() and of the clients' close(), in order. */
const times = (run: LabTest, kind: 'connection.accepted' | 'socket.closed', role: string): number[] => run.facts(kind, role).map(({ t }) => t).sort((a, b) => a - b);

describe('iterative', () => {
  it('takes the next one when the last has gone; all are connected long before', async () => {
    const run = await play({ model: 'iterative' });
    const accepted = times(run, 'connection.accepted', 'iterative');
    const closed = times(run, 'socket.closed', 'client-iterative*');
    expect(accepted).toHaveLength(4);
    // Nobody but the first is accepted before somebody has gone.
    accepted.slice(1).forEach((t, at) => expect(t).toBeGreaterThan(closed[at] ?? Infinity));
    const connected = run.facts('connect.ended', 'client-iterative*');
    expect(connected.map(({ err }) => err)).toEqual(['', '', '', '']);
    for (const { t } of connected) expect(t).toBeLessThan(accepted[1] ?? 0);
    expect(notes(run, 'service.ended').map(({ how }) => how)).toEqual(Array(8).fill('ok'));
    expect(run.verdict('last')).toBe('waits');
    expect(run.verdict('fastest')).toBe('only-one');
    expect(run.stepsDone()).toEqual(expect.arrayContaining(['listen', 'iterative', 'connected', 'queue', 'next', 'reckoning']));
  });

  it('makes the last one wait for the thinking of all before', async () => {
    const run = await play({ model: 'iterative' });
    const latency = latencyAt(first(run), Infinity);
    expect(latency?.max).toBeGreaterThan(3 * 60);
    expect(latency?.count).toBe(8);
    expect(countsAt(first(run), Infinity)).toMatchObject({ done: 4, queued: 0, served: 0 });
  });

  it('gets round to all sooner when each request has a connection of its own', async () => {
    const run = await play({ model: 'iterative', keep: false }, 8);
    expect(run.facts('connection.accepted', 'iterative')).toHaveLength(8);
    expect(countsAt(first(run), Infinity)).toMatchObject({ done: 4 });
  });

  it('with a full backlog: those who come then are not even connected, and all but one lose patience', async () => {
    const run = await LabTest.serve(lab, { ...QUICK, model: 'iterative', backlog: 1, patience: 2500, think: 60_000 });
    // Six at once may all be told that they are connected: a kernel that answers late sees all SYNs before the first ACK.
    await run.act('more-clients', { model: 'iterative', clients: 3 });
    await run.untilFacts('connection.accepted', 'iterative', 1);
    await run.untilFacts('connect.ended', 'client-iterative*', 3);
    // Nor need the queue be full by then: the third one's ACK may have come before the first was accepted, and has to come again.
    if (process.platform === 'linux') await run.until(() => run.facts('socket.sampled').some(({ text, b }) => text === 'LISTEN' && b === 2));
    await run.act('more-clients', { model: 'iterative', clients: 3 });
    const said = (): string[] => run.prints('client-iterative*').filter((text) => text.includes('gives up'));
    await run.until(() => said().length === 5);
    expect(story(run).runs.map((one) => [...lossesAt(one, Infinity)])).toEqual([[['timeout', 2]], [['timeout', 3]]]);
    if (process.platform === 'linux') expect(said().filter((text) => text.includes('connect() has not returned'))).toHaveLength(3);
    expect(run.verdict('last')).toBe('gives-up');
    expect(run.stepsDone()).toContain('gave-up');
  });
});

describe.each(['threads', 'processes', 'multiplexed'] as const)('%s', (model) => {
  it('has all clients at once', async () => {
    const held = await LabTest.serve(lab, { ...QUICK, model, think: 60_000 });
    await held.act('more-clients', { model, clients: 4 });
    await held.untilFacts('connection.accepted', model, 4);
    expect(held.facts('socket.closed', `client-${model}*`)).toEqual([]);
    await held.stop();
    const run = await play({ model, think: 300 });
    expect(run.facts('connection.accepted', model)).toHaveLength(4);
    expect(notes(run, 'service.ended').map(({ how }) => how)).toEqual(Array(8).fill('ok'));
    expect(countsAt(first(run), Infinity)).toMatchObject({ done: 4 });
    expect(run.stepsDone()).toEqual(expect.arrayContaining(['listen', model, 'reckoning']));
    await run.until(() => notes(run, 'process.sampled', model).some(({ open }) => open > 0));
    const samples = notes(run, 'process.sampled', model);
    expect(Math.max(...samples.map(({ memory }) => memory))).toBeGreaterThan(1_000_000);
  });
});

it('all four in turn: the iterative one takes the longest, and each has its own clients', async () => {
  const run = await play({ model: 'all', think: 500 });
  for (const model of MODELS) await run.untilFacts('connection.accepted', model, 4);
  await run.until(() => run.stepsDone().length === lab.manifest.steps.length - 1);
  const { runs, missing } = story(run);
  expect(missing).toEqual([]);
  expect(runs.map(({ model, people }) => `${model} ${people.length}`)).toEqual(MODELS.map((model) => `${model} 4`));
  expect(runs.every(({ end }) => end !== null)).toBe(true);
  expect(run.verdict('last')).toBe('waits');
  expect(run.verdict('fastest')).toBe('others');
  expect(run.stepsDone()).toEqual(lab.manifest.steps.map(({ id }) => id).filter((id) => id !== 'gave-up'));
});

describe('by hand', () => {
  it('a server is killed and started again; a new crowd comes', async () => {
    const run = await LabTest.serve(lab, { ...QUICK, model: 'iterative', requests: 1 });
    await run.act('more-clients', { model: 'iterative', clients: 2 });
    await run.until(() => notes(run, 'model.end').length === 1);
    await run.act('kill-server', { model: 'iterative' });
    await expect(run.act('more-clients', { model: 'iterative', clients: 1 })).rejects.toThrow('no iterative server is running');
    await run.act('start-server', { model: 'iterative' });
    await run.act('more-clients', { model: 'iterative', clients: 2 });
    await run.until(() => notes(run, 'model.end').length === 2);
    expect(story(run).runs.map(({ people, end }) => [people.length, end !== null])).toEqual([[2, true], [2, true]]);
    await expect(run.act('kill-server', { model: 'threads' })).rejects.toThrow('no threads server is running');
  });

  it('those in the queue of a server that is killed are reset', async () => {
    const run = await LabTest.serve(lab, { ...QUICK, model: 'iterative', think: 60_000 });
    await run.act('more-clients', { model: 'iterative', clients: 3 });
    await run.until(() => run.facts('connect.ended', 'client-iterative*').length === 3 && notes(run, 'service.ended').length === 1);
    await run.act('kill-server', { model: 'iterative' });
    await run.until(() => notes(run, 'service.ended').length === 3);
    expect(notes(run, 'service.ended').slice(1).map(({ how }) => how)).toEqual(['reset', 'reset']);
  });
});
