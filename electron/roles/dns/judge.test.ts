// Answers of name servers are judged: which end a search, which lead on, which are good for nothing, and which speak of what they should not.
import { describe, expect, it } from 'vitest';
import { NO_FLAGS, queryFor, type DnsMessage, type DnsRecord } from '../../../shared/codec/dns/records';
import { rcodeNumber } from '../../../shared/codec/dns/types';
import { parseRecordLine } from '../../../shared/codec/dns/zoneText';
import { suspicion } from './exchange';
import { judge } from './judge';

const record = (line: string): DnsRecord => {
  const read = parseRecordLine(line);
  if ('reason' in read) throw new Error(read.reason);
  return read;
};
interface Parts { readonly rcode?: string; readonly aa?: boolean; readonly answer?: string[]; readonly authority?: string[]; readonly additional?: string[] }
const message = ({ rcode = 'NOERROR', aa = true, answer = [], authority = [], additional = [] }: Parts): DnsMessage => ({
  ...queryFor(7, 'www.a.test.', 1), flags: { ...NO_FLAGS, qr: true, aa, rcode: rcodeNumber(rcode) ?? 0 },
  answers: answer.map(record), authorities: authority.map(record), additionals: additional.map(record),
});
const SOA = 'a.test. 60 SOA ns h 1 2 3 4 60';
const kind = (parts: Parts, zone = 'a.test.'): string => judge(message(parts), 'www.a.test.', 1, zone).judgement.kind;

describe('an answer of a server of a.test. about www.a.test. A', () => {
  it.each<[string, Parts]>([
    ['answer', { answer: ['www.a.test. 60 A 127.0.0.1'] }],
    ['answer', { answer: ['www.a.test. 60 CNAME web.a.test.', 'WEB.a.test. 60 A 127.0.0.1'] }],
    ['cname', { answer: ['www.a.test. 60 CNAME www.b.test.'] }],
    ['nodata', { authority: [SOA] }],
    ['nodata', {}],
    ['nodata', { answer: ['www.a.test. 60 CNAME web.a.test.'], authority: [SOA] }],
    ['nxdomain', { rcode: 'NXDOMAIN', authority: [SOA] }],
    ['referral', { aa: false, authority: ['www.a.test. 60 NS ns.www.a.test.'], additional: ['ns.www.a.test. 60 A 127.0.0.2'] }],
    ['loop', { answer: ['www.a.test. 60 CNAME web.a.test.', 'web.a.test. 60 CNAME www.a.test.'] }],
    ['lame', { aa: false, answer: ['www.a.test. 60 A 127.0.0.1'] }],
    ['lame', { aa: false, authority: ['a.test. 60 NS ns.a.test.'] }],
    ['lame', { aa: false, authority: ['test. 60 NS ns.test.'] }],
    ['lame', { aa: false }],
    ['lame', { aa: false, rcode: 'NXDOMAIN' }],
    ['refused', { rcode: 'REFUSED' }],
    ['formerr', { rcode: 'FORMERR' }],
    ['servfail', { rcode: 'SERVFAIL' }],
  ])('is %s: %j', (expected, parts) => expect(kind(parts)).toBe(expected));

  it('holds for its own zone only', () => {
    const { judgement, foreign } = judge(message({ answer: ['www.a.test. 60 A 127.0.0.1'], additional: ['www.bank.test. 60 A 127.0.66.6', 'ns.a.test. 60 A 127.0.0.1'] }), 'www.a.test.', 1, 'a.test.');
    expect([judgement.kind, foreign]).toEqual(['answer', ['www.bank.test.']]);
    // An alias out of the zone is followed, but its target is not believed.
    const led = judge(message({ answer: ['www.a.test. 60 CNAME www.bank.test.', 'www.bank.test. 60 A 127.0.66.6'] }), 'www.a.test.', 1, 'a.test.');
    expect(led).toMatchObject({ judgement: { kind: 'cname', target: 'www.bank.test.', records: [{}] }, foreign: ['www.bank.test.'] });
    // Glue for a server elsewhere is not taken either.
    const away = judge(message({ aa: false, authority: ['www.a.test. 60 NS ns.bank.test.'], additional: ['ns.bank.test. 60 A 127.0.66.6'] }), 'www.a.test.', 1, 'a.test.');
    expect(away).toMatchObject({ judgement: { kind: 'referral', glue: [] }, foreign: ['ns.bank.test.'] });
  });

  it('a chain without end is cut', () => {
    const answer = Array.from({ length: 20 }, (_, step) => `${step === 0 ? 'www' : `c${step}`}.a.test. 60 CNAME c${step + 1}.a.test.`);
    expect(kind({ answer })).toBe('loop');
  });
});

describe('a datagram that claims to be the answer', () => {
  const query = queryFor(7, 'www.a.test.', 1);
  const server = { address: '127.0.0.1', port: 53 };
  const good = message({});
  it.each<[string | null, Parameters<typeof suspicion>[0], { address: string; port: number }]>([
    [null, good, server],
    [null, { ...good, questions: [{ name: 'WWW.A.TEST.', type: 1, class: 1 }] }, server],
    [null, { ...good, questions: [], flags: { ...good.flags, rcode: 1 } }, server],
    ['address', good, { ...server, address: '127.0.0.2' }],
    ['port', good, { ...server, port: 5353 }],
    ['id', { ...good, id: 8 }, server],
    ['question', { ...good, questions: [{ name: 'www.b.test.', type: 1, class: 1 }] }, server],
    ['question', { ...good, questions: [{ name: 'www.a.test.', type: 28, class: 1 }] }, server],
    ['question', { ...good, questions: [] }, server],
    ['malformed', { ...good, flags: { ...good.flags, qr: false } }, server],
    ['malformed', { error: 'x', at: 0, need: 0, header: null }, server],
  ])('%s', (expected, given, from) => expect(suspicion(given, query, from, server)).toBe(expected));
});
