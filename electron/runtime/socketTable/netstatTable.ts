// The kernel's table of Internet sockets where there is no /proc/net: what the system's own netstat prints, which needs no rights either. A program is run
// for each reading, so it is read less often; Windows tells no queues.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { FollowedRows } from './followedRows';
import { SHARED_ADDRESS, type FollowedRun, type KernelTable, type ReadingCost, type Report } from './kernelTable';
import { NETSTAT } from './limits';
import { bsdListenQueues, bsdRows, queueKey, windowsRows, type NetstatRow } from './netstat';
import { TIMER } from './procNet';

const run = promisify(execFile);
/** What the table does not tell. */
const UNTOLD = -1;

/** The system's netstat, never one that happens to stand in PATH; null: this system has another way, or none. */
export function netstatPath(platform: string): string | null {
  if (platform === 'darwin') return '/usr/sbin/netstat';
  if (platform === 'win32') return `${process.env['SystemRoot'] ?? 'C:\\Windows'}\\System32\\netstat.exe`;
  return null;
}

export class NetstatTable implements KernelTable {
  readonly kinds = ['tcp', 'tcp6', 'udp', 'udp6'];
  private readonly rows: FollowedRows;
  private readonly hosts: ReadonlySet<string>;
  /** Ports whose sockets are followed, whosever they are. */
  private readonly ports = new Set<number>();

  constructor(private readonly path: string, private readonly windows: boolean, private readonly run: FollowedRun) {
    this.rows = new FollowedRows(run);
    this.hosts = new Set(run.addresses.filter((address) => address !== SHARED_ADDRESS));
  }

  watch(ports: readonly number[]): void {
    for (const port of ports) this.ports.add(port);
  }

  async read(report: Report, stopped: () => boolean): Promise<ReadingCost> {
    const began = performance.now();
    const found = this.windows ? windowsRows(await this.printed(['-ano'])) : await this.bsd();
    if (stopped()) return { cost: 0, rows: 0 };
    this.rows.begin();
    for (const row of found) this.row(row, report);
    this.rows.findGone(1, report);
    return { cost: performance.now() - began, rows: found.length };
  }

  private async bsd(): Promise<NetstatRow[]> {
    const { kinds } = this.run.book;
    const rows: NetstatRow[] = [];
    if (kinds.has('tcp') || kinds.has('tcp6')) {
      const queues = bsdListenQueues(await this.printed(['-anL', '-p', 'tcp']));
      const waiting = (row: NetstatRow): NetstatRow => (row.state === 'LISTEN' ? { ...row, send: 0, receive: queues.get(queueKey(row.local)) ?? null } : row);
      rows.push(...bsdRows(await this.printed(['-an', '-p', 'tcp'])).map(waiting));
    }
    if (kinds.has('udp') || kinds.has('udp6')) rows.push(...bsdRows(await this.printed(['-an', '-p', 'udp'])));
    return rows;
  }

  /** Rejects when it cannot be run, fails, takes too long or prints too much. */
  private async printed(args: readonly string[]): Promise<string> {
    const { stdout } = await run(this.path, args, { timeout: NETSTAT.patience, maxBuffer: NETSTAT.bytes, encoding: 'latin1', windowsHide: true });
    return stdout;
  }

  private row({ local, remote, state, send, receive }: NetstatRow, report: Report): void {
    const { recorder, book } = this.run;
    const key = `${queueKey(local)} ${remote === null ? '' : queueKey(remote)}`;
    const known = this.rows.find(key);
    const ours = (end: typeof remote): boolean => end !== null && (this.hosts.has(end.address) || this.ports.has(end.port) || book.knows(recorder.endpoint(end, false)));
    if (known === null && (this.rows.full || !(ours(local) || ours(remote)))) return;
    const row = known ?? this.rows.add(key, recorder.endpoint(local), remote === null ? 0 : recorder.endpoint(remote));
    this.rows.stands(row, state, send ?? UNTOLD, receive ?? UNTOLD, TIMER.none, () => 0, report);
  }
}
