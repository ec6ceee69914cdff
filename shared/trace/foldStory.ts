// The story as readers see it: models made on demand from the tables of the fold.

import { NO_NUMBERS, type NumberList } from '../base/lists';
import { connectionModel } from './foldConnections';
import type { Fold } from './foldContext';
import { roleModel } from './foldHosts';
import { socketModel } from './foldSockets';
import type { HostModel, RoleModel, Story } from './story';

/** A live view on the tables. `changes`: for each version, from 1, the first moment that it changed; `lab` is asked each time. */
export function tellStory(fold: Fold, changes: NumberList, lab: () => Story['lab']): Story {
  const version = (): number => changes.length;
  const { sockets, conns, segments, calls, moments, ends, hosts, roles } = fold;
  let told = -1;
  let roleModels: readonly RoleModel[] = [];
  let hostModels: readonly HostModel[] = [];
  /** New lists with each version, so that a reader who compares them sees the change. */
  const refresh = (): void => {
    if (told === version()) return;
    told = version();
    roleModels = roles.rows.map(roleModel);
    hostModels = [...hosts.list];
  };
  return {
    get version() {
      return version();
    },
    get hosts() {
      refresh();
      return hostModels;
    },
    get roles() {
      refresh();
      return roleModels;
    },
    get lab() {
      return lab();
    },
    sockets: {
      get count() {
        return sockets.rows.length;
      },
      at: (index) => socketModel(within(sockets.rows, index, 'socket'), ends),
    },
    socket: (id) => {
      const row = sockets.get(id);
      return row === null ? null : socketModel(row, ends);
    },
    kernel: fold.samples.table,
    samplesOf: (id) => fold.samples.of(id),
    connections: {
      get count() {
        return conns.rows.length;
      },
      at: (index) => connectionModel(within(conns.rows, index, 'connection'), ends),
    },
    connection: (id) => {
      const conn = conns.rows[id - 1];
      return conn === undefined ? null : connectionModel(conn, ends);
    },
    segments,
    segmentKind: (id) => segments.kindOf(id),
    calls,
    moments,
    dataAt: (index, row) => {
      const id = moments.dataAt(index);
      if (id < 0) return id === -2 ? 'none' : 'other';
      const seq = segments.sentSeqOf(id);
      const up = segments.upOf(id);
      const conn = conns.rows[segments.connIdOf(id) - 1];
      if (conn === undefined || conn.unix) return 'other';
      const back = up ? conn.down : conn.up;
      row.segment = id;
      row.way = conn.id * 2 + (up ? 1 : 0);
      row.t = moments.momentTime(index);
      row.offset = segments.offsetOf(id);
      row.size = segments.sizeOf(id);
      row.payload = segments.payloadOf(id);
      row.skip = segments.skipOf(id);
      row.acknowledged = Math.max(back.sentAt(seq), back.receivedAt(seq)) + (back.fin >= 0 && moments.momentOfSegment(back.fin) < index ? 1 : 0);
      return 'data';
    },
    changedFrom: (earlier) => {
      let first = moments.count;
      for (let one = Math.max(earlier, 0); one < changes.length; one++) first = Math.min(first, changes.at(one));
      return first;
    },
    momentTime: (index) => moments.momentTime(index),
    momentOfFact: (seq) => moments.momentOfFact(seq),
    momentOfSegment: (id) => moments.momentOfSegment(id),
    segmentOfPacket: (seq) => segments.ofPacket.get(seq) ?? -1,
    momentOfCall: (id) => moments.momentOfCall(id),
    momentsOf: (id) => {
      const conn = conns.rows[id - 1];
      return conn === undefined ? NO_NUMBERS : moments.momentsOf(conn);
    },
    host: (index) => hosts.get(index),
    role: (index) => {
      const row = roles.get(index);
      return row === null ? null : roleModel(row);
    },
  };
}

function within<T>(rows: readonly T[], index: number, what: string): T {
  const row = rows[index];
  if (row === undefined) throw new RangeError(`no ${what} ${index}, the story has ${rows.length}`);
  return row;
}
