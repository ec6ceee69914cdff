// The HTTP messages lab: one site, served by HTTP/1.1 and by HTTP/2 side by side, and a client that asks it in either.

import { plainly } from '../../roles/errno';
import { createAsker } from '../../roles/http/asker';
import { httpServer } from '../../roles/http/httpServer';
import { OpenConnections } from '../../roles/http/openConnections';
import type { Lab, LabContext, RunningRole } from '../../roles/lab';
import { perRun } from '../../roles/serverControl';
import { manifest } from './manifest';
import { SCRIPTS } from './scripts';
import { messagesHandler } from './site';

/** The course's site; the servers answer to any name. */
const AUTHORITY = 'site.loc';

const stateOf = perRun(() => ({ clients: 0, connections: new OpenConnections() }));

function startClient(lab: LabContext, shows: string, version: string): RunningRole {
  const script = SCRIPTS.get(shows);
  const second = version === 'http2';
  return lab.role(
    { id: `client-${++stateOf(lab).clients}`, host: 'client', kind: 'client' },
    plainly(async (role) => {
      stateOf(lab).connections.of(role.host.address);
      const asker = createAsker(role, lab.endpoint(second ? 'server-h2' : 'server'), second ? '2' : '1.1', AUTHORITY);
      try {
        await script?.({ role, asker, follow: lab.flag('follow') });
      } finally {
        await asker.close();
      }
    }),
  );
}

const lab: Lab = {
  manifest,

  async serve(lab) {
    const { connections } = stateOf(lab);
    const start = (id: 'server' | 'server-h2', version: '1.1' | '2'): Promise<boolean> =>
      lab.role({ id, host: 'server', kind: 'server' }, plainly((role) => httpServer(role, { port: lab.endpoint(id).port, handler: messagesHandler, version, connections }))).ready;
    await Promise.all([start('server', '1.1'), start('server-h2', '2')]);
  },

  async play(lab) {
    await startClient(lab, lab.text('shows'), lab.text('version')).ended;
    await stateOf(lab).connections.idle(lab.signal);
  },

  actions: {
    show: async (lab, args) => void (await startClient(lab, String(args['shows']), String(args['version'])).ended),
  },
};

export default lab;
