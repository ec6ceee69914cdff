// What recording beneath the web costs: the same requests on loopback with bare node:http, node:http2, node:https and node:tls, with our
// network and recording off, and with everything recorded. Run: npx tsx tests/bench/web.bench.ts [rounds] [http|http2|https|tls|server|all] [cpu].
// `cpu`: processor time of this process instead of the clock, for a machine that others use too. Both ends live in this process, as in
// the engine; with `server` the clients are wrk and h2load, and only the server is ours.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as http from 'node:http';
import * as http2 from 'node:http2';
import * as https from 'node:https';
import type * as net from 'node:net';
import * as tls from 'node:tls';
import { roleIx } from '../../shared/base/brand';
import { certificates } from '../../electron/capture/certificates.fixture';
import { createClock } from '../../electron/capture/clock';
import { createNetwork } from '../../electron/capture/network';
import { Recorder } from '../../electron/capture/recorder';
import { compare, print, type Variant } from './rounds';

const ADDRESS = '127.0.0.1';
const NAME = 'www.example.test';
const rounds = Number(process.argv[2] ?? 7);
const only = process.argv[3] ?? 'all';
const usage = (): number => (process.cpuUsage().user + process.cpuUsage().system) / 1000;
/** Milliseconds. */
const now = process.argv[4] === 'cpu' ? usage : () => performance.now();
const { ca, good } = await certificates();
const BODY = 'x'.repeat(200);
let recorded = 0;
let thinned = false;

/** What of a role's host a workload needs, made by us or by Node. */
interface Web {
  http(listener: http.RequestListener): http.Server;
  agent(): http.Agent;
  https(listener: http.RequestListener): https.Server;
  secureAgent(): https.Agent;
  http2(listener: (request: http2.Http2ServerRequest, response: http2.Http2ServerResponse) => void): http2.Http2Server;
  session(port: number): http2.ClientHttp2Session;
  tls(onSecure: (socket: tls.TLSSocket) => void): tls.Server;
  connect(port: number): tls.TLSSocket;
}

const SECURE = { ca, servername: NAME };
const AGENT = { keepAlive: true, maxSockets: 32 };

const bare = (): Web => ({
  http: (listener) => http.createServer(listener),
  agent: () => new http.Agent(AGENT),
  https: (listener) => https.createServer(good, listener),
  secureAgent: () => new https.Agent({ ...AGENT, ...SECURE }),
  http2: (listener) => http2.createServer(listener),
  session: (port) => http2.connect(`http://${ADDRESS}:${port}`),
  tls: (onSecure) => tls.createServer(good, onSecure),
  connect: (port) => tls.connect({ host: ADDRESS, port, ...SECURE }),
});

function through(recorder: Recorder | null): Web {
  const network = createNetwork(recorder, { host: 'bench', role: roleIx(1), address: ADDRESS });
  return {
    http: (listener) => network.http.createServer({}, listener),
    agent: () => network.http.createAgent(AGENT),
    https: (listener) => network.http.createSecureServer(good, listener),
    secureAgent: () => network.http.createSecureAgent({ ...AGENT, ...SECURE }),
    http2: (listener) => network.http2.createServer({}, listener),
    session: (port) => network.http2.connect(`http://${ADDRESS}:${port}`, { address: ADDRESS, port }),
    tls: (onSecure) => network.tls.createServer(good, onSecure),
    connect: (port) => network.tls.connect({ address: ADDRESS, port }, SECURE),
  };
}

/** A trace of its own each time, which ends as batches that nobody keeps. */
const recording = (): Web =>
  through(
    new Recorder({
      clock: createClock(),
      onBatch: (batch) => {
        recorded += batch.count;
        thinned ||= batch.thinned;
      },
    }),
  );

async function portOf(server: net.Server): Promise<number> {
  server.listen(0, ADDRESS);
  await once(server, 'listening');
  return (server.address() as net.AddressInfo).port;
}

const greet = (_request: unknown, response: http.ServerResponse | http2.Http2ServerResponse): void => {
  response.setHeader('content-type', 'text/plain');
  response.end(BODY);
};

/** `lanes` at a time until `count` are done; milliseconds. */
async function keepBusy(count: number, lanes: number, one: (lane: number) => Promise<void>): Promise<number> {
  let left = count;
  const start = now();
  await Promise.all(Array.from({ length: lanes }, async (_, lane) => {
    while (left-- > 0) await one(lane);
  }));
  return now() - start;
}

type Work = (web: Web) => Promise<{ readonly count: number; readonly ms: number }>;

const http1 = (secure: boolean): Work => async (web) => {
  const server = secure ? web.https(greet) : web.http(greet);
  const agent = secure ? web.secureAgent() : web.agent();
  const port = await portOf(server);
  const get = secure ? https.get : http.get;
  const one = (): Promise<void> =>
    new Promise((resolve, reject) => {
      get({ host: ADDRESS, port, agent, path: '/', headers: { host: NAME } }, (response) => response.resume().on('end', resolve)).on('error', reject);
    });
  // Connections and handshakes first: what is compared is exchanges.
  await keepBusy(64, 32, one);
  const count = 6000;
  const ms = await keepBusy(count, 32, one);
  agent.destroy();
  server.close();
  return { count, ms };
};

const streams = (connections: number, lanes: number): Work => async (web) => {
  const server = web.http2(greet);
  const port = await portOf(server);
  const sessions = Array.from({ length: connections }, () => web.session(port));
  const one = (lane: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const stream = sessions[lane % connections]?.request({ ':path': '/' });
      stream?.on('error', reject).on('end', resolve).resume();
    });
  await keepBusy(64, lanes, one);
  const count = 6000;
  const ms = await keepBusy(count, lanes, one);
  await Promise.all(sessions.map((session) => new Promise<void>((resolve) => session.close(resolve))));
  server.close();
  return { count, ms };
};

const echo = (size: number): Work => async (web) => {
  const server = web.tls((socket) => socket.on('data', (bytes) => socket.write(bytes)).on('error', () => undefined));
  // Else each round trip waits for a delayed acknowledgement (Nagle), 40 ms on Linux, whoever makes the sockets.
  server.on('secureConnection', (socket) => socket.setNoDelay());
  const client = web.connect(await portOf(server)).setNoDelay();
  await once(client, 'secureConnect');
  const message = Buffer.alloc(size, 'x');
  // What is carried four times over (plaintext and ciphertext, at both ends, each way) must fit a trace.
  const trips = 400;
  let back = 0;
  let count = -100;
  let start = 0;
  const ms = await new Promise<number>((resolve) => {
    client.on('data', (bytes: Buffer) => {
      back += bytes.length;
      if (back < size) return;
      back -= size;
      count++;
      if (count === 0) start = now();
      if (count === trips) resolve(now() - start);
      else client.write(message);
    });
    client.write(message);
  });
  client.destroy();
  server.close();
  return { count: trips, ms };
};

/** Stretches of work until `ms` are spent, each with a trace of its own, so that none is ever full. */
const rate = (work: Work, make: () => Web) => async (ms: number): Promise<number> => {
  let spent = 0;
  let count = 0;
  while (spent < ms) {
    const done = await work(make());
    spent += done.ms;
    count += done.count;
  }
  return (count / spent) * 1000;
};

const variants = (work: Work): Variant[] => [
  { name: 'bare Node', run: rate(work, bare) },
  { name: 'tap off', run: rate(work, () => through(null)) },
  { name: 'tap on', run: rate(work, recording) },
];

async function measure(id: string, title: string, unit: string, work: Work, bar: number): Promise<void> {
  if (only !== 'all' && only !== id) return;
  print(title, unit, await compare(variants(work), rounds, 400), { 'tap off': 0.97, 'tap on': bar });
}

/** Requests a second that a foreign program got answered. */
async function foreign(command: string, args: readonly string[], pattern: RegExp): Promise<number> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  await once(child, 'close');
  const [, figure] = pattern.exec(output) ?? [];
  if (figure === undefined) throw new Error(`${command} printed no figure: ${output}`);
  return Number(figure);
}

const wrk = (secure: boolean): ((web: Web) => Promise<number>) => async (web) => {
  const server = secure ? web.https(greet) : web.http(greet);
  const figure = await foreign('wrk', ['-t1', '-c32', '-d1', `${secure ? 'https' : 'http'}://${ADDRESS}:${await portOf(server)}/`], /Requests\/sec:\s+([\d.]+)/);
  server.close();
  return figure;
};

const h2load = async (web: Web): Promise<number> => {
  const server = web.http2(greet);
  const figure = await foreign('h2load', ['-n20000', '-c8', '-m8', `http://${ADDRESS}:${await portOf(server)}/`], /, ([\d.]+) req\/s/);
  server.close();
  return figure;
};

async function measureServer(title: string, work: (web: Web) => Promise<number>, bar: number): Promise<void> {
  if (only !== 'all' && only !== 'server') return;
  const variant = (name: string, make: () => Web): Variant => ({ name, run: () => work(make()) });
  print(title, 'requests/s', await compare([variant('bare Node', bare), variant('tap on', recording)], rounds, 0), { 'tap on': bar });
}

console.log(`Node ${process.version}, ${rounds} rounds; ratio to bare Node of the same round: median [least..greatest]`);
await measure('http', 'HTTP/1.1, 32 kept-alive connections', 'requests/s', http1(false), 0.9);
await measure('https', 'HTTPS (TLS 1.3), 32 kept-alive connections', 'requests/s', http1(true), 0.9);
await measure('http2', 'HTTP/2 in clear, 4 connections, 8 streams each', 'requests/s', streams(4, 32), 0.75);
await measure('http2', 'HTTP/2 in clear, one connection, one stream at a time', 'requests/s', streams(1, 1), 0.75);
await measure('tls', 'TLS 1.3 echo, 64 KiB', 'round trips/s', echo(65_536), 0.9);
await measureServer('Server alone, HTTP/1.1, by wrk', wrk(false), 0.9);
await measureServer('Server alone, HTTPS, by wrk', wrk(true), 0.9);
await measureServer('Server alone, HTTP/2 in clear, by h2load, 8 connections of 8 streams', h2load, 0.75);
console.log(`\n${recorded.toLocaleString('en-US')} facts recorded, ${thinned ? 'NOT ' : ''}every byte of them kept`);
