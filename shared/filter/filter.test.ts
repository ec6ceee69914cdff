// Filters asked of our own frames: what they find, as Wireshark 4.0 would (tests/interop asks tshark the same).

import { describe, expect, it } from 'vitest';
import { utf8Bytes } from '../base/bytesText';
import { assemble, part } from '../codec/assemble';
import { dissect, LINK_TYPE } from '../codec/dissect';
import { codec as ethernet } from '../codec/ethernet/codec';
import { codec as icmp } from '../codec/icmp/codec';
import { codec as ipv4 } from '../codec/ipv4/codec';
import { codec as ipv6 } from '../codec/ipv6/codec';
import { codec as tcp, TCP_FLAGS } from '../codec/tcp/codec';
import { codec as udp } from '../codec/udp/codec';
import { matches } from './evaluate';
import { fieldSourceOf } from './fieldSource';
import { parseFilter, filterFields } from './parse';

const link = part(ethernet, { destination: '00:11:22:33:44:55', source: '02:aa:bb:cc:dd:ee', type: 0x0800 });
const network = { source: '10.0.0.1', destination: '10.0.0.2' };
const request = utf8Bytes('GET /index.html?q=1 HTTP/1.1\r\nHost: Example.com\r\nUser-Agent: curl/8 é\r\n\r\n');
const http = assemble([link, part(ipv4, { ...network, protocol: 6, identification: 1 }), part(tcp, { sourcePort: 40_000, destinationPort: 80, sequence: 1000, acknowledgment: 2000, flags: TCP_FLAGS.PSH | TCP_FLAGS.ACK }, { network })], request);
const datagram = assemble([part(ipv4, { ...network, protocol: 17 }), part(udp, { sourcePort: 5000, destinationPort: 7001 }, { network })], utf8Bytes('hello'));
const unreachable = assemble([part(ipv4, { source: '10.0.0.2', destination: '10.0.0.1', protocol: 1 }), part(icmp, { type: 3, code: 3, rest: 0 })], datagram);
const v6 = { source: 'fe80::1', destination: '2001:db8::2' };
const six = assemble([part(ipv6, { ...v6, nextHeader: 17 }), part(udp, { sourcePort: 5000, destinationPort: 7001 }, { network: v6 })], utf8Bytes('hi'));

const FRAMES = {
  http: fieldSourceOf(dissect(http), [http]), datagram: fieldSourceOf(dissect(datagram, LINK_TYPE.ipv4), [datagram]), unreachable: fieldSourceOf(dissect(unreachable, LINK_TYPE.ipv4), [unreachable]),
  six: fieldSourceOf(dissect(six, LINK_TYPE.ipv6), [six]),
};

/** Whether a filter finds a frame. Fails for one that is refused. */
function finds(filter: string, frame: keyof typeof FRAMES = 'http'): boolean {
  const parsed = parseFilter(filter);
  if ('error' in parsed) throw new Error(`${filter}: ${parsed.error.message}`);
  return matches(parsed.ok, FRAMES[frame]);
}

describe('a request over TCP', () => {
  it.each([
    'tcp', 'http.request', 'not udp', '!udp && !(ipv6 or vlan)', 'tcp xor udp', '', 'frame', 'eth.addr', '.tcp.port',
    'tcp.port == 80', 'tcp.port eq 80', 'tcp.port == 0x50', 'tcp.port == 0120', 'tcp.port == 0b1010000', "tcp.port == 'P'", 'tcp.port !== 80', 'tcp.port any_ne 80', 'tcp.port ~= 80', 'not udp.port == 80',
    'any tcp.port > 80', 'tcp.port >= 40000', 'tcp.srcport > tcp.dstport', '80 < tcp.srcport <= 40000', '!tcp.flags.syn == 1', 'tcp.flags.syn', 'tcp.flags.ack == True', 'tcp.flags.push == 1', 'tcp.flags & 0x18 == 0x18', 'tcp.flags & 8',
    'tcp.port in {80, 443}', 'tcp.port in {1..79, 39999 .. 40001}', 'udp.port not in {80}', 'ip.addr in {10.0.0.2..10.0.0.9}', 'ip.addr in {11.0.0.0/8, 10.0.0.0/24}', 'http.host in {"A".."Z"}',
    'ip.src == 10.0.0.1', 'ip.src == 10.0.0.0/8', 'ip.src >= 10.0.0.0/8', 'ip.src < 11.0.0.0/8', 'ip.src != ip.dst', 'ip.src & 255.0.0.0 == 10.0.0.0', 'ip.src[0] == 0a', 'ip.host == "10.0.0.1"',
    'eth.dst == 00:11:22:33:44:55', 'eth.src == 02-aa-bb-cc-dd-ee', 'eth.src == 02aa.bbcc.ddee', 'eth.addr[0:3] == 00:11:22', 'eth.src contains aa:bb', 'eth.src[0] & 0x02', 'eth.src matches "\\xaa\\xbb"',
    'http.host == "Example.com"', 'http.host == Example.com', 'http.host contains "ample"', 'http.host matches "^EXAMPLE\\\\.com$"', 'http.host matches r"e\\.c"', 'http.host == "Exam\\x70le.com"', 'lower(http.host) == "example.com"',
    'upper(http.host)[0:3] == "EXA"', 'len(http.host) == 11', 'http.host[-3:] == "com"', 'http.host[-3:3] == "com"', 'http.host[8-10] == "com"', 'http.user_agent contains "é"', 'http.user_agent matches "\\xc3\\xa9$"',
    'http contains "Host"', 'http contains 47:45:54', 'frame contains "curl"', 'frame[0,6] == 00:02', 'frame[0:] contains "GET"', 'tcp[20:3] == "GET"', 'ip contains "GET"', 'len(ip) == 20', 'tcp.payload[0:3] == "GET"',
    'frame matches "host: example\\\\.com\\r\\n"', 'http.request.uri.query.parameter == "q=1"', 'http.request.version matches "1\\\\.[01]"',
    'tcp.dstport * 500 == 40000', 'tcp.srcport / 500 == tcp.dstport', 'tcp.srcport % 7 == 2', 'tcp.dstport - 90 < 0', '- tcp.dstport == -80', 'tcp.port == 4 * {16 + 4}', '{tcp.dstport -100} / 3 == -6', 'tcp.dstport + 1',
    'max(tcp.port) == 40000', 'min(tcp.srcport, tcp.dstport) == 80', 'max(tcp.srcport, udp.srcport) == 40000', 'abs(tcp.dstport - 100) == 20', 'count(tcp.port) == 2', 'string(tcp.dstport) matches "^8.$"', 'string(ip.src) contains "10.0"',
    'string(eth.src) == "02:aa:bb:cc:dd:ee"', 'ip.addr#1 == 10.0.0.2', 'tcp.port#[-1] == 80', 'tcp and not (udp or arp) && ip.ttl == 64', 'ip.proto == 6 or udp and icmp',
  ])('%s', (filter) => expect(finds(filter)).toBe(true));

  it.each([
    'udp', 'http.response', 'tcp.port == 443', 'tcp.port != 80', 'tcp.port === 80', 'tcp.port all_eq 80', 'all tcp.port > 80', 'udp.port != 80', 'tcp.flags.syn == 1', 'tcp.flags & 2', 'all tcp.port in {80, 40000}', 'ip.src != 10.0.0.0/8',
    'ip.src > 10.0.0.0/8', 'http.host == "example.com"', 'http.host matches "(?-i)EXAMPLE"', 'http.host contains ""', 'http.host[0:12]', 'http.host[-3:10] == "com"', 'frame[1000]', 'ip[20:2] == 9c:40', 'count(udp.port) == 0', 'tcp.port#2 == 80',
    'tcp.port#0 == 80', 'tcp.port / 0 == 1', 'tcp.dstport - 80', 'tcp.port + udp.port == 3', 'tcp xor ip', 'not tcp.port == 80 and tcp', 'tcp.analysis.flags', 'http.content_length',
  ])('not %s', (filter) => expect(finds(filter)).toBe(false));
});

describe('other packets', () => {
  it('an ICMP error has the quoted packet in it, as a second layer', () => {
    expect(finds('icmp && udp', 'unreachable')).toBe(true);
    expect(finds('ip.src#2 == 10.0.0.1', 'unreachable')).toBe(true);
    expect(finds('ip.src#1 == 10.0.0.1', 'unreachable')).toBe(false);
    expect(finds('count(ip.src) == 2 and udp.port == 7001', 'unreachable')).toBe(true);
    expect(finds('len(icmp) > 30 and icmp contains "hello"', 'unreachable')).toBe(true);
  });

  it('IPv6 addresses are compared with prefixes and cut', () => {
    for (const filter of ['ipv6.src == fe80::/10', 'ipv6.addr == 2001:db8::2', 'ipv6.src[0:2] == fe:80', 'ipv6.dst > ::1', 'udp.payload == "hi"', 'udp.payload contains 68', 'data.data == 68:69', 'len(udp) == 8']) expect(finds(filter, 'six'), filter).toBe(true);
    for (const filter of ['ipv6.src == fe80::2', 'ip.addr == 10.0.0.1', 'ipv6.src == 2001::/16']) expect(finds(filter, 'six'), filter).toBe(false);
  });

  it('a filter names its fields', () => {
    const parsed = parseFilter('tcp.port == 80 and (len(http.host) > 3 or not ip.src in {ip.dst}) and frame[0:2] == eth.src');
    expect('ok' in parsed && parsed.ok !== null && filterFields(parsed.ok)).toEqual(['tcp.port', 'http.host', 'ip.src', 'ip.dst', 'frame', 'eth.src']);
  });
});
