import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { createI18n } from 'vue-i18n';
import { connId } from '../../../shared/base/brand';
import inspector from '../../i18n/locales/en/inspector.json';
import en from '../../i18n/locales/en/http2.json';
import { scenario } from '../../../shared/trace/fixture';
import { connectionsOf, flagsOf, frameHead, framesOf } from './frames';
import { hpackRows } from './hpack';
import { twoStreams } from './http2.fixture';
import Http2View from './Http2View.vue';
import { layoutFrames, moveFrom, overviewLane, overviewOf, playheadX, sentCount, wayOf } from './layout';

const said = (frames: ReturnType<typeof framesOf>): string[] => frames.map((frame) => `${frame.message.dir === 'up' ? '→' : '←'} ${frame.name}[${frame.stream}]${frame.ack ? ' ACK' : ''}${frame.endStream ? ' END' : ''}`);

describe('frames', () => {
  it('come in the order of sending, with stream, direction and flags', () => {
    const { app } = twoStreams();
    expect(connectionsOf(app)).toEqual([1]);
    const frames = framesOf(app, connId(1));
    expect(said(frames)).toEqual([
      '→ PREFACE[0]', '→ SETTINGS[0]', '← SETTINGS[0]', '← SETTINGS[0] ACK', '→ HEADERS[1] END', '→ HEADERS[3] END', '← HEADERS[1]', '← HEADERS[3]', '← DATA[1]', '← DATA[3]', '← DATA[1] END', '← DATA[3] END',
    ]);
    expect(frames.map(flagsOf)[4]).toEqual(['END_STREAM', 'END_HEADERS']);
    expect(frames[8]?.size).toBe(9 + 4);
  });

  it('begin with nine bytes', () => {
    expect(frameHead(Uint8Array.from([0, 1, 2, 9, 0x2d, 0x80, 0, 0, 5]))).toEqual({ length: 258, type: 9, flags: 0x2d, reserved: true, stream: 5 });
    expect(frameHead(new Uint8Array(8))).toBeNull();
    expect(frameHead(null)).toBeNull();
  });

  it('are known by their summary where no bytes are kept', () => {
    const { app } = twoStreams();
    const blind = { ...app, messages: app.messages, bytes: () => null };
    expect(said(framesOf(blind, connId(1))).slice(8)).toEqual(['← DATA[1]', '← DATA[3]', '← DATA[1]', '← DATA[3]']);
  });
});

describe('the lanes', () => {
  const of = (props = twoStreams()) => layoutFrames(props.app, props.story, props.axis, connId(1), 6);

  it('are one for the connection and one for each stream, named by what it was opened for', () => {
    expect(of().lanes).toEqual([{ stream: 0, request: '', first: 0 }, { stream: 1, request: 'GET /a', first: 4 }, { stream: 3, request: 'GET /b', first: 5 }]);
  });

  it('keep the order of sending, and no frame covers another', () => {
    const { boxes, width } = of();
    for (const box of boxes.slice(1)) {
      const before = boxes[box.order - 1];
      expect(box.x).toBeGreaterThan(before?.x ?? 0);
      const inLane = boxes.filter((other) => other.lane === box.lane && other.order < box.order).at(-1);
      if (inLane !== undefined) expect(box.x).toBeGreaterThan(inLane.x + inLane.width);
    }
    expect(width).toBeGreaterThan((boxes.at(-1)?.x ?? 0) + (boxes.at(-1)?.width ?? 0));
  });

  it('fit into any width as an overview, in the same order and without covering one another', () => {
    for (const width of [60, 200, 500]) {
      const { boxes } = overviewOf(of(), width);
      for (const box of boxes) {
        expect(box.x + box.width).toBeLessThanOrEqual(width);
        const before = boxes[box.order - 1];
        if (before !== undefined) expect(box.x).toBeGreaterThan(before.x);
        const next = boxes.find((other) => other.lane === box.lane && other.order > box.order);
        if (next !== undefined && box.width > 5) expect(box.x + box.width).toBeLessThanOrEqual(next.x);
      }
    }
    expect([overviewLane(3, 300), overviewLane(13, 250), overviewLane(100, 250)]).toEqual([34, 19, 12]);
  });

  it('fill as the playhead goes, and a frame is on its way until it is read', () => {
    const props = twoStreams();
    const { boxes } = of(props);
    const data = boxes[10];
    if (data === undefined) throw new Error('no DATA');
    const sent = props.story.momentOfFact(data.frame.message.sentSeq);
    expect(sentCount(boxes, props.story, 0)).toBe(0);
    expect(sentCount(boxes, props.story, sent)).toBe(10);
    expect(sentCount(boxes, props.story, sent + 1)).toBe(12);
    expect(wayOf(data, props.story, props.axis, sent + 1)).toBe(0);
    const half = wayOf(data, props.story, props.axis, sent + 1.5);
    expect(half).toBeGreaterThan(0);
    expect(half).toBeLessThan(1);
    expect(wayOf(data, props.story, props.axis, props.position)).toBe(1);
  });

  it('have the playhead between what was sent and what comes next', () => {
    const props = twoStreams();
    const { boxes } = of(props);
    let before = 0;
    for (let position = 0; position <= props.position; position += 0.25) {
      const sent = sentCount(boxes, props.story, Math.floor(position));
      const x = playheadX(boxes, sent, props.axis.at(position));
      expect(x).toBeGreaterThanOrEqual(before);
      const next = boxes[sent];
      if (next !== undefined) expect(x).toBeLessThanOrEqual(next.x);
      before = x;
    }
  });

  it('are walked with the arrows', () => {
    const { boxes } = of();
    expect(moveFrom(boxes, 4, 'ArrowRight')).toBe(5);
    expect(boxes[moveFrom(boxes, 4, 'ArrowDown') ?? -1]?.frame.stream).toBe(3);
    expect(boxes[moveFrom(boxes, 5, 'ArrowUp') ?? -1]?.frame.stream).toBe(1);
    expect(moveFrom(boxes, 0, 'ArrowUp')).toBe(0);
    expect(moveFrom(boxes, 0, 'End')).toBe(11);
    expect(moveFrom(boxes, 0, 'x')).toBeNull();
  });
});

describe('headers in HPACK', () => {
  const rowsOf = (order: number) => {
    const { app } = twoStreams();
    const id = framesOf(app, connId(1))[order]?.message.id ?? -1;
    const [tree, bytes] = [app.fields(id), app.bytes(id)];
    if (tree === null || bytes === null) throw new Error('no tree');
    return hpackRows(tree, bytes);
  };

  it('say which table an entry came out of, and what was written out', () => {
    expect(rowsOf(4).map(({ name, representation, index, table, huffman }) => [name, representation, index, table, huffman])).toEqual([
      [':method', 'indexed', 2, 'static', 'none'], [':scheme', 'indexed', 6, 'static', 'none'], [':authority', 'incremental', 1, 'static', 'value'], [':path', 'incremental', 4, 'static', 'none'],
    ]);
    expect(rowsOf(4)[0]).toMatchObject({ length: 1, hex: '82', plain: ':method: GET\r\n'.length });
  });

  it('are a byte when an earlier frame has written them', () => {
    expect(rowsOf(5)[2]).toMatchObject({ name: ':authority', value: 'web.test', representation: 'indexed', table: 'dynamic', length: 1 });
    expect(rowsOf(6)[1]).toMatchObject({ name: 'x-lab', representation: 'incremental', index: 0, table: null, huffman: 'none' });
  });
});

describe('the view of streams', () => {
  function shown(given: Record<string, unknown> = {}) {
    const props = { ...twoStreams(), ...given };
    const i18n = createI18n({ legacy: false, locale: 'en', messages: { en: { http2: en, inspector } } });
    return { props, view: mount(Http2View, { attachTo: document.body, global: { plugins: [i18n] }, props: props as never }) };
  }

  it('says what it waits for', () => {
    const { story, trace } = scenario().told();
    expect(shown({ story, trace }).view.text()).toContain('No streams yet');
    expect(shown({ position: 0 }).view.text()).toContain('The first frame is still to come');
  });

  it('names every frame with all that it shows', async () => {
    const { view, props } = shown();
    const names = view.findAll('[role=option]').map((one) => one.attributes('aria-label'));
    expect(names).toContain('HEADERS, stream 1, client to server, 23 B, END_STREAM');
    expect(names).toContain('PREFACE, stream 0, client to server, 24 B');
    await view.setProps({ position: props.story.momentOfFact(framesOf(props.app, connId(1))[10]?.message.sentSeq ?? -1) + 1 } as never);
    const lanes = view.get('[role=listbox]');
    lanes.element.scrollLeft = 500;
    await lanes.trigger('scroll');
    const [last] = framesOf(props.app, connId(1)).slice(10);
    expect(view.get(`[data-frame="${last?.message.id}"]`).attributes('aria-label')).toBe('DATA, stream 1, server to client, 12 B, END_STREAM, not read yet');
    lanes.element.scrollLeft = 0;
    await lanes.trigger('scroll');
    await view.setProps({ position: props.story.momentOfFact(framesOf(props.app, connId(1))[4]?.message.sentSeq ?? -1) + 1 } as never);
    expect(view.findAll('[role=option]')).toHaveLength(5);
    expect(view.text()).toContain('7 frames after the playhead');
    expect(view.text()).not.toContain('GET /b');
  });

  it('moves with the arrows, chooses with Enter, goes there with a double click', async () => {
    const { view, props } = shown();
    const list = view.get('[role=listbox]');
    for (const key of ['Home', 'ArrowRight', 'Enter']) await list.trigger('keydown', { key });
    const frames = framesOf(props.app, connId(1));
    expect(view.emitted('select')).toEqual([[{ type: 'message', id: frames[1]?.message.id }]]);
    await view.get(`[data-frame="${frames[8]?.message.id}"]`).trigger('dblclick');
    expect(view.emitted('seek')).toEqual([[props.story.momentOfFact(frames[8]?.message.sentSeq ?? -1) + 1]]);
  });

  it('opens the chosen frame: nine bytes, HPACK, fields and bytes', async () => {
    const { props } = shown();
    const id = framesOf(props.app, connId(1))[4]?.message.id;
    const { view } = shown({ selection: { type: 'message', id } });
    const detail = view.get('aside');
    expect(detail.findAll('.nine tr').map((row) => row.text())).toEqual(['Length00 00 0e14 B', 'Type01HEADERS', 'Flags05END_STREAM, END_HEADERS', 'Stream00 00 00 011']);
    expect(detail.text()).toContain('HPACK: 14 B here');
    expect(detail.text()).toContain('whole, as number 2 of the static table');
    await detail.findAll('.hpack .field')[2]?.trigger('click');
    expect(detail.findAll('.hpack tr.marked')).toHaveLength(1);
    expect(detail.findAll('.byte.marked').length).toBeGreaterThan(5);
    await detail.get('button[aria-label="Close the frame"]').trigger('click');
    expect(view.emitted('select')).toEqual([[{ type: 'none' }]]);
  });
});
