// The UDP relay on real sockets: datagrams lost, doubled, overtaken, corrupted and late, the same ones with the same seed.
import { once } from 'node:events';
import * as dgram from 'node:dgram';
import { afterEach, describe, expect, it } from 'vitest';
import type { UdpFaults } from '../../../shared/lab/faults';
import type { Endpoint } from '../../../shared/trace/event';
import { ADDRESS, stopRelays, udpRelay, type RelayUnderTest } from './relay.fixture';
import type { UdpRelay } from '../../roles/lab';

const sockets: dgram.Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.close();
  await stopRelays();
});

async function bound(onMessage: (bytes: Buffer, from: dgram.RemoteInfo, socket: dgram.Socket) => void): Promise<{ readonly socket: dgram.Socket; readonly at: Endpoint }> {
  const socket = dgram.createSocket('udp4');
  sockets.push(socket);
  socket.on('message', (bytes, from) => onMessage(bytes, from, socket));
  socket.bind(0, ADDRESS);
  await once(socket, 'listening');
  return { socket, at: { address: ADDRESS, port: socket.address().port } };
}

/** A server that keeps what it hears; a last datagram, sent to it directly, says that all has been sent. */
async function hear(faults: Partial<UdpFaults>, count: number, seed = 1): Promise<{ readonly heard: Buffer[]; readonly under: RelayUnderTest<UdpRelay>; readonly took: number }> {
  const heard: Buffer[] = [];
  let changed: () => void = () => undefined;
  const server = await bound((bytes) => {
    heard.push(bytes);
    changed();
  });
  const under = await udpRelay(server.at, faults, seed);
  const client = await bound(() => undefined);
  const start = performance.now();
  for (let i = 0; i < count; i++) await new Promise((resolve) => client.socket.send(`number ${i}`, under.at.port, under.at.address, resolve));
  const faulted = (kind: string): number => under.faults().filter((fault) => fault.startsWith(kind)).length;
  const relayed = (): number => under.facts('datagram.received').filter((fact) => fact.local?.port === under.at.port).length;
  // Everything came in, and everything that was not lost came out.
  while (relayed() < count || heard.length < count - faulted('loss') + faulted('duplicate')) {
    await Promise.race([new Promise<void>((resolve) => (changed = resolve)), new Promise((resolve) => setTimeout(resolve, 20))]);
  }
  const took = performance.now() - start;
  await under.recorded();
  return { heard, under, took };
}

const texts = (heard: readonly Buffer[]): string[] => heard.map((bytes) => bytes.toString());
const numbers = (count: number): string[] => Array.from({ length: count }, (_, index) => `number ${index}`);

describe('without faults', () => {
  it('passes everything on, in order, and answers find their way to whoever asked', async () => {
    const server = await bound((bytes, from, socket) => socket.send(`${bytes.toString()} to ${from.port}`, from.port, from.address));
    const { at, facts } = await udpRelay(server.at);
    const answers = await Promise.all([1, 2, 3].map(async (index) => {
      const client = await bound(() => undefined);
      client.socket.send(`client ${index}`, at.port, at.address);
      const [bytes, from] = (await once(client.socket, 'message')) as [Buffer, dgram.RemoteInfo];
      expect([from.address, from.port]).toEqual([at.address, at.port]);
      return bytes.toString();
    }));
    expect(answers.map((answer) => answer.slice(0, 8))).toEqual(['client 1', 'client 2', 'client 3']);
    // A socket of its own for each: the server sees three ports.
    expect(new Set(answers.map((answer) => answer.split(' to ')[1])).size).toBe(3);
    expect(facts('fault.applied')).toEqual([]);
  });

  it('does not take for an answer what the target did not send', async () => {
    let stranger: dgram.Socket | null = null;
    const server = await bound((_, from, socket) => {
      stranger?.send('forged', from.port, from.address, () => socket.send('true', from.port, from.address));
    });
    stranger = (await bound(() => undefined)).socket;
    const { at } = await udpRelay(server.at);
    const client = await bound(() => undefined);
    client.socket.send('?', at.port, at.address);
    const [bytes] = (await once(client.socket, 'message')) as [Buffer];
    expect(bytes.toString()).toBe('true');
  });
});

describe('faults', () => {
  it('loss: all at 100, none at 0, and about as many as asked between', async () => {
    expect((await hear({ loss: 100 }, 20)).heard).toEqual([]);
    await stopRelays();
    const { heard, under } = await hear({ loss: 30 }, 200);
    expect(heard.length).toBeGreaterThan(110);
    expect(heard.length).toBeLessThan(170);
    expect(under.faults().filter((fault) => fault.startsWith('loss 0 up'))).toHaveLength(200 - heard.length);
  });

  it('the same seed and the same traffic: the same ones', async () => {
    const runs: string[][] = [];
    for (const seed of [5, 5, 6]) {
      runs.push(texts((await hear({ loss: 20, duplicate: 20 }, 80, seed)).heard));
      await stopRelays();
    }
    expect(runs[0]).toEqual(runs[1]);
    expect(runs[0]).not.toEqual(runs[2]);
  });

  it('which ones are lost does not depend on the other faults', async () => {
    const only = texts((await hear({ loss: 25 }, 60, 9)).heard);
    await stopRelays();
    const more = texts((await hear({ loss: 25, duplicate: 50, jitter: 3 }, 60, 9)).heard);
    expect(new Set(more)).toEqual(new Set(only));
  });

  it('duplicate: each twice', async () => {
    const { heard } = await hear({ duplicate: 100 }, 5);
    expect(texts(heard)).toEqual(numbers(5).flatMap((text) => [text, text]));
  });

  it('corrupt: one bit differs, the length does not', async () => {
    const { heard, under } = await hear({ corrupt: 100 }, 10);
    heard.forEach((bytes, index) => {
      const sent = Buffer.from(`number ${index}`);
      expect(bytes.length).toBe(sent.length);
      const bits = bytes.reduce((sum, byte, at) => sum + (byte ^ (sent[at] ?? 0)).toString(2).replaceAll('0', '').length, 0);
      expect(bits).toBe(1);
    });
    expect(under.faults()).toHaveLength(10);
  });

  it('reorder: some overtake others, none is lost', async () => {
    const { heard, under } = await hear({ reorder: 30 }, 60);
    expect(texts(heard)).not.toEqual(numbers(60));
    expect(texts(heard).sort()).toEqual(numbers(60).sort());
    expect(under.faults().filter((fault) => fault.startsWith('reorder'))).not.toEqual([]);
  });

  it('reorder with nobody to overtake: it goes on after a while', async () => {
    const { heard, took } = await hear({ reorder: 100 }, 1);
    expect(texts(heard)).toEqual(['number 0']);
    expect(took).toBeGreaterThanOrEqual(49);
  });

  it('delay: late by what was asked, in order', async () => {
    const { heard, took, under } = await hear({ delay: 40 }, 30);
    expect(texts(heard)).toEqual(numbers(30));
    expect(took).toBeGreaterThanOrEqual(40);
    expect(new Set(under.faults())).toEqual(new Set(['delay 40 up 8', 'delay 40 up 9']));
  });

  it('holds a bounded number of bytes; what comes then is lost', async () => {
    const server = await bound(() => undefined);
    const { at, faults, facts } = await udpRelay(server.at, { delay: 60_000 });
    const client = await bound(() => undefined);
    const big = Buffer.alloc(60_000);
    for (let i = 1; i <= 20; i++) {
      client.socket.send(big, at.port, at.address);
      while (facts('datagram.received').length < i) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(faults().filter((fault) => fault.startsWith('delay'))).toHaveLength(17);
    expect(faults().filter((fault) => fault.startsWith('loss'))).toHaveLength(3);
  });

  it('a stopped run leaves no timer and no socket behind', async () => {
    const server = await bound(() => undefined);
    const { at, facts, stop } = await udpRelay(server.at, { delay: 60_000, reorder: 50 });
    const client = await bound(() => undefined);
    client.socket.send('x', at.port, at.address);
    while (facts('datagram.received').length < 1) await new Promise((resolve) => setTimeout(resolve, 5));
    await stop();
    expect(facts('socket.closed').length).toBe(facts('socket.opened').length);
  });
});
