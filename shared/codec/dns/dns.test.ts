// DNS messages: golden bytes both ways, names that lie, truncation, trees that name every byte, layers of a frame.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cpuTime } from '../../base/cpuTime.fixture';
import { concatBytes, fromHex, toHex } from '../../base/bytes';
import { assemble, part } from '../assemble';
import { dissect, LINK_TYPE } from '../dissect';
import { findField, walkFields, type FieldNode } from '../field';
import { codec as ipv4 } from '../ipv4/codec';
import { CODEC_LIMITS } from '../limits';
import { codec as udp } from '../udp/codec';
import { codec, framed } from './codec';
import { dnsFields } from './fields';
import { decodeMessage, encodeMessage, encodeWithin } from './message';
import { countEdns, ednsOf, ednsRecord, fullRcode, NO_FLAGS, queryFor, type DnsMessage, type DnsRecord, type RecordData } from './records';
import { recordText } from './text';
import { classNumber, classText, DNS_CLASS, DNS_TYPE, opcodeText, rcodeNumber, rcodeText, typeNumber, typeText } from './types';
import { parseZone } from './zoneText';

/** A query with EDNS as dig sends it, and its answer: a CNAME and an address, both names compressed. */
const QUERY = fromHex('2b1f 0120 0001 0000 0000 0001 03777777 076578616d706c65 0474657374 00 0001 0001 00 0029 04d0 0000 8000 000c 000a 0008 0123456789abcdef');
const ANSWER = fromHex([
  '2b1f 8580 0001 0002 0001 0001', '03777777 076578616d706c65 0474657374 00 0001 0001', 'c00c 0005 0001 0000003c 0004 01 61 c010', 'c02e 0001 0001 0000012c 0004 7f002801',
  'c010 0002 0001 00000e10 0006 036e7331 c010', '00 0029 04d0 00000000 0000',
].join(' '));
const decoded = (bytes: Uint8Array): DnsMessage => {
  const message = decodeMessage(bytes);
  if ('error' in message) throw new Error(message.error);
  return message;
};
const why = (hex: string): string => {
  const message = decodeMessage(fromHex(hex));
  return 'error' in message ? `${message.at}: ${message.error}` : 'a message';
};

describe('golden bytes', () => {
  it('of a query, both ways', () => {
    const message = decoded(QUERY);
    expect(message).toEqual({
      ...queryFor(0x2b1f, 'www.example.test.', DNS_TYPE.A, { rd: true, edns: ednsRecord({ udpSize: 1232, dnssecOk: true, options: [{ code: 10, data: fromHex('0123456789abcdef') }] }) }),
      flags: { ...NO_FLAGS, rd: true, ad: true },
    });
    expect(toHex(encodeMessage(message))).toBe(toHex(QUERY));
    expect(ednsOf(message)).toMatchObject({ udpSize: 1232, dnssecOk: true, version: 0 });
    expect(countEdns(message)).toBe(1);
  });

  it('of an answer with compressed names, both ways', () => {
    const message = decoded(ANSWER);
    expect(message.flags).toEqual({ ...NO_FLAGS, qr: true, aa: true, rd: true, ra: true });
    expect([...message.answers, ...message.authorities].map(recordText)).toEqual([
      'www.example.test. 60 IN CNAME a.example.test.', 'a.example.test. 300 IN A 127.0.40.1', 'example.test. 3600 IN NS ns1.example.test.',
    ]);
    expect(toHex(encodeMessage(message))).toBe(toHex(ANSWER));
  });

  it('of the compression in RFC 1035 4.1.4', () => {
    const names = fromHex('0146034953490441525041 00 03464f4f c00c c012 00');
    const message = concatBytes(fromHex('0000 0000 0004 0000 0000 0000'), ...[names.subarray(0, 12), names.subarray(12, 18), names.subarray(18, 20), names.subarray(20)].map((name) => concatBytes(name, fromHex('0001 0001'))));
    const questions = decodeMessage(message);
    if ('error' in questions) throw new Error(questions.error);
    expect(questions.questions.map(({ name }) => name)).toEqual(['F.ISI.ARPA.', 'FOO.F.ISI.ARPA.', 'ARPA.', '.']);
    expect(toHex(encodeMessage(questions))).toBe(toHex(message));
  });

  it('of every type that has a name', () => {
    const zone = [
      'a.t. 1 IN A 127.0.0.1', 'a.t. 1 IN AAAA fd00::1', 'a.t. 1 IN NS ns.t.', 'a.t. 1 IN CNAME b.t.', 'a.t. 1 IN PTR b.t.', 'a.t. 1 IN DNAME b.t.', 'a.t. 1 IN MX 10 mx.t.', 'a.t. 1 IN SOA ns.t. me.t. 1 2 3 4 5',
      'a.t. 1 IN TXT "x" "" "y"', 'a.t. 1 IN SRV 1 2 3 b.t.', 'a.t. 1 IN CAA 0 issue "ca.t"', 'a.t. 1 IN SVCB 1 b.t. alpn=h2', 'a.t. 1 IN HTTPS 1 . port=443', 'a.t. 1 IN TYPE65280 \\# 2 beef', 'a.t. 1 CH A \\# 3 010203',
    ];
    const { records } = parseZone(zone.slice(0, -1).join('\n'));
    const chaos: DnsRecord = { name: 'a.t.', class: DNS_CLASS.CH, ttl: 1, data: { type: 'other', code: DNS_TYPE.A, data: fromHex('010203') } };
    const message = { ...queryFor(1, 'a.t.', DNS_TYPE.ANY), answers: [...records, chaos] };
    const bytes = encodeMessage(message);
    expect(decoded(bytes)).toEqual(message);
    expect(decoded(bytes).answers.map(recordText)).toEqual(zone);
    expect(toHex(bytes).slice(-30)).toBe('c00c0001000300000001 0003 010203'.replace(/\s/g, ''));
    // RFC 3597 4, RFC 6672 2.5: SRV and DNAME carry whole names.
    expect(toHex(bytes)).toContain('00270001000000010005 01620174 00'.replace(/\s/g, ''));
  });

  it('keep the case of names, and compress only the same spelling', () => {
    const message = { ...queryFor(1, 'WwW.Example.TEST.', DNS_TYPE.A), answers: [{ name: 'www.example.test.', class: 1, ttl: 1, data: { type: 'A', address: '1.2.3.4' } as const }] };
    expect(decoded(encodeMessage(message))).toEqual(message);
  });
});

describe('what is no message', () => {
  const head = '0001 0100 0001 0000 0000 0000';
  it.each([
    ['0001 0100', '0: ends 8 bytes too early'], [`${head} 01 61`, '12: the name goes past the end'], [`${head} 00 0001`, '15: ends 2 bytes too early'], [`${head} 00 0001 0001 ff`, '17: 1 bytes behind the message'],
    [`${head} c00c 0001 0001`, '12: the pointer to 12 does not point backwards'], [`${head} 0161 c00c 0001 0001`, '14: the pointer to 12 does not point backwards'], [`${head} c020 0001 0001`, '12: the pointer to 32 does not point backwards'],
    [`${head} 40 00 0001 0001`, '12: no label begins with 64'], [`${head} 80 00 0001 0001`, '12: no label begins with 128'],
    ['0001 0100 ffff ffff ffff ffff', `4: more than ${CODEC_LIMITS.dnsRecords} records`],
    ['0001 8000 0000 0001 0000 0000 00 0001 0001 00000001 0003 010203', '23: goes past the end of the record\'s data'], ['0001 8000 0000 0001 0000 0000 00 0001 0001 00000001 0005 0102030405', '27: 1 bytes of data too many'],
    ['0001 8000 0000 0001 0000 0000 00 0010 0001 00000001 0002 0261', '24: goes past the end of the record\'s data'], ['0001 8000 0000 0001 0000 0000 00 0002 0001 00000001 0001 0161 00', '23: the name goes past the end of the record\'s data'],
    ['0001 8000 0000 0001 0000 0000 00 0029 0001 00000001 0005 0001 0002 00', '27: goes past the end of the record\'s data'],
    ['0001 8000 0000 0001 0000 0000 00 0001 0001 00000001 ffff 01020304', '23: ends 65531 bytes too early'],
  ])('%s', (hex, reason) => {
    expect(why(hex)).toBe(reason);
  });

  it('has its header said, for the FORMERR', () => {
    expect(decodeMessage(fromHex('abcd 0100 0001 0000 0000 0000 ff'))).toMatchObject({ header: { id: 0xabcd, flags: { qr: false, rd: true, opcode: 0 } } });
    expect(decodeMessage(fromHex('abcd 01'))).toMatchObject({ header: null });
  });

  it('ends: pointers to pointers are counted, and loops have no way', () => {
    const chain = (jumps: number): Uint8Array => {
      const names = Array.from({ length: jumps }, (_, i) => (i === 0 ? '0161 00 0001 0001' : `0161 ${(0xc000 + (i === 1 ? 12 : 19 + (i - 2) * 8)).toString(16)} 0001 0001`));
      return fromHex(`0001 0000 ${jumps.toString(16).padStart(4, '0')} 0000 0000 0000 ${names.join(' ')}`);
    };
    expect(decodeMessage(chain(21))).toHaveProperty('questions.length', 21);
    expect(decodeMessage(chain(22))).toMatchObject({ error: 'more than 20 pointers' });
  });

  it('is not written either', () => {
    const named = (name: string): DnsMessage => queryFor(1, name, 1);
    for (const name of ['a..b.', `${'a'.repeat(64)}.`, 'a.'.repeat(128), 'é.', 'a\\300.']) expect(() => encodeMessage(named(name)), name).toThrow(RangeError);
    const suffix = `${'a'.repeat(61)}.`.repeat(4);
    expect(() => encodeMessage({ ...named(suffix), questions: [...named(suffix).questions, ...named(`bbbbbb.${suffix}`).questions] })).toThrow(RangeError);
    expect(() => encodeMessage({ ...named('a.'), id: 65_536 })).toThrow(RangeError);
    expect(() => encodeMessage({ ...named('a.'), answers: [{ name: 'a.', class: 1, ttl: 1, data: { type: 'A', address: '1.2.3' } }] })).toThrow(TypeError);
  });
});

describe('truncation', () => {
  const address = (name: string, last: number): DnsRecord => ({ name, class: 1, ttl: 60, data: { type: 'A', address: `127.0.40.${last}` } });
  const many = (count: number): DnsMessage => ({ ...queryFor(7, 'many.test.', DNS_TYPE.A), flags: { ...NO_FLAGS, qr: true, aa: true }, answers: Array.from({ length: count }, (_, i) => address('many.test.', i)), additionals: [ednsRecord({ udpSize: 1232 })] });

  it('leaves what fits as it is', () => {
    expect(encodeWithin(many(3), 512)).toEqual(encodeMessage(many(3)));
  });

  it('drops whole records, sets TC and keeps EDNS', () => {
    for (let limit = 60; limit < 700; limit += 7) {
      const bytes = encodeWithin(many(60), limit);
      expect(bytes.length).toBeLessThanOrEqual(limit);
      const message = decoded(bytes);
      expect(message.flags.tc).toBe(true);
      expect(ednsOf(message)).not.toBeNull();
      expect(message.answers).toEqual(many(message.answers.length).answers);
      expect(limit - bytes.length, 'another one would have fitted').toBeLessThan(16);
    }
  });

  it('does without additional addresses in silence, as a set', () => {
    const mail: DnsMessage = {
      ...queryFor(7, 'test.', DNS_TYPE.MX), answers: [{ name: 'test.', class: 1, ttl: 60, data: { type: 'MX', preference: 10, exchange: 'mail.test.' } }],
      additionals: [address('mail.test.', 1), address('mail.test.', 2), address('web.test.', 3)],
    };
    const whole = encodeMessage(mail);
    const message = decoded(encodeWithin(mail, whole.length - 17));
    expect(message.flags.tc).toBe(false);
    expect(message.additionals.map(recordText)).toEqual(['mail.test. 60 IN A 127.0.40.1', 'mail.test. 60 IN A 127.0.40.2']);
    expect(decoded(encodeWithin(mail, whole.length - 25)).additionals.map(recordText)).toEqual(['web.test. 60 IN A 127.0.40.3']);
  });

  it('says when an address is missing without which the zone cannot be found', () => {
    const referral = (target: string): DnsMessage => ({
      ...queryFor(7, 'www.example.test.', DNS_TYPE.A), authorities: [{ name: 'example.test.', class: 1, ttl: 60, data: { type: 'NS', target } }], additionals: [address(target, 1)],
    });
    const cut = (message: DnsMessage): boolean => decoded(encodeWithin(message, encodeMessage(message).length - 1)).flags.tc;
    expect(cut(referral('ns.example.test.'))).toBe(true);
    expect(cut(referral('ns.other.test.'))).toBe(false);
  });
});

describe('trees', () => {
  const uncovered = (tree: FieldNode, length: number): number[] => {
    const count = new Uint8Array(length);
    for (const { node } of walkFields(tree)) {
      const inner = node.children.some((child) => child.generated !== true && child.bits === undefined);
      if (inner || node.generated === true || node.bits !== undefined) continue;
      for (let at = node.start; at < node.start + node.length; at++) count[at] = (count[at] ?? 0) + 1;
    }
    return [...count].flatMap((times, at) => (times === 1 ? [] : [at]));
  };

  it('say what the answer says, with Wireshark\'s names', () => {
    const tree = dnsFields(ANSWER, false, 100);
    const value = (name: string): unknown => findField(tree, name)?.value;
    expect(['dns.id', 'dns.flags.response', 'dns.flags.rcode', 'dns.count.answers', 'dns.qry.name', 'dns.qry.type', 'dns.resp.ttl', 'dns.cname', 'dns.a', 'dns.ns', 'dns.rr.udp_payload_size'].map(value)).toEqual([
      0x2b1f, true, 0, 2, 'www.example.test', 1, 60, 'a.example.test', '127.0.40.1', 'ns1.example.test', 1232,
    ]);
    expect(findField(tree, 'dns.flags')?.display).toBe('response, AA, RD, RA, NOERROR');
    expect(findField(tree, 'dns.name.pointer')).toMatchObject({ value: 12, display: '→ 12' });
    expect(findField(tree, 'dns.a')).toMatchObject({ start: 100 + 62, length: 4 });
    expect([...walkFields(tree)].filter(({ node }) => node.name === 'dns.resp').map(({ node }) => node.display)).toEqual([
      'www.example.test. CNAME a.example.test', 'a.example.test. A 127.0.40.1', 'example.test. NS ns1.example.test', 'EDNS 1232 B',
    ]);
  });

  it.each([['a query', QUERY], ['an answer', ANSWER]])('leave no byte of %s without a name, cut where you will', (_name, bytes) => {
    for (let length = 0; length <= bytes.length; length++) expect(uncovered(dnsFields(bytes.subarray(0, length), false, 0), length), `${length}`).toEqual([]);
  });

  it('and the values agree with what is decoded', () => {
    const zone = 'a.t. 1 IN MX 10 mx.t.\na.t. 1 IN SOA ns.t. me.t. 1 2 3 4 5\na.t. 1 IN TXT "x" "" "y"\na.t. 1 IN SRV 1 2 3 b.t.\na.t. 1 IN CAA 128 issue "ca.t"\na.t. 1 IN HTTPS 1 . port=443';
    const bytes = encodeMessage({ ...queryFor(1, 'a.t.', DNS_TYPE.ANY), answers: parseZone(zone).records });
    const tree = dnsFields(bytes, false, 0);
    const value = (name: string): unknown => findField(tree, name)?.value;
    expect(['dns.mx.preference', 'dns.mx.mail_exchange', 'dns.soa.mname', 'dns.soa.rname', 'dns.soa.serial_number', 'dns.soa.minimum_ttl', 'dns.txt', 'dns.srv.port', 'dns.srv.target', 'dns.caa.flags.issuer_critical', 'dns.caa.tag', 'dns.caa.value', 'dns.svcb.svcpriority', 'dns.svcb.targetname', 'dns.svcb.svcparam.key'].map(value)).toEqual([
      10, 'mx.t', 'ns.t', 'me.t', 1, 5, 'x', 3, 'b.t', true, 'issue', 'ca.t', 1, '<Root>', 3,
    ]);
    expect(uncovered(tree, bytes.length)).toEqual([]);
  });

  it('stay small when every byte is a record', () => {
    const bytes = concatBytes(fromHex('0001 8000 0000 1000 0000 0000'), ...Array.from({ length: 4096 }, () => fromHex('00 0001 0001 00000001 0004 7f000001')));
    const tree = dnsFields(bytes, false, 0);
    expect([...walkFields(tree)].length).toBeLessThan(CODEC_LIMITS.treeItems);
    expect(uncovered(tree, bytes.length)).toEqual([]);
    expect(decodeMessage(bytes)).toHaveProperty('answers.length', 4096);
  });
});

describe('in frames', () => {
  const network = { source: '127.0.10.1', destination: '127.0.53.1' };
  it('datagrams are messages', () => {
    const frame = assemble([part(ipv4, { ...network, protocol: 17 }), part(udp, { sourcePort: 40_000, destinationPort: 53 }, { network })], QUERY);
    expect(dissect(frame, LINK_TYPE.ipv4).map(({ protocol, length, status }) => [protocol, length, status.status])).toEqual([['ip', 20, 'complete'], ['udp', 8, 'complete'], ['dns', QUERY.length, 'complete']]);
    const short = assemble([part(ipv4, { ...network, protocol: 17 }), part(udp, { sourcePort: 40_000, destinationPort: 53 }, { network })], QUERY.subarray(0, 20));
    expect(dissect(short, LINK_TYPE.ipv4)[2]?.status.status).toBe('malformed');
  });

  it('over TCP each has its length before it, and the next follows', () => {
    const stream = concatBytes(framed(QUERY), framed(ANSWER));
    const first = codec.decode(stream, { transport: 'tcp' });
    expect(first).toMatchObject({ status: 'complete', length: 2 + QUERY.length, payload: { start: 2 + QUERY.length, end: stream.length }, next: ['app:dns'] });
    expect(findField(codec.fields(stream, { transport: 'tcp' }, 0), 'dns.length')).toMatchObject({ value: QUERY.length, start: 0, length: 2 });
    expect(codec.decode(stream.subarray(0, 1), { transport: 'tcp' })).toEqual({ status: 'incomplete', need: 2 });
    expect(codec.decode(stream.subarray(0, 10), { transport: 'tcp' })).toEqual({ status: 'incomplete', need: 2 + QUERY.length });
    expect(codec.decode(concatBytes(fromHex('0012'), QUERY.subarray(0, 18)), { transport: 'tcp' })).toMatchObject({ status: 'malformed' });
    const longer = concatBytes(fromHex('00ff'), QUERY, new Uint8Array(300));
    expect(codec.decode(longer, { transport: 'tcp' })).toMatchObject({ status: 'complete', length: 2 + 0xff, payload: { start: 2 + 0xff } });
    expect(findField(codec.fields(longer, { transport: 'tcp' }, 0), 'dns.extraneous.data')).toMatchObject({ start: 2 + QUERY.length, length: 0xff - QUERY.length, problem: 'bytes behind the message' });
  });

  it('every prefix is answered, and what it needs is not yet there', () => {
    for (const bytes of [QUERY, ANSWER]) {
      for (let length = 0; length < bytes.length; length++) {
        const answer = codec.decode(bytes.subarray(0, length), {});
        expect(answer.status, `${length}`).toBe('incomplete');
        if (answer.status === 'incomplete') expect(answer.need).toBeGreaterThan(length);
      }
    }
  });
});

describe('values come back as they went', () => {
  const u = (bits: number): fc.Arbitrary<number> => fc.integer({ min: 0, max: 2 ** bits - 1 });
  const sign = fc.constantFrom('a', 'B', 'z', '0', '-', '_', '*', '\\.', '\\\\', '\\032', '\\255', '\\@');
  const name = fc.array(fc.array(sign, { minLength: 1, maxLength: 5 }).map((signs) => `${signs.join('')}.`), { maxLength: 4 }).map((labels) => labels.join('') || '.');
  const bytes = fc.uint8Array({ maxLength: 20 });
  const data: fc.Arbitrary<RecordData> = fc.oneof(
    fc.record({ type: fc.constant('A' as const), address: fc.ipV4() }), fc.record({ type: fc.constantFrom('NS' as const, 'CNAME' as const, 'PTR' as const, 'DNAME' as const), target: name }),
    fc.record({ type: fc.constant('MX' as const), preference: u(16), exchange: name }), fc.record({ type: fc.constant('TXT' as const), strings: fc.array(bytes, { minLength: 1, maxLength: 3 }) }),
    fc.record({ type: fc.constant('SRV' as const), priority: u(16), weight: u(16), port: u(16), target: name }),
    fc.record({ type: fc.constant('SOA' as const), mname: name, rname: name, serial: u(32), refresh: u(32), retry: u(32), expire: u(32), minimum: u(32) }),
    fc.record({ type: fc.constant('other' as const), code: fc.integer({ min: 65_280, max: 65_534 }), data: bytes }),
  );
  const record = fc.record({ name, class: fc.constant(1), ttl: u(31), data });
  const section = fc.array(record, { maxLength: 4 });
  const flags = fc.record({ qr: fc.boolean(), opcode: u(4), aa: fc.boolean(), tc: fc.boolean(), rd: fc.boolean(), ra: fc.boolean(), z: fc.boolean(), ad: fc.boolean(), cd: fc.boolean(), rcode: u(4) });
  const message = fc.record({ id: u(16), flags, questions: fc.array(fc.record({ name, type: u(16), class: u(16) }), { maxLength: 2 }), answers: section, authorities: section, additionals: section });

  it('through bytes', () => {
    fc.assert(fc.property(message, (value) => {
      expect(decodeMessage(encodeMessage(value))).toEqual(value);
    }));
  });

  it('through the text of a zone', () => {
    fc.assert(fc.property(section, (records) => {
      const text = records.map(recordText).join('\n');
      expect(parseZone(text)).toMatchObject({ records, errors: [] });
    }));
  });
});

describe('numbers have names', () => {
  it('both ways', () => {
    expect([typeText(28), typeText(731), classText(1), classText(32), rcodeText(3), rcodeText(14), opcodeText(0), opcodeText(9)]).toEqual(['AAAA', 'TYPE731', 'IN', 'CLASS32', 'NXDOMAIN', 'RCODE14', 'QUERY', 'OPCODE9']);
    expect([typeNumber('aaaa'), typeNumber('TYPE731'), typeNumber('TYPE65536'), typeNumber('TYPE'), typeNumber('NOPE'), classNumber('in'), rcodeNumber('nxdomain')]).toEqual([28, 731, null, null, null, 1, 3]);
  });

  it('and the response code has its upper bits in EDNS', () => {
    expect(fullRcode({ ...queryFor(1, '.', 1, { edns: ednsRecord({ udpSize: 512, extendedRcode: 1 }) }), flags: { ...NO_FLAGS, rcode: 7 } })).toBe(23);
  });
});

it('is fast enough for servers: 20,000 answers are read and written in far less than the second that they may take', () => {
  let bytes = 0;
  const started = cpuTime();
  for (let i = 0; i < 20_000; i++) bytes += encodeMessage(decoded(ANSWER)).length;
  expect(started()).toBeLessThan(1500);
  expect(bytes).toBe(20_000 * ANSWER.length);
});
