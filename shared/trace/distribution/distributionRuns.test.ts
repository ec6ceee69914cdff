// What a lab notes of its distributions becomes runs with times, causes and finish times, cut at any moment.
import { describe, expect, it } from 'vitest';
import { folded } from '../app/appScene.fixture';
import { AppBuilder } from '../app/appBuilder';
import { scenario } from '../fixture';
import { GIVEN, measuring, threeSizes } from './distribution.fixture';
import { distributionRuns, runsAt } from './distributionRuns';

describe('runs', () => {
  const runs = distributionRuns(folded(threeSizes().end()).app);

  it('are those that were measured, in their order, with what was given', () => {
    expect(runs.map((run) => `${run.way} ${run.receivers} ${run.end?.ms}`)).toEqual(['server 1 1040', 'swarm 1 1100', 'server 5 5210', 'swarm 5 1720', 'server 10 10600', 'swarm 10 1980']);
    expect(runs.every((run) => JSON.stringify(run.given) === JSON.stringify(GIVEN))).toBe(true);
    expect(runs[3]?.received.map(({ receiver }) => receiver)).toEqual(['receiver-1', 'receiver-2', 'receiver-3', 'receiver-4', 'receiver-5']);
  });

  it('say why they took longer, always in one order', () => {
    expect(runs[1]?.end?.why).toEqual([{ cause: 'start-up', ms: 60 }, { cause: 'last-piece', ms: 140 }, { cause: 'choking', ms: 90 }]);
  });

  it('grow until they are over', () => {
    const run = runs[3];
    const begin = run?.begin ?? 0;
    const at = (ms: number) => runsAt(runs, begin + ms * 1000, () => null).at(-1);
    expect(at(0)).toMatchObject({ state: 'going', ms: 0, received: [] });
    expect(at(1200)).toMatchObject({ state: 'going', ms: 1200, received: [{ receiver: 'receiver-1' }] });
    expect(at(1719)?.state).toBe('going');
    expect(at(1720)).toMatchObject({ state: 'done', ms: 1720 });
    expect(runsAt(runs, begin, () => null)).toHaveLength(4);
  });
});

it('folds only what is new, and gives the same list while nothing is', () => {
  const s = scenario('client-server-vs-p2p');
  const measure = measuring(s);
  const { trace, story, builder } = s.told();
  const app = new AppBuilder(trace, story);
  app.advance();
  const before = distributionRuns(app.app);
  expect(before).toEqual([]);
  measure('server', 2, 2000);
  s.trace();
  builder.advance();
  app.advance();
  const after = distributionRuns(app.app);
  expect(after.map((run) => run.receivers)).toEqual([2]);
  expect(distributionRuns(app.app)).toBe(after);
});

it('breaks off what has no end when the next begins, or when the program that measures has ended', () => {
  const s = scenario('client-server-vs-p2p');
  const measure = measuring(s);
  measure('swarm', 5, 3000, [], 2);
  s.wait(500_000);
  measure('swarm', 5, 2000, [], 1);
  const runs = distributionRuns(folded(s.end('stopped')).app);
  const at = (end: number | null) => runsAt(runs, 1e12, () => end);
  expect(at(null).map(({ state }) => state)).toEqual(['broken', 'going']);
  const begin = runs[1]?.begin ?? 0;
  expect(at(begin + 4_000_000).map(({ state }) => state)).toEqual(['broken', 'broken']);
  expect(at(begin + 4_000_000)[1]?.ms).toBe(4000);
});

it('takes no harm from notes that say nonsense', () => {
  const s = scenario('client-server-vs-p2p');
  const { role } = s.role('server', '127.0.62.1', 'server');
  for (const text of ['{"topic":"dist.begin"}', '{"topic":"dist.begin","way":"server","receivers":"many"}', '{"topic":"dist.begin","way":"server","receivers":2,"size":-1}', '{"topic":"dist.end","way":"server","receivers":2,"ms":"x","why":7}', '{"topic":"dist.received","way":"swarm","receivers":2}'])
    s.fact('role.noted', { role, text });
  expect(distributionRuns(folded(s).app)).toMatchObject([{ receivers: 2, given: { size: 0 }, end: { ms: 0, why: [] } }]);
});
