// Zone files and single lines: what is right comes back, what is wrong says its line and why.

import { describe, expect, it } from 'vitest';
import { cpuTime } from '../../base/cpuTime.fixture';
import { dataText, recordText } from './text';
import { parseRecordLine, parseZone } from './zoneText';

const LINES = [
  'www.example.test. 300 IN A 127.0.40.1',
  'www.example.test. 300 IN AAAA ::1',
  'example.test. 3600 IN NS ns1.example.test.',
  'alias.example.test. 60 IN CNAME www.example.test.',
  'old.example.test. 60 IN DNAME new.example.test.',
  '1.40.0.127.in-addr.arpa. 60 IN PTR www.example.test.',
  'example.test. 3600 IN MX 10 mail.example.test.',
  'example.test. 3600 IN SOA ns1.example.test. admin.example.test. 2024010101 7200 3600 1209600 300',
  'example.test. 60 IN TXT "v=spf1 -all" "a \\"b\\" \\\\ \\195\\169 ; c"',
  '_http._tcp.example.test. 60 IN SRV 0 5 8080 www.example.test.',
  'example.test. 60 IN CAA 128 issue "ca.example.net"',
  'example.test. 60 IN HTTPS 1 . alpn=h2,http/1.1 port=8443 ipv4hint=127.0.40.1,127.0.40.2 ipv6hint=::1',
  'example.test. 60 IN SVCB 0 svc.example.test.',
  'example.test. 60 IN TYPE731 \\# 3 abcdef',
  'example.test. 60 CH TXT "9.9"',
  '*.example.test. 60 IN A 127.0.40.9',
  'a\\.b.example.test. 60 CLASS32 TYPE65280 \\# 0',
];

describe('one line', () => {
  it.each(LINES)('%s comes back as it is', (line) => {
    const record = parseRecordLine(line);
    if ('reason' in record) throw new Error(`${record.reason}: ${record.detail}`);
    expect(recordText(record)).toBe(line);
  });

  it('may be written in other ways', () => {
    const origin = { origin: 'example.test.', ttl: 60 };
    const text = (line: string): string => {
      const record = parseRecordLine(line, origin);
      return 'reason' in record ? record.reason : recordText(record);
    };
    expect(text('www A 127.0.0.1')).toBe('www.example.test. 60 IN A 127.0.0.1');
    expect(text('@ in 1h30m mx 5 mail')).toBe('example.test. 5400 IN MX 5 mail.example.test.');
    expect(text('www 1d IN A 127.0.0.1 ; a comment')).toBe('www.example.test. 86400 IN A 127.0.0.1');
    expect(text('www AAAA 0:0:0:0:0:0:0:1')).toBe('www.example.test. 60 IN AAAA ::1');
    expect(text('t TXT plain words')).toBe('t.example.test. 60 IN TXT "plain" "words"');
    expect(text('t TXT "привет"')).toBe('t.example.test. 60 IN TXT "\\208\\191\\209\\128\\208\\184\\208\\178\\208\\181\\209\\130"');
    expect(text('t TYPE1 \\# 4 7f000001')).toBe('t.example.test. 60 IN A 127.0.0.1');
    expect(text('s HTTPS 1 . alpn="h2,h3" key667=x')).toBe('s.example.test. 60 IN HTTPS 1 . alpn=h2,h3 key667="x"');
  });

  it.each([
    ['www.test. 300 IN A 127.0.0.256', 'bad-address', '127.0.0.256'], ['www.test. 300 IN A', 'too-few-words', ''], ['www.test. 300 IN A 1.2.3.4 5', 'too-many-words', '5'],
    ['www.test. 300 IN AAAA 1.2.3.4', 'bad-address', '1.2.3.4'], ['www..test. 300 IN A 1.2.3.4', 'bad-name', 'www..test.'], ['www.test. IN A 1.2.3.4', 'no-ttl', ''],
    ['www.test. 99999999999 IN A 1.2.3.4', 'bad-ttl', '99999999999'], ['www.test. 300x IN A 1.2.3.4', 'bad-ttl', '300x'], ['www.test. 4294967295 IN A 1.2.3.4', 'bad-ttl', '4294967295'],
    ['www.test. 300 IN FOO 1', 'unknown-type', 'FOO'], ['www.test. 300 IN', 'no-type', ''], ['www.test. 300 IN NSEC a.', 'unwritable-type', 'a.'], ['t. 1 IN MX ten mail.', 'bad-number', 'ten'],
    ['t. 1 IN MX 65536 mail.', 'bad-number', '65536'], ['t. 1 IN TXT "open', 'quotation-mark', ''], ['t. 1 IN SOA a. b. ( 1 2 3 4 5', 'parenthesis', ''], ['t. 1 IN A 1.2.3.4 )', 'parenthesis', ''],
    [`t. 1 IN TXT "${'x'.repeat(256)}"`, 'bad-string', 'x'.repeat(40)], ['t. 1 IN TYPE731 \\# 2 abc', 'bad-hex', 'abc'], ['t. 1 IN A \\# 3 7f0000', 'bad-hex', '7f0000'], ['t. 1 IN HTTPS 1 . port=x', 'bad-parameter', 'port=x'],
    ['t. 1 IN HTTPS 1 . port=1 port=2', 'bad-parameter', 'port=2'], ['$INCLUDE /etc/passwd', 'unknown-directive', '$INCLUDE'], ['$ORIGIN', 'too-few-words', '$ORIGIN'], [' 300 IN A 1.2.3.4', 'no-name', ''],
  ])('%s is refused', (line, reason, detail) => {
    expect(parseRecordLine(line)).toEqual({ line: 1, reason, detail });
  });
});

describe('a zone', () => {
  const zone = [
    '$ORIGIN example.test.', '$TTL 1h', '; the example', '@ IN SOA ns1 admin (', '  2024010101 ; serial', '  2h 1h', '  2w 5m )', '', '  NS ns1', '  IN 60 NS ns2.other.test.', 'ns1 A 127.0.40.53',
    'www 300 IN A 127.0.40.1', '    AAAA ::1', 'broken A 1.2.3', '$ORIGIN sub', 'www CNAME www.example.test.',
  ].join('\r\n');

  it('is read whole, and its faults are told with their lines', () => {
    const { records, errors, lines } = parseZone(zone);
    expect(records.map(recordText)).toEqual([
      'example.test. 3600 IN SOA ns1.example.test. admin.example.test. 2024010101 7200 3600 1209600 300',
      'example.test. 3600 IN NS ns1.example.test.', 'example.test. 60 IN NS ns2.other.test.', 'ns1.example.test. 3600 IN A 127.0.40.53', 'www.example.test. 300 IN A 127.0.40.1',
      'www.example.test. 3600 IN AAAA ::1', 'www.sub.example.test. 3600 IN CNAME www.example.test.',
    ]);
    expect(errors).toEqual([{ line: 14, reason: 'bad-address', detail: '1.2.3' }]);
    expect(lines).toEqual([4, 9, 10, 11, 12, 13, 16]);
  });

  it('comes back from its own text', () => {
    const { records } = parseZone(zone);
    expect(parseZone(records.map(recordText).join('\n')).records).toEqual(records);
  });

  it('that is too long stops with a word', () => {
    expect(parseZone('x\n'.repeat(1000)).errors.at(-1)?.reason).toBe('too-much');
    expect(parseZone('x\n'.repeat(1000)).errors).toHaveLength(101);
    expect(parseZone(' '.repeat(1_000_001)).errors).toEqual([{ line: 1, reason: 'too-much', detail: '' }]);
  });

  it('of hostile text is read in a moment', () => {
    for (const text of ['"'.repeat(100_000), '('.repeat(100_000), '\\'.repeat(100_001), 'a '.repeat(100_000), '"\\'.repeat(50_000), `x 1 IN TXT ${'"a" '.repeat(50_000)}`, ' '.repeat(900_000)]) {
      const started = cpuTime();
      parseZone(text);
      expect(started(), text.slice(0, 8)).toBeLessThan(1500);
    }
  });

  it('shows data alone', () => {
    const record = parseRecordLine('t. 1 IN MX 10 mail.t.');
    expect('data' in record && dataText(record.data)).toBe('10 mail.t.');
  });
});
