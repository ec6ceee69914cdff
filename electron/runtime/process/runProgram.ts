// A program in this process, as a role: its network is tapped as in the engine, and what is recorded goes to the engine, which puts it into
// the trace of the run. Ends the process when the program has ended.

import { setMaxListeners } from 'node:events';
import { setTimeout as sleepFor } from 'node:timers/promises';
import { roleIx } from '../../../shared/base/brand';
import { createBlockingNetwork } from '../../capture/blocking/blockingNetwork';
import { otherEndsElsewhere } from '../../capture/descriptors';
import { createNetwork } from '../../capture/network';
import type { ProgramOptions } from '../../roles/lab';
import type { Program, ProgramRole } from '../../roles/programs/program';
import { PROGRAMS } from '../../roles/programs/programs';
import { EngineError, errorCode } from '../engineError';
import { holdLifeline } from './lifeline';
import type { ProgramSetup } from './messages';
import { Reporter } from './reporter';
import { createWorkers } from './workers';

/** The engine knows whose facts these are: any number will do. */
const ROLE = roleIx(1);

export async function runProgram(setup: ProgramSetup): Promise<never> {
  const lifeline = holdLifeline();
  otherEndsElsewhere();
  const reporter = new Reporter(0, setup.origin);
  const abort = new AbortController();
  setMaxListeners(0, abort.signal);
  process.on('SIGTERM', () => abort.abort());
  const network = createNetwork(reporter.recorder, { role: ROLE, host: setup.host, address: setup.address });
  const end = (failed: boolean, thrown: unknown): never => {
    network.closeAll();
    reporter.recorder.flush();
    reporter.tell({ type: 'ended', failed, code: failed ? errorCode(thrown) : '', message: thrown instanceof Error ? thrown.message : '' });
    lifeline?.kill('SIGKILL');
    return process.exit(0);
  };
  process.on('uncaughtException', (error) => end(true, error));
  try {
    const program = await load(setup.program);
    await program(roleOf(setup, reporter, network, abort.signal), setup.options as ProgramOptions);
    return end(false, null);
  } catch (thrown) {
    // What a program throws because it is being stopped is not its failure.
    return end(!abort.signal.aborted, thrown);
  }
}

async function load(name: string): Promise<Program> {
  const all: Readonly<Record<string, () => Promise<Program>>> = PROGRAMS;
  const found = Object.hasOwn(all, name) ? all[name] : undefined;
  if (found === undefined) throw new EngineError('ENOENT', `there is no program ${JSON.stringify(name)}`);
  return found();
}

function roleOf(setup: ProgramSetup, reporter: Reporter, network: ReturnType<typeof createNetwork>, signal: AbortSignal): ProgramRole {
  const { recorder } = reporter;
  const { net, dgram, unix, tls, http, http2, sockets } = network;
  return {
    id: setup.role,
    host: { id: setup.host, address: setup.address, net, dgram, unix, tls, http, http2 },
    signal,
    blocking: createBlockingNetwork(recorder, sockets, setup.address, signal, createWorkers(setup.origin)),
    listening({ protocol, address, port }) {
      recorder.flush();
      reporter.tell({ type: 'listening', protocol, address, port });
    },
    print: (text) => recorder.rolePrinted(ROLE, text.slice(0, PRINT_LIMIT)),
    note: (note) => recorder.roleNoted(ROLE, note),
    sleep: async (ms) => {
      await sleepFor(ms, undefined, { signal });
    },
  };
}

/** As in the engine (runningRole.ts). */
const PRINT_LIMIT = 4096;
