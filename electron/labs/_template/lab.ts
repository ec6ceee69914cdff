// The smallest real lab: a server that greets whoever connects, a client that reads the greeting. Copy this folder to
// electron/labs/<id>/, change the id, and the lab is there: nothing else lists it. What runs belongs in electron/roles/.

import type { LabManifest } from '../../../shared/lab/manifest';
import { plainly } from '../../roles/errno';
import type { Lab, RoleContext } from '../../roles/lab';
import { perRun } from '../../roles/serverControl';
import { encode } from '../../roles/text';

const manifest: LabManifest = {
  id: 'template',
  group: 'template',
  order: 1,
  // What the user may change before a run.
  parameters: [{ type: 'text', id: 'greeting', maxLength: 100, value: 'hello' }],
  // On Linux and Windows each host has an address of its own in 127.0.0.0/8.
  hosts: [
    { id: 'client', address: '127.0.10.1' },
    { id: 'server', address: '127.0.20.1' },
  ],
  endpoints: [{ role: 'server', host: 'server', protocol: 'tcp', port: 7999 }],
  // What the user may do while the servers listen; the code is under `actions` below.
  actions: [{ id: 'again', arguments: [] }],
  // Each step is done when its matcher finds a fact in the trace. Kinds of facts: shared/trace/event.ts.
  steps: [
    { id: 'listen', match: { fact: 'socket.listened', role: 'server' } },
    { id: 'greet', match: { fact: 'bytes.received', role: 'client*' }, predict: 'bytes' },
  ],
  // The first option whose condition holds is right, whatever the parameters: let the trace judge.
  predictions: [
    {
      id: 'bytes',
      options: [
        { id: 'all', when: { compare: '=', left: { bytes: { fact: 'bytes.received', role: 'client*' } }, right: { bytes: { fact: 'bytes.sent', role: 'server' } } } },
        { id: 'fewer', when: { always: true } },
      ],
    },
  ],
  tryIt: [{ id: 'nc', endpoint: 'server', command: 'nc {address} {port}' }],
  stage: ['hosts', 'stack'],
  specifications: ['RFC 9293'],
};

/** A role is a program: it uses its host's network and knows nothing of being watched. */
async function greeter(role: RoleContext, port: number, greeting: string): Promise<void> {
  const listening = await role.host.net.listen({ port });
  role.listening({ protocol: 'tcp', ...listening.endpoint });
  for (;;) {
    const connected = await listening.accept();
    await connected.sendAll(encode(`${greeting}\n`));
    connected.close();
  }
}

/** What a lab remembers, it remembers per run. */
const stateOf = perRun(() => ({ clients: 0 }));

const lab: Lab = {
  manifest,

  /** Starts the servers; returns when they listen. */
  async serve(lab) {
    const { port } = lab.endpoint('server');
    const server = lab.role({ id: 'server', host: 'server', kind: 'server' }, plainly((role) => greeter(role, port, lab.text('greeting'))));
    await server.ready;
  },

  /** The script: returns when the clients are done. */
  async play(lab) {
    const program = plainly(async (role) => {
      const socket = await role.host.net.dial(lab.endpoint('server'));
      await socket.recv(1024);
      socket.close();
    });
    await lab.role({ id: `client-${++stateOf(lab).clients}`, host: 'client', kind: 'client' }, program).ended;
  },

  actions: { again: (context) => lab.play(context) },
};

export default lab;
