// Bytes go to an authoritative server and come back: sections, flags, sizes, and what it refuses or leaves unanswered.
import { describe, expect, it } from 'vitest';
import { fromHex } from '../../../shared/base/bytes';
import { must } from '../../../shared/base/assert';
import { createRandom } from '../../../shared/base/random';
import { decodeMessage, encodeMessage, flagsOf } from '../../../shared/codec/dns/message';
import { ednsOf, ednsRecord, fullRcode, queryFor, type DnsMessage } from '../../../shared/codec/dns/records';
import { recordText } from '../../../shared/codec/dns/text';
import { rcodeText, typeNumber } from '../../../shared/codec/dns/types';
import type { Transport } from './reply';
import { authorityAnswerer } from './zoneServer';
import { readZone } from './zoneFile';

const PARENT = readZone('$ORIGIN test.\n$TTL 60\n@ SOA ns h 1 2 3 4 5\n@ NS ns\nns A 127.0.0.1\nshop NS ns.shop\nshop NS ns.other.example.\nns.shop A 127.0.0.9\n');
const CHILD = readZone(`$ORIGIN example.test.
$TTL 300
@ SOA ns h 1 2 3 4 60
@ NS ns
ns A 127.0.0.2
www A 127.0.0.3
web CNAME www
gone CNAME nothing
far CNAME www.elsewhere.example.
deep CNAME x.shop.test.
ring CNAME rang
rang CNAME ring
@ MX 10 www
big TXT ${Array.from({ length: 10 }, (_, number) => `"${String(number).repeat(200)}"`).join(' ')}
`);
const answer = authorityAnswerer({ zones: [PARENT, CHILD] });
const FROM = { address: '127.0.0.7', port: 4000 };

function exchange(bytes: Uint8Array, transport: Transport = 'udp'): DnsMessage | null {
  const made = answer(bytes, FROM, transport);
  if (made === null) return null;
  if (made instanceof Promise) throw new Error('an authority answers at once');
  const message = decodeMessage(made);
  if ('error' in message) throw new Error(message.error);
  return message;
}
const query = (name: string, type: string, edns?: Parameters<typeof ednsRecord>[0]): Uint8Array =>
  encodeMessage(queryFor(0x1234, name, must(typeNumber(type), type), { rd: true, ...(edns !== undefined && { edns: ednsRecord(edns) }) }));
const ask = (name: string, type: string): DnsMessage => must(exchange(query(name, type)), 'answer');
const texts = (message: DnsMessage): Record<'answer' | 'authority' | 'additional', string[]> => ({
  answer: message.answers.map(recordText), authority: message.authorities.map(recordText), additional: message.additionals.map(recordText),
});

describe('what it knows', () => {
  it('it answers with AA, RD as it came, without RA', () => {
    const message = ask('WWW.example.TEST.', 'A');
    expect(message.flags).toEqual({ ...flagsOf(0x8580), ra: false });
    expect([message.id, message.questions[0]?.name]).toEqual([0x1234, 'WWW.example.TEST.']);
    expect(texts(message)).toEqual({ answer: ['www.example.test. 300 IN A 127.0.0.3'], authority: [], additional: [] });
  });

  it('it adds the addresses of hosts that records name', () => {
    expect(texts(ask('example.test.', 'MX')).additional).toEqual(['www.example.test. 300 IN A 127.0.0.3']);
  });

  it('it follows aliases as far as its own zones go', () => {
    expect(texts(ask('web.example.test.', 'A')).answer).toEqual(['web.example.test. 300 IN CNAME www.example.test.', 'www.example.test. 300 IN A 127.0.0.3']);
    expect(texts(ask('far.example.test.', 'A')).answer).toEqual(['far.example.test. 300 IN CNAME www.elsewhere.example.']);
    expect(ask('ring.example.test.', 'A').answers).toHaveLength(2);
  });

  it('the code is that of the end of the chain', () => {
    const message = ask('gone.example.test.', 'A');
    expect([rcodeText(message.flags.rcode), message.flags.aa, message.answers.length]).toEqual(['NXDOMAIN', true, 1]);
    expect(texts(message).authority).toEqual(['example.test. 60 IN SOA ns.example.test. h.example.test. 1 2 3 4 60']);
  });
});

describe('what there is not', () => {
  it.each([['nope.example.test.', 'A', 'NXDOMAIN'], ['www.example.test.', 'AAAA', 'NOERROR']])('%s %s: %s, AA, with the SOA that says for how long', (name, type, code) => {
    const message = ask(name, type);
    expect([rcodeText(message.flags.rcode), message.flags.aa, message.answers.length]).toEqual([code, true, 0]);
    expect(message.authorities.map(({ ttl, data }) => [ttl, data.type])).toEqual([[60, 'SOA']]);
  });
});

describe('what others know', () => {
  it('is referred to them, with the addresses below the cut, without AA', () => {
    const message = ask('a.b.shop.test.', 'A');
    expect(message.flags.aa).toBe(false);
    expect(texts(message)).toEqual({
      answer: [], authority: ['shop.test. 60 IN NS ns.shop.test.', 'shop.test. 60 IN NS ns.other.example.'], additional: ['ns.shop.test. 60 IN A 127.0.0.9'],
    });
  });

  it('AA stays for the alias that led there', () => {
    const message = ask('deep.example.test.', 'A');
    expect([message.flags.aa, message.answers.length, message.authorities.length]).toEqual([true, 1, 2]);
  });

  it.each([['www.naver.com.', 'A'], ['.', 'NS'], ['example.test.', 'AXFR']])('%s %s is REFUSED', (name, type) => expect(rcodeText(ask(name, type).flags.rcode)).toBe('REFUSED'));

  it('is REFUSED in other classes', () => {
    const chaos = encodeMessage({ ...queryFor(1, 'version.bind.', 16), questions: [{ name: 'version.bind.', type: 16, class: 3 }] });
    expect(rcodeText(must(exchange(chaos), 'answer').flags.rcode)).toBe('REFUSED');
  });
});

describe('sizes', () => {
  const size = (bytes: Uint8Array, transport: Transport = 'udp'): [number, boolean] => {
    const made = answer(bytes, FROM, transport);
    if (!(made instanceof Uint8Array)) throw new Error('no answer');
    return [made.length, must(exchange(bytes, transport), 'answer').flags.tc];
  };
  it('without EDNS 512 B over UDP, then TC', () => {
    const [length, tc] = size(query('big.example.test.', 'TXT'));
    expect([length <= 512, tc]).toEqual([true, true]);
    expect(texts(must(exchange(query('big.example.test.', 'TXT')), 'answer')).answer).toEqual([]);
  });
  it('with EDNS what the asker can take', () => {
    expect(size(query('big.example.test.', 'TXT', { udpSize: 1232 }))[1]).toBe(true);
    expect(size(query('big.example.test.', 'TXT', { udpSize: 4096 }))[1]).toBe(false);
    expect(size(query('big.example.test.', 'TXT', { udpSize: 100 }))[0]).toBeGreaterThan(40); // RFC 6891 6.2.3: less than 512 counts as 512
  });
  it('over TCP everything', () => expect(size(query('big.example.test.', 'TXT'), 'tcp')).toEqual([2000 + 10 + 12 + 22 + 12, false]));
  it('EDNS is answered with EDNS, and only then', () => {
    expect(ednsOf(must(exchange(query('www.example.test.', 'A', { udpSize: 1232 })), 'answer'))?.udpSize).toBe(4096);
    expect(ednsOf(ask('www.example.test.', 'A'))).toBeNull();
  });
  it('an answer that is kept ready has the id of its own query', () => {
    const first = query('www.example.test.', 'A');
    const second = first.slice();
    second.set([0xbe, 0xef]);
    expect([exchange(first)?.id, exchange(second)?.id, exchange(first)?.id]).toEqual([0x1234, 0xbeef, 0x1234]);
  });
});

describe('what is no good question', () => {
  const code = (bytes: Uint8Array): string | null => {
    const message = exchange(bytes);
    return message === null ? null : rcodeText(fullRcode(message));
  };
  const good = query('www.example.test.', 'A');
  const patched = (at: number, ...bytes: number[]): Uint8Array => {
    const copy = good.slice();
    copy.set(bytes, at);
    return copy;
  };

  it('every beginning of a query: silence below twelve bytes, then FORMERR', () => {
    for (let length = 0; length < good.length; length++) expect([length, code(good.slice(0, length))]).toEqual([length, length < 12 ? null : 'FORMERR']);
    expect(code(good)).toBe('NOERROR');
  });
  it('a response is never answered, however broken', () => {
    expect(code(patched(2, 0x80))).toBeNull();
    expect(code(fromHex('00018000000100000000000003'))).toBeNull();
  });
  it.each([1, 2, 3, 4, 5, 6, 15])('opcode %i: NOTIMP', (opcode) => {
    expect(code(patched(2, (opcode << 3) | 1))).toBe('NOTIMP');
    expect(exchange(patched(2, opcode << 3))?.flags.opcode).toBe(opcode);
  });
  it('no question, two questions, bytes behind the message, a pointer to itself: FORMERR', () => {
    expect(code(fromHex('0001 0100 0000 0000 0000 0000'))).toBe('FORMERR');
    expect(code(encodeMessage({ ...queryFor(1, 'a.', 1), questions: [{ name: 'a.', type: 1, class: 1 }, { name: 'b.', type: 1, class: 1 }] }))).toBe('FORMERR');
    expect(code(Uint8Array.from([...good, 0]))).toBe('FORMERR');
    expect(code(fromHex('0001 0100 0001 0000 0000 0000 c00c 0001 0001'))).toBe('FORMERR');
  });
  it('two OPT records: FORMERR; an EDNS version that is not 0: BADVERS, with our version', () => {
    const two = { ...queryFor(1, 'www.example.test.', 1), additionals: [ednsRecord({ udpSize: 1232 }), ednsRecord({ udpSize: 1232 })] };
    expect(code(encodeMessage(two))).toBe('FORMERR');
    const message = must(exchange(query('www.example.test.', 'A', { udpSize: 1232, version: 1 })), 'answer');
    expect([rcodeText(fullRcode(message)), ednsOf(message)?.version, message.answers.length]).toEqual(['BADVERS', 0, 0]);
  });

  it('mutated queries, seeded: an answer that can be read, or silence; never an exception', () => {
    const random = createRandom(5300);
    const seeds = [good, query('big.example.test.', 'TXT', { udpSize: 700 }), query('example.test.', 'ANY'), query('far.example.test.', 'A', { udpSize: 1232, options: [{ code: 10, data: new Uint8Array(8) }] })];
    for (let round = 0; round < 20_000; round++) {
      const bytes = must(seeds[random.below(seeds.length)], 'seed').slice();
      for (let change = random.below(4); change >= 0; change--) bytes[random.below(bytes.length)] = random.below(256);
      const cut = random.below(8) === 0 ? bytes.slice(0, random.below(bytes.length)) : bytes;
      const message = exchange(cut, random.below(2) === 0 ? 'udp' : 'tcp');
      if (message !== null) expect([message.id, message.flags.qr]).toEqual([((cut[0] ?? 0) << 8) | (cut[1] ?? 0), true]);
    }
  });
});
