// The daytime lab: the course's time server and its clients; a second server on the port; no server at all.

import { plainly } from '../../roles/errno';
import type { Lab, LabContext, RunningRole } from '../../roles/lab';
import { killServerAction, perRun, startServer } from '../../roles/serverControl';
import { daytimeClient } from '../../roles/tcp/daytimeClient';
import { daytimeServer } from '../../roles/tcp/daytimeServer';
import { manifest } from './manifest';

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
    const clients = Array.from({ length: lab.number('clients') }, () => startClient(lab));
    await Promise.all(clients.map((client) => client.ended));
  },

  actions: {
    'ask-again': async (lab) => void (await startClient(lab).ended),
    'kill-server': killServerAction,
    'start-server': async (lab) => void (await startDaytimeServer(lab)),
  },
};

export default lab;
