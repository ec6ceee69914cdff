// The daytime lab: the course's time server and its clients; a second server on the port; no server at all.

import { plainly } from '../../roles/errno';
import type { Lab, LabContext, RunningRole } from '../../roles/lab';
import { killServerAction, perRun, startServer } from '../../roles/serverControl';
import { daytimeClient } from '../../roles/tcp/daytimeClient';
import { daytimeServer } from '../../roles/tcp/daytimeServer';
import { manifest } from './manifest';

/** Time between the starts of two clients, in ms. */
const BETWEEN_CLIENTS = 2;

const stateOf = perRun(() => ({ clients: 0 }));

function startDaytimeServer(lab: LabContext): Promise<RunningRole> {
  const { port } = lab.endpoint('server');
  return startServer(lab, 'server', plainly((role) => daytimeServer(role, { port })));
}

function startClient(lab: LabContext): RunningRole {
  const id = `client-${++stateOf(lab).clients}`;
  return lab.role({ id, host: 'client', kind: 'client' }, plainly((role) => daytimeClient(role, lab.endpoint('server'))));
}

const lab: Lab = {
  manifest,

  async serve(lab) {
    if (lab.text('server') !== 'none') await startDaytimeServer(lab);
    // The port is taken: this one ends with EADDRINUSE, the first one goes on.
    if (lab.text('server') === 'two') await (await startDaytimeServer(lab)).ended;
  },

  async play(lab) {
    const clients: RunningRole[] = [];
    while (clients.length < lab.number('clients')) {
      // With a queue of 2, a crowd that comes all at once is turned away and tries again after whole seconds.
      if (clients.length > 0) await lab.sleep(BETWEEN_CLIENTS);
      clients.push(startClient(lab));
    }
    await Promise.all(clients.map((client) => client.ended));
  },

  actions: {
    'ask-again': async (lab) => void (await startClient(lab).ended),
    'kill-server': killServerAction,
    'start-server': async (lab) => void (await startDaytimeServer(lab)),
  },
};

export default lab;
