import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import type { PacketRow } from '../../../shared/packets/session';
import { i18n } from '../../i18n/i18n';
import { USUAL_COLUMNS } from './columns';
import { overflows, roughLetters } from './letters';
import PacketTable from './PacketTable.vue';

const row = (number: number): PacketRow =>
  ({ number, time: number, source: '10.0.0.9', destination: '10.0.0.10', protocol: number === 4 ? 'ARP' : 'TCP', length: 66, info: `line ${number}`, trouble: 'none', flow: 1, rule: -1, columns: [] });

describe('the letters of a cell', () => {
  const letters = { plain: Array.from({ length: 128 }, (_, code) => (code === 0x69 ? 3 : 7)), signs: new Map([[0x2192, 9]]), other: 17 };

  it('say when a text is longer than its cell', () => {
    const texts = ['i'.repeat(20), 'a'.repeat(10), 'a'.repeat(11), '→'.repeat(8), '→'.repeat(9), '水'.repeat(4), '水'.repeat(5)];
    expect(texts.map((text) => overflows(text, 92, letters))).toEqual([false, false, true, false, true, false, true]);
  });

  it('are wide while the font is not known: a text in doubt is clipped', () => {
    expect(['10.0.0.9', 'tcp', 'WWWW'].map((text, at) => overflows(text, at === 0 ? 148 : 60, roughLetters(11.5)))).toEqual([false, false, true]);
  });
});

it('names the chosen row, and no other, and knows what was pressed', async () => {
  const table = mount(PacketTable, {
    global: { plugins: [i18n] }, attachTo: document.body,
    props: { count: 1_000, revision: 0, rowAt: row, columns: USUAL_COLUMNS, fine: false, span: 1_000, paints: [], sort: { column: 'number' as const, descending: false }, selected: 3, label: 'Packets' },
  });
  const rows = table.findAll('.layer [role="row"]');
  const named = (): (string | undefined)[] => rows.filter((one) => one.attributes('id') !== undefined).map((one) => one.attributes('aria-rowindex'));
  const active = (): string | undefined => document.getElementById(table.get('[role="grid"]').attributes('aria-activedescendant') ?? '')?.getAttribute('aria-rowindex') ?? undefined;
  await expect.poll(() => [named(), active()]).toEqual([['5'], '5']);
  await table.setProps({ selected: 5 });
  await expect.poll(() => [named(), active()]).toEqual([['7'], '7']);
  // Far away the same elements are other rows.
  await table.setProps({ selected: 700 });
  await expect.poll(() => [named(), active()]).toEqual([['702'], '702']);
  await table.setProps({ selected: 0 });
  await expect.poll(() => [named(), active()]).toEqual([['2'], '2']);
  const at = (index: number) => table.get(`.packet-rows [aria-rowindex="${index + 2}"]`);
  expect(['.is-transport', '.is-link'].map((hue) => [3, 4].map((index) => at(index).find(`.of-protocol${hue}`).exists()))).toEqual([[true, false], [false, true]]);
  await at(3).get('.of-info').trigger('click');
  await at(4).get('.of-source').trigger('contextmenu');
  await table.get('[role="columnheader"]').trigger('click');
  await table.get('[role="columnheader"]').trigger('contextmenu');
  expect(table.emitted('select')).toEqual([[3], [4]]);
  expect(table.emitted('ask')?.map((told) => told.slice(1))).toEqual([[4, 'source'], [-1, '']]);
  table.unmount();
});

it('a row is painted by the rule that it says, named by it, and painted anew when the colours change', async () => {
  const paints = [{ name: 'late', filter: 'udp', colour: 'amber' as const }, { name: 'odd', filter: 'arp', colour: 'teal' as const }];
  const table = mount(PacketTable, {
    global: { plugins: [i18n] }, attachTo: document.body,
    props: { count: 3, revision: 0, rowAt: (at: number) => ({ ...row(at), rule: [-1, 1, 0][at] ?? -1 }), columns: USUAL_COLUMNS, fine: false, span: 1_000, paints, sort: { column: 'number' as const, descending: false }, selected: -1, label: 'Packets' },
  });
  const painted = (): string[] => table.findAll('.layer [role="row"]:not([hidden])').map((one) => `${/paint-\w+/.exec(one.attributes('class') ?? '')?.[0] ?? ''} ${one.attributes('title') ?? ''}`.trim());
  await expect.poll(painted).toEqual(['', 'paint-teal odd', 'paint-amber late']);
  await table.setProps({ paints: paints.map((one) => ({ ...one, colour: 'red' as const })) });
  expect(painted()).toEqual(['', 'paint-red odd', 'paint-red late']);
  table.unmount();
});

it('while rows move the pointer finds none, so that none is drawn for it; a press on what moves chooses what is there', async () => {
  const table = mount(PacketTable, {
    global: { plugins: [i18n] }, attachTo: document.body,
    props: { count: 1_000, revision: 0, rowAt: row, columns: USUAL_COLUMNS, fine: false, span: 1_000, paints: [], sort: { column: 'number' as const, descending: false }, selected: 3, label: 'Packets' },
  });
  const moving = (): boolean => table.get('.packet-rows').classes('moving');
  await expect.poll(() => table.findAll('.layer [role="row"]').length).toBeGreaterThan(5);
  expect(moving()).toBe(false);
  await table.setProps({ selected: 700 });
  await expect.poll(moving).toBe(true);
  await expect.poll(moving).toBe(false);
  await table.setProps({ selected: 0 });
  await expect.poll(moving).toBe(true);
  await table.get('[role="grid"]').trigger('pointerdown');
  expect(moving()).toBe(false);
  // The head of 28 px, then rows of 24.
  await table.get('.spacer').trigger('click', { clientY: 28 + 24 * 2 + 5 });
  await table.get('.spacer').trigger('click', { clientY: 28 + 24 * 1_000 });
  await table.get('[role="columnheader"]').trigger('click', { clientY: 5 });
  expect(table.emitted('select')).toEqual([[2]]);
  table.unmount();
});
