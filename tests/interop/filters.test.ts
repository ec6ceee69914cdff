// Our filter language beside tshark's: the same names and types of fields, the same filters taken and refused, the same packets found. What differs stands
// in lists, with the reason. Captures of the corpus are used where they are.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FIELD_TYPES, type FieldKind } from '../../shared/codec/schema';
import { namedFields, valueNames } from '../../shared/codec/values';
import { matches } from '../../shared/filter/evaluate';
import { fieldSourceOf } from '../../shared/filter/fieldSource';
import { parseFilter } from '../../shared/filter/parse';
import { openBytes, Line } from '../../shared/packets/dissection/captured.fixture';
import { createDissector } from '../../shared/packets/dissection/dissector';
import { writeFrames } from './captureFile.fixture';
import { ACCEPTED_BY_BOTH, FINDING, LATER_OR_OURS, REFUSED_BY_BOTH, WIRESHARK_ONLY } from './filters.fixture';
import { hasTshark } from './tshark.fixture';
import { tsharkFieldTypes, tsharkFinds, tsharkRefuses, tsharkValueNames } from './tsharkFilters.fixture';

const corpus = resolve(import.meta.dirname, '../../../shared/corpus/tcpdump');
const FILES = ['accecn_handshake.pcap', 'ipv4_tcp_http_xml.pcap', 'edns-opts.pcap', 'dns_tcp.pcap', 'icmpv6.pcap', 'icmp-rfc8335.pcap', 'ipv4_tcp_http_xml_tso.pcap', 'mptcp-v1.pcap', '802.1ad_QinQ.pcap'].map((name) => join(corpus, name)).filter((file) => existsSync(file));

const CODECS = resolve(import.meta.dirname, '../../shared/codec');

/** Names that Wireshark does not have: those under the line "// Ours: why" of a schema. */
const OURS: ReadonlySet<string> = new Set(readdirSync(CODECS).flatMap((protocol) => {
  const file = join(CODECS, protocol, 'schema.ts');
  const [, ours = ''] = existsSync(file) ? readFileSync(file, 'utf8').split('// Ours: ') : [];
  return [...ours.matchAll(/'([a-zA-Z0-9._-]+)':/g)].map((match) => match[1] ?? '');
}));

/** Protocols that 4.0 does not know, or has under another one's name, and what later versions link. */
const LATER = /^((bt-tracker|sll2)(\.|$)|http2\.(request_in|response_in|time)$)/;

/** Fields that tshark has twice under one name, or prints otherwise than it lists them: ours are as they are printed. */
const LISTED_OTHERWISE: ReadonlySet<string> = new Set(['dns.rr.udp_payload_size', 'llc.control.ftype']);

const TYPES: Readonly<Record<string, FieldKind>> = {
  FT_NONE: 'none', FT_PROTOCOL: 'protocol', FT_BOOLEAN: 'bool', FT_STRING: 'string', FT_STRINGZ: 'string', FT_STRINGZPAD: 'string', FT_STRINGZTRUNC: 'string', FT_UINT_STRING: 'string', FT_BYTES: 'bytes', FT_UINT_BYTES: 'bytes', FT_EUI64: 'bytes',
  FT_IPv4: 'ipv4', FT_IPv6: 'ipv6', FT_ETHER: 'ether', FT_ABSOLUTE_TIME: 'abstime', FT_RELATIVE_TIME: 'reltime', FT_GUID: 'guid', FT_OID: 'oid', FT_REL_OID: 'oid', FT_FRAMENUM: 'frame', FT_DOUBLE: 'double', FT_FLOAT: 'double', FT_CHAR: 'uint8',
};
const kindOf = (type: string): FieldKind => TYPES[type] ?? (type.replace('FT_', '').toLowerCase() as FieldKind);

const parsed = (text: string) => {
  const result = parseFilter(text);
  return 'error' in result ? null : result;
};

describe.runIf(hasTshark)('filters beside tshark', () => {
  let folder = '';
  let own = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'looplab-filters-'));
    own = join(folder, 'own.pcapng');
    const line = new Line(80).say('up', 'GET /index.html?q=1 HTTP/1.1\r\nHost: Example.com\r\nUser-Agent: curl/8\r\n\r\n').say('down', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello').close('up').close('down');
    await writeFile(own, writeFrames(line.frames.map((bytes) => ({ bytes, linkType: 1, wire: bytes.length }))));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('fields have the names, types and bases of tshark', async () => {
    const theirs = await tsharkFieldTypes();
    const wrong: string[] = [];
    for (const { name, kind, hex } of FIELD_TYPES.values()) {
      const field = theirs.get(name);
      if (LISTED_OTHERWISE.has(name)) continue;
      if (OURS.has(name) || LATER.test(name)) {
        if (field !== undefined) wrong.push(`${name} is called ours, and is Wireshark's`);
      } else if (field === undefined) wrong.push(`${name} is unknown to tshark`);
      else if (kindOf(field.type) !== kind) wrong.push(`${name} is ${field.type}, not ${kind}`);
      else if ((kind.includes('int') && (field.base === 'BASE_HEX' || field.base === 'BASE_HEX_DEC')) !== hex) wrong.push(`${name} has the base ${field.base}`);
    }
    expect(wrong).toEqual([]);
  });

  it('values have the names of tshark', async () => {
    const theirs = await tsharkValueNames(new Set(namedFields()));
    const ours = new Set(namedFields().flatMap((field) => (valueNames(field) ?? []).map(([value, name]) => `${field} ${value} ${name}`)));
    expect([...ours].filter((one) => !theirs.has(one))).toEqual([]);
    // Of cipher suites we know those that today's libraries still offer; tshark has two flags of one name twice, and filters know one of them.
    expect([...theirs].filter((one) => !ours.has(one) && !/^(tls\.handshake\.ciphersuite|dns\.flags\.(conflict|authenticated)) /.test(one))).toEqual([]);
  });

  it('the same are taken and refused, but for those of the lists', async () => {
    const all = [...ACCEPTED_BY_BOTH, ...FINDING, ...REFUSED_BY_BOTH, ...LATER_OR_OURS, ...WIRESHARK_ONLY];
    const refused = await tsharkRefuses(all, own);
    const told = all.map((filter, i) => `${refused[i] === null ? 'tshark takes' : 'tshark refuses'}, we ${parsed(filter) === null ? 'refuse' : 'take'}: ${filter}`);
    const expected = [
      ...[...ACCEPTED_BY_BOTH, ...FINDING].map((filter) => `tshark takes, we take: ${filter}`), ...REFUSED_BY_BOTH.map((filter) => `tshark refuses, we refuse: ${filter}`),
      ...LATER_OR_OURS.map((filter) => `tshark refuses, we take: ${filter}`), ...WIRESHARK_ONLY.map((filter) => `tshark takes, we refuse: ${filter}`),
    ];
    expect(told).toEqual(expected);
  });

  it('the same packets are found in our own connection and in files of the corpus', { timeout: 120_000 }, async () => {
    if (FILES.length === 0) console.log('the corpus is not here: asked of our own frames only');
    for (const file of [own, ...FILES]) {
      const input = openBytes(new Uint8Array(readFileSync(file)));
      const dissector = createDissector(input);
      const sources = Array.from({ length: input.table.count }, (_, number) => {
        const packet = dissector.dissect(number);
        return fieldSourceOf(packet.layers, packet.sources.map(({ bytes: part }) => part));
      });
      const theirs = await tsharkFinds(FINDING, file);
      const wrong = FINDING.flatMap((filter) => {
        const read = parsed(filter);
        const found = sources.flatMap((source, number) => (read !== null && matches(read.ok, source) ? [number] : []));
        const bytes = found.reduce((sum, number) => sum + (input.table.locate(number).chunk.wire[input.table.locate(number).row] ?? 0), 0);
        const expected = theirs.get(filter);
        return expected?.packets === found.length && expected.bytes === bytes ? [] : [`${filter}: tshark ${expected?.packets} packets, ${expected?.bytes} B; we ${found.length}, ${bytes} B`];
      });
      expect(wrong, file).toEqual([]);
    }
  });
});
