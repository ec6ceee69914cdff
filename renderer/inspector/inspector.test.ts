// The inspector as a user meets it: what a selection shows, how fields and bytes find each other, what the keyboard does.

import { mount, type VueWrapper } from '@vue/test-utils';
import { afterEach, describe, expect, it } from 'vitest';
import { nextTick } from 'vue';
import { walkFields } from '../../shared/codec/field';
import { KIND_CODE, type EventKind, type InferenceRule } from '../../shared/trace/event';
import { connectRefused, echoClosesEarly, echoHalfCloses, listensOnLinux, udpUppercase } from '../../shared/trace/fixtureScenes';
import { scenario, type Scenario } from '../../shared/trace/fixture';
import type { SegmentKind, Selection, SocketState } from '../../shared/trace/story';
import { i18n } from '../i18n/i18n';
import { callRows, segmentsRead } from './call';
import { frameOf } from './frame';
import InspectorView from './InspectorView.vue';
import { subjectOf } from './subject';
import { callReasons, ruleKey } from './why';

let open: VueWrapper | null = null;
afterEach(() => {
  open?.unmount();
  open = null;
});

function inspect(scene: Scenario, selection: Selection, position = 0): VueWrapper {
  const { trace, story } = scene.told();
  open = mount(InspectorView, { props: { story, trace, version: story.version, position, selection }, global: { plugins: [i18n] }, attachTo: document.body });
  return open;
}

function factSeq(scene: Scenario, kind: EventKind, nth = 0): number {
  const { trace } = scene.told();
  const found = Array.from({ length: trace.count }, (_, seq) => seq).filter((seq) => trace.kind(seq) === kind)[nth];
  if (found === undefined) throw new Error(`no ${kind}`);
  return found;
}

function segmentId(scene: Scenario, kind: SegmentKind): number {
  const { story } = scene.told();
  for (let id = 0; id < story.segments.count; id++) if (story.segments.at(id).kind === kind) return id;
  throw new Error(`no ${kind}`);
}

describe('what it shows', () => {
  it('nothing: how to get something', () => {
    const view = inspect(echoHalfCloses(), { type: 'none' });
    expect(view.attributes('data-subject')).toBe('none');
    expect(view.text()).toContain('Nothing is selected');
  });

  it('without a selection, what stands at the playhead', () => {
    const scene = echoHalfCloses();
    const { story } = scene.told();
    expect(inspect(scene, { type: 'none' }, story.moments.count).attributes('data-subject')).not.toBe('none');
  });

  it('a FIN: four layers, reconstructed, and why', () => {
    const scene = echoHalfCloses();
    const view = inspect(scene, { type: 'segment', id: segmentId(scene, 'fin') });
    expect(view.find('h3').text()).toBe('FIN, ACK');
    expect(view.find('header').text()).toContain('inferred · headers reconstructed');
    expect(view.findAll('[data-layer]').map((box) => box.attributes('data-layer'))).toEqual(['link', 'internet', 'transport', 'application']);
    expect(view.text()).toContain('no bytes: a FIN carries none');
    expect(view.text()).toContain('no more bytes from me');
    expect(view.text()).toContain('RFC 9293 §3.6');
  });

  it('a send(): its arguments, its result, the segment that it became', async () => {
    const scene = echoHalfCloses();
    const view = inspect(scene, { type: 'fact', seq: factSeq(scene, 'bytes.sent') });
    expect(view.find('h3').text()).toBe('send(4) → 4');
    expect(view.find('header').text()).toContain('observed');
    expect(view.text()).toContain('The kernel took 4 B of 4 B');
    await view.find('.links button').trigger('click');
    expect(view.emitted('select')?.[0]).toEqual([{ type: 'segment', id: expect.any(Number) as number }]);
  });

  it('a recv(): the bytes, and the segments that they came in', () => {
    const scene = echoClosesEarly();
    const { trace, story } = scene.told();
    const fact = trace.at(factSeq(scene, 'bytes.received'));
    expect(segmentsRead(story, fact).map((segment) => segment.size)).toEqual([10, 8, 3]);
    expect(inspect(scene, { type: 'fact', seq: fact.seq }).find('[role="grid"]').text()).toContain('47');
  });

  it('a refusal, plainly', () => {
    const scene = connectRefused();
    const view = inspect(scene, { type: 'fact', seq: factSeq(scene, 'connect.ended') });
    expect(view.text()).toContain('The call failed with ECONNREFUSED');
    expect(view.text()).toContain('Nobody listens at that address and port');
    expect(view.findAll('dd.bad').map((cell) => cell.text())).toEqual(['-1', 'ECONNREFUSED']);
  });

  it('a failure of TLS: what it means, not that a call returned -1', () => {
    const scene = scenario();
    const listener = scene.role('server', '127.0.20.1', 'server').listen(8443);
    const client = scene.role('client', '127.0.20.2', 'client').connect({ address: '127.0.20.1', port: 8443 });
    listener.accept();
    client?.tlsFailed('CERT_HAS_EXPIRED', 'certificate has expired');
    const view = inspect(scene, { type: 'fact', seq: factSeq(scene, 'tls.failed') });
    expect(view.text()).toContain('TLS gave up for client with CERT_HAS_EXPIRED');
    expect(view.text()).not.toContain('returned -1');
  });

  it('a socket: its life in states, each with how it is known', () => {
    const scene = echoHalfCloses();
    const { story } = scene.told();
    const sockets = Array.from({ length: story.sockets.count }, (_, i) => story.sockets.at(i));
    const connected = sockets.find((socket) => socket.purpose === 'connected');
    const view = inspect(scene, { type: 'socket', id: connected?.id ?? 0 }, story.moments.count);
    expect(view.text()).toContain('ESTABLISHED');
    expect(view.text()).toContain('inferred');
    expect(view.findAll('.states li').length).toBe(connected?.states.length);
  });

  it('a host, and the way to its sockets', async () => {
    const scene = udpUppercase();
    const { story } = scene.told();
    const view = inspect(scene, { type: 'host', index: story.hosts.find((host) => host.id === 'server')?.index ?? 0 });
    await view.find('li button').trigger('click');
    expect(view.emitted('select')?.[0]).toMatchObject([{ type: 'socket' }]);
  });

  it('nothing for what is no longer there', () => {
    const { trace, story } = echoHalfCloses().told();
    for (const selection of [{ type: 'fact', seq: 9999 }, { type: 'segment', id: -1 }, { type: 'socket', id: 99 }, { type: 'host', index: 99 }] as const) {
      expect(subjectOf(story, trace, selection, 0)).toEqual({ type: 'none' });
    }
  });
});

describe('fields and bytes', () => {
  const fin = (): VueWrapper => {
    const scene = echoHalfCloses();
    return inspect(scene, { type: 'segment', id: segmentId(scene, 'fin') });
  };
  const markedBytes = (view: VueWrapper): string[] => view.findAll('.byte.marked').map((cell) => cell.attributes('data-at') ?? '');

  it('pointing at a field marks its bytes and says what it means', async () => {
    const view = fin();
    await view.find('[data-field="tcp.flags"]').trigger('mouseenter');
    expect(markedBytes(view)).toEqual(['46', '47']);
    expect(view.find('[role="status"]').text()).toContain('What the segment is for');
    expect(view.emitted('hover')?.at(-1)).toMatchObject([{ name: 'tcp.flags', start: 46, length: 2 }]);
    await view.find('[data-field="tcp.flags"]').element.closest('ul')?.dispatchEvent(new MouseEvent('mouseleave'));
    await nextTick();
    expect(markedBytes(view)).toEqual([]);
  });

  it('pointing at a byte marks its field', async () => {
    const view = fin();
    await view.find('[data-at="22"]').trigger('mouseover');
    expect(view.find('.row.marked').attributes('data-field')).toBe('ip.ttl');
  });

  it('the keyboard does the same: the focus in the tree, the cursor in the bytes', async () => {
    const view = fin();
    const tree = view.findAll('[role="tree"]').find((element) => element.find('[data-field="tcp.srcport"]').exists());
    if (tree === undefined) throw new Error('no TCP tree');
    const first = tree.find('[tabindex="0"]');
    (first.element as HTMLElement).focus();
    await nextTick();
    expect(markedBytes(view)).toEqual(['34', '35']);
    await first.trigger('keydown', { key: 'ArrowDown' });
    await nextTick();
    await nextTick();
    expect(document.activeElement?.getAttribute('data-field')).toBe('tcp.dstport');
    expect(markedBytes(view)).toEqual(['36', '37']);

    const grid = view.find('[role="grid"]');
    (grid.element as HTMLElement).focus();
    await grid.trigger('keydown', { key: 'ArrowDown' });
    expect(view.find('.row.marked').exists()).toBe(true);
    expect(grid.attributes('aria-activedescendant')).toBeTruthy();
  });

  it('all fields of a layer open on demand', async () => {
    const view = fin();
    expect(view.find('[data-field="tcp.checksum"]').exists()).toBe(false);
    await view.find('[data-protocol="tcp"] .all').trigger('click');
    expect(view.find('[data-field="tcp.checksum"]').exists()).toBe(true);
    expect(view.find('[data-field="tcp.checksum.status"]').text()).toContain('right');
  });

  it('every reconstructed segment has right checksums and no unreadable byte', () => {
    for (const scene of [echoClosesEarly(), echoHalfCloses(), udpUppercase(), connectRefused()]) {
      const { trace, story } = scene.told();
      for (let id = 0; id < story.segments.count; id++) {
        const frame = frameOf(story, trace, story.segments.at(id));
        if (frame === null) continue;
        expect(frame.boxes.filter((box) => box.problem !== null)).toEqual([]);
        const verdicts = frame.boxes.filter((box) => !box.quoted).flatMap((box) => box.fields).filter((field) => field.name.endsWith('.checksum.status'));
        expect(verdicts.map((field) => field.display)).toEqual(verdicts.map(() => 'good'));
      }
    }
  });
});

describe('the catalogue', () => {
  const { te } = i18n.global;

  it('has a sentence for every kind of fact, and a label for every row', () => {
    for (const kind of Object.keys(KIND_CODE)) expect(te(`inspector.said.${kind.replaceAll('.', '_')}`), kind).toBe(true);
    const { trace } = echoClosesEarly().told();
    for (let seq = 0; seq < trace.count; seq++) for (const row of callRows(trace.at(seq), 3)) expect(te(`inspector.arg.${row.name}`), row.name).toBe(true);
  });

  it('says why a server’s port is a known one and a client’s is any', () => {
    const s = scenario('udp-uppercase');
    s.role('server', '127.0.21.1', 'server').udp(12_000);
    s.role('client', '127.0.21.2', 'client').udp(s.ephemeralPort());
    s.role('other', '127.0.21.3', 'server').listen(s.ephemeralPort());
    const { trace, story } = s.end().told();
    const bound = Array.from({ length: trace.count }, (_unused, seq) => trace.at(seq)).filter(({ kind }) => kind === 'socket.bound');
    const reasons = bound.map((fact) => callReasons(fact, story.socket(fact.sock)).map(({ key }) => key));
    expect(reasons).toEqual([['call.socket_bound'], ['call.socket_bound_ephemeral'], ['call.socket_bound']]);
    for (const key of reasons.flat()) expect(te(`inspector.why.${key}`), key).toBe(true);
  });

  it('has a reason for every segment, state and rule', () => {
    const rules: Readonly<Record<InferenceRule, true>> = {
      'tcp.handshake.connected': true, 'tcp.syn.unanswered': true, 'tcp.refused': true, 'tcp.fin.shutdown': true, 'tcp.fin.close': true, 'tcp.fin.end-of-stream': true, 'tcp.rst.close-unread': true,
      'tcp.rst.data-after-close': true, 'tcp.rst.reset': true, 'tcp.rst.linger': true, 'tcp.rst.listener-closed': true, 'udp.unreachable': true, 'udp.lost': true,
      'peer.sent': true, 'peer.received': true, 'socket.reuseaddr': true, 'tcp.state': true, 'headers.reconstructed': true,
    };
    const kinds: Readonly<Record<SegmentKind, true>> = { syn: true, 'syn-ack': true, ack: true, data: true, fin: true, rst: true, datagram: true, unreachable: true };
    const states: Readonly<Record<SocketState, true>> = {
      CLOSED: true, BOUND: true, LISTEN: true, SYN_SENT: true, SYN_RECEIVED: true, ESTABLISHED: true, FIN_WAIT_1: true, FIN_WAIT_2: true, CLOSE_WAIT: true,
      CLOSING: true, LAST_ACK: true, TIME_WAIT: true, OPEN: true,
    };
    for (const rule of Object.keys(rules)) expect(te(`inspector.why.rule.${ruleKey(rule as InferenceRule)}`), rule).toBe(true);
    for (const kind of Object.keys(kinds)) {
      expect(te(`inspector.why.segment.${kind.replace('-', '_')}`), kind).toBe(true);
      expect(te(`inspector.sent.${kind.replace('-', '_')}`), kind).toBe(true);
    }
    for (const state of Object.keys(states)) expect(te(`inspector.why.state.${state}`), state).toBe(true);
  });

  it('explains every field of every frame that the labs make', () => {
    const unnamed = new Set<string>();
    for (const scene of [echoClosesEarly(), udpUppercase(), connectRefused()]) {
      const { trace, story } = scene.told();
      for (let id = 0; id < story.segments.count; id++) {
        for (const tree of frameOf(story, trace, story.segments.at(id))?.trees ?? []) {
          for (const { node, depth } of walkFields(tree)) {
            const key = node.name.replaceAll('.', '_');
            if (depth > 0 && !(te(`fields.${key}`) && te(`fields.name.${key}`))) unnamed.add(node.name);
          }
        }
      }
    }
    expect([...unnamed]).toEqual([]);
  });
});

describe('a call that nobody saw', () => {
  it('is shown with its rule, chosen or at the playhead', () => {
    const scene = listensOnLinux();
    const { story } = scene.told();
    for (const [selection, position] of [[{ type: 'inferredCall', id: 0 }, 0], [{ type: 'none' }, story.momentOfCall(0) + 1]] as const) {
      const wrapper = inspect(scene, selection, position);
      expect(wrapper.find('.title').text()).toBe('setsockopt(SO_REUSEADDR=1)');
      expect(wrapper.text()).toContain('inferred');
      expect(wrapper.find('.why').text()).toContain('SO_REUSEADDR before every bind()');
      wrapper.unmount();
    }
    open = null;
  });
});
