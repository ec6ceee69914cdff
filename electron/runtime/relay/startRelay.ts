// Starts relays for a lab (LabContext.tcpRelay, udpRelay): each is a role of kind 'relay' that listens where the manifest's endpoint of its
// name says. Joins the relay's program to its role and its recorder.

import type { RoleIx } from '../../../shared/base/brand';
import type { TcpFaults, UdpFaults } from '../../../shared/lab/faults';
import type { Endpoint } from '../../../shared/trace/event';
import { socketIdOf } from '../../capture/socketIds';
import type { Recorder } from '../../capture/recorder';
import type { RelaySpec, RoleContext, RunningRole, TcpRelay, UdpRelay } from '../../roles/lab';
import type { ReportFault } from './report';
import { TcpRelayProgram } from './tcpRelay';
import { UdpRelayProgram } from './udpRelay';

export interface RelayRun {
  readonly recorder: Recorder;
  /** Where the relay of that id listens. */
  endpoint(id: string): Endpoint;
  /** Starts a role of kind 'relay' on the host of the endpoint of that id. */
  start(id: string, program: (role: RoleContext, index: RoleIx) => Promise<void>): RunningRole;
}

/** Ends quietly when its role is stopped: what it then throws is no failure of its own. */
async function untilStopped(role: RoleContext, program: Promise<void>): Promise<void> {
  try {
    await program;
  } catch (error) {
    if (!role.signal.aborted) throw error;
  }
}

/** Starts the role of a relay; resolves when it listens. What it reports is its role's. */
async function started<P extends { run(context: RoleContext): Promise<void> }>(run: RelayRun, id: string, port: number | undefined, make: (port: number, report: ReportFault) => P): Promise<{ readonly program: P; readonly role: RunningRole }> {
  let own: RoleIx | null = null;
  const program = make(port ?? run.endpoint(id).port, (socket, fault, held, direction, size) => {
    if (own !== null) run.recorder.faultApplied(run.recorder.now(), own, socketIdOf(socket), fault, held, direction, size);
  });
  const role = run.start(id, (context, index) => {
    own = index;
    return untilStopped(context, program.run(context));
  });
  await role.ready;
  return { program, role };
}

export async function startTcpRelay(run: RelayRun, spec: RelaySpec<TcpFaults>): Promise<TcpRelay> {
  const { program, role } = await started(run, spec.id, spec.port, (port, report) => new TcpRelayProgram({ ...spec, port, report }));
  return {
    role,
    get faults() {
      return program.faults;
    },
    set: (faults) => program.set(faults),
    cut: (how) => program.cut(how),
  };
}

export async function startUdpRelay(run: RelayRun, spec: RelaySpec<UdpFaults>): Promise<UdpRelay> {
  const { program, role } = await started(run, spec.id, spec.port, (port, report) => new UdpRelayProgram({ ...spec, port, report }));
  return {
    role,
    get faults() {
      return program.faults;
    },
    set: (faults) => program.set(faults),
  };
}
