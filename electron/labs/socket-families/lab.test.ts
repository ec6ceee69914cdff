// The same exchange over every family on real sockets; foreign programs take part; what a family lacks is not there.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { must } from '../../../shared/base/assert';
import { probeAddress } from '../../runtime/hosts';
import { start } from '../../../tests/interop/support';
import { LabTest, local } from '../run.fixture';
import lab from './lab';

/** Some machines have no IPv6: then the lab has to say so, and only so. */
const six = (await probeAddress('::1')) === null;
const linux = process.platform === 'linux';

describe('the same exchange', () => {
  it('goes over every family that this system has', async () => {
    const run = await LabTest.play(lab, { text: 'hello', exchanges: 2 });
    for (const kind of ['inet', 'inet-dgram', 'unix', ...(six ? ['inet6', 'inet6-dgram'] : [])]) expect(run.prints(`client-${kind}`), kind).toContain('answer: HELLO');
    expect(run.facts('socket.opened', 'server-unix').map((fact) => fact.text)).toEqual(['AF_UNIX']);
    expect(run.stepsDone()).toEqual(lab.manifest.steps.map(({ id }) => id).filter((id) => six || !id.startsWith('inet6')));
    expect([run.verdict('handshakes'), run.verdict('name')]).toEqual([six ? 'two' : 'one', 'nothing']);
    if (linux) expect(run.verdict('inode')).toBe('inode');
    if (!six) expect(run.errors('server-inet6')).not.toEqual([]);
  });

  it('has a handshake over TCP, and nothing but bytes over AF_UNIX', async () => {
    const run = await LabTest.play(lab, { family: 'unix', exchanges: 3 });
    await run.untilFacts('socket.closed', 'server-unix');
    expect(run.segments().map(({ kind, transport }) => `${transport} ${kind}`)).toEqual(Array.from({ length: 6 }, () => 'unix data'));
    const [conn] = [must(run.story.connections.at(0), 'a connection')];
    expect([conn.client.endpoint, conn.outcome]).toEqual([{ address: '', port: 0 }, 'closed']);
    expect(conn.server.endpoint.address).toMatch(/^\/.*\/families\.sock$/);
    expect(run.stepsDone()).toEqual(['descriptor', 'path', 'accept', 'unix', 'missing']);
  });

  it.runIf(!six)('there is no ::1 here: what needs IPv6 fails with an error of the system, in the trace', async () => {
    const run = await LabTest.play(lab, { family: 'inet6' });
    expect(run.errors('server-inet6')).toEqual([expect.stringMatching(/^(EADDRNOTAVAIL|EAFNOSUPPORT)$/)]);
    expect(run.prints('client-inet6')).toEqual([]);
  });

  it.runIf(six)('names both ends of IPv6 as ours, by ::1', async () => {
    const run = await LabTest.play(lab, { family: 'inet6' });
    const segments = run.segments();
    expect(segments.some(({ kind, from }) => kind === 'syn' && from.address === '::1')).toBe(true);
    expect(new Set(run.story.hosts.filter(({ foreign }) => foreign))).toEqual(new Set());
    const socket = must(run.story.socket(must(run.facts('socket.opened', 'client-inet6')[0], 'a socket').sock), 'a socket');
    expect([socket.family, socket.remote?.address]).toEqual(['AF_INET6', '::1']);
  });

  it('leaves a path that is in use alone', async () => {
    const run = await LabTest.serve(lab, { family: 'unix' });
    await run.act('second-server', { socket: 'unix' });
    expect(run.errors('server-unix-2')).toEqual(['EADDRINUSE']);
    await run.act('say', { socket: 'unix', text: 'still there' });
    expect(run.prints('client-unix')).toContain('answer: STILL THERE');
  });
});

it.runIf(linux)('a descriptor leads to an inode, whatever is behind it', async () => {
  const run = await LabTest.play(lab, { family: 'inet' });
  const prints = run.prints('descriptors');
  const opened = must(run.facts('socket.opened', 'descriptors')[0], 'a socket');
  expect(prints[0]).toMatch(/^open\(\) gave descriptor \d+; write\(\d+\) wrote 17 B/);
  expect(prints[2]).toMatch(/regular file -> \/.*note\.txt$/);
  expect(prints[3]).toMatch(new RegExp(`^descriptor ${opened.a}, TCP socket -> socket:\\[\\d+\\]$`));
});

describe('programs of others', () => {
  it('nc -U and python3 talk to the AF_UNIX server', async () => {
    const run = await LabTest.serve(lab, { family: 'unix' });
    const path = must(run.facts('socket.bound', 'server-unix')[0]?.local?.address, 'a path');
    const nc = start('nc', '-U', path);
    nc.type('from nc\n');
    await nc.printed(/FROM NC/);
    nc.kill();
    const folder = mkdtempSync(`${tmpdir()}/named-`);
    const python = start('python3', '-c', 'import sys; from socket import *; s = socket(AF_UNIX); s.bind(sys.argv[2]); s.connect(sys.argv[1]); s.sendall(b"from python\\n"); print(s.recv(100))', path, `${folder}/me`);
    expect((await python.ended).output).toContain('FROM PYTHON');
    rmSync(folder, { recursive: true });
    await run.untilFacts('socket.closed', 'server-unix', 2);
    expect(run.story.hosts.filter(({ foreign }) => foreign).map(({ id }) => id)).toEqual(['AF_UNIX']);
    expect(run.segments().every(({ transport }) => transport === 'unix')).toBe(true);
  });

  it('nc reaches the others by address and port', async () => {
    await LabTest.serve(lab, { family: 'inet' });
    const tcp = start('nc', local('127.0.74.2'), '7050');
    tcp.type('over tcp\n');
    await tcp.printed(/OVER TCP/);
    const udp = start('nc', '-u', local('127.0.74.2'), '7050');
    udp.type('over udp\n');
    await udp.printed(/OVER UDP/);
  });

  it.runIf(six)('nc -6 reaches ::1', async () => {
    const run = await LabTest.serve(lab, { family: 'inet6' });
    const port = must(run.facts('socket.listened', 'server-inet6')[0]?.local?.port, 'a port');
    const nc = start('nc', '-6', '::1', `${port}`);
    nc.type('six\n');
    await nc.printed(/SIX/);
  });
});
