// The lab of socket families: one exchange over AF_INET, AF_INET6 and AF_UNIX, as a stream and as datagrams, and what a descriptor is.
// The programs are electron/roles/families; a family that this system does not have ends with the system's error in the trace.

import { never } from '../../../shared/base/assert';
import { datagram6Client, datagram6Server, datagramClient, datagramServer } from '../../roles/families/datagrams';
import { descriptors } from '../../roles/families/descriptors';
import { lineClient, lineServer } from '../../roles/families/exchange';
import { errnoOf, plainly } from '../../roles/errno';
import type { ListeningSocket } from '../../roles/host';
import type { Lab, LabContext, RoleContext, RunningRole } from '../../roles/lab';
import { perRun } from '../../roles/serverControl';
import type { Endpoint } from '../../../shared/trace/event';
import { manifest } from './manifest';

const KINDS = ['inet', 'inet-dgram', 'inet6', 'inet6-dgram', 'unix'] as const;
type Kind = (typeof KINDS)[number];

/** The path of the AF_UNIX server; its last part is in the manifest's commands too. */
const SOCKET_NAME = 'families.sock';

const stateOf = perRun(() => ({
  /** Where each kind is reached; those that are not there could not be had. */
  at: new Map<Kind, Endpoint>(),
  started: new Map<string, number>(),
}));

/** 'client-unix', then 'client-unix-2'. */
function numbered(lab: LabContext, name: string): string {
  const { started } = stateOf(lab);
  const count = (started.get(name) ?? 0) + 1;
  started.set(name, count);
  return count === 1 ? name : `${name}-${count}`;
}

const wanted = (lab: LabContext): readonly Kind[] => {
  const family = lab.text('family');
  return family === 'all' ? KINDS : KINDS.filter((kind) => kind === family || kind === `${family}-dgram`);
};

/** bind() to ::1 at the lab's port; where somebody has that already (::1 is one address for the whole machine), at a free one. */
async function listen6(role: RoleContext, port: number): Promise<ListeningSocket> {
  try {
    return await role.host.net.listen({ port, address: '::1' });
  } catch (error) {
    if (errnoOf(error) !== 'EADDRINUSE') throw error;
    return role.host.net.listen({ port: 0, address: '::1' });
  }
}

function server(lab: LabContext, kind: Kind, here: (at: Endpoint) => void): (role: RoleContext) => Promise<void> {
  const stream = async (role: RoleContext, listening: ListeningSocket): Promise<void> => {
    if (kind !== 'unix') role.listening({ protocol: 'tcp', ...listening.endpoint });
    here(listening.endpoint);
    await lineServer(role, listening);
  };
  switch (kind) {
    case 'inet': return async (role) => stream(role, await role.host.net.listen({ port: lab.endpoint('server-inet').port }));
    case 'inet6': return async (role) => stream(role, await listen6(role, lab.endpoint('server-inet6').port));
    case 'unix':
      return async (role) => {
        const path = role.host.unix.path(SOCKET_NAME);
        const listening = await role.host.unix.listen(path);
        role.print(`listening at ${path}: a file of type socket`);
        await stream(role, listening);
      };
    case 'inet-dgram':
      return async (role) => datagramServer({ ...role, listening: (at) => (role.listening(at), here(at)) }, lab.endpoint('server-inet-dgram').port);
    case 'inet6-dgram':
      return async (role) => datagram6Server({ ...role, listening: (at) => (role.listening(at), here(at)) }, lab.endpoint('server-inet6-dgram').port);
    default: return never(kind);
  }
}

/** Resolves when it listens, or has failed to. */
function startServer(lab: LabContext, kind: Kind): Promise<void> {
  return new Promise((resolve) => {
    const program = server(lab, kind, (at) => {
      stateOf(lab).at.set(kind, at);
      resolve();
    });
    const role = lab.role({ id: numbered(lab, `server-${kind}`), host: 'server', kind: 'server' }, plainly(program));
    void role.ended.then(() => resolve());
  });
}

async function client(role: RoleContext, kind: Kind, at: Endpoint, line: string, exchanges: number): Promise<void> {
  switch (kind) {
    case 'inet': case 'inet6': return lineClient(role, await role.host.net.dial(at), line, exchanges);
    case 'inet-dgram': return datagramClient(role, at, line, exchanges);
    case 'inet6-dgram': return datagram6Client(role, at, line, exchanges);
    case 'unix':
      await lineClient(role, await role.host.unix.dial(at.address), line, exchanges);
      role.print('AF_UNIX, SOCK_DGRAM: the system has it, this runtime (Node) does not. Try it in Python.');
      return;
    default: return never(kind);
  }
}

function say(lab: LabContext, kind: Kind, line: string, exchanges: number): RunningRole | null {
  const at = stateOf(lab).at.get(kind);
  return at === undefined ? null : lab.role({ id: numbered(lab, `client-${kind}`), host: 'client', kind: 'client' }, plainly((role) => client(role, kind, at, line, exchanges)));
}

const oneLine = (text: string): string => text.replaceAll(/[\r\n]+/g, ' ');
const kindOf = (given: unknown): Kind => KINDS.find((kind) => kind === given) ?? 'unix';

const lab: Lab = {
  manifest,

  async serve(lab) {
    for (const kind of wanted(lab)) await startServer(lab, kind);
  },

  async play(lab) {
    await lab.role({ id: 'descriptors', host: 'client', kind: 'client' }, plainly(descriptors)).ended;
    for (const kind of wanted(lab)) await say(lab, kind, oneLine(lab.text('text')), lab.number('exchanges'))?.ended;
  },

  actions: {
    say: async (lab, args) => {
      const kind = kindOf(args['socket']);
      if (!stateOf(lab).at.has(kind)) await startServer(lab, kind);
      await say(lab, kind, oneLine(String(args['text'])), 1)?.ended;
    },
    'second-server': async (lab, args) => {
      const kind = kindOf(args['socket']);
      const at = stateOf(lab).at.get(kind);
      if (at === undefined) return startServer(lab, kind);
      await lab.role({ id: numbered(lab, `server-${kind}`), host: 'server', kind: 'server' }, plainly(async (role) => {
        if (kind === 'unix') await role.host.unix.listen(at.address);
        else await role.host.net.listen({ port: at.port, address: at.address });
      })).ended;
    },
  },
};

export default lab;
