// The view of ports on scenes of the miniature kernel: which door gets the segment, what differs, the numbers, and what the keyboard can do.
import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { createI18n } from 'vue-i18n';
import { must } from '../../../shared/base/assert';
import { EMPTY_APP } from '../../../shared/trace/app/emptyApp';
import { scenario, type Scenario } from '../../../shared/trace/fixture';
import type { Selection } from '../../../shared/trace/story';
import en from '../../i18n/locales/en/ports.json';
import { PacedAxis } from '../../timeline/pacing';
import { arrivalAt, busiestHost } from './arrival';
import { placeOf, systemRange, usedPorts } from './numbers';
import PortsView from './PortsView.vue';

const SERVER = { address: '127.0.76.3', port: 7070 };

function scene(): Scenario {
  const s = scenario('ports');
  const server = s.role('server', SERVER.address, 'server');
  const listener = server.listen(SERVER.port);
  s.role('server-udp', SERVER.address, 'server', 'server').udp(SERVER.port);
  const a = s.role('client-1', '127.0.76.1', 'client');
  const b = s.role('client-2', '127.0.76.2', 'client');
  a.note({ topic: 'ports.range', low: 32_768, high: 60_999 });
  const ends = [a, b].map((client) => {
    const end = must(client.dial(SERVER).end(), 'connected');
    return { end, peer: listener.accept() };
  });
  for (const { end, peer } of ends) {
    end.send('I am here');
    peer.recv(100);
  }
  return s;
}

function view(s: Scenario, position = Number.POSITIVE_INFINITY, selection: Selection = { type: 'none' }) {
  const { story, trace } = s.told();
  const at = Math.min(position, story.moments.count);
  return mount(PortsView, {
    props: { story, trace, app: EMPTY_APP, version: 1, position: at, selection, axis: new PacedAxis('each', story), reducedMotion: true, labels: { host: (id: string) => id, role: (id: string) => id } },
    global: { plugins: [createI18n({ legacy: false, locale: 'en', messages: { en: { ports: en } } })] },
  });
}

const winner = (wrapper: ReturnType<typeof view>): string[] => wrapper.findAll('tr[data-gets] td.value').map((cell) => cell.text().replace(/[✓≠].*$/, '').trim());

describe('the lookup', () => {
  it('gives the last segment to the socket whose four values fit, and marks what differs at the others', () => {
    const wrapper = view(scene());
    const values = winner(wrapper);
    expect(values.slice(0, 4)).toEqual(['TCP', SERVER.address, '7070', '127.0.76.2']);
    expect(wrapper.find('[data-verdict]').text()).toContain('All four values fit a connected socket: it goes to server.');
    const other = must(wrapper.findAll('tr[data-door="connected"]').find((row) => row.attributes('data-gets') === undefined), 'another row');
    expect(other.findAll('.miss').map((cell) => cell.text())).toHaveLength(2);
    expect(wrapper.findAll('tr[data-door="datagram"] .miss')).toHaveLength(1);
    expect(wrapper.findAll('tbody tr')).toHaveLength(4);
  });

  it('gives the first SYN to the listening socket', () => {
    const s = scene();
    const { story } = s.told();
    const syn = Array.from({ length: story.segments.count }, (_, id) => story.segments.at(id)).find(({ kind }) => kind === 'syn');
    const wrapper = view(s, Number.POSITIVE_INFINITY, { type: 'segment', id: must(syn, 'a SYN').id });
    expect(winner(wrapper)).toEqual(['TCP', SERVER.address, '7070', '*', '*']);
    expect(wrapper.find('[data-verdict]').text()).toContain('the listening socket of port 7070 gets it (server)');
    expect(wrapper.findAll('tbody tr')).toHaveLength(2);
  });

  it('shows the table alone while nothing has arrived, and another host when asked', async () => {
    const early = view(scene(), 3);
    expect(early.find('[data-arrival]').exists()).toBe(false);
    expect(early.find('[data-verdict]').text()).toBe('No segment has arrived here yet.');
    const wrapper = view(scene());
    const { story } = scene().told();
    await wrapper.find('select').setValue(String(must(story.hosts.find(({ address }) => address === '127.0.76.1'), 'a client').index));
    expect(wrapper.findAll('tbody tr')).toHaveLength(1);
  });

  it('chooses sockets and segments', async () => {
    const wrapper = view(scene());
    await wrapper.find('tr[data-gets] button').trigger('click');
    await wrapper.find('[data-arrival] button').trigger('click');
    expect(wrapper.emitted('select')?.map(([chosen]) => (chosen as Selection).type)).toEqual(['socket', 'segment']);
  });

  it('says so when there is nothing to show', () => expect(view(scenario()).text()).toContain('No table yet'));
});

describe('the numbers', () => {
  it('are those of the run, the server\'s and the clients\'', () => {
    const { story, trace } = scene().told();
    const used = usedPorts(story, Number.POSITIVE_INFINITY);
    expect(used.filter(({ server }) => server).map(({ port, transport }) => `${transport} ${port}`)).toEqual(['tcp 7070', 'udp 7070']);
    expect(used.filter(({ server }) => !server).flatMap(({ roles }) => roles)).toEqual(['client-1', 'client-2']);
    expect(systemRange(story, trace)).toEqual({ low: 32_768, high: 60_999 });
    expect(systemRange(scenario().told().story, scenario().told().trace)).toBe(null);
  });

  it('stand in order on the line, range by range', () => {
    expect([0, 1023, 1024, 49_152, 65_535].map((port) => Math.round(placeOf(port) * 100))).toEqual([0, 20, 20, 70, 100]);
    expect(placeOf(7070)).toBeLessThan(placeOf(40_000));
  });

  it('are shown with the well-known ones', async () => {
    const wrapper = view(scene());
    await must(wrapper.findAll('[role="radio"]')[1], 'numbers').trigger('click');
    expect(wrapper.text()).toContain('This system chooses from 32768 to 60999');
    expect(wrapper.findAll('tbody tr').find((row) => row.text().startsWith('443'))?.text()).toContain('https');
  });
});

it('AF_UNIX has no ports: its sockets are in no table', () => {
  const s = scenario();
  const { role } = s.role('server', '127.0.74.2', 'server');
  s.fact('socket.opened', { role, sock: 1, a: 7, b: 1, text: 'AF_UNIX' });
  s.fact('socket.bound', { role, sock: 1, local: { address: '/tmp/door', port: 0 } });
  s.fact('socket.listened', { role, sock: 1, a: 5, local: { address: '/tmp/door', port: 0 } });
  const { story } = s.told();
  expect([busiestHost(story), usedPorts(story, Number.POSITIVE_INFINITY)]).toEqual([null, []]);
  expect(arrivalAt(story, must(story.hosts[0], 'a host').index, 10, { type: 'none' })).toBe(null);
});
