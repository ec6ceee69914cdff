// "Everything is a file": one program opens a regular file and a socket, writes to one and looks at the other, and asks the kernel what
// its descriptors are (Linux: /proc/self/fd). Elsewhere it says that the system does not tell.

import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, unlinkSync, writeSync } from 'node:fs';
import type { Endpoint } from '../../../shared/trace/event';
import type { RoleContext } from '../lab';

export async function descriptors(role: RoleContext): Promise<void> {
  const listening = await role.host.net.listen({ port: 0 });
  const path = process.platform === 'win32' ? null : role.host.unix.path('note.txt');
  const file = path === null ? -1 : openSync(path, 'w');
  try {
    if (file >= 0) {
      const count = writeSync(file, 'a line in a file\n');
      role.print(`open() gave descriptor ${file}; write(${file}) wrote ${count} B: for a socket it is the same call`);
    } else role.print('no file opened: this system has no descriptors of that kind');
    role.print(`descriptor 0, standard input -> ${kernelName(0)}`);
    role.print(`descriptor ${file}, regular file -> ${kernelName(file)}`);
    const socket = descriptorOf(listening.endpoint);
    role.print(`descriptor ${socket ?? '?'}, TCP socket -> ${socket === null ? UNKNOWN : kernelName(socket)}`);
  } finally {
    if (file >= 0) closeSync(file);
    if (path !== null) unlinkSync(path);
    listening.close();
  }
}

const UNKNOWN = 'not shown: this system has no /proc';

/** What the kernel calls the open file behind a descriptor: a path, 'pipe:[7]', 'socket:[7]' (proc(5)). */
function kernelName(fd: number): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return UNKNOWN;
  }
}

/** The descriptor of a listening TCP socket of this process: its inode from /proc/net/tcp, then the descriptor that leads to it. */
function descriptorOf({ address, port }: Endpoint): number | null {
  try {
    const local = `${address.split('.').map((part) => Number(part).toString(16).padStart(2, '0')).reverse().join('')}:${port.toString(16).padStart(4, '0')}`.toUpperCase();
    const row = readFileSync('/proc/self/net/tcp', 'utf8').split('\n').map((line) => line.trim().split(/\s+/)).find((cells) => cells[1] === local && cells[3] === LISTEN);
    const inode = row?.[9];
    if (inode === undefined) return null;
    const found = readdirSync('/proc/self/fd').find((fd) => kernelName(Number(fd)) === `socket:[${inode}]`);
    return found === undefined ? null : Number(found);
  } catch {
    return null;
  }
}

/** The kernel's number of the state (include/net/tcp_states.h). */
const LISTEN = '0A';
