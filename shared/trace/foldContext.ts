// The tables that the parts of the fold share while they work through the facts. Made once by StoryBuilder (fold.ts).

import type { HostIx } from '../base/brand';
import { isPath } from './endpoint';
import type { CallTable } from './foldCalls';
import type { ConnTable } from './foldConnections';
import { isWildcard, type EndpointTable, type HostTable, type RoleTable } from './foldHosts';
import type { MomentTable } from './foldMoments';
import type { SampleTable } from './foldSamples';
import type { SegmentTable } from './foldSegments';
import type { SocketTable } from './foldSockets';
import type { TraceStore } from './store';
import type { SocketModel } from './story';

export interface Fold {
  readonly trace: TraceStore;
  readonly ends: EndpointTable;
  readonly hosts: HostTable;
  readonly roles: RoleTable;
  readonly sockets: SocketTable;
  readonly samples: SampleTable;
  readonly conns: ConnTable;
  readonly segments: SegmentTable;
  readonly calls: CallTable;
  readonly moments: MomentTable;
}

/**
 * Whose endpoint it is when nobody of ours answers there: the host of the last socket of ours that had it, else our host with
 * that address (not the caller's own, where several share one), else a host that is not ours.
 */
export function hostOfEndpoint(fold: Fold, end: number, caller: HostIx, type: SocketModel['type']): HostIx {
  const last = fold.sockets.lastAt(end, type);
  if (last !== null) return last.host;
  const address = fold.ends.get(end).address;
  const ours = fold.hosts.ours(address);
  const other = ours.find((host) => host.index !== caller) ?? ours[0];
  if (other !== undefined) return other.index;
  return isWildcard(address) || isPath(address) ? caller : fold.hosts.foreign(address);
}
