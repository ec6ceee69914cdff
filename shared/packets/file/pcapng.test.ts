import { describe, expect, it } from 'vitest';
import { concatBytes, fromHex } from '../../base/bytes';
import { blocksIn, tell, type ToldPacket } from './captureBytes.fixture';
import { CaptureReader } from './captureReader';
import { CAPTURE_LIMITS } from './limits';

const said = (packets: readonly ToldPacket[]): unknown[] => packets.map(({ iface, time, text, wire, comment }) => [iface, ...time, text, wire, comment]);
const T = 1_700_000_000_123_456n;

/** One of everything, in one byte order. */
function everything(little: boolean): Uint8Array[] {
  const b = blocksIn(little);
  return [
    b.section([[1, 'a capture'], [2, 'a machine'], [3, 'an OS'], [4, 'a program']]),
    b.interface(1, 100, [[2, 'eth0'], [3, 'the first'], [9, Uint8Array.of(9)], [11, concatBytes(Uint8Array.of(0), new TextEncoder().encode('tcp'))], [12, 'Linux'], [13, Uint8Array.of(32)], [14, b.number(-5n, 8)]]),
    b.names([[1, [127, 0, 0, 1], 'me\0self\0'], [2, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 'me6\0'], [3, [2, 0, 0, 0, 0, 1], 'card\0'], [99, [1, 2, 3], 'unknown']]),
    b.secrets(0x544c534b, 'CLIENT_RANDOM 00 11\n'),
    b.packet(0, 1_700_000_000_123_456_789n, 'one', [[1, 'first'], [2, b.number(1, 4)], [1, 'again']]),
    b.interface(276),
    b.packet(1, T, 'two', [], 90),
    b.simple('three'),
    b.oldPacket(1, T + 1n, 'four', [[1, 'old']]),
    b.statistics(0, [[5, b.number(42n, 8)]]),
    b.custom(32_473, Uint8Array.of(1, 2, 3, 4)),
    b.custom(32_473, Uint8Array.of(5), 0x40000bad),
    b.block(9, new TextEncoder().encode('__REALTIME_TIMESTAMP=1\n\0')),
    b.block(0x8000_0001, Uint8Array.of(1, 2, 3, 4)),
    b.secrets(0x57474b4c, 'LOCAL_STATIC_PRIVATE_KEY = x\n'),
  ];
}
const PACKETS = [[0, 1_699_999_995, 123_456_789, 'one', 3, 'first\nagain'], [1, 1_700_000_000, 123_456_000, 'two', 90, ''], [0, 0, 0, 'three', 5, ''], [1, 1_700_000_000, 123_457_000, 'four', 4, 'old']];

describe('a pcapng file', () => {
  it('is read byte for byte', () => {
    // A section as dumpcap begins one, an interface of Ethernet with nanoseconds, and a packet of 4 bytes of 60.
    const file = fromHex(`0a0d0d0a 1c000000 4d3c2b1a 0100 0000 ffffffffffffffff 1c000000
      01000000 20000000 0100 0000 00000400 0900 0100 09000000 0000 0000 20000000
      06000000 24000000 00000000 9a979717 15cd5b07 04000000 3c000000 deadbeef 24000000`);
    expect(tell(file).packets).toEqual([{ iface: 0, time: [1_700_000_000, 123_456_789], text: '\xde\xad\xbe\xef', wire: 60, offset: 88, comment: '' }]
      .map((packet) => ({ ...packet, time: splitTime(0x1797979an, 0x075bcd15n) })));
  });

  it('of either byte order tells everything that is in it', () => {
    for (const little of [true, false]) {
      const { facts, packets, interfaces } = tell(concatBytes(...everything(little)));
      expect(said(packets)).toEqual(PACKETS);
      expect(interfaces).toEqual([
        { section: 0, linkType: 1, snapLength: 100, name: 'eth0', description: 'the first', filter: 'tcp', os: 'Linux', resolution: 1e9, offset: -5, fcs: 32 },
        { section: 0, linkType: 276, snapLength: 0, name: '', description: '', filter: '', os: '', resolution: 1e6, offset: 0 },
      ]);
      expect(facts).toMatchObject({
        format: 'pcapng', byteOrder: little ? 'little' : 'big', interfaces, comments: ['a capture'], hardware: 'a machine', os: 'an OS', application: 'a program', keyLog: 'CLIENT_RANDOM 00 11\n', damage: null, leftOut: [], packetOptions: 1,
        custom: [{ pen: 32_473, data: Uint8Array.of(1, 2, 3, 4) }, { pen: 32_473, data: Uint8Array.of(5, 0, 0, 0) }],
      });
      expect([...facts.names]).toEqual([['127.0.0.1', 'me'], ['::1', 'me6'], ['02:00:00:00:00:01', 'card']]);
      expect([...facts.packetComments]).toEqual([[0, 'first\nagain'], [3, 'old']]);
      expect([...facts.unknownBlocks]).toEqual([[0x8000_0001, 1]]);
      expect([...facts.drops]).toEqual([[0, 42]]);
      expect(Object.fromEntries(facts.blocks)).toEqual({ 0x0a0d0d0a: 1, 1: 2, 2: 1, 3: 1, 4: 1, 5: 1, 6: 2, 9: 1, 10: 2, 0x0bad: 1, 0x40000bad: 1, 0x80000001: 1 });
      expect(structuredClone(facts).interfaces).toEqual(interfaces);
    }
  });

  it('may come in pieces of any size, with the same offsets', () => {
    const file = concatBytes(...everything(false));
    const whole = tell(file);
    for (const size of [1, 2, 3, 5, 7, 11, 12, 13, 28, 64, 100, 333]) {
      const { facts, ...rest } = tell(file, size);
      expect(rest, `pieces of ${size}`).toEqual({ packets: whole.packets, interfaces: whole.interfaces });
      expect(structuredClone(facts)).toEqual(structuredClone(whole.facts));
    }
    expect(whole.packets.map(({ offset, text }) => String.fromCharCode(...file.subarray(offset, offset + text.length)))).toEqual(['one', 'two', 'three', 'four']);
    expect(whole.facts.custom.map(({ offset }) => file[offset])).toEqual([1, 5]);
  });

  it('may have several sections, each in its own byte order with its own interfaces', () => {
    const [l, b] = [blocksIn(true), blocksIn(false)];
    const { packets, facts } = tell(concatBytes(l.section(), l.interface(1), l.packet(0, T, 'a'), b.section([[1, 'second']], [1, 2]), b.interface(101, 0, [[9, Uint8Array.of(3)]]), b.interface(113), b.packet(1, T, 'b'), b.packet(0, 5n, 'c'), b.simple('d')));
    expect(packets.map(({ iface, text, time }) => [iface, text, ...time])).toEqual([[0, 'a', 1_700_000_000, 123_456_000], [2, 'b', 1_700_000_000, 123_456_000], [1, 'c', 0, 5_000_000], [1, 'd', 0, 0]]);
    expect(facts.interfaces.map(({ section, linkType }) => [section, linkType])).toEqual([[0, 1], [1, 101], [1, 113]]);
    expect(facts).toMatchObject({ byteOrder: 'little', comments: ['second'] });
  });

  it('keeps of a simple packet what its interface keeps', () => {
    const b = blocksIn(true);
    const { packets } = tell(concatBytes(b.section(), b.interface(1, 3), b.simple('abc', 60)));
    expect(said(packets)).toEqual([[0, 0, 0, 'abc', 60, '']]);
  });

  it('gives every whole packet of every prefix, and says where it was cut', () => {
    const blocks = everything(true);
    const file = concatBytes(...blocks);
    const starts = blocks.map((_, index) => blocks.slice(0, index).reduce((sum, block) => sum + block.length, 0));
    const packetEnds = [4, 6, 7, 8].map((index) => (starts[index] ?? 0) + (blocks[index]?.length ?? 0));
    const first = blocks[0]?.length ?? 0;
    for (let length = first; length <= file.length; length++) {
      const { packets, facts } = tell(file.subarray(0, length), 97);
      expect(said(packets), `${length} bytes`).toEqual(PACKETS.slice(0, packetEnds.filter((end) => end <= length).length));
      const begun = starts.filter((start) => start < length).at(-1) ?? 0;
      const whole = length === file.length || starts.includes(length);
      expect(facts.damage?.offset ?? null, `${length} bytes`).toBe(whole ? null : begun);
    }
    for (let length = 4; length < first; length++) expect(() => tell(file.subarray(0, length), 5)).toThrow('the file ends in its header');
  });

  it('opens up to the block that is wrong', () => {
    const b = blocksIn(true);
    const before = concatBytes(b.section(), b.interface(1), b.packet(0, T, 'good'));
    const wrong = (bytes: Uint8Array): string => {
      const { packets, facts } = tell(concatBytes(before, bytes, b.packet(0, T, 'later')), 50);
      expect(said(packets)).toEqual([[0, 1_700_000_000, 123_456_000, 'good', 4, '']]);
      expect(facts.damage?.offset).toBe(before.length);
      return facts.damage?.why ?? '';
    };
    const patched = (block: Uint8Array<ArrayBuffer>, at: number, value: number): Uint8Array => {
      new DataView(block.buffer).setUint32(at, value, true);
      return block;
    };
    expect(wrong(patched(b.packet(0, T, 'x'), 4, 35))).toContain('a block of 35 B');
    expect(wrong(patched(b.packet(0, T, 'x'), 4, 8))).toContain('a block of 8 B');
    expect(wrong(patched(b.packet(0, T, 'x'), 4, 0x7fff_fffc))).toContain('more than');
    expect(wrong(patched(b.packet(0, T, 'x'), 32, 40))).toContain('ends saying 40');
    expect(wrong(patched(b.packet(0, T, 'x'), 20, 0xffff_ffff))).toContain('a packet of 4294967295 B in a block of 36');
    expect(wrong(b.packet(7, T, 'x'))).toBe('a packet of interface 7: the section has 1');
    expect(wrong(patched(b.packet(0, T, 'x', [[1, 'hello']]), 32, 0x0fff_0001))).toContain('an option of 4095 B');
    expect(wrong(b.block(6, [0, 4]))).toContain('a packet block of 16 B');
    expect(wrong(b.block(1, [1, 2]))).toContain('a block of 14 B');
    expect(wrong(b.block(1, [1, 4]))).toContain('too short');
    expect(wrong(b.block(0x0a0d0d0a, [0x1234_5678, 4]))).toContain('byte order');
    expect(wrong(b.section([], [2, 0]))).toContain('version 2.0');
    expect(() => tell(patched(b.section(), 4, 7))).toThrow(expect.objectContaining({ code: 'CAPTURE_DAMAGED' }));
  });

  it('skips a block of an unknown type however long it is, and keeps nothing of it', () => {
    const b = blocksIn(true);
    const length = CAPTURE_LIMITS.block + 4096;
    const head = concatBytes(b.section(), b.interface(1), b.number(0x1234, 4), b.number(length, 4));
    const packets: number[] = [];
    const reader = new CaptureReader({ interface: () => undefined, packet: (...values) => packets.push(values[7]) });
    reader.push(head);
    const piece = new Uint8Array(1024 * 1024);
    let left = length - 8;
    for (; left > piece.length; left -= piece.length) reader.push(piece);
    reader.push(concatBytes(piece.subarray(0, left), b.packet(0, T, 'after')));
    const facts = reader.end();
    expect(packets).toEqual([head.length + length - 8 + 28]);
    expect(facts.damage).toBeNull();
    expect([...facts.unknownBlocks]).toEqual([[0x1234, 1]]);
    const cut = new CaptureReader({ interface: () => undefined, packet: () => undefined });
    cut.push(head);
    cut.push(piece);
    expect(cut.end().damage).toEqual({ offset: head.length - 8, kind: 'cut', why: `the file is cut: ${length - 8 - piece.length} B of a block are missing` });
  });

  it('gives custom blocks to a sink that wants them, in their place, and keeps them else', () => {
    const b = blocksIn(true);
    const file = concatBytes(b.section(), b.interface(1), b.packet(0, T, 'a'), b.custom(7, Uint8Array.of(1)), b.packet(0, T, 'b'));
    const order: string[] = [];
    const reader = new CaptureReader({ interface: () => order.push('interface'), packet: () => order.push('packet'), custom: ({ pen }) => order.push(`custom ${pen}`) });
    reader.push(file);
    expect(reader.end().custom).toEqual([]);
    expect(order).toEqual(['interface', 'packet', 'custom 7', 'packet']);
  });
});

function splitTime(high: bigint, low: bigint): [number, number] {
  const nanos = (high << 32n) | low;
  return [Number(nanos / 1_000_000_000n), Number(nanos % 1_000_000_000n)];
}
