// Crowds at servers of several models, as notes and calls tell them: where each client is at any instant, and what answers cost.
import { describe, expect, it } from 'vitest';
import { scenario } from '../fixture';
import { modelScene, twoModels } from './models.fixture';
import { modelOfRole, modelStory } from './modelStory';
import { countsAt, countsOver, elapsedAt, latencyAt, lossesAt, PLACES, placesAt, within } from './modelTimes';

describe('an iterative server, then threads', () => {
  const { trace, story } = twoModels().s.told();
  const told = modelStory(trace, story);
  const [iterative, threads] = told.runs;
  const at = (run: typeof iterative, ms: number) => {
    const counts = run === undefined ? null : countsAt(run, run.begin + ms * 1000);
    return counts === null ? '' : PLACES.filter((place) => counts[place] > 0).map((place) => `${counts[place]} ${place}`).join(', ');
  };

  it('are two runs, each with its own clients', () => {
    expect(told.runs.map(({ model, clients, people, end }) => [model, clients, people.length, end?.ms])).toEqual([['iterative', 4, 4, 40], ['threads', 4, 4, 10]]);
    expect(told.missing).toEqual([]);
  });

  it('wait in the queue until their turn comes, or are all served at once', () => {
    expect([0, 10, 20, 30, 40].map((ms) => at(iterative, ms))).toEqual(['3 queued, 1 served', '2 queued, 1 served, 1 done', '1 queued, 1 served, 2 done', '1 served, 3 done', '4 done']);
    expect([0, 10].map((ms) => at(threads, ms))).toEqual(['4 served', '4 done']);
  });

  it('as the kernel says, too: what follows from the calls is what it counted', () => {
    for (const { t, depth } of within(told.queues.get('iterative'), iterative ?? expect.fail('no run'), Infinity).slice(1)) expect(iterative && countsAt(iterative, t).queued).toBe(depth);
    expect(told.queues.get('iterative')?.map(({ depth }) => depth)).toEqual([4, 3, 2, 1, 0]);
    expect(told.samples.get('threads')).toMatchObject([{ threads: 5, processes: 1, memory: 54_000_000 }]);
  });

  it('wait as long as all before them take together', () => {
    expect(iterative && latencyAt(iterative, Infinity)).toEqual({ count: 4, p50: 20, p95: 40, max: 40 });
    expect(iterative && latencyAt(iterative, iterative.begin + 20_000)).toEqual({ count: 2, p50: 10, p95: 20, max: 20 });
    expect(iterative && latencyAt(iterative, iterative.begin)).toBeNull();
    expect(threads && latencyAt(threads, Infinity)).toMatchObject({ p50: 10, max: 10 });
  });

  it('count the same clients at every step', () => {
    for (const run of told.runs) for (const counts of countsOver(run).at) expect(counts.reduce((sum, count) => sum + count, 0)).toBe(4);
    expect(iterative && placesAt(iterative, iterative.begin + 10_000)).toEqual(['done', 'served', 'queued', 'queued']);
  });

  it('have a time of their own', () => {
    if (threads === undefined) return expect.fail('no run');
    expect(elapsedAt(threads, threads.begin - 1, null)).toBeNull();
    expect(elapsedAt(threads, threads.begin + 3000, null)).toBe(3000);
    expect(elapsedAt(threads, threads.begin + 60_000_000, null)).toBe(10_000);
  });
});

it('folds only what is new, in place', () => {
  const scene = modelScene();
  scene.crowd('iterative', 2, false);
  const { trace, story, builder } = scene.s.told();
  const told = modelStory(trace, story);
  expect(told.runs).toHaveLength(1);
  scene.crowd('multiplexed', 3, true);
  scene.s.trace();
  builder.advance();
  expect(modelStory(trace, story)).toBe(told);
  expect(told.runs.map(({ model, people }) => `${model} ${people.length}`)).toEqual(['iterative 2', 'multiplexed 3']);
});

it('knows who is connected though the server has not looked, and who gave up', () => {
  const scene = modelScene();
  scene.stuck('iterative', 3);
  const client = scene.s.role('client-iterative-4', '127.0.71.1', 'client', 'client');
  client.note({ topic: 'service.asked', number: 1, to: '127.0.70.1:7020' });
  scene.s.wait(500_000);
  client.note({ topic: 'service.ended', number: 1, to: '127.0.70.1:7020', how: 'timeout', by: '', status: 0, ms: 500 });
  const { trace, story } = scene.s.told();
  const [run] = modelStory(trace, story).runs;
  if (run === undefined) return expect.fail('no run');
  expect(countsAt(run, Infinity)).toMatchObject({ queued: 3, lost: 1, served: 0 });
  expect([...lossesAt(run, Infinity)]).toEqual([['timeout', 1]]);
  expect(run.end).toBeNull();
});

it('takes no other program for one of the crowd, and names servers that could not run', () => {
  const scene = modelScene();
  scene.stuck('iterative', 1);
  const other = scene.s.role('client-of-another', '127.0.99.1', 'server');
  other.note({ topic: 'service.asked', number: 1, to: '127.0.70.1:7020' });
  scene.s.role('processes', '127.0.70.1', 'server', 'server').end('failed', 'ENOTSUP');
  const { trace, story } = scene.s.told();
  const told = modelStory(trace, story);
  expect(told.runs[0]?.people).toHaveLength(1);
  expect(told.missing).toEqual([{ model: 'processes', err: 'ENOTSUP' }]);
  expect([modelOfRole('threads-2'), modelOfRole('threadsafe'), modelOfRole(undefined)]).toEqual(['threads', null, null]);
});

it('takes no harm from notes that say nonsense', () => {
  const s = scenario('server-models');
  const { role } = s.role('starter', '127.0.71.1', 'client');
  for (const text of ['{"topic":"model.begin"}', '{"topic":"model.begin","model":"forks"}', '{"topic":"model.begin","model":"threads","clients":"many"}', '{"topic":"model.end","model":"threads","ms":"x"}', '{"topic":"service.ended","how":7}', '{"topic":"process.sampled"}'])
    s.fact('role.noted', { role, text });
  const { trace, story } = s.told();
  const [run] = modelStory(trace, story).runs;
  expect(run).toMatchObject({ model: 'threads', clients: 0, end: { ms: 0 } });
  expect(run && countsAt(run, 1e9)).toMatchObject({ away: 0 });
});
