import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { createI18n } from 'vue-i18n';
import { must } from '../../../shared/base/assert';
import { senderSum } from '../../../shared/codec/checksumSteps';
import { EMPTY_APP } from '../../../shared/trace/app/emptyApp';
import { scenario, type Scenario } from '../../../shared/trace/fixture';
import { capture } from '../../../shared/trace/fixtureCaptured';
import { connectRefused, echoHalfCloses, udpUppercase } from '../../../shared/trace/fixtureScenes';
import { headersFrames } from '../../../shared/trace/headersFrames';
import fields from '../../i18n/locales/en/fields.json';
import en from '../../i18n/locales/en/headers.json';
import inspector from '../../i18n/locales/en/inspector.json';
import { PacedAxis } from '../../timeline/pacing';
import { columnsOf, refusedDatagram, toldMtu } from './compare';
import HeadersView from './HeadersView.vue';
import { followedSegment, frameModel } from './model';
import { sourceOf } from './sources';
import { shownSteps, summablesOf } from './sums';
import { isOn, placeAt, stopsOf } from './way';

const first = ({ story }: ReturnType<Scenario['told']>, kind: string): number => must(Array.from({ length: story.segments.count }, (_, id) => id).find((id) => story.segmentKind(id) === kind), kind);

function modelOf(scene: Scenario, kind: string) {
  const told = scene.told();
  const id = first(told, kind);
  return frameModel(must(headersFrames(told.story, told.trace, id)[0], 'frame'), told.story.segments.at(id));
}

/** One message each by TCP, UDP and AF_UNIX would need a kernel; what AF_UNIX looks like is tested in the lab and in the window. */
function sent(text: string | Uint8Array): Scenario {
  const scene = scenario();
  const listener = scene.role('server', '127.0.20.1', 'server').listen(7);
  must(scene.role('client', '127.0.20.2', 'client').connect(listener.endpoint), 'client').send(text);
  listener.accept().recv(70_000);
  return scene;
}

describe('a frame', () => {
  it('is headers of cells that have each byte once', () => {
    const { headers, payload } = modelOf(sent('hello'), 'data');
    expect(headers.map(({ title, length }) => `${title} ${length}`)).toEqual(['Ethernet 14', 'IPv4 20', 'TCP 20']);
    for (const { start, length, cells } of headers) {
      let next = start;
      for (const cell of cells) {
        expect(cell.start).toBe(next);
        next += cell.length;
      }
      expect(next).toBe(start + length);
    }
    expect(headers[2]?.cells.map(({ nodes }) => nodes.map(({ name }) => name).join('+'))).toEqual(['tcp.srcport', 'tcp.dstport', 'tcp.seq_raw', 'tcp.ack_raw', 'tcp.hdr_len+tcp.flags', 'tcp.window_size_value', 'tcp.checksum', 'tcp.urgent_pointer']);
    expect([payload?.length, payload?.ground]).toEqual([5, 'told']);
  });

  it('has a specification and a meaning for every field', () => {
    for (const [scene, kind] of [[sent('x'), 'data'], [udpUppercase(), 'datagram']] as const) {
      for (const { nodes } of modelOf(scene, kind).headers.flatMap(({ cells }) => cells)) {
        for (const { name } of nodes) {
          expect(sourceOf(name), name).not.toBe('');
          expect(Object.keys(fields), name).toContain(name.replaceAll('.', '_'));
        }
      }
    }
  });

  it('is that of the chosen segment, else of the last one at the playhead', () => {
    const { story } = echoHalfCloses().told();
    expect(followedSegment(story, { type: 'segment', id: 3 }, 0)).toBe(3);
    expect(followedSegment(story, { type: 'none' }, 0)).toBe(null);
    const moment = story.momentOfSegment(3);
    expect([followedSegment(story, { type: 'none' }, moment + 1), followedSegment(story, { type: 'segment', id: 9999 }, moment + 1)]).toEqual([3, null]);
  });
});

describe('the way', () => {
  const stops = stopsOf(true, false);

  it('goes down one stack and up the other', () => expect(stops.map(({ side, row }) => `${side} ${row}`)).toEqual(['sender 0', 'sender 1', 'sender 2', 'sender 3', 'wire 3', 'receiver 3', 'receiver 2', 'receiver 1', 'receiver 0']));

  it('of what carries no bytes begins in the kernel; of AF_UNIX it has no layers', () => {
    expect(stopsOf(false, false).map(({ row }) => row)).toEqual([1, 2, 3, 3, 3, 2, 1]);
    expect(stopsOf(true, true)).toHaveLength(2);
  });

  it('puts headers on and takes them off, by the playhead alone', () => {
    const on = (progress: number, still = false): string => [1, 2, 3].filter((row) => isOn(stops, placeAt(stops, progress, still), row)).join('');
    expect([-0.1, 0, 0.12, 0.25, 0.4, 0.5, 0.57, 0.69, 0.9, 1].map((progress) => on(progress))).toEqual(['', '', '1', '12', '123', '123', '123', '12', '', '']);
    expect([on(0.57, true), placeAt(stops, 0.57, true).done]).toEqual(['12', 1]);
  });
});

describe('sums and columns', () => {
  it('are of the bytes that are shown', () => {
    const model = modelOf(sent('hello'), 'data');
    const [tcp, ip] = summablesOf(model);
    expect([tcp?.kind, ip?.kind]).toEqual(['tcp', 'ip']);
    for (const one of [tcp, ip]) expect(senderSum(must(one, 'sum')).complement).toBe(one?.written);
  });

  it('show the middle of a long payload only when asked', () => {
    const { steps } = senderSum(must(summablesOf(modelOf(sent('x'.repeat(2000)), 'data'))[0], 'sum'));
    const { before, hidden, after } = shownSteps(steps, 0);
    expect([before.length, hidden, after.length, before.length + hidden + after.length]).toEqual([6 + 10 + 16, 982, 2, steps.length]);
    expect(shownSteps(steps, 5000).hidden).toBe(0);
  });

  it('compare what was sent with what was not', () => {
    const { story, trace } = sent('hello').told();
    expect(columnsOf(story, trace).map(({ carrier, total, evidence, empty }) => `${carrier} ${total} ${evidence} ${empty}`)).toEqual(['tcp 54 inferred 3', 'udp 42 model null', 'unix 0 model null']);
  });

  it('know the MTU and the refusal that a program noted', () => {
    const scene = scenario();
    const role = scene.role('client', '127.0.21.2', 'client');
    scene.fact('role.noted', { role: role.role, text: '{"topic":"link.mtu","link":"lo","mtu":65536}' });
    scene.fact('datagram.sent', { role: role.role, a: -1, err: 'EMSGSIZE', size: 70_000 });
    const { story, trace } = scene.told();
    expect([toldMtu(trace, story), refusedDatagram(trace, story)?.size]).toEqual([65_536, 70_000]);
    const none = sent('x').told();
    expect([toldMtu(none.trace, none.story), refusedDatagram(none.trace, none.story)]).toEqual([null, null]);
  });
});

const i18n = createI18n({ legacy: false, locale: 'en', messages: { en: { headers: en, inspector, fields } }, missingWarn: false, fallbackWarn: false });

function shown(scene: Scenario, position: number | null = null, selection: object = { type: 'none' }) {
  const { story, trace } = scene.told();
  const axis = new PacedAxis('each', story);
  return mount(HeadersView, {
    props: { story, trace, version: story.version, position: position ?? story.moments.count, selection: selection as never, axis, reducedMotion: false, labels: { host: (id: string) => id, role: (id: string) => id }, app: EMPTY_APP },
    global: { plugins: [i18n] },
  });
}
const faceOf = async (view: ReturnType<typeof shown>, text: string): Promise<void> => must(view.findAll('[role="radio"]').find((one) => one.text() === text), text).trigger('click');

describe('the view', () => {
  it('explains the field that the keyboard is on', async () => {
    const scene = sent('hello');
    const view = shown(scene, null, { type: 'segment', id: first(scene.told(), 'data') });
    const card = () => view.get('[data-field-card]').text();
    expect(card()).toContain('eth.dst');
    await view.get('[role="toolbar"]').trigger('keydown', { key: 'ArrowDown' });
    expect(card()).toContain('ip.version');
    await view.get('[role="toolbar"]').trigger('keydown', { key: 'ArrowDown' });
    await view.get('[role="toolbar"]').trigger('keydown', { key: 'ArrowRight' });
    expect(card()).toContain('tcp.dstport');
    expect(card()).toContain('RFC 9293');
    expect(card()).toContain(en.ground.told);
    await view.get('[data-cell="data"]').trigger('mouseenter');
    expect(card()).not.toContain('tcp.dstport');
  });

  it('fills in the headers that are on the message', () => {
    const scene = sent('hello');
    const told = scene.told();
    const id = first(told, 'data');
    const moment = told.story.momentOfSegment(id);
    expect(shown(scene, moment, { type: 'segment', id }).findAll('.group.on')).toHaveLength(1);
    const half = shown(scene, moment + 1.5, { type: 'segment', id });
    expect(half.findAll('.group.on').length).toBeGreaterThan(1);
    expect(shown(scene, null, { type: 'segment', id }).get('[data-phase]').text()).toContain('It has arrived');
  });

  it('sums step by step, for sender and receiver', async () => {
    const scene = sent('hello');
    const view = shown(scene, null, { type: 'segment', id: first(scene.told(), 'data') });
    await faceOf(view, en.face.checksum);
    expect(view.findAll('tr[data-part="pseudo"]')).toHaveLength(6);
    expect(view.findAll('tr[data-part="payload"]')).toHaveLength(3);
    expect(view.get('.verdict').text()).toContain(en.sum.guessed);
    await faceOf(view, en.sum.side.receiver);
    expect(view.get('.verdict').text()).toContain('0xffff');
    await faceOf(view, en.sum.kind.ip);
    expect(view.findAll('tr[data-part="header"]')).toHaveLength(10);
  });

  it('cuts a message for each link, compares, and says all in a table', async () => {
    const scene = sent(new Uint8Array(3000).fill(120));
    const view = shown(scene, null, { type: 'segment', id: first(scene.told(), 'data') });
    await faceOf(view, en.face.sizes);
    expect(view.get('[data-link="ethernet"]').text()).toContain('3 segments');
    await view.get('input[type="number"]').setValue('1000');
    expect(view.get('[data-link="ethernet"]').text()).toContain('1 segment');
    await faceOf(view, 'UDP');
    await view.get('input[type="number"]').setValue('65508');
    expect(view.get('[data-link="ethernet"]').text()).toContain('EMSGSIZE');
    await faceOf(view, en.face.compare);
    expect(view.get('[data-total="tcp"]').text()).toContain('3,054 B');
    expect(view.get('[data-layer="transport"]').text()).toContain(en.compare.missing);
    await faceOf(view, en.face.table);
    expect(view.get('tr[data-row="tcp.dstport"]').text()).toContain('7');
  });

  it('prefers what was captured, and says what the checksum of loopback is', async () => {
    const scene = udpUppercase();
    const before = scene.told();
    const id = first(before, 'datagram');
    const { from, to } = before.story.segments.at(id);
    // The sum of the pseudo-header alone: addresses, 17, and 13 bytes.
    capture(scene, { from, to, text: 'hello', checksum: 0x7f00 + 0x1502 + 0x7f00 + 0x1501 + 17 + 13 - 0xffff });
    const view = shown(scene, null, { type: 'segment', id });
    expect(view.get('.foot').text()).toContain(inspector.evidence.captured);
    expect(view.get('[data-field-card]').text()).toContain(en.ground.captured);
    await faceOf(view, en.face.checksum);
    expect(view.get('.verdict').attributes('data-state')).toBe('partial');
    expect(view.get('.verdict').text()).toContain('checksum offload');
  });

  it('says so when nothing can be rebuilt, and when there is nothing', () => {
    const refused = connectRefused();
    expect(shown(refused, null, { type: 'segment', id: 0 }).text()).toContain(en.unknown);
    expect(shown(scenario()).text()).toContain(en.empty.title);
  });
});
