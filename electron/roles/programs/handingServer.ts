// One thread, or one process, for each connection: accept(), hand the connection over, accept() again. Nobody waits for another client; each
// costs what a thread or a process costs. At most `most` at the same time: who comes then is accepted, and waits for one to be free.

import type { ProgramOptions } from '../lab';
import { DEFAULT_BACKLOG, numberOf } from './options';
import type { BlockingSocket, Program, ProgramRole } from './program';
import { Sampler } from './sampler';

/** Threads or processes at the same time, where the options name no number. */
const MOST = 64;

/** Options: port, backlog, most; work and busy as echoLines.ts has them. */
export const threadServer: Program = (role, options) => handingServer(role, options, (connection) => role.blocking.thread(connection, 'echoLines', options));

/** The same options. */
export const processServer: Program = (role, options) => handingServer(role, options, (connection) => role.blocking.process(connection, 'echoLines', options));

async function handingServer(role: ProgramRole, options: ProgramOptions, hand: (connection: BlockingSocket) => Promise<void>): Promise<void> {
  const most = Math.max(1, numberOf(options, 'most', MOST));
  const waiting: BlockingSocket[] = [];
  const sampler = new Sampler(role);
  let busy = 0;

  const next = (): void => {
    if (busy >= most) return;
    const connection = waiting.shift();
    if (connection === undefined) return;
    busy++;
    hand(connection)
      // None could be had, or it died: the client learns it by the end of its connection.
      .catch(() => undefined)
      .finally(() => {
        busy--;
        sampler.closed();
        next();
      });
  };

  sampler.keep();
  const listen = { port: numberOf(options, 'port', 0), backlog: numberOf(options, 'backlog', DEFAULT_BACKLOG) };
  await role.blocking.serve(listen, (endpoint) => role.listening({ protocol: 'tcp', ...endpoint }), (connection) => {
    sampler.opened();
    waiting.push(connection);
    next();
  });
}
