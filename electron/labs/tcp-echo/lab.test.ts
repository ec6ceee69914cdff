// The echo lab on real sockets: what its lesson says can be seen in the trace, for every kind of client and every failure.
import { describe, expect, it } from 'vitest';
import { LabTest, local } from '../run.fixture';
import lab from './lab';

describe('a client that closes early', () => {
  it('tells the story of the lesson', async () => {
    const run = await LabTest.play(lab);
    expect(run.ladder()).toMatchSnapshot();
    expect(run.stepsDone()).toEqual(['listen', 'connect', 'accept', 'send', 'read', 'echo', 'close', 'aftermath']);
    expect(run.prints('client-1')).toEqual(['sent 96 B, received 16 B']);
    expect([run.verdict('received'), run.verdict('learns')]).toEqual(['fewer', 'error']);
  });

  it('leaves the server to find out: FIN, then RST for its next bytes, then EPIPE', async () => {
    const run = await LabTest.play(lab);
    const ends = run.segments().filter((segment) => segment.kind === 'fin' || segment.kind === 'rst');
    expect(ends.map((segment) => [segment.kind, segment.from.address])).toEqual([['fin', local('127.0.10.1')], ['rst', local('127.0.10.1')]]);
    expect(run.errors('server')).toEqual(['EPIPE']);
  });

  it('resets at once when it leaves bytes unread, and the server meets ECONNRESET', async () => {
    const run = await LabTest.play(lab, { lines: 1000, 'read-size': 65_536, delay: 0 });
    expect(run.bytes('bytes.received', 'client-1')).toBe(1024);
    expect(run.segments().filter((segment) => segment.kind === 'fin')).toEqual([]);
    expect(run.segments().filter((segment) => segment.kind === 'rst')).toHaveLength(1);
    expect(run.errors('server')).toEqual(['ECONNRESET']);
    expect([run.verdict('received'), run.verdict('learns')]).toEqual(['fewer', 'error']);
  });
});

describe('sockets and streams', () => {
  it('keeps the listening socket and the connected one apart', async () => {
    const run = await LabTest.play(lab, { client: 'half-closes', clients: 2 });
    const accepted = run.facts('connection.accepted', 'server');
    const listening = new Set(accepted.map((fact) => Number(fact.sock)));
    expect(listening.size).toBe(1);
    expect(new Set(accepted.map((fact) => fact.a)).size).toBe(2);
    const carrying = [...run.facts('bytes.received', 'server'), ...run.facts('bytes.sent', 'server')].map((fact) => Number(fact.sock));
    expect(carrying.some((sock) => listening.has(sock))).toBe(false);
    // accept() tells who it is: the address and port that the client's own socket has.
    const clients = run.facts('connect.ended', 'client*').map((fact) => fact.local?.port);
    expect(accepted.map((fact) => fact.remote?.port).sort()).toEqual(clients.sort());
  });

  it('reads a 32 B send in pieces of 16 B', async () => {
    const run = await LabTest.play(lab, { client: 'half-closes' });
    expect(run.facts('bytes.sent', 'client-1').map((fact) => fact.size)).toEqual([32, 32, 32]);
    expect(run.facts('bytes.received', 'server').map((fact) => fact.size)).toEqual([16, 16, 16, 16, 16, 16]);
  });

  it('reads many sends at once when its buffer is large', async () => {
    const run = await LabTest.play(lab, { client: 'half-closes', lines: 100, 'read-size': 65_536 });
    expect(run.bytes('bytes.received', 'server')).toBe(3200);
    expect(run.facts('bytes.received', 'server').length).toBeLessThan(10);
  });
});

describe('clients that lose nothing', () => {
  it.each(['half-closes', 'line-by-line', 'two-threads', 'multiplexed'])('%s', async (client) => {
    const run = await LabTest.play(lab, { client });
    // What two threads do has no one order.
    if (client !== 'two-threads') expect(run.ladder()).toMatchSnapshot();
    expect(run.prints('client-1')).toEqual(['sent 96 B, received 96 B']);
    expect(run.segments().some((segment) => segment.kind === 'rst')).toBe(false);
    expect(run.errors('server')).toEqual([]);
    expect([run.verdict('received'), run.verdict('learns')]).toEqual(['all', 'end-of-stream']);
  });

  it('half-close: its FIN goes first, the echo after it, and recv() returns 0 on both sides', async () => {
    const run = await LabTest.play(lab, { client: 'half-closes' });
    const shutdown = run.facts('stream.shutdown', 'client-1')[0]?.seq ?? Infinity;
    expect(run.facts('bytes.received', 'client-1').every((fact) => fact.seq > shutdown)).toBe(true);
    expect(run.facts('stream.ended', 'server')).toHaveLength(1);
    expect(run.facts('stream.ended', 'client-1')).toHaveLength(1);
    expect(run.stepsDone()).toContain('fix');
  });

  it('line by line: the next line goes when the last one is back', async () => {
    const run = await LabTest.play(lab, { client: 'line-by-line', delay: 0 });
    for (const send of run.facts('bytes.sent', 'client-1')) {
      const back = run.facts('bytes.received', 'client-1').filter((fact) => fact.seq < send.seq);
      expect(back.reduce((sum, fact) => sum + fact.size, 0)).toBe(send.offset);
    }
  });

  it('two threads: receiving does not wait for sending', async () => {
    const run = await LabTest.play(lab, { client: 'two-threads', lines: 20, delay: 0 });
    const lastSend = run.facts('bytes.sent', 'client-1').at(-1)?.seq ?? 0;
    expect(run.facts('bytes.received', 'client-1')[0]?.seq).toBeLessThan(lastSend);
    expect(run.prints('client-1')).toEqual(['sent 640 B, received 640 B']);
  });
});

describe('many clients', () => {
  it.each(['closes-early', 'half-closes', 'line-by-line', 'two-threads', 'multiplexed'])('50 at once: %s', async (client) => {
    const run = await LabTest.play(lab, { client, clients: 50, delay: 5 });
    expect(run.facts('socket.listened', 'server')).toHaveLength(1);
    const ports = run.facts('connection.accepted', 'server').map((fact) => fact.remote?.port);
    expect(new Set(ports).size).toBe(50);
    expect(run.facts('role.ended', 'client*').map((fact) => fact.text)).toEqual(Array.from({ length: 50 }, () => 'done'));
    expect(run.bytes('bytes.sent', 'client*')).toBe(50 * 96);
    expect(run.verdict('received')).toBe(client === 'closes-early' ? 'fewer' : 'all');
  });
});

describe('failures', () => {
  it('nobody listens: RST, ECONNREFUSED, said plainly', async () => {
    const run = await LabTest.play(lab, { server: 'absent' });
    expect(run.ladder()).toMatchSnapshot();
    expect(run.facts('connect.ended', 'client-1').map((fact) => fact.err)).toEqual(['ECONNREFUSED']);
    expect(run.prints('client-1')).toEqual(['ECONNREFUSED: nobody listens there. Is the server running?']);
    expect(run.facts('role.ended', 'client-1').map((fact) => [fact.text, fact.err])).toEqual([['failed', 'ECONNREFUSED']]);
    expect([run.verdict('received'), run.verdict('learns')]).toEqual(['none', 'never']);
  });

  it('server killed with bytes unread: its system sends RST, the client meets ECONNRESET', async () => {
    const run = await LabTest.play(lab, { server: 'killed', client: 'half-closes' });
    expect(run.facts('role.ended', 'server').map((fact) => fact.text)).toEqual(['killed']);
    expect(run.facts('socket.closed', 'server')).toHaveLength(2);
    expect(run.errors('client-1')).toEqual(['ECONNRESET']);
    expect([run.verdict('received'), run.verdict('learns')]).toEqual(['fewer', 'never']);
  });

  it('server killed with nothing unread: its system sends FIN, the client reads the end of the stream', async () => {
    const run = await LabTest.play(lab, { server: 'killed', client: 'line-by-line' });
    expect(run.facts('role.ended', 'server').map((fact) => fact.text)).toEqual(['killed']);
    expect(run.facts('stream.ended', 'client-1')).toHaveLength(1);
    expect(run.errors('client-1')).toEqual([]);
    expect([run.verdict('received'), run.verdict('learns')]).toEqual(['fewer', 'never']);
  });

  it.each(['closes-early', 'two-threads', 'multiplexed', 'by-hand'])('every client outlives a killed or absent server: %s', async (client) => {
    for (const server of ['killed', 'absent']) {
      const run = await LabTest.play(lab, { client, server, clients: 3, delay: 0 });
      expect(run.verdict('received')).not.toBeNull();
      expect(run.verdict('learns')).not.toBeNull();
      await run.stop();
    }
  });
});

describe('by hand', () => {
  it('does what the user says, and nothing else', async () => {
    const run = await LabTest.play(lab, { client: 'by-hand' });
    await run.act('send-line', { text: 'one' });
    await run.untilFacts('bytes.received', 'client-1');
    expect(run.prints('client-1')).toEqual(['one']);
    await run.act('shutdown-wr');
    await run.untilFacts('stream.ended', 'client-1');
    expect(run.facts('socket.closed', 'client-1')).toEqual([]);
    await run.act('close');
    await run.untilFacts('role.ended', 'client-1');
    expect(run.facts('role.ended', 'client-1').map((fact) => fact.text)).toEqual(['done']);
    expect([run.verdict('received'), run.verdict('learns')]).toEqual(['all', 'end-of-stream']);
    await expect(run.act('send-line', { text: 'two' })).rejects.toMatchObject({ code: 'NO_CLIENT' });
  });

  it('kills and starts the server: refused in between, a new process after', async () => {
    const run = await LabTest.play(lab, { client: 'by-hand' });
    await run.act('kill-server');
    await run.untilFacts('stream.ended', 'client-1');
    await run.act('connect');
    expect(run.errors('client-2')).toEqual(['ECONNREFUSED']);
    await expect(run.act('kill-server')).rejects.toMatchObject({ code: 'NO_SERVER' });
    await run.act('start-server');
    await run.act('connect');
    await run.act('send-line', { text: 'again' });
    await run.untilFacts('bytes.received', 'client-3');
    expect(run.facts('bytes.sent', 'server-2')).toHaveLength(1);
    await run.act('start-server');
    expect(run.errors('server-3')).toEqual(['EADDRINUSE']);
  });
});

it('serve starts the server and no client', async () => {
  const run = await LabTest.serve(lab);
  expect(run.facts('socket.listened', 'server').map((fact) => fact.local)).toEqual([{ address: local('127.0.20.1'), port: 7007 }]);
  expect(run.facts('role.started', 'client*')).toEqual([]);
});
