import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { nextTick } from 'vue';
import type { FollowedStream, GraphSeries, PacketRow } from '../../../shared/packets/session';
import { i18n } from '../../i18n/i18n';
import { chartX, drawn, frameOf, ticks } from './chart';
import { cellsOf, hueOf, timeCell, USUAL_COLUMNS, type ColumnChoice } from './columns';
import FilterBar from './FilterBar.vue';
import FindBar from './FindBar.vue';
import FlowLadder from './FlowLadder.vue';
import { ladderTime } from './flowLadder';
import PacketTable from './PacketTable.vue';
import { mostHeight, ScaledScroll } from './scroll';
import { hexLines, turnsOf } from './streamTurns';

const row = (number: number, more: Partial<PacketRow> = {}): PacketRow =>
  ({ number, time: number * 1_000_000, source: '10.0.0.9', destination: '10.0.0.10', protocol: 'TCP', length: 66, info: `line ${number}`, trouble: 'none', flow: 1, rule: -1, columns: [], ...more });

describe('a list that is longer than an element can be', () => {
  const ROW = 24;
  const most = mostHeight(1);
  const scroll = new ScaledScroll();
  scroll.measure(5_000_000 * ROW, 600, most);

  it('has the tallest spacer that is safe, and reaches its last row', () => {
    expect(scroll.height).toBe(most);
    scroll.moved(most - 600);
    expect(scroll.top).toBe(5_000_000 * ROW - 600);
  });

  it('moves as far as the wheel turns, and by shares when the bar is dragged', () => {
    scroll.go(0);
    scroll.moved(100);
    expect(scroll.top).toBe(100);
    scroll.moved(most / 2);
    expect(scroll.top / (5_000_000 * ROW)).toBeCloseTo(0.5, 3);
  });

  it('puts the bar right after small movements, and every row can be gone to', () => {
    const real = scroll.go(scroll.topFor(4_000_000, ROW));
    scroll.moved(real + 300);
    expect(scroll.top).toBe(4_000_001 * ROW - 600 + 300);
    expect(scroll.settle()).not.toBeNull();
    expect(scroll.settle()).toBeNull();
    expect(scroll.topFor(4_000_000, ROW)).toBe(scroll.top);
  });

  it('is no other than a scroller when it is short', () => {
    const short = new ScaledScroll();
    short.measure(1_000, 200, most);
    short.moved(950);
    expect([short.height, short.top, short.settle()]).toEqual([1_000, 800, null]);
  });
});

describe('the time of an arrow', () => {
  it('never reaches into the number before it', () => {
    expect([ladderTime(1_250_000_000, false), ladderTime(1_250_000_001, true), ladderTime(955_475_231_643_198_000, false), ladderTime(955_475_231_643_198_000, true)]).toEqual(['1.250000', '1.250000001', '955475231.64', '955475231.64']);
  });
});

describe('cells', () => {
  it('say times with the digits that the capture has', () => {
    expect([timeCell(1_500_000, false), timeCell(-1, true), timeCell(61_000_000_001, true)]).toEqual(['0.001500', '−0.000000001', '61.000000001']);
  });

  it('have the colour of their layer, also where its protocol is not known', () => {
    expect(['HTTP', 'TLSv1.3', 'QUIC', 'ICMPv6', 'ARP', '0x88f7', 'Raw IP', 'Unknown'].map(hueOf)).toEqual(['application', 'application', 'transport', 'internet', 'link', 'link', 'link', 'link']);
  });

  it('never let wire text move the text around it', () => {
    expect(cellsOf(row(0, { info: 'a\u202eb\n<b>', columns: ['x'] }), [{ id: 'tcp.stream', width: 90 }, { id: 'info', width: 100 }], false)).toEqual(['x', 'a·b↵<b>']);
  });
});

it('the table draws rows as text, chooses with the keys, and asks for what is seen', async () => {
  const table = mount(PacketTable, {
    global: { plugins: [i18n] }, attachTo: document.body,
    props: { count: 1_000_000, revision: 0, rowAt: (at: number) => row(at, { info: '<img src=x>', trouble: at === 1 ? 'warn' as const : 'none' as const }), columns: USUAL_COLUMNS, fine: false, span: 1_000, paints: [], sort: { column: 'number' as const, descending: false }, selected: -1, label: 'Packets' },
  });
  expect(table.find('img').exists()).toBe(false);
  const grid = table.get('[role="grid"]');
  expect(grid.attributes('aria-rowcount')).toBe('1000001');
  const rows = table.findAll('.layer [role="row"]');
  expect(rows.length).toBeGreaterThan(5);
  expect(rows.length).toBeLessThan(60);
  expect(rows[1]?.text()).toContain('▲');
  expect(rows[1]?.get('.mark').attributes('aria-label')).toBe('trouble');
  expect(table.emitted('want')?.[0]?.[0]).toBe(0);
  await grid.trigger('keydown', { key: 'End' });
  expect(table.emitted('select')).toEqual([[999_999]]);
  await table.setProps({ selected: 3 });
  expect(table.findAll('[aria-selected="true"]')).toHaveLength(1);
  await grid.trigger('keydown', { key: 'Enter' });
  expect(table.emitted('open')).toEqual([[3]]);
  await table.get('[role="columnheader"] button').trigger('click');
  expect(table.emitted('sort')).toEqual([['number']]);
  table.unmount();
});

it('the table has room for the whole times of a capture, however long it is', async () => {
  const table = mount(PacketTable, {
    global: { plugins: [i18n] }, attachTo: document.body,
    props: { count: 3, revision: 0, rowAt: row, columns: USUAL_COLUMNS, fine: false, span: 99, paints: [], sort: { column: 'number' as const, descending: false }, selected: -1, label: 'Packets' },
  });
  const width = (): string => table.get('[role="grid"]').element.getAttribute('style')?.match(/--column-1: (\d+)px/)?.[1] ?? '';
  const widths = [width()];
  for (const [fine, span] of [[true, 99], [false, 1_700_000_000], [true, 18_446_744_073_709]] as const) {
    await table.setProps({ fine, span });
    widths.push(width());
  }
  expect(widths).toEqual(['104', '130', '168', '226']);
  // The list is written in 11.5 px, which its widths follow, in letters of 6.9 px; its cells have edges of 19 px.
  const room = widths.map((wide) => Math.floor(((Number(wide) * 11.5) / 13 - 19) / 6.9));
  expect(room.map((letters, i) => letters >= (['−99.000000', '−99.000000000', '−1700000000.000000', '−18446744073709.000000000'][i]?.length ?? 0))).toEqual([true, true, true, true]);
  // What is dragged is the usual width: another capture has room for its own times.
  await table.get('[role="columnheader"]:nth-child(2) button').trigger('keydown', { key: 'ArrowRight', shiftKey: true });
  expect(table.emitted<[readonly ColumnChoice[]]>('columns')?.[0]?.[0][1]).toEqual({ id: 'time', width: 120 });
  table.unmount();
});

it('the filter bar points at the place of an error, and applies what is right', async () => {
  const bar = mount(FilterBar, {
    global: { plugins: [i18n] }, attachTo: document.body,
    props: { applied: '', check: (text: string) => (text.includes('foo') ? { at: 4, length: 3, code: 'unknownField' as const, message: '', words: {} } : null), suggest: () => [], recent: ['dns'], buttons: [{ name: 'Names', filter: 'dns' }], told: '' },
  });
  const input = bar.get('input');
  await input.setValue('not foo');
  expect(bar.get('mark').text()).toBe('foo');
  await input.trigger('keydown', { key: 'Enter' });
  expect(bar.emitted('apply')).toBeUndefined();
  await input.setValue('tcp');
  await input.trigger('keydown', { key: 'Enter' });
  await bar.get('.buttons button').trigger('click');
  expect(bar.emitted('apply')).toEqual([['tcp'], ['dns']]);
  // What is applied has nothing to complete: down goes on to the list.
  await bar.setProps({ applied: 'tcp' });
  await input.trigger('keydown', { key: 'ArrowDown' });
  expect(bar.emitted('leave')).toHaveLength(1);
  bar.unmount();
});

it('the find bar says what is no pattern, and forgets an outcome when something else is typed', async () => {
  const bar = mount(FindBar, { global: { plugins: [i18n] }, attachTo: document.body, props: { state: 'no', check: () => null } });
  const input = bar.get('.ui-field');
  const said = (): string => bar.get('[role="status"]').text();
  await input.setValue('needle');
  await bar.trigger('submit');
  await bar.setProps({ state: 'none' });
  expect([bar.emitted('find'), said()]).toEqual([[['text', 'needle', false, false]], 'Not found']);
  await input.setValue('needles');
  expect(said()).toBe('');
  await bar.findAll('[role="radio"]')[2]?.trigger('click');
  await input.setValue('(');
  await bar.trigger('submit');
  expect([said(), input.attributes('aria-invalid'), bar.emitted('find')?.length]).toEqual(['This is no regular expression.', 'true', 1]);
  await bar.findAll('[role="radio"]')[1]?.trigger('click');
  expect(said()).toBe('Hex digits in pairs are needed, e.g. 16 03.');
  bar.unmount();
});

it('the ladder brings the chosen packet into sight, and asks for those that lead to it', async () => {
  const PART = 200;
  const parts = new Set([0]);
  const wanted: number[] = [];
  const part = { flow: 1, kind: 'tcp', stream: 0, a: { address: '10.0.0.9', port: 1 }, b: { address: '10.0.0.10', port: 2 }, total: 5000, packets: [] };
  // Every third packet of the file is of this flow.
  const packetAt = (at: number) => (parts.has(Math.floor(at / PART)) ? { ...row(at * 3), back: false, payload: 0 } : null);
  const onWant = (from: number): void => void wanted.push(from);
  const ladder = mount(FlowLadder, { props: { part, packetAt, revision: 0, selected: null, fine: false, onWant }, global: { plugins: [i18n] }, attachTo: document.body });
  await ladder.setProps({ selected: 4000 * 3 });
  for (let revision = 1; ladder.element.scrollTop === 0 && revision < 30; revision++) {
    for (const from of wanted.splice(0)) parts.add(Math.floor(from / PART));
    await ladder.setProps({ revision });
    await nextTick();
  }
  expect(ladder.element.scrollTop / 30).toBeGreaterThan(3990);
  expect(ladder.element.scrollTop / 30).toBeLessThan(4001);
  expect(parts.size).toBeLessThan(14);
  // The keys go to a packet that has not come yet: it is chosen when it is there.
  parts.delete(24);
  await ladder.trigger('keydown', { key: 'End' });
  expect(ladder.emitted('select')).toBeUndefined();
  parts.add(24);
  await ladder.setProps({ revision: 31 });
  expect(ladder.emitted('select')).toEqual([[4999 * 3]]);
  ladder.unmount();
});

it('a stream is read in turns, and gaps begin new ones', () => {
  const piece = (dir: 'up' | 'down', text: string, gap = 0) => ({ dir, offset: 0, bytes: new TextEncoder().encode(text), gap, packet: 1, time: 0 });
  const stream = { pieces: [piece('up', 'a'), piece('up', 'b'), piece('down', 'c'), piece('down', 'd', 3)] } as unknown as FollowedStream;
  expect(turnsOf(stream, true).map(({ dir, bytes, gap }) => [dir, bytes.length, gap])).toEqual([['up', 2, 0], ['down', 1, 0], ['down', 1, 3]]);
  expect(turnsOf(stream, false)).toHaveLength(4);
  expect(hexLines(Uint8Array.of(0x41, 0), 16)).toMatch(/^000010 {2}41 00 .* A·$/u);
});

it('a chart keeps every peak, however many samples there are', () => {
  const x = Array.from({ length: 100_000 }, (_unused, at) => at);
  const series: GraphSeries = { name: 'packets', unit: 'packets', x, y: x.map((at) => (at === 51_234 ? 900 : 1)), packets: [] };
  const frame = frameOf([series], 500, 200);
  const kept = drawn(series, frame);
  expect(kept).toContain(51_234);
  expect(kept.length).toBeLessThan(1_100);
  expect(chartX(frame, 0)).toBe(0);
  expect(ticks(0, 10, 500, 100)).toEqual([0, 2, 4, 6, 8, 10]);
});
