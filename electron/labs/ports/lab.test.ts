// Ports on real sockets: 4-tuples, a source port that two clients share, UDP, a taken port, and protocols of one's own with foreign clients.
import { describe, expect, it } from 'vitest';
import { must } from '../../../shared/base/assert';
import { doorsAt } from '../../../shared/trace/ports/doors';
import { lookup } from '../../../shared/trace/ports/lookup';
import { start } from '../../../tests/interop/support';
import { LabTest, local } from '../run.fixture';
import lab from './lab';

const SERVER = local('127.0.76.3');

describe('one port', () => {
  it('has many conversations, told apart by both ends', async () => {
    const run = await LabTest.play(lab);
    expect(run.stepsDone()).toEqual(lab.manifest.steps.map(({ id }) => id));
    expect([run.verdict('doors'), run.verdict('same-port'), run.verdict('datagrams')]).toEqual(['more', 'both', 'one']);
    const accepted = run.facts('connection.accepted', 'server');
    expect(accepted).toHaveLength(4);
    expect(new Set(accepted.map(({ local }) => local?.port))).toEqual(new Set([7070]));
    expect(new Set(accepted.map(({ remote }) => `${remote?.address} ${remote?.port}`)).size).toBe(4);
    const first = must(accepted[0]?.remote, 'a client');
    const same = must(accepted[3]?.remote, 'a client');
    expect([same.port, same.address]).toEqual([first.port, local('127.0.76.2')]);
    expect(run.facts('connection.accepted', 'server-other')[0]?.remote).toEqual(first);
    // Each was answered with its own 4-tuple.
    expect(run.prints('client-same')).toEqual([`TCP ${same.address}:${same.port} -> ${SERVER}:7070`]);
    expect(run.prints('client-other')).toEqual([`TCP ${first.address}:${first.port} -> ${SERVER}:7071`]);
  });

  it('is looked up in the table as the kernel did: the door is the socket that read it', async () => {
    const run = await LabTest.play(lab, { connections: 6 });
    let checked = 0;
    for (const segment of run.segments()) {
      if (segment.size === 0 || segment.toSock === null) continue;
      const doors = doorsAt(run.story, segment.toHost, run.story.momentTime(run.story.momentOfSegment(segment.id)));
      const door = must(doors[lookup(segment, doors).door], 'a door');
      if (door.kind !== 'queued') expect(door.sock).toBe(segment.toSock);
      checked++;
    }
    expect(checked).toBeGreaterThan(20);
  });

  it('of TCP has nothing to do with that of UDP', async () => {
    const run = await LabTest.play(lab);
    expect(run.facts('socket.opened', 'server-udp')).toHaveLength(1);
    expect(run.facts('socket.bound', 'server-udp')[0]?.local).toEqual(run.facts('socket.bound', 'server')[0]?.local);
    expect(new Set(run.facts('datagram.received', 'server-udp').map(({ remote }) => remote?.address))).toEqual(new Set([local('127.0.76.1'), local('127.0.76.2')]));
    expect(run.errors('server-again')).toEqual(['EADDRINUSE']);
  });

  it.runIf(process.platform === 'linux')('ports that nobody asked for come from the range that the system names', async () => {
    const run = await LabTest.play(lab, { connections: 5 });
    const { low, high } = JSON.parse(must(run.facts('role.noted', 'client-1')[0], 'the note').text) as { low: number; high: number };
    expect(low).toBeGreaterThan(0);
    for (const { remote } of run.facts('connection.accepted', 'server')) expect(must(remote, 'a client').port >= low && must(remote, 'a client').port <= high).toBe(true);
  });

  it('a client may ask for a port of its own', async () => {
    const run = await LabTest.serve(lab);
    await run.act('visit', { port: 20_076 });
    expect(run.facts('connection.accepted', 'server')[0]?.remote?.port).toBe(20_076);
  });
});

describe('a private protocol', () => {
  it.each(['lf', 'crlf', 'length-1', 'length-2', 'length-4', 'fixed'])('framed by %s', async (framing) => {
    const run = await LabTest.serve(lab, { framing, 'frame-size': 64, commands: 'ADD = {argument} and more' });
    await run.act('say', { text: 'ADD one' });
    expect(run.prints('client-private')).toEqual(['ADD one → one and more']);
  });

  it('answers what it does not understand, and harms nobody', async () => {
    const run = await LabTest.serve(lab, { framing: 'length-4' });
    await run.act('say-raw', { bytes: String.raw`\xff\xff\xff\xff` });
    expect(run.prints('client-private')[0]).toContain('ERR the length says 4294967295 B');
    await run.act('say-raw', { bytes: String.raw`\x00\x00` });
    await run.until(() => run.prints('private').length === 2);
    expect(run.prints('private').map((line) => line.replace(/^[^ ]+ /, ''))).toEqual(['malformed: the length says 4294967295 B: 4096 B at most', 'ended in the middle of a message, 2 B of it came']);
    await run.act('say', { text: 'HELLO still' });
    expect(run.prints('client-private-3')).toEqual(['HELLO still → hello still']);
  });

  it('says what is wrong with its commands', async () => {
    const run = await LabTest.serve(lab, { commands: 'NO REPLY\nA = b' });
    expect(run.prints('private')).toEqual(['commands, line 1: no "=" between name and reply']);
  });

  it('is open to whoever knows it: nc, by lines', async () => {
    await LabTest.serve(lab);
    const nc = start('nc', SERVER, '7077');
    nc.type('HELLO nc\nDANCE\n');
    await nc.printed(/hello nc\nERR unknown command; there are: HELLO TIME COUNT\n/);
  });

  it('is open to python3, by lengths', async () => {
    const run = await LabTest.serve(lab, { framing: 'length-2', port: 7078 });
    const python = start('python3', '-c', 'import sys, struct; from socket import *; s = create_connection((sys.argv[1], 7078)); m = b"HELLO python"; s.sendall(struct.pack("!H", len(m)) + m); f = s.makefile("rb"); n, = struct.unpack("!H", f.read(2)); print(f.read(n).decode())', SERVER);
    expect((await python.ended).output).toBe('hello python\n');
    await run.untilFacts('socket.closed', 'private');
    expect(run.story.hosts.filter(({ foreign }) => foreign)).toHaveLength(1);
  });
});
