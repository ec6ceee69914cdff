// The user's own programs behind a relay of ours: what a client of theirs sends to the relay goes on to their server, and both appear on the
// stage. With the example a small server and client of ours stand where theirs will.

import type { Lab, LabContext, RoleContext } from '../../roles/lab';
import { plainly } from '../../roles/errno';
import { NO_TCP_FAULTS, NO_UDP_FAULTS } from '../../../shared/lab/faults';
import type { Endpoint } from '../../../shared/trace/event';
import { manifest } from './manifest';

const isUdp = (lab: LabContext): boolean => lab.text('protocol') === 'udp';
const LOOPBACK = { ipv4: '127.0.0.1', ipv6: '::1' } as const;
const PAGE = '<!doctype html><title>Example</title><p>It works.</p>\n';
const ANSWER = `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: ${PAGE.length}\r\nConnection: close\r\n\r\n${PAGE}`;
const ASKED = 'GET / HTTP/1.1\r\nHost: example.test\r\nConnection: close\r\n\r\n';
const DATAGRAM = 'hello through the tap';
const BUFFER = 65_536;
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Whom the relay stands before. */
const target = (lab: LabContext): Endpoint =>
  lab.flag('example') ? lab.endpoint(isUdp(lab) ? 'server-udp' : 'server') : { address: lab.text('family') === 'ipv6' ? LOOPBACK.ipv6 : LOOPBACK.ipv4, port: lab.number('target-port') };

/** Answers each client with one page. */
async function exampleServer(role: RoleContext, port: number): Promise<void> {
  const listening = await role.host.net.listen({ port });
  role.signal.addEventListener('abort', () => listening.close());
  role.listening({ protocol: 'tcp', ...listening.endpoint });
  while (!role.signal.aborted) {
    const client = await listening.accept();
    const asked = await client.recv(BUFFER);
    if (asked.length > 0) await client.sendAll(bytesOf(ANSWER));
    client.close();
  }
}

async function exampleClient(role: RoleContext, server: Endpoint): Promise<void> {
  const socket = await role.host.net.dial(server);
  await socket.sendAll(bytesOf(ASKED));
  let size = 0;
  for (let more = await socket.recv(BUFFER); more.length > 0; more = await socket.recv(BUFFER)) size += more.length;
  role.print(`${size} B came back`);
  socket.close();
}

async function exampleUdpServer(role: RoleContext, port: number): Promise<void> {
  const socket = await role.host.dgram.bind(port);
  role.signal.addEventListener('abort', () => socket.close());
  role.listening({ protocol: 'udp', address: role.host.address, port });
  while (!role.signal.aborted) {
    const { bytes, from } = await socket.recvFrom(BUFFER);
    await socket.sendTo(bytesOf(new TextDecoder().decode(bytes).toUpperCase()), from);
  }
}

async function exampleUdpClient(role: RoleContext, server: Endpoint): Promise<void> {
  const socket = await role.host.dgram.bind(0);
  await socket.sendTo(bytesOf(DATAGRAM), server);
  const { bytes } = await socket.recvFrom(BUFFER);
  role.print(`${bytes.length} B came back`);
  socket.close();
}

const lab: Lab = {
  manifest,

  async serve(lab) {
    const udp = isUdp(lab);
    const server = target(lab);
    if (lab.flag('example')) {
      await lab.role({ id: udp ? 'server-udp' : 'server', host: 'server', kind: 'server' }, plainly((role) => (udp ? exampleUdpServer(role, server.port) : exampleServer(role, server.port)))).ready;
    }
    // The number that the manifest has may be moved where all hosts share one address.
    const asked = lab.number('port');
    const id = udp ? 'tap-udp' : 'tap';
    const place = { id, target: server, seed: 1, ...(asked !== OWN_PORT && { port: asked }), meet: (end: Endpoint) => lab.nameProgram(udp ? 'udp' : 'tcp', end) };
    await (udp ? lab.udpRelay({ ...place, faults: NO_UDP_FAULTS }) : lab.tcpRelay({ ...place, faults: NO_TCP_FAULTS }));
  },

  async play(lab) {
    // What the user's own programs do is the run.
    if (!lab.flag('example')) return 'open';
    const asked = lab.number('port');
    const { address, port } = lab.endpoint(isUdp(lab) ? 'tap-udp' : 'tap');
    const tap = { address, port: asked === OWN_PORT ? port : asked };
    await lab.role({ id: 'client', host: 'client', kind: 'client' }, plainly((role) => (isUdp(lab) ? exampleUdpClient(role, tap) : exampleClient(role, tap)))).ended;
    return undefined;
  },
};

/** That of the manifest's endpoints. */
const OWN_PORT = 8090;

export default lab;
