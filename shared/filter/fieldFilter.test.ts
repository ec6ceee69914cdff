// A field as the filter that finds its packet: for every field of the packets here, whatever its kind.
import { describe, expect, it } from 'vitest';
import { utf8Bytes } from '../base/bytesText';
import { assemble, part } from '../codec/assemble';
import { dissect, LINK_TYPE } from '../codec/dissect';
import { codec as ethernet } from '../codec/ethernet/codec';
import { findField, walkFields } from '../codec/field';
import { codec as ipv4 } from '../codec/ipv4/codec';
import { codec as ipv6 } from '../codec/ipv6/codec';
import { FIELD_TYPES } from '../codec/schema';
import { codec as tcp, TCP_FLAGS } from '../codec/tcp/codec';
import { codec as udp } from '../codec/udp/codec';
import { matches } from './evaluate';
import { filterOfField, filterOfText, joinedFilter } from './fieldFilter';
import { fieldSourceOf } from './fieldSource';
import { parseFilter } from './parse';

const network = { source: '10.0.0.1', destination: '10.0.0.2' };
const request = utf8Bytes('GET /a"b\\c HTTP/1.1\r\nHost: Example.com\r\nContent-Length: 3\r\n\r\nabc');
const http = assemble([part(ethernet, { destination: '00:11:22:33:44:55', source: '02:aa:bb:cc:dd:ee', type: 0x0800 }), part(ipv4, { ...network, protocol: 6, identification: 1 }), part(tcp, { sourcePort: 40_000, destinationPort: 80, sequence: 1000, acknowledgment: 2000, flags: TCP_FLAGS.PSH | TCP_FLAGS.ACK }, { network })], request);
const v6 = { source: 'fe80::1', destination: '2001:db8::2' };
const six = assemble([part(ipv6, { ...v6, nextHeader: 17 }), part(udp, { sourcePort: 5000, destinationPort: 7001 }, { network: v6 })], new Uint8Array(80).fill(7));

describe.each([['a request', http, LINK_TYPE.ethernet], ['a datagram', six, LINK_TYPE.ipv6]] as const)('%s', (_, frame, link) => {
  const layers = dissect(frame, link);
  const source = fieldSourceOf(layers, [frame]);

  it('is found by each of its fields', () => {
    let asked = 0;
    for (const { tree } of layers) {
      for (const { node } of walkFields(tree)) {
        const filter = filterOfField(node, frame);
        if (!FIELD_TYPES.has(node.name)) {
          expect(filter, node.name).toBeNull();
          continue;
        }
        const parsed = parseFilter(filter ?? '');
        expect('ok' in parsed && parsed.ok !== null && matches(parsed.ok, source), `${node.name}: ${filter}`).toBe(true);
        asked++;
      }
    }
    expect(asked).toBeGreaterThan(20);
  });
});

it('is written as Wireshark writes it', () => {
  const layers = dissect(http);
  const written = (name: string): string | null => layers.map(({ tree }) => findField(tree, name)).flatMap((node) => (node === null ? [] : [filterOfField(node, http)]))[0] ?? null;
  expect(['ip.src', 'tcp.dstport', 'eth.type', 'tcp.flags.push', 'eth.src', 'http.host', 'http.request.uri', 'http', 'ip.id'].map(written)).toEqual([
    'ip.src == 10.0.0.1', 'tcp.dstport == 80', 'eth.type == 0x0800', 'tcp.flags.push == 1', 'eth.src == 02:aa:bb:cc:dd:ee', 'http.host == "Example.com"', 'http.request.uri == "/a\\"b\\\\c"', 'http', 'ip.id == 0x0001',
  ]);
});

it('comes from the text of a column too', () => {
  expect([filterOfText('tcp.stream', '4'), filterOfText('http.host', 'a b'), filterOfText('ip.src', '10.0.0.1,10.0.0.2'), filterOfText('frame.time', 'Nov 14, 2023 22:13:20.000000000 UTC'), filterOfText('no.field', '1')]).toEqual([
    'tcp.stream == 4', 'http.host == "a b"', 'ip.src', 'frame.time == "Nov 14, 2023 22:13:20.000000000 UTC"', null,
  ]);
});

it('joins the filter that is there', () => {
  const joined = (there: string): string[] => (['selected', 'notSelected', 'and', 'or', 'andNot', 'orNot'] as const).map((how) => joinedFilter(there, 'tcp.port == 80', how));
  expect(joined('')).toEqual(['tcp.port == 80', '!(tcp.port == 80)', 'tcp.port == 80', 'tcp.port == 80', '!(tcp.port == 80)', '!(tcp.port == 80)']);
  expect(joined('udp or ip')).toEqual(['tcp.port == 80', '!(tcp.port == 80)', '(udp or ip) && (tcp.port == 80)', '(udp or ip) || (tcp.port == 80)', '(udp or ip) && !(tcp.port == 80)', '(udp or ip) || !(tcp.port == 80)']);
});
