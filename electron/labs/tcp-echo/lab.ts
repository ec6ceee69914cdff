// The echo lab: one echo server, clients of six kinds. Plain roles from electron/roles/tcp, joined; the data is in manifest.ts.

import { never } from '../../../shared/base/assert';
import { plainly } from '../../roles/errno';
import type { Lab, LabContext, RoleContext, RunningRole } from '../../roles/lab';
import { ActionError, killServer, killServerAction, perRun, startServer } from '../../roles/serverControl';
import { HandClient } from '../../roles/tcp/echoClients/byHand';
import { closesEarly } from '../../roles/tcp/echoClients/closesEarly';
import type { EchoClient } from '../../roles/tcp/echoClients/echoClient';
import { halfCloses } from '../../roles/tcp/echoClients/halfCloses';
import { lineByLine } from '../../roles/tcp/echoClients/lineByLine';
import { multiplexed } from '../../roles/tcp/echoClients/multiplexed';
import { twoThreads } from '../../roles/tcp/echoClients/twoThreads';
import { echoServer, type EchoObserver } from '../../roles/tcp/echoServer';
import { messages } from '../../roles/tcp/message';
import { manifest } from './manifest';

/** With server = killed: the server dies right after this many recv(), whoever sent. */
const READS_BEFORE_KILL = 2;

type ClientKind = 'closes-early' | 'half-closes' | 'line-by-line' | 'two-threads' | 'multiplexed';

function echoClient(kind: ClientKind): EchoClient {
  switch (kind) {
    case 'closes-early':
      return closesEarly;
    case 'half-closes':
      return halfCloses;
    case 'line-by-line':
      return lineByLine;
    case 'two-threads':
      return twoThreads;
    case 'multiplexed':
      return multiplexed;
    default:
      return never(kind);
  }
}

const stateOf = perRun(() => ({
  clients: 0,
  hands: [] as HandClient[],
  /** Address of the lab's own clients: others may come too, and the script does not wait for them. */
  ours: '',
  /** Our clients that the server has accepted and not yet closed. */
  serving: 0,
  onServed: (): void => undefined,
}));

function startEchoServer(lab: LabContext, read?: () => void): Promise<RunningRole> {
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
  const options = { port, readSize: lab.number('read-size'), delay: lab.number('delay'), observer };
  return startServer(lab, 'server', plainly((role) => echoServer(role, options)));
}

function startClient(lab: LabContext, program: (role: RoleContext) => Promise<void>): RunningRole {
  const state = stateOf(lab);
  const id = `client-${++state.clients}`;
  const start = plainly((role) => {
    state.ours = role.host.address;
    return program(role);
  });
  return lab.role({ id, host: 'client', kind: 'client' }, start);
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
  startClient(lab, (role) => hand.run(role, lab.endpoint('server')));
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
    const lines = messages(lab.number('lines'));
    const program = echoClient(kind as ClientKind);
    const clients = Array.from({ length: count }, () => startClient(lab, (role) => program(role, { server: lab.endpoint('server'), lines })));
    await Promise.all(clients.map((client) => client.ended));
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
