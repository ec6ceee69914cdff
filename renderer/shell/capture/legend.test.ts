// What the colours stand for: protocols under their layer, counted once a packet, each with a filter; and the signs of trouble by the filters that find them.
import { describe, expect, it } from 'vitest';
import { parseFilter } from '../../../shared/filter/parse';
import type { HierarchyNode, PacketRow } from '../../../shared/packets/session';
import { LEGEND_TROUBLE, legendLayers } from './legend';

const node = (protocol: string, packets: number, endPackets: number, children: readonly HierarchyNode[] = []): HierarchyNode => ({ protocol, packets, bytes: 0, endPackets, children });
const row = (protocol: string): PacketRow => ({ number: 0, time: 0, source: '', destination: '', protocol, length: 60, info: '', trouble: 'none', flow: 1, rule: -1, columns: [] });
const told = (layers: ReturnType<typeof legendLayers>): string[] => layers.map(({ hue, entries }) => `${hue}: ${entries.map(({ filter, packets }) => `${filter} ${packets ?? '?'}`).join(', ')}`);

const tree = [
  node('eth', 100, 0, [
    node('arp', 8, 8),
    node('ip', 92, 0, [node('tcp', 60, 40, [node('http', 15, 15), node('data', 5, 5)]), node('udp', 20, 0, [node('data', 20, 20)]), node('icmp', 12, 0, [node('ip', 12, 0, [node('tcp', 12, 12)])])]),
  ]),
];

describe('the legend', () => {
  it('lists what is the last word of some packet, under its layer, from the top of the stack', () => {
    expect(told(legendLayers(tree, []))).toEqual(['application: http 15', 'transport: tcp 72, udp 20', 'link: arp 8']);
  });

  it('counts a packet once that has a protocol twice', () => {
    expect(told(legendLayers([node('ip', 9, 0, [node('ip', 9, 9)])], []))).toEqual(['internet: ip 9']);
  });

  it('knows from the rows what was not counted, and leaves out what no filter knows', () => {
    expect(told(legendLayers([node('eth', 3, 0, [node('ip', 3, 0, [node('tcp', 3, 3)])])], [row('TLSv1.3'), row('TCP'), row('HTTP/JSON'), row('Nothing')]))).toEqual(['application: tls ?, http ?', 'transport: tcp 3']);
    expect(legendLayers(null, [])).toEqual([]);
  });

  it('has a filter for each sign of trouble', () => {
    expect(LEGEND_TROUBLE.map(({ filter }) => 'ok' in parseFilter(filter))).toEqual([true, true, true]);
  });
});
