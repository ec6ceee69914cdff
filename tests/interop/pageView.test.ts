import { describe, expect, it } from 'vitest';
import browse from '../../electron/labs/browse-a-page/lab';
import { LabTest } from '../../electron/labs/run.fixture';
import { must } from '../../shared/base/assert';
import { visitAt } from '../../renderer/views/page/visit';

const END = Number.MAX_SAFE_INTEGER;
const pathOf = (url: string): string => new URL(url).pathname;

describe('the browser’s page at the playhead', () => {
  it('grows object by object, and comes from the cache at the second visit', async () => {
    const run = await LabTest.play(browse, { visits: 2 });
    const at = (position: number) => visitAt(run.story, run.app, position);
    const { count } = run.story.moments;
    expect(at(0)).toBeNull();
    const visits = Array.from({ length: count + 1 }, (_, position) => at(position));
    const first = visits.filter((visit) => visit?.number === 1);
    const states = first.map((visit) => visit?.objects[0]?.state);
    expect([...new Set(states)]).toEqual(['met', 'asked', 'arriving', 'whole'].filter((state) => states.includes(state as never)));
    const sizes = first.map((visit) => visit?.objects.length ?? 0);
    expect(sizes).toEqual([...sizes].sort((one, other) => one - other));
    expect(must(first.at(-1), 'the first visit').objects.every(({ state, from }) => state === 'whole' && from === 'network')).toBe(true);

    const second = must(at(END), 'the second visit');
    expect([second.number, second.done, pathOf(must(second.objects[0], 'the page').url)]).toEqual([2, true, '/']);
    expect(second.objects.map(({ url }) => pathOf(url)).sort()).toEqual(must(first.at(-1), 'the first visit').objects.map(({ url }) => pathOf(url)).sort());
    expect(second.objects.filter(({ from }) => from === 'cache').length).toBeGreaterThan(2);
    // What the cache kept is the body of the first visit.
    const page = must(second.objects[0], 'the page');
    expect(new TextDecoder().decode(run.app.body(must(page.exchange, 'its exchange'), 'response').bytes)).toMatch(/<html/i);
  });

  it('is where the redirect leads, not where it was typed', async () => {
    const run = await LabTest.play(browse, { tls: true, visits: 1 });
    const visit = must(visitAt(run.story, run.app, END), 'the visit');
    expect(visit.url).toMatch(/^http:/);
    expect(visit.objects[0]?.url).toMatch(/^https:/);
  });
});
