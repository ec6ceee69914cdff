// What is read without a dissection is what the dissection says, field by field; and where it cannot be, the dissection is asked.
import { describe, expect, it } from 'vitest';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { utf8Bytes } from '../../base/bytesText';
import { assemble, part } from '../../codec/assemble';
import { codec as ethernet } from '../../codec/ethernet/codec';
import { codec as ipv6 } from '../../codec/ipv6/codec';
import { FIELD_TYPES } from '../../codec/schema';
import { codec as udp } from '../../codec/udp/codec';
import { matches } from '../../filter/evaluate';
import { fieldSourceOf } from '../../filter/fieldSource';
import { parseFilter } from '../../filter/parse';
import { Line, openBytes, openFrames } from '../dissection/captured.fixture';
import { createDissector } from '../dissection/dissector';
import { QUICK_FIELDS, quickFilter } from './quickSource';

const parsed = (text: string) => {
  const read = parseFilter(text);
  if ('error' in read || read.ok === null) throw new Error(text);
  return read.ok;
};
type Capture = ReturnType<typeof openBytes>;

/** Packets that could be told without dissecting, of all; every difference. */
function compared(capture: Capture, filters: readonly string[]): { readonly told: number; readonly asked: number; readonly wrong: readonly string[] } {
  const wrong: string[] = [];
  let [told, asked] = [0, 0];
  const quick = filters.map((text) => ({ text, filter: parsed(text), quick: quickFilter(parsed(text), capture) }));
  const dissector = createDissector(capture);
  for (let number = 0; number < capture.table.count; number++) {
    const packet = dissector.dissect(number);
    const source = fieldSourceOf(packet.layers, packet.sources.map(({ bytes }) => bytes));
    for (const one of quick) {
      const fits = one.quick?.fits(number) ?? null;
      asked++;
      if (fits === null) continue;
      told++;
      if (fits !== matches(one.filter, source)) wrong.push(`packet ${number + 1}: ${one.text} is ${fits}`);
    }
  }
  return { told, asked, wrong };
}

/** Each field: there or not, and on both sides of some numbers. */
const FILTERS = QUICK_FIELDS.flatMap((name) => {
  const kind = FIELD_TYPES.get(name)?.kind ?? 'none';
  const numbers = kind.includes('int') ? [0, 1, 4, 20, 64, 128, 255].filter((value) => kind !== 'uint8' || value < 256).map((value) => `${name} > ${value}`) : [];
  const bytes = kind === 'bytes' || kind === 'ether' || kind === 'ipv4' || kind === 'ipv6' ? [`${name}[0] > 10`, `${name}[-1:] < 7`] : [];
  return [name, ...numbers, ...bytes, ...(kind === 'bool' ? [`${name} == 1`] : [])];
}).concat('frame contains "GET"', 'tcp contains "Host"', 'udp contains "h"', 'ip contains "Host"', 'ipv6 contains 00:01', 'eth contains "o"', 'tcp.payload contains "hello"', 'udp.payload contains "x"', 'not frame contains "hello"', 'frame matches "x.*y"', 'frame[0:2] == 00:00', 'not tcp.seq > 5 and ip.ttl == 64', 'count(ip.addr) == 2', 'ip.addr#1 == 127.0.0.2', 'tcp.seq == tcp.ack', 'max(tcp.port) > 8000', 'eth[14:1] == 45', 'len(ip) == 20', 'tcp[20:3] == "GET"', 'count(tcp) == 1', 'tcp == udp');

const talk = new Line(80).say('up', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n').say('down', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello').close('up').close('down');
const v6 = { source: 'fe80::1', destination: '2001:db8::2' };
const datagram = assemble([part(ethernet, { destination: '00:11:22:33:44:55', source: '02:aa:bb:cc:dd:ee', type: 0x86dd }), part(ipv6, { ...v6, nextHeader: 17 }), part(udp, { sourcePort: 5000, destinationPort: 7001 }, { network: v6 })], utf8Bytes('hx y'));

describe('read where it stands', () => {
  it('is what the dissection says, of a connection and a datagram', () => {
    const { told, asked, wrong } = compared(openFrames([...talk.frames, datagram]), FILTERS);
    expect(wrong).toEqual([]);
    // All but bytes of protocols.
    expect(told / asked).toBeGreaterThan(0.9);
  });

  it('cut, damaged and other packets are left to the dissection', () => {
    const [syn = new Uint8Array(0)] = talk.frames;
    const tagged = new Uint8Array([...syn.subarray(0, 12), 0x81, 0, 0, 1, ...syn.subarray(12)]);
    const capture = openFrames([syn.subarray(0, 40), tagged, new Uint8Array(20), datagram.subarray(0, 58)]);
    const quick = quickFilter(parsed('ip.ttl == 64 or ipv6.hlim == 64'), capture);
    expect([0, 1, 2, 3].map((number) => quick?.fits(number))).toEqual([null, null, null, null]);
  });

  it('only headers can be asked so', () => {
    const capture = openFrames(talk.frames);
    for (const filter of ['http.request', 'tcp.options', 'ip.ttl == 64 and dns', 'tcp.analysis.ack_rtt > 0']) expect(quickFilter(parsed(filter), capture), filter).toBeNull();
    // The bytes of a header as a value are not known here; all that it carries is.
    expect(quickFilter(parsed('eth == 45:00'), capture)?.fits(0)).toBeNull();
    expect(quickFilter(parsed('eth contains 45:00'), capture)?.fits(0)).toBe(true);
  });

  const corpus = resolve(import.meta.dirname, '../../../../shared/corpus/tcpdump');
  it.each(['ipv4_tcp_http_xml.pcap', 'accecn_handshake.pcap', 'dns_tcp.pcap', 'edns-opts.pcap', 'mptcp-v1.pcap', '802.1ad_QinQ.pcap'])('is what the dissection says of %s', (name) => {
    const file = resolve(corpus, name);
    if (!existsSync(file)) return console.log('the corpus is not here');
    expect(compared(openBytes(new Uint8Array(readFileSync(file))), FILTERS).wrong.slice(0, 20)).toEqual([]);
  });
});
