// The echo lab on real sockets: what its lesson says can be seen in the trace, for every kind of client and every failure.
import { describe, expect, it } from 'vitest';
import type { SelectSets } from '../../../shared/trace/event';
import { selectSets } from '../../../shared/trace/selectSets';
import { BufferedWriter } from '../../roles/tcp/echoClients/flushTrap';
import { LabTest, local } from '../run.fixture';
import lab from './lab';

describe('a client that closes early', () => {
  it('tells the story of the lesson', async () => {
    const run = await LabTest.play(lab);
    expect(run.ladder()).toMatchSnapshot();
    expect(run.stepsDone()).toEqual(['listen', 'code-closes-early', 'connect', 'accept', 'send', 'read', 'echo', 'close', 'aftermath']);
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
  it.each(['half-closes', 'line-by-line', 'two-threads', 'multiplexed', 'class'])('%s', async (client) => {
    const run = await LabTest.play(lab, { client });
    // What two threads do has no one order, nor has what select() finds ready together.
    if (client !== 'two-threads' && client !== 'multiplexed') expect(run.ladder()).toMatchSnapshot();
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

describe('a multiplexed client', () => {
  const sets = (run: LabTest, kind: 'select.started' | 'select.returned'): SelectSets[] => run.facts(kind, 'client-1').map((fact) => selectSets(fact.text));

  it('does only what select() found ready, and asks about writing only while it has something to say', async () => {
    const run = await LabTest.play(lab, { client: 'multiplexed' });
    expect(run.stepsDone()).toContain('select');
    expect(run.facts('recv.started', 'client-1')).toEqual([]);
    expect(run.facts('bytes.sent', 'client-1').every((fact) => fact.b === 1 && fact.err === '')).toBe(true);
    const shutdown = run.facts('stream.shutdown', 'client-1')[0]?.seq ?? 0;
    for (const fact of run.facts('select.started', 'client-1')) expect(selectSets(fact.text).write.length).toBe(fact.seq < shutdown ? 1 : 0);
    const reads = sets(run, 'select.returned').filter(({ read }) => read.length > 0).length;
    expect(run.facts('bytes.received', 'client-1').length + 1).toBe(reads);
  });

  it('wakes with empty sets when the time is over', async () => {
    const run = await LabTest.play(lab, { client: 'multiplexed', lines: 1, 'read-size': 64, delay: 60, timeout: 5 });
    expect(sets(run, 'select.returned').some(({ read, write }) => read.length + write.length === 0)).toBe(true);
    expect(run.prints('client-1')).toEqual(['sent 32 B, received 32 B']);
  });
});

describe('the flush trap', () => {
  it('both wait in recv(), nothing was ever sent, and only patience ends it', async () => {
    const run = await LabTest.play(lab, { client: 'flush-trap' });
    expect(run.facts('bytes.sent')).toEqual([]);
    expect(['client-1', 'server'].map((role) => run.facts('recv.started', role).length)).toEqual([1, 1]);
    expect(run.prints('client-1')).toEqual(['wrote 32 B into my own buffer', 'gave up after 1500 ms: 32 B are still in my own buffer, never sent', 'sent 0 B, received 0 B']);
    expect(run.stepsDone()).toEqual(expect.arrayContaining(['code-flush-trap', 'trap', 'deadlock']));
    expect([run.verdict('received'), run.verdict('learns')]).toEqual(['none', 'end-of-stream']);
  });

  it('a full buffer is written all the same, and flush() at once', async () => {
    const taken: number[] = [];
    const wfile = new BufferedWriter({ sendAll: (bytes) => Promise.resolve(void taken.push(bytes.length)) }, 8192);
    for (let n = 0; n < 300; n++) await wfile.write(new Uint8Array(32));
    expect([taken, wfile.kept]).toEqual([[8192], 300 * 32 - 8192]);
    await wfile.flush();
    expect([taken, wfile.kept, wfile.sent]).toEqual([[8192, 1408], 0, 9600]);
  });
});

describe('behind a relay', () => {
  it('every byte passes it, both ways, and it is a host of its own', async () => {
    const run = await LabTest.play(lab, { client: 'half-closes', relay: true });
    expect(run.prints('client-1')).toEqual(['sent 96 B, received 96 B']);
    expect(run.facts('connect.ended', 'client-1')[0]?.remote).toEqual({ address: local('127.0.30.1'), port: 7008 });
    expect(run.bytes('bytes.sent', 'relay')).toBe(192);
  });

  it('is not there when it is not asked for', async () => {
    const run = await LabTest.play(lab, { client: 'half-closes' });
    expect(run.facts('host.added').map((fact) => fact.text).join()).not.toContain('relay');
  });
});

describe('many clients', () => {
  it('100 and more are all connected before the first sends, and one that cannot connect keeps nobody waiting', async () => {
    const run = await LabTest.play(lab, { client: 'line-by-line', clients: 60, lines: 1, 'read-size': 64, delay: 0 });
    const firstSend = run.facts('bytes.sent', 'client*')[0]?.seq ?? 0;
    const open = run.facts('connect.ended', 'client*');
    expect([open.length, open.every((fact) => fact.seq < firstSend)]).toEqual([60, true]);
    const absent = await LabTest.play(lab, { client: 'line-by-line', clients: 60, server: 'absent' });
    expect(absent.facts('role.ended', 'client*')).toHaveLength(60);
  });

  it.each(['closes-early', 'half-closes', 'line-by-line', 'two-threads', 'multiplexed', 'class'])('50 at once: %s', async (client) => {
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
    // Whom it has not accepted yet would be reset.
    await run.untilFacts('connection.accepted', 'server');
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
