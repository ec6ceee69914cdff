// Our codecs against tshark: what we encode has right checksums there, and third-party captures decode to the same header fields.
// The corpus lies beside the repository where there is one; its files are read, never copied.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { assemble, part } from '../../shared/codec/assemble';
import { dissect, LINK_TYPE, type DissectedLayer } from '../../shared/codec/dissect';
import { codec as ethernet } from '../../shared/codec/ethernet/codec';
import { findField } from '../../shared/codec/field';
import { codec as ipv4 } from '../../shared/codec/ipv4/codec';
import { codec as ipv6 } from '../../shared/codec/ipv6/codec';
import { codec as tcp, TCP_FLAGS } from '../../shared/codec/tcp/codec';
import { codec as udp } from '../../shared/codec/udp/codec';
import { readFrames, type Frame } from './captureFile.fixture';
import { hasTshark, tsharkFields } from './tshark.fixture';

/** Fields compared, by protocol. All of the header's but the options, which tshark prints in other forms. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  eth: ['eth.dst', 'eth.src', 'eth.type', 'eth.len'],
  ip: ['ip.version', 'ip.hdr_len', 'ip.dsfield', 'ip.dsfield.dscp', 'ip.dsfield.ecn', 'ip.len', 'ip.id', 'ip.flags', 'ip.flags.rb', 'ip.flags.df', 'ip.flags.mf', 'ip.frag_offset', 'ip.ttl', 'ip.proto', 'ip.checksum', 'ip.checksum.status', 'ip.src', 'ip.dst'],
  ipv6: ['ipv6.version', 'ipv6.tclass', 'ipv6.tclass.dscp', 'ipv6.tclass.ecn', 'ipv6.flow', 'ipv6.plen', 'ipv6.nxt', 'ipv6.hlim', 'ipv6.src', 'ipv6.dst', 'ipv6.fraghdr.offset', 'ipv6.fraghdr.ident', 'ipv6.routing.type', 'ipv6.routing.segleft', 'ipv6.opt.jumbo'],
  tcp: ['tcp.srcport', 'tcp.dstport', 'tcp.seq_raw', 'tcp.ack_raw', 'tcp.hdr_len', 'tcp.flags', 'tcp.flags.res', 'tcp.flags.ae', 'tcp.flags.cwr', 'tcp.flags.ece', 'tcp.flags.urg', 'tcp.flags.ack', 'tcp.flags.push', 'tcp.flags.reset', 'tcp.flags.syn', 'tcp.flags.fin', 'tcp.window_size_value', 'tcp.checksum', 'tcp.checksum.status', 'tcp.urgent_pointer', 'tcp.len', 'tcp.options.mss_val', 'tcp.options.wscale.shift', 'tcp.options.wscale.multiplier', 'tcp.options.timestamp.tsval', 'tcp.options.timestamp.tsecr', 'tcp.options.sack_le', 'tcp.options.sack_re'],
  udp: ['udp.srcport', 'udp.dstport', 'udp.length', 'udp.checksum', 'udp.checksum.status'],
};
/** Three flags as one number, which tshark shows instead of them once both ends have agreed on accurate ECN (RFC 9768). */
const ACE = 'tcp.flags.ace';
const ALL = ['frame.protocols', ACE, ...Object.values(FIELDS).flat()];

const missingTshark = hasTshark ? '' : ' (skipped: tshark is not installed)';

describe(`our frames in tshark${missingTshark}`, () => {
  it.skipIf(!hasTshark)('have no bad checksum, and say what we meant', async () => {
    const payloads = [0, 1, 2, 3, 536, 1460].map((length) => Uint8Array.from({ length }, (_, i) => (i * 7 + length) & 0xff));
    const frames = payloads.flatMap((payload, i) => [frame4(6, payload, i), frame4(17, payload, i), frame6(6, payload, i), frame6(17, payload, i)]);
    const rows = await tsharkFields(frames, ['frame.protocols', 'ip.checksum.status', 'tcp.checksum.status', 'udp.checksum.status', 'tcp.flags.str', '_ws.malformed', 'tcp.len', 'udp.length']);
    for (const [i, row] of rows.entries()) {
      const [protocols = '', ip, tcpStatus, udpStatus, , broken, length] = row;
      expect(protocols, `frame ${i}`).toMatch(/^eth:ethertype:ipv?6?:(tcp|udp)/);
      expect(ip).toBe(protocols.includes('ipv6') ? '' : '1');
      expect(tcpStatus).toBe(protocols.includes('tcp') ? '1' : '');
      expect(udpStatus).toBe(protocols.includes('udp') ? '1' : '');
      expect(broken).toBe('');
      if (protocols.includes('tcp')) expect(length).toBe(`${payloads[Math.floor(i / 4)]?.length ?? -1}`);
    }
  });

  it.skipIf(!hasTshark)('are read by both the same', async () => {
    const frames = [frame4(6, new Uint8Array(5), 1), frame6(17, new Uint8Array(5), 2)];
    const { differences } = await compare(frames.map((frame) => ({ ...frame, file: 'ours' })));
    expect(differences).toEqual([]);
  });
});

/** Why they differ, by file. */
const CAUSES: readonly (readonly [RegExp, string])[] = [[/^bigtcp-/, 'BIG TCP: a length of 0 for packets over 64 KiB, which tshark 4.0 does not follow into TCP and UDP']];

const corpus = resolve(import.meta.dirname, '../../../shared/corpus');
const why = !hasTshark ? missingTshark : existsSync(corpus) ? '' : ' (skipped: the corpus is not here)';

describe(`third-party captures in tshark and here${why}`, () => {
  it.skipIf(why !== '')('agree in at least 99.9 % of packets', { timeout: 300_000 }, async () => {
    const frames = ['tcpdump', 'libpcap', 'pcapng-test-generator'].flatMap((folder) => captures(join(corpus, folder)));
    const result = await compare(frames);
    const agree = 1 - result.differing / result.compared;
    console.info(`${frames.length} packets, ${result.compared} with headers that both know, ${result.differing} differ: ${(agree * 100).toFixed(3)} % agree`);
    for (const [where, fields] of byPacket(result.differences)) console.info(`  ${where}: ${CAUSES.find(([pattern]) => pattern.test(where))?.[1] ?? 'cause not known'} (${fields})`);
    console.info(`  not compared, because tshark or we stop at the first header: ${[...result.unknown].map(([link, count]) => `${link} ${count}`).join(', ')}`);
    expect(result.compared).toBeGreaterThan(5000);
    expect(agree).toBeGreaterThanOrEqual(0.999);
  });
});

interface Difference {
  readonly file: string;
  readonly packet: number;
  readonly field: string;
  readonly ours: string;
  readonly theirs: string;
}
type Named = Frame & { readonly file: string; readonly index?: number };

async function compare(frames: readonly Named[]): Promise<{ compared: number; differing: number; differences: Difference[]; unknown: Map<string, number> }> {
  const rows = await tsharkFields(frames, ALL);
  const differences: Difference[] = [];
  const unknown = new Map<string, number>();
  let compared = 0;
  let differing = 0;
  frames.forEach((frame, i) => {
    const row = rows[i] ?? [];
    const names = (row[0] ?? '').split(':');
    const chain = names[1] === 'eth' ? [] : common(names, frame);
    if (chain.length === 0) {
      const key = names[1] === 'eth' ? 'Cisco ISL' : `link type ${frame.linkType}`;
      unknown.set(key, (unknown.get(key) ?? 0) + 1);
      return;
    }
    compared++;
    const before = differences.length;
    const protocols = (row[0] ?? '').split(':');
    for (const layer of chain) {
      const again = protocols.filter((name) => name === layer.protocol).length > 1;
      const whole = layer.status.status === 'complete';
      for (const field of FIELDS[layer.protocol] ?? []) {
        const theirs = aceBit(field, row) ?? normal(row[ALL.indexOf(field)] ?? '', field);
        const ours = normal(ourValue(layer, field), field);
        // A header of the same protocol further in may have what the first one has not; a broken header is read by one further than by the other.
        const other = (ours === '' && again) || (theirs === '' && !whole);
        if (ours !== theirs && !other) differences.push({ file: frame.file, packet: (frame.index ?? i) + 1, field, ours, theirs });
      }
    }
    if (differences.length > before) differing++;
  });
  return { compared, differing, differences, unknown };
}

/** The first header of each protocol, for as long as tshark sees the same chain of protocols as we do. */
function common(theirs: readonly string[], frame: Frame): DissectedLayer[] {
  const seen = new Set<string>();
  const known = theirs.filter((name) => !SILENT.has(name));
  const layers = dissect(frame.bytes, frame.linkType, Math.max(0, frame.wire - frame.bytes.length));
  const chain: DissectedLayer[] = [];
  for (const [i, layer] of layers.entries()) {
    if (layer.protocol === 'data' || layer.protocol !== known[i]) break;
    if (!seen.has(layer.protocol)) chain.push(layer);
    seen.add(layer.protocol);
  }
  return chain.filter((layer) => FIELDS[layer.protocol] !== undefined);
}

/** What tshark lists as protocols of their own: extension headers, that are part of IPv6 here, and names for a step of the way. */
const SILENT = new Set(['ethertype', 'ipv6.hopopts', 'ipv6.dstopts', 'ipv6.routing', 'ipv6.fraghdr', 'ah', 'mipv6', 'hip', 'shim6']);

function ourValue(layer: DissectedLayer, field: string): string {
  const node = findField(layer.tree, field);
  if (node === null || node.value === null) return '';
  return typeof node.value === 'boolean' ? (node.value ? '1' : '0') : String(node.value);
}

function aceBit(field: string, row: readonly string[]): string | null {
  const ace = row[ALL.indexOf(ACE)] ?? '';
  const at = ['tcp.flags.ece', 'tcp.flags.cwr', 'tcp.flags.ae'].indexOf(field);
  return ace === '' || at < 0 ? null : String((Number(ace) >> at) & 1);
}

/** Numbers as numbers: tshark prints some in hex, some with zeros before them, and booleans as 1 or True. */
function normal(value: string, field: string): string {
  if (value === 'True') return '1';
  if (value === 'False') return '0';
  // Three reserved bits: tshark only says whether any is set.
  if (field === 'tcp.flags.res') return value === '' ? '' : String(Math.min(Number(value), 1));
  if (field.endsWith('.src') || field.endsWith('.dst')) return value;
  return /^(0x[0-9a-f]+|\d+)$/.test(value) ? String(Number(value)) : value;
}

function byPacket(differences: readonly Difference[]): Map<string, string> {
  const packets = new Map<string, string[]>();
  for (const { field, file, packet, ours, theirs } of differences) {
    const key = `${file} #${packet}`;
    packets.set(key, [...(packets.get(key) ?? []), `${field} ${ours || 'none'}, tshark ${theirs || 'none'}`]);
  }
  return new Map([...packets].map(([key, list]) => [key, list.length > 3 ? `${list.slice(0, 3).join('; ')}; ${list.length - 3} more` : list.join('; ')]));
}

function captures(folder: string): Named[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.pcap(ng)?$/.test(name)).sort();
  return files.flatMap((file) => readFrames(readFileSync(join(folder, file))).map((frame, index) => ({ ...frame, file, index })));
}

const LOOPBACK = '00:00:00:00:00:00';

function frame4(protocol: 6 | 17, payload: Uint8Array, n: number): Frame {
  const network = { source: `127.0.10.${n + 1}`, destination: '127.0.20.1' };
  const bytes = assemble([part(ethernet, { destination: LOOPBACK, source: LOOPBACK, type: 0x0800 }), part(ipv4, { ...network, protocol, identification: n }), transport(protocol, network, n)], payload);
  return { bytes, linkType: LINK_TYPE.ethernet, wire: bytes.length };
}

function frame6(protocol: 6 | 17, payload: Uint8Array, n: number): Frame {
  const network = { source: '::1', destination: `fd00::${n}` };
  const bytes = assemble([part(ethernet, { destination: LOOPBACK, source: LOOPBACK, type: 0x86dd }), part(ipv6, { ...network, nextHeader: protocol }), transport(protocol, network, n)], payload);
  return { bytes, linkType: LINK_TYPE.ethernet, wire: bytes.length };
}

function transport(protocol: 6 | 17, network: { source: string; destination: string }, n: number): ReturnType<typeof part> {
  if (protocol === 17) return part(udp, { sourcePort: 40_000 + n, destinationPort: 40_007 }, { network });
  return part(tcp, { sourcePort: 40_000 + n, destinationPort: 40_007, sequence: n, acknowledgment: 1, flags: TCP_FLAGS.PSH | TCP_FLAGS.ACK, options: [{ kind: 'nop' }, { kind: 'nop' }, { kind: 'timestamps', value: n, echo: 1 }] }, { network });
}
