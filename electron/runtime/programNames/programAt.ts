// Which program of this user has a socket at an endpoint, where the system tells: Linux, by the inode of its row in /proc/net and the descriptors in
// /proc. Needs no rights for one's own processes; others' stay nameless. Reads while nothing else happens, so that a program which is gone in
// a moment is still found, and therefore for a bounded time.

import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import type { Endpoint } from '../../../shared/trace/event';
import { Columns, eachRow } from '../socketTable/procNet';

export interface ProgramName {
  readonly pid: number;
  /** The kernel's short name of it: 'python3', 'curl'. */
  readonly name: string;
}

export const NAMING = { /** ms of one search, in /proc and by programs of the system. */ patience: 250, patienceBySystem: 3000, /** Processes looked through. */ processes: 4000, /** Characters of a name: TASK_COMM_LEN. */ name: 15 } as const;

/** Null: nobody of this user, not to be told, or this program itself. `folder`: for tests, where the tables are. */
export function programAt(protocol: 'tcp' | 'udp', end: Endpoint, folder = '/proc'): ProgramName | null {
  try {
    const inode = inodeAt(protocol, end, folder);
    return inode === null ? null : programOf(inode, folder);
  } catch {
    return null;
  }
}

/** Column `inode` of the row with this local endpoint; a socket bound to every address counts where none has the very one. */
function inodeAt(protocol: 'tcp' | 'udp', end: Endpoint, folder: string): string | null {
  let everywhere: string | null = null;
  for (const kind of [protocol, `${protocol}6`]) {
    const table = tableOf(`${folder}/net/${kind}`);
    if (table === null) continue;
    const columns = new Columns(kind.endsWith('6') ? 32 : 8);
    let found: string | null = null;
    eachRow(table, table.length, (at) => {
      if (found !== null || columns.port(table, at) !== end.port) return;
      const { address } = columns.endpoint(table, at);
      // local remote st tx:rx tr:when retrnsmt uid timeout inode (net/ipv4/tcp_ipv4.c get_tcp4_sock)
      const inode = table.toString('latin1', at, table.indexOf(10, at)).trim().split(/\s+/)[8] ?? '0';
      if (inode === '0') return;
      if (address === end.address) found = inode;
      else if (address === '0.0.0.0' || address === '::') everywhere ??= inode;
    });
    if (found !== null) return found;
  }
  return everywhere;
}

function tableOf(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}

/** Youngest first: it is a client that has just been started that is looked for most often. */
function programOf(inode: string, folder: string): ProgramName | null {
  const until = performance.now() + NAMING.patience;
  const wanted = `socket:[${inode}]`;
  // Numbers go round: the last field of loadavg is the youngest.
  const youngest = Number(readFileSync(`${folder}/loadavg`, 'utf8').trim().split(' ').at(-1));
  const age = (pid: number): number => (pid <= youngest ? youngest - pid : Number.MAX_SAFE_INTEGER - pid);
  const pids = readdirSync(folder).filter((name) => /^\d+$/.test(name)).map(Number).sort((one, other) => age(one) - age(other)).slice(0, NAMING.processes);
  for (const pid of pids) {
    if (pid === process.pid) continue;
    if (performance.now() > until) return null;
    if (!has(`${folder}/${pid}/fd`, wanted)) continue;
    return { pid, name: readFileSync(`${folder}/${pid}/comm`, 'utf8').trim().slice(0, NAMING.name) };
  }
  return null;
}

function has(folder: string, wanted: string): boolean {
  try {
    return readdirSync(folder).some((fd) => linkOf(`${folder}/${fd}`) === wanted);
  } catch {
    return false;
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
