import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { createI18n } from 'vue-i18n';
import en from '../../i18n/locales/en/waterfall.json';
import { AppBuilder } from '../../../shared/trace/app/appBuilder';
import { header, WebScene } from '../exchange/webScene.fixture';
import { begun, cutBars, placeOf, tickStep, ticksOf, totalOf } from './crop';
import { itemsOf, kindOf, shortTarget, waterfall } from './layout';
import WaterfallView from './WaterfallView.vue';

const HTML = [header('Content-Type', 'text/html; charset=utf-8'), header('Content-Length', '4')];

/** Two runs one after the other: a connection for each of three objects, then one connection for all. */
function twoModes(): WebScene {
  const web = new WebScene();
  const server = web.role('server', '127.0.30.1', 'server').listen(80);
  const [close, keep] = [web.role('close', '127.0.30.2', 'client'), web.role('keep', '127.0.30.3', 'client')];
  for (const target of ['/', '/a.css', '/b.png']) web.exchange(web.line(close, server), { target, answer: HTML, answerBody: 'abcd' });
  web.scene.wait(50_000);
  const line = web.line(keep, server);
  for (const target of ['/', '/a.css', '/b.png']) web.exchange(line, { target, answer: HTML, answerBody: 'abcd' });
  return web;
}

/** A browser that visits a page twice: the second time its cache has the picture. */
function twoVisits(): WebScene {
  const web = new WebScene();
  const server = web.role('server', '127.0.30.1', 'server').listen(80);
  const browser = web.role('browser', '127.0.30.2', 'client');
  const url = 'http://web.test';
  const line = web.line(browser, server);
  web.note(browser.role, { topic: 'page.visit', url });
  web.exchange(line, { target: '/', answer: HTML, answerBody: '<img>' });
  web.note(browser.role, { topic: 'page.met', element: 'img', url: `${url}/p.png`, offset: 1 });
  web.scene.wait(200);
  web.exchange(line, { target: '/p.png', answer: [header('Content-Type', 'image/png')], answerBody: 'xx' });
  web.note(browser.role, { topic: 'page.done', url, objects: 2 });
  web.scene.wait(5000);
  web.note(browser.role, { topic: 'page.visit', url });
  web.note(browser.role, { topic: 'dns.cache', what: 'hit', key: 'web.test A', ttl: 30, data: '' });
  web.exchange(line, { target: '/', status: 304, answer: [] });
  web.note(browser.role, { topic: 'http.cache', what: 'hit', url: `${url}/p.png`, age: 1, lifetime: 60, etag: '' });
  return web;
}

describe('rows', () => {
  it('stand under the run that they belong to, each from its own start', () => {
    const { app, story } = twoModes().props();
    const fall = waterfall(app, story, false);
    expect(fall.runs.map((run) => run.rows.map((row) => row.target))).toEqual([['/', '/a.css', '/b.png'], ['/', '/a.css', '/b.png']]);
    expect(fall.aligned).toBe(true);
    expect(fall.runs.map((run) => placeOf(fall, run.run, run.start))).toEqual([0, 0]);
    const [close, keep] = fall.runs.map((run) => totalOf(run, Number.POSITIVE_INFINITY));
    expect(close).toMatchObject({ objects: 3, connections: 3, bytes: 12, done: true });
    expect(keep).toMatchObject({ objects: 3, connections: 1 });
    expect(close?.took).toBeGreaterThan(keep?.took ?? 0);
  });

  it('stand on one clock when runs overlap', () => {
    const web = new WebScene();
    const server = web.role('server', '127.0.30.1', 'server').listen(80);
    const lines = ['a', 'b'].map((id, at) => web.line(web.role(id, `127.0.30.${at + 2}`, 'client'), server));
    for (const line of [...lines, ...lines]) web.exchange(line, { target: '/' });
    const fall = waterfall(web.app(), web.props().story, false);
    expect(fall.aligned).toBe(false);
    expect(placeOf(fall, 1, fall.runs[1]?.start ?? 0)).toBeGreaterThan(0);
  });

  it('say which visit used a cache, and for what', () => {
    const { app, story } = twoVisits().props();
    const [first, second] = waterfall(app, story, false).runs;
    expect([first?.visit, second?.visit]).toEqual([1, 2]);
    expect(first?.rows[1]?.met).not.toBeNull();
    expect(second?.rows.map(({ cached, nameCached, conn }) => [cached, nameCached, conn])).toEqual([['validated', true, 1], ['client', false, null]]);
    expect(first?.rows.some((row) => row.cached !== null || row.nameCached)).toBe(false);
    expect(second?.start).toBe(app.notes.findLast(({ note }) => note.topic === 'page.visit')?.t);
  });

  it('leave out what relays repeat, unless they are asked for', () => {
    const web = new WebScene();
    const relay = web.role('relay', '127.0.30.4', 'client');
    web.exchange(web.line(relay, web.role('server', '127.0.30.1', 'server').listen(80)), { target: '/', relayed: true });
    const { app, story } = web.props();
    expect(waterfall(app, story, false).runs).toEqual([]);
    expect(waterfall(app, story, true).runs).toHaveLength(1);
  });

  it('are grouped by their connection on demand', () => {
    const { app, story } = twoModes().props();
    const items = itemsOf(waterfall(app, story, false).runs, 'connection');
    expect(items.map((item) => (item.type === 'connection' ? `#${item.conn} ${item.count}` : item.type))).toEqual(['run', '#1 1', 'row', '#2 1', 'row', '#3 1', 'row', 'run', '#4 3', 'row', 'row', 'row']);
  });

  it('are the same when the story is told by the bytes themselves', () => {
    const web = twoModes();
    const { trace, story } = web.scene.told();
    const builder = new AppBuilder(trace, story);
    builder.advance();
    const [byHand, derived] = [waterfall(web.app(), story, false), waterfall(builder.app, story, false)];
    const said = (fall: typeof byHand) => fall.runs.map((run) => run.rows.map((row) => [row.target, row.kind, row.conn, row.end]));
    expect(said(derived)).toEqual(said(byHand));
  });
});

describe('the playhead', () => {
  it('cuts the bar that it stands in, and hides what comes later', () => {
    const { app, story } = twoModes().props();
    const fall = waterfall(app, story, false);
    const row = fall.runs[0]?.rows[0];
    const wait = row?.bars.find((bar) => bar.phase === 'wait');
    if (row === undefined || wait === undefined) throw new Error('no wait');
    const bars = cutBars(fall, row, (wait.start + wait.end) / 2);
    expect(bars.map(({ phase, done }) => [phase, done])).toEqual([['connect', true], ['send', true], ['wait', false]]);
    expect(bars.at(-1)?.share).toBeCloseTo((wait.end - wait.start) / 2 / fall.span);
    expect(begun(itemsOf(fall.runs, 'time'), wait.start).map((item) => item.type)).toEqual(['run', 'row']);
    expect(begun(itemsOf(fall.runs, 'time'), Number.NEGATIVE_INFINITY)).toEqual([]);
  });

  it('finds every total unfinished until the end', () => {
    const { app, story } = twoModes().props();
    const [run] = waterfall(app, story, false).runs;
    if (run === undefined) throw new Error('no run');
    expect(totalOf(run, run.start)).toMatchObject({ took: 0, objects: 1, bytes: 0, done: false });
  });
});

it('ticks have round distances and room', () => {
  expect(tickStep(100_000, 700)).toBe(10_000);
  expect(tickStep(1234, 330)).toBe(500);
  expect(ticksOf(1234, 330)).toEqual([0, 500, 1000]);
  expect(ticksOf(1, 0)).toEqual([0, 1]);
});

it('media types have short names', () => {
  expect(['text/html; charset=utf-8', 'image/svg+xml', 'application/javascript', 'application/x-tar', ''].map(kindOf)).toEqual(['html', 'svg', 'js', 'tar', '']);
});

it('long paths are told apart by their ends', () => {
  expect(['/', '/a.css', '/pictures/a/photo.png', '/posts/', '/x/y?next=/z'].map(shortTarget)).toEqual(['/', '/a.css', '…/photo.png', '/posts/', '…/y?next=/z']);
});

describe('the waterfall view', () => {
  function shown(web: WebScene, given: Record<string, unknown> = {}) {
    const props = web.props(given);
    const i18n = createI18n({ legacy: false, locale: 'en', messages: { en: { waterfall: en } } });
    return { props, view: mount(WaterfallView, { attachTo: document.body, global: { plugins: [i18n] }, props: props as never }) };
  }

  it('says what it waits for', () => {
    expect(shown(new WebScene()).view.text()).toContain('No waterfall yet');
    expect(shown(twoModes(), { position: 0 }).view.text()).toContain('The first request is still to come');
  });

  it('names each row with all that it shows', async () => {
    const { view } = shown(twoModes());
    const names = view.findAll('[role=option]').map((row) => row.attributes('aria-label') ?? '');
    expect(names).toHaveLength(6);
    expect(names[0]).toMatch(/^GET \/, 200, html, 4 B, connection 1, connect .*, send .*, wait .*, receive /u);
    expect(view.text()).toContain('3 objects · 3 connections · 12 B');
    await view.setProps({ position: 0 } as never);
    expect(view.findAll('[role=option]')).toHaveLength(0);
  });

  it('compares runs by their totals alone', async () => {
    const { view } = shown(twoModes());
    await view.findAll('[role=radio]')[2]?.trigger('click');
    expect(view.findAll('[role=option]')).toHaveLength(0);
    expect(view.get('[role=list][tabindex]').attributes('aria-label')).toBe('Runs and the time that each took');
    expect(view.findAll('[role=listitem]').map((run) => run.text())).toEqual([expect.stringMatching(/^close .*3 connections/su), expect.stringMatching(/^keep .*1 connection /su)]);
  });

  it('marks what a cache answered', () => {
    const { view } = shown(twoVisits());
    const names = view.findAll('[role=option]').map((row) => row.attributes('aria-label') ?? '');
    expect(names[2]).toMatch(/^GET \/, 304, 0 B, connection 1, unchanged, name cached/u);
    expect(names[3]).toBe('GET /p.png, from its cache');
    expect(view.text()).toContain('browser, visit 2');
  });

  it('moves with the arrows, chooses with Enter, goes there with a double click', async () => {
    const { view, props } = shown(twoVisits());
    const list = view.get('[role=listbox]');
    await list.trigger('keydown', { key: 'Enter' });
    const cached = props.app.notes.at(-1)?.seq ?? -1;
    expect(view.emitted('select')?.at(-1)).toEqual([{ type: 'fact', seq: cached }]);
    await list.trigger('keydown', { key: 'Home' });
    await list.trigger('keydown', { key: 'Enter' });
    expect(view.emitted('select')?.at(-1)).toEqual([{ type: 'message', id: 0 }]);
    await view.get('[data-row="exchange-1"]').trigger('dblclick');
    expect(view.emitted('seek')?.at(-1)).toEqual([props.story.momentOfFact(props.app.messages[2]?.sentSeq ?? -1) + 1]);
    await view.setProps({ selection: { type: 'message', id: 1 } } as never);
    expect(view.get('.row.chosen').attributes('data-row')).toBe('exchange-0');
  });
});
