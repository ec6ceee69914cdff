// The smallest real lab: a server that greets whoever connects, a client that reads the greeting. Copy this folder to
// electron/labs/<id>/, change the id in manifest.ts, and the lab is there: nothing else lists it. What runs belongs in electron/roles/.

import { plainly } from '../../roles/errno';
import type { Lab, RoleContext } from '../../roles/lab';
import { perRun } from '../../roles/serverControl';
import { encode } from '../../roles/text';
import { manifest } from './manifest';

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

  actions: { again: async (context) => void (await lab.play(context)) },
};

export default lab;
