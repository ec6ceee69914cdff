// Captures of many conversations at once, for tests: seeded, so that a failure can be run again. Known protocols on their ports and on others, bytes of nothing
// known that begin like them, talk that changes on its way, connections that are joined in their middle, and segments lost, late, doubled and cut.

import { concatBytes } from '../../base/bytes';
import { createRandom, type Random } from '../../base/random';
import { latin1Bytes } from '../../codec/http/chars';
import { codec as ipv4 } from '../../codec/ipv4/codec';
import { TCP_FLAGS } from '../../codec/tcp/codec';
import { codec as udp } from '../../codec/udp/codec';
import { frame, segmentFrame } from '../index/frames.fixture';

const { SYN, ACK, FIN, RST, PSH } = TCP_FLAGS;

/** A frame as it was captured. */
export interface Mixed {
  readonly bytes: Uint8Array;
  /** Bytes on the wire. */
  readonly wire: number;
}

type Said = readonly (readonly [dir: 'up' | 'down', bytes: Uint8Array])[];

const pick = <T>(random: Random, items: readonly T[]): T => items[random.below(items.length)] as T;
const noise = (random: Random, most: number): Uint8Array => Uint8Array.from({ length: 1 + random.below(most) }, () => random.below(256));
const HELLO = Uint8Array.of(0x16, 3, 1, 0, 45, 1, 0, 0, 41, 3, 3, ...new Uint8Array(32).fill(7), 0, 0, 2, 0x13, 1, 1, 0);
const SEALED = Uint8Array.of(0x17, 3, 3, 0, 5, 1, 2, 3, 4, 5);

/** What two ends say to each other, in pieces. */
function talk(random: Random): Said {
  const up = (text: string): Said[number] => ['up', latin1Bytes(text)];
  const down = (text: string): Said[number] => ['down', latin1Bytes(text)];
  const unknown = (): Said => Array.from({ length: 1 + random.below(6) }, () => [pick(random, ['up', 'down'] as const), noise(random, pick(random, [1, 3, 60, 150]))] as const);
  const exchange = (): Said => [up('GET /x?y HTTP/1.1\r\nHost: a\r\n\r\n'), down('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello')];
  switch (random.below(14)) {
    case 0: return [...exchange(), ...exchange()];
    case 1: return [...unknown(), ...exchange(), ...unknown()];
    case 2: return [up('CONNECT b:1 HTTP/1.1\r\nHost: b:1\r\n\r\n'), down('HTTP/1.1 200 OK\r\n\r\n'), ...pick(random, [exchange(), unknown(), [['up', HELLO]] satisfies Said])];
    case 3: return [up('GET /c HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'), down('HTTP/1.1 101 S\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'), ['down', Uint8Array.of(0x81, 2, 0x68, 0x69)], ...unknown()];
    case 4: return [up('GET /c HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: thing\r\n\r\n'), down('HTTP/1.1 101 S\r\nConnection: Upgrade\r\nUpgrade: thing\r\n\r\n'), ...unknown(), ...exchange()];
    case 5: return [['up', HELLO], ['down', Uint8Array.of(0x16, 3, 3, 0, 44, 2, 0, 0, 40, 3, 3, ...new Uint8Array(32).fill(9), 0, 0x13, 1, 0, 0, 0)], ['up', SEALED]];
    case 6: return [...unknown(), ['up', SEALED], ...unknown()];
    case 7: return [down('220 m ESMTP\r\n'), up('EHLO x\r\n'), down('250-m\r\n250 STARTTLS\r\n'), up('STARTTLS\r\n'), down('220 go\r\n'), ['up', HELLO], ...unknown()];
    case 8: return [up('\x13BitTorrent protocol\0\0\0\0\0\0\0\0' + 'h'.repeat(20) + 'p'.repeat(20)), ...unknown()];
    case 9: return [up('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0'), ['down', Uint8Array.of(0, 0, 0, 4, 0, 0, 0, 0, 0)], ...unknown()];
    case 10: return [up('HELLO there\r\n'), down('GET it\r\n'), up('A'), up('POST'), ...exchange()];
    case 11: return [['up', Uint8Array.of(0, 17, 0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1)], ...unknown()];
    default: return unknown();
  }
}

/** The frames of one connection. */
function connection(random: Random, n: number): Mixed[] {
  const frames: Mixed[] = [];
  const client = ['10.0.0.1', random.next() < 0.1 ? 900 : 30_000 + n] as const;
  const server = ['10.0.0.2', pick(random, [80, 80, 443, 443, 8080, 7, 25, 53, 110, 900, 4000, 4443])] as const;
  const sent = { up: random.bits(), down: random.bits() };
  const segment = (dir: 'up' | 'down', sequence: number, flags: number, payload: Uint8Array = new Uint8Array(0)): void => {
    const bytes = segmentFrame({ from: dir === 'up' ? client : server, to: dir === 'up' ? server : client, payload, tcp: { sequence: sequence >>> 0, acknowledgment: (flags & ACK) === 0 ? 0 : sent[dir === 'up' ? 'down' : 'up'] >>> 0, flags } });
    frames.push({ bytes: random.next() < 0.01 ? bytes.slice(0, Math.max(54, bytes.length - random.below(60))) : bytes, wire: bytes.length });
  };
  const send = (dir: 'up' | 'down', flags: number, payload?: Uint8Array): void => {
    segment(dir, sent[dir], flags, payload);
    sent[dir] += (payload?.length ?? 0) + ((flags & (SYN | FIN)) === 0 ? 0 : 1);
  };
  // Some were joined in their middle.
  if (random.next() < 0.8) {
    send('up', SYN);
    send('down', SYN | ACK);
  }
  if (random.next() < 0.7) send('up', ACK);
  const clean = random.next() < 0.6;
  for (const [dir, bytes] of talk(random)) {
    const size = pick(random, [5, 20, 100, 2000, 2000]);
    for (let at = 0; at < bytes.length; at += size) {
      const piece = bytes.subarray(at, at + size);
      const trouble = clean ? 1 : random.next();
      if (trouble < 0.08) sent[dir] += piece.length;
      else send(dir, ACK | PSH, piece);
      // Sent again: all of it, and with what lies around it.
      if (trouble > 0.08 && trouble < 0.14) segment(dir, sent[dir] - piece.length, ACK, piece);
      if (trouble > 0.14 && trouble < 0.2) segment(dir, sent[dir] - piece.length - 2, ACK, concatBytes(latin1Bytes('GE'), piece, latin1Bytes('GET / HTTP/1.1\r\n\r\n')));
      if (trouble > 0.2 && trouble < 0.24) segment(dir, sent[dir] - 1, ACK, Uint8Array.of(0));
      if (random.next() < 0.3) send(dir === 'up' ? 'down' : 'up', ACK);
    }
  }
  if (random.next() < 0.6) send('up', pick(random, [FIN | ACK, FIN | ACK, RST]));
  if (random.next() < 0.5) send('down', FIN | ACK);
  // Some come late.
  for (let i = 1; !clean && i < frames.length; i++) if (random.next() < 0.08) frames.splice(i - 1, 0, ...frames.splice(i, 1));
  return frames;
}

const QUERY = Uint8Array.of(0, 9, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0x61, 0, 0, 1, 0, 1);

function datagram(random: Random): Mixed {
  const payload = pick(random, [QUERY, QUERY, QUERY.subarray(0, 11), concatBytes(QUERY, Uint8Array.of(1)), noise(random, 80), new Uint8Array(0), latin1Bytes('M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nST: a\r\n\r\n'), concatBytes(Uint8Array.of(0xc0, 0, 0, 0, 1, 1, 2, 1, 3), noise(random, 30))]);
  const network = { source: '10.0.0.3', destination: '10.0.0.4' };
  const ports = [pick(random, [53, 443, 1900, 5353, 5355, 67, 5300, 6881]), 40_000 + random.below(3)];
  const [sourcePort = 0, destinationPort = 0] = random.next() < 0.5 ? ports : ports.reverse();
  const bytes = frame(0x0800, ipv4.encode({ ...network, protocol: 17 }, udp.encode({ sourcePort, destinationPort, ...(random.next() < 0.1 ? { length: 8 + random.below(40) } : {}) }, payload, { network }), {}));
  return { bytes: random.next() < 0.05 ? bytes.slice(0, Math.max(42, bytes.length - random.below(30))) : bytes, wire: bytes.length };
}

/** So many conversations, beside each other. */
export function mixedTalk(seed: number, count: number): Mixed[] {
  const random = createRandom(seed);
  const running = Array.from({ length: count }, (_, n) => (random.next() < 0.2 ? Array.from({ length: 1 + random.below(4) }, () => datagram(random)) : connection(random, n)));
  const frames: Mixed[] = [];
  while (running.some((one) => one.length > 0)) {
    const next = pick(random, running).shift();
    if (next !== undefined) frames.push(next);
  }
  return frames;
}
