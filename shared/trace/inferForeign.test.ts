import { describe, expect, it } from 'vitest';
import { cpuTime } from '../base/cpuTime.fixture';
import type { SockId } from '../base/brand';
import { scenario } from './fixture';
import type { Segment, Story } from './story';

const SERVER = { address: '127.0.20.1', port: 7007 };

const segments = (story: Story): Segment[] => Array.from({ length: story.segments.count }, (_, n) => story.segments.at(n));
const rule = (segment: Segment): string => (segment.provenance.evidence === 'inferred' ? segment.provenance.rule : segment.provenance.evidence);
/** TCP segments without bytes, in the order of the picture: `fin up tcp.fin.close`. */
const control = (story: Story): string[] =>
  segments(story)
    .filter((segment) => segment.kind !== 'data')
    .sort((a, b) => story.momentOfSegment(a.id) - story.momentOfSegment(b.id))
    .map((segment) => `${segment.kind} ${segment.dir ?? ''} ${rule(segment)}`);
const closing = (story: Story): string[] => control(story).filter((text) => /^(fin|rst)/.test(text));
const states = (story: Story, sock: number): string[] => (story.socket(sock as SockId)?.states ?? []).map((change) => change.state);

describe('a program that is not ours', () => {
  it('as a client: known by what reaches our socket', () => {
    const s = scenario();
    const listener = s.role('server', SERVER.address, 'server').listen(SERVER.port);
    const nc = s.foreignClient(listener);
    const p = listener.accept();
    nc.send('hello\n');
    p.send(p.recv());
    nc.recv();
    nc.close();
    p.recv();
    p.close();
    const { story } = s.told();
    expect(story.hosts.map((host) => [host.name, host.foreign])).toEqual([['server', false], ['127.0.0.1', true]]);
    expect(control(story)).toEqual([
      'syn up tcp.handshake.connected', 'syn-ack down tcp.handshake.connected', 'ack up tcp.handshake.connected',
      'fin up tcp.fin.end-of-stream', 'fin down tcp.fin.close',
    ]);
    const [heard, said] = segments(story).filter((segment) => segment.kind === 'data').sort((a, b) => a.depart - b.depart);
    expect([heard?.dir, heard?.fate, heard && rule(heard), heard?.fromSock]).toEqual(['up', 'read', 'peer.sent', null]);
    expect([said?.dir, said?.fate, said && rule(said), said?.arrive]).toEqual(['down', 'unknown', 'observed', null]);
    expect(story.connections.at(0)).toMatchObject({ outcome: 'closed', client: { sock: null, endpoint: { address: '127.0.0.1', port: 40_001 } } });
  });

  it('as a server: our connect() succeeds where nobody of ours listens', () => {
    const s = scenario();
    s.host('server', SERVER.address);
    const python = s.foreignServer('127.0.0.1', 9000);
    const client = s.role('client', '127.0.20.2', 'client');
    const c = client.connect({ address: '127.0.0.1', port: 9000 });
    const theirs = python.accept();
    theirs.send('2030-01-01\n');
    theirs.close();
    c?.recv();
    c?.recv();
    c?.close();
    const { story } = s.told();
    expect(control(story).slice(3)).toEqual(['fin down tcp.fin.end-of-stream', 'fin up tcp.fin.close']);
    expect(story.host(story.connections.at(0).server.host)).toMatchObject({ foreign: true, name: '127.0.0.1' });
    expect(states(story, 1)).toEqual(['CLOSED', 'SYN_SENT', 'ESTABLISHED', 'CLOSE_WAIT', 'LAST_ACK', 'CLOSED']);
  });

  it('that resets is known by ECONNRESET', () => {
    const s = scenario();
    const listener = s.role('server', SERVER.address, 'server').listen(SERVER.port);
    const nc = s.foreignClient(listener);
    const p = listener.accept();
    p.send('nobody reads this');
    nc.close();
    p.recv();
    p.close();
    const { story, trace } = s.told();
    expect(closing(story)).toEqual(['rst up tcp.rst.reset']);
    expect(trace.at(segments(story).find((segment) => segment.kind === 'rst')?.receivedSeq ?? -1).err).toBe('ECONNRESET');
    expect(story.connections.at(0).outcome).toBe('reset');
  });

  it('is told from a client of ours that is still in connect()', () => {
    const s = scenario();
    const listener = s.role('server', SERVER.address, 'server').listen(SERVER.port);
    const client = s.role('client', '127.0.0.1', 'client');
    const nc = s.foreignClient(listener);
    const calling = client.dial(SERVER);
    const [p, q] = [listener.accept(), listener.accept()];
    nc.send('from nc');
    p.recv();
    // Until connect() returns, either of the two could be ours.
    expect(s.told().story.hosts.some((host) => host.foreign)).toBe(false);
    calling.end()?.send('from ours');
    q.recv();
    const { story } = s.told();
    expect([0, 1].map((n) => [story.connections.at(n).client.sock === null, story.connections.at(n).up.received])).toEqual([[true, 7], [false, 9]]);
    expect(segments(story).filter((segment) => segment.kind === 'data').map(rule).sort()).toEqual(['observed', 'peer.sent']);
    expect(segments(story).filter((segment) => segment.kind === 'syn')).toHaveLength(2);
  });

  it('is known at once where the port of our client is', () => {
    const s = scenario();
    const listener = s.role('server', SERVER.address, 'server').listen(SERVER.port);
    const client = s.role('client', '127.0.0.1', 'client');
    const local = { address: '127.0.0.1', port: 50_001 };
    const sock = s.newSock();
    s.fact('socket.opened', { role: client.role, sock, b: 1, text: 'AF_INET' });
    s.fact('socket.bound', { role: client.role, sock, local });
    s.fact('connect.started', { role: client.role, sock, remote: SERVER });
    s.foreignClient(listener);
    listener.accept();
    const accepted = s.fact('connection.accepted', { role: 1, sock: listener.sock, a: s.newSock(), local: SERVER, remote: local });
    expect(s.told().story.connections.at(0).client).toMatchObject({ sock: null, host: s.told().story.hosts[2]?.index });
    s.fact('connect.ended', { role: client.role, sock, local, remote: SERVER });
    const { story } = s.told();
    expect(story.connections.count).toBe(2);
    expect(story.connections.at(1).client.sock).toBe(sock);
    expect(story.moments.at(story.momentOfFact(accepted)).conn).toBe(2);
  });

  it('is not mixed up with ten thousand of ours that connect at once', () => {
    const connected = (many: number): { readonly ms: number; readonly found: readonly unknown[] } => {
      const s = scenario();
      const listener = s.role('server', SERVER.address, 'server').listen(SERVER.port);
      const client = s.role('client', '127.0.20.2', 'client');
      const calls = Array.from({ length: many }, (_, n) => {
        const [sock, local] = [s.newSock(), { address: '127.0.20.2', port: 10_000 + n }];
        s.fact('socket.opened', { role: client.role, sock, b: 1, text: 'AF_INET' });
        s.fact('socket.bound', { role: client.role, sock, local });
        s.fact('connect.started', { role: client.role, sock, remote: SERVER });
        return { sock, local };
      });
      for (const { local } of calls) s.fact('connection.accepted', { role: 1, sock: listener.sock, a: s.newSock(), local: SERVER, remote: local });
      for (const { sock, local } of calls) s.fact('connect.ended', { role: client.role, sock, local, remote: SERVER });
      const trace = s.trace();
      const before = cpuTime();
      const { story } = s.told();
      return { ms: before(), found: [trace.count > 5 * many, story.connections.count, story.hosts.some((host) => host.foreign)] };
    };
    connected(1000);
    const [few, many] = [connected(1000), connected(10_000)];
    expect([few.found, many.found]).toEqual([[true, 1000, false], [true, 10_000, false]]);
    // Ten times as many take ten times as long, give or take a busy machine; each one looking at all the others would take a hundred times.
    expect(many.ms / few.ms).toBeLessThan(50);
  });
});
