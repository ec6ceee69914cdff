// Starting, killing and starting again the server of a lab, by the user's hand or by the lab's script. A server that is started
// again is a new process and so a new role: 'server', 'server-2', ...

import type { LabContext, RoleContext, RunningRole } from './lab';

/** A value of its own for each run: runs are told apart by their signal. */
export function perRun<T>(create: () => T): (lab: LabContext) => T {
  const values = new WeakMap<AbortSignal, T>();
  return (lab) => {
    const known = values.get(lab.signal);
    if (known !== undefined) return known;
    const fresh = create();
    values.set(lab.signal, fresh);
    return fresh;
  };
}

const serversOf = perRun<RunningRole[]>(() => []);

/** Starts a server process on `host`; resolves when it listens, or when it has failed to (its errno is in the trace). */
export async function startServer(lab: LabContext, host: string, program: (role: RoleContext) => Promise<void>): Promise<RunningRole> {
  const servers = serversOf(lab);
  const id = servers.length === 0 ? 'server' : `server-${servers.length + 1}`;
  const server = lab.role({ id, host, kind: 'server' }, program);
  servers.push(server);
  await server.ready;
  return server;
}

/** Kills the server that was started last and still runs. False when none runs. */
export function killServer(lab: LabContext): boolean {
  const server = serversOf(lab).findLast((one) => lab.running(one.id) !== null);
  server?.kill();
  return server !== undefined;
}

/** An action that cannot be done now; `code` is for the window's catalogues. */
export class ActionError extends Error {
  constructor(
    readonly code: 'NO_SERVER' | 'NO_CLIENT' | 'NOT_THERE',
    message: string,
  ) {
    super(message);
    this.name = 'ActionError';
  }
}

/** The action `kill-server`. */
export async function killServerAction(lab: LabContext): Promise<void> {
  if (!killServer(lab)) throw new ActionError('NO_SERVER', 'no server is running');
}
