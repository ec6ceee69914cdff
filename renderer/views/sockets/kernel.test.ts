// What the sockets view takes from the kernel's table, and how it explains two programs that wait for each other.

import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { createI18n } from 'vue-i18n';
import { EMPTY_APP } from '../../../shared/trace/app/emptyApp';
import { scenario, type Scenario } from '../../../shared/trace/fixture';
import { echoClosesEarly, echoHalfCloses } from '../../../shared/trace/fixtureScenes';
import { snapshotAt } from '../../../shared/trace/snapshot';
import en from '../../i18n/locales/en/sockets.json';
import { PacedAxis } from '../../timeline/pacing';
import type { AppViewProps } from '../../timeline/viewProps';
import { deadlocksAt } from './deadlock';
import { doorsOf, Queues, type DoorFacts } from './doors';
import { callsOf } from './lines';
import SocketsView from './SocketsView.vue';

const SERVER = { address: '127.0.20.1', port: 7007 };

function propsOf(scene: Scenario): AppViewProps {
  const { story, trace } = scene.told();
  return {
    story, trace, app: EMPTY_APP, version: story.version, position: story.moments.count, selection: { type: 'none' },
    axis: new PacedAxis('each', story), reducedMotion: true, labels: { host: (id: string) => id, role: (id: string) => id },
  };
}

describe('the kernel’s table', () => {
  /** A connection on which 500 bytes wait, as the table tells; then the client has closed. */
  const sampledScene = () => {
    const s = scenario();
    const listener = s.role('server', SERVER.address, 'server').listen(SERVER.port);
    const client = s.role('client', '127.0.21.1', 'client').connect(SERVER);
    const conn = listener.accept();
    const [sock, local] = [client?.sock ?? 0, { address: '127.0.21.1', port: 40_001 }];
    client?.send('x'.repeat(500));
    s.fact('socket.sampled', { sock, local, remote: SERVER, a: 300, b: 0, size: 4, offset: 200, text: 'ESTABLISHED' });
    s.fact('socket.sampled', { sock: conn.sock, local: SERVER, remote: local, a: 0, b: 200, text: 'CLOSE_WAIT' });
    s.fact('socket.sampled', { sock: listener.sock, local: SERVER, a: 0, b: 4, text: 'LISTEN' });
    return s;
  };
  const doorsOfAll = (scene: Scenario, id: string, t = Infinity): DoorFacts[] => {
    const { story, trace } = scene.told();
    const role = story.roles.find((one) => one.id === id);
    if (role === undefined) throw new Error('no role');
    const snapshot = snapshotAt(story, trace, Infinity);
    return doorsOf(story, snapshot, role, callsOf(story, trace, role), trace.count, new Queues(story, snapshot), { trace, t });
  };

  it('tells what lies in which queue, against the most of the run', () => {
    expect(doorsOfAll(sampledScene(), 'client')[0]).toMatchObject({ unreadByPeer: { bytes: 300, full: 300, told: true }, toRead: { bytes: 0 }, kernel: { timer: 'windowProbe', other: null } });
    expect(doorsOfAll(sampledScene(), 'server').at(-1)).toMatchObject({ toRead: { bytes: 200, full: 200, told: true } });
  });

  it('is told of beside the state of ours where it knows another, and at the listening socket', () => {
    const [listener, conn] = doorsOfAll(sampledScene(), 'server');
    expect(conn?.kernel?.other).toBe('CLOSE_WAIT');
    expect(listener?.kernel?.receive).toBe(4);
    const page = mount(SocketsView, { props: propsOf(sampledScene()), global: { plugins: [createI18n({ legacy: false, locale: 'en', messages: { en: { sockets: en } } })] } });
    expect(page.text()).toContain('kernel: CLOSE_WAIT');
    expect(page.text()).toContain('window 0: the kernel probes it');
    expect(page.text()).toContain('Queues: the kernel');
    page.unmount();
  });

  it('says nothing before it was read, and the view says so where it never was', () => {
    expect(doorsOfAll(sampledScene(), 'client', 0)[0]?.kernel).toBeNull();
    const page = mount(SocketsView, { props: propsOf(echoHalfCloses()), global: { plugins: [createI18n({ legacy: false, locale: 'en', messages: { en: { sockets: en } } })] } });
    expect(page.text()).toContain('Queues: from the calls');
    page.unmount();
  });
});

describe('a deadlock', () => {
  const scene = (after: (s: Scenario, sock: number, role: number) => void = () => undefined): Scenario => {
    const s = scenario();
    const listener = s.role('server', SERVER.address, 'server').listen(SERVER.port);
    const client = s.role('client', '127.0.21.1', 'client');
    const dialled = client.connect(SERVER);
    const conn = listener.accept();
    s.fact('recv.started', { role: 1, sock: conn.sock, a: 1024 });
    s.fact('recv.started', { role: client.role, sock: dialled?.sock ?? 0, a: 1024 });
    after(s, conn.sock, 1);
    return s;
  };
  const found = (s: Scenario) => {
    const { story, trace } = s.told();
    const seqs = Array.from({ length: trace.count }, (_, seq) => seq).filter((seq) => trace.kind(seq) === 'recv.started');
    const seq = seqs[1] ?? -1;
    return deadlocksAt(story, trace, snapshotAt(story, trace, story.momentOfFact(seq) + 1), seq);
  };

  it('is seen when both wait in recv() and nothing is under way, and the view says why', () => {
    expect(found(scene()).map(({ client, server }) => [client.id, server.id])).toEqual([['client', 'server']]);
    const page = mount(SocketsView, { props: propsOf(scene()), global: { plugins: [createI18n({ legacy: false, locale: 'en', messages: { en: { sockets: en } } })] } });
    expect(page.find('[data-deadlock]').text()).toContain('client and server are both in recv()');
    page.unmount();
  });

  it('is none when the trace tells that one of them got something all the same, or is still to read', () => {
    expect(found(scene((s, sock, role) => void s.fact('bytes.received', { role, sock, a: 1024, bytes: new Uint8Array(3) })))).toEqual([]);
    expect(found(scene((s, sock, role) => void s.fact('stream.ended', { role, sock, a: 1024 })))).toEqual([]);
    expect(found(echoClosesEarly())).toEqual([]);
  });
});
