// Programs of the user that the system named (note process.named): each is a host of its own, so that a client and a server that share an address
// stand apart. Moves the connections that are known already; hosts that nobody is left on go.

import type { HostIx } from '../base/brand';
import type { Fold } from './foldContext';
import { parseNote } from './notes';

/** The host of a program that is not ours: its own where it has a name, else that of its address. */
export const foreignHost = (fold: Fold, protocol: 'tcp' | 'udp', end: number): HostIx => fold.hosts.named.get(`${protocol} ${end}`) ?? fold.hosts.foreign(fold.ends.get(end).address);

/** role.noted */
export function nameProgram(fold: Fold, text: string): void {
  if (!text.includes('process.named')) return;
  const note = parseNote(text);
  if (note?.topic !== 'process.named' || !Number.isInteger(note.port) || !Number.isInteger(note.pid)) return;
  const address = String(note.address);
  const end = fold.ends.of(address, note.port);
  const host = fold.hosts.program(note.pid, String(note.name), address);
  fold.hosts.named.set(`${note.protocol === 'udp' ? 'udp' : 'tcp'} ${end}`, host);
  if (note.protocol === 'udp') {
    // Whose a datagram is, is looked up when it is asked for: the address alone stands for nobody now, perhaps.
    const old = fold.hosts.hasForeign(address) ? fold.hosts.foreign(address) : null;
    if (old !== null && !isUsed(fold, old)) fold.hosts.drop(old);
    return;
  }
  for (const conn of fold.conns.rows) {
    for (const side of [conn.client, conn.server]) {
      if (!side.foreign || side.end !== end || side.host === host) continue;
      const old = side.host;
      side.host = host;
      if (!isUsed(fold, old)) fold.hosts.drop(old);
    }
  }
}

const isUsed = (fold: Fold, host: HostIx): boolean => {
  if (fold.conns.rows.some(({ client, server }) => client.host === host || server.host === host)) return true;
  const { segments } = fold;
  for (let id = 0; id < segments.count; id++) {
    if (segments.kindOf(id) !== 'datagram' && segments.kindOf(id) !== 'unreachable') continue;
    const { fromHost, toHost } = segments.at(id);
    if (fromHost === host || toHost === host) return true;
  }
  return false;
};
