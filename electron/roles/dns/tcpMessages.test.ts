// DNS over TCP on real sockets: many questions on one connection, cut anywhere; clients that are slow, silent, or do not read.
import { once } from 'node:events';
import * as net from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { framed } from '../../../shared/codec/dns/codec';
import { DNS_LIMITS } from './limits';
import type { Answerer } from './reply';
import { MessageCutter, serveStream } from './tcpMessages';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const open: { destroy?(): unknown; close?(): unknown }[] = [];

afterEach(() => {
  for (const one of open.splice(0)) (one.destroy ?? one.close)?.call(one);
});

/** A server behind this answerer and a client connected to it. */
async function connected(answer: Answerer, idle?: number): Promise<net.Socket> {
  const server = net.createServer({ allowHalfOpen: true }, (socket) => serveStream(socket, answer, idle));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const client = net.connect({ port: typeof address === 'object' && address !== null ? address.port : 0, host: '127.0.0.1', allowHalfOpen: true });
  open.push(client, server);
  await once(client, 'connect');
  return client;
}

/** The answers until there are so many. */
async function answers(client: net.Socket, count: number): Promise<string[]> {
  const cutter = new MessageCutter();
  const got: string[] = [];
  while (got.length < count) {
    const [bytes] = (await once(client, 'data')) as [Uint8Array];
    got.push(...cutter.push(bytes).map(decode));
  }
  return got;
}

/** Resolves when the connection is over, in order or by RST. */
const gone = (client: net.Socket): Promise<void> => new Promise((resolve) => void client.once('end', resolve).once('close', () => resolve()));

const louder: Answerer = (bytes) => encode(decode(bytes).toUpperCase());

describe('the cutter', () => {
  it('finds the same messages wherever the stream is cut', () => {
    const stream = Uint8Array.from([...framed(encode('one')), ...framed(new Uint8Array(0)), ...framed(encode('three'))]);
    for (let cut = 0; cut <= stream.length; cut++) {
      const cutter = new MessageCutter();
      const found = [...cutter.push(stream.slice(0, cut)), ...cutter.push(stream.slice(cut))].map(decode);
      expect([cut, found]).toEqual([cut, ['one', '', 'three']]);
      expect(cutter.waiting).toBe(false);
    }
  });
});

describe('a connection', () => {
  it('carries several questions, byte by byte if need be', async () => {
    const client = await connected(louder);
    client.setNoDelay();
    for (const byte of [...framed(encode('one')), ...framed(encode('two'))]) client.write(Uint8Array.of(byte));
    expect(await answers(client, 2)).toEqual(['ONE', 'TWO']);
    client.write(framed(encode('three')));
    expect(await answers(client, 1)).toEqual(['THREE']);
  });

  it('is answered as answers come, not as questions came', async () => {
    let release: (bytes: Uint8Array) => void = () => undefined;
    const client = await connected((bytes) => (decode(bytes) === 'slow' ? new Promise((resolve) => (release = resolve)) : bytes));
    client.write(Uint8Array.from([...framed(encode('slow')), ...framed(encode('quick'))]));
    expect(await answers(client, 1)).toEqual(['quick']);
    release(encode('slow at last'));
    expect(await answers(client, 1)).toEqual(['slow at last']);
  });

  it('that was half-closed still gets its answer, then the end', async () => {
    let release: (bytes: Uint8Array) => void = () => undefined;
    const client = await connected(() => new Promise((resolve) => (release = resolve)));
    client.end(framed(encode('last words')));
    await new Promise((resolve) => setImmediate(resolve));
    const ended = once(client, 'end');
    while (release.length === 0) await new Promise((resolve) => setImmediate(resolve));
    release(encode('heard'));
    expect(await answers(client, 1)).toEqual(['heard']);
    await ended;
  });

  it('without a message is closed, also one that drips bytes', async () => {
    const silent = await connected(louder, 60);
    await once(silent.resume(), 'end');
    const dripping = await connected(louder, 60);
    dripping.on('error', () => undefined); // what is written to a closed connection is answered with RST
    const drip = setInterval(() => dripping.write(Uint8Array.of(0)), 10);
    dripping.write(Uint8Array.of(0xff, 0xff));
    await gone(dripping.resume()).finally(() => clearInterval(drip));
  });

  it('whose client does not read is not answered without end, and is given up', async () => {
    let asked = 0;
    const big = new Uint8Array(60_000);
    const client = await connected(() => {
      asked++;
      return big;
    }, 200);
    client.on('error', () => undefined);
    const over = gone(client);
    client.pause();
    // One piece of 60,000 B holds 20,000 questions: answers of 1.2 GB.
    client.write(Uint8Array.from(Array.from({ length: 20_000 }, () => [...framed(encode('?'))]).flat()));
    const feed = setInterval(() => client.write(Uint8Array.of(0)), 20);
    await over.finally(() => clearInterval(feed));
    // What fits into the kernel's buffers and our own.
    expect(asked).toBeLessThan(500);
  });

  it('works on so many questions at once, and on the next when one is answered', async () => {
    const waiting: ((bytes: Uint8Array) => void)[] = [];
    let arrived: () => void = () => undefined;
    const client = await connected(() => new Promise((resolve) => {
      waiting.push(resolve);
      arrived();
    }));
    for (let number = 0; number < DNS_LIMITS.pipelined; number++) client.write(framed(encode('?')));
    while (waiting.length < DNS_LIMITS.pipelined) await new Promise<void>((resolve) => (arrived = resolve));
    client.write(framed(encode('one more')));
    waiting.splice(0).forEach((answer) => answer(encode('!')));
    expect(await answers(client, DNS_LIMITS.pipelined)).toHaveLength(DNS_LIMITS.pipelined);
    while (waiting.length < 1) await new Promise<void>((resolve) => (arrived = resolve));
  });
});
