// Every field of every packet of third-party captures, here and in tshark. A chosen part of the corpus each time; all of it, with each difference:
// AGREEMENT=all npx vitest run tests/interop/agreement.test.ts. The captures lie beside the repository where there are any.

import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareCapture, isForeign, knownFields, mergeFiles, type Agreement, type Difference } from './agreement.fixture';
import { hasTshark } from './tshark.fixture';

/** The present state: shares of values that are the same. The aim is 0.999 of all; each cause below that is ours is work to do. */
const AT_LEAST = { chosen: 0.99, all: 0.995 };
/** Files for each time: those of the protocols that are ours. */
const CHOSEN = /^(tcpdump\/(dns|edns|tcp|http|ipv[46]|icmp|tls|dhcp|print|vlan|mptcp|tfo|accecn|quic|gso|802)|pcapng-test)/;

/** Why values differ: the first that fits. `ours`: to be corrected here. */
const CAUSES: readonly { readonly field: RegExp; readonly where?: (difference: Difference) => boolean; readonly why: string; readonly ours?: true }[] = [
  { field: /^tcp\.options\.mptcp\.checksum$/, why: 'tshark leaves the checksum of a mapping out' },
  { field: /^tcp\.segment_data$/, where: ({ ours }) => ours === '', why: 'tshark puts messages of a protocol together that is none here (BGP, ...)' },
  { field: /^tcp\.segment\.overlap/, why: 'bytes that came twice and differ: tshark tells it within messages only' },
  { field: /^(tcp\.(flags|option_kind)|tcp\.options\.acc)/, where: ({ file }) => file.includes('accecn'), why: 'accurate ECN has three bits as one number in tshark', ours: true },
  { field: /^tcp\.option_kind$/, why: 'tshark counts each byte behind the end of options as one more end', ours: true },
  { field: /^tcp\.analysis\.duplicate_ack$/, why: 'tshark has the mark twice: as a group and in it' },
  { field: /^tcp\.options\.mptcp/, why: 'flags of MPTCP 0 and 1', ours: true },
  { field: /^(eth|sll|vlan)\.(padding|trailer|fcs)/, where: ({ protocols }) => isForeign(protocols), why: 'where the packet of a protocol that is none here ends' },
  { field: /^data\.len$/, why: 'tshark counts the bytes that were captured, we those on the wire' },
  { field: /^frame\.(cap_len|len)$/, why: 'tshark leaves the pseudo header of ATM out' },
  { field: /^udp\.stream$/, where: ({ ours }) => ours === '', why: 'the stream of a datagram in fragments', ours: true },
  { field: /^ipv6\.opt\.padn$/, why: 'tshark prints <none> for padding of no bytes' },
  { field: /^dns\.(qry\.name\.len|count\.labels)$/, why: 'tshark counts the six letters of <Root>, and names that it gives up' },
  { field: /^dns\.opt\.cookie/, why: 'tshark prints <MISSING> for a cookie that is not there' },
  { field: /^(arp|icmp|icmpv6|dhcp|quic|mipv6|ipv6|ip|eth|udp|tcp|dns)\b/, where: ({ file }) => /oobr|asan|invalid|heapoverflow|overflow|trunc|zero|bad|poc|fwdptr|missing|negative/.test(file), why: 'a damaged packet is read a step further by one of both' },
  { field: /^quic\./, why: 'connection identifiers of short headers are known to who follows the connection', ours: true },
  { field: /^mipv6/, why: 'mobility headers are told as extension headers here', ours: true },
  { field: /^(dhcp|arp|icmp|icmpv6)\b/, why: 'messages that are not read as far as tshark reads them', ours: true },
];

const corpus = resolve(import.meta.dirname, '../../../shared/corpus');
const why = !hasTshark ? ' (skipped: tshark is not installed)' : existsSync(corpus) ? '' : ' (skipped: the corpus is not here)';
const all = process.env['AGREEMENT'] === 'all';

describe(`field values of third-party captures in tshark and here${why}`, () => {
  it.skipIf(why !== '')('agree', { timeout: 600_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'looplab-agreement-'));
    try {
      const agreement = await compareCapture(join(folder, 'all.pcapng'), mergeFiles(captures()), await knownFields());
      report(agreement);
      const share = shareOf([...agreement.counts.values()]);
      expect(agreement.packets).toBeGreaterThan(400);
      expect(share).toBeGreaterThanOrEqual(all ? AT_LEAST.all : AT_LEAST.chosen);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

const shareOf = (counts: readonly { readonly compared: number; readonly same: number }[]): number => counts.reduce((sum, { same }) => sum + same, 0) / counts.reduce((sum, { compared }) => sum + compared, 0);
const percent = (share: number): string => `${(share * 100).toFixed(3)} %`;

function report({ counts, differences, unshared, packets, fields }: Agreement): void {
  const compared = [...counts.values()].reduce((sum, one) => sum + one.compared, 0);
  console.info(`${packets} packets, ${fields} fields, ${compared} values, ${differences.length} differ: ${percent(shareOf([...counts.values()]))} agree`);
  for (const [protocol, one] of [...counts].sort(([a], [b]) => (a < b ? -1 : 1))) console.info(`  ${protocol.padEnd(12)} ${percent(shareOf([one]))} of ${one.compared}`);
  const causes = new Map<string, Difference[]>();
  for (const difference of differences) {
    const cause = CAUSES.find(({ field, where }) => field.test(difference.field) && (where?.(difference) ?? true));
    const text = cause === undefined ? 'cause not known' : `${cause.why}${cause.ours === true ? ' (ours to correct)' : ''}`;
    causes.set(text, [...(causes.get(text) ?? []), difference]);
  }
  for (const [cause, list] of [...causes].sort(([, a], [, b]) => b.length - a.length)) {
    console.info(`  ${list.length}: ${cause}`);
    for (const { file, packet, field, ours, theirs } of list.slice(0, all ? list.length : 2)) console.info(`      ${file} #${packet} ${field}: ${ours || 'none'}, tshark ${theirs || 'none'}`);
  }
  console.info(`  headers that only one of both sees, not compared: ${unshared.length}, most in protocols and tunnels that are none here`);
}

function captures(): { readonly path: string; readonly name: string }[] {
  return ['tcpdump', 'libpcap', 'pcapng-test-generator'].flatMap((folder) => {
    if (!existsSync(join(corpus, folder))) return [];
    const files = readdirSync(join(corpus, folder), { recursive: true, encoding: 'utf8' }).filter((name) => /\.pcap(ng)?$/.test(name)).sort();
    return files.map((name) => ({ path: join(corpus, folder, name), name: `${folder}/${name.replaceAll('\\', '/')}` })).filter(({ name }) => all || CHOSEN.test(name));
  });
}
