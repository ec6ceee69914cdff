// Our tables of conversations, endpoints and protocols against those that tshark counts, over connections of which many share addresses and ports, and
// over third-party captures.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pcapOf, troubledTraffic } from '../../shared/packets/analysis/traffic.fixture';
import { CaptureReader } from '../../shared/packets/file/captureReader';
import { PacketIndexer } from '../../shared/packets/index/packetIndexer';
import type { Conversation, EndpointRow, HierarchyNode } from '../../shared/packets/session';
import { conversations, endpoints } from '../../shared/packets/tables/conversations';
import { hierarchy } from '../../shared/packets/tables/hierarchy';
import { atOnce } from '../../shared/packets/tables/sliced';
import { hasTshark } from './tshark.fixture';

const corpus = resolve(import.meta.dirname, '../../../shared/corpus/tcpdump');
const FILES = ['dns_udp.pcap', 'bgp-4byte-asn.pcap'].filter((name) => existsSync(join(corpus, name)));
const missing = hasTshark ? '' : ' (skipped: tshark is not installed)';
const why = missing !== '' ? missing : FILES.length > 0 ? '' : ' (skipped: the corpus is not here)';

function tshark(file: string, ...args: readonly string[]): string[] {
  return execFileSync('tshark', ['-n', '-r', file, ...args], { maxBuffer: 1 << 28, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).split('\n');
}

/** The lines between a table's title and its end. */
function tableOf(lines: readonly string[], title: string): string[] {
  const from = lines.findIndex((line) => line.startsWith(title));
  const rest = lines.slice(from + 1);
  return from < 0 ? [] : rest.slice(0, rest.findIndex((line) => line.startsWith('==='))).filter((line) => line !== '' && !/^(Filter|Port)|\|/.test(line));
}

/** As tshark rounds in these tables. */
const shown = (bytes: number): string => (bytes < 10_000 ? `${bytes} bytes` : bytes < 10_000_000 ? `${Math.floor(bytes / 1000)} kB` : `${Math.floor(bytes / 1e6)} MB`);

const textOf = ({ address, port }: Conversation['a']): string => (port === null ? address : `${address}:${port}`);

interface Line {
  readonly ends: readonly [string, string];
  /** From the first end, from the second: packets and bytes. */
  readonly sent: readonly [string, string];
  readonly start: string;
}

/** With its ends in the order of the alphabet. */
const sorted = ({ ends: [a, b], sent: [up, down], start }: Line): string => (a <= b ? `${a} ${b} ${up} ${down} ${start}` : `${b} ${a} ${down} ${up} ${start}`);

function theirs(line: string): string {
  const [, a = '', b = '', downPackets, downBytes, upPackets, upBytes, start] = /^(\S+)\s+<-> (\S+)\s+(\d+) (\d+ \S+)\s+(\d+) (\d+ \S+)\s+\d+ \d+ \S+\s+([\d.]+)/.exec(line) ?? [];
  return sorted({ ends: [a, b], sent: [`${upPackets} ${upBytes}`, `${downPackets} ${downBytes}`], start: Number(start).toFixed(6) });
}

const ours = ({ a, b, packets, bytes, start }: Conversation): string => sorted({
  ends: [textOf(a), textOf(b)], sent: [`${packets[0]} ${shown(bytes[0])}`, `${packets[1]} ${shown(bytes[1])}`], start: (start / 1e9).toFixed(6),
});

const endpointLine = ({ address, port, packets, bytes, sent, received }: EndpointRow): string => `${address} ${port ?? ''} ${packets} ${bytes} ${sent} ${received}`;

function theirEndpoint(line: string, ported: boolean): string {
  const [address = '', ...rest] = line.trim().split(/\s+/);
  const numbers = rest.map(Number);
  const [port, [packets, bytes, , sent, , received]] = ported ? [numbers[0], numbers.slice(1)] : ['', numbers];
  return `${address} ${port} ${packets} ${bytes} ${sent} ${received}`;
}

function treeLines(nodes: readonly HierarchyNode[], indent = ''): string[] {
  return nodes.flatMap(({ protocol, packets, bytes, children }) => [`${indent}${protocol} ${packets} ${bytes}`, ...treeLines(children, `${indent}  `)]);
}

function open(file: string): PacketIndexer {
  const indexer = new PacketIndexer();
  const reader = new CaptureReader(indexer);
  reader.push(readFileSync(file));
  reader.end();
  return indexer;
}

/** `deep`: also the protocols above TCP and UDP, as tshark names them (several messages of one are one here). */
function compare(file: string, deep: boolean): void {
  const index = open(file);
  const lines = tshark(file, '-q', ...['tcp', 'udp', 'ip', 'ipv6', 'eth'].flatMap((name) => ['-z', `conv,${name}`]), '-z', 'endpoints,ip', '-z', 'endpoints,tcp', '-z', 'endpoints,udp', '-z', 'io,phs');
  const conv = (...titles: readonly string[]): string[] => titles.flatMap((title) => tableOf(lines, `${title} Conversations`)).map(theirs).sort();
  expect(atOnce(conversations(index, 'tcp', null)).map(ours).sort()).toEqual(conv('TCP'));
  expect(atOnce(conversations(index, 'udp', null)).map(ours).sort()).toEqual(conv('UDP'));
  expect(atOnce(conversations(index, 'ip', null)).map(ours).sort()).toEqual(conv('IPv4', 'IPv6'));
  expect(atOnce(conversations(index, 'ethernet', null)).map(ours).sort()).toEqual(conv('Ethernet'));
  const ends = (title: string, ported: boolean): string[] => tableOf(lines, `${title} Endpoints`).map((line) => theirEndpoint(line, ported)).sort();
  expect(atOnce(endpoints(index, 'ip', null)).filter(({ address }) => !address.includes(':')).map(endpointLine).sort()).toEqual(ends('IPv4', false));
  expect(atOnce(endpoints(index, 'tcp', null)).map(endpointLine).sort()).toEqual(ends('TCP', true));
  expect(atOnce(endpoints(index, 'udp', null)).map(endpointLine).sort()).toEqual(ends('UDP', true));
  const tree = tableOf(lines, 'Protocol Hierarchy').map((line) => line.replace(/ +frames:(\d+) bytes:(\d+)/, ' $1 $2')).sort();
  expect(tree).toEqual(expect.arrayContaining(treeLines(atOnce(hierarchy(index.table, index.flows, [1], null)))));
  if (!deep) return;
  const protocols = tshark(file, '-T', 'fields', '-e', 'frame.protocols').map((line) => line.split(':').filter((name) => name !== 'ethertype'));
  expect(treeLines(atOnce(hierarchy(index.table, index.flows, [1], null, (packet) => protocols[packet] ?? []))).sort()).toEqual(tree);
}

describe(`the tables of a capture against tshark's${missing}`, () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'looplab-tables-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.skipIf(!hasTshark)('are equal over connections that share ports', { timeout: 120_000 }, () => {
    const file = join(folder, 'shared.pcap');
    writeFileSync(file, pcapOf(troubledTraffic(11, 40)));
    compare(file, true);
  });

  it.skipIf(why !== '')(`are equal over third-party captures${why}`, { timeout: 120_000 }, () => {
    for (const name of FILES) compare(join(corpus, name), false);
  });
});
