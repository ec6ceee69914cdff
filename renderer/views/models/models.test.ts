// The picture of server models: charts in their places, dots that fit, and the view as somebody with a keyboard meets it.
import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { createI18n } from 'vue-i18n';
import en from '../../i18n/locales/en/models.json';
import { folded } from '../../../shared/trace/app/appScene.fixture';
import { scenario, type Scenario } from '../../../shared/trace/fixture';
import { modelScene, twoModels } from '../../../shared/trace/models/models.fixture';
import { modelStory } from '../../../shared/trace/models/modelStory';
import { PacedAxis } from '../../timeline/pacing';
import { dotSize, dotsPath } from './dots';
import { METRICS, rowsAt, shapesOf, spanOf, ticksOf, topOf, xOf, yOf } from './layout';
import ModelsView from './ModelsView.vue';

const none = (): null => null;

describe('rows', () => {
  const { trace, story } = twoModels().s.told();
  const told = modelStory(trace, story);
  const [first, second] = told.runs;
  const box = { width: 400, height: 80, span: spanOf(told, Infinity, none), top: topOf(told, 'clients') };

  it('are those that have begun, each on the axis of its own time', () => {
    expect(spanOf(told, Infinity, none)).toBe(40_000);
    expect(rowsAt(told, (first?.begin ?? 0) - 1, none)).toEqual([]);
    expect(rowsAt(told, (first?.begin ?? 0) + 12_000, none).map(({ elapsed }) => elapsed)).toEqual([12_000]);
    expect(rowsAt(told, (second?.begin ?? 0) + 5000, none).map(({ run, elapsed }) => `${run.model} ${elapsed}`)).toEqual(['iterative 40000', 'threads 5000']);
  });

  it('break off when whoever counts has ended', () => {
    const scene = modelScene();
    scene.stuck('iterative', 2);
    const stuck = scene.s.told();
    const [run] = modelStory(stuck.trace, stuck.story).runs;
    const end = (run?.begin ?? 0) + 7000;
    expect(rowsAt(modelStory(stuck.trace, stuck.story), end + 1e6, () => end)).toMatchObject([{ elapsed: 7000, broken: true }]);
  });

  it('have areas for who is where, which fill the box when all are there, and the kernel on a line of its own', () => {
    const [row] = rowsAt(told, Infinity, none);
    const shapes = row === undefined ? [] : shapesOf(told, row, 'clients', box);
    expect(shapes.map(({ key, kind }) => `${key} ${kind}`)).toEqual(['served area', 'queued area', 'done area', 'kernel line', 'kernel dots']);
    expect([xOf(box, 40_000), yOf(box, 4), yOf(box, 0)]).toEqual([400, 2, 80]);
    const queued = shapes.find(({ key }) => key === 'queued')?.d ?? '';
    // Above the one that is served: 4 at first, 1 after 30 ms.
    expect(queued.startsWith('M0.0 2.0L100.0 2.0L100.0 21.5')).toBe(true);
  });

  it('show nothing of what is still to come', () => {
    const [row] = rowsAt(told, (first?.begin ?? 0) + 10_000, none);
    for (const metric of METRICS) {
      const shapes = row === undefined ? [] : shapesOf(told, row, metric, box);
      const places = shapes.flatMap(({ d }) => [...d.matchAll(/[ML](-?[\d.]+) /g)].map(([, x]) => Number(x)));
      expect(Math.max(...places)).toBeLessThanOrEqual(103);
    }
  });

  it('share one scale, whatever they show', () => {
    expect(METRICS.map((metric) => topOf(told, metric))).toEqual([4, 40, 54_000_000, 5]);
    expect(ticksOf(40_000, 400, 60)).toEqual([0, 10_000, 20_000, 30_000, 40_000]);
  });
});

describe('dots', () => {
  const box = { width: 96, height: 34 };

  it('all fit, as large as they can be', () => {
    for (const count of [1, 6, 20, 200, 1000]) {
      const size = dotSize(count, box);
      expect(Math.floor(box.width / size) * Math.floor(box.height / size)).toBeGreaterThanOrEqual(count);
      expect(dotsPath('full', 0, count, size, box).match(/M/g)).toHaveLength(count);
    }
    expect(dotSize(6, box)).toBeGreaterThan(dotSize(200, box));
    expect(dotSize(200, { width: 96, height: 200 })).toBeGreaterThan(dotSize(200, box));
  });

  it('are no more than there is room for', () => expect(dotsPath('hollow', 0, 10_000, 1, box).match(/M/g)).toHaveLength(96 * 34));
});

describe('the view', () => {
  const i18n = createI18n({ legacy: false, locale: 'en', messages: { en: { models: en } } });
  function shown(s: Scenario, given: Record<string, unknown> = {}) {
    const told = folded(s);
    const props = {
      ...told, version: told.story.version, position: told.story.moments.count, selection: { type: 'none' } as const, axis: new PacedAxis('each', told.story), reducedMotion: true, labels: { host: (id: string) => id, role: (id: string) => id }, ...given,
    };
    return { told, view: mount(ModelsView, { props, global: { plugins: [i18n] } }) };
  }
  const plain = (text: string): string => text.replaceAll('\u00a0', ' ');
  const boxes = (view: ReturnType<typeof shown>['view'], model: string): string[] => view.findAll(`[data-model=${model}] [data-box]`).map((box) => box.get('.hidden').text());

  it('says of each server how long it took and what it cost', () => {
    const { view } = shown(twoModels().s);
    expect(plain(view.get('[data-model=iterative] .head').text())).toMatch(/done after 40\.0 ms.*50 % 20\.0 ms, 95 % 40\.0 ms, max 40\.0 ms.*kernel: 0 in the queue.*51 MiB.*1 thread.*1 process/);
    expect(plain(view.get('[data-model=threads] .head').text())).toMatch(/done after 10\.0 ms.*50 % 10\.0 ms.*51 MiB.*5 threads.*1 process/);
    expect(boxes(view, 'iterative')).toEqual(['nobody', 'nobody', 'nobody', '4 done']);
  });

  it('shows one instant of all servers, by the keyboard', async () => {
    const { view } = shown(twoModels().s);
    const slider = view.get('[role=slider]');
    await slider.trigger('keydown', { key: 'Home' });
    expect(boxes(view, 'iterative')).toEqual(['nobody', '3 in the accept queue, waiting in recv()', '1 accepted, waiting in recv()', 'nobody']);
    expect(boxes(view, 'threads')[2]).toBe('4 accepted, waiting in recv()');
    expect(plain(slider.attributes('aria-valuetext') ?? '')).toBe('At 0 µs: iterative: 3 wait outside, 1 at the server, 0 done; a thread each: 0 wait outside, 4 at the server, 0 done');
    for (let step = 0; step < 13; step++) await slider.trigger('keydown', { key: 'ArrowRight' });
    expect(slider.attributes('aria-valuenow')).toBe('10');
    expect(boxes(view, 'iterative')[3]).toBe('1 done');
    expect(boxes(view, 'threads')[3]).toBe('4 done');
    await slider.trigger('keydown', { key: 'Enter' });
    expect(view.emitted('seek')).toHaveLength(1);
    await slider.trigger('keydown', { key: 'Escape' });
    expect(boxes(view, 'iterative')[3]).toBe('4 done');
  });

  it('follows the playhead, forwards and backwards', async () => {
    const { view, told } = shown(twoModels().s);
    const [run] = modelStory(told.trace, told.story).runs;
    const middle = told.story.momentOfFact(run?.marks.find(({ what }) => what === 'answered')?.seq ?? -1) + 1;
    await view.setProps({ position: middle } as never);
    expect(view.findAll('[data-model]').map((row) => row.attributes('data-model'))).toEqual(['iterative']);
    expect(view.get('[data-model=iterative] .state').text()).toMatch(/so far/);
    await view.setProps({ position: told.story.moments.count } as never);
    expect(view.findAll('[data-model]')).toHaveLength(2);
  });

  it('has a table that says the same', async () => {
    const { view } = shown(twoModels().s);
    await view.findAll('[role=radio]').find((one) => one.text() === 'Table')?.trigger('click');
    const cells = view.findAll('tbody tr').map((row) => row.findAll('th, td').map((cell) => plain(cell.text())));
    expect(cells).toEqual([
      ['iterative', 'done after 40.0 ms', '0', '0', '0', '0', '0', '4', '0', '0', '20.0 ms', '40.0 ms', '40.0 ms', '51 MiB', '1', '1'],
      ['a thread each', 'done after 10.0 ms', '0', '0', '0', '0', '0', '4', '0', '4', '10.0 ms', '10.0 ms', '10.0 ms', '51 MiB', '5', '1'],
    ]);
  });

  it.each(METRICS)('draws %s', async (metric) => {
    const { view } = shown(twoModels().s);
    await view.findAll('[role=radio]').find((one) => one.text() === en.metric[metric])?.trigger('click');
    expect(view.findAll('[data-model=threads] svg path').length).toBeGreaterThan(1);
    expect(view.findAll('.legend li').length).toBeGreaterThan(0);
  });

  it('chooses the beginning of a run, and marks the chosen one', async () => {
    const { view, told } = shown(twoModels().s);
    const run = modelStory(told.trace, told.story).runs[1];
    await view.get('[data-model=threads] button').trigger('click');
    expect(view.emitted('select')?.at(-1)).toEqual([{ type: 'fact', seq: run?.beginSeq }]);
    await view.setProps({ selection: { type: 'fact', seq: run?.beginSeq } } as never);
    expect(view.findAll('.row.chosen').map((row) => row.attributes('data-model'))).toEqual(['threads']);
  });

  it('says what the system does not tell, and what could not run', () => {
    const silent = modelScene(scenario('server-models'));
    silent.s.role('processes', '127.0.70.1', 'server', 'server').end('failed', 'ENOTSUP');
    silent.starter.note({ topic: 'model.begin', model: 'threads', clients: 1, requests: 1, think: 0, work: 0 });
    silent.s.wait(1000);
    silent.starter.note({ topic: 'model.end', model: 'threads', ms: 1 });
    const { view } = shown(silent.s);
    expect(view.get('.unseen').text()).toContain('this system does not tell it');
    expect(view.get('[data-missing=processes]').text()).toContain('ENOTSUP');
    expect(shown(twoModels().s).view.find('.unseen').exists()).toBe(false);
  });

  it('draws two hundred clients of four servers without being slow', () => {
    const scene = modelScene();
    for (const model of ['iterative', 'threads', 'processes', 'multiplexed'] as const) scene.crowd(model, 200, model !== 'iterative');
    const { trace, story } = scene.s.told();
    const told = modelStory(trace, story);
    const box = { width: 600, height: 90, span: spanOf(told, Infinity, none), top: 200 };
    const rows = rowsAt(told, Infinity, none);
    // ms of the fastest of ten: what it costs, not what else the machine had to do.
    const took = Array.from({ length: 10 }, () => {
      const start = performance.now();
      for (const row of rows) for (const metric of METRICS) shapesOf(told, row, metric, box);
      return performance.now() - start;
    });
    expect(Math.min(...took)).toBeLessThan(100);
    const { view } = shown(scene.s);
    expect(view.findAll('[data-model]')).toHaveLength(4);
    expect(view.findAll('.picture path').length).toBeLessThanOrEqual(4 * 7);
  });

  it('has a face for each reason to be empty', () => {
    const idle = (end: boolean): Scenario => {
      const s = scenario('server-models');
      s.role('iterative', '127.0.70.1', 'server');
      return end ? s.end() : s;
    };
    expect(shown(idle(false)).view.text()).toContain('Waiting for the clients');
    expect(shown(idle(true)).view.text()).toContain('No clients came');
    expect(shown(twoModels().s, { position: 1 }).view.text()).toContain('Still to come');
  });
});
