// For tests: a lab whose server is a process of its own, and clients that talk to it.

import { readFileSync } from 'node:fs';
import { must } from '../../../shared/base/assert';
import type { Fact } from '../../../shared/trace/event';
import type { LabTest } from '../../labs/run.fixture';
import type { StreamSocket } from '../../roles/host';
import type { Lab, LabContext, ProgramOptions, RoleContext, RunningRole } from '../../roles/lab';
import type { ProgramName } from '../../roles/programs/programs';

export const PORT = 7999;

/** `play` gets the server that is a process. */
export function processLab(program: ProgramName, options: ProgramOptions = {}, play: (lab: LabContext, server: RunningRole) => Promise<void> = () => Promise.resolve()): Lab {
  let server: RunningRole | null = null;
  return {
    manifest: {
      id: 'processes', group: 'sockets', order: 1, steps: [], predictions: [], tryIt: [], stage: ['hosts'], specifications: [], parameters: [], actions: [{ id: 'kill', arguments: [] }],
      hosts: [{ id: 'server', address: '127.0.9.1' }, { id: 'client', address: '127.0.9.2' }],
      endpoints: [{ role: 'server', host: 'server', protocol: 'tcp', port: PORT }],
    },
    async serve(lab) {
      server = lab.process({ id: 'server', host: 'server', kind: 'server' }, program, { port: lab.endpoint('server').port, ...options });
      await server.ready;
    },
    play: (lab) => play(lab, must(server, 'server')),
    actions: { kill: async () => server?.kill() },
  };
}

/** A client that connects, does that, and hangs up. Resolves when its role has ended. */
export const client = (lab: LabContext, id: string, talk: (socket: StreamSocket, role: RoleContext) => Promise<void>): Promise<unknown> =>
  lab.role({ id, host: 'client', kind: 'client' }, async (role) => {
    const socket = await role.host.net.dial(lab.endpoint('server'));
    try {
      await talk(socket, role);
    } finally {
      socket.close();
    }
  }).ended;

export const say = async (socket: StreamSocket, text: string): Promise<void> => socket.sendAll(new TextEncoder().encode(text));

export async function hear(socket: StreamSocket, bytes: number): Promise<string> {
  let heard = '';
  while (heard.length < bytes) {
    const got = await socket.recv(65_536);
    if (got.length === 0) break;
    heard += new TextDecoder('latin1').decode(got);
  }
  return heard;
}

export const allFacts = (run: LabTest): readonly Fact[] => Array.from({ length: run.store.count }, (_, seq) => run.store.at(seq));

/** Connections that wait for accept(): what Linux says of the listening socket; null elsewhere. */
export function acceptQueue(address: string): number | null {
  if (process.platform !== 'linux') return null;
  const hex = address.split('.').reverse().map((part) => Number(part).toString(16).padStart(2, '0')).join('').toUpperCase();
  const row = readFileSync('/proc/net/tcp', 'latin1').split('\n').find((one) => one.includes(` ${hex}:${PORT.toString(16).toUpperCase()} 00000000:0000 0A `));
  return row === undefined ? null : Number.parseInt(/ 0A [0-9A-F]+:([0-9A-F]+)/.exec(row)?.[1] ?? '', 16);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits until it is true; a test that waits for ever fails by its own time. */
export async function eventually(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}
