// However a filter is asked - of columns, of bytes where they stand, of what streams spoke - it finds what it finds in every dissected packet (which
// tests/interop/filters.test.ts compares with tshark): over a mix of talk, and over real captures.
import { describe, expect, it } from 'vitest';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { codec as dns } from '../../../shared/codec/dns/codec';
import { FIELD_TYPES } from '../../../shared/codec/schema';
import { matches } from '../../../shared/filter/evaluate';
import { fieldSourceOf } from '../../../shared/filter/fieldSource';
import { parseFilter } from '../../../shared/filter/parse';
import { Line, openBytes } from '../../../shared/packets/dissection/captured.fixture';
import { createDissector } from '../../../shared/packets/dissection/dissector';
import { PacketIndexer } from '../../../shared/packets/index/packetIndexer';
import { DatagramTalks } from '../../../shared/packets/matching/datagramTalks';
import { FlowTalks } from '../../../shared/packets/matching/flowTalks';
import { mixedTalk } from '../../../shared/packets/matching/mixedTalk.fixture';
import { nameTalk } from '../../../shared/packets/matching/nameTalk.fixture';
import { writeFrames } from '../../../tests/interop/captureFile.fixture';
import { FileWindow } from '../fileWindow';
import { PacketFile } from '../packetFile';
import { filterAsked, filterTest } from './viewFilter';

const FILTERS = [
  'http', 'not http', 'http.request', 'http.request.method == "GET"', 'http.request.uri contains "x"', 'http.response.code >= 200 and tcp.srcport == 80', 'http or dns', 'http xor tcp', 'tls', 'tls.handshake.type == 1', 'tls.record.content_type == 23', 'not tls.handshake',
  'dns', 'dns.qry.name contains "a"', 'dns.flags.response == 1 or http.response', 'smtp', 'ftp', 'data', 'tcp.port == 80 and !http', 'tcp contains "GET"', 'frame contains "HTTP"', 'frame contains 00:00', 'frame matches "(?i)get"', 'ip contains "Host"', 'tcp.payload contains 0d:0a',
  'udp contains 00', 'tcp.seq > 1', 'ip.ttl < 65 and tcp.ack > 1', 'http and frame.len > 100', 'frame.number > 4 && (http || tls)', 'count(http.request.method) == 1', 'max(tcp.port) > 80 && http', 'x509af.version', 'http2', 'websocket', 'tcp.reassembled_in', '!(tcp contains "x") && tcp.len > 0', 'http.data', 'http.request.method == "M-SEARCH" or mdns or llmnr', 'dns.id > 0 and udp', 'dhcp || quic || ssdp', 'ip.ttl > 1 and http', 'ip.ttl#1 > 1 && dns', 'bittorrent', 'tls and tcp.port == 4443', '_ws.malformed', 'udp.port == 53 && !dns',
] as const;

/** Of every field of DNS whether it is there, and what people ask of it. */
const NAMES = [...FIELD_TYPES.keys()].filter((name) => /^(?:dns|mdns|llmnr)(?:$|\.)/u.test(name)).concat('not dns', 'dns && !dns.qry.name', 'dns.qry.name contains "test"', 'dns.flags.response == 1', 'dns.qry.type == 1 or dns.resp.type == 1', 'data', 'not data', '_ws.malformed', 'dns xor udp', 'dns#2', 'dns.count.queries > 0 and not dns.qry.type');

async function judged(bytes: Uint8Array, asked: readonly string[] = FILTERS, keyLog = ''): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'looplab-ask-'));
  const path = join(folder, 'asked.pcap');
  await writeFile(path, bytes);
  const file = await PacketFile.open(path);
  try {
    const index = new PacketIndexer();
    const facts = await file.read(index);
    const { table, flows } = index;
    const packets = { bytes: (number: number) => file.bytesAt(table.locate(number).chunk.offset[number] ?? 0, table.locate(number).chunk.captured[number] ?? 0) };
    const input = { table, flows, facts, packets, keyLog };
    const dissector = createDissector(input);
    const sources = Array.from({ length: table.count }, (_, number) => {
      const packet = dissector.dissect(number);
      return fieldSourceOf(packet.layers, packet.sources.map((source) => source.bytes));
    });
    const talks = new FlowTalks(table, flows, new FileWindow(() => file, table));
    const datagrams = new DatagramTalks(table, flows, new FileWindow(() => file, table));
    const wrong: string[] = [];
    for (const text of asked) {
      const parsed = parseFilter(text);
      const dissects = createDissector(input);
      const made = filterTest(text, (filter) => filterAsked(filter, { table, flows, analysed: () => false, talks }, (packet, frame, names) => dissects.layers(packet, frame, names), { ...input, window: new FileWindow(() => file, table), speaks: (packet) => datagrams.speaks(packet) ?? dissects.speaks(packet) }));
      if ('error' in parsed || 'error' in made || made.test === null) throw new Error(`${text} is no filter`);
      for (const [number, source] of sources.entries()) if (made.test(number) !== matches(parsed.ok, source)) wrong.push(`packet ${number + 1}: ${text}`);
    }
    return wrong;
  } finally {
    await file.close();
    await rm(folder, { recursive: true });
  }
}

const question = dns.encode({ id: 7, flags: { qr: false, opcode: 0, aa: false, tc: false, rd: true, ra: false, z: false, ad: false, cd: false, rcode: 0 }, questions: [{ name: 'a.test.', type: 1, class: 1 }], answers: [], authorities: [], additionals: [] }, new Uint8Array(0), { transport: 'tcp' });

describe('a filter asked of a capture', () => {
  it('finds what is in the packets, of a mix of talk', async () => {
    const talk = [
      new Line(80).say('up', 'GET /x HTTP/1.1\r\nHost: a\r\n\r\n').say('down', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe').say('down', 'llo').close('up').close('down'),
      new Line(7).say('up', 'hello GET').say('down', 'hello GET').close('up').close('down'),
      new Line(4000).say('up', 'PO').say('up', 'ST /y HTTP/1.1\r\nContent-Length: 0\r\n\r\n').say('down', 'HTTP/1.1 204 No\r\n\r\n').close('up').close('down'),
      new Line(25).say('down', '220 mail\r\n').say('up', 'EHLO x\r\n').close('up').close('down'),
      new Line(53).say('up', question).close('up').close('down'),
    ].flatMap(({ frames }) => [...frames]);
    expect(await judged(writeFrames(talk.map((bytes) => ({ bytes, linkType: 1, wire: bytes.length }))))).toEqual([]);
  });

  it.each([[1, 8], [2, 8], [37, 25]])('finds what is in the packets of mixed talk %i', async (seed, count) => {
    expect(await judged(writeFrames(mixedTalk(seed, count).map((one) => ({ ...one, linkType: 1 }))))).toEqual([]);
  });

  it.each([5, 6, 7, 8, 9, 10, 11, 12])('finds what is in datagrams that are DNS, or nearly, %i', async (seed) => {
    expect(await judged(writeFrames(nameTalk(seed, 100).map((one) => ({ ...one, linkType: 1 }))), NAMES)).toEqual([]);
  });

  const corpus = resolve(import.meta.dirname, '../../../../shared/corpus/tcpdump');
  it.each(['ipv4_tcp_http_xml.pcap', 'dns_tcp.pcap', 'ipv4_tcp_http_xml_tso.pcap', 'mptcp-v1.pcap'])('finds what is in the packets of %s', async (name) => {
    const path = resolve(corpus, name);
    if (!existsSync(path)) return console.log('the corpus is not here');
    expect(openBytes(new Uint8Array(readFileSync(path))).table.count).toBeGreaterThan(0);
    expect(await judged(new Uint8Array(readFileSync(path)))).toEqual([]);
  });
});
