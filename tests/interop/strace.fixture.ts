// For tests: whether strace may be used here, and what it saw a program call on the TCP sockets of a port.

import { spawnSync } from 'node:child_process';

const CALLS = /(socket|setsockopt|bind|listen)\(/;

const probe = spawnSync('strace', ['-e', 'trace=none', process.execPath, '-e', '0'], { encoding: 'utf8' });
/** Why it cannot be used; '' when it can. */
export const straceProblem = probe.error !== undefined ? 'strace is not installed' : probe.status !== 0 ? 'tracing is not permitted' : '';

/** Runs a program of Node's under strace; what it called on sockets bound to `port`: 'socket', 'setsockopt SO_REUSEADDR', ... */
export function tracedCalls(args: readonly string[], port: number): string[] {
  const traced = spawnSync('strace', ['-f', '-qq', '-e', 'trace=socket,setsockopt,bind,listen', '-e', 'signal=none', process.execPath, ...args], { encoding: 'utf8' });
  if (traced.status !== 0) throw new Error(`it ended with ${traced.status}: ${traced.stderr}`);
  return callsOfTcp(traced.stderr, port);
}

/** By descriptor; sockets that only try whether an address exists (port 0) are left out. */
function callsOfTcp(text: string, port: number): string[] {
  const calls: { name: string; fd: string; line: string }[] = [];
  for (const line of text.split('\n')) {
    const name = CALLS.exec(line)?.[1];
    if (name === undefined) continue;
    const fd = name === 'socket' ? / = (\d+)$/.exec(line)?.[1] : /\((\d+),/.exec(line)?.[1];
    if (fd !== undefined) calls.push({ name, fd, line });
  }
  const said: string[] = [];
  for (const [at, call] of calls.entries()) {
    if (call.name !== 'socket') continue;
    const next = calls.findIndex((other, index) => index > at && other.name === 'socket' && other.fd === call.fd);
    const own = calls.slice(at, next < 0 ? undefined : next).filter((other) => other.fd === call.fd);
    if (!own.some((other) => other.name === 'bind' && other.line.includes(`htons(${port})`))) continue;
    said.push(...own.map((other) => (other.name === 'setsockopt' ? `setsockopt ${/SOL_SOCKET, (\w+)/.exec(other.line)?.[1] ?? '?'}` : other.name)));
  }
  return said;
}
