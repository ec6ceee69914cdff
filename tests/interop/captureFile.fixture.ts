// Just enough pcap and pcapng for tests: frames out of files that others wrote, and one pcapng for tshark to read. Test code only;
// refuses nothing politely: a file that it cannot read has no frames.

import { concatBytes } from '../../shared/base/bytes';

export interface Frame {
  readonly bytes: Uint8Array;
  readonly linkType: number;
  /** Bytes of the frame on the wire. */
  readonly wire: number;
}

/** Frames of a pcap (https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap) or pcapng file, as far as it is whole. */
export function readFrames(file: Uint8Array): Frame[] {
  if (file.length < 24) return [];
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const magic = view.getUint32(0);
  if (magic === 0x0a0d0d0a) return readBlocks(file, view);
  const little = magic === 0xd4c3b2a1 || magic === 0x4d3cb2a1;
  if (!little && magic !== 0xa1b2c3d4 && magic !== 0xa1b23c4d) return [];
  const linkType = view.getUint32(20, little) & 0xffff;
  const frames: Frame[] = [];
  for (let at = 24; at + 16 <= file.length;) {
    const captured = view.getUint32(at + 8, little);
    const wire = view.getUint32(at + 12, little);
    if (at + 16 + captured > file.length || captured > 262_144) break;
    frames.push({ bytes: file.slice(at + 16, at + 16 + captured), linkType, wire });
    at += 16 + captured;
  }
  return frames;
}

function readBlocks(file: Uint8Array, view: DataView): Frame[] {
  const frames: Frame[] = [];
  let little = false;
  let links: number[] = [];
  for (let at = 0; at + 12 <= file.length;) {
    if (view.getUint32(at) === 0x0a0d0d0a) {
      little = view.getUint32(at + 8) === 0x4d3c2b1a;
      links = [];
    }
    const type = view.getUint32(at, little);
    const length = view.getUint32(at + 4, little);
    if (length < 12 || length % 4 !== 0 || at + length > file.length) break;
    if (type === 1) links.push(view.getUint16(at + 8, little));
    if (type === 6) {
      const captured = view.getUint32(at + 20, little);
      const linkType = links[view.getUint32(at + 8, little)];
      if (linkType !== undefined && 32 + captured <= length) frames.push({ bytes: file.slice(at + 28, at + 28 + captured), linkType, wire: view.getUint32(at + 24, little) });
    }
    at += length;
  }
  return frames;
}

/** A pcapng with one interface for each link type, little-endian. */
export function writeFrames(frames: readonly Frame[]): Uint8Array<ArrayBuffer> {
  const links = [...new Set(frames.map((frame) => frame.linkType))];
  const section = block(0x0a0d0d0a, 16, (view) => {
    view.setUint32(0, 0x1a2b3c4d, true);
    view.setUint16(4, 1, true);
    view.setBigInt64(8, -1n, true);
  });
  const interfaces = links.map((linkType) => block(1, 8, (view) => view.setUint16(0, linkType, true)));
  const packets = frames.map((frame) => block(6, 20 + frame.bytes.length, (view, bytes) => {
    view.setUint32(0, links.indexOf(frame.linkType), true);
    view.setUint32(12, frame.bytes.length, true);
    view.setUint32(16, Math.max(frame.wire, frame.bytes.length), true);
    bytes.set(frame.bytes, 20);
  }));
  return concatBytes(section, ...interfaces, ...packets);
}

function block(type: number, length: number, fill: (view: DataView, bytes: Uint8Array) => void): Uint8Array {
  const whole = 12 + ((length + 3) & ~3);
  const bytes = new Uint8Array(whole);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, whole, true);
  fill(new DataView(bytes.buffer, 8, length), bytes.subarray(8, 8 + length));
  view.setUint32(whole - 4, whole, true);
  return bytes;
}
