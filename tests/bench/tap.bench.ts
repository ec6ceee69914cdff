// What the tap costs: the same exchanges on loopback with bare node:net and node:dgram, with our network and recording off, and with
// everything recorded. Run: npx tsx tests/bench/tap.bench.ts [rounds]. Both ends live in this process, as in the engine.

import * as dgram from 'node:dgram';
import * as net from 'node:net';
import { once } from 'node:events';
import { roleIx } from '../../shared/base/brand';
import { LIMITS } from '../../shared/trace/limits';
import { createClock } from '../../electron/capture/clock';
import { createNetwork, type Network } from '../../electron/capture/network';
import { Recorder } from '../../electron/capture/recorder';
import { compare, print, type Variant } from './rounds';

const ADDRESS = '127.0.0.1';
const rounds = Number(process.argv[2] ?? 7);
let recorded = 0;
let thinned = false;

interface Sockets {
  createServer(onConnection: (socket: net.Socket) => void): net.Server;
  connect(port: number): net.Socket;
  createSocket(): dgram.Socket;
}

const bare: Sockets = {
  createServer: (onConnection) => net.createServer(onConnection),
  connect: (port) => net.connect({ port, host: ADDRESS }),
  createSocket: () => dgram.createSocket('udp4'),
};

const through = (network: Network): Sockets => ({
  createServer: (onConnection) => network.net.createServer({}, onConnection),
  connect: (port) => network.net.connect({ address: ADDRESS, port }),
  createSocket: () => network.dgram.createSocket(),
});

const off = (): Sockets => through(createNetwork(null, { host: 'bench', role: roleIx(0), address: ADDRESS }));

/** A trace of its own for each run, which ends as a batch that nobody keeps. */
const on = (preview?: number): Sockets => {
  const recorder = new Recorder({
    clock: createClock(),
    onBatch: (batch) => {
      recorded += batch.count;
      thinned ||= batch.thinned;
    },
    ...(preview !== undefined && { preview }),
  });
  return through(createNetwork(recorder, { host: 'bench', role: roleIx(1), address: ADDRESS }));
};

/**
 * One message at a time there and back; round trips a second. In stretches with a new trace each, short enough for a trace to keep
 * every byte (limits.ts, payloadTotal): what is measured is never the cheaper recording of a trace that is full.
 */
async function tcpEcho(make: () => Sockets, size: number, ms: number): Promise<number> {
  const stretch = Math.floor(Math.min(20_000, LIMITS.payloadTotal / (4 * size)) * 0.95);
  let spent = 0;
  let count = 0;
  while (spent < ms) {
    spent += await echoStretch(make(), size, stretch);
    count += stretch;
  }
  return (count / spent) * 1000;
}

/** Milliseconds that `count` round trips take. */
async function echoStretch(sockets: Sockets, size: number, count: number): Promise<number> {
  const server = sockets.createServer((socket) => socket.on('data', (bytes) => socket.write(bytes)));
  server.listen(0, ADDRESS);
  await once(server, 'listening');
  const client = sockets.connect((server.address() as net.AddressInfo).port);
  await once(client, 'connect');
  const message = Buffer.alloc(size, 'x');
  let back = 0;
  let left = count;
  const start = performance.now();
  const took = await new Promise<number>((resolve) => {
    client.on('data', (bytes) => {
      back += bytes.length;
      if (back < size) return;
      back = 0;
      if (--left > 0) client.write(message);
      else resolve(performance.now() - start);
    });
    client.write(message);
  });
  client.destroy();
  server.close();
  await once(server, 'close');
  return took;
}

async function udpPingPong(make: () => Sockets, size: number, ms: number): Promise<number> {
  const sockets = make();
  const server = sockets.createSocket();
  server.on('message', (bytes, { port, address }) => server.send(bytes, port, address));
  server.bind(0, ADDRESS);
  await once(server, 'listening');
  const client = sockets.createSocket();
  client.bind(0, ADDRESS);
  await once(client, 'listening');
  const { port } = server.address();
  const message = Buffer.alloc(size, 'x');
  const start = performance.now();
  const end = start + ms;
  let count = 0;
  const rate = await new Promise<number>((resolve) => {
    client.on('message', () => {
      count++;
      const now = count % 16 === 0 ? performance.now() : 0;
      if (now > end) resolve((count / (now - start)) * 1000);
      else client.send(message, port, ADDRESS);
    });
    client.send(message, port, ADDRESS);
  });
  client.close();
  server.close();
  return rate;
}

const variants = (work: (make: () => Sockets, ms: number) => Promise<number>, withPreview: boolean): Variant[] => [
  { name: 'bare Node', run: (ms) => work(() => bare, ms) },
  { name: 'tap off', run: (ms) => work(off, ms) },
  { name: 'tap on', run: (ms) => work(() => on(), ms) },
  ...(withPreview ? [{ name: 'tap on, 256 B kept', run: (ms: number) => work(() => on(256), ms) }] : []),
];

console.log(`Node ${process.version}, ${rounds} rounds; ratio to bare Node of the same round: median [least..greatest]`);
print('TCP ping-pong, 64 B', 'round trips/s', await compare(variants((s, ms) => tcpEcho(s, 64, ms), false), rounds, 500), { 'tap off': 0.97, 'tap on': 0.97 });
print('TCP echo, 64 KiB', 'round trips/s', await compare(variants((s, ms) => tcpEcho(s, 65_536, ms), true), rounds, 500), { 'tap off': 0.97, 'tap on': 0.84, 'tap on, 256 B kept': 0.92 });
print('UDP ping-pong, 64 B', 'round trips/s', await compare(variants((s, ms) => udpPingPong(s, 64, ms), false), rounds, 500), { 'tap off': 0.97, 'tap on': 0.88 });
console.log(`\n${recorded.toLocaleString('en-US')} facts recorded, ${thinned ? 'NOT ' : ''}every byte of them kept`);
