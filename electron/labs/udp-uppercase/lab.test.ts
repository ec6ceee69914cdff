// The UDP lab on real sockets: addresses, boundaries, silence, refusal, and datagrams of the wrong length.
import { describe, expect, it } from 'vitest';
import { LabTest, local } from '../run.fixture';
import lab from './lab';

describe('datagrams', () => {
  it('go, come back in capitals, and keep their boundaries', async () => {
    const run = await LabTest.play(lab);
    expect(run.ladder()).toMatchSnapshot();
    expect(run.stepsDone()).toEqual(['bind', 'send', 'source', 'reply', 'receive', 'close']);
    const sent = run.facts('datagram.sent', 'client-1');
    const received = run.facts('datagram.received', 'server');
    expect(sent.map((fact) => run.text(fact))).toEqual(['input lowercase sentence 1', 'input lowercase sentence 2', 'input lowercase sentence 3']);
    expect(received.map((fact) => run.text(fact))).toEqual(sent.map((fact) => run.text(fact)));
    expect(run.facts('datagram.received', 'client-1').map((fact) => run.text(fact))).toEqual(sent.map((fact) => run.text(fact).toUpperCase()));
    expect([run.verdict('answer'), run.verdict('boundaries')]).toEqual(['answered', 'each']);
  });

  it('carry their destination by the program, their source by the system', async () => {
    const run = await LabTest.play(lab, { datagrams: 1 });
    const [sent] = run.facts('datagram.sent', 'client-1');
    const [received] = run.facts('datagram.received', 'server');
    const [bound] = run.facts('socket.bound', 'client-1');
    expect(sent?.remote).toEqual({ address: local('127.0.20.1'), port: 12_000 });
    expect(received?.remote).toEqual(bound?.local);
    expect(run.facts('datagram.sent', 'server')[0]?.remote).toEqual(received?.remote);
  });

  it('of 50 clients reach one socket and find their way back', async () => {
    const run = await LabTest.play(lab, { clients: 50, datagrams: 2 });
    expect(run.facts('socket.opened', 'server')).toHaveLength(1);
    expect(new Set(run.facts('datagram.received', 'server').map((fact) => fact.remote?.port)).size).toBe(50);
    expect(run.facts('role.ended', 'client*').map((fact) => fact.text)).toEqual(Array.from({ length: 50 }, () => 'done'));
    expect(run.verdict('boundaries')).toBe('each');
  });

  it('are cut off by a short buffer, and the rest is gone', async () => {
    const run = await LabTest.play(lab, { datagrams: 2, 'recv-size': 8 });
    expect(run.facts('datagram.received', 'client-1').map((fact) => run.text(fact))).toEqual(['INPUT LO', 'INPUT LO']);
    expect(run.verdict('answer')).toBe('answered');
  });

  it('work on a connected socket too', async () => {
    const run = await LabTest.play(lab, { socket: 'connected' });
    expect(run.facts('datagram.sent', 'client-1').map((fact) => fact.b)).toEqual([1, 1, 1]);
    expect(run.facts('datagram.received', 'client-1')).toHaveLength(3);
  });
});

describe('failures', () => {
  it('no server, unconnected socket: silence, then the client gives up', async () => {
    const run = await LabTest.play(lab, { server: 'absent' });
    expect(run.ladder()).toMatchSnapshot();
    expect(run.errors('client-1')).toEqual(['ETIMEDOUT']);
    expect(run.prints('client-1')).toEqual(['ETIMEDOUT: no answer in time']);
    expect(run.segments().every((segment) => segment.fate === 'lost')).toBe(true);
    expect([run.verdict('answer'), run.verdict('boundaries')]).toEqual(['silence', 'none']);
  });

  it.each([1, 3])('no server, connected socket, %i datagrams: ECONNREFUSED', async (datagrams) => {
    const run = await LabTest.play(lab, { server: 'absent', socket: 'connected', datagrams });
    expect(run.errors('client-1')).toEqual(['ECONNREFUSED']);
    expect(run.segments().some((segment) => segment.kind === 'unreachable')).toBe(true);
    expect([run.verdict('answer'), run.verdict('boundaries')]).toEqual(['refused', 'none']);
  });

  it.each(['unconnected', 'connected'])('too long, %s socket: EMSGSIZE, and nothing is sent', async (socket) => {
    const run = await LabTest.play(lab, { oversize: true, socket });
    expect(run.facts('datagram.sent', 'client-1').map((fact) => [fact.err, fact.a])).toEqual([['EMSGSIZE', -1]]);
    expect(run.facts('datagram.received', 'server')).toEqual([]);
    expect(run.prints('client-1')).toEqual(['EMSGSIZE: longer than a datagram may be']);
    expect([run.verdict('answer'), run.verdict('boundaries')]).toEqual(['too-big', 'none']);
  });

  it('the server is killed and started again', async () => {
    const run = await LabTest.play(lab);
    await run.act('send', { text: 'now' });
    expect(run.prints('client-2')).toEqual([`${local('127.0.20.1')}:12000 answers NOW`]);
    await run.act('kill-server');
    await run.act('send', { text: 'nobody' });
    expect(run.errors('client-3')).toEqual(['ETIMEDOUT']);
    await run.act('start-server');
    await run.act('send', { text: 'back' });
    expect(run.prints('client-4')).toEqual([`${local('127.0.20.1')}:12000 answers BACK`]);
    await run.act('start-server');
    expect(run.errors('server-3')).toEqual(['EADDRINUSE']);
  });
});
