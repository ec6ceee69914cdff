import { describe, expect, it } from 'vitest';
import { scenario } from './fixture';
import { udpUppercase } from './fixtureScenes';
import type { Segment, Story } from './story';

const AT = { address: '127.0.21.1', port: 12_000 };
const segments = (story: Story): Segment[] => Array.from({ length: story.segments.count }, (_, n) => story.segments.at(n));
const fates = (story: Story): string[] => segments(story).map((segment) => segment.fate);

function pair() {
  const s = scenario();
  const server = s.role('server', AT.address, 'server').udp(AT.port);
  const client = s.role('client', '127.0.21.2', 'client').udp();
  return { s, server, client };
}

describe('datagrams', () => {
  it('pair sendto() with recvfrom(), both ways, and tell what was lost by the end of the run', () => {
    const { story, trace } = udpUppercase().told();
    expect(segments(story).map((segment) => [segment.from.address, segment.to.address, segment.size, segment.fate, segment.transport])).toEqual([
      ['127.0.21.2', '127.0.21.1', 5, 'read', 'udp'], ['127.0.21.1', '127.0.21.2', 5, 'read', 'udp'],
      ['127.0.21.2', '127.0.21.1', 5, 'read', 'udp'], ['127.0.21.1', '127.0.21.2', 5, 'read', 'udp'],
      ['127.0.21.2', '127.0.21.1', 4, 'lost', 'udp'],
    ]);
    for (const segment of segments(story).slice(0, 4)) {
      expect(trace.payload(segment.sentSeq ?? -1)).toEqual(trace.payload(segment.receivedSeq ?? -1));
      expect(segment.fromSock).not.toBe(segment.toSock);
    }
  });

  it('of a program that got its name later are its own, and nobody is left at its address', () => {
    const s = scenario();
    const server = s.role('server', AT.address, 'server').udp(AT.port);
    const outside = (port: number) => ({ address: '127.0.0.1', port });
    const hosts = (): string[] => s.told().story.hosts.filter(({ foreign }) => foreign).map(({ id }) => id);
    const name = (port: number, pid: number): void => void s.fact('role.noted', { text: JSON.stringify({ topic: 'process.named', protocol: 'udp', ...outside(port), pid, name: 'dig' }) });
    server.arrives('who?', outside(4001));
    server.recv();
    expect(hosts()).toEqual(['127.0.0.1']);
    name(4001, 7);
    expect(hosts()).toEqual(['dig-7']);
    server.send('you', outside(4001));
    expect(hosts()).toEqual(['dig-7']);
    // Another one that nobody names stays one of that address.
    server.arrives('who?', outside(4002));
    server.recv();
    name(4003, 8);
    expect(hosts()).toContain('127.0.0.1');
    expect(segments(s.told().story).map(({ fromHost, toHost }) => [fromHost, toHost].map((host) => s.told().story.host(host)?.id))).toEqual([['dig-7', 'server'], ['server', 'dig-7'], ['127.0.0.1', 'server']]);
  });

  it('are on their way until someone receives them or the run ends', () => {
    const { s, server, client } = pair();
    client.send('one', AT);
    expect(fates(s.told().story)).toEqual(['unread']);
    s.end();
    expect(fates(s.told().story)).toEqual(['lost']);
    server.recv();
    expect(fates(s.told().story)).toEqual(['read']);
  });

  it('that look the same are taken oldest first; one that was overtaken is lost', () => {
    const { s, server, client } = pair();
    const first = client.send('same', AT);
    client.send('other', AT, true);
    client.send('same', AT);
    server.recv();
    const { story, trace } = s.told();
    expect(fates(story)).toEqual(['read', 'unread', 'unread']);
    expect(story.segments.at(0).sentSeq).toBe(first);
    server.recv();
    expect(fates(s.told().story)).toEqual(['read', 'lost', 'read']);
    expect(trace.count).toBeGreaterThan(0);
  });

  it('cut off by a small buffer are read in part', () => {
    const { s, server, client } = pair();
    client.send('hello world', AT);
    server.recv(5);
    expect(fates(s.told().story)).toEqual(['partly']);
  });

  it('find their receiver also when it is bound to every address', () => {
    const s = scenario();
    const server = s.role('server', '0.0.0.0', 'server').udp(9);
    const client = s.role('client', '127.0.21.2', 'client').udp();
    // The miniature kernel looks up the very address; the real one takes a wildcard too.
    client.send('hi', { address: '127.0.21.1', port: 9 });
    server.arrives('hi', client.local ?? AT);
    server.recv();
    const { story } = s.told();
    expect(fates(story)).toEqual(['read']);
    expect(story.hosts.some((host) => host.foreign)).toBe(false);
  });

  it('to a port where nobody is bound: silence on an unconnected socket', () => {
    const s = scenario();
    s.host('server', AT.address);
    s.role('client', '127.0.21.2', 'client').udp().send('anyone?', AT);
    s.end();
    const { story } = s.told();
    expect(fates(story)).toEqual(['lost']);
    expect(story.host(story.segments.at(0).toHost)?.id).toBe('server');
  });

  it('to a port where nobody is bound: ECONNREFUSED on a connected one, because ICMP came back', () => {
    const s = scenario();
    s.host('server', AT.address);
    const client = s.role('client', '127.0.21.2', 'client').udp();
    client.connect(AT);
    const sent = client.send('anyone?');
    client.recv();
    const { story, trace } = s.told();
    const [datagram, icmp] = segments(story);
    expect([datagram?.fate, icmp?.kind, icmp?.transport, icmp?.from, icmp?.to]).toEqual(['lost', 'unreachable', 'icmp', AT, client.local]);
    expect(trace.at(icmp?.receivedSeq ?? -1)).toMatchObject({ kind: 'call.failed', err: 'ECONNREFUSED' });
    expect(icmp?.provenance).toMatchObject({ rule: 'udp.unreachable', from: [sent, icmp?.receivedSeq] });
    expect(story.momentOfSegment(icmp?.id ?? -1)).toBe(story.momentOfFact(sent) + 1);
    expect(story.moments.at(story.momentOfSegment(icmp?.id ?? -1)).trouble).toBe(true);
  });

  it('that the next send() finds refused are told by it', () => {
    const s = scenario();
    const client = s.role('client', '127.0.21.2', 'client').udp();
    client.connect(AT);
    client.send('first');
    client.send('second');
    const { story } = s.told();
    expect(segments(story).map((segment) => [segment.kind, segment.fate])).toEqual([['datagram', 'lost'], ['unreachable', 'none']]);
  });

  it('too large to send are no datagrams at all', () => {
    const { s, client } = pair();
    client.send(new Uint8Array(65_508), AT);
    const { story } = s.told();
    expect(story.segments.count).toBe(0);
    expect(story.moments.at(story.moments.count - 1).trouble).toBe(true);
  });

  it('of a program that is not ours are inferred from what came in; what it is sent has no known fate', () => {
    const { s, server } = pair();
    const python = { address: '127.0.0.1', port: 50_000 };
    server.arrives('hello', python).recv();
    server.send('HELLO', python);
    const { story } = s.told();
    const [heard, said] = segments(story);
    expect([heard?.provenance.evidence, heard?.fate, heard?.fromSock, heard?.payloadSeq]).toEqual(['inferred', 'read', null, heard?.receivedSeq]);
    expect([said?.provenance.evidence, said?.fate, said?.arrive]).toEqual(['observed', 'unknown', null]);
    expect([heard?.fromHost, said?.toHost].map((host) => host !== undefined && story.host(host)?.name)).toEqual(['127.0.0.1', '127.0.0.1']);
  });

  it('received before their sendto() was recorded, as two threads may, are paired all the same', () => {
    const { s, server, client } = pair();
    client.send('first', AT);
    const local = client.local;
    server.recv();
    s.fact('datagram.received', { role: 1, sock: server.sock, a: 2048, local: AT, remote: local, bytes: new Uint8Array([1, 2]) });
    s.fact('datagram.sent', { role: 2, sock: client.sock, a: 2, local, remote: AT, bytes: new Uint8Array([1, 2]) });
    expect(fates(s.told().story)).toEqual(['read', 'read']);
  });
});
