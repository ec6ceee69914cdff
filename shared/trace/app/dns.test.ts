import { describe, expect, it } from 'vitest';
import { must } from '../../base/assert';
import { framed } from '../../codec/dns/codec';
import { encodeMessage } from '../../codec/dns/message';
import { NO_FLAGS, queryFor, type DnsMessage, type DnsRecord, type RecordData } from '../../codec/dns/records';
import { DNS_TYPE, RCODE } from '../../codec/dns/types';
import { findField } from '../../codec/field';
import type { UdpEnd } from '../fixtureUdp';
import { dialled, folded, webScene } from './appScene.fixture';

const AT = { address: '127.0.40.53', port: 8053 };
const NAME = 'www.example.test.';
const record = (name: string, data: RecordData, ttl = 300): DnsRecord => ({ name, class: 1, ttl, data });
const query = (id: number, name = NAME, type: number = DNS_TYPE.A, rd = true): DnsMessage => queryFor(id, name, type, { rd });

function answer(asked: DnsMessage, more: Partial<Omit<DnsMessage, 'flags'>> & { readonly flags?: Partial<DnsMessage['flags']> } = {}): DnsMessage {
  const { flags, ...sections } = more;
  return { ...asked, additionals: [], flags: { ...NO_FLAGS, qr: true, rd: asked.flags.rd, ...flags }, ...sections };
}

const A = record(NAME, { type: 'A', address: '127.0.40.1' });

function scene() {
  const s = webScene();
  const server = s.role('resolver', AT.address, 'server').udp(AT.port);
  const actor = s.role('client', '127.0.40.2', 'client');
  return { s, server, actor, client: actor.udp() };
}

/** One question and what is answered to it. */
function asks(client: UdpEnd, server: UdpEnd, message: DnsMessage, told: DnsMessage): void {
  client.send(encodeMessage(message), AT);
  server.recv();
  server.send(encodeMessage(told), must(client.local, 'address'));
  client.recv();
}

describe('a query and its answer', () => {
  it('are paired, with what the answer says', () => {
    const { s, client, server } = scene();
    const asked = query(0x1234);
    asks(client, server, asked, answer(asked, { answers: [A], flags: { aa: true, ra: true } }));
    const { app, story } = folded(s);
    expect(app.messages).toMatchObject([
      { protocol: 'dns', kind: 'query', carrier: 'udp', conn: null, dir: 'up', summary: 'A www.example.test', state: 'complete' },
      { protocol: 'dns', kind: 'answer', dir: 'down', summary: 'A www.example.test: 127.0.40.1', trouble: false },
    ]);
    const [exchange] = app.queries;
    expect(exchange).toMatchObject({
      query: 0, answer: 1, transport: 'udp', transaction: 0x1234, name: 'www.example.test', type: 'A', recursionDesired: true, rcode: 'NOERROR', authoritative: true, truncated: false,
      result: 'answer', records: [{ section: 'answer', text: 'www.example.test. 300 IN A 127.0.40.1' }], lookup: null,
    });
    expect(story.role(must(exchange?.clientRole, 'role'))?.id).toBe('client');
    expect(exchange?.arrive).toBe(app.messages[1]?.arrive);
    expect(app.messages[0]?.segments.flatMap((id) => app.messagesOfSegment(id))).toEqual([0]);
    expect(app.messagesOfFact(must(app.messages[1]?.arriveSeq, 'read'))).toEqual([1]);
    expect(app.messagesOfFact(must(app.messages[1]?.sentSeq, 'send'))).toEqual([1]);
    expect(findField(must(app.fields(0), 'tree'), 'dns.id')?.value).toBe(0x1234);
  });

  it('are known by their bytes on a port that stands for nothing', () => {
    const s = webScene();
    const server = s.role('mine', '127.0.40.9', 'server').udp(5300);
    const client = s.role('client', '127.0.40.2', 'client').udp();
    const to = { address: '127.0.40.9', port: 5300 };
    client.send(Uint8Array.of(1, 2, 3), to);
    server.recv();
    const asked = query(7);
    client.send(encodeMessage(asked), to);
    server.recv();
    server.send(encodeMessage(answer(asked, { answers: [A] })), must(client.local, 'address'));
    client.recv();
    const { app } = folded(s);
    expect(app.queries).toMatchObject([{ name: 'www.example.test', result: 'answer' }]);
    expect(app.messages.map(({ protocol, kind, dir }) => [protocol, kind, dir])).toEqual([['dns', 'query', 'up'], ['dns', 'answer', 'down']]);
  });

  it('say what kind of answer it is', () => {
    const { s, client, server } = scene();
    const soa = record('example.test.', { type: 'SOA', mname: 'ns.example.test.', rname: 'me.example.test.', serial: 1, refresh: 2, retry: 3, expire: 4, minimum: 5 });
    const alias = record(NAME, { type: 'CNAME', target: 'web.example.test.' });
    const told: readonly Parameters<typeof answer>[1][] = [
      { answers: [alias, record('web.example.test.', { type: 'A', address: '127.0.40.1' })] },
      { answers: [alias] },
      { authorities: [record('test.', { type: 'NS', target: 'ns.test.' })], additionals: [record('ns.test.', { type: 'A', address: '127.0.40.7' })] },
      { authorities: [soa] },
      { authorities: [soa], flags: { rcode: RCODE.NXDOMAIN } },
      { flags: { tc: true } },
      { flags: { rcode: RCODE.SERVFAIL } },
    ];
    for (const [id, more] of told.entries()) asks(client, server, query(id), answer(query(id), more));
    const { app } = folded(s);
    expect(app.queries.map(({ result }) => result)).toEqual(['answer', 'cname', 'referral', 'nodata', 'nxdomain', 'truncated', 'error']);
    expect(app.messages.filter(({ kind }) => kind === 'answer').map(({ summary, trouble }) => [summary.split(': ')[1], trouble])).toEqual([
      ['CNAME web.example.test, 127.0.40.1', false], ['CNAME web.example.test', false], ['referral to test', false], ['no data', false], ['NXDOMAIN', true], ['truncated', false],
      ['SERVFAIL', true],
    ]);
  });

  it('are told apart from a retransmission: the answer belongs to the one that a relay did not lose', () => {
    const { s, client, server } = scene();
    const asked = query(7);
    client.send(encodeMessage(asked), AT);
    server.recv();
    s.fact('fault.applied', { role: server.role, sock: server.sock, b: 1, text: 'loss', size: 34 });
    s.wait(1_000_000);
    asks(client, server, asked, answer(asked, { answers: [A] }));
    const { app } = folded(s);
    expect(app.queries.map(({ query: id, answer: told, result }) => [id, told, result])).toEqual([[0, null, 'none'], [1, 2, 'answer']]);
  });

  it('belong to the first that arrived where both did', () => {
    const { s, client, server } = scene();
    const asked = query(7);
    for (let n = 0; n < 2; n++) client.send(encodeMessage(asked), AT);
    for (let n = 0; n < 2; n++) server.recv();
    for (let n = 0; n < 2; n++) server.send(encodeMessage(answer(asked, { answers: [A] })), must(client.local, 'address'));
    for (let n = 0; n < 2; n++) client.recv();
    expect(folded(s).app.queries.map(({ query: id, answer: told }) => [id, told])).toEqual([[0, 2], [1, 3]]);
  });

  it('are not paired when id, question or place differ', () => {
    const { s, client, server } = scene();
    const spoofer = s.role('spoofer', '127.0.40.66', 'client').udp(8053);
    client.send(encodeMessage(query(1)), AT);
    server.recv();
    const home = must(client.local, 'address');
    spoofer.send(encodeMessage(answer(query(1), { answers: [A] })), home);
    server.send(encodeMessage(answer(query(2), { answers: [A] })), home);
    server.send(encodeMessage(answer(query(1, 'other.test.'), { answers: [A] })), home);
    for (let n = 0; n < 3; n++) client.recv();
    const { app } = folded(s);
    expect(app.messages).toHaveLength(4);
    expect(app.queries).toMatchObject([{ answer: null, result: 'none' }]);
    expect([1, 2, 3].map((id) => app.queryOf(id))).toEqual([null, null, null]);
  });

  it('show what is malformed, and the FORMERR that answers it', () => {
    const { s, client, server } = scene();
    client.send(encodeMessage(query(9)).slice(0, 20), AT);
    server.recv();
    server.send(encodeMessage({ ...query(9), questions: [], flags: { ...NO_FLAGS, qr: true, rcode: RCODE.FORMERR } }), must(client.local, 'address'));
    client.recv();
    client.send(Uint8Array.of(1, 2, 3), AT);
    const { app } = folded(s);
    expect(app.messages.map(({ kind, state, summary, trouble }) => [kind, state, summary, trouble])).toEqual([
      ['query', 'malformed', 'malformed', true], ['answer', 'complete', 'FORMERR', true], ['query', 'malformed', 'malformed', true],
    ]);
    expect(app.queries).toMatchObject([{ transaction: 9, name: '', result: 'error', rcode: 'FORMERR' }]);
  });

  it('go over TCP too, in pieces', () => {
    const { s, client, server } = dialled(8053);
    const asked = query(3);
    const wire = framed(encodeMessage(asked));
    client.send(wire.slice(0, 1));
    expect(folded(s).app.messages).toMatchObject([{ state: 'partial', kind: 'query' }]);
    client.send(wire.slice(1));
    server.recv();
    server.send(framed(encodeMessage(answer(asked, { answers: [A] }))));
    client.recv();
    const { app, text } = folded(s);
    expect(app.messages).toMatchObject([{ state: 'complete', carrier: 'tcp', end: wire.length }, { state: 'complete' }]);
    expect(app.queries).toMatchObject([{ transport: 'tcp', result: 'answer', query: 0, answer: 1 }]);
    expect(findField(must(app.fields(0), 'tree'), 'dns.length')?.value).toBe(wire.length - 2);
    expect(text).toBe('dns/tcp client -> server 127.0.40.1:8053 A www.example.test -> NOERROR answer [rd]\n          answer: www.example.test. 300 IN A 127.0.40.1\n');
  });

  it('come from programs that are not ours', () => {
    const { s, server } = scene();
    const dig = { address: '127.0.0.1', port: 55_555 };
    server.arrives(encodeMessage(query(5)), dig);
    server.recv();
    server.send(encodeMessage(answer(query(5), { answers: [A] })), dig);
    const { app } = folded(s);
    expect(app.queries).toMatchObject([{ clientRole: null, result: 'answer', query: 0, answer: 1 }]);
    expect(app.queries[0]?.arrive).not.toBe(null);
    expect(app.messages[0]?.segments).toHaveLength(1);
  });
});

describe('a lookup', () => {
  it('is what a resolver tells in its notes, with the queries that it announced', () => {
    const { s, client, server, actor } = scene();
    actor.note({ topic: 'dns.lookup', lookup: 1, name: NAME, type: 'A', client: '' });
    actor.note({ topic: 'dns.cache', what: 'miss', key: 'www.example.test A', ttl: 0, data: '' });
    actor.note({ topic: 'dns.ask', lookup: 1, name: NAME, type: 'A', zone: '.', server: '127.0.40.53:8053', attempt: 1, id: 77, transport: 'udp' });
    asks(client, server, query(77), answer(query(77), { answers: [A] }));
    actor.note({ topic: 'dns.told', lookup: 1, how: 'answer', zone: '' });
    actor.note({ topic: 'dns.done', lookup: 1, rcode: 'NOERROR', cached: false });
    asks(client, server, query(78), answer(query(78), { answers: [A] }));
    const { app, text } = folded(s);
    expect(app.lookups).toMatchObject([{ number: 1, name: 'www.example.test', type: 'A', rcode: 'NOERROR', cached: false, exchanges: [0] }]);
    expect(app.lookups[0]?.notes.map(({ note }) => note.topic)).toEqual(['dns.lookup', 'dns.ask', 'dns.told', 'dns.done']);
    expect(app.queries.map(({ lookup }) => lookup)).toEqual([0, null]);
    expect(app.notes).toHaveLength(5);
    expect(text.split('\n')[0]).toBe('lookup  client 1: A www.example.test -> NOERROR, 1 queries');
  });

  it('is the first part of the time of the exchange that it was for, once', () => {
    const { s, client: udp, server: resolver, actor } = scene();
    const listener = s.role('web', '127.0.40.1', 'server').listen(8080);
    asks(udp, resolver, query(77), answer(query(77), { answers: [A] }));
    for (let n = 0; n < 2; n++) {
      const client = must(actor.connect({ address: '127.0.40.1', port: 8080 }), 'connection');
      const server = listener.accept();
      client.send('GET / HTTP/1.1\r\nHost: www.example.test\r\n\r\n');
      server.recv();
    }
    const { app } = folded(s);
    const timings = app.exchanges.map(({ timing }) => timing);
    expect(timings[0]?.lookup).toEqual({ start: app.queries[0]?.depart, end: app.queries[0]?.arrive });
    expect(timings[1]?.lookup).toBe(null);
    expect(timings[0]?.connect?.start).toBeGreaterThanOrEqual(must(timings[0]?.lookup, 'lookup').end);
  });
});
