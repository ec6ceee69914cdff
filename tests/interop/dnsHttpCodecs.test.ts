// DNS and HTTP/1 in tshark and here: what dig, kdig, drill, curl, wget, Python and Node really send, what we write ourselves, and captures
// of third parties have the same values in the same order. Bytes are taken at sockets and put into frames, so nobody must capture.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { assemble, part } from '../../shared/codec/assemble';
import { dissect, LINK_TYPE } from '../../shared/codec/dissect';
import { framed } from '../../shared/codec/dns/codec';
import { encodeMessage } from '../../shared/codec/dns/message';
import { ednsRecord, NO_FLAGS, queryFor, type DnsMessage } from '../../shared/codec/dns/records';
import { DNS_TYPE } from '../../shared/codec/dns/types';
import { parseZone } from '../../shared/codec/dns/zoneText';
import { walkFields, type FieldNode } from '../../shared/codec/field';
import { encodeChunk, encodeHead, encodeLastChunk } from '../../shared/codec/http/encode';
import { codec as ipv4 } from '../../shared/codec/ipv4/codec';
import { codec as tcp, TCP_FLAGS } from '../../shared/codec/tcp/codec';
import { codec as udp } from '../../shared/codec/udp/codec';
import { concatBytes } from '../../shared/base/bytes';
import { utf8Bytes } from '../../shared/base/bytesText';
import { readFrames, type Frame } from './captureFile.fixture';
import { BETWEEN, hasTshark, tsharkFields } from './tshark.fixture';
import { askedByPrograms, exchangedByPrograms } from './webPrograms.fixture';

const DNS_FIELDS = [
  'dns.length', 'dns.id', 'dns.flags', 'dns.flags.response', 'dns.flags.opcode', 'dns.flags.authoritative', 'dns.flags.truncated', 'dns.flags.recdesired', 'dns.flags.recavail', 'dns.flags.z',
  'dns.flags.authenticated', 'dns.flags.checkdisable', 'dns.flags.rcode', 'dns.count.queries', 'dns.count.answers', 'dns.count.auth_rr', 'dns.count.add_rr', 'dns.qry.name', 'dns.qry.name.len', 'dns.count.labels',
  'dns.qry.type', 'dns.qry.class', 'dns.resp.name', 'dns.resp.type', 'dns.resp.class', 'dns.resp.ttl', 'dns.resp.len', 'dns.a', 'dns.aaaa', 'dns.ns', 'dns.cname', 'dns.ptr.domain_name', 'dns.dname',
  'dns.mx.preference', 'dns.mx.mail_exchange', 'dns.soa.mname', 'dns.soa.rname', 'dns.soa.serial_number', 'dns.soa.refresh_interval', 'dns.soa.retry_interval', 'dns.soa.expire_limit', 'dns.soa.minimum_ttl',
  'dns.txt', 'dns.txt.length', 'dns.srv.priority', 'dns.srv.weight', 'dns.srv.port', 'dns.srv.target', 'dns.caa.flags', 'dns.caa.flags.issuer_critical', 'dns.caa.tag', 'dns.caa.tag_length', 'dns.caa.value',
  'dns.svcb.svcpriority', 'dns.svcb.targetname', 'dns.svcb.svcparam.key', 'dns.svcb.svcparam.value.length', 'dns.rr.udp_payload_size', 'dns.resp.ext_rcode', 'dns.resp.edns0_version', 'dns.resp.z', 'dns.resp.z.do',
  'dns.resp.z.reserved', 'dns.opt.code', 'dns.opt.len', 'dns.opt.data',
];
const HTTP_FIELDS = [
  'http.request.method', 'http.request.uri', 'http.request.uri.path', 'http.request.uri.query', 'http.request.uri.query.parameter', 'http.request.version', 'http.response.version', 'http.response.code', 'http.response.code.desc',
  'http.response.phrase', 'http.host', 'http.user_agent', 'http.accept', 'http.accept_encoding', 'http.connection', 'http.content_type', 'http.content_length_header', 'http.content_length', 'http.transfer_encoding',
  'http.content_encoding', 'http.date', 'http.server', 'http.location', 'http.last_modified', 'http.cache_control', 'http.cookie', 'http.set_cookie', 'http.referer', 'http.upgrade', 'http.chunk_size', 'http.file_data',
];
/** tshark tells every header here, we those that have no field of their own: compared with all that ours has. */
const LINES = ['http.request.line', 'http.response.line'];

const why = hasTshark ? '' : ' (skipped: tshark is not installed)';
const NETWORK = { source: '127.0.10.1', destination: '127.0.40.1' };

const inUdp = (payload: Uint8Array, port = 53): Frame => frame(assemble([part(ipv4, { ...NETWORK, protocol: 17 }), part(udp, { sourcePort: 40_000, destinationPort: port }, { network: NETWORK })], payload));
/** Each in a connection of its own: in one they would be taken for the same bytes sent again. */
let connections = 0;
function inTcp(payload: Uint8Array, port: number, up = true): Frame {
  const other = 30_000 + (connections++ % 30_000);
  const header = { sourcePort: up ? other : port, destinationPort: up ? port : other, sequence: 1, acknowledgment: 1, flags: TCP_FLAGS.PSH | TCP_FLAGS.ACK };
  return frame(assemble([part(ipv4, { ...NETWORK, protocol: 6 }), part(tcp, header, { network: NETWORK })], payload));
}
const frame = (bytes: Uint8Array): Frame => ({ bytes, linkType: LINK_TYPE.ipv4, wire: bytes.length });

interface Difference {
  readonly frame: number;
  readonly field: string;
  readonly ours: string;
  readonly theirs: string;
}

/** Where tshark 4.0 says something else, and why. */
const CAUSES: readonly { readonly why: string; readonly explains: (field: string, ours: string, theirs: string, tree: FieldNode) => boolean }[] = [
  { why: 'it shows AA, RA, AD and the rcode in responses only: in a query these bits mean nothing', explains: (field, ours, theirs) => field.startsWith('dns.flags.') && theirs === '' && ours === '0' },
  { why: 'it measures its own word <Root>, where the name has no letters', explains: (field, ours, theirs, tree) => /^dns\.(qry\.name\.len|count\.labels)$/.test(field) && valuesOf(tree, 'dns.qry.name').includes('<Root>') && ours === '0' && /^[16]$/.test(theirs) },
  { why: 'it gives the owner of an SRV record other names: dns.srv.service, dns.srv.proto, dns.srv.name', explains: (field, ours, theirs) => field === 'dns.resp.name' && ours.split(' | ').filter((name) => !name.startsWith('_')).join(' | ') === theirs },
  { why: 'it lists an option without data as missing data', explains: (field, ours, theirs) => field === 'dns.opt.data' && theirs.split(' | ').filter((data) => data !== '').join(' | ') === ours },
];

/** The application's tree of a frame; null when there is none that is whole. */
function treeOf({ bytes, linkType, wire }: Frame, protocol: string): FieldNode | null {
  const layer = dissect(bytes, linkType, Math.max(0, wire - bytes.length)).find((one) => one.protocol === protocol && !one.quoted);
  return layer?.status.status === 'complete' ? layer.tree : null;
}

/** What both say of each frame in which we find a whole message. */
async function compare(frames: readonly Frame[], protocol: 'dns' | 'http'): Promise<{ readonly compared: number; readonly differences: readonly Difference[] }> {
  const own = frames.map((one) => treeOf(one, protocol));
  const fields = protocol === 'dns' ? DNS_FIELDS : [...HTTP_FIELDS, ...LINES];
  const rows = await tsharkFields(frames, ['_ws.malformed', `${protocol}`, ...fields], 'all');
  const differences: Difference[] = [];
  own.forEach((tree, i) => {
    if (tree === null) return;
    const [, , ...row] = rows[i] ?? [];
    fields.forEach((field, at) => {
      const theirs = (row[at] ?? '').split(BETWEEN).map(normal).join(' | ');
      const ours = (LINES.includes(field) ? lines(frames[i] ?? never(), tree, field) : valuesOf(tree, field)).map(normal).join(' | ');
      if (ours !== theirs && !CAUSES.some(({ explains }) => explains(field, ours, theirs, tree))) differences.push({ frame: i, field, ours, theirs });
    });
  });
  return { compared: own.filter((tree) => tree !== null).length, differences };
}

const valuesOf = (tree: FieldNode, field: string): string[] => [...walkFields(tree)].flatMap(({ node }) => (node.name === field ? [text(node)] : []));

function text({ name, value }: FieldNode): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (value instanceof Uint8Array) return Buffer.from(value).toString(name.startsWith('dns') ? 'hex' : 'latin1');
  return String(value);
}

/** All header lines of a message, as they are. */
function lines({ bytes }: Frame, tree: FieldNode, field: string): string[] {
  if (!tree.children.some(({ name }) => `${name}.line` === field)) return [];
  const headers = tree.children.filter(({ children }) => children.some(({ name }) => name === 'http.header.name'));
  return headers.map(({ start, length }) => Buffer.from(bytes.subarray(start, start + length)).toString('latin1'));
}

/** Numbers as decimals, bytes as they are printed, escapes of tshark's undone. */
function normal(value: string): string {
  if (value === '<MISSING>') return '';
  if (/^0x[0-9a-f]+$/i.test(value)) return String(Number(value));
  return value.replaceAll('\\r\\n', '\r\n').replaceAll('\\n', '\n').replaceAll('\\r', '\r').replaceAll('\\t', '\t').replace(/[\r\n]+$/, '');
}

const show = (differences: readonly Difference[]): string[] => differences.map(({ frame: at, field, ours, theirs }) => `${at} ${field}: ${ours || 'none'}, tshark ${theirs || 'none'}`);

describe(`what we write, in tshark${why}`, () => {
  const zone = [
    'a.test. 300 IN A 127.0.40.1', 'a.test. 300 IN AAAA fd00::1:2', 'test. 300 IN NS ns1.test.', 'b.test. 60 IN CNAME a.test.', '1.0.0.127.in-addr.arpa. 60 IN PTR a.test.', 'old.test. 60 IN DNAME new.test.',
    'test. 60 IN MX 10 mail.test.', 'test. 60 IN SOA ns1.test. admin.test. 2024010101 7200 3600 1209600 300', 'test. 60 IN TXT "v=spf1 -all" "x"', '_http._tcp.test. 60 IN SRV 1 5 8080 a.test.',
    'a.test. 60 IN CAA 128 issue "ca.test"', 'a.test. 60 IN HTTPS 1 svc.test. alpn=h2 port=8443', 'a.test. 60 IN TYPE65280 \\# 2 beef', '. 60 IN NS root.test.',
  ];
  const { records } = parseZone(zone.join('\n'));
  const answer = (one: (typeof records)[number], rcode = 0): DnsMessage => ({
    ...queryFor(0x1234, one.name, DNS_TYPE.ANY, { rd: true }), flags: { ...NO_FLAGS, qr: true, aa: true, rd: true, ra: true, rcode }, answers: [one], authorities: records.slice(2, 3),
    additionals: [ednsRecord({ udpSize: 1232, dnssecOk: true, options: [{ code: 65_001, data: Uint8Array.of(1, 2, 3) }] })],
  });
  const messages = [...records.map((one) => answer(one)), answer(records[0] ?? never(), 3), { ...answer(records[0] ?? never()), answers: records }].map(encodeMessage);

  it.skipIf(!hasTshark)('DNS over UDP and TCP', async () => {
    const frames = [...messages.map((message) => inUdp(message)), ...messages.map((message) => inTcp(framed(message), 53, false))];
    const { compared, differences } = await compare(frames, 'dns');
    expect(show(differences)).toEqual([]);
    expect(compared).toBe(frames.length);
  });

  it.skipIf(!hasTshark)('HTTP/1', async () => {
    const request = (method: string, target: string, headers: Readonly<Record<string, string>>): Uint8Array => encodeHead({ kind: 'request', method, target, version: 'HTTP/1.1', headers: Object.entries(headers).map(([name, value]) => ({ name, value })) });
    const response = (status: number, reason: string, headers: Readonly<Record<string, string>>): Uint8Array => encodeHead({ kind: 'response', status, reason, version: 'HTTP/1.1', headers: Object.entries(headers).map(([name, value]) => ({ name, value })) });
    const body = utf8Bytes('{"name":"Ada"}');
    const frames = [
      inTcp(request('GET', '/api/user?id=1&name=Ada', { Host: 'www.example.test', 'User-Agent': 'Looplab', Accept: '*/*', Cookie: 'a=b; c=d', 'X-Own': 'yes' }), 80),
      inTcp(concatBytes(request('POST', '/api/user', { Host: 'a', 'Content-Type': 'application/json', 'Content-Length': `${body.length}` }), body), 80),
      inTcp(concatBytes(response(200, 'OK', { 'Content-Type': 'application/json', 'Content-Length': `${body.length}`, 'Set-Cookie': 'a=b; Path=/' }), body), 80, false),
      inTcp(concatBytes(response(200, 'OK', { 'Content-Type': 'text/plain', 'Transfer-Encoding': 'chunked' }), encodeChunk(utf8Bytes('Wiki')), encodeChunk(utf8Bytes('pedia')), encodeLastChunk()), 80, false),
      inTcp(response(302, 'Found', { Location: '/posts', 'Content-Length': '0' }), 80, false),
      inTcp(response(304, 'Not Modified', { 'Cache-Control': 'max-age=60', 'Last-Modified': 'Wed, 22 Jul 2009 19:15:56 GMT' }), 80, false),
      inTcp(response(404, 'Not Found', { Server: 'Looplab', Connection: 'close' }), 80, false),
      ...Array.from({ length: 500 }, (_, i) => inTcp(response(100 + i, 'X', { 'Content-Length': '0' }), 80, false)),
    ];
    const { compared, differences } = await compare(frames, 'http');
    expect(show(differences)).toEqual([]);
    expect(compared).toBe(frames.length);
  });
});

describe(`what programs send, in tshark and here${why}`, () => {
  it.skipIf(!hasTshark)('queries of dig, kdig and drill over UDP and TCP', { timeout: 120_000 }, async () => {
    const { datagrams, messages, programs } = await askedByPrograms();
    console.info(`asked by ${programs.join(', ') || 'nobody: none of the programs is installed'}: ${datagrams.length} datagrams, ${messages.length} messages over TCP`);
    const frames = [...datagrams.map((bytes) => inUdp(bytes)), ...messages.map((bytes) => inTcp(framed(bytes), 53))];
    const { compared, differences } = await compare(frames, 'dns');
    expect(show(differences)).toEqual([]);
    expect(compared).toBe(frames.length);
  });

  it.skipIf(!hasTshark)('requests of curl, wget and Python, responses of Node and Python', { timeout: 120_000 }, async () => {
    const { requests, responses, programs } = await exchangedByPrograms();
    console.info(`exchanged by ${programs.join(', ')}: ${requests.length} requests, ${responses.length} responses`);
    const frames = [...requests.map((bytes) => inTcp(bytes, 80)), ...responses.map((bytes) => inTcp(bytes, 80, false))];
    const { compared, differences } = await compare(frames, 'http');
    expect(show(differences)).toEqual([]);
    expect(compared).toBe(frames.length);
  });
});

const corpus = resolve(import.meta.dirname, '../../../shared/corpus/tcpdump');
const without = !hasTshark ? why : existsSync(corpus) ? '' : ' (skipped: the corpus is not here)';

describe(`third-party captures${without}`, () => {
  it.skipIf(without !== '')('DNS and HTTP that are whole for us are the same for tshark', { timeout: 120_000 }, async () => {
    const files = readdirSync(corpus, { recursive: true, encoding: 'utf8' }).filter((name) => /\.pcap(ng)?$/.test(name)).sort();
    const named = files.flatMap((file) => readFrames(readFileSync(join(corpus, file))).map((one, index) => ({ ...one, file, index })));
    for (const protocol of ['dns', 'http'] as const) {
      const frames = named.filter((one) => treeOf(one, protocol) !== null);
      const { compared, differences } = await compare(frames, protocol);
      console.info(`${protocol}: ${compared} messages compared, ${new Set(differences.map((one) => one.frame)).size} differ`);
      expect(differences.map((one) => `${frames[one.frame]?.file ?? ''} #${(frames[one.frame]?.index ?? 0) + 1} ${one.field}: ${one.ours || 'none'}, tshark ${one.theirs || 'none'}`)).toEqual([]);
      expect(compared).toBeGreaterThan(protocol === 'dns' ? 70 : 3);
    }
    const seen = await tsharkFields(named.filter((one) => treeOf(one, 'dns') === null), ['dns.id', '_ws.malformed']);
    const refused = named.filter((one) => treeOf(one, 'dns') === null).flatMap((one, i) => (seen[i]?.[0] === '' ? [] : [`${one.file} #${one.index + 1}: ${reason(one)}${seen[i]?.[1] === '' ? '' : ', malformed for tshark too'}`]));
    console.info(`not compared, because not whole for us but begun for tshark: ${refused.length}\n  ${refused.join('\n  ')}`);
  });
});

/** What we say of a frame with a message that is not whole. */
function reason({ bytes, linkType, wire }: Frame): string {
  const layers = dissect(bytes, linkType, Math.max(0, wire - bytes.length));
  const status = layers.find(({ protocol }) => protocol === 'dns')?.status;
  if (status === undefined) return `no DNS: ${layers.map(({ protocol }) => protocol).join(' ')}`;
  return status.status === 'malformed' ? status.why : status.status;
}

function never(): never {
  throw new Error('no records');
}
