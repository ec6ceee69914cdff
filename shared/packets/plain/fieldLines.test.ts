// What lists of fields say of packets without dissecting all of them is what the dissection of all says, field by field, in lists of every sort.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { concatBytes } from '../../base/bytes';
import { utf8Bytes } from '../../base/bytesText';
import { assemble, part } from '../../codec/assemble';
import { codec as ethernet } from '../../codec/ethernet/codec';
import { codec as ipv6 } from '../../codec/ipv6/codec';
import { FIELD_TYPES } from '../../codec/schema';
import { RFC_8448, RFC_8448_KEYS, RFC_8448_ORDER } from '../../codec/tls/rfc8448.fixture';
import { interfaceBlock, packetBlock, sectionBlock } from '../../codec/pcapng/write';
import { codec as udp } from '../../codec/udp/codec';
import { Line, openBytes, openFrames } from '../dissection/captured.fixture';
import { createDissector, type DissectorInput } from '../dissection/dissector';
import { PacketFields } from '../dissection/packetFields';
import { windowOf } from '../matching/packetWindow';
import { FieldLines } from './fieldLines';
import { PLAIN_FIELDS } from './plainTexts';

/** Every field of these protocols. */
const of = (...protocols: readonly string[]): string[] => [...FIELD_TYPES.keys()].filter((name) => protocols.includes(name.split('.')[0] ?? ''));
/** Headers alone, one application beside them, what takes streams or all of a packet, and each protocol's own. */
const LISTS: readonly (readonly string[])[] = [
  PLAIN_FIELDS, ['ip.src', 'tcp.port', ...of('http')], ['frame.number', 'udp.port', ...of('dns', 'tls')], ['tcp.stream', 'tcp.segments', 'tcp.reassembled_in', 'tcp.segment_data'], ['ip.addr', 'frame.protocols'],
  ['tcp.flags', '_ws.expert.message'], of('tcp'), of('eth', 'ip', 'udp'), of('ipv6'), ['eth.dst', ...of('arp', 'icmp', 'vlan', 'frame')], ['ip.ttl', 'data.data'],
];

/** Every difference; `input` is asked in two ways, each packet after the one before. */
function differences(input: DissectorInput, lists = LISTS, keyLog = ''): string[] {
  return lists.flatMap((names) => {
    const whole = createDissector({ ...input, keyLog });
    const dissector = createDissector({ ...input, keyLog });
    const lines = new FieldLines(names, { ...input, window: windowOf(input.packets), dissector });
    const wrong: string[] = [];
    for (let number = 0; number < input.table.count; number++) {
      const fields = new PacketFields(whole.dissect(number), new Set(names));
      const texts = lines.texts(number);
      names.forEach((name, i) => {
        const [ours, theirs] = [texts[i]?.join(), fields.texts(name).join()];
        if (ours !== theirs) wrong.push(`packet ${number + 1}: ${name} of ${names.length} is ${JSON.stringify(ours)}, not ${JSON.stringify(theirs)}`);
      });
      // Some packets are not shown.
      if (number % 3 === 1) continue;
      for (const one of [whole, dissector, lines]) one.displayed(number);
    }
    return wrong;
  });
}

const v6 = { source: 'fe80::1', destination: '2001:db8::2' };
const datagram = assemble([part(ethernet, { destination: '01:11:22:33:44:55', source: '02:aa:bb:cc:dd:ee', type: 0x86dd }), part(ipv6, { ...v6, nextHeader: 17, trafficClass: 0xb9, flowLabel: 0x12345 }), part(udp, { sourcePort: 5000, destinationPort: 7001 }, { network: v6 })], utf8Bytes('hx y'));
const web = (): Line => new Line(80).say('up', 'GET /a?b=1 HTTP/1.1\r\nHost: h\r\n\r\n').pieces('down', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', 30).say('up', 'GET / HTTP/1.1\r\nHost: h\r\n\r\n');

describe('lists of fields', () => {
  it('say what the dissection says, of a conversation, a loss and a datagram', () => {
    const line = web().lose('down', 10).say('down', 'HTTP/1.1 204 No Content\r\n\r\n').close('up').close('down').say('up', 'why', 0x14);
    expect(differences(openFrames([...line.frames, datagram, datagram]))).toEqual([]);
  });

  it('of TLS that keys open', () => {
    const line = new Line(443);
    for (const [dir, name] of RFC_8448_ORDER) line.say(dir, RFC_8448[name]);
    expect(differences(openFrames(line.frames), [['tcp.len', ...of('tls', 'http')], ['tls.handshake.type'], of('x509sat')], RFC_8448_KEYS)).toEqual([]);
  });

  it('of packets that are cut, tagged or too short', () => {
    const [syn = new Uint8Array(0), , request = new Uint8Array(0)] = web().frames;
    const tagged = new Uint8Array([...syn.subarray(0, 12), 0x81, 0, 0, 1, ...syn.subarray(12)]);
    expect(differences(openFrames([syn, request, syn.subarray(0, 40), request.subarray(0, 60), tagged, new Uint8Array(20), datagram.subarray(0, 58)]))).toEqual([]);
  });

  it('tell spans to the nanosecond, however long', () => {
    const [a = new Uint8Array(0), b = new Uint8Array(0)] = web().frames;
    const years = openBytes(concatBytes(sectionBlock('test'), interfaceBlock(1, 'lo', ''), packetBlock(0, 1_000_000_000_999_999_999n, a, a.length), packetBlock(0, 1_665_396_692_000_000_001n, b, b.length), packetBlock(0, 1_000_000_000_999_999_998n, a, a.length)));
    const names = ['tcp.time_relative', 'tcp.time_delta', 'tcp.analysis.ack_rtt'];
    const lines = new FieldLines(names, { ...years, window: windowOf(years.packets), dissector: createDissector(years) });
    const span = '665396691.000000002';
    expect([0, 1, 2].map((number) => lines.texts(number).map(([text]) => text))).toEqual([['0.000000000', '0.000000000', undefined], [span, span, span], ['-0.000000001', '-665396691.000000003', undefined]]);
    expect(differences(years, [names])).toEqual([]);
  });

  it('dissect no packet for what stands in headers', () => {
    const input = openFrames([...web().frames, datagram]);
    const never = { ...createDissector(input), layers: () => { throw new Error('dissected'); }, speaks: () => { throw new Error('asked'); } };
    const lines = new FieldLines(['frame.number', 'ip.src', 'tcp.seq', 'udp.port', 'tcp.analysis.retransmission'], { ...input, window: windowOf(input.packets), dissector: never });
    expect(lines.texts(2)).toEqual([['3'], ['127.0.0.1'], ['1'], [], []]);
    expect(lines.texts(6)).toEqual([['7'], [], [], ['5000', '7001'], []]);
  });

  const corpus = resolve(import.meta.dirname, '../../../../shared/corpus/tcpdump');
  it.each(['ipv4_tcp_http_xml.pcap', 'accecn_handshake.pcap', '802.1ad_QinQ.pcap', 'icmp-rfc5837.pcap'])('say what the dissection says, of %s', (name) => {
    const file = resolve(corpus, name);
    if (!existsSync(file)) return console.log('the corpus is not here');
    expect(differences(openBytes(new Uint8Array(readFileSync(file)))).slice(0, 20)).toEqual([]);
  });
});
