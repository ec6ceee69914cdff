// Server models against the kernel: servers in processes, threads and child processes of their own tell of the same bytes, in the same order
// and with the same ends, as tcpdump saw. And what follows from the calls of who waits where is what the kernel's accept queue held.
import { describe, expect, it } from 'vitest';
import models from '../../../electron/labs/server-models/lab';
import { MODELS } from '../../../electron/labs/server-models/manifest';
import { modelStory } from '../../../shared/trace/models/modelStory';
import { countsOver, PLACES, within } from '../../../shared/trace/models/modelTimes';
import { captureProblem } from './capture';
import { allClosed, judged } from './judged';

const problem = await captureProblem();
const QUICK = { clients: 4, requests: 2, think: 40, work: 5 };

describe.skipIf(problem !== null)(`server models, against the kernel${problem === null ? '' : ` (not run: ${problem})`}`, () => {
  it.each(MODELS)('%s: no difference', async (model) => {
    const found = await judged(models, { ...QUICK, model }, async (run) => {
      await run.untilFacts('connection.accepted', model, QUICK.clients);
      await allClosed(run);
    });
    expect(found.differences).toEqual([]);
    expect(found.connections).toBe(QUICK.clients);
    expect(found.bytes).toBeGreaterThan(0);
  });

  it('iterative: a queue that grows and empties, by the calls as by the kernel', async () => {
    const { run } = await judged(models, { ...QUICK, model: 'iterative', clients: 6, think: 250 });
    const story = modelStory(run.store, run.story);
    const [first] = story.runs;
    if (first === undefined) return expect.fail('no clients came');
    const depths = within(story.queues.get('iterative'), first, Infinity).map(({ depth }) => depth);
    if (process.platform === 'linux') expect(depths.length).toBeGreaterThan(0);
    // They all come at once; from then on the kernel holds fewer and fewer of them.
    const most = Math.max(0, ...depths);
    expect(depths.slice(depths.indexOf(most)), depths.join(' ')).toEqual([...depths.slice(depths.indexOf(most))].sort((a, b) => b - a));
    const queued = countsOver(first).at.map((counts) => counts[PLACES.indexOf('queued')] ?? 0);
    expect(Math.max(...queued)).toBeGreaterThanOrEqual(most);
    expect(queued.at(-1)).toBe(0);
  });
});
