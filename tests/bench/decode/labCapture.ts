// Writes a pcapng of what labs do: pages fetched over kept connections, names asked for, echoes; every header with its right checksums. Used by decode.bench.ts.

import { closeSync, openSync, writeSync } from 'node:fs';
import { latin1Bytes } from '../../../shared/codec/http/chars';
import { codec as ethernet } from '../../../shared/codec/ethernet/codec';
import { codec as ipv4 } from '../../../shared/codec/ipv4/codec';
import { codec as tcp, TCP_FLAGS } from '../../../shared/codec/tcp/codec';
import { codec as udp } from '../../../shared/codec/udp/codec';
import { PcapngWriter } from '../../../shared/packets/file/captureWriter';

const { SYN, ACK, PSH, FIN } = TCP_FLAGS;
const MSS = 1448;
const FLUSH = 8 * 1024 * 1024;
const CLIENT = '127.0.0.1';
const SERVER = '127.0.0.2';
const LINK = { source: '00:00:00:00:00:00', destination: '00:00:00:00:00:00', type: 0x0800 };

type Emit = (bytes: Uint8Array) => void;

const network = (up: boolean) => ({ source: up ? CLIENT : SERVER, destination: up ? SERVER : CLIENT });
const packet = (up: boolean, protocol: number, inner: Uint8Array): Uint8Array => ethernet.encode(LINK, ipv4.encode({ ...network(up), protocol }, inner, {}), {});

function connection(emit: Emit, client: number, server: number, talk: readonly (readonly [up: string, down: string])[]): void {
  const next = { up: client * 77_777, down: client * 33_333 };
  const segment = (up: boolean, flags: number, payload: Uint8Array): void => {
    const [own, other] = up ? (['up', 'down'] as const) : (['down', 'up'] as const);
    emit(packet(up, 6, tcp.encode({ sourcePort: up ? client : server, destinationPort: up ? server : client, sequence: next[own] >>> 0, acknowledgment: (flags & ACK) === 0 ? 0 : next[other] >>> 0, flags, window: 512 }, payload, { network: network(up) })));
    next[own] += payload.length + ((flags & (SYN | FIN)) === 0 ? 0 : 1);
  };
  const none = new Uint8Array(0);
  const say = (up: boolean, text: string): void => {
    for (let at = 0; at < text.length; at += MSS) segment(up, ACK | PSH, latin1Bytes(text.slice(at, at + MSS)));
    segment(!up, ACK, none);
  };
  segment(true, SYN, none);
  segment(false, SYN | ACK, none);
  segment(true, ACK, none);
  for (const [up, down] of talk) {
    say(true, up);
    say(false, down);
  }
  segment(true, FIN | ACK, none);
  segment(false, FIN | ACK, none);
  segment(true, ACK, none);
}

/** RFC 1035 4.1: a question, and with an address its answer. */
function dnsMessage(id: number, name: string, answers: boolean): Uint8Array {
  const labels = name.split('.').map((label) => `${String.fromCharCode(label.length)}${label}`).join('');
  const head = `${String.fromCharCode(id >> 8, id & 255)}${answers ? '\x81\x80' : '\x01\x00'}\0\x01\0${answers ? '\x01' : '\0'}\0\0\0\0${labels}\0\0\x01\0\x01`;
  return latin1Bytes(answers ? `${head}\xc0\x0c\0\x01\0\x01\0\0\x0e\x10\0\x04\x7f\0\0\x02` : head);
}

function page(n: number): readonly (readonly [up: string, down: string])[] {
  return Array.from({ length: 4 }, (_, i) => {
    const body = `<p>${n}.${i}</p>\n`.repeat(40 + ((n + i) % 7) * 60);
    return [
      `GET /lab/${n}/${i}?q=${n * i} HTTP/1.1\r\nHost: lab${n % 50}.example\r\nUser-Agent: bench\r\nAccept: text/html, */*;q=0.8\r\n\r\n`,
      `HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: ${body.length}\r\nCache-Control: no-store\r\nETag: "${n}-${i}"\r\n\r\n${body}`,
    ] as const;
  });
}

/** Writes at least `count` packets to `path`. */
export function writeLabCapture(path: string, count: number): void {
  const file = openSync(path, 'w', 0o600);
  const writer = new PcapngWriter('looplab bench');
  writer.interface({ section: 0, linkType: 1, snapLength: 0, name: 'lo', description: '', filter: '', os: '', resolution: 1e9, offset: 0 });
  let [written, pending] = [0, 0];
  const emit: Emit = (bytes) => {
    writer.packet(0, 1_700_000_000 + Math.floor(written / 1e4), (written % 1e4) * 1e5, bytes, 0, bytes.length, bytes.length);
    written++;
    pending += bytes.length + 32;
    if (pending <= FLUSH) return;
    writeSync(file, writer.take());
    pending = 0;
  };
  try {
    for (let n = 0; written < count; n++) {
      const port = 20_000 + (n % 40_000);
      for (const up of [true, false]) emit(packet(up, 17, udp.encode({ sourcePort: up ? port : 53, destinationPort: up ? 53 : port }, dnsMessage(n & 0xffff, `lab${n % 50}.example`, !up), { network: network(up) })));
      connection(emit, port, 80, page(n));
      if (n % 3 === 0) connection(emit, port, 7, Array.from({ length: 10 }, (_, i) => [`echo ${i}\n`, `echo ${i}\n`] as const));
    }
    writeSync(file, writer.take());
  } finally {
    closeSync(file);
  }
}
