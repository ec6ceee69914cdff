// TCP connections that go wrong in every way, for tests: seeded, so that a failure can be run again. Segments are lost, late, doubled, answered
// twice, stopped by windows; the packets are whole and have right checksums.

import { createRandom, type Random } from '../../base/random';
import { writeUint } from '../../base/bytes';
import { TCP_FLAGS } from '../../codec/tcp/codec';
import type { TcpOption } from '../../codec/tcp/options';
import { segmentFrame, type Frame } from '../index/frames.fixture';

const { SYN, ACK, FIN, RST, PSH } = TCP_FLAGS;

/** Second 0 of the frames: Wireshark takes a SYN at 1970 for none. */
const EPOCH = 1_700_000_000;

interface End {
  readonly address: readonly [string, number];
  next: number;
  acked: number;
  window: number;
  shift: number | null;
}

const pick = <T>(random: Random, items: readonly T[]): T => items[random.below(items.length)] as T;

/** `count` connections, one after the other in time or interleaved. Times are in seconds, rising. */
export function troubledTraffic(seed: number, count: number): Frame[] {
  const random = createRandom(seed);
  const frames: (Frame & { readonly time: number })[] = [];
  for (let n = 0; n < count; n++) connection(random, n, frames, n * 0.4);
  return frames.sort((a, b) => a.time - b.time);
}

function connection(random: Random, n: number, frames: (Frame & { readonly time: number })[], start: number): void {
  const six = random.next() < 0.2;
  const port = 20_000 + (random.next() < 0.2 ? random.below(3) : n);
  const begin = (): number => pick(random, [random.bits(), 0xffff_ff00, 1, 0x7fff_fff0]);
  const scaled = random.next() < 0.7;
  const end = (host: string, at: number): End => ({ address: [host, at], next: begin(), acked: 0, window: pick(random, [512, 4096, 65_535]), shift: scaled || random.next() < 0.1 ? random.below(8) : null });
  const client = end(six ? 'fd00::1' : '10.1.0.1', port);
  const server = end(six ? 'fd00::2' : '10.1.0.2', 80);
  let time = start;
  const wait = (): void => {
    time += pick(random, [0.0001, 0.0005, 0.002, 0.002, 0.01, 0.03, 0.25]);
  };
  const emit = (from: End, to: End, flags: number, sequence: number, length: number, options: readonly TcpOption[] = [], ack = from.acked): void => {
    if (random.next() < 0.04) return;
    const bytes = segmentFrame({ from: from.address, to: to.address, tcp: { flags, sequence: sequence >>> 0, acknowledgment: (flags & ACK) === 0 ? 0 : ack >>> 0, window: from.window, options }, payload: new Uint8Array(length) });
    frames.push({ bytes, time: Math.round((time + (random.next() < 0.04 ? 0.004 : 0)) * 1e9) / 1e9 });
  };
  const options = (side: End): TcpOption[] => [{ kind: 'mss', size: 1460 }, ...(side.shift === null ? [] : [{ kind: 'nop' } as const, { kind: 'windowScale', shift: side.shift } as const])];
  const send = (from: End, to: End, length: number, flags = ACK | (random.next() < 0.4 ? PSH : 0)): void => {
    emit(from, to, flags, from.next, length);
    from.next = (from.next + length + ((flags & FIN) === 0 ? 0 : 1)) >>> 0;
  };
  const acknowledge = (from: End, to: End): void => {
    from.acked = to.next;
    emit(from, to, ACK, from.next, 0);
  };
  if (random.next() < 0.9) {
    emit(client, server, SYN, client.next, 0, options(client));
    if (random.next() < 0.1) emit(client, server, SYN, client.next, 0, options(client));
    client.next = (client.next + 1) >>> 0;
    wait();
    server.acked = client.next;
    emit(server, client, SYN | ACK, server.next, 0, options(server));
    server.next = (server.next + 1) >>> 0;
    wait();
    acknowledge(client, server);
  } else {
    client.acked = server.next;
    server.acked = client.next;
  }
  for (let step = random.below(60); step > 0; step--) {
    wait();
    const [from, to] = random.next() < 0.6 ? [client, server] : [server, client];
    trouble(random, from, to, { emit, send, acknowledge, wait });
  }
  wait();
  if (random.next() < 0.7) {
    send(client, server, random.below(2) * 10, FIN | ACK);
    wait();
    acknowledge(server, client);
    send(server, client, 0, FIN | ACK);
    wait();
    acknowledge(client, server);
  } else if (random.next() < 0.5) emit(server, client, RST | ACK, server.next, 0);
}

interface Acts {
  readonly emit: (from: End, to: End, flags: number, sequence: number, length: number, options?: readonly TcpOption[], ack?: number) => void;
  readonly send: (from: End, to: End, length: number, flags?: number) => void;
  readonly acknowledge: (from: End, to: End) => void;
  readonly wait: () => void;
}

function trouble(random: Random, from: End, to: End, { emit, send, acknowledge, wait }: Acts): void {
  const length = pick(random, [1, 2, 100, 100, 1000]);
  switch (random.below(16)) {
    case 0: return emit(from, to, ACK, from.next - length, length);
    case 1: return emit(from, to, ACK, from.acked === 0 ? from.next : to.acked, length);
    case 2: {
      const missing: TcpOption[] = random.next() < 0.5 ? [] : [{ kind: 'nop' }, { kind: 'nop' }, { kind: 'sack', blocks: [{ left: (to.acked + length) >>> 0, right: (to.acked + length + 50) >>> 0 }, { left: from.next, right: (from.next + 7) >>> 0 }].slice(random.below(2)) }];
      for (let n = random.below(5); n >= 0; n--) emit(to, from, ACK, to.next, 0, missing);
      wait();
      return emit(from, to, ACK | PSH, to.acked, length);
    }
    case 3: {
      // The first of three comes last, or the last of them.
      const first = from.next;
      from.next = (from.next + length) >>> 0;
      send(from, to, length);
      send(from, to, length);
      return emit(from, to, ACK, first, length);
    }
    case 4: {
      from.window = 0;
      acknowledge(from, to);
      wait();
      emit(to, from, ACK, to.next, random.next() < 0.7 ? 1 : 0);
      wait();
      emit(from, to, ACK, from.next, 0);
      from.window = 2048;
      return random.next() < 0.7 ? emit(from, to, ACK, from.next, 0) : undefined;
    }
    case 5: {
      emit(from, to, ACK, from.next - 1, random.below(2));
      wait();
      return emit(to, from, ACK, to.next, 0);
    }
    case 6: {
      // Up to the edge of what the other end allows.
      const shift = from.shift === null || to.shift === null ? 0 : to.shift;
      const room = ((to.acked + to.window * 2 ** shift) >>> 0) - from.next;
      return room > 0 && room < 3000 ? send(from, to, room) : send(from, to, length);
    }
    case 7: {
      from.window = pick(random, [512, 1000, 30_000]);
      return emit(from, to, ACK, from.next, 0);
    }
    case 8: {
      from.next = (from.next + length) >>> 0;
      return send(from, to, length);
    }
    case 9: return emit(from, to, ACK, from.next, 0, [], to.next + length);
    default: {
      send(from, to, length);
      if (random.next() < 0.7) acknowledge(to, from);
    }
  }
}

/** The frames as a pcap file with nanoseconds, little-endian. */
export function pcapOf(frames: readonly Frame[]): Uint8Array<ArrayBuffer> {
  const file = new Uint8Array(24 + frames.reduce((sum, { bytes }) => sum + 16 + bytes.length, 0));
  const view = new DataView(file.buffer);
  writeUint(file, 0, 4, 0x4d3cb2a1);
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  view.setUint32(16, 262_144, true);
  view.setUint32(20, frames[0]?.linkType ?? 1, true);
  let at = 24;
  frames.forEach(({ bytes, time = 0, wire = bytes.length }) => {
    view.setUint32(at, EPOCH + Math.floor(time), true);
    view.setUint32(at + 4, Math.round((time - Math.floor(time)) * 1e9), true);
    view.setUint32(at + 8, bytes.length, true);
    view.setUint32(at + 12, wire, true);
    file.set(bytes, at + 16);
    at += 16 + bytes.length;
  });
  return file;
}
