// What the kernel's socket table says of the ends, and who knows what: on the picture and in words.
import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { createI18n } from 'vue-i18n';
import { must } from '../../../shared/base/assert';
import { connId } from '../../../shared/base/brand';
import { EMPTY_APP } from '../../../shared/trace/app/emptyApp';
import { scenario, type Scenario } from '../../../shared/trace/fixture';
import { connecting, echoHalfCloses } from '../../../shared/trace/fixtureScenes';
import inspector from '../../i18n/locales/en/inspector.json';
import en from '../../i18n/locales/en/states.json';
import { PacedAxis } from '../../timeline/pacing';
import { crowdAt } from './crowd';
import { historiesOf } from './history';
import { beyond, knowledgeOf } from './knowledge';
import StatesView from './StatesView.vue';

const SERVER = { address: '127.0.20.1', port: 7041 };
const i18n = createI18n({ legacy: false, locale: 'en', messages: { en: { states: en, inspector } } });

function shown(scene: Scenario, given: Record<string, unknown> = {}) {
  const { story, trace } = scene.told();
  const labels = { host: (id: string) => id, role: (id: string) => id };
  const props = { story, trace, version: story.version, position: story.moments.count, selection: { type: 'none' }, axis: new PacedAxis('each', story), reducedMotion: true, labels, app: EMPTY_APP, ...given };
  return { story, trace, view: mount(StatesView, { attachTo: document.body, global: { plugins: [i18n] }, props: props as never }) };
}

/** The kernel's word on the client of the scene's first connection. */
function sampled(scene: Scenario, state: string, more: { readonly offset?: number; readonly size?: number } = {}): Scenario {
  const { story } = scene.told();
  const { client, server } = must(story.connection(connId(1)), 'connection');
  scene.fact('socket.sampled', { sock: client.sock ?? 0, local: client.endpoint, remote: server.endpoint, text: state, ...more });
  return scene;
}

describe('the kernel’s word', () => {
  it('counts TIME_WAIT down from the timer of the socket table', async () => {
    const { view } = shown(sampled(echoHalfCloses().wait(2_000_000), 'TIME_WAIT', { offset: 57_900, size: 3 }));
    expect(view.get('[data-state="TIME_WAIT"]').text()).toMatch(/TIME-WAIT57\.9.s/u);
    await view.get('[data-state="TIME_WAIT"]').trigger('click');
    expect(view.get('[data-detail]').text()).toContain('as the kernel’s socket table says');
  });

  it('counts on from the last sample, and says so', async () => {
    const scene = sampled(echoHalfCloses(), 'TIME_WAIT', { offset: 60_000, size: 3 }).wait(1_000_000);
    scene.fact('role.printed', { role: 1, text: 'later' });
    const { view } = shown(scene);
    expect(view.get('[data-state="TIME_WAIT"]').text()).toMatch(/≈ 59\.0.s/u);
    await view.get('[data-state="TIME_WAIT"]').trigger('click');
    expect(view.get('[data-detail]').text()).toMatch(/said 60\.0.s, counted on/u);
  });

  it('stands beside the inferred state where it is another', () => {
    const { view } = shown(sampled(echoHalfCloses(), 'CLOSING'));
    expect(view.get('[data-end="client"]').text()).toMatch(/TIME-WAIT\s*kernel: CLOSING/u);
  });

  it('agrees with a tick, and nothing is said of an end that was not read', () => {
    const { view } = shown(sampled(echoHalfCloses(), 'TIME_WAIT'));
    expect(view.get('[data-end="client"]').text()).toContain('socket table says the same: TIME_WAIT');
    expect(view.get('[data-end="server"]').text()).not.toContain('kernel');
  });

  it('tells of a listening socket’s queue', () => {
    const scene = connecting();
    scene.fact('socket.sampled', { sock: 1, local: SERVER, text: 'LISTEN', b: 2 });
    scene.wait(500_000).fact('socket.closed', { role: 2, sock: 90 });
    expect(shown(scene).view.get('[data-end="listener"]').text()).toContain('queue: 2');
  });
});

describe('a server whose program never accepts', () => {
  it('goes to CLOSE-WAIT by the client’s FIN all the same', () => {
    const scene = scenario();
    const listener = scene.role('server', '127.0.20.1', 'server').listen(7);
    must(scene.role('client', '127.0.20.2', 'client').connect(listener.endpoint), 'connection').close();
    const { story, trace } = scene.told();
    const server = historiesOf(story, trace, must(story.connection(connId(1)), 'connection')).find((one) => one.side === 'server');
    expect(server?.steps.map((step) => step.to)).toEqual(['SYN_RECEIVED', 'ESTABLISHED', 'CLOSE_WAIT']);
  });
});

describe('who knows what', () => {
  const toldBy = (scene: Scenario, side: 'client' | 'server', at: Parameters<typeof knowledgeOf>[4] = null, conn = 1): string => {
    const { story, trace } = scene.told();
    return knowledgeOf(story, trace, must(story.connection(connId(conn)), 'connection'), side, at, Infinity).told;
  };

  it('a client that gave up never learned; one whose connection waits in the queue is known to no program', () => {
    const gaveUp = connecting();
    gaveUp.wait(500_000).fact('socket.closed', { role: 2, sock: 90 });
    expect(toldBy(gaveUp, 'client')).toBe('gaveUp');
    const queued = scenario();
    const listener = queued.role('server', '127.0.20.1', 'server').listen(7);
    queued.role('client', '127.0.20.2', 'client').connect(listener.endpoint);
    expect([toldBy(queued, 'client', 'ESTABLISHED'), toldBy(queued, 'server', 'ESTABLISHED')]).toEqual(['connected', 'queued']);
  });

  it('a program that has not asked does not know of the FIN or the RST that has come', () => {
    const scene = scenario();
    const listener = scene.role('server', '127.0.20.1', 'server').listen(7);
    const client = must(scene.role('client', '127.0.20.2', 'client').connect(listener.endpoint), 'connection');
    listener.accept();
    client.close();
    expect(toldBy(scene, 'server', 'CLOSE_WAIT')).toBe('endUnread');
    expect(toldBy(scene, 'server', 'END')).toBe('resetUnread');
    expect(toldBy(scene, 'client', 'FIN_WAIT_2')).toBe('closedFirst');
  });

  it('is a face of its own, with the call that told each end as a button', async () => {
    const { view } = shown(echoHalfCloses());
    await view.findAll('[role=radio]').find((radio) => radio.text() === 'Who knows what')?.trigger('click');
    expect(view.get('[data-knows="client"]').text()).toContain('recv() returned 0: the other end will send no more');
    expect(view.get('[data-knows="server"]').text()).toContain('not seen: the kernel');
    await view.get('[data-knows="client"] button').trigger('click');
    expect(view.emitted('select')?.at(-1)).toEqual([{ type: 'fact', seq: expect.any(Number) as number }]);
  });

  it('follows a connection through a relay to the one behind it', () => {
    const scene = scenario();
    const target = scene.role('server', '127.0.20.1', 'server').listen(7);
    const relay = scene.role('relay', '127.0.20.3', 'relay');
    const door = relay.listen(8);
    scene.role('client', '127.0.20.2', 'client').connect(door.endpoint);
    door.accept();
    relay.connect(target.endpoint);
    target.accept();
    const { story } = scene.told();
    expect(beyond(story, must(story.connection(connId(1)), 'first'))).toBe(2);
    expect(beyond(story, must(story.connection(connId(2)), 'second'))).toBeNull();
  });
});

it('counts the ends in each state when there are many, and none for a single connection', () => {
  const scene = scenario();
  const listener = scene.role('server', '127.0.20.1', 'server').listen(7);
  const client = scene.role('client', '127.0.20.2', 'client');
  client.connect(listener.endpoint);
  listener.accept();
  expect(crowdAt(scene.told().story, Infinity).size).toBe(0);
  for (let n = 0; n < 4; n++) {
    client.connect(listener.endpoint);
    listener.accept();
  }
  expect(crowdAt(scene.told().story, Infinity).get('ESTABLISHED')).toBe(10);
  expect(shown(scene).view.get('[data-state="ESTABLISHED"]').text()).toContain('10');
});
