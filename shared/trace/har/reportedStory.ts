// The least story that the views of exchanges can stand on, for what another program reports: hosts, the program that asked, a beginning
// and an end. It has no sockets, no segments and no facts, because nobody of us saw any.

import { hostIx, micros, roleIx } from '../../base/brand';
import { NO_NUMBERS } from '../../base/lists';
import type { HostModel, Moment, RoleModel, Story, Table } from '../story';

/** The host of the program that asked. */
const CLIENT = hostIx(1);
/** Its role where the file groups nothing; those of groups follow. */
export const REPORTED = { host: CLIENT, role: roleIx(1), id: 'reporter' } as const;

export interface Reported {
  /** Its name in the file. */
  readonly client: string;
  /** Names of what it did in groups of its own; the first has role 2. */
  readonly groups: readonly string[];
  /** Names of the servers; the first has index 2. */
  readonly servers: readonly string[];
  /** µs from the first start to the last end; null: there is nothing. */
  readonly end: number | null;
}

/** Its two moments are where the first exchange starts and where the last one ends. */
export function reportedStory({ client, groups, servers, end }: Reported): Story {
  const hosts = [hostOf(REPORTED.host, REPORTED.id, client), ...servers.map((name, at) => hostOf(hostIx(at + 2), name, name))];
  const roles = [roleOf(1, REPORTED.id, client), ...groups.map((name, at) => roleOf(at + 2, `${REPORTED.id}-${at + 2}`, name))];
  const times = end === null ? [] : [0, end];
  const timeOf = (index: number): number => times[index] ?? 0;
  const momentOf = (index: number): Moment => ({ index, t: micros(timeOf(index)), seq: null, segment: null, call: null, role: null, sock: null, conn: null, evidence: 'inferred', trouble: false });
  return {
    version: 1, hosts, roles, sockets: none('socket'), socket: () => null, kernel: none('row of the kernel’s table'), samplesOf: () => NO_NUMBERS, connections: none('connection'), connection: () => null, segments: none('segment'),
    segmentKind: (id) => missing('segment', id), calls: none('call'), moments: { count: times.length, at: momentOf },
    changedFrom: (version) => (version < 1 ? 0 : times.length), momentTime: timeOf, dataAt: () => 'none', momentOfFact: () => -1, momentOfSegment: () => -1, segmentOfPacket: () => -1, momentOfCall: () => -1, momentsOf: () => NO_NUMBERS,
    host: (index) => hosts[index - 1] ?? null, role: (index) => roles[index - 1] ?? null, lab: null,
  };
}

const hostOf = (index: HostModel['index'], id: string, name: string): HostModel => ({ index, id, name, address: '', foreign: true });

const roleOf = (index: number, id: string, name: string): RoleModel => ({ index: roleIx(index), host: CLIENT, id, name, kind: 'client', startedAt: micros(0), ended: null, sockets: [], facts: NO_NUMBERS });

const none = <T>(what: string): Table<T> => ({ count: 0, at: (index) => missing(what, index) });

function missing(what: string, index: number): never {
  throw new RangeError(`${what} ${index} of none`);
}
