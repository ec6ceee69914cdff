// Relays by the user's hand: what the engine's requests change, what they refuse, what the trace and the state say of it.
import * as dgram from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import type { RelayStarts } from '../../../shared/ipc/contract';
import { NO_TCP_FAULTS, NO_UDP_FAULTS } from '../../../shared/lab/faults';
import type { Lab } from '../../roles/lab';
import { observe, type Observed } from '../lab.fixture';
import { ADDRESS } from './relay.fixture';
import { closeAll, connect, echo, read } from './tcp.fixture';

const TCP = { address: ADDRESS, port: 7301 };
const UDP = { address: ADDRESS, port: 7302 };
let observed: Observed | null = null;
const sockets: dgram.Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.close();
  await observed?.engine.dispose();
  await closeAll();
});

async function start(target: number, relays: RelayStarts = {}): Promise<{ readonly it: Observed; readonly run: number }> {
  const lab: Lab = {
    manifest: {
      id: 'two', group: 'sockets', order: 1, parameters: [], steps: [], predictions: [], tryIt: [], stage: ['hosts'], specifications: [], actions: [],
      hosts: [{ id: 'wire', address: ADDRESS }],
      endpoints: [{ role: 'stream', host: 'wire', protocol: 'tcp', port: TCP.port, relay: true }, { role: 'datagrams', host: 'wire', protocol: 'udp', port: UDP.port, relay: true }],
    },
    serve: async (context) => {
      const spec = { target: { address: ADDRESS, port: target }, seed: 1 };
      await context.tcpRelay({ ...spec, id: 'stream', faults: { ...NO_TCP_FAULTS, jitter: 1 } });
      await context.udpRelay({ ...spec, id: 'datagrams', faults: NO_UDP_FAULTS });
    },
    play: () => Promise.resolve(),
  };
  const it = observe([lab]);
  observed = it;
  const { run } = await it.engine.start('two', {}, { relays });
  await it.until((state) => state.state === 'open');
  return { it, run };
}

const taken = (it: Observed): unknown[] => it.facts().filter((fact) => fact.kind === 'action.taken').map((fact) => JSON.parse(fact.text) as unknown);

async function bound(): Promise<dgram.Socket> {
  const socket = dgram.createSocket('udp4');
  sockets.push(socket);
  socket.bind(0, ADDRESS);
  await once(socket, 'listening');
  return socket;
}

describe('the state says which relays run', () => {
  it('with what each does now, and nothing once the run is over', async () => {
    const { it: run, run: id } = await start(9);
    expect(run.states.at(-1)?.relays).toEqual([
      { id: 'stream', protocol: 'tcp', seed: 1, faults: { ...NO_TCP_FAULTS, jitter: 1 } },
      { id: 'datagrams', protocol: 'udp', seed: 1, faults: NO_UDP_FAULTS },
    ]);
    run.engine.setRelay({ run: id, relay: 'stream', faults: { delay: 12.5, stalled: true } });
    expect(run.states.at(-1)?.relays[0]?.faults).toEqual({ ...NO_TCP_FAULTS, jitter: 1, delay: 12.5, stalled: true });
    await run.engine.stop(id);
    expect(run.states.at(-1)).toMatchObject({ state: 'stopped', relays: [] });
  });
});

describe('setting', () => {
  it('changes what passes from now on, and is in the trace', async () => {
    const target = await echo();
    const { it: run, run: id } = await start(target.port);
    run.engine.setRelay({ run: id, relay: 'stream', faults: { cutAfter: 3 } });
    const client = connect(TCP);
    client.write('12345');
    expect((await read(client)).bytes.toString()).toBe('123');
    expect(taken(run)).toEqual([{ action: 'relay', args: { relay: 'stream', cutAfter: 3 } }]);
  });

  it.each([
    [{ relay: 'stream', faults: { delay: -1 } }, 'FAULT_INVALID', 'delay is a number from 0 to 60000 (ms)'],
    [{ relay: 'stream', faults: { bandwidth: 0.5 } }, 'FAULT_INVALID', 'bandwidth is a whole number'],
    [{ relay: 'stream', faults: { stalled: 1 } }, 'FAULT_INVALID', 'stalled is true or false'],
    [{ relay: 'stream', faults: { loss: 5 } }, 'FAULT_INVALID', 'a tcp relay has no fault "loss"'],
    [{ relay: 'datagrams', faults: { loss: 101 } }, 'FAULT_INVALID', 'loss is a number from 0 to 100 (%)'],
    [{ relay: 'datagrams', faults: { constructor: 1 } }, 'FAULT_INVALID', 'has no fault "constructor"'],
    [{ relay: 'air', faults: {} }, 'RELAY_UNKNOWN', 'there are: stream, datagrams'],
  ])('refuses %o', async (given, code, message) => {
    const { it: run, run: id } = await start(9);
    expect(() => run.engine.setRelay({ run: id, ...given })).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) as string }));
    expect(taken(run)).toEqual([]);
    expect(run.states.at(-1)?.relays[0]?.faults).toEqual({ ...NO_TCP_FAULTS, jitter: 1 });
  });

  it('is for the run that runs', async () => {
    const { it: run, run: id } = await start(9);
    expect(() => run.engine.setRelay({ run: id + 1, relay: 'stream', faults: {} })).toThrow(expect.objectContaining({ code: 'RUN_UNKNOWN' }));
    await run.engine.stop(id);
    expect(() => run.engine.setRelay({ run: id, relay: 'stream', faults: {} })).toThrow(expect.objectContaining({ code: 'RUN_STATE' }));
  });
});

describe('cutting', () => {
  it.each([['cut', 'end'], ['reset', 'ECONNRESET']] as const)('%s ends what passes now: the client sees %s', async (how, end) => {
    const { it: run, run: id } = await start((await echo()).port);
    const client = connect(TCP);
    client.write('x');
    await once(client, 'data');
    const ended = read(client);
    run.engine.cutRelay({ run: id, relay: 'stream', how });
    expect((await ended).end).toBe(end);
    expect(taken(run)).toEqual([{ action: 'relay', args: { relay: 'stream', now: how } }]);
  });

  it('has nothing to end in a relay of datagrams', async () => {
    const { it: run, run: id } = await start(9);
    expect(() => run.engine.cutRelay({ run: id, relay: 'datagrams', how: 'cut' })).toThrow(expect.objectContaining({ code: 'FAULT_INVALID' }));
  });
});

describe('a run begins with what the user asked for', () => {
  it('in place of what the lab says, told by the trace before anything passes', async () => {
    const { it: run } = await start(9, { datagrams: { seed: 7, faults: { loss: 40 } } });
    expect(run.states.at(-1)?.relays[1]).toEqual({ id: 'datagrams', protocol: 'udp', seed: 7, faults: { ...NO_UDP_FAULTS, loss: 40 } });
    expect(run.states.at(-1)?.relays[0]?.faults).toEqual({ ...NO_TCP_FAULTS, jitter: 1 });
    expect(taken(run)).toEqual([{ action: 'relay', args: { relay: 'datagrams', seed: 7, loss: 40 } }]);
  });

  it('refuses what cannot be, and what runs goes on', async () => {
    const { it: run } = await start(9);
    await expect(run.engine.start('two', {}, { relays: { air: { faults: {} } } })).rejects.toMatchObject({ code: 'RELAY_UNKNOWN', where: 'two' });
    await expect(run.engine.start('two', {}, { relays: { stream: { faults: { loss: 1 } } } })).rejects.toMatchObject({ code: 'FAULT_INVALID', where: 'stream' });
    await expect(run.engine.start('two', {}, { relays: { stream: { seed: 0.5, faults: {} } } })).rejects.toMatchObject({ code: 'FAULT_INVALID' });
    expect(run.states.at(-1)).toMatchObject({ run: 1, state: 'open' });
  });

  it('with the same seed and the same traffic the same datagrams are hit; with another seed others', async () => {
    const hit = async (seed: number): Promise<string[]> => {
      const server = await bound();
      const { it: run, run: id } = await start(server.address().port, { datagrams: { seed, faults: { loss: 30, corrupt: 20, duplicate: 10 } } });
      const client = await bound();
      const received = (): number => run.facts().filter((fact) => fact.kind === 'datagram.received').length;
      for (let i = 0; i < 60; i++) await new Promise((resolve) => client.send(`number ${i}`.padEnd(20, '.'), UDP.port, UDP.address, resolve));
      while (received() < 60) {
        await new Promise((resolve) => setTimeout(resolve, 10));
        // Hands on what waits to be recorded.
        run.engine.setRelay({ run: id, relay: 'stream', faults: {} });
      }
      const faults = run.facts().flatMap((fact) => (fact.kind === 'datagram.received' ? ['|'] : fact.kind === 'fault.applied' ? [fact.text] : []));
      await run.engine.dispose();
      return faults;
    };
    const [first, again, other] = [await hit(7), await hit(7), await hit(8)];
    expect(first.filter((text) => text === 'loss').length).toBeGreaterThan(5);
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });
});
