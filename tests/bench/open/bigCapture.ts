// Writes a large pcapng of many small conversations as a lab or an office has them: HTTP-like, TLS-like, echo and DNS, over IPv4 and IPv6. A few are
// built by our encoders, and repeated with other addresses, ports and times; their checksums stay right. Used by open.bench.ts.

import { closeSync, openSync, writeSync } from 'node:fs';
import { createRandom, type Random } from '../../../shared/base/random';
import { codec as ethernet } from '../../../shared/codec/ethernet/codec';
import { codec as ipv4 } from '../../../shared/codec/ipv4/codec';
import { codec as ipv6 } from '../../../shared/codec/ipv6/codec';
import { codec as tcp, TCP_FLAGS } from '../../../shared/codec/tcp/codec';
import type { TcpOption } from '../../../shared/codec/tcp/options';
import { codec as udp } from '../../../shared/codec/udp/codec';
import { PcapngWriter } from '../../../shared/packets/file/captureWriter';

const { SYN, ACK, PSH, FIN } = TCP_FLAGS;
const MSS = 1448;
const FLUSH = 8 * 1024 * 1024;

interface TemplateFrame {
  readonly bytes: Uint8Array;
  /** Microseconds after the conversation's beginning. */
  readonly at: number;
  readonly up: boolean;
  /** Where the client's address and port, and the checksums to put right, lie. */
  readonly address: number;
  readonly port: number;
  readonly header: number | null;
  readonly checksum: number;
}

type Say = (up: boolean, payload: number) => void;

/** One conversation; sizes in bytes, as said by each side. */
function template(random: Random, six: boolean, port: number, exchanges: readonly (readonly [up: number, down: number])[]): TemplateFrame[] {
  const frames: TemplateFrame[] = [];
  const client = six ? 'fd00:1::1' : '10.0.0.1';
  const server = six ? 'fd00:2::1' : '192.168.0.1';
  const datagrams = port === 53;
  let at = 0;
  const next = { up: random.bits(), down: random.bits() };
  const emit = (up: boolean, inner: Uint8Array, checksum: number): void => {
    const network = { source: up ? client : server, destination: up ? server : client };
    const packet = six ? ipv6.encode({ ...network, nextHeader: datagrams ? 17 : 6 }, inner, {}) : ipv4.encode({ ...network, protocol: datagrams ? 17 : 6, identification: random.below(65_536) }, inner, {});
    const bytes = ethernet.encode({ source: up ? '02:00:00:00:00:01' : '02:00:00:00:00:02', destination: up ? '02:00:00:00:00:02' : '02:00:00:00:00:01', type: six ? 0x86dd : 0x0800 }, packet, {});
    const transport = 14 + (six ? 40 : 20);
    frames.push({ bytes, at, up, address: 14 + (six ? (up ? 8 : 24) : up ? 12 : 16), port: transport + (up ? 0 : 2), header: six ? null : 24, checksum: transport + checksum });
    at += 20 + random.below(400);
  };
  const network = (up: boolean) => ({ network: { source: up ? client : server, destination: up ? server : client } });
  const ports = (up: boolean) => ({ sourcePort: up ? 40_000 : port, destinationPort: up ? port : 40_000 });
  const bytesOf = (length: number): Uint8Array => Uint8Array.from({ length }, () => random.below(256));
  const segment = (up: boolean, flags: number, length: number): void => {
    const own: 'up' | 'down' = up ? 'up' : 'down';
    const stamp: TcpOption[] = [{ kind: 'nop' }, { kind: 'nop' }, { kind: 'timestamps', value: at, echo: at }];
    const options: TcpOption[] = (flags & SYN) === 0 ? stamp : [{ kind: 'mss', size: 1460 }, { kind: 'sackPermitted' }, { kind: 'timestamps', value: at, echo: 0 }, { kind: 'nop' }, { kind: 'windowScale', shift: 7 }];
    emit(up, tcp.encode({ ...ports(up), sequence: next[own], acknowledgment: (flags & ACK) === 0 ? 0 : next[up ? 'down' : 'up'], flags, window: 502, options }, bytesOf(length), network(up)), 16);
    next[own] = (next[own] + length + ((flags & (SYN | FIN)) === 0 ? 0 : 1)) >>> 0;
  };
  const say: Say = datagrams
    ? (up, length) => emit(up, udp.encode(ports(up), bytesOf(length), network(up)), 6)
    : (up, length) => {
        for (let sent = 0, n = 1; sent < length; sent += MSS, n++) {
          segment(up, ACK | (sent + MSS >= length ? PSH : 0), Math.min(MSS, length - sent));
          if (n % 2 === 0) segment(!up, ACK, 0);
        }
      };
  if (!datagrams) {
    segment(true, SYN, 0);
    segment(false, SYN | ACK, 0);
    segment(true, ACK, 0);
  }
  for (const [up, down] of exchanges) {
    say(true, up);
    say(false, down);
  }
  if (!datagrams) {
    segment(true, FIN | ACK, 0);
    segment(false, FIN | ACK, 0);
    segment(true, ACK, 0);
  }
  return frames;
}

function templates(random: Random): TemplateFrame[][] {
  const sizes = (count: number, up: number, down: number): [number, number][] => Array.from({ length: count }, () => [1 + random.below(up), 1 + random.below(down)]);
  return [
    template(random, false, 80, sizes(4, 700, 12_000)), template(random, false, 80, sizes(1, 500, 60_000)), template(random, true, 80, sizes(3, 700, 9_000)),
    template(random, false, 443, sizes(6, 900, 8_000)), template(random, false, 443, sizes(2, 2000, 40_000)), template(random, true, 443, sizes(5, 900, 8_000)),
    template(random, false, 7, sizes(20, 64, 64)), template(random, false, 7, sizes(3, 4000, 4000)),
    template(random, false, 53, sizes(1, 60, 200)), template(random, false, 53, sizes(2, 60, 120)), template(random, true, 53, sizes(1, 60, 200)), template(random, false, 53, sizes(1, 40, 90)),
  ];
}

/** Takes a 16-bit word of a header out of its checksum and puts another in (RFC 1624 3). */
function replaceWord(bytes: Uint8Array, at: number, value: number, checksums: readonly number[]): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const old = view.getUint16(at);
  view.setUint16(at, value);
  for (const checksum of checksums) {
    let sum = (~view.getUint16(checksum) & 0xffff) + (~old & 0xffff) + value;
    sum = (sum & 0xffff) + (sum >>> 16);
    sum = (sum & 0xffff) + (sum >>> 16);
    view.setUint16(checksum, ~sum & 0xffff);
  }
}

interface Running {
  readonly frames: readonly TemplateFrame[];
  readonly start: number;
  readonly host: number;
  readonly port: number;
  next: number;
}

/** Writes `count` packets to `path`: 64 conversations at a time, each of hosts and ports of its own. The number of conversations. */
export function writeBigCapture(path: string, count: number): number {
  const random = createRandom(2026);
  const all = templates(random);
  const file = openSync(path, 'w', 0o600);
  const writer = new PcapngWriter('looplab bench');
  writer.interface({ section: 0, linkType: 1, snapLength: 0, name: 'bench0', description: '', filter: '', os: '', resolution: 1e9, offset: 0 });
  const running: Running[] = [];
  let begun = 0;
  let pending = 0;
  const begin = (time: number): Running => {
    begun++;
    return { frames: all[random.below(all.length)] ?? [], start: time, host: begun % 4000, port: 32_768 + (Math.floor(begun / 4000) % 28_000), next: 0 };
  };
  try {
    for (let n = 0, time = 0; n < count; n++, time += 3) {
      const slot = random.below(64);
      let one = running[slot];
      if (one === undefined || one.next === one.frames.length) one = running[slot] = begin(time);
      const frame = one.frames[one.next++];
      if (frame === undefined) continue;
      const bytes = frame.bytes;
      replaceWord(bytes, frame.address + (frame.header === null ? 2 : 0), 0x0a00 + (one.host >> 8), frame.header === null ? [frame.checksum] : [frame.header, frame.checksum]);
      replaceWord(bytes, frame.address + (frame.header === null ? 4 : 2), one.host & 0xff, frame.header === null ? [frame.checksum] : [frame.header, frame.checksum]);
      replaceWord(bytes, frame.port, one.port, [frame.checksum]);
      const micros = 1_700_000_000_000_000 + time;
      writer.packet(0, Math.floor(micros / 1e6), (micros % 1e6) * 1000, bytes, 0, bytes.length, bytes.length);
      pending += bytes.length + 32;
      if (pending > FLUSH) {
        writeSync(file, writer.take());
        pending = 0;
      }
    }
    writeSync(file, writer.take());
  } finally {
    closeSync(file);
  }
  return begun;
}
