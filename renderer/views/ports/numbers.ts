// Port numbers of a run on a line, and the range that its system chooses from. Pure; where they are drawn is up to PortScale.vue.

import { parseNote } from '../../../shared/trace/notes';
import { PORT_RANGES } from '../../../shared/trace/ports/services';
import type { TraceStore } from '../../../shared/trace/store';
import type { Story } from '../../../shared/trace/story';

export interface UsedPort {
  readonly port: number;
  readonly transport: 'tcp' | 'udp';
  /** A server waits there; else a client has it. */
  readonly server: boolean;
  /** Role ids, each once. */
  readonly roles: readonly string[];
}

/** Ports that our sockets were bound to until `t`, ascending; a server's before a client's. */
export function usedPorts(story: Story, t: number): readonly UsedPort[] {
  const found = new Map<string, { port: number; transport: 'tcp' | 'udp'; server: boolean; roles: Set<string> }>();
  for (let index = 0; index < story.sockets.count; index++) {
    const socket = story.sockets.at(index);
    const { local, role, type, purpose } = socket;
    if (local === null || local.port === 0 || socket.family === 'AF_UNIX' || socket.openedAt > t) continue;
    const model = story.role(role);
    const datagram = type === 'SOCK_DGRAM';
    // A connected socket of a server shares the port of the one that listens.
    if (purpose === 'connected' && socket.acceptedBy !== null) continue;
    const server = datagram ? model?.kind === 'server' : purpose === 'listening';
    // bind() failed, or nothing came of it.
    if (!datagram && purpose === 'connected' && socket.conn === null) continue;
    const key = `${datagram ? 'u' : 't'}${local.port}${server ? 's' : 'c'}`;
    const known = found.get(key) ?? { port: local.port, transport: datagram ? 'udp' as const : 'tcp' as const, server, roles: new Set<string>() };
    if (model !== null) known.roles.add(model.id);
    found.set(key, known);
  }
  return [...found.values()].map((one) => ({ ...one, roles: [...one.roles] })).sort((a, b) => a.port - b.port || Number(b.server) - Number(a.server));
}

/** The range from which the system chooses, as a program of the run has read it; null: nobody could. */
export function systemRange(story: Story, trace: TraceStore): { readonly low: number; readonly high: number } | null {
  for (const role of story.roles) {
    for (let n = 0; n < role.facts.length; n++) {
      const seq = role.facts.at(n);
      if (trace.kind(seq) !== NOTED) continue;
      const note = parseNote(trace.at(seq).text);
      if (note?.topic === 'ports.range') return note.high > 0 ? { low: note.low, high: note.high } : null;
    }
  }
  return null;
}

const NOTED = 'role.noted';

/** Parts of the line that the ranges take: to scale, nobody would see the first. */
const PARTS = { system: 0.2, user: 0.5, dynamic: 0.3 } as const;

/** Where a port stands on the line, 0 to 1: in proportion within its range. */
export function placeOf(port: number): number {
  let begin = 0;
  for (const { id, low, high } of PORT_RANGES) {
    if (port <= high) return begin + (PARTS[id] * (port - low)) / (high - low + 1);
    begin += PARTS[id];
  }
  return 1;
}
