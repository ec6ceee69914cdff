import { describe, expect, it } from 'vitest';
import { PcapReader } from './pcapReader';

/** A pcap file with these packets: seconds, parts of a second, bytes kept, size on the wire. */
function pcap(packets: readonly (readonly [number, number, string, number])[], { little = true, nano = false, link = 1 } = {}): Uint8Array {
  const length = 24 + packets.reduce((sum, [, , text]) => sum + 16 + text.length, 0);
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, nano ? 0xa1b23c4d : 0xa1b2c3d4, little);
  view.setUint16(4, 2, little);
  view.setUint16(6, 4, little);
  view.setUint32(20, link, little);
  let at = 24;
  for (const [seconds, parts, text, size] of packets) {
    for (const [index, value] of [seconds, parts, text.length, size].entries()) view.setUint32(at + 4 * index, value, little);
    bytes.set(new TextEncoder().encode(text), at + 16);
    at += 16 + text.length;
  }
  return bytes;
}

const said = (packets: ReturnType<PcapReader['push']>): unknown[] => packets.map(({ time, bytes, size, linkType }) => [time, new TextDecoder().decode(bytes), size, linkType]);

describe('a pcap file that is being written', () => {
  it('gives its packets as they become whole, whatever the pieces', () => {
    const file = pcap([[10, 5, 'first', 5], [11, 500_000, 'second', 60]]);
    for (const size of [1, 7, 24, 40, file.length]) {
      const reader = new PcapReader();
      const packets = [];
      for (let at = 0; at < file.length; at += size) packets.push(...reader.push(file.slice(at, at + size)));
      expect(said(packets)).toEqual([[10_000_005, 'first', 5, 1], [11_500_000, 'second', 60, 1]]);
    }
  });

  it('may be of either byte order, in nanoseconds, of any link', () => {
    expect(said(new PcapReader().push(pcap([[1, 2500, 'x', 1]], { little: false, nano: true, link: 276 })))).toEqual([[1_000_002.5, 'x', 1, 276]]);
  });

  it('is told from what is none, and from one that is damaged', () => {
    expect(() => new PcapReader().push(new Uint8Array(24))).toThrow('no pcap file');
    const file = pcap([[1, 1, 'x', 1]]);
    new DataView(file.buffer).setUint32(32, 0xffff_ffff, true);
    expect(() => new PcapReader().push(file)).toThrow('damaged: a packet of 4294967295 B');
  });
});
