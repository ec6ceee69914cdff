// Programs that show how ports tell conversations apart: servers that say between which ends they heard something, and clients that hold
// their connections open until they are told, so that many exist at the same time.

import { readFileSync } from 'node:fs';
import { formatEndpoint } from '../../../shared/trace/endpoint';
import type { Endpoint } from '../../../shared/trace/event';
import { sayError } from '../errno';
import type { StreamSocket } from '../host';
import type { RoleContext } from '../lab';
import { lineReader } from '../tcp/lineReader';
import { decode, encode } from '../text';

const READ_SIZE = 1024;
/** How long an answer to a datagram is waited for, in ms. */
const PATIENCE = 2000;

const between = (from: Endpoint, to: Endpoint): string => `${formatEndpoint(from)} -> ${formatEndpoint(to)}`;

/** Answers each line with the 4-tuple on which it came. Rejects when it cannot listen (EADDRINUSE). Until the role ends. */
export async function tupleServer(role: RoleContext, port: number): Promise<void> {
  const listening = await role.host.net.listen({ port });
  role.listening({ protocol: 'tcp', ...listening.endpoint });
  for (;;) {
    const connected = await listening.accept();
    void serve(role, connected);
  }
}

async function serve(role: RoleContext, connected: StreamSocket): Promise<void> {
  try {
    for (;;) {
      const bytes = await connected.recv(READ_SIZE);
      if (bytes.length === 0) break;
      await connected.sendAll(encode(`TCP ${between(connected.remote, connected.local)}\n`));
    }
  } catch (error) {
    if (!role.signal.aborted) role.print(`${formatEndpoint(connected.remote)} ${sayError(error)}`);
  } finally {
    connected.close();
  }
}

/** One socket for every client: recvfrom() tells who it was. Until the role ends. */
export async function tupleDatagramServer(role: RoleContext, port: number): Promise<void> {
  const socket = await role.host.dgram.bind(port);
  role.listening({ protocol: 'udp', address: role.host.address, port });
  for (;;) {
    const { bytes, from } = await socket.recvFrom(2048);
    role.print(`${formatEndpoint(from)} says ${decode(bytes)}`);
    await socket.sendTo(encode(`UDP ${between(from, { address: role.host.address, port })}`), from);
  }
}

export interface Visit {
  readonly server: Endpoint;
  readonly text: string;
  /** 0: the system chooses. */
  readonly port: number;
  /** Told the client's own end once connect() has returned. */
  connected(local: Endpoint): void;
  /** Resolve when it may speak, and when it may close. */
  readonly speak: Promise<unknown>;
  readonly leave: Promise<unknown>;
  /** Called when it has its answer. */
  answered(): void;
}

export async function visitor(role: RoleContext, visit: Visit): Promise<void> {
  const socket = await role.host.net.dial(visit.server, undefined, undefined, visit.port);
  visit.connected(socket.local);
  try {
    await visit.speak;
    await socket.sendAll(encode(`${visit.text}\n`));
    role.print((await lineReader(socket, READ_SIZE).readLine()).trimEnd());
    visit.answered();
    await visit.leave;
  } finally {
    socket.close();
  }
}

export async function datagramVisitor(role: RoleContext, server: Endpoint, text: string): Promise<void> {
  const socket = await role.host.dgram.open();
  try {
    await socket.sendTo(encode(text), server);
    role.print(decode((await socket.recvFrom(2048, PATIENCE)).bytes));
  } finally {
    socket.close();
  }
}

/** Notes the range from which the system chooses ports (Linux: ip_local_port_range); 0 and 0 where it is not to be read. */
export function notePortRange(role: RoleContext): void {
  const [low, high] = readRange();
  role.note({ topic: 'ports.range', low, high });
}

function readRange(): readonly [number, number] {
  try {
    const [low = 0, high = 0] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').trim().split(/\s+/).map(Number);
    return Number.isInteger(low) && Number.isInteger(high) && low > 0 && low <= high && high <= 65_535 ? [low, high] : [0, 0];
  } catch {
    return [0, 0];
  }
}
