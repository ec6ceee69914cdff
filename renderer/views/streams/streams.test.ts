import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { createI18n } from 'vue-i18n';
import { must } from '../../../shared/base/assert';
import { AppBuilder } from '../../../shared/trace/app/appBuilder';
import { EMPTY_APP } from '../../../shared/trace/app/emptyApp';
import { formatEndpoint } from '../../../shared/trace/endpoint';
import { scenario, type Scenario } from '../../../shared/trace/fixture';
import { echoClosesEarly, echoHalfCloses, udpUppercase } from '../../../shared/trace/fixtureScenes';
import inspector from '../../i18n/locales/en/inspector.json';
import en from '../../i18n/locales/en/streams.json';
import { PacedAxis } from '../../timeline/pacing';
import { factsOfByte } from './byteFacts';
import { datagramFlows, followedFlow, rulersOfFlow } from './flows';
import { boxesOf, clamped, fitLabel, fitted, MOST, regionsOn, revealing, ticksOn, zoomed } from './layout';
import { overlaps } from './overlap';
import { pieceAt, type Piece } from './pieces';
import { begunAt, extentAt, nextEdge } from './ruler';
import { signsOn } from './signs';
import StreamsView from './StreamsView.vue';

function laid(scene: Scenario, app = EMPTY_APP) {
  const { story, trace } = scene.told();
  const flow = must(followedFlow(story, app, { type: 'none' }, story.moments.count, datagramFlows(story)), 'flow');
  const [up, down] = rulersOfFlow(story, trace, app, flow);
  return { story, trace, up: must(up, 'up'), down: must(down, 'down'), end: trace.count - 1 };
}
const spans = (pieces: readonly Piece[]): string[] => pieces.map((piece) => `${piece.start}-${piece.end}`);

/** Three writes that the server reads 16 bytes at a time. */
function splitsAndMerges(): Scenario {
  const scene = scenario();
  const listener = scene.role('server', '127.0.20.1', 'server').listen(7);
  const client = must(scene.role('client', '127.0.20.2', 'client').connect(listener.endpoint), 'client');
  const server = listener.accept();
  for (const text of ['GET READY\n', 'GET SET\n', 'GO\n']) client.send(text);
  server.recv(16);
  server.recv(4);
  return scene;
}

describe('the edges', () => {
  it('of writes, segments, reads and lines lie on one scale', () => {
    const { up } = laid(splitsAndMerges());
    expect(spans(up.lanes.writes)).toEqual(['0-10', '10-18', '18-21']);
    expect(spans(up.lanes.segments)).toEqual(['0-10', '10-18', '18-21']);
    expect(spans(up.lanes.reads)).toEqual(['0-16', '16-20']);
    expect([up.messageKind, spans(up.lanes.messages)]).toEqual(['lines', ['0-10', '10-18', '18-21']]);
    expect(String.fromCharCode(...[0, 9, 20].map((at) => up.byteAt(at)))).toBe('G\n\n');
  });

  it('say what a byte went through', () => {
    const { up, end } = laid(splitsAndMerges());
    const said = (offset: number) => factsOfByte(up, offset, end).rows.map((row) => `${row.lane}${row.kind} ${row.piece?.number ?? '-'}`);
    expect(said(15)).toEqual(['writes 2', 'segments 2', 'reads 1', 'messages_line 2']);
    expect(said(17)).toEqual(['writes 2', 'segments 2', 'reads 2', 'messages_line 2']);
    expect(said(20)).toEqual(['writes 3', 'segments 3', 'unread -', 'messages_line 3']);
  });

  it('are jumped to, whichever lane they are in', () => {
    const { up } = laid(splitsAndMerges());
    expect([nextEdge(up, 0, 1), nextEdge(up, 10, 1), nextEdge(up, 16, 1), nextEdge(up, 20, 1)]).toEqual([10, 16, 18, 20]);
    expect([nextEdge(up, 20, -1), nextEdge(up, 17, -1), nextEdge(up, 0, -1)]).toEqual([18, 16, 0]);
  });

  it('are what the program itself took for messages, once it has said so, right or wrong', () => {
    const scene = splitsAndMerges();
    const { story } = scene.told();
    const conn = must(story.connections.at(0), 'connection');
    const role = must(story.roles.find((one) => one.id === 'server'), 'server').index;
    const note = (number: number, start: number, end: number, from = conn.client.endpoint) =>
      scene.fact('role.noted', { role, text: JSON.stringify({ topic: 'message.taken', number, start, end, by: 'one-recv', from: formatEndpoint(from), at: formatEndpoint(conn.server.endpoint) }) });
    const before = laid(scene).end;
    note(1, 0, 16);
    note(1, 0, 9, { address: '127.0.9.9', port: 9 });
    note(2, 8, 18);
    note(2, 16, 20);
    const { up, end } = laid(scene);
    expect([up.messageKind, spans(up.lanes.messages)]).toEqual(['taken', ['0-16', '16-20']]);
    const said = (seq: number) => factsOfByte(up, 17, seq).rows.map((row) => `${row.lane}${row.kind} ${row.piece?.number ?? '-'}`).at(-1);
    expect([said(before), said(end)]).toEqual(['messages_taken -', 'messages_taken 2']);
  });

  it('are messages where a protocol is known', () => {
    const scene = scenario('test', '', { services: [{ protocol: 'tcp', port: 80, wellKnown: 80 }] });
    const listener = scene.role('server', '127.0.20.1', 'server').listen(80);
    const client = must(scene.role('client', '127.0.20.2', 'client').connect(listener.endpoint), 'client');
    const server = listener.accept();
    client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    client.send('GET /b HTTP/1.1\r\nHost: a\r\n\r\n');
    server.recv(1024);
    const { trace, story } = scene.told();
    const builder = new AppBuilder(trace, story);
    builder.advance();
    const { up } = laid(scene, builder.app);
    expect(up.messageKind).toBe('messages');
    expect(up.lanes.messages.map((piece) => piece.name)).toEqual(['GET /', 'GET /b']);
  });

  it('of bytes that are no text make no lines', () => {
    const scene = scenario();
    const listener = scene.role('server', '127.0.20.1', 'server').listen(7);
    must(scene.role('client', '127.0.20.2', 'client').connect(listener.endpoint), 'client').send(new Uint8Array([0, 255, 10, 200, 10]));
    expect(laid(scene).up.messageKind).toBe('none');
  });

  it('of a sender that is not ours come from what was read', () => {
    const scene = scenario();
    const listener = scene.role('server', '127.0.20.1', 'server').listen(7);
    const foreign = scene.foreignClient(listener);
    const server = listener.accept();
    foreign.send('hello\n');
    server.recv(4);
    const { up, end } = laid(scene);
    expect(up.lanes.writes).toEqual([]);
    expect(up.lanes.segments[0]).toMatchObject({ start: 0, evidence: 'inferred' });
    expect(String.fromCharCode(up.byteAt(1))).toBe('e');
    expect(overlaps(up, end)).toHaveLength(1);
  });
});

describe('what became of the bytes', () => {
  it('is lost when their reader has closed', () => {
    const { down, end } = laid(echoClosesEarly());
    expect(down.regionsAt(end)).toEqual([{ start: 4, end: 21, fate: 'lost' }]);
    expect(factsOfByte(down, 5, end).fate).toBe('lost');
  });

  it('is still to come before they are sent', () => {
    const { up, trace } = laid(splitsAndMerges());
    const first = Array.from({ length: trace.count }, (_, seq) => seq).find((seq) => trace.kind(seq) === 'bytes.sent') ?? -1;
    expect(up.regionsAt(first)).toEqual([{ start: 0, end: 10, fate: 'unread' }, { start: 10, end: 21, fate: 'future' }]);
    expect([up.sentAt(first), up.readAt(first)]).toEqual([10, 0]);
    expect(overlaps(up, first).map((row) => row.rest)).toEqual([[{ fate: 'unread', bytes: 10 }]]);
  });

  it('is not given away before its time: neither what is read nor how much comes back', () => {
    const { up, down, trace, end } = laid(echoClosesEarly());
    const before = Array.from({ length: trace.count }, (_, seq) => seq).find((seq) => trace.kind(seq) === 'bytes.sent') ?? -1;
    expect([begunAt(up, before - 1), begunAt(down, before)]).toEqual([0, 0]);
    expect([extentAt(up, [up, down], before), extentAt(down, [up, down], before)]).toEqual([21, 21]);
    expect([begunAt(up, end), extentAt(up, [up, down], end)]).toEqual([21, 21]);
  });

  it('is told for every write: which recv() took how much', () => {
    const { up, end } = laid(splitsAndMerges());
    expect(overlaps(up, end).map((row) => `${row.write.number}: ${row.reads.map((one) => `#${one.piece.number} (${one.bytes})`).join(', ')}${row.rest.map((one) => ` ${one.bytes} ${one.fate}`).join('')}`)).toEqual(['1: #1 (10)', '2: #1 (6), #2 (2)', '3: #2 (2) 1 unread']);
  });
});

describe('datagrams', () => {
  it('keep their boundaries, and the lost one is lost', () => {
    const { up, down, end } = laid(udpUppercase());
    expect(up.datagrams).toBe(true);
    expect(spans(up.lanes.segments)).toEqual(['0-5', '5-10', '10-14']);
    expect(spans(up.lanes.reads)).toEqual(['0-5', '5-10']);
    expect(up.regionsAt(end)).toEqual([{ start: 10, end: 14, fate: 'lost' }]);
    expect(String.fromCharCode(down.byteAt(5))).toBe('W');
    expect(overlaps(up, end).map((row) => row.reads.length)).toEqual([1, 1, 0]);
  });
});

describe('the scale', () => {
  it('fits everything, zooms around a point and stays within its bounds', () => {
    expect(fitted(1000, 500)).toEqual({ first: 0, per: 0.5 });
    expect(fitted(3, 500).per).toBe(MOST);
    const near = zoomed({ first: 0, per: 0.5 }, 4, 250, 1000, 500);
    expect(near.per).toBe(2);
    expect(near.first + 250 / near.per).toBeCloseTo(500);
    expect(clamped({ first: 5000, per: 2 }, 1000, 500).first).toBe(750);
    expect(zoomed({ first: 0, per: 0.5 }, 0.1, 0, 1000, 500)).toEqual({ first: 0, per: 0.5 });
    const seen = revealing(near, 990, 1000, 500);
    expect(990).toBeLessThan(seen.first + 500 / seen.per);
    expect(ticksOn({ first: 0, per: 1 }, 250, 1000)).toEqual([0, 100, 200]);
  });

  it('draws thousands of pieces as a few hundred boxes, none of them forgotten', () => {
    const pieces = Array.from({ length: 20_000 }, (_, at): Piece => ({ number: at + 1, start: at * 10, end: at * 10 + 10, target: null, evidence: 'observed', name: '' }));
    const scale = fitted(200_000, 800);
    const boxes = boxesOf(pieces, scale, 800);
    expect(boxes.length).toBeLessThan(300);
    expect(boxes.reduce((sum, box) => sum + box.count, 0)).toBe(20_000);
    const close = boxesOf(pieces, { first: 100_000, per: 10 }, 800);
    expect(close.map((box) => box.piece?.number)).toEqual([10_001, 10_002, 10_003, 10_004, 10_005, 10_006, 10_007, 10_008]);
    expect(pieceAt(pieces, 199_999)?.number).toBe(20_000);
    expect(pieceAt(pieces, 200_000)).toBeNull();
  });

  it('cuts what is not seen, and labels what has room', () => {
    expect(regionsOn([{ start: 0, end: 100, fate: 'unread' }, { start: 100, end: 200, fate: 'unread' }], { first: 50, per: 2 }, 100)).toEqual([{ start: 0, end: 100, fate: 'unread', x: 0, width: 100 }]);
    expect([fitLabel('#1 · 10 B', '#1', 100), fitLabel('#1 · 10 B', '#1', 30), fitLabel('#1 · 10 B', '#1', 10)]).toEqual(['#1 · 10 B', '#1', '']);
  });

  it('shows the bytes once there is room for them', () => {
    const { up } = laid(splitsAndMerges());
    const text = (writing: 'text' | 'hex', per: number) => signsOn(up, { first: 0, per }, 100, writing).signs.map((sign) => sign.text).join('');
    expect(text('text', 10)).toBe('GET␣READY↵');
    expect(text('hex', 25)).toBe('47455420');
    expect(signsOn(up, { first: 0, per: 4 }, 100, 'text')).toEqual({ signs: [], hint: true });
  });
});

describe('the view', () => {
  function shown(scene: Scenario, given: Record<string, unknown> = {}) {
    const { story, trace } = scene.told();
    const labels = { host: (id: string) => id, role: (id: string) => id };
    const props = { story, trace, version: story.version, position: story.moments.count, selection: { type: 'none' }, axis: new PacedAxis('each', story), reducedMotion: true, labels, app: EMPTY_APP, ...given };
    const i18n = createI18n({ legacy: false, locale: 'en', messages: { en: { streams: en, inspector } } });
    return { story, trace, view: mount(StreamsView, { attachTo: document.body, global: { plugins: [i18n] }, props: props as never }) };
  }

  it('says what it waits for', () => {
    expect(shown(scenario().role('client', '127.0.0.1', 'client').scene).view.text()).toContain('Waiting for the first bytes');
  });

  it('reads out a byte, and chooses what made it', async () => {
    const { view, trace } = shown(splitsAndMerges());
    const slider = view.get('[data-dir=up] [role=slider]');
    expect(slider.attributes('aria-valuemax')).toBe('20');
    await slider.trigger('keydown', { key: 'End' });
    expect(view.get('[data-readout]').text()).toMatch(/Byte 20.*send\(\) #3, 18–20.*no recv\(\) has taken it yet.*line 3/u);
    expect(slider.attributes('aria-valuetext')).toContain('send() #3');
    for (let times = 0; times < 2; times++) await slider.trigger('keydown', { key: 'ArrowLeft', ctrlKey: true });
    expect(slider.attributes('aria-valuenow')).toBe('16');
    await view.get('[data-of=reads] button').trigger('click');
    const [chosen] = view.emitted('select')?.at(-1) as [{ type: string; seq: number }];
    expect(trace.at(chosen.seq)).toMatchObject({ kind: 'bytes.received', offset: 16 });
    await view.setProps({ selection: chosen } as never);
    expect(view.findAll('[data-dir=up] .box.chosen')).toHaveLength(1);
  });

  it('puts the cursor on what is chosen elsewhere', async () => {
    const { view, trace } = shown(splitsAndMerges());
    const seq = Array.from({ length: trace.count }, (_, at) => at).findLast((at) => trace.kind(at) === 'bytes.sent') ?? -1;
    await view.setProps({ selection: { type: 'fact', seq } } as never);
    expect(view.get('[data-readout]').text()).toContain('Byte 18');
  });

  it('zooms and goes back to all', async () => {
    const { view } = shown(splitsAndMerges());
    const slider = view.get('[data-dir=up] [role=slider]');
    const bands = () => view.findAll('[data-dir=up] .band').map((band) => Number(band.attributes('width')));
    const before = bands();
    await slider.trigger('keydown', { key: '+' });
    expect(bands()[0]).toBeGreaterThan(before[0] ?? 0);
    await slider.trigger('keydown', { key: '0' });
    expect(bands()).toEqual(before);
  });

  it('shows nothing that comes after the playhead', () => {
    const scene = splitsAndMerges();
    const { story, trace } = scene.told();
    const first = Array.from({ length: trace.count }, (_, seq) => seq).find((seq) => trace.kind(seq) === 'bytes.sent') ?? -1;
    const at = (position: number) => shown(scene, { position }).view;
    expect(at(story.momentOfFact(first)).findAll('[role=slider]')).toHaveLength(0);
    const once = at(story.momentOfFact(first) + 1);
    expect(once.get('[data-dir=up] [role=slider]').attributes('aria-valuemax')).toBe('9');
    expect(once.get('[data-dir=up]').text()).toContain('not sent yet');
  });

  it('says the same as a table', async () => {
    const { view } = shown(echoHalfCloses());
    await view.findAll('[role=radio]')[1]?.trigger('click');
    expect(view.findAll('[role=row]').map((row) => row.text())).toContainEqual(expect.stringMatching(/send\(\) #2.*4–7.*recv\(\) #2 \(4\)/u));
    await view.get('[role=table]').trigger('keydown', { key: 'ArrowDown' });
    await view.get('[role=table]').trigger('keydown', { key: 'Enter' });
    expect(view.emitted('select')).toHaveLength(1);
  });

  it('shows one box a datagram', () => {
    const { view } = shown(udpUppercase());
    expect(view.findAll('[data-dir=up] .lane-segments .box.datagram')).toHaveLength(3);
    expect(view.get('[data-dir=up]').text()).toContain('lost');
  });
});
