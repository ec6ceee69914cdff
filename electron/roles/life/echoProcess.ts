// The echo server as a program in a process of its own: killed there, it is the system that closes what it had open, and nobody else.

import { echoServer } from '../tcp/echoServer';
import { numberOf } from '../programs/options';
import type { Program } from '../programs/program';

/** Options: port, readSize (B), delay (ms of work on each piece). */
export const echoProcess: Program = (role, options) =>
  echoServer(role, { port: numberOf(options, 'port', 0), readSize: numberOf(options, 'readSize', 16), delay: numberOf(options, 'delay', 0) });
