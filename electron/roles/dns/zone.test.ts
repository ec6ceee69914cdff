// A zone is asked: what is there, what is not, what belongs to others, and what a wildcard makes up (RFC 1034 4.3.2, RFC 4592).
import { describe, expect, it } from 'vitest';
import { recordText } from '../../../shared/codec/dns/text';
import { typeNumber } from '../../../shared/codec/dns/types';
import { closestZone, find, type Finding } from './zone';
import { readZone } from './zoneFile';

/** The zone of RFC 4592 2.2.1, with a few more names. */
const ZONE = readZone(`$ORIGIN example.
$TTL 3600
@                SOA ns.example.com. hostmaster 1 2 3 4 60
@                NS  ns.example.com.
@                NS  ns.example.net.
*                TXT "this is a wildcard"
*                MX  10 host1.example.
sub.*            TXT "this is not a wildcard"
host1            A   192.0.2.1
_ssh._tcp.host1  SRV 0 0 22 host1
_ssh._tcp.host2  SRV 0 0 22 host2
subdel           NS  ns.example.com.
subdel           NS  ns.example.net.
ns.subdel        A   192.0.2.9
alias            CNAME host1
*.star           CNAME host1.example.
`);

const ask = (name: string, type: string): Finding => find(ZONE, name, typeNumber(type) ?? 0);
function told(name: string, type: string): string {
  const found = ask(name, type);
  switch (found.kind) {
    case 'answer': return found.records.map(recordText).join('; ');
    case 'cname': return `${recordText(found.record)} -> ${found.target}`;
    case 'referral': return `referral to ${found.cut} (${found.records.length})`;
    default: return found.kind;
  }
}

describe('a zone', () => {
  it.each([
    // RFC 4592 2.2.1, in its order.
    ['host3.example.', 'MX', 'host3.example. 3600 IN MX 10 host1.example.'],
    ['host3.example.', 'A', 'nodata'],
    ['foo.bar.example.', 'TXT', 'foo.bar.example. 3600 IN TXT "this is a wildcard"'],
    ['host1.example.', 'MX', 'nodata'],
    ['sub.*.example.', 'MX', 'nodata'],
    ['_telnet._tcp.host1.example.', 'SRV', 'nxdomain'],
    ['host.subdel.example.', 'A', 'referral to subdel.example. (2)'],
    ['ghost.*.example.', 'MX', 'nxdomain'],
    // Names that exist because others lie below them.
    ['_tcp.host1.example.', 'A', 'nodata'],
    ['_tcp.host2.example.', 'A', 'nodata'],
    ['host2.example.', 'TXT', 'nodata'],
    ['*.example.', 'TXT', '*.example. 3600 IN TXT "this is a wildcard"'],
    // Cuts: also at the name itself and at glue below it; the DS record is the parent's.
    ['subdel.example.', 'NS', 'referral to subdel.example. (2)'],
    ['ns.subdel.example.', 'A', 'referral to subdel.example. (2)'],
    ['subdel.example.', 'DS', 'nodata'],
    ['example.', 'NS', 'example. 3600 IN NS ns.example.com.; example. 3600 IN NS ns.example.net.'],
    // Aliases, also made by a wildcard; asked for themselves they are answers.
    ['alias.example.', 'A', 'alias.example. 3600 IN CNAME host1.example. -> host1.example.'],
    ['alias.example.', 'CNAME', 'alias.example. 3600 IN CNAME host1.example.'],
    ['any.star.example.', 'AAAA', 'any.star.example. 3600 IN CNAME host1.example. -> host1.example.'],
    ['HOST1.Example.', 'A', 'host1.example. 3600 IN A 192.0.2.1'],
    ['host1.example.', 'ANY', 'host1.example. 3600 IN A 192.0.2.1'],
  ])('%s %s: %s', (name, type, expected) => expect(told(name, type)).toBe(expected));

  it('says for how long "there is none" holds: MINIMUM, or the TTL of its SOA when that is less', () => expect(ZONE.soa.ttl).toBe(60));

  it('is found by the longest name', () => {
    const zones = new Map(['example.', 'a.example.', '.'].map((apex) => [apex, { ...ZONE, apex }]));
    expect(closestZone(zones, 'x.A.example.')?.apex).toBe('a.example.');
    expect(closestZone(zones, 'ba.example.')?.apex).toBe('example.');
    expect(closestZone(zones, 'other.')?.apex).toBe('.');
    expect(closestZone(new Map([['example.', ZONE]]), 'other.')).toBeNull();
  });
});

describe('a zone file', () => {
  const head = '$ORIGIN a.test.\n$TTL 60\n@ SOA ns h 1 2 3 4 5\n@ NS ns\n'; // four lines
  it.each([
    [`${head}www A 127.0.0.300\n`, 'line 5: bad address: 127.0.0.300'],
    [`${head}www A\n`, /^line 5: something is missing at its end/],
    [`${head}www WWW x\n`, /^line 5: unknown type/],
    [`${head}@ SOA ns h 1 2 3 4 5\n`, 'line 5: a zone has one SOA record: this is another'],
    [`${head}www CNAME x\nwww A 127.0.0.1\n`, 'line 5: www.a.test. has a CNAME record, so it may have no other (RFC 1034 3.6.2)'],
    [`${head}www.b.test. A 127.0.0.1\n`, 'line 5: www.b.test. lies outside of a.test.'],
    ['$TTL 60\nwww.a.test. A 127.0.0.1\n', 'a zone needs a SOA record'],
    ['$ORIGIN a.test.\n$TTL 60\n@ SOA ns h 1 2 3 4 5\n', 'line 3: a.test. needs an NS record: who serves it?'],
  ])('%j is refused: %s', (text, message) => expect(() => readZone(text)).toThrow(message));
});
