// For tests of sharing: a lab with servers of all kinds, and an engine whose LAN is a network of 127.0.0.0/8 of the test's own, so that no
// test needs a real one. What the permits and the kernel say of real ones: permits.test.ts and tests/interop/share.test.ts.

import * as dgram from 'node:dgram';
import { once } from 'node:events';
import * as net from 'node:net';
import { onTestFinished } from 'vitest';
import type { LanPlace, ShareState } from '../../../shared/ipc/contract';
import type { Fact } from '../../../shared/trace/event';
import { TraceStore } from '../../../shared/trace/store';
import { NETWORK } from '../../labs/network.fixture';
import type { Lab, LabContext } from '../../roles/lab';
import { Changes } from '../changes.fixture';
import { Engine, type LabState } from '../engine';

const NET = `${NETWORK}240`;
/** The class: this machine, another one, and one that is not of it. */
export const HERE = `${NET}.5`;
export const THERE = `${NET}.6`;
export const ELSEWHERE = `${NETWORK}241.1`;
export const PLACE: LanPlace = { name: 'test0', address: HERE, prefix: 24, scope: 'private' };
const SERVER = `${NETWORK}242.1`;

/** 'server' echoes over TCP and UDP at 7007, 'peer-1' to 'peer-3' say their names at 6881. */
const lab: Lab = {
  manifest: {
    id: 'shared', group: 'sockets', order: 1, parameters: [], steps: [], predictions: [], tryIt: [], stage: ['hosts'], specifications: [],
    hosts: [{ id: 'server', address: SERVER }, { id: 'peer', address: `${NETWORK}242.10`, count: 5 }],
    endpoints: [{ role: 'server', host: 'server', protocol: 'tcp', port: 7007 }, { role: 'peer', host: 'peer', protocol: 'tcp', port: 6881 }],
    actions: [{ id: 'start-server', arguments: [] }, { id: 'stop-server', arguments: [] }, { id: 'start-peer', arguments: [{ type: 'integer', id: 'number', min: 1, max: 5, value: 1 }] }, { id: 'stop-peer', arguments: [{ type: 'integer', id: 'number', min: 1, max: 5, value: 1 }] }, { id: 'dial', arguments: [{ type: 'text', id: 'to', maxLength: 30, value: '' }] }],
  },
  serve: async (context) => {
    await server(context);
    for (const number of [1, 2, 3]) await peer(context, number);
  },
  play: () => Promise.resolve(),
  actions: {
    'start-server': (context) => server(context),
    'stop-server': async (context) => context.running(`server${starts === 1 ? '' : `-again-${starts}`}`)?.kill(),
    'start-peer': (context, args) => peer(context, Number(args['number'])),
    'stop-peer': async (context, args) => context.running(`peer-${String(args['number'])}`)?.kill(),
    dial: async (context, args) => {
      const [address = '', port = ''] = String(args['to']).split(':');
      const role = context.role({ id: `dialler-${++starts}`, host: 'server', kind: 'client' }, async ({ host }) => {
        (await host.net.dial({ address, port: Number(port) })).close();
      });
      await role.ended;
    },
  },
};
let starts = 0;

async function server(context: LabContext): Promise<void> {
  starts++;
  const role = context.role({ id: starts === 1 ? 'server' : `server-again-${starts}`, host: 'server', kind: 'server' }, async ({ host, listening, signal, doors, print }) => {
    const listener = await host.net.listen({ port: 7007 });
    const datagrams = await host.dgram.bind(7007);
    signal.addEventListener('abort', () => {
      listener.close();
      datagrams.close();
    });
    listening({ protocol: 'tcp', ...listener.endpoint });
    listening({ protocol: 'udp', address: host.address, port: 7007 });
    void (async () => {
      for (;;) {
        const { bytes, from } = await datagrams.recvFrom(2000);
        await datagrams.sendTo(bytes, from);
      }
    })().catch(() => undefined);
    for (;;) {
      const socket = await listener.accept();
      print(`from ${doors?.comesFrom('tcp', socket.remote)?.address ?? 'here'} by ${socket.remote.address}`);
      void (async () => {
        for (let bytes = await socket.recv(65_536); bytes.length > 0; bytes = await socket.recv(65_536)) await socket.sendAll(bytes);
        socket.close();
      })().catch(() => socket.close());
    }
  });
  await role.ready;
}

async function peer(context: LabContext, number: number): Promise<void> {
  const role = context.role({ id: `peer-${number}`, host: `peer-${number}`, kind: 'server' }, async ({ id, host, listening }) => {
    const listener = await host.net.listen({ port: 6881 });
    listening({ protocol: 'tcp', ...listener.endpoint });
    for (;;) {
      const socket = await listener.accept();
      await socket.sendAll(new TextEncoder().encode(id));
      socket.close();
    }
  });
  await role.ready;
}

export class SharedLab {
  readonly states: LabState[] = [];
  readonly shares: ShareState[] = [];
  /** What the system says of its addresses. */
  places: LanPlace[] = [PLACE];
  run = 0;
  private trace = new TraceStore();
  private readonly changes = new Changes();

  readonly engine = new Engine([{ lab, lessons: new Map() }], {
    onBatch: (_run, batch) => {
      this.trace.append(batch);
      this.changes.tell();
    },
    onState: (state) => {
      this.states.push(state);
      this.changes.tell();
    },
    onShare: (state) => {
      this.shares.push(state);
      this.changes.tell();
    },
  }, 1, () => this.places);

  static async open(): Promise<SharedLab> {
    starts = 0;
    const made = new SharedLab();
    await made.begin();
    return made;
  }

  async begin(): Promise<void> {
    starts = 0;
    this.states.length = 0;
    await this.engine.stop(this.run);
    this.trace = new TraceStore();
    this.run = (await this.engine.start('shared', {})).run;
    await this.until(() => this.states.at(-1)?.state === 'open');
  }

  get share(): ShareState['share'] {
    return this.shares.at(-1)?.share ?? null;
  }

  /** 'peer-1 6881', in the order of ports. */
  doors(): string[] {
    return (this.share?.doors ?? []).map(({ role, protocol, port }) => `${role} ${protocol} ${port}`).sort();
  }

  facts(kind: Fact['kind']): Fact[] {
    return Array.from({ length: this.trace.count }, (_, seq) => this.trace.at(seq)).filter((fact) => fact.kind === kind);
  }

  until(holds: () => boolean): Promise<void> {
    return this.changes.until(holds);
  }
}

/** What a client at `from` hears until the end of the stream, or the errno name. */
export async function ask(from: string, port: number, say = 'hello', address = HERE): Promise<string> {
  const socket = net.connect({ host: address, port, localAddress: from, allowHalfOpen: true });
  let heard = '';
  socket.setEncoding('utf8').on('data', (text: string) => (heard += text));
  socket.end(say);
  return new Promise((resolve) => {
    socket.once('end', () => resolve(heard));
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
  });
}

/** A connection that stays. */
export async function hold(from: string, port: number): Promise<net.Socket> {
  const socket = net.connect({ host: HERE, port, localAddress: from });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/**
 * The answer to a datagram; null: none came while `until` was awaited. The socket stays until the test is over: the kernel would give its port
 * to another one, one time in ten within a hundred, and who has the same port is the same client.
 */
export async function askUdp(from: string, port: number, until: Promise<unknown> | null = null): Promise<string | null> {
  const socket = dgram.createSocket('udp4');
  socket.on('error', () => undefined);
  onTestFinished(() => void socket.close());
  await new Promise<void>((resolve) => socket.bind({ address: from }, resolve));
  const answered = once(socket, 'message').then(([bytes]: unknown[]) => (bytes as Buffer).toString());
  socket.send('ping', port, HERE);
  return until === null ? answered : Promise.race([answered, until.then(() => null)]);
}
