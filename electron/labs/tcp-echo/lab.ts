// The echo lab: one echo server, clients of eight kinds, a relay between them when asked for. Plain roles from electron/roles/tcp, joined; the data is in manifest.ts.

import { never } from '../../../shared/base/assert';
import { NO_TCP_FAULTS } from '../../../shared/lab/faults';
import type { Endpoint } from '../../../shared/trace/event';
import { descriptorLimit } from '../../roles/descriptorLimit';
import { plainly } from '../../roles/errno';
import { Gate } from '../../roles/gate';
import type { Lab, LabContext, RoleContext, RunningRole } from '../../roles/lab';
import { ActionError, killServer, killServerAction, perRun, startServer } from '../../roles/serverControl';
import { HandClient } from '../../roles/tcp/echoClients/byHand';
import { clientClass } from '../../roles/tcp/echoClients/clientClass';
import { closesEarly } from '../../roles/tcp/echoClients/closesEarly';
import type { EchoClient } from '../../roles/tcp/echoClients/echoClient';
import { flushTrap } from '../../roles/tcp/echoClients/flushTrap';
import { halfCloses } from '../../roles/tcp/echoClients/halfCloses';
import { lineByLine } from '../../roles/tcp/echoClients/lineByLine';
import { multiplexed } from '../../roles/tcp/echoClients/multiplexed';
import { twoThreads } from '../../roles/tcp/echoClients/twoThreads';
import { echoServer, type EchoObserver } from '../../roles/tcp/echoServer';
import { messages } from '../../roles/tcp/message';
import { FILES, manifest, type ClientKind } from './manifest';

/** With server = killed: the server dies right after this many recv(), whoever sent. */
const READS_BEFORE_KILL = 2;


function echoClient(kind: ClientKind): EchoClient {
  switch (kind) {
    case 'closes-early':
      return closesEarly;
    case 'half-closes':
      return halfCloses;
    case 'line-by-line':
      return lineByLine;
    case 'flush-trap':
      return flushTrap;
    case 'two-threads':
      return twoThreads;
    case 'multiplexed':
      return multiplexed;
    case 'class':
      return clientClass;
    default:
      return never(kind);
  }
}

/** So many clients connect at a time, and up to so many each go on as soon as they are connected. */
const WAVE = 250;
const TOGETHER = 50;
/** With more clients the server is a process of its own. */
const CROWD = 1000;
/** Descriptors of this process for anything but clients' sockets. */
const RESERVE = 64;

const stateOf = perRun(() => ({
  clients: 0,
  hands: [] as HandClient[],
  /** Address of the lab's own clients: others may come too, and the script does not wait for them. */
  ours: '',
  /** Our clients that the server has accepted and not yet closed. */
  serving: 0,
  onServed: (): void => undefined,
}));

async function startEchoServer(lab: LabContext, read?: () => void): Promise<RunningRole> {
  const { port } = lab.endpoint('server');
  const state = stateOf(lab);
  const observer: EchoObserver = {
    accepted: (client) => void (client.address === state.ours && state.serving++),
    served: (client) => {
      if (client.address === state.ours) state.serving--;
      state.onServed();
    },
    ...(read && { read }),
  };
  const options = { port, readSize: lab.number('read-size'), delay: lab.number('delay') };
  if (isCrowd(lab)) {
    // Each connection takes a descriptor at both ends: the server has those of a process of its own.
    const server = lab.process({ id: 'server', host: 'server', kind: 'server' }, 'lifeEcho', options);
    await server.ready;
    return server;
  }
  return startServer(lab, 'server', plainly((role) => echoServer(role, { ...options, observer })));
}

function startClient(lab: LabContext, program: (role: RoleContext) => Promise<void>): RunningRole {
  const state = stateOf(lab);
  const id = `client-${++state.clients}`;
  const start = plainly((role) => {
    // The server sees who connects to it: behind a relay, the relay.
    state.ours = lab.flag('relay') ? lab.endpoint('relay').address : role.host.address;
    return program(role);
  });
  return lab.role({ id, host: 'client', kind: 'client' }, start);
}

const isCrowd = (lab: LabContext): boolean => lab.number('clients') > CROWD && lab.text('client') !== 'by-hand';

/** The clients' ends must fit into this process: nobody is helped by a run that fails in its middle. */
function checkRoom(count: number): void {
  const limit = descriptorLimit();
  const needed = count + RESERVE;
  if (needed <= limit) return;
  throw Object.assign(new Error(`${count} clients need ${needed} descriptors, this process may have ${limit}: raise the limit (ulimit -n ${needed}) or take fewer clients`), { code: 'EMFILE' });
}

/** Where clients go to. */
const front = (lab: LabContext): Endpoint => lab.endpoint(lab.flag('relay') ? 'relay' : 'server');

/** Starts so many clients, a wave at a time; once all are connected, or have failed to, they go on. Resolves when the last has ended. */
async function runClients(lab: LabContext, kind: ClientKind, count: number): Promise<void> {
  const program = echoClient(kind);
  const lines = messages(lab.number('lines'));
  const gate = new Gate(count);
  const options = { server: front(lab), lines, timeout: lab.number('timeout') };
  const ends: Promise<unknown>[] = [];
  for (let started = 0; started < count && !lab.signal.aborted; ) {
    const wave: Promise<void>[] = [];
    for (; wave.length < WAVE && started < count; started++) {
      const arrival = gate.arrival();
      wave.push(arrival.there);
      const connected = count > TOGETHER ? { connected: () => arrival.wait() } : {};
      ends.push(startClient(lab, (role) => {
        role.note({ topic: 'program.runs', name: FILES[kind] });
        return program(role, { ...options, ...connected });
      }).ended.then(() => arrival.gone()));
    }
    if (count > TOGETHER) await Promise.all(wave);
  }
  await Promise.all(ends);
}

/** The clients are gone. The story ends when the server has learnt it, one way or the other. */
async function untilServed(lab: LabContext): Promise<void> {
  const state = stateOf(lab);
  while (state.serving > 0) await new Promise<void>((resolve) => (state.onServed = resolve));
}

/** Starts a client by hand; resolves when its connect() has returned or failed. */
async function startHandClient(lab: LabContext): Promise<void> {
  const hand = new HandClient();
  stateOf(lab).hands.push(hand);
  startClient(lab, (role) => hand.run(role, front(lab)));
  await hand.connected;
}

/** The open client by hand that was started last. */
function openHand(lab: LabContext): HandClient {
  const hand = stateOf(lab).hands.findLast((one) => one.open);
  if (hand === undefined) throw new ActionError('NO_CLIENT', 'no client is open: connect one first');
  return hand;
}

const lab: Lab = {
  manifest,

  async serve(lab) {
    const server = lab.text('server');
    if (lab.flag('relay')) await lab.tcpRelay({ id: 'relay', target: lab.endpoint('server'), faults: NO_TCP_FAULTS, seed: 1 });
    if (server === 'absent') return;
    let reads = 0;
    await startEchoServer(lab, () => {
      if (server === 'killed' && ++reads === READS_BEFORE_KILL) killServer(lab);
    });
  },

  async play(lab) {
    const count = lab.number('clients');
    const kind = lab.text('client');
    if (kind === 'by-hand') {
      await Promise.all(Array.from({ length: count }, () => startHandClient(lab)));
      return;
    }
    if (isCrowd(lab)) checkRoom(count);
    await runClients(lab, kind as ClientKind, count);
    await untilServed(lab);
  },

  actions: {
    connect: startHandClient,
    'send-line': (lab, args) => openHand(lab).sendLine(String(args['text'])),
    'shutdown-wr': (lab) => openHand(lab).shutdownWrite(),
    close: async (lab) => openHand(lab).close(),
    'kill-server': killServerAction,
    'start-server': async (lab) => void (await startEchoServer(lab)),
  },
};

export default lab;
