// Doors open for what the user agreed to and nothing else, follow the servers behind them, and close with the share, the run and the address.
import { once } from 'node:events';
import * as net from 'node:net';
import { setTimeout as sleepFor } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ShareOffer } from '../../../shared/ipc/contract';
import { SHARE_LIMITS } from './limits';
import { ask, askUdp, ELSEWHERE, HERE, hold, PLACE, SharedLab, THERE } from './share.fixture';

const TCP: ShareOffer = { role: 'server', protocol: 'tcp', port: 8007 };
const UDP: ShareOffer = { role: 'server', protocol: 'udp', port: 8007 };
const PEERS: ShareOffer = { role: 'peer', protocol: 'tcp', port: 8881 };

let lab: SharedLab;
beforeEach(async () => {
  lab = await SharedLab.open();
});
afterEach(() => lab.engine.dispose());

const share = (...offers: ShareOffer[]) => lab.engine.share(lab.run, { address: HERE, public: false, offers });

/** A client that is let in at that port. Before, the end of the door would be RST: connect() is over before the door has called accept(). */
async function letIn(port: number): Promise<net.Socket> {
  const client = await hold(THERE, port);
  await lab.until(() => lab.share?.doors.some(({ now }) => now === 1) === true);
  return client;
}

describe('consent', () => {
  it('without it nothing is reachable; with it just what was named; after it nothing', async () => {
    expect(lab.shares).toEqual([]);
    expect(await ask(THERE, 8007)).toBe('ECONNREFUSED');
    await share(TCP);
    expect(await ask(THERE, 8007)).toBe('hello');
    expect(await ask(THERE, 8881)).toBe('ECONNREFUSED');
    await lab.engine.unshare(lab.run);
    expect(await ask(THERE, 8007)).toBe('ECONNREFUSED');
    expect(lab.shares.at(-1)).toMatchObject({ share: null, ended: 'stopped' });
  });

  it('is for the run that is shown, an address of this machine, and what listens', async () => {
    await expect(lab.engine.share(lab.run + 1, { address: HERE, public: false, offers: [TCP] })).rejects.toMatchObject({ code: 'RUN_UNKNOWN' });
    await expect(lab.engine.share(lab.run, { address: THERE, public: false, offers: [TCP] })).rejects.toMatchObject({ code: 'SHARE_ADDRESS' });
    await expect(share({ ...TCP, role: 'stranger' })).rejects.toMatchObject({ code: 'SHARE_NOTHING' });
    await expect(share(PEERS, { ...TCP, port: 8881 })).rejects.toMatchObject({ code: 'SHARE_PORTS' });
    await expect(share({ ...PEERS, port: 65_533 })).rejects.toMatchObject({ code: 'SHARE_PORTS' });
    lab.places = [{ ...PLACE, scope: 'public' }];
    await expect(share(TCP)).rejects.toMatchObject({ code: 'SHARE_PUBLIC' });
    expect(lab.share).toBeNull();
    await lab.engine.share(lab.run, { address: HERE, public: true, offers: [TCP] });
    await expect(share(UDP)).rejects.toMatchObject({ code: 'SHARE_STATE' });
    await lab.engine.stop(lab.run);
    await expect(share(TCP)).rejects.toMatchObject({ code: 'RUN_STATE' });
  });

  it('a port that another program has: the code, the place, and nothing is left open', async () => {
    const other = net.createServer().listen(8007, HERE);
    await once(other, 'listening');
    await expect(share(PEERS, TCP)).rejects.toMatchObject({ code: 'EADDRINUSE', where: `tcp ${HERE}:8007` });
    expect(await ask(THERE, 8881)).toBe('ECONNREFUSED');
    other.close();
    await once(other, 'close');
    await share(PEERS, TCP);
    expect(lab.doors()).toEqual(['peer-1 tcp 8881', 'peer-2 tcp 8882', 'peer-3 tcp 8883', 'server tcp 8007']);
  });

  it('of a family a taken port is passed over', async () => {
    const other = net.createServer().listen(8882, HERE);
    await once(other, 'listening');
    await share(PEERS, { ...TCP, port: 8883 });
    expect(lab.doors()).toEqual(['peer-1 tcp 8881', 'peer-2 tcp 8884', 'peer-3 tcp 8885', 'server tcp 8883']);
    expect(await Promise.all([8881, 8884, 8885].map((port) => ask(THERE, port, '')))).toEqual(['peer-1', 'peer-2', 'peer-3']);
    other.close();
  });
});

describe('a door', () => {
  it('passes bytes on equal to the byte, with the half-close, for many at once', async () => {
    await share(TCP);
    const texts = Array.from({ length: 40 }, (_, i) => `line ${i} `.repeat(2000 + i));
    expect(await Promise.all(texts.map((text) => ask(THERE, 8007, text)))).toEqual(texts);
  });

  it('and datagrams', async () => {
    await share(UDP);
    expect(await askUdp(THERE, 8007)).toBe('ping');
    expect(lab.shares.at(-1)?.share?.doors).toMatchObject([{ protocol: 'udp', refused: 0 }]);
  });

  it('is a relay of the trace on a host of the LAN; the lab sees loopback, and is told who it really is', async () => {
    await share(TCP);
    await ask(THERE, 8007);
    await lab.until(() => lab.facts('role.printed').length > 0);
    expect(lab.facts('role.printed').map(({ text }) => text)).toEqual([`from ${THERE} by 127.0.0.1`]);
    expect(lab.facts('host.added').map(({ text }) => text).at(-1)).toContain(HERE);
    expect(lab.facts('role.started').map(({ text }) => JSON.parse(text) as unknown).at(-1)).toEqual({ id: 'door-server', name: 'door-server', kind: 'relay' });
    expect(lab.facts('connection.accepted').map(({ remote }) => remote?.address)).toEqual([THERE, '127.0.0.1']);
    // The lab's endpoints are its own: the door is none of them.
    expect(lab.states.at(-1)?.endpoints.some(({ address }) => address === HERE)).toBe(false);
  });

  it('lets in its own network only', async () => {
    await share(TCP, UDP);
    expect(await ask(ELSEWHERE, 8007)).toBe('ECONNRESET');
    const other = lab.until(() => (lab.share?.doors ?? []).every(({ refused }) => refused === 1));
    expect(await askUdp(ELSEWHERE, 8007, other)).toBeNull();
    expect(lab.share?.doors).toMatchObject([{ total: 0, refused: 1 }, { total: 0, refused: 1 }]);
  });

  it('and no more than its bounds', async () => {
    await share(TCP);
    const held = await Promise.all(Array.from({ length: SHARE_LIMITS.perAddress }, () => hold(THERE, 8007)));
    await lab.until(() => lab.share?.doors[0]?.now === SHARE_LIMITS.perAddress);
    expect(await ask(THERE, 8007)).toBe('ECONNRESET');
    expect(await ask(HERE, 8007)).toBe('hello');
    held[0]?.destroy();
    await lab.until(() => lab.share?.doors[0]?.now === SHARE_LIMITS.perAddress - 1);
    expect(await ask(THERE, 8007)).toBe('hello');
    for (const socket of held) socket.destroy();
  });

  it('a client that asks again and again by datagrams is always heard', async () => {
    await share(UDP);
    for (let i = 0; i < SHARE_LIMITS.perAddress + 20; i++) expect(await askUdp(THERE, 8007)).toBe('ping');
    await lab.until(() => lab.share?.doors[0]?.total === SHARE_LIMITS.perAddress + 20);
    expect(lab.share?.doors).toMatchObject([{ now: SHARE_LIMITS.perAddress, refused: 0 }]);
  });

  it('opens for a member of the family that comes, closes for one that goes, at the same port when it is back', async () => {
    await share(PEERS);
    await lab.engine.act(lab.run, 'start-peer', { number: 5 });
    await lab.until(() => lab.doors().includes('peer-5 tcp 8884'));
    await lab.engine.act(lab.run, 'stop-peer', { number: 1 });
    await lab.until(() => lab.doors().length === 3);
    expect(await ask(THERE, 8881)).toBe('ECONNREFUSED');
    expect(await ask(THERE, 8884, '')).toBe('peer-5');
  });
});

describe('the end', () => {
  it('of the run: every connection is closed, every port free', async () => {
    await share(TCP, UDP, PEERS);
    const client = await letIn(8007);
    const closed = once(client, 'close');
    await lab.engine.stop(lab.run);
    await closed;
    expect(await ask(THERE, 8007)).toBe('ECONNREFUSED');
    expect(lab.shares.at(-1)).toMatchObject({ share: null, ended: 'run-over' });
    // A door is closed in order, and has not crashed.
    await lab.until(() => lab.facts('role.ended').length > 0);
    expect(lab.facts('role.ended').every(({ text }) => text === 'done')).toBe(true);
  });

  it('another run does not inherit it', async () => {
    await share(TCP);
    await lab.begin();
    expect(lab.share).toBeNull();
    expect(await ask(THERE, 8007)).toBe('ECONNREFUSED');
  });

  it('the engine is disposed of', async () => {
    await share(TCP);
    await lab.engine.dispose();
    expect(await ask(THERE, 8007)).toBe('ECONNREFUSED');
  });

  it('the address goes: it is noticed, and said', async () => {
    await share(TCP);
    const client = await letIn(8007);
    const closed = once(client, 'close');
    lab.places = [];
    await lab.until(() => lab.shares.at(-1)?.ended === 'address-gone');
    await closed;
    expect(await ask(THERE, 8007)).toBe('ECONNREFUSED');
  });

  it('once stopped, it can be shared again', async () => {
    await share(TCP);
    await lab.engine.unshare(lab.run);
    await lab.engine.unshare(lab.run);
    await share(TCP);
    expect(await ask(THERE, 8007)).toBe('hello');
    expect(lab.shares.at(-1)?.ended).toBeNull();
  });
});

describe('joining', () => {
  const join = (address: string, port: number) => lab.engine.join(lab.run, { role: 'server', protocol: 'tcp', address, port });

  async function teacher(): Promise<net.Server> {
    const server = net.createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end(`the teacher's, to ${socket.remoteAddress}`);
    }).listen(9007, THERE);
    await once(server, 'listening');
    return server;
  }

  it('puts the server of another machine in the place of our own, from this machine\'s address', async () => {
    const server = await teacher();
    const own = lab.states.at(-1)?.endpoints.find(({ role, protocol }) => role === 'server' && protocol === 'tcp');
    const { joined } = await join(THERE, 9007);
    expect(joined).toMatchObject([{ role: 'server', inside: { address: own?.address, port: 7007 }, address: THERE, port: 9007 }]);
    expect(lab.states.at(-1)?.endpoints).toContainEqual(own);
    expect(await ask('127.0.0.1', 7007, '', own?.address)).toBe(`the teacher's, to ${HERE}`);
    // What is another's is not ours to share.
    await expect(share(TCP)).rejects.toMatchObject({ code: 'SHARE_NOTHING' });
    await lab.engine.leave(lab.run);
    expect(lab.shares.at(-1)).toMatchObject({ joined: [], ended: 'stopped' });
    expect(await ask('127.0.0.1', 7007, '', own?.address)).toBe('ECONNREFUSED');
    server.close();
  });

  it('goes nowhere but to machines of the networks that we are in, and not to ourselves', async () => {
    await expect(join(ELSEWHERE, 9007)).rejects.toMatchObject({ code: 'SHARE_ADDRESS' });
    await expect(join(HERE, 9007)).rejects.toMatchObject({ code: 'SHARE_OWN' });
    await expect(join(THERE.replace(/\d+$/, '255'), 9007)).rejects.toMatchObject({ code: 'SHARE_ADDRESS' });
    await expect(join(THERE.replace(/\d+$/, '0'), 9007)).rejects.toMatchObject({ code: 'SHARE_ADDRESS' });
  });

  it('nobody there: the client is reset, as by a server that refuses', async () => {
    const { joined } = await join(THERE, 9008);
    expect(await ask('127.0.0.1', 7007, 'x', joined[0]?.inside.address)).toBe('ECONNRESET');
  });

  it('ends with the run', async () => {
    const { joined } = await join(THERE, 9008);
    await lab.engine.stop(lab.run);
    expect(lab.shares.at(-1)).toMatchObject({ joined: [], ended: 'run-over' });
    await sleepFor(0);
    expect(await ask('127.0.0.1', 7007, 'x', joined[0]?.inside.address)).toBe('ECONNREFUSED');
  });
});
