// The chart of distribution times: axes, curves and points in their places, and the view as somebody with a keyboard meets it.
import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { createI18n } from 'vue-i18n';
import en from '../../i18n/locales/en/scaling.json';
import { timeByServer } from '../../../shared/lab/distribution';
import { folded } from '../../../shared/trace/app/appScene.fixture';
import { GIVEN, measuring, threeSizes } from '../../../shared/trace/distribution/distribution.fixture';
import { distributionRuns, runsAt } from '../../../shared/trace/distribution/distributionRuns';
import { scenario, type Scenario } from '../../../shared/trace/fixture';
import { PacedAxis } from '../../timeline/pacing';
import { scaleOf, ticksOf, timeText, unitOf } from './axes';
import { modelMs, plotOf, pointAfter, rowsOf } from './layout';
import ScalingView from './ScalingView.vue';

describe('axes', () => {
  it('place values in proportion, or by their powers', () => {
    expect([0, 5, 10].map(scaleOf('linear', 0, 10, 100, 200).place)).toEqual([100, 150, 200]);
    expect([1, 10, 100, 0].map(scaleOf('log', 1, 100, 0, 200).place)).toEqual([0, 100, 200, 0]);
  });

  it('have round numbers, not too close', () => {
    expect(ticksOf(scaleOf('linear', 0, 31, 0, 400), 400, 40, 'number')).toEqual([0, 5, 10, 15, 20, 25, 30]);
    expect(ticksOf(scaleOf('linear', 0, 3, 0, 400), 400, 40, 'number')).toEqual([0, 1, 2, 3]);
    expect(ticksOf(scaleOf('log', 1, 1e6, 0, 600), 600, 40, 'number')).toEqual([1, 10, 100, 1000, 10_000, 100_000, 1_000_000]);
    expect(ticksOf(scaleOf('linear', 0, 300_000, 300, 0), 300, 50, 'time')).toEqual([0, 60_000, 120_000, 180_000, 240_000, 300_000]);
    expect(ticksOf(scaleOf('log', 500, 9000, 300, 0), 300, 30, 'time')).toEqual([500, 1000, 2000, 5000]);
  });

  it('speak of times in the unit that fits', () => {
    const text = (ms: number): string => timeText(ms, (unit) => unit, String);
    expect([12.345, 999.7, 83_000, 125_000, 7_200_000, 86_400_000 * 12.1].map(text)).toEqual(['12.3\u00a0ms', '1\u00a0s', '83\u00a0s', '2.08\u00a0min', '2\u00a0h', '12.1\u00a0d']);
    expect(unitOf(60_000, 1)).toEqual(['min', 60_000]);
  });
});

const runs = distributionRuns(folded(threeSizes().end()).app);
const begun = runsAt(runs, Number.MAX_VALUE, () => null);
const plot = (given: Partial<Parameters<typeof plotOf>[0]> = {}) => plotOf({ runs, begun, given: GIVEN, asked: 10, axes: 'linear', range: 'measured', width: 500, height: 300, scale: 1, ...given });

describe('the chart', () => {
  it('puts a slower measurement above its formula', () => {
    const { points, curves } = plot();
    const ten = points.find(({ so }) => so.run.way === 'server' && so.run.receivers === 10);
    const model = curves.find(({ way }) => way === 'server')?.at;
    expect(model?.ms).toBe(timeByServer(GIVEN, 10));
    expect(ten?.x).toBeCloseTo(model?.x ?? 0);
    expect(ten?.y).toBeLessThan(model?.y ?? 0);
  });

  it('keeps everything inside, and names apart, on all axes and sizes', () => {
    for (const axes of ['linear', 'log'] as const) for (const range of ['measured', 'million'] as const) for (const [width, height] of [[320, 170], [1200, 700]] as const) {
      const { points, curves, left, right, top, bottom } = plot({ axes, range, width, height });
      for (const { x, y } of points) expect([x >= left, x <= right, y >= top, y <= bottom], `${axes} ${range}`).toEqual([true, true, true, true]);
      const [a, b] = curves.map(({ nameY }) => nameY);
      expect(Math.abs((a ?? 0) - (b ?? 0))).toBeGreaterThanOrEqual(14.9);
      expect(curves.every(({ d }) => !d.includes('NaN'))).toBe(true);
    }
  });

  it('carries the formulas on to a million peers: the server takes days, the swarm does not', () => {
    expect(modelMs('server', GIVEN, 1e6)).toBe(1e9);
    expect(modelMs('swarm', GIVEN, 1e6)).toBeLessThan(2001);
    expect(plot({ range: 'million', axes: 'log' }).xTicks.at(-1)).toBe(1e6);
  });

  it('draws no curve where the formula says nothing', () => {
    const none = { size: 1000, serverUp: 0, peerUp: 0, peerDown: 0 };
    expect(plot({ given: none, axes: 'log' }).curves.map(({ d, at }) => [d, at])).toEqual([['', null], ['', null]]);
    expect(plot({ given: none }).curves.every(({ d }) => d !== '' && !d.includes('NaN'))).toBe(true);
  });

  it('says the same as a table', () => {
    const rows = rowsOf(begun);
    expect(rows.map((row) => [row.receivers, row.cells.server?.so.ms, row.cells.server?.model, row.cells.swarm?.ratio?.toFixed(2)])).toEqual([[1, 1040, 1000, '1.10'], [5, 5210, 5000, '1.20'], [10, 10_600, 10_000, '1.19']]);
    expect(rowsOf(begun.slice(0, 3)).map((row) => row.cells.swarm?.so.ms ?? null)).toEqual([1100, null]);
  });

  it('is walked through by arrows: along a way, and over to the other', () => {
    const walk = ['Home', 'ArrowRight', 'ArrowUp', 'ArrowRight', 'ArrowRight', 'ArrowDown', 'ArrowLeft', 'End', 'x'];
    let at = begun[1] ?? null;
    const way = walk.map((key) => {
      const next = pointAfter(begun, at, key);
      at = next ?? at;
      return next === null ? null : `${next.run.way} ${next.run.receivers}`;
    });
    expect(way).toEqual(['swarm 1', 'swarm 5', 'server 5', 'server 10', 'server 10', 'swarm 10', 'swarm 5', 'swarm 10', null]);
  });
});

describe('the view', () => {
  const i18n = createI18n({ legacy: false, locale: 'en', messages: { en: { scaling: en } } });
  function shown(s: Scenario, given: Record<string, unknown> = {}) {
    const { app, story, trace } = folded(s);
    const props = { story, trace, version: story.version, position: story.moments.count, selection: { type: 'none' } as const, axis: new PacedAxis('each', story), reducedMotion: false, labels: { host: (id: string) => id, role: (id: string) => id }, app, ...given };
    return { props, view: mount(ScalingView, { props, global: { plugins: [i18n] } }) };
  }

  it('shows each measured point with what it is, and of the last one why', () => {
    const { view } = shown(threeSizes().end());
    expect(view.findAll('[role=option]').map((one) => one.attributes('aria-label'))).toEqual([
      '1 receiver, from the server: 1.04\u00a0s, measured', '1 receiver, by the swarm: 1.1\u00a0s, measured', '5 receivers, from the server: 5.21\u00a0s, measured', '5 receivers, by the swarm: 1.72\u00a0s, measured',
      '10 receivers, from the server: 10.6\u00a0s, measured', '10 receivers, by the swarm: 1.98\u00a0s, measured',
    ]);
    const detail = view.get('[data-detail=point]').text();
    expect(detail).toContain('10 receivers, by the swarm');
    expect(detail).toMatch(/last piece\s*140\sms/u);
    expect(detail).toContain('5.35 times faster than from the server');
    expect(detail).toContain('10 of 10');
  });

  it('looks around by arrows, and chooses with Enter', async () => {
    const { view } = shown(threeSizes().end());
    const list = view.get('[role=listbox]');
    await list.trigger('keydown', { key: 'Home' });
    expect(view.get('[data-detail=point]').text()).toContain('1 receiver, by the swarm');
    expect(view.get('[role=option][aria-selected=true]').attributes('id')).toBe(list.attributes('aria-activedescendant'));
    await list.trigger('keydown', { key: 'Enter' });
    expect(view.emitted('select')?.at(-1)).toEqual([{ type: 'fact', seq: runs[1]?.end?.seq }]);
    await view.setProps({ selection: { type: 'fact', seq: runs[2]?.received[1]?.seq } } as never);
    expect(view.get('[data-detail=point]').text()).toContain('5 receivers, from the server');
    await view.get('[data-point=swarm-10]').trigger('dblclick');
    expect(view.emitted('seek')).toHaveLength(1);
  });

  it('is cut at the playhead, where a run that is under way grows', () => {
    const s = threeSizes();
    const { props } = shown(s.end());
    const cut = props.story.momentOfFact(runs[3]?.received[2]?.seq ?? -1) + 1;
    const { view } = shown(s, { position: cut });
    expect(view.findAll('[role=option]').at(-1)?.attributes('aria-label')).toMatch(/^5 receivers, by the swarm: .*, so far$/u);
    expect(view.text()).toContain('Under way: 3 of 5');
  });

  it('says that changed numbers are no measurement, until they are given back', async () => {
    const { view } = shown(threeSizes().end());
    const field = view.get<HTMLInputElement>('[data-number=serverUp] input');
    expect(field.element.value).toBe('1024');
    expect(view.text()).not.toContain('model only, not measured');
    expect(view.get('.said').text()).toContain('For 10 receivers: 10\u00a0s from the server');
    await field.setValue('2048');
    expect(view.get('.said').text()).toMatch(/model only, not measured.*5\ss from the server/u);
    await field.setValue('-3');
    expect(field.attributes('aria-invalid')).toBe('true');
    await view.get('[data-reset]').trigger('click');
    expect(view.text()).not.toContain('model only');
    expect(view.findAll('.curve')).toHaveLength(2);
    expect(view.text()).toContain('model: by the swarm');
  });

  it('has a table that says the same', async () => {
    const { view } = shown(threeSizes().end());
    await view.findAll('[role=radio]').find((one) => one.text() === 'Table')?.trigger('click');
    expect(view.findAll('tbody tr').map((row) => row.text().replaceAll('\u00a0', ' '))).toEqual(['11.04 s1 s× 1.041.1 s1 s× 1.1', '55.21 s5 s× 1.041.72 s1.43 s× 1.2', '1010.6 s10 s× 1.061.98 s1.67 s× 1.19']);
  });

  it('has a face for each reason to be empty', () => {
    const running = scenario('client-server-vs-p2p');
    measuring(running);
    expect(shown(running).view.text()).toContain('Waiting for the first distribution');
    expect(shown(threeSizes().end(), { position: 1 }).view.text()).toContain('still to come');
    const none = scenario('client-server-vs-p2p');
    measuring(none);
    expect(shown(none.end()).view.text()).toContain('Nothing was measured');
  });
});
