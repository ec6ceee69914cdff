import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dissect, type DissectedLayer } from '../../codec/dissect';
import type { TcpHeader } from '../../codec/tcp/codec';
import { CaptureError } from '../file/captureError';
import { CaptureReader } from '../file/captureReader';
import { PACKET_FLAG, PACKET_KINDS, type PacketKind } from '../packetTable';
import { randomFrames, type Frame } from './frames.fixture';
import { HeaderScan } from './headers';

const KINDS: ReadonlySet<string> = new Set(PACKET_KINDS);
/** Lies beside the repository where there is one; read, never copied. */
const CORPUS = resolve(import.meta.dirname, '../../../../shared/corpus/tcpdump');
/** Headers that the scan reads; of others it knows no damage. */
const READ: ReadonlySet<string> = new Set([...PACKET_KINDS, 'eth', 'vlan', 'ieee8021ad', 'llc', 'sll', 'sll2', 'null', 'raw']);

/** What the codecs say that the scan should have found. */
function expected({ bytes, linkType = 1, wire = bytes.length }: Frame): { kind: PacketKind; damaged: boolean; layer: DissectedLayer | undefined } {
  const layers = dissect(bytes, linkType, Math.max(0, wire - bytes.length)).filter(({ quoted }) => !quoted);
  const beyond = layers.findIndex(({ protocol, start }) => !READ.has(protocol) || start >= bytes.length);
  const lower = beyond < 0 ? layers : layers.slice(0, beyond);
  const layer = lower.findLast(({ protocol }) => KINDS.has(protocol));
  return { kind: (layer?.protocol ?? 'other') as PacketKind, damaged: lower.some(({ status }) => status.status !== 'complete'), layer };
}

/** '' when the scan agrees with the codecs, else what differs. */
function disagreement(frame: Frame): string {
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
    for (const [n, frame] of randomFrames(61, 4000).entries()) {
      const found = disagreement(frame);
      if (found !== '') expect.fail(`frame ${n} (${Buffer.from(frame.bytes).toString('hex')}, link type ${frame.linkType}, ${frame.wire} B on the wire): ${found}`);
      const { kind } = expected(frame);
      seen.set(kind, (seen.get(kind) ?? 0) + 1);
    }
    expect([...seen.keys()].sort()).toEqual([...PACKET_KINDS].sort());
  });

  it('reads every beginning of a frame without a fault', () => {
    for (const { bytes, linkType } of randomFrames(62, 25)) {
      for (let kept = 0; kept <= bytes.length; kept++) {
        expect(disagreement({ bytes: bytes.slice(0, kept), wire: bytes.length, ...(linkType === undefined ? {} : { linkType }) })).toBe('');
      }
    }
  });

  it.skipIf(!existsSync(CORPUS))(`finds what the codecs find in third-party captures${existsSync(CORPUS) ? '' : ' (skipped: the corpus is not here)'}`, { timeout: 120_000 }, () => {
    const differences: string[] = [];
    let packets = 0;
    for (const name of readdirSync(CORPUS).filter((file) => /\.(pcap|pcapng)$/.test(file))) {
      forPackets(readFileSync(join(CORPUS, name)), (frame, number) => {
        packets++;
        const found = disagreement(frame);
        if (found !== '') differences.push(`${name} #${number + 1}: ${found}`);
      });
    }
    expect(packets).toBeGreaterThan(5000);
    expect(differences).toEqual([]);
  });
});

/** Every packet of a file, as far as it can be read. */
function forPackets(file: Uint8Array, each: (frame: Frame, number: number) => void): void {
  const linkTypes: number[] = [];
  let number = 0;
  const reader = new CaptureReader({
    interface: ({ linkType }) => linkTypes.push(linkType),
    packet: (iface, _seconds, _nanos, bytes, start, captured, wire) => each({ linkType: linkTypes[iface] ?? -1, bytes: bytes.slice(start, start + captured), wire }, number++),
  });
  try {
    reader.push(file);
    reader.end();
  } catch (thrown) {
    // Some are there to be refused; what a reader throws for them is its own test's business.
    if (!(thrown instanceof CaptureError)) throw thrown;
  }
}
