import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { createI18n } from 'vue-i18n';
import { must } from '../../../shared/base/assert';
import { connId } from '../../../shared/base/brand';
import { EMPTY_APP } from '../../../shared/trace/app/emptyApp';
import { scenario, type Scenario } from '../../../shared/trace/fixture';
import { connectRefused, echoClosesEarly, echoHalfCloses } from '../../../shared/trace/fixtureScenes';
import inspector from '../../i18n/locales/en/inspector.json';
import en from '../../i18n/locales/en/states.json';
import { PacedAxis } from '../../timeline/pacing';
import { NODES, TRANSITIONS } from './diagram';
import { historiesOf, stepsOf } from './history';
import { diagramLayout, LEAST, neighbour, pointOn } from './layout';
import StatesView from './StatesView.vue';
import { tokensAt } from './tokens';

function told(scene: Scenario) {
  const { story, trace } = scene.told();
  const histories = historiesOf(story, trace, must(story.connection(connId(1)), 'connection 1'));
  const of = (side: string): string[] => histories.find((one) => one.side === side)?.steps.map((step) => `${step.from}→${step.to}`) ?? [];
  return { story, trace, histories, of };
}

describe('the diagram', () => {
  it('has the eleven states and the twenty transitions of Figure 5', () => {
    expect(new Set(NODES.map((node) => node.state)).size).toBe(11);
    expect(TRANSITIONS.filter((one) => one.drawn)).toHaveLength(20);
    expect(new Set(TRANSITIONS.map((one) => one.id)).size).toBe(TRANSITIONS.length);
  });

  it.each([[LEAST.width, LEAST.height], [1030, 330], [1300, 500], [200, 90]])('has room for every box and every arrow in %i x %i px', (width, height) => {
    const layout = diagramLayout(width, height);
    expect(TRANSITIONS.filter((one) => !layout.edges.has(one.id))).toEqual([]);
    for (const a of layout.nodes) {
      expect(a.x >= 0 && a.y >= 0 && a.x + a.width <= layout.width && a.y + a.height <= layout.height, a.id).toBe(true);
      for (const b of layout.nodes) if (a !== b) expect(a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y, `${a.id} ${b.id}`).toBe(true);
    }
  });

  it('leads arrows from box to box', () => {
    const layout = diagramLayout(900, 400);
    const { curve } = must(layout.edges.get('ESTABLISHED-CLOSE_WAIT'), 'edge');
    const [from, to] = ['ESTABLISHED', 'CLOSE_WAIT'].map((id) => must(layout.nodes.find((node) => node.id === id), id));
    expect(pointOn(curve, 0).x).toBeCloseTo((from?.x ?? 0) + (from?.width ?? 0));
    expect(pointOn(curve, 1).y).toBeCloseTo(to?.y ?? 0);
  });

  it('is walked with the arrow keys', () => {
    const { nodes } = diagramLayout(650, 236);
    expect(neighbour(nodes, 'CLOSED', 'ArrowRight')).not.toBe('CLOSED');
    expect(neighbour(nodes, 'FIN_WAIT_1', 'ArrowRight')).toBe('FIN_WAIT_2');
    expect(neighbour(nodes, 'TIME_WAIT', 'ArrowDown')).toBe('END');
    expect(neighbour(nodes, 'LISTEN', 'ArrowUp')).toBe('LISTEN');
  });
});

describe('what the ends go through', () => {
  it('a connection that is closed in good order', () => {
    const { of, histories } = told(echoHalfCloses());
    expect(of('client').slice(0, 3)).toEqual(['CLOSED→SYN_SENT', 'SYN_SENT→ESTABLISHED', 'ESTABLISHED→FIN_WAIT_1']);
    expect(of('client').slice(-2)).toEqual([expect.stringMatching(/→TIME_WAIT$/u), 'TIME_WAIT→END']);
    expect(of('server')).toEqual(['LISTEN→SYN_RECEIVED', 'SYN_RECEIVED→ESTABLISHED', 'ESTABLISHED→CLOSE_WAIT', 'CLOSE_WAIT→LAST_ACK', 'LAST_ACK→END']);
    expect(of('listener')[0]).toBe('CLOSED→LISTEN');
    expect(stepsOf(histories).every((step) => step.transition !== null)).toBe(true);
  });

  it('knows the call or the segment that made each step', () => {
    const { story, trace, histories } = told(echoHalfCloses());
    const said = histories.flatMap((one) => one.steps).map(({ side, transition, cause }) => {
      if (cause === null) return `${side}: timer`;
      return `${side}: ${transition?.event ?? ''}: ${cause.type === 'fact' ? trace.kind(cause.seq) : `${story.segments.at(cause.id).kind} ${story.segments.at(cause.id).dir}`}`;
    });
    expect(said).toEqual(expect.arrayContaining([
      'client: active OPEN: connect.started', 'client: rcv SYN,ACK: syn-ack down', 'client: CLOSE: stream.shutdown', 'client: timer',
      'server: rcv SYN: syn up', 'server: rcv ACK of SYN: ack up', 'server: rcv FIN: fin up', 'server: CLOSE: socket.closed', 'listener: passive OPEN: socket.listened',
    ]));
  });

  it('a reset leads both to the end, from wherever they are', () => {
    const { of, histories, story } = told(echoClosesEarly());
    expect(of('client').at(-1)).toMatch(/→END$/u);
    const ends = histories.slice(0, 2).map((one) => one.steps.at(-1));
    expect(ends.map((step) => step?.transition?.event)).toEqual(['RST', 'RST']);
    expect(ends.map((step) => (step?.cause?.type === 'segment' ? story.segments.at(step.cause.id).kind : ''))).toEqual(['rst', 'rst']);
  });

  it('a refused connection ends in SYN-SENT; there is no server to show', () => {
    const { of, histories } = told(connectRefused());
    expect(of('client')).toEqual(['CLOSED→SYN_SENT', 'SYN_SENT→END']);
    expect(histories.find((one) => one.side === 'server')?.seen).toBe(false);
  });

  it('a connection is established before accept() returns', () => {
    const scene = scenario();
    const listener = scene.role('server', '127.0.20.1', 'server').listen(7);
    scene.role('client', '127.0.20.2', 'client').connect(listener.endpoint);
    const { of } = told(scene);
    expect(of('server')).toEqual(['LISTEN→SYN_RECEIVED', 'SYN_RECEIVED→ESTABLISHED']);
  });

  it('nothing is said of the states of a program that is not ours', () => {
    const scene = scenario();
    const listener = scene.role('server', '127.0.20.1', 'server').listen(7);
    scene.foreignClient(listener);
    listener.accept();
    const { histories } = told(scene);
    expect(histories.find((one) => one.side === 'client')?.seen).toBe(false);
    expect(histories.find((one) => one.side === 'server')?.seen).toBe(true);
  });
});

describe('tokens', () => {
  it('stand where the playhead is, and travel on the way to the next moment', () => {
    const { story, histories } = told(echoHalfCloses());
    const step = must(histories[0]?.steps[0], 'step');
    const moment = Array.from({ length: story.moments.count }, (_, at) => at).find((at) => story.momentTime(at) >= step.t) ?? -1;
    const client = (position: number, jump = false) => tokensAt(story, histories, position, jump).find((token) => token.side === 'client');
    expect(client(moment)).toMatchObject({ at: 'CLOSED', moving: null });
    expect(client(moment + 0.8)?.moving).toMatchObject({ step: { to: 'SYN_SENT' } });
    expect(client(moment + 0.8, true)).toMatchObject({ at: 'CLOSED', moving: null });
    expect(client(moment + 1)).toMatchObject({ at: 'SYN_SENT', moving: null });
    expect(tokensAt(story, histories, 0, false)).toEqual([]);
  });

  it('know when TIME_WAIT will end', () => {
    const { story, histories } = told(echoHalfCloses());
    const token = tokensAt(story, histories, story.moments.count, false).find((one) => one.side === 'client');
    expect(token?.at).toBe('TIME_WAIT');
    expect(token?.expected?.left).toBeGreaterThan(59_000_000);
  });
});

describe('the view', () => {
  function shown(scene: Scenario, given: Record<string, unknown> = {}) {
    const { story, trace } = scene.told();
    const labels = { host: (id: string) => id, role: (id: string) => id };
    const props = { story, trace, version: story.version, position: story.moments.count, selection: { type: 'none' }, axis: new PacedAxis('each', story), reducedMotion: true, labels, app: EMPTY_APP, ...given };
    const i18n = createI18n({ legacy: false, locale: 'en', messages: { en: { states: en, inspector } } });
    return { story, view: mount(StatesView, { attachTo: document.body, global: { plugins: [i18n] }, props: props as never }) };
  }

  it('says what it waits for', () => {
    expect(shown(scenario().role('client', '127.0.0.1', 'client').scene).view.text()).toContain('Waiting for the first connection');
  });

  it('shows who is where, and why; the reason is a button', async () => {
    const { view, story } = shown(echoHalfCloses());
    expect(view.get('[data-end="client"]').text()).toMatch(/client\s*TIME-WAIT.*← FIN/u);
    await view.get('[data-end="client"] button').trigger('click');
    const [chosen] = view.emitted('select')?.at(-1) as [{ type: string; id: number }];
    expect(chosen.type).toBe('segment');
    expect(story.segments.at(chosen.id)).toMatchObject({ kind: 'fin', dir: 'down' });
    expect(view.get('[data-state="TIME_WAIT"]').text()).toMatch(/TIME-WAIT(60\.0|59\.\d).s/u);
    expect(view.find('[data-edge="ESTABLISHED-CLOSE_WAIT"].taken').exists()).toBe(true);
    expect(view.find('[data-edge="FIN_WAIT_1-CLOSING"].taken').exists()).toBe(false);
  });

  it('explains a state, and closes the explanation', async () => {
    const { view } = shown(echoHalfCloses());
    await view.get('[data-state="CLOSE_WAIT"]').trigger('click');
    expect(view.get('[data-detail]').text()).toContain('must call close()');
    expect(view.get('[data-detail]').text()).toMatch(/entered 1 time .*RFC 9293 3\.3\.2.*inferred/u);
    await view.get('[data-state="CLOSE_WAIT"]').trigger('click');
    expect(view.find('[data-detail]').exists()).toBe(false);
  });

  it('tells the same as a list that arrows and Enter work', async () => {
    const { view } = shown(echoHalfCloses());
    await view.findAll('[role=radio]')[1]?.trigger('click');
    const list = view.get('[role=listbox]');
    expect(view.findAll('[role=option]').map((row) => row.text())).toContainEqual(expect.stringMatching(/server: ESTABLISHED → CLOSE-WAIT.*rcv FIN \/ snd ACK · FIN/u));
    await list.trigger('keydown', { key: 'Home' });
    await list.trigger('keydown', { key: 'Enter' });
    expect(view.emitted('select')?.at(-1)).toEqual([{ type: 'fact', seq: expect.any(Number) as number }]);
    await view.findAll('[role=option]')[1]?.trigger('dblclick');
    expect(view.emitted('seek')).toHaveLength(1);
  });

  it('draws a reset only where one happened', () => {
    expect(shown(echoHalfCloses()).view.findAll('.edge.bad')).toHaveLength(0);
    expect(shown(echoClosesEarly()).view.findAll('.edge.bad').length).toBeGreaterThan(0);
  });
});
