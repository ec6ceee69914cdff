// The DNS tree's geometry: servers read like a tree, arrows of repeated questions keep apart, and no arrow crosses another box.
import { describe, expect, it } from 'vitest';
import { hostIx } from '../../../shared/base/brand';
import { middleOf, pathOf } from './geometry';
import { treeOrder, type DnsNode } from './layout';

const zones = (...names: string[]): { readonly zone: string }[] => names.map((zone) => ({ zone }));
const read = (...names: string[]): string[] => treeOrder(zones(...names)).map(({ item, level }) => `${'  '.repeat(level)}${item.zone}`);
const box = (host: number, x: number, y: number): DnsNode => ({ host: hostIx(host), id: `host-${host}`, address: '127.0.0.1', kind: 'server', zone: '', x, y, width: 100, height: 40 });

describe('the order of servers', () => {
  it('is that of a tree: each zone, then what it leads to', () => {
    expect(read('example.test', 'com', '.', 'test', 'naver.com')).toEqual(['.', '  com', '    naver.com', '  test', '    example.test']);
  });
  it('keeps two servers of one zone together, and skips zones that nobody serves', () => {
    expect(read('.', 'campus.ac.kr', 'example.test', 'example.test', 'kr')).toEqual(['.', '  kr', '    campus.ac.kr', '  example.test', '  example.test']);
  });
  it('has room for servers of which nobody said the zone', () => {
    expect(read('', '.', 'test')).toEqual(['', '.', '  test']);
  });
});

describe('arrows between the same two boxes', () => {
  const [client, server] = [box(0, 0, 100), box(1, 300, 100)];
  it('go there on one side and come back on the other', () => {
    const [there, back] = [middleOf(pathOf(client, server, 'query')), middleOf(pathOf(server, client, 'answer'))];
    expect(Math.sign(there.y - 120)).toBe(-Math.sign(back.y - 120));
  });
  it('keep their numbers apart when a question is asked five times', () => {
    const lanes = 5;
    const numbers = [0, 1, 2, 3, 4].flatMap((lane) => [middleOf(pathOf(client, server, 'query', { lane, lanes }), { lane, lanes }), middleOf(pathOf(server, client, 'answer', { lane, lanes }), { lane, lanes })]);
    const near = numbers.flatMap((one, at) => numbers.slice(at + 1).map((other) => Math.hypot(one.x - other.x, one.y - other.y)));
    expect(Math.min(...near)).toBeGreaterThan(17);
  });
});
