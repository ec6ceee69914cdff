// A guest of a run: what the doors of a share (runtime/share) ask of it.

import type { RoleIx } from '../../shared/base/brand';
import type { LiveEndpoint } from '../../shared/lab/manifest';
import type { PlannedHost } from './hosts';
import type { RoleNetwork } from './runningRole';

/** A role that no lab asked for, on a host of its own that comes into the trace with it: a door of a share. */
export interface Guest {
  readonly id: string;
  readonly host: Omit<PlannedHost, 'fallback' | 'late'>;
  readonly network: (role: RoleIx) => RoleNetwork;
  /** The role of the lab that it stands in for: its endpoint is that role's. Null: it is no endpoint of the lab. */
  readonly standsFor: Pick<LiveEndpoint, 'role' | 'host'> | null;
}
