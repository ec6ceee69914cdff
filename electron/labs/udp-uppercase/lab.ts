// The UDP lab: the course's uppercase server and its clients; no server; a datagram that is too long; a buffer that is too short.

import { NO_UDP_FAULTS } from '../../../shared/lab/faults';
import { plainly } from '../../roles/errno';
import type { Lab, LabContext, RunningRole } from '../../roles/lab';
import { killServerAction, perRun, startServer } from '../../roles/serverControl';
import { encode } from '../../roles/text';
import { uppercaseClient } from '../../roles/udp/uppercaseClient';
import { uppercaseServer } from '../../roles/udp/uppercaseServer';
import { manifest } from './manifest';

/** One more than an IPv4 packet can carry: 65,535 less 20 of IPv4 and 8 of UDP header (RFC 791 3.1, RFC 768). */
const OVERSIZE = 65_508;

/** How long a client waits for an answer, in ms. */
const PATIENCE = 500;

const stateOf = perRun(() => ({ clients: 0 }));

function startUppercaseServer(lab: LabContext): Promise<RunningRole> {
  const { port } = lab.endpoint('server');
  return startServer(lab, 'server', plainly((role) => uppercaseServer(role, { port })));
}

function startClient(lab: LabContext, messages: readonly Uint8Array[]): RunningRole {
  const options = {
    server: lab.endpoint(lab.flag('relay') ? 'relay' : 'server'),
    messages,
    recvSize: lab.number('recv-size'),
    timeout: PATIENCE,
    connected: lab.text('socket') === 'connected',
  };
  const id = `client-${++stateOf(lab).clients}`;
  return lab.role({ id, host: 'client', kind: 'client' }, plainly((role) => uppercaseClient(role, options)));
}

/** What each client sends: the text, numbered when there are several. */
function messagesOf(lab: LabContext): Uint8Array[] {
  if (lab.flag('oversize')) return [new Uint8Array(OVERSIZE).fill(0x61)];
  const text = lab.text('text');
  const count = lab.number('datagrams');
  return Array.from({ length: count }, (_, index) => encode(count === 1 ? text : `${text} ${index + 1}`));
}

const lab: Lab = {
  manifest,

  async serve(lab) {
    if (lab.flag('relay')) await lab.udpRelay({ id: 'relay', target: lab.endpoint('server'), faults: NO_UDP_FAULTS, seed: 1 });
    if (lab.text('server') === 'runs') await startUppercaseServer(lab);
  },

  async play(lab) {
    const messages = messagesOf(lab);
    const clients = Array.from({ length: lab.number('clients') }, () => startClient(lab, messages));
    await Promise.all(clients.map((client) => client.ended));
  },

  actions: {
    send: async (lab, args) => void (await startClient(lab, [encode(String(args['text']))]).ended),
    'kill-server': killServerAction,
    'start-server': async (lab) => void (await startUppercaseServer(lab)),
  },
};

export default lab;
