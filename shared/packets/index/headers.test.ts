import { describe, expect, it } from 'vitest';
import { dissect, type DissectedLayer } from '../../codec/dissect';
import type { TcpHeader } from '../../codec/tcp/codec';
import { PACKET_FLAG, PACKET_KINDS, type PacketKind } from '../packetTable';
import { randomFrames, type Frame } from './frames.fixture';
import { HeaderScan } from './headers';

const KINDS: ReadonlySet<string> = new Set(PACKET_KINDS);
/** Headers that the scan reads; of others it knows no damage. */
const READ: ReadonlySet<string> = new Set([...PACKET_KINDS, 'eth', 'vlan', 'sll', 'null', 'raw']);

/** What the codecs say that the scan should have found. */
export function expected({ bytes, linkType = 1, wire = bytes.length }: Frame): { kind: PacketKind; damaged: boolean; layer: DissectedLayer | undefined } {
  const layers = dissect(bytes, linkType, Math.max(0, wire - bytes.length)).filter(({ quoted }) => !quoted);
  const lower = layers.filter(({ protocol, start }) => READ.has(protocol) && start < bytes.length);
  const layer = lower.findLast(({ protocol }) => KINDS.has(protocol));
  return { kind: (layer?.protocol ?? 'other') as PacketKind, damaged: lower.some(({ status }) => status.status !== 'complete'), layer };
}

/** '' when the scan agrees with the codecs, else what differs. */
export function disagreement(frame: Frame): string {
  const scan = new HeaderScan();
  const { bytes, linkType = 1, wire = bytes.length } = frame;
  scan.scan(linkType, bytes, 0, bytes.length, wire);
  const { kind, damaged, layer } = expected(frame);
  if (PACKET_KINDS[scan.kind] !== kind) return `kind ${PACKET_KINDS[scan.kind]}, not ${kind}`;
  const status = layer?.status;
  if (kind === 'icmp' || kind === 'icmpv6') return '';
  if (damaged && (scan.flags & PACKET_FLAG.damaged) === 0) return 'is damaged';
  if (!damaged && (scan.flags & PACKET_FLAG.damaged) !== 0 && wire <= bytes.length && bytes.length > 0) return 'is not damaged';
  if (status?.status !== 'complete' || layer === undefined || (kind !== 'tcp' && kind !== 'udp')) return '';
  const ports = status.value as { sourcePort: number; destinationPort: number };
  const found = { sourcePort: scan.sourcePort, destinationPort: scan.destinationPort, payloadAt: scan.payloadAt, payload: scan.payload };
  const wanted = {
    sourcePort: ports.sourcePort, destinationPort: ports.destinationPort, payloadAt: layer.payload.start,
    payload: status.payload.end - status.payload.start + status.payload.missing,
  };
  const header = status.value as TcpHeader;
  const numbers = { sequence: scan.sequence, acknowledgment: scan.acknowledgment, window: scan.window, flags: scan.flags & 0x1ff };
  const sent = kind === 'tcp' ? { sequence: header.sequence, acknowledgment: header.acknowledgment, window: header.window, flags: header.flags & 0x1ff } : { sequence: 0, acknowledgment: 0, window: 0, flags: 0 };
  const [left, right] = [JSON.stringify({ ...found, ...numbers }), JSON.stringify({ ...wanted, ...sent })];
  return left === right ? '' : `${left}, not ${right}`;
}

describe('the fast scan of headers', () => {
  it('finds what the codecs find, in frames of every sort, cut and spoilt', () => {
    const seen = new Map<string, number>();
    for (const [n, frame] of randomFrames(61, 6000).entries()) {
      const found = disagreement(frame);
      if (found !== '') expect.fail(`frame ${n} (${Buffer.from(frame.bytes).toString('hex')}, link type ${frame.linkType}, ${frame.wire} B on the wire): ${found}`);
      const { kind } = expected(frame);
      seen.set(kind, (seen.get(kind) ?? 0) + 1);
    }
    expect([...seen.keys()].sort()).toEqual([...PACKET_KINDS].sort());
  });

  it('reads every beginning of a frame without a fault', () => {
    for (const { bytes, linkType } of randomFrames(62, 60)) {
      for (let kept = 0; kept <= bytes.length; kept++) {
        expect(disagreement({ bytes: bytes.slice(0, kept), wire: bytes.length, ...(linkType === undefined ? {} : { linkType }) })).toBe('');
      }
    }
  });
});
