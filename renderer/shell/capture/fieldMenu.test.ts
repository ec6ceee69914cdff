// What a cell or a field is asked about, and the menu that does something with it.
import { flushPromises, mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { openFrames, Line } from '../../../shared/packets/dissection/captured.fixture';
import { createDissector } from '../../../shared/packets/dissection/dissector';
import type { PacketRow } from '../../../shared/packets/session';
import { i18n } from '../../i18n/i18n';
import PacketPanel from '../../inspector/PacketPanel.vue';
import { parseFilter } from '../../../shared/filter/parse';
import FactTable from '../../views/packets/FactTable.vue';
import { askedOfCell, askedOfEnd, askedOfNode, askedOfProtocol, askedOfTalk } from './askedField';
import FieldMenu from './FieldMenu.vue';

const row: PacketRow = { number: 4, time: 0, source: '10.0.0.1', destination: '2001:db8::1', protocol: 'TLSv1.3', length: 74, info: 'Client Hello', trouble: 'none', flow: 1, rule: -1, columns: ['17', 'a b', ''] };
const cell = (column: string): string | null => askedOfCell(row, column, ['tcp.stream', 'http.host', 'dns.qry.name'])?.filter ?? null;

describe('a cell', () => {
  it('is asked as the field that it shows', () => {
    expect(['number', 'source', 'destination', 'protocol', 'length', 'tcp.stream', 'http.host'].map(cell)).toEqual(['frame.number == 5', 'ip.src == 10.0.0.1', 'ipv6.dst == 2001:db8::1', 'tls', 'frame.len == 74', 'tcp.stream == 17', 'http.host == "a b"']);
    expect(askedOfCell({ ...row, source: '00:11:22:33:44:55', protocol: 'HTTP/JSON' }, 'source', [])?.filter).toBe('eth.src == 00:11:22:33:44:55');
  });

  it('that shows no field is not', () => expect(['info', 'time', 'dns.qry.name'].map(cell)).toEqual([null, null, null]));
});

describe('who talked', () => {
  const [a, b] = [{ address: '::1', port: 40_000, name: 'here.test' }, { address: '10.0.0.2', port: null }];
  it('is asked for by addresses, whatever name they are shown by', () => {
    const talk = { flow: 1, kind: 'tcp', a, b: { address: '::2', port: 80 }, packets: [1, 1], bytes: [1, 1], start: 0, end: 1 } as const;
    expect(askedOfTalk('tcp', talk)).toEqual({ name: '', filter: 'ipv6.addr == ::1 && tcp.port == 40000 && ipv6.addr == ::2 && tcp.port == 80', value: 'here.test:40000 ↔ [::2]:80' });
    const asked = [askedOfEnd('udp', { ...a, packets: 1, bytes: 1, sent: 1, received: 0 }), askedOfEnd('ip', { ...b, packets: 1, bytes: 1, sent: 1, received: 0 }), askedOfEnd('ethernet', { ...b, address: '00:11:22:33:44:55', packets: 1, bytes: 1, sent: 1, received: 0 })].map(({ filter }) => filter ?? '');
    expect(asked).toEqual(['ipv6.addr == ::1 && udp.port == 40000', 'ip.addr == 10.0.0.2', 'eth.addr == 00:11:22:33:44:55']);
    expect(asked.every((filter) => 'ok' in parseFilter(filter))).toBe(true);
    expect([askedOfProtocol('http')?.filter, askedOfProtocol('no-protocol')]).toEqual(['http', null]);
  });

  it('is asked about in its row, by the pointer and by the menu key', async () => {
    const column = { id: 'a', title: 'A', width: '1fr', numeric: false, text: (row: string) => row, value: (row: string) => row };
    const table = mount(FactTable<string>, { props: { rows: ['one', 'two'], columns: [column], label: 'rows', hint: '' }, attachTo: document.body });
    await table.get('.head').trigger('contextmenu');
    await table.get('[role="grid"]').trigger('contextmenu');
    await table.findAll('.body .line')[1]?.trigger('contextmenu');
    await table.get('[role="grid"]').trigger('contextmenu');
    expect(table.emitted('ask')?.map(([, row]) => row as unknown)).toEqual([null, null, 'two', 'two']);
    table.unmount();
  });
});

it('a field of the chosen packet is asked about where the pointer is', async () => {
  const capture = openFrames(new Line(80).frames);
  const panel = mount(PacketPanel, { props: { packet: createDissector(capture).dissect(0) }, global: { plugins: [i18n] } });
  const field = panel.get('[data-field="tcp.dstport"]');
  expect(field.attributes('draggable')).toBe('true');
  await field.trigger('mouseenter');
  await field.trigger('contextmenu');
  await panel.get('h3').trigger('contextmenu');
  const [[, node, bytes] = [], [, none] = []] = panel.emitted('ask') as [unknown, Parameters<typeof askedOfNode>[0], Uint8Array][];
  expect(node === undefined || bytes === undefined ? null : askedOfNode(node, bytes)).toEqual({ name: 'tcp.dstport', filter: 'tcp.dstport == 80', value: '80' });
  expect(none).toBeNull();
});

it('the menu says what it is about, and joins only where there is a filter', async () => {
  const field = { name: 'tcp.dstport', filter: 'tcp.dstport == 80', value: '80' };
  const menu = mount(FieldMenu, { props: { field, there: '', column: true }, slots: { default: '<div class="here">x</div>' }, global: { plugins: [i18n] }, attachTo: document.body });
  await menu.get('.here').trigger('contextmenu');
  await flushPromises();
  expect(menu.get('[role="menu"]').text()).toMatch(/^tcp\.dstport == 80Apply as filterPrepare as filterCopy as filterCopy valueCopy field nameShow as a column$/);
  await menu.get('[data-way="copyFilter"]').trigger('click');
  expect(menu.emitted('copy')).toEqual([['tcp.dstport == 80']]);
  menu.unmount();
});

it('a packet that is told from the end of its flow says so', async () => {
  const packet = createDissector(openFrames(new Line(80).frames)).dissect(0);
  const panel = mount(PacketPanel, { props: { packet, cut: true }, global: { plugins: [i18n] } });
  expect(panel.text()).toContain('still being read');
  await panel.setProps({ cut: false });
  expect(panel.text()).not.toContain('still being read');
});
