// The inspector's pure layouts: rows of the tree, rows of bytes, boxes, and the tie between fields and bytes.

import { describe, expect, it } from 'vitest';
import { assemble, part } from '../../../shared/codec/assemble';
import { dissect } from '../../../shared/codec/dissect';
import { codec as ethernet } from '../../../shared/codec/ethernet/codec';
import { generated, withChildren, type FieldNode } from '../../../shared/codec/field';
import { codec as ipv4 } from '../../../shared/codec/ipv4/codec';
import { codec as tcp, TCP_FLAGS } from '../../../shared/codec/tcp/codec';
import { fieldRows, treeMove } from './fieldRows';
import { hexMove, hexRows } from './hexRows';
import { byteSpans, layerBoxes } from './layerBoxes';
import { bitPattern, fieldAt, keyOf, markOf } from './mark';
import { sizeText } from './size';

const network = { source: '127.0.10.1', destination: '127.0.20.1' };
const frame = assemble([
  part(ethernet, { destination: '00:00:00:00:00:00', source: '00:00:00:00:00:00', type: 0x0800 }),
  part(ipv4, { ...network, protocol: 6 }),
  part(tcp, { sourcePort: 49_210, destinationPort: 7007, sequence: 97, acknowledgment: 17, flags: TCP_FLAGS.FIN | TCP_FLAGS.ACK, options: [{ kind: 'nop' }, { kind: 'nop' }] }, { network }),
], Uint8Array.of(0x68, 0x69));
const layers = dissect(frame);
const trees = layers.map((layer) => layer.tree);
const fieldsOf = (protocol: string): readonly FieldNode[] => layers.find((layer) => layer.protocol === protocol)?.tree.children ?? [];

describe('bytes find their field', () => {
  const names = (at: number): string | undefined => fieldAt(trees, at)?.name;

  it('the one with the fewest bytes, all flags rather than one of them', () => {
    expect(names(0)).toBe('eth.dst');
    expect(names(12)).toBe('eth.type');
    expect(names(22)).toBe('ip.ttl');
    expect(names(46)).toBe('tcp.hdr_len');
    expect(names(47)).toBe('tcp.flags');
    expect(names(54)).toBe('tcp.option_kind');
    expect(names(58)).toBe('data.data');
  });

  it('and none beyond the frame', () => {
    expect(names(frame.length)).toBeUndefined();
    expect(names(-1)).toBeUndefined();
  });

  it('every byte of the frame has one', () => {
    for (let at = 0; at < frame.length; at++) expect(names(at), `byte ${at}`).toBeDefined();
  });
});

it('bits are drawn in their places', () => {
  const field = (name: string) => fieldsOf('tcp').flatMap((node) => [node, ...node.children]).find((node) => node.name === name);
  const pattern = (name: string): string => {
    const node = field(name);
    return node === undefined ? 'none' : bitPattern(frame, markOf(node));
  };
  expect(pattern('tcp.flags')).toBe('.... 0000 0001 0001');
  expect(pattern('tcp.flags.syn')).toBe('.... .... .... ..0.');
  expect(pattern('tcp.hdr_len')).toBe('0110 ....');
  expect(pattern('tcp.srcport')).toBe('');
});

describe('the tree', () => {
  const flags = fieldsOf('tcp').find((field) => field.name === 'tcp.flags');
  if (flags === undefined) throw new Error('no flags');
  const key = keyOf(markOf(flags));

  it('shows what is open, with levels and places', () => {
    const closed = fieldRows([flags], new Set());
    expect(closed.map(({ node, level, open }) => [node.name, level, open])).toEqual([['tcp.flags', 1, false]]);
    const open = fieldRows([flags], new Set([key]));
    expect(open).toHaveLength(11);
    expect(open[10]).toMatchObject({ level: 2, parent: key, place: 10, siblings: 10, open: null });
  });

  it('keeps fields apart that say the same', () => {
    const rows = fieldRows([flags, flags], new Set());
    expect(new Set(rows.map((row) => row.key)).size).toBe(2);
  });

  it('is walked with the arrow keys', () => {
    const closed = fieldRows([flags], new Set());
    const open = fieldRows([flags], new Set([key]));
    expect(treeMove(closed, key, 'ArrowRight')).toEqual({ type: 'open', key });
    expect(treeMove(open, key, 'ArrowRight')).toEqual({ type: 'focus', key: open[1]?.key });
    expect(treeMove(open, open[1]?.key ?? '', 'ArrowLeft')).toEqual({ type: 'focus', key });
    expect(treeMove(open, key, 'ArrowLeft')).toEqual({ type: 'close', key });
    expect(treeMove(open, key, 'End')).toEqual({ type: 'focus', key: open[10]?.key });
    expect(treeMove(open, open[10]?.key ?? '', 'ArrowDown')).toBeNull();
    expect(treeMove(open, open[10]?.key ?? '', 'Enter')).toBeNull();
    expect(treeMove(open, key, 'x')).toBeNull();
  });
});

describe('the hex dump', () => {
  it('colours by layer and tells what was seen', () => {
    const rows = hexRows(frame, byteSpans(layers), 58, 8, 0, 99);
    expect(rows).toHaveLength(8);
    expect(rows[1]).toMatchObject({ offset: '0008' });
    const cells = rows.flatMap((row) => row.cells);
    expect(cells).toHaveLength(frame.length);
    expect([0, 13, 14, 33, 34, 57, 58].map((at) => cells[at]?.layer)).toEqual(['link', 'link', 'internet', 'internet', 'transport', 'transport', 'application']);
    expect(cells[57]?.seen).toBe(false);
    expect(cells[58]).toMatchObject({ hex: '68', sign: 'h', seen: true });
  });

  it('draws only the rows it is asked for', () => {
    expect(hexRows(new Uint8Array(65_536), [], 0, 8, 4, 6).map((row) => row.offset)).toEqual(['0020', '0028']);
  });

  it('moves its cursor within the bytes', () => {
    expect(hexMove(0, 'ArrowLeft', 8, 60)).toBe(0);
    expect(hexMove(0, 'ArrowDown', 8, 60)).toBe(8);
    expect(hexMove(57, 'ArrowDown', 8, 60)).toBe(57);
    expect(hexMove(57, 'End', 8, 60)).toBe(59);
    expect(hexMove(13, 'Home', 8, 60)).toBe(8);
    expect(hexMove(13, 'Tab', 8, 60)).toBeNull();
  });
});

describe('the boxes', () => {
  it('nest in order, each with its key fields', () => {
    const boxes = layerBoxes(layers);
    expect(boxes.map(({ layer, title, length }) => [layer, title, length])).toEqual([['link', 'Ethernet', 14], ['internet', 'IPv4', 20], ['transport', 'TCP', 24], ['application', 'Data', 2]]);
    expect(boxes[1]?.keyFields.map((field) => field.display)).toEqual(['127.0.10.1', '127.0.20.1', '64']);
    expect(boxes[2]?.keyFields.map((field) => field.name)).toEqual(['tcp.srcport', 'tcp.dstport', 'tcp.seq_raw', 'tcp.ack_raw', 'tcp.flags', 'tcp.window_size_value']);
  });

  it('say what other packets tell rather than what the header says', () => {
    const told = layers.map((layer) => (layer.protocol === 'tcp' ? { ...layer, tree: withChildren(layer.tree, [generated('tcp.seq', 1, '1', 0, 0), generated('tcp.window_size', 65_536, '65536 B', 0, 0)]) } : layer));
    expect(layerBoxes(told)[2]?.keyFields.map((field) => field.name)).toEqual(['tcp.srcport', 'tcp.dstport', 'tcp.seq', 'tcp.ack_raw', 'tcp.flags', 'tcp.window_size']);
  });

  it('say what could not be read', () => {
    const cut = layerBoxes(dissect(frame.subarray(0, 40)));
    expect(cut.at(-1)).toMatchObject({ protocol: 'tcp', problem: 'incomplete, needs 20 B' });
  });
});

it('sizes have the unit that fits', () => {
  expect([0, 32, 1023, 1024, 1536, 65_536, 5 * 1024 ** 2].map((size) => sizeText(size))).toEqual(['0 B', '32 B', '1023 B', '1 KiB', '1.5 KiB', '64 KiB', '5 MiB']);
});
