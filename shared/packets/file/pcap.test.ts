import { describe, expect, it } from 'vitest';
import { concatBytes, fromHex } from '../../base/bytes';
import { pack, pcapBytes, tell, type PcapRecord, type ToldPacket } from './captureBytes.fixture';
import { CaptureReader } from './captureReader';

const RECORDS: readonly PcapRecord[] = [{ seconds: 1_700_000_000, parts: 5, bytes: 'first' }, { seconds: 1_700_000_001, parts: 999_999, bytes: 'second', wire: 60 }, { seconds: 0xffff_ffff, parts: 0, bytes: '' }];
const said = (packets: readonly ToldPacket[]): unknown[] => packets.map(({ time, text, wire }) => [...time, text, wire]);
const USUAL = [[1_700_000_000, 5000, 'first', 5], [1_700_000_001, 999_999_000, 'second', 60], [0xffff_ffff, 0, '', 0]];

describe('a pcap file', () => {
  it('is read byte for byte', () => {
    // As tcpdump writes it: version 2.4, snap length 262144, Ethernet; one packet of 4 of 60 bytes.
    const file = fromHex('d4c3b2a1 0200 0400 00000000 00000000 00000400 01000000  00f15365 39300000 04000000 3c000000 deadbeef');
    const { facts, packets, interfaces } = tell(file);
    expect(packets).toEqual([{ iface: 0, time: [1_700_000_000, 12_345_000], text: '\xde\xad\xbe\xef', wire: 60, offset: 40, comment: '' }]);
    expect(interfaces).toEqual([{ section: 0, linkType: 1, snapLength: 262_144, name: '', description: '', filter: '', os: '', resolution: 1_000_000, offset: 0 }]);
    expect(facts).toMatchObject({ format: 'pcap', byteOrder: 'little', gzip: false, damage: null });
  });

  it('may be of either byte order, in micro- or nanoseconds, of any link, with a frame check sequence', () => {
    for (const little of [true, false]) {
      const { facts, packets } = tell(pcapBytes(RECORDS, { little, link: 0x2400_0114 }));
      expect(said(packets)).toEqual(USUAL);
      expect(facts).toMatchObject({ byteOrder: little ? 'little' : 'big', interfaces: [{ linkType: 276, fcs: 32 }] });
      const nano = tell(pcapBytes([{ seconds: 1, parts: 123_456_789, bytes: 'x' }], { little, magic: 0xa1b23c4d }));
      expect(said(nano.packets)).toEqual([[1, 123_456_789, 'x', 1]]);
      expect(nano.interfaces[0]?.resolution).toBe(1e9);
    }
  });

  it('may come in pieces of any size, with the same offsets', () => {
    const file = pcapBytes(RECORDS);
    const whole = tell(file);
    for (let size = 1; size <= file.length; size++) expect(tell(file, size), `pieces of ${size}`).toEqual(whole);
    expect(whole.packets.map(({ offset }) => String.fromCharCode(...file.subarray(offset, offset + 5)))).toEqual(['first', 'secon', '']);
  });

  it("may be Kuznetzov's, Ixia's, Navtel's, AIX's or Nokia's", () => {
    const patch = (little: boolean, length: number): Uint8Array => concatBytes(pack(little, [3, 4], [0x800, 2], [0, 1], [0, 1]), new Uint8Array(length - 24));
    for (const little of [true, false]) {
      const variants = [
        pcapBytes(RECORDS.map((record) => ({ ...record, extra: patch(little, 24) })), { little, magic: 0xa1b2cd34 }),
        pcapBytes(RECORDS.map((record) => ({ ...record, extra: patch(little, 28) })), { little, magic: 0xa1b2cd34 }),
        pcapBytes(RECORDS.map((record) => ({ ...record, extra: patch(little, 24) })), { little }),
        pcapBytes(RECORDS.map((record) => ({ ...record, extra: pack(little, [0x9fbfb601, 4]) })), { little }),
        pcapBytes(RECORDS, { little, magic: 0x1c0001ab, after: new Uint8Array(4) }),
        pcapBytes(RECORDS, { little, magic: 0xa12b3c4d }),
        pcapBytes(RECORDS.map((record) => ({ ...record, swapped: true })), { little, version: [2, 2] }),
        pcapBytes(RECORDS.map((record) => ({ ...record, swapped: (record.wire ?? 0) > record.bytes.length })), { little, version: [2, 3] }),
        pcapBytes(RECORDS.map((record) => ({ ...record, swapped: true })), { little, version: [543, 0] }),
      ];
      for (const [index, file] of variants.entries()) {
        for (const size of [1, 24, 41, file.length]) expect(said(tell(file, size).packets), `variant ${index}, pieces of ${size}`).toEqual(USUAL);
      }
      const nano = [{ seconds: 1, parts: 123_456_789, bytes: 'x', wire: 3, swapped: true }];
      expect(said(tell(pcapBytes(nano, { little, version: [2, 2], link: 6 })).packets)).toEqual([[1, 123_456_789, 'x', 3]]);
      expect(tell(pcapBytes(nano, { little, version: [2, 2], link: 6 })).interfaces[0]?.linkType).toBe(1);
      expect(said(tell(pcapBytes([{ seconds: 1, parts: 123_456_789, bytes: 'x' }], { little, magic: 0x1c0001ac, after: new Uint8Array(4) })).packets)).toEqual([[1, 123_456_789, 'x', 1]]);
    }
    expect(tell(pcapBytes(RECORDS.map((record) => ({ ...record, extra: patch(true, 24) })))).facts.leftOut).toEqual([expect.stringContaining('patched writer')]);
  });

  it('that a program writes now gives its first packet at once', () => {
    let packets = 0;
    const sink = { interface: () => undefined, packet: () => void packets++ };
    const live = new CaptureReader(sink, { live: true });
    live.push(pcapBytes(RECORDS.slice(0, 1)));
    expect(packets).toBe(1);
  });

  it('whose parts of a second run over has the same time', () => {
    expect(said(tell(pcapBytes([{ seconds: 10, parts: 2_500_000, bytes: 'x' }])).packets)).toEqual([[12, 500_000_000, 'x', 1]]);
  });

  it('gives every whole packet of every prefix, and says where it was cut', () => {
    const file = pcapBytes(RECORDS);
    const ends = [24, 45, 67, 83];
    for (let length = 24; length <= file.length; length++) {
      const { packets, facts } = tell(file.subarray(0, length), 7);
      const whole = ends.filter((end) => end <= length).length - 1;
      expect(said(packets), `${length} bytes`).toEqual(USUAL.slice(0, whole));
      const last = ends[whole] ?? 0;
      expect(facts.damage, `${length} bytes`).toEqual(last === length ? null : { offset: last, kind: 'cut', why: expect.stringContaining(`${length - last} B of a packet`) as string });
    }
    for (let length = 4; length < 24; length++) expect(() => tell(file.subarray(0, length))).toThrow(`the file ends in its header, after ${length} B`);
  });

  it('opens up to a length that cannot be, and takes nothing for it', () => {
    const bad = concatBytes(pcapBytes(RECORDS), pack(true, [1, 4], [1, 4], [0xffff_fff0, 4], [60, 4]));
    expect(tell(bad)).toMatchObject({ packets: RECORDS.map(({ bytes }) => ({ text: bytes })), facts: { damage: { offset: 83, why: 'a packet of 4294967280 B: more than 262144' } } });
  });

  it('is refused in a version that nobody knows', () => {
    expect(() => tell(pcapBytes([], { version: [1, 4] }))).toThrow(expect.objectContaining({ code: 'CAPTURE_VERSION', message: expect.stringContaining('1.4') as string }));
  });
});

describe('what is no capture', () => {
  it('is refused with what it looks like', () => {
    const refusal = (bytes: string | Uint8Array): unknown => {
      try {
        return tell(typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes);
      } catch (thrown) {
        return thrown instanceof Error ? thrown.message : thrown;
      }
    };
    expect(refusal('')).toBe('the file is empty');
    expect(refusal('%PDF-1.7 and more of it')).toBe('it is neither pcap nor pcapng: it looks like a PDF');
    expect(refusal(Uint8Array.of(0x50, 0x4b, 3, 4, 20))).toContain('ZIP archive');
    expect(refusal('GET / HTTP/1.1\r\nHost: a\r\n')).toContain('plain text');
    expect(refusal('{"log": {}}')).toContain('JSON');
    expect(refusal('ab')).toContain('plain text');
    expect(refusal(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17))).toBe('it is neither pcap nor pcapng');
  });
});
