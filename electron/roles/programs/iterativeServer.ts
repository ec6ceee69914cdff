// One client at a time: accept(), serve it to its end, close, accept() again. While it serves one, everybody else waits in the kernel's
// queue, connected but not accepted; when that is full (`backlog`), not even connected.

import { echoLines } from './echoLines';
import { DEFAULT_BACKLOG, numberOf } from './options';
import type { Program } from './program';
import { Sampler } from './sampler';

/** Options: port, backlog; work and busy as echoLines.ts has them. */
export const iterativeServer: Program = async (role, options) => {
  const sampler = new Sampler(role);
  const wait = (ms: number): void => {
    sampler.sample();
    role.blocking.wait(ms);
  };
  const listen = { port: numberOf(options, 'port', 0), backlog: numberOf(options, 'backlog', DEFAULT_BACKLOG) };
  await role.blocking.serve(listen, (endpoint) => role.listening({ protocol: 'tcp', ...endpoint }), (connection) => {
    sampler.opened();
    try {
      echoLines(connection, { wait, compute: (ms) => role.blocking.compute(ms) }, options);
    } catch {
      // The client's errors are facts of the trace, and no reason to end.
    } finally {
      connection.close();
      sampler.closed();
    }
  });
};
