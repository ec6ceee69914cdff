// The daytime lab on real sockets: the calls that the lesson names, in their order, and what goes wrong.
import { describe, expect, it } from 'vitest';
import { LabTest } from '../run.fixture';
import lab from './lab';

describe('the time', () => {
  it('comes as one line, and the server closes first', async () => {
    const run = await LabTest.play(lab);
    expect(run.ladder()).toMatchSnapshot();
    expect(run.stepsDone()).toEqual(['bind', 'listen', 'connect', 'accept', 'answer', 'close', 'recv']);
    const answer = run.facts('bytes.received', 'client-1');
    expect(answer.map((fact) => fact.a)).toEqual([1024]);
    expect(answer.map((fact) => run.text(fact)).join('')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\n$/);
    expect(run.facts('socket.listened', 'server').map((fact) => fact.a)).toEqual([2]);
    expect([run.verdict('connects'), run.verdict('closes-first')]).toEqual(['connected', 'server']);
  });

  it.runIf(process.platform !== 'win32')('is served by socket, setsockopt, bind, listen, accept, send, close: the calls of the course, in its order', async () => {
    const run = await LabTest.play(lab);
    const calls = run.ladder().split('\n').map((line) => /\bserver {2}(?:·· )?(socket|setsockopt|bind|listen|accept|send|close)\(/.exec(line)?.[1]);
    expect(calls.filter((call) => call !== undefined)).toEqual(['socket', 'setsockopt', 'bind', 'listen', 'accept', 'send', 'close']);
  });

  it('serves 50 clients through a queue of 2', async () => {
    const run = await LabTest.play(lab, { clients: 50 });
    expect(run.facts('role.ended', 'client*').map((fact) => fact.text)).toEqual(Array.from({ length: 50 }, () => 'done'));
    expect(run.bytes('bytes.received', 'client*')).toBe(50 * 24);
    expect(run.verdict('closes-first')).toBe('server');
  });
});

describe('failures', () => {
  it('a second server on the port: EADDRINUSE, and the first one does not notice', async () => {
    const run = await LabTest.play(lab, { server: 'two' });
    expect(run.ladder()).toMatchSnapshot();
    expect(run.stepsDone()).toContain('taken');
    expect(run.errors('server-2')).toEqual(['EADDRINUSE']);
    expect(run.prints('server-2')).toEqual(['EADDRINUSE: another socket has this address and port']);
    expect(run.errors('server')).toEqual([]);
    expect([run.verdict('connects'), run.verdict('closes-first')]).toEqual(['connected', 'server']);
  });

  it('no server: ECONNREFUSED', async () => {
    const run = await LabTest.play(lab, { server: 'none', clients: 2 });
    expect(run.errors('client-1')).toEqual(['ECONNREFUSED']);
    expect(run.errors('client-2')).toEqual(['ECONNREFUSED']);
    expect(run.prints('client-1')).toEqual(['ECONNREFUSED: nobody listens there. Is the server running?']);
    expect([run.verdict('connects'), run.verdict('closes-first')]).toEqual(['refused', 'nobody']);
  });

  it('the server is killed and started again', async () => {
    const run = await LabTest.play(lab);
    await run.act('ask-again');
    expect(run.facts('bytes.received', 'client-2')).toHaveLength(1);
    await run.act('kill-server');
    await run.act('ask-again');
    expect(run.errors('client-3')).toEqual(['ECONNREFUSED']);
    // The port's old connections are in TIME_WAIT on the server's side: SO_REUSEADDR lets the new one bind all the same.
    await run.act('start-server');
    await run.act('ask-again');
    expect(run.facts('bytes.sent', 'server-2')).toHaveLength(1);
    await run.act('start-server');
    expect(run.errors('server-3')).toEqual(['EADDRINUSE']);
  });
});
