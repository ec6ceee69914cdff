// What a run (labRunner.ts) is made of: the lab with its parameters, where its facts go, and who is told of its states.

import type { RoleIx } from '../../shared/base/brand';
import type { RelayStarts } from '../../shared/ipc/contract';
import type { ParameterValues } from '../../shared/lab/manifest';
import type { Recorder } from '../capture/recorder';
import type { Doors, Lab } from '../roles/lab';
import type { HostPlan, PlannedHost } from './hosts';
import type { LabRun } from './labRunner';
import type { RoleNetwork } from './runningRole';

export interface RunOptions {
  readonly lab: Lab;
  /** Checked: those of labParams(). */
  readonly params: ParameterValues;
  readonly recorder: Recorder;
  /** The tapped network of a role. */
  readonly network: (host: PlannedHost, role: RoleIx) => RoleNetwork;
  /** 'serve' starts the servers and no script. */
  readonly mode: 'play' | 'serve';
  /** After this many ms in starting and running together the run fails with ETIMEDOUT. Default: no bound. */
  readonly timeout?: number;
  /** Who is behind the doors of its share. */
  readonly doors?: Doors;
  /** What its relays begin with. Checked: checkRelayStarts(). */
  readonly relays?: RelayStarts;
  /** Record the kernel's packets too, where this user may. A run without the right to is no failure: `capture` of the run tells why. */
  readonly capture?: boolean;
  /** Told of ports whose sockets, whosever they are, belong to the run. */
  readonly watch?: (ports: readonly number[]) => void;
  /** For tests: where the addresses come from. */
  readonly plan?: (manifest: Lab['manifest']) => Promise<HostPlan>;
  onChange(run: LabRun): void;
}
