// Which program of this user has a socket at an endpoint, on systems without /proc: as macOS's lsof and Windows's netstat and tasklist tell. They are programs
// that take their time, so the answer comes later; one that is gone by then stays nameless.
// Source: lsof(8), "OUTPUT FOR OTHER PROGRAMS"; Microsoft Learn, netstat and tasklist.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Endpoint } from '../../../shared/trace/event';
import { windowsRows } from '../socketTable/netstat';
import { NAMING, type ProgramName } from './programAt';

const run = promisify(execFile);
/** Bytes that they may print. */
const MOST = 8 * 1024 * 1024;

/** Where the system's programs are, never those that happen to stand in PATH. */
export interface SystemPrograms {
  readonly lsof: string;
  readonly netstat: string;
  readonly tasklist: string;
}

const windows = (name: string): string => `${process.env['SystemRoot'] ?? 'C:\\Windows'}\\System32\\${name}.exe`;
export const SYSTEM_PROGRAMS: SystemPrograms = { lsof: '/usr/sbin/lsof', netstat: windows('netstat'), tasklist: windows('tasklist') };

/** Null: nobody of this user, not to be told, or this program itself. Never rejects. */
export async function programBySystem(protocol: 'tcp' | 'udp', end: Endpoint, platform: string = process.platform, programs: SystemPrograms = SYSTEM_PROGRAMS): Promise<ProgramName | null> {
  try {
    const found = platform === 'darwin' ? await byLsof(protocol, end, programs) : platform === 'win32' ? await byNetstat(protocol, end, programs) : null;
    return found === null || found.pid === process.pid ? null : { pid: found.pid, name: found.name.slice(0, NAMING.name) };
  } catch {
    return null;
  }
}

/** lsof ends with status 1 when nothing fits. */
async function byLsof(protocol: 'tcp' | 'udp', end: Endpoint, { lsof }: SystemPrograms): Promise<ProgramName | null> {
  return lsofProgram(await printed(lsof, ['-nP', '-F', 'pcn', '-i', `${protocol}:${end.port}`]), end);
}

/** Lines of one field each, told by their first letter: p process, c command, n name 'own->other'. */
export function lsofProgram(text: string, end: Endpoint): ProgramName | null {
  const own = end.address.includes(':') ? `[${end.address}]:${end.port}` : `${end.address}:${end.port}`;
  let everywhere: ProgramName | null = null;
  let pid = 0;
  let name = '';
  for (const line of text.split('\n')) {
    const value = line.slice(1);
    if (line.startsWith('p')) [pid, name] = [Number(value), ''];
    if (line.startsWith('c')) name = value;
    if (!line.startsWith('n') || !Number.isSafeInteger(pid) || pid <= 0 || name === '') continue;
    const local = value.split('->')[0] ?? '';
    if (local === own) return { pid, name };
    if (local === `*:${end.port}`) everywhere ??= { pid, name };
  }
  return everywhere;
}

async function byNetstat(protocol: 'tcp' | 'udp', end: Endpoint, { netstat, tasklist }: SystemPrograms): Promise<ProgramName | null> {
  const rows = windowsRows(await printed(netstat, ['-ano'])).filter(({ kind, local }) => kind.startsWith(protocol) && local.port === end.port);
  const row = rows.find(({ local }) => local.address === end.address) ?? rows.find(({ local }) => local.address === '0.0.0.0' || local.address === '::');
  // 0: the system's own, of a connection that nobody has any more.
  if (row?.pid === undefined || row.pid === null || row.pid === 0) return null;
  const name = tasklistName(await printed(tasklist, ['/FI', `PID eq ${row.pid}`, '/FO', 'CSV', '/NH']), row.pid);
  return name === null ? null : { pid: row.pid, name };
}

/** "curl.exe","4321","Console","1","9,876 K" */
export function tasklistName(text: string, pid: number): string | null {
  for (const line of text.split('\n')) {
    const [, name, number] = /^"([^"]+)","(\d+)",/.exec(line) ?? [];
    if (name !== undefined && Number(number) === pid) return name.replace(/\.exe$/i, '');
  }
  return null;
}

async function printed(path: string, args: readonly string[]): Promise<string> {
  const { stdout } = await run(path, args, { timeout: NAMING.patienceBySystem, maxBuffer: MOST, windowsHide: true });
  return stdout;
}
