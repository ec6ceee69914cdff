// The picture of availability: lanes, marks and windows in their places, and the view as somebody with a keyboard meets it.
import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { cpuTime } from '../../../shared/base/cpuTime.fixture';
import { createI18n } from 'vue-i18n';
import en from '../../i18n/locales/en/availability.json';
import { folded } from '../../../shared/trace/app/appScene.fixture';
import { everyOutcome, serviceScene } from '../../../shared/trace/service/service.fixture';
import { OUTCOMES } from '../../../shared/trace/service/serviceStory';
import { scenario, type Scenario } from '../../../shared/trace/fixture';
import { PacedAxis } from '../../timeline/pacing';
import AvailabilityView from './AvailabilityView.vue';
import { EVENT_SIGNS, OUTCOME_SIGNS } from './marks';
import { markOfSelection, pictureOf } from './picture';
import { axisOf, axisTicks, GAP, windowsOf } from './timeAxis';
import { begunMarks, markAfter, markAt } from './walk';

const { app, story } = folded(everyOutcome().s);
const picture = pictureOf(app, story);
const END = story.momentTime(story.moments.count - 1);

describe('lanes', () => {
  it('are balancers, servers, then clients, with what befell them in order of time', () => {
    expect(picture.lanes.map((lane) => `${lane.kind} ${lane.id}: ${lane.marks.map((mark) => (mark.type === 'event' ? mark.what : (mark.request.ended?.how ?? 'waits'))).join(' ')}`)).toEqual([
      'balancer balancer-1: started',
      'server server-1: started killed down restarted up',
      'server server-2: started hangs answers drain drained',
      'client client-1: ok reset refused cut waits',
      'client client-2: slow error failover timeout ok',
    ]);
  });

  it('know for how long a server was held to be down, hung, or was drained', () => {
    const spans = (id: string) => picture.lanes.find((lane) => lane.id === id)?.spans.map(({ what, start, end }) => [what, end === null ? null : Math.round((end - start) / 1000)]);
    expect(spans('server-1')).toEqual([['down', 1004]]);
    expect(spans('server-2')).toEqual([['hangs', 1000], ['drain', null]]);
  });

  it('count what the balancer sent to whom', () => {
    expect(picture.lanes.filter(({ kind }) => kind === 'server').map(({ chosen }) => chosen.length)).toEqual([2, 1]);
  });

  it('lead from a chosen fact, at its beginning or its end, to its mark', () => {
    const request = picture.notes.requests[2];
    for (const seq of [request?.askedSeq ?? -1, request?.ended?.seq ?? -1]) expect(markOfSelection(picture, app, { type: 'fact', seq })).toMatchObject({ request: { number: 2 } });
    expect(markOfSelection(picture, app, { type: 'host', index: 1 })).toBeNull();
  });
});

it('has a sign of its own for every outcome and for every event of a lane', () => {
  expect(new Set(OUTCOMES.map((how) => OUTCOME_SIGNS[how].d)).size).toBe(OUTCOMES.length);
  const ofPrograms = Object.entries(EVENT_SIGNS).filter(([what]) => !['restarted', 'answers', 'undrain'].includes(what)).map(([, { d, filled }]) => `${d} ${filled}`);
  expect(new Set(ofPrograms).size).toBe(ofPrograms.length);
});

describe('the axis', () => {
  const axis = axisOf(picture, 600, END);

  it('fits to the run, and finds times again', () => {
    expect([axis.place(story.roles[0]?.startedAt ?? 0), axis.place(END)]).toEqual([8, 592]);
    expect(axis.timeAt(axis.place(500_000))).toBeCloseTo(500_000);
    const ticks = axisTicks(axis, 0, 70);
    expect(ticks.map(({ t }) => t)).toEqual([200_000, 400_000, 600_000, 800_000, 1_000_000, 1_200_000]);
  });

  it('cuts out long silence, in which nobody asked', () => {
    const { s, request } = serviceScene();
    const client = s.role('client-1', '127.0.64.1', 'client');
    for (let number = 1; number <= 5; number++) request(client, number, 'ok', 100);
    s.wait(600_000_000);
    for (let number = 6; number <= 10; number++) request(client, number, 'refused', 100);
    const told = folded(s);
    const silent = axisOf(pictureOf(told.app, told.story), 600, told.story.momentTime(told.story.moments.count - 1));
    expect(silent.parts).toHaveLength(2);
    expect(silent.place(600_500_000) - silent.place(500_000)).toBeCloseTo(GAP, 1);
    expect(silent.place(601_000_000)).toBeCloseTo(592, 1);
  });

  it('counts answers in windows, and knows nothing of what is still to come', () => {
    const { windows, length } = windowsOf(picture.notes.requests, axis, END);
    expect(length).toBe(50_000);
    expect(windows.reduce((sum, one) => sum + one.ended, 0)).toBe(8);
    expect(windows.map(({ good, ended }) => `${good}/${ended}`)).toEqual(['1/1', '1/4', '0/1', '1/2']);
    expect(windowsOf(picture.notes.requests, axis, 35_000).windows.map(({ good, ended }) => [good, ended])).toEqual([[1, 1]]);
  });
});

describe('walking', () => {
  it('goes along a lane, and over to what is nearest in time', () => {
    const walk = ['ArrowRight', 'ArrowRight', 'ArrowDown', 'ArrowRight', 'End', 'ArrowUp', 'ArrowUp', 'Home', 'ArrowUp', 'ArrowUp', 'q'];
    let at = picture.lanes[3]?.marks[0] ?? null;
    const met = walk.map((key) => {
      const next = markAfter(picture.lanes, at, key, END);
      at = next ?? at;
      return next?.key ?? null;
    });
    const key = (lane: number, mark: number) => picture.lanes[lane]?.marks[mark]?.key;
    expect(met).toEqual([key(3, 1), key(3, 2), key(4, 2), key(4, 3), key(4, 4), key(3, 4), key(2, 4), key(2, 0), key(1, 0), key(0, 0), null]);
  });

  it('stays before the playhead', () => {
    const lane = picture.lanes[3];
    const cut = (picture.notes.requests[2]?.asked ?? 0) + 1;
    expect(lane && begunMarks(lane, cut)).toHaveLength(2);
    expect(markAfter(picture.lanes, lane?.marks[0] ?? null, 'End', cut)?.key).toBe(lane?.marks[1]?.key);
  });

  it('finds what lies under the pointer', () => {
    const axis = axisOf(picture, 600, END);
    const lane = picture.lanes[4];
    const timeout = picture.notes.requests[5];
    const x = axis.place((timeout?.asked ?? 0) + 400_000);
    expect(lane && markAt(lane, axis, END, x)?.key).toBe('r5');
    expect(lane && markAt(lane, axis, 100_000, x)).toBeNull();
  });
});

describe('the view', () => {
  const i18n = createI18n({ legacy: false, locale: 'en', messages: { en: { availability: en } } });
  function shown(s: Scenario, given: Record<string, unknown> = {}) {
    const told = folded(s);
    const props = {
      ...told, version: told.story.version, position: told.story.moments.count, selection: { type: 'none' } as const, axis: new PacedAxis('each', told.story), reducedMotion: false, labels: { host: (id: string) => id, role: (id: string) => id }, ...given,
    };
    return { props, view: mount(AvailabilityView, { props, global: { plugins: [i18n] } }) };
  }
  const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

  it('says how many were answered, and tells the ways to fail apart', () => {
    const { view } = shown(everyOutcome().s);
    expect(plain(view.get('[data-total]').text())).toContain('37.5 % answered: 3 of 8');
    expect(view.findAll('[data-outcome]').map((one) => one.text())).toEqual(['ok 2', 'slow 1', 'refused 1', 'reset 1', 'timed out 1', 'error 1', 'cut off 1']);
    expect(view.get('[data-total]').text()).toContain('waiting 1');
  });

  it('walks by arrows and chooses with Enter', async () => {
    const { view } = shown(everyOutcome().s);
    const list = view.get('[role=listbox]');
    await list.trigger('keydown', { key: 'Home' });
    expect(plain(view.get('[role=option]').attributes('aria-label') ?? '')).toBe('client-1: request 1 to 127.0.65.1:8080: answered after 20.0 ms, by server-1, at 10.0 ms');
    expect(view.get('[role=option]').attributes('id')).toBe(list.attributes('aria-activedescendant'));
    await list.trigger('keydown', { key: 'ArrowRight' });
    expect(plain(view.get('[data-detail=mark]').text())).toContain('reset by the other side after 5.00 ms');
    await list.trigger('keydown', { key: 'Enter' });
    expect(view.emitted('select')?.at(-1)).toEqual([{ type: 'fact', seq: picture.notes.requests[2]?.askedSeq }]);
    const killed = picture.lanes[1]?.marks[1];
    await view.setProps({ selection: { type: 'fact', seq: killed?.seq } } as never);
    expect(view.get('[data-detail=mark]').text()).toContain('server-1 killed: its sockets are closed by the system');
  });

  it('has a table that says the same, in order of time', async () => {
    const { view } = shown(everyOutcome().s);
    await view.findAll('[role=radio]').find((one) => one.text() === 'Table')?.trigger('click');
    const rows = view.findAll('[role=option]').map((row) => plain(row.text()));
    expect(rows.length).toBeGreaterThan(8);
    expect(rows.find((row) => row.includes('held to be down'))).toContain('balancer-1 holds it to be down: refused');
    expect(rows.find((row) => row.includes('fail-over'))).toContain('goes over to 127.0.65.2:8080, because of: an error');
    await view.get('[role=listbox]').trigger('keydown', { key: 'Home' });
    await view.get('[role=listbox]').trigger('keydown', { key: 'Enter' });
    expect(view.emitted('select')).toHaveLength(1);
  });

  it('is cut at the playhead', () => {
    const s = everyOutcome().s;
    const cut = story.momentOfFact(picture.notes.requests[1]?.askedSeq ?? -1) + 1;
    const { view } = shown(s, { position: cut });
    expect(plain(view.get('[data-total]').text())).toContain('100 % answered: 1 of 1');
    expect(view.get('[data-total]').text()).toContain('waiting 1');
  });

  it('draws twenty clients with hundreds of requests without being slow', () => {
    const { s, note } = serviceScene();
    const clients = Array.from({ length: 20 }, (_unused, at) => s.role(`client-${at + 1}`, `127.0.64.${at + 1}`, 'client'));
    for (let number = 1; number <= 300; number++) {
      for (const { role } of clients) note(role, { topic: 'service.asked', number, to: '127.0.65.1:8080' });
      s.wait(5000);
      for (const { role } of clients) note(role, { topic: 'service.ended', number, to: '127.0.65.1:8080', how: number % 9 === 0 ? 'refused' : 'ok', by: '', status: 200, ms: 5 });
    }
    const { view, props } = shown(s);
    expect(view.findAll('.lane').length).toBeLessThanOrEqual(20);
    const start = cpuTime();
    for (let round = 0; round < 10; round++) axisOf(pictureOf(props.app, props.story), 900, 1e7);
    expect(start() / 10).toBeLessThan(100);
  });

  it('has a face for each reason to be empty', () => {
    const idle = (end: boolean): Scenario => {
      const s = scenario('single-point-of-failure');
      s.role('server-1', '127.0.66.1', 'server');
      return end ? s.end() : s;
    };
    expect(shown(idle(false)).view.text()).toContain('Waiting for the first request');
    expect(shown(idle(true)).view.text()).toContain('Nobody asked for anything');
    expect(shown(everyOutcome().s, { position: 1 }).view.text()).toContain('still to come');
  });
});
