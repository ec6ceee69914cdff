import { mount } from '@vue/test-utils';
import { beforeEach, describe, expect, it } from 'vitest';
import { nextTick } from 'vue';
import { createI18n } from 'vue-i18n';
import en from '../../i18n/locales/en/sockets.json';
import { EMPTY_APP } from '../../../shared/trace/app/emptyApp';
import { scenario, type Scenario } from '../../../shared/trace/fixture';
import { echoClosesEarly, echoHalfCloses, udpUppercase } from '../../../shared/trace/fixtureScenes';
import { RoleCalls } from '../../../shared/trace/spell/roleCalls';
import { snapshotAt } from '../../../shared/trace/snapshot';
import type { EventKind } from '../../../shared/trace/event';
import type { RoleIx } from '../../../shared/base/brand';
import { PacedAxis } from '../../timeline/pacing';
import type { AppViewProps } from '../../timeline/viewProps';
import { placesIn, rolesAt, rolesShown, usualChoices } from './columns';
import { doorsOf, Queues, type DoorFacts } from './doors';
import { language } from './language';
import { begunCalls, callsOf, lastCall, lastFact, lineRow } from './lines';
import { selectedAt } from './selects';
import { rowHeight, rowsInView, scrollTo } from './rows';
import SocketsView from './SocketsView.vue';

const SERVER = { address: '127.0.20.1', port: 7007 };
const labels = { host: (id: string) => id, role: (id: string) => id };

function propsOf(scene: Scenario, position = Number.POSITIVE_INFINITY): AppViewProps {
  const { story, trace } = scene.told();
  return {
    story, trace, app: EMPTY_APP, version: story.version, position: Math.min(position, story.moments.count), selection: { type: 'none' },
    axis: new PacedAxis('each', story), reducedMotion: true, labels,
  };
}

/** The doors of a role once its first (or `which`) fact of a kind has happened. */
function doorsAfter(scene: Scenario, id: string, kind: EventKind, which = 0): DoorFacts[] {
  const { story, trace } = scene.told();
  const seqs = Array.from({ length: trace.count }, (_, seq) => seq).filter((seq) => trace.kind(seq) === kind);
  const role = story.roles.find((one) => one.id === id);
  if (role === undefined) throw new Error('no role');
  const position = story.momentOfFact(seqs.at(which) ?? -1) + 1;
  const snapshot = snapshotAt(story, trace, position);
  return doorsOf(story, snapshot, role, callsOf(story, trace, role), lastFact(story, position), new Queues(story, snapshot));
}

describe('doors', () => {
  it('know an address only once the calls have told it', () => {
    const [before] = doorsAfter(echoHalfCloses(), 'client', 'connect.started');
    expect(before).toMatchObject({ name: 'sock', local: null, remote: SERVER, toRead: { bytes: 0 } });
    const [after] = doorsAfter(echoHalfCloses(), 'client', 'connect.ended');
    expect(after?.local?.address).toBe('127.0.20.2');
  });

  it('show what lies in the buffers at that moment', () => {
    const sent = doorsAfter(echoClosesEarly(), 'client', 'bytes.sent', 2)[0];
    expect(sent?.unreadByPeer).toMatchObject({ bytes: 21 });
    const server = doorsAfter(echoClosesEarly(), 'server', 'bytes.sent', 2);
    expect(server.map((door) => [door.name, door.toRead?.bytes ?? null, door.acceptedBy?.name ?? null])).toEqual([['listener', null, null], ['conn', 21, 'listener']]);
  });

  it('give nothing as known of a program that is not ours', () => {
    const s = scenario();
    const listener = s.role('server', SERVER.address, 'server').listen(SERVER.port);
    const foreign = s.foreignClient(listener);
    const conn = listener.accept();
    foreign.send('hello');
    conn.send('x');
    expect(doorsAfter(s, 'server', 'bytes.sent').at(-1)).toMatchObject({ toRead: { bytes: null }, unreadByPeer: { bytes: null } });
  });

  it('count who waits in the accept queue, until accept() returns it', () => {
    const s = scenario();
    const listener = s.role('server', SERVER.address, 'server').listen(SERVER.port);
    const clients = ['a', 'b'].map((id, at) => s.role(id, `127.0.21.${at + 1}`, 'client').connect(SERVER));
    listener.accept();
    const queue = (which: number) => doorsAfter(s, 'server', 'connect.ended', which)[0]?.queue?.map((end) => end.address);
    expect([queue(0), queue(1)]).toEqual([['127.0.21.1'], ['127.0.21.1', '127.0.21.2']]);
    expect(doorsAfter(s, 'server', 'connection.accepted')[0]).toMatchObject({ backlog: 511, queue: [{ address: '127.0.21.2' }] });
    expect(clients).toHaveLength(2);
  });

  it('mark the option that only libuv knows of', () => {
    const s = scenario('tcp-echo', 'linux');
    s.role('server', SERVER.address, 'server').listen(SERVER.port);
    expect(doorsAfter(s, 'server', 'socket.listened')[0]?.options).toEqual([{ text: 'SO_REUSEADDR=1', inferred: true }]);
  });

  it('of datagrams count those that recvfrom() has not taken', () => {
    const waiting = doorsAfter(udpUppercase(), 'server', 'datagram.sent')[0];
    expect(waiting).toMatchObject({ datagrams: 1, toRead: { bytes: 5 }, unreadByPeer: null, remote: null });
    expect(doorsAfter(udpUppercase(), 'server', 'datagram.received')[0]).toMatchObject({ datagrams: 0, toRead: { bytes: 0 } });
  });
});

it('a door tells what the last select() asked about it, and found', () => {
  const s = scenario();
  s.role('server', SERVER.address, 'server').listen(SERVER.port);
  const client = s.role('client', '127.0.21.1', 'client');
  const sock = client.connect(SERVER)?.sock ?? 0;
  const { role } = client;
  const text = (read: readonly number[], write: readonly number[]) => JSON.stringify({ read, write });
  s.fact('select.started', { role, a: -1, text: text([sock], [sock]) });
  s.fact('select.returned', { role, a: 1, text: text([], [sock]) });
  s.fact('select.started', { role, a: 100, text: text([sock], []) });
  s.fact('select.returned', { role, a: 0, text: 'no sets' });
  const { story, trace } = s.told();
  const model = story.roles.find((one) => one.id === 'client');
  if (model === undefined) throw new Error('no role');
  const calls = callsOf(story, trace, model);
  const seen = [0, 1, 2, 3].map((back) => selectedAt(trace, calls, trace.count - 1 - back).get(sock));
  expect(seen).toEqual([{ asked: ['read'], ready: [] }, { asked: ['read'], ready: null }, { asked: ['read', 'write'], ready: ['write'] }, { asked: ['read', 'write'], ready: null }]);
  expect(selectedAt(trace, calls, 0).size).toBe(0);
});

describe('lines', () => {
  const at = (scene: Scenario, id: string, kind: EventKind) => {
    const { story, trace } = scene.told();
    const role = story.roles.find((one) => one.id === id);
    if (role === undefined) throw new Error('no role');
    const seq = Array.from({ length: trace.count }, (_, n) => n).find((n) => trace.kind(n) === kind) ?? -1;
    const now = { position: story.momentOfFact(seq) + 1, seq };
    const calls = callsOf(story, trace, role);
    const last = lastCall(story, calls, role, now);
    return { begun: begunCalls(story, calls, now), count: calls.count, last, row: lineRow('python', story, trace, role, calls, last, now) };
  };

  it('end at the playhead, where a call may wait', () => {
    const { begun, count, last, row } = at(echoHalfCloses(), 'server', 'accept.started');
    expect([begun, last]).toEqual([4, 3]);
    expect(count).toBeGreaterThan(10);
    expect(row).toMatchObject({ state: 'waits', line: { text: 'conn, peer = listener.accept()', waits: 'client' } });
  });

  it('never return once their socket is closed', () => {
    const s = scenario();
    const { role } = s.role('client', '127.0.0.1', 'client');
    s.fact('socket.opened', { role, sock: 1, a: 5, b: 2, text: 'AF_INET' });
    s.fact('recvfrom.started', { role, sock: 1, a: 10 });
    s.fact('socket.closed', { role, sock: 1 });
    const { story, trace } = s.told();
    const model = story.roles[0];
    if (model === undefined) throw new Error('no role');
    const row = (position: number) => lineRow('c', story, trace, model, callsOf(story, trace, model), 1, { position, seq: lastFact(story, position) }).state;
    expect([row(story.moments.count - 1), row(story.moments.count)]).toEqual(['waits', 'left']);
  });

  it('of a long run are found by division', () => {
    expect(rowsInView(1_000_000, 23, 23 * 500_000, 230)).toEqual({ from: 499_996, to: 500_014 });
    expect(rowsInView(3, 23, 9999, 100)).toEqual({ from: 3, to: 3 });
    expect(scrollTo(0, 23, 100, 200)).toBe(0);
    expect(scrollTo(20, 20, 0, 200)).toBe(220);
    expect(scrollTo(5, 20, 0, 200)).toBe(0);
    expect(rowHeight('c', true)).toBeGreaterThan(rowHeight('python', false));
  });
});

describe('columns', () => {
  it('put clients left of servers, and follow whoever acts when there are too many', () => {
    const s = scenario();
    const listener = s.role('server', SERVER.address, 'server').listen(SERVER.port);
    for (const id of ['a', 'b', 'c']) {
      s.role(id, `127.0.21.${id.charCodeAt(0)}`, 'client').connect(SERVER);
      listener.accept();
    }
    const { story, trace } = s.told();
    const names = (position: number, places: number) => {
      const snapshot = snapshotAt(story, trace, position);
      const roles = rolesShown(story, snapshot);
      return rolesAt(usualChoices(roles, places), roles, snapshot).map((role) => role?.id);
    };
    expect(names(story.moments.count, 4)).toEqual(['a', 'b', 'c', 'server']);
    expect(names(story.moments.count, 2)).toEqual(['c', 'server']);
    expect(names(story.moments.count, 1)).toEqual(['server']);
    expect([placesIn(200), placesIn(660), placesIn(4000)]).toEqual([1, 2, 3]);
    expect(rolesAt([99 as RoleIx], [], snapshotAt(story, trace, 0))).toEqual([null]);
    expect(new RoleCalls().count).toBe(0);
  });
});

describe('the view', () => {
  const show = (given: AppViewProps) =>
    mount(SocketsView, { props: given, attachTo: document.body, global: { plugins: [createI18n({ legacy: false, locale: 'en', messages: { en: { sockets: en } }, missingWarn: false })] } });
  beforeEach(() => (language.value = 'python'));

  it('says what to do before there is a run, and before the first socket', () => {
    const { story, trace } = scenario().told();
    expect(show({ ...propsOf(scenario()), story, trace }).text()).toContain('No sockets yet');
    expect(show(propsOf(echoHalfCloses(), 0)).text()).toContain('The first socket is still to come');
  });

  it('spells the calls in the chosen language, and remembers it', async () => {
    const given = propsOf(echoHalfCloses());
    const view = show(given);
    expect(view.find('[data-role="client"]').text()).toContain('sock.connect(("127.0.20.1", 7007))');
    await view.findAll('[role="radio"]')[1]?.trigger('click');
    expect(view.find('[data-role="server"]').text()).toContain('int conn = accept(listener, NULL, NULL);');
    view.unmount();
    expect(show(given).text()).toContain('int conn = accept');
  });

  it('lights the line of the last step, and shows what waits and for what', async () => {
    const scene = echoHalfCloses();
    const given = propsOf(scene);
    const accepting = Array.from({ length: given.trace.count }, (_, seq) => seq).find((seq) => given.trace.kind(seq) === 'accept.started') ?? -1;
    const view = show({ ...given, position: given.story.momentOfFact(accepting) + 1 });
    const line = view.find('[data-role="server"] [aria-current="step"]');
    expect(line.text()).toContain('listener.accept()');
    expect(line.classes()).toContain('waits');
    expect(line.text()).toContain('waits for a client');
    await view.setProps({ position: given.story.moments.count });
    expect(view.findAll('[aria-current="step"]').length).toBeLessThan(2);
    expect(view.find('[data-role="server"]').text()).not.toContain('waits for a client');
  });

  it('chooses by a click and by arrows, and seeks by Enter and a double click', async () => {
    const given = propsOf(echoHalfCloses());
    const view = show(given);
    const client = view.find('[data-role="client"]');
    await client.findAll('[role="option"]')[1]?.trigger('click');
    const chosen = view.emitted('select')?.at(-1)?.[0] as AppViewProps['selection'];
    expect(chosen.type === 'fact' && given.trace.kind(chosen.seq)).toBe('connect.ended');
    await view.setProps({ selection: chosen });
    await client.find('[role="listbox"]').trigger('keydown', { key: 'ArrowDown' });
    const next = view.emitted('select')?.at(-1)?.[0] as AppViewProps['selection'];
    expect(next.type === 'fact' && given.trace.kind(next.seq)).toBe('bytes.sent');
    await client.find('[role="listbox"]').trigger('keydown', { key: 'Enter' });
    expect(view.emitted('seek')?.at(-1)).toEqual([chosen.type === 'fact' ? given.story.momentOfFact(chosen.seq) + 1 : -1]);
    await client.findAll('[role="option"]')[0]?.trigger('dblclick');
    expect(view.emitted('seek')).toHaveLength(2);
  });

  it('says who acts where there are more programs than columns, and gives a column to whom the reader chooses', async () => {
    const s = scenario();
    const listener = s.role('server', SERVER.address, 'server').listen(SERVER.port);
    for (const id of ['a', 'b', 'c']) s.role(id, '127.0.21.1', 'client').connect(listener.endpoint);
    const view = show(propsOf(s));
    expect(view.findAll('[data-role]').map((column) => column.attributes('data-role'))).toEqual(['c', 'server']);
    const picker = view.find('select');
    expect(picker.find('option').text()).toBe('acts now: c');
    await picker.setValue(picker.findAll('option').find((option) => option.text() === 'a')?.element.value);
    expect(view.findAll('[data-role]').map((column) => column.attributes('data-role'))).toEqual(['a', 'server']);
    expect(view.find('[data-role="server"] [data-sock]').attributes('aria-label')).toContain('3 connections wait for accept()');
  });

  it('gives each descriptor a door that says everything in words, and can be chosen', async () => {
    const view = show(propsOf(echoHalfCloses()));
    await nextTick();
    const doors = view.findAll('[data-role="server"] [data-sock]');
    expect(doors.map((door) => door.find('.name').text())).toEqual(['listener', 'conn']);
    expect(doors[0]?.attributes('aria-label')).toMatch(/^listener, fd \d+, LISTEN.*AF_INET, SOCK_STREAM.*local address: 127\.0\.20\.1:7007/);
    await doors[1]?.trigger('click');
    expect(view.emitted('select')?.at(-1)?.[0]).toMatchObject({ type: 'socket' });
  });
});
