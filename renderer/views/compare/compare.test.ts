// The comparison on screen: signs for what differs, one playhead for both runs, words for whoever cannot see the signs.
import { mount, type VueWrapper } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { compareRuns } from '../../../shared/trace/compare/compareRuns';
import { compareFigures, compareSettings } from '../../../shared/trace/compare/figures';
import { echoClosesEarly, echoHalfCloses } from '../../../shared/trace/fixtureScenes';
import { i18n } from '../../i18n/i18n';
import { gridValues, layoutAxis, rowAt } from './axis';
import CompareView from './CompareView.vue';
import { halfRow, nextDifference, shownLanes } from './rows';

const a = echoClosesEarly().told();
const b = echoHalfCloses().told();
const comparison = compareRuns(a, b);

const view = (row = 0): VueWrapper => mount(CompareView, {
  props: { a, b, comparison, figures: compareFigures(a, b), settings: compareSettings(a, b), anchor: 'start', row, size: 70, nameOf: (role: string) => `the ${role}`, settingName: (name: string, value?: string) => value ?? name },
  global: { plugins: [i18n] },
});

describe('the picture', () => {
  it('has a row for each step, with a sign and with words', () => {
    const rows = view().findAll('[role="option"]');
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.every((row) => row.attributes('data-how') === 'same' || row.get('.mark').text() !== '')).toBe(true);
    expect(rows.map((row) => row.attributes('data-how'))).toEqual(comparison.rows.slice(0, rows.length).map((row) => row.how));
    expect(rows.find((row) => row.attributes('data-how') === 'onlyB')?.get('.mark').text()).toContain('only in B');
  });

  it('says at the playhead what differs, and in what', () => {
    const at = comparison.rows.findIndex((row) => row.how === 'value');
    const now = view(at).get('.detail');
    expect(now.text()).toContain('the same call, but it says something else');
    expect(now.findAll('li').length).toBeGreaterThan(0);
    expect(view(at).get('[role="slider"]').attributes('aria-valuetext')).toBe(now.get('p').text());
  });

  it('moves the playhead by the arrow keys of the list, and by a click', async () => {
    const mounted = view(1);
    await mounted.get('[role="listbox"]').trigger('keydown', { key: 'ArrowDown' });
    await mounted.get('[role="listbox"]').trigger('keydown', { key: 'ArrowUp' });
    await mounted.findAll('[role="option"]')[4]?.trigger('click');
    expect(mounted.emitted('seek')).toEqual([[2], [0], [4]]);
  });

  it('puts the figures that differ first, and says so in words', () => {
    const figures = view().findAll('[data-figure]');
    const differing = figures.map((row) => row.classes('differs'));
    expect(differing).toEqual([...differing].sort((one, other) => Number(other) - Number(one)));
    expect(figures.find((row) => row.attributes('data-figure') === 'reset')?.text()).toContain('differs:');
  });
});

describe('the axis', () => {
  it('keeps every difference apart from what is the same at its place', () => {
    const layout = layoutAxis(comparison, 'order', 2000);
    for (const row of comparison.differences) expect(layout.ticks.some((tick) => tick.row === row)).toBe(true);
    expect(Math.max(...layout.ticks.map((tick) => tick.x))).toBeCloseTo(2000);
  });

  it('finds the row beneath a pointer', () => {
    const layout = layoutAxis(comparison, 'start', 900);
    for (const tick of layout.ticks) {
      const row = rowAt(layout, tick.x);
      const places = [layout.at(row, 'a'), layout.at(row, 'b')].flatMap((place) => place ?? []);
      expect(Math.min(...places.map((place) => Math.abs(place - tick.x)))).toBeLessThan(0.01);
    }
  });

  it('has round values', () => {
    expect(gridValues(0, 10)).toEqual([0, 2, 4, 6, 8, 10]);
    expect(gridValues(-3, 1.2)).toEqual([-3, -2, -1, 0, 1]);
  });
});

it('jumps from difference to difference, and stops at the last', () => {
  expect([nextDifference([2, 5], 0, 1), nextDifference([2, 5], 2, 1), nextDifference([2, 5], 5, 1), nextDifference([2, 5], 5, -1), nextDifference([2, 5], 2, -1)]).toEqual([2, 5, null, 2, null]);
});

it('draws an arrow from the lane that sends to the one that gets', () => {
  const lanes = shownLanes(comparison);
  const sent = comparison.rows.find((row) => row.a !== null && halfRow(a, 'a', row.a, lanes, 0)?.text.startsWith('send('));
  const half = halfRow(a, 'a', sent?.a ?? null, lanes, 0);
  expect([lanes[half?.at ?? -1]?.a, lanes[half?.to ?? -1]?.a]).toEqual(['client', 'server']);
});
