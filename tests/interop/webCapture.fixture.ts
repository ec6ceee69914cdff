// Records real TCP conversations by a relay between the two programs, writes them as frames with our own encoders, and asks tshark what
// it sees in them, session by session. Test code only.

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { assemble, part } from '../../shared/codec/assemble';
import { LINK_TYPE } from '../../shared/codec/dissect';
import { codec as ipv4 } from '../../shared/codec/ipv4/codec';
import { codec as tcp, TCP_FLAGS } from '../../shared/codec/tcp/codec';
import { writeFrames, type Frame } from './captureFile.fixture';

export interface Piece {
  readonly dir: 'up' | 'down';
  readonly bytes: Uint8Array;
}

/** Stands before the server at `port`, and keeps what both sides send, connection by connection, in the order in which it came. */
export async function relayTo(port: number): Promise<{ readonly port: number; readonly connections: Piece[][]; close(): Promise<void> }> {
  const connections: Piece[][] = [];
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (left) => {
    const pieces: Piece[] = [];
    connections.push(pieces);
    const right = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    for (const [from, to, dir] of [[left, right, 'up'], [right, left, 'down']] as const) {
      open.add(from);
      from.on('data', (chunk: Buffer) => {
        pieces.push({ dir, bytes: new Uint8Array(chunk) });
        to.write(chunk);
      });
      from.on('end', () => to.end());
      from.on('error', () => to.destroy());
      from.on('close', () => open.delete(from));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port, connections,
    close: async () => {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

const NETWORK = { source: '127.0.0.1', destination: '127.0.0.2' };
const LARGEST = 32_000;

/** The connection as IPv4 packets: a handshake, then every piece as a segment; the client is 127.0.0.1. */
export function framesOf(pieces: readonly Piece[], clientPort: number, serverPort: number): Frame[] {
  const next = { up: 1000, down: 5000 };
  const segment = (dir: Piece['dir'], flags: number, payload: Uint8Array): Frame => {
    const up = dir === 'up';
    const context = up ? { network: NETWORK } : { network: { source: NETWORK.destination, destination: NETWORK.source } };
    const acknowledgment = (flags & TCP_FLAGS.ACK) === 0 ? 0 : next[up ? 'down' : 'up'];
    const value = { sourcePort: up ? clientPort : serverPort, destinationPort: up ? serverPort : clientPort, sequence: next[dir], acknowledgment, flags };
    next[dir] += payload.length + ((flags & TCP_FLAGS.SYN) === 0 ? 0 : 1);
    const bytes = assemble([part(ipv4, { ...context.network, protocol: 6 }), part(tcp, value, context)], payload);
    return { bytes, linkType: LINK_TYPE.ipv4, wire: bytes.length };
  };
  const nothing = new Uint8Array(0);
  const frames = [segment('up', TCP_FLAGS.SYN, nothing), segment('down', TCP_FLAGS.SYN | TCP_FLAGS.ACK, nothing), segment('up', TCP_FLAGS.ACK, nothing)];
  for (const { dir, bytes } of pieces) {
    for (let at = 0; at < bytes.length; at += LARGEST) frames.push(segment(dir, TCP_FLAGS.ACK | TCP_FLAGS.PSH, bytes.subarray(at, at + LARGEST)));
  }
  return frames;
}

const SEPARATOR = '\u001f';
const AGGREGATOR = '\u001e';

/** All values of each field, by direction, in the order of the frames. `decodeAs`: 'tcp.port==443,tls'. */
export async function tsharkValues(frames: readonly Frame[], fields: readonly string[], decodeAs: readonly string[], keys = ''): Promise<Record<Piece['dir'], Map<string, string[]>>> {
  const folder = await mkdtemp(join(tmpdir(), 'looplab-web-'));
  try {
    await writeFile(join(folder, 'frames.pcapng'), writeFrames(frames));
    await writeFile(join(folder, 'keys.log'), keys);
    const args = [
      '-n', '-r', join(folder, 'frames.pcapng'), '-o', `tls.keylog_file:${join(folder, 'keys.log')}`, ...decodeAs.flatMap((rule) => ['-d', rule]),
      '-T', 'fields', '-E', `separator=${SEPARATOR}`, '-E', 'occurrence=a', '-E', `aggregator=${AGGREGATOR}`, '-e', 'ip.src', ...fields.flatMap((field) => ['-e', field]),
    ];
    const { stdout } = await promisify(execFile)('tshark', args, { maxBuffer: 256 * 1024 * 1024 });
    const found = { up: new Map<string, string[]>(), down: new Map<string, string[]>() };
    for (const line of stdout.split('\n').slice(0, -1)) {
      const [source, ...values] = line.split(SEPARATOR);
      const direction = found[source === NETWORK.source ? 'up' : 'down'];
      fields.forEach((field, i) => {
        const more = values[i] ?? '';
        if (more !== '') direction.set(field, [...(direction.get(field) ?? []), ...more.split(AGGREGATOR)]);
      });
    }
    return found;
  } finally {
    await rm(folder, { recursive: true });
  }
}
