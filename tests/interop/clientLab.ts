// A lab of one client whose server is somebody else's program.

import type { Lab, RoleContext } from '../../electron/roles/lab';
import type { Endpoint } from '../../shared/trace/event';

/** Plays `program` as the role 'client' on 127.0.10.1. `server` is where the foreign program listens. */
export const labWith = (server: Endpoint, program: (role: RoleContext) => Promise<void>): Lab => ({
  manifest: {
    id: 'foreign-server', group: 'sockets', order: 1, parameters: [], actions: [], steps: [], predictions: [], tryIt: [], stage: ['hosts'],
    specifications: [`server at port ${server.port}`],
    hosts: [{ id: 'client', address: '127.0.10.1' }],
    endpoints: [],
  },
  serve: () => Promise.resolve(),
  async play(lab) {
    await lab.role({ id: 'client', host: 'client', kind: 'client' }, program).ended;
  },
});
