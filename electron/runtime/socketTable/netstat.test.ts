// What netstat of macOS and of Windows prints, in the forms that their sources and manuals give, read as rows; and followed as facts of a run.

import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { traced } from '../../capture/traced.fixture';
import { bsdListenQueues, bsdRows, windowsRows } from './netstat';
import { netstatPath } from './netstatTable';
import { SocketSampler } from './sampler';

const MACOS = `Active Internet connections (including servers)
Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)
tcp4      12      7  127.0.0.1.7007         127.0.0.1.52001        ESTABLISHED
tcp4       0      0  127.0.0.1.52001        127.0.0.1.7007         FIN_WAIT_2
tcp6       0      0  fe80::1%lo0.1024       fe80::2%lo0.1025       SYN_RCVD
tcp6       0      0  ::1.7007               *.*                    LISTEN
tcp46      0      0  *.3283                 *.*                    LISTEN
`;
const MACOS_UDP = `Active Internet connections (including servers)
Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)
udp4       5      0  127.0.0.1.12000        *.*
udp4       0      0  127.0.0.1.50000        127.0.0.1.12000
`;
const MACOS_QUEUES = `Current listen queue sizes (qlen/incqlen/maxqlen)
Listen         Local Address
3/0/128        ::1.7007
0/0/5          *.3283
`;
const WINDOWS = [
  '', 'Active Connections', '', '  Proto  Local Address          Foreign Address        State           PID',
  '  TCP    127.0.0.1:7007         0.0.0.0:0              LISTENING       4321', '  TCP    127.0.0.1:7007         127.0.0.1:52001        CLOSE_WAIT      4321',
  '  TCP    [::1]:7008             [::]:0                 LISTENING       4321', '  TCP    10.0.0.1:1            10.0.0.2:2             HERGESTELLT     12', '  UDP    127.0.0.1:12000        *:*                                    99', '',
].join('\r\n');

describe('netstat', () => {
  it('of macOS: states in one spelling, queues, addresses with their port behind a dot', () => {
    expect(bsdRows(MACOS)).toEqual([
      { kind: 'tcp', local: { address: '127.0.0.1', port: 7007 }, remote: { address: '127.0.0.1', port: 52_001 }, state: 'ESTABLISHED', send: 7, receive: 12, pid: null },
      { kind: 'tcp', local: { address: '127.0.0.1', port: 52_001 }, remote: { address: '127.0.0.1', port: 7007 }, state: 'FIN_WAIT2', send: 0, receive: 0, pid: null },
      { kind: 'tcp6', local: { address: 'fe80::1', port: 1024 }, remote: { address: 'fe80::2', port: 1025 }, state: 'SYN_RECV', send: 0, receive: 0, pid: null },
      { kind: 'tcp6', local: { address: '::1', port: 7007 }, remote: null, state: 'LISTEN', send: 0, receive: 0, pid: null },
      { kind: 'tcp6', local: { address: '::', port: 3283 }, remote: null, state: 'LISTEN', send: 0, receive: 0, pid: null },
    ]);
    expect(bsdRows(MACOS_UDP).map(({ kind, state, receive }) => [kind, state, receive])).toEqual([['udp', 'CLOSE', 5], ['udp', 'ESTABLISHED', 0]]);
    expect(bsdListenQueues(MACOS_QUEUES).get('::1 7007')).toBe(3);
  });

  it('of Windows: whose they are, no queues; a state in another language is not guessed', () => {
    expect(windowsRows(WINDOWS)).toEqual([
      { kind: 'tcp', local: { address: '127.0.0.1', port: 7007 }, remote: null, state: 'LISTEN', send: null, receive: null, pid: 4321 },
      { kind: 'tcp', local: { address: '127.0.0.1', port: 7007 }, remote: { address: '127.0.0.1', port: 52_001 }, state: 'CLOSE_WAIT', send: null, receive: null, pid: 4321 },
      { kind: 'tcp6', local: { address: '::1', port: 7008 }, remote: null, state: 'LISTEN', send: null, receive: null, pid: 4321 },
      { kind: 'udp', local: { address: '127.0.0.1', port: 12_000 }, remote: null, state: 'CLOSE', send: null, receive: null, pid: 99 },
    ]);
  });

  it('has nothing to say where it prints anything else', () => {
    for (const text of ['', 'netstat: n/a', 'tcp4 0 0 x y LISTEN', '  TCP    127.0.0.1:99999  *:*  LISTENING  1', 'tcp4 1 2 127.0.0.1.1 127.0.0.1.70000 ESTABLISHED']) expect([...bsdRows(text), ...windowsRows(text)]).toEqual([]);
  });

  it('is the system’s own', () => {
    expect(netstatPath('darwin')).toBe('/usr/sbin/netstat');
    expect(netstatPath('win32')).toMatch(/\\System32\\netstat\.exe$/);
    expect(netstatPath('freebsd')).toBeNull();
  });
});

describe.runIf(process.platform === 'linux')('a system without /proc', () => {
  const after: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    for (const end of after.splice(0).reverse()) await end();
  });

  it('is asked by its netstat, and what changes or goes is told', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'looplab-netstat-'));
    after.push(() => rm(folder, { recursive: true }));
    const trace = traced();
    const server = trace.role('server');
    after.push(() => server.closeAll());
    const listener = await server.net.listen({ port: 0 });
    const at = `${listener.endpoint.address}.${listener.endpoint.port}`;
    const table = path.join(folder, 'tcp');
    // Stands in for the system's program: prints the files beside it as macOS would.
    const program = path.join(folder, 'netstat');
    await writeFile(program, `#!/bin/sh\ncase "$*" in '-an -p tcp') cat '${table}';; '-anL -p tcp') echo '2/0/128  ${at}';; *) exit 64;; esac\n`);
    await chmod(program, 0o700);
    await writeFile(table, `tcp4 0 0 ${at} *.* LISTEN\ntcp4 9 0 ${at} 127.0.0.9.1025 ESTABLISHED\ntcp4 0 0 10.0.0.1.80 10.0.0.2.1 ESTABLISHED\n`);
    const sampler = new SocketSampler({ recorder: trace.recorder, addresses: [server.address], platform: 'darwin', netstat: program });
    after.push(() => sampler.stop());
    sampler.start();
    // The book learns of sockets that come while it is kept: this one.
    await server.net.listen({ port: 0 });
    const told = async (count: number): Promise<string[]> => {
      while (trace.facts('socket.sampled').length < count) await new Promise((resolve) => setTimeout(resolve, 10));
      return trace.facts('socket.sampled').map(({ text, a, b, remote }) => `${text} ${a} ${b} ${remote?.address ?? ''}`.trim());
    };
    expect(await told(2)).toEqual(['LISTEN 0 2', 'ESTABLISHED 0 9 127.0.0.9']);
    await writeFile(table, `tcp4 0 0 ${at} *.* LISTEN\n`);
    await server.net.listen({ port: 0 });
    expect((await told(3))[2]).toBe('GONE 0 0 127.0.0.9');
  });
});
