// Every field of every packet of third-party captures, here and in tshark. With each difference and its cause:
// AGREEMENT=all npx vitest run tests/interop/agreement.test.ts. The captures lie beside the repository where there are any.

import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareCapture, knownFields, mergeFiles, type Agreement, type Difference } from './agreement.fixture';
import { hasTshark } from './tshark.fixture';

/** Shares of values that are the same: 99.9 % is what the engine promises (quality, reliability 1). */
const AT_LEAST = 0.999;

const DAMAGED = /oobr|asan|invalid|heapoverflow|overflow|trunc|zero|bad|poc|fwdptr|missing|negative|segv|fault|shift|infinite|too-long|badlabel|stream|hoobr|kday|loop/;

/** Why values differ: the first that fits. `ours`: to be corrected here. */
const CAUSES: readonly { readonly field: RegExp; readonly where?: (difference: Difference) => boolean; readonly why: string; readonly ours?: true }[] = [
  { field: /./, where: ({ file }) => file.includes('bigtcp'), why: 'packets of more than 65,535 bytes, as Linux hands them to captures: their length of 0 is unknown to tshark 4.0 (RFC 2675 2 has it for jumbograms only)' },
  { field: /^quic\./, why: 'tshark opens Initial packets with keys that follow from the packet, and follows connection identifiers; here QUIC is told as far as RFC 8999 says', ours: true },
  { field: /^igmp\./, where: ({ protocols }) => /:(pim|dvmrp)$/.test(protocols), why: 'PIM 1 in IGMP is a protocol of its own in tshark, and none here; bytes behind a message of DVMRP' },
  { field: /^icmpv6\./, where: ({ ours, theirs }) => ours === '' || theirs === '', why: 'a message that the capture cut, or one damaged, is told to a different end' },
  { field: /^eth\.(padding|trailer|fcs)/, where: ({ protocols }) => /:(f5ethtrailer|vssmonitoring)$/.test(protocols), why: 'tshark guesses that what follows the packet is of a maker of switches; no header says so (IEEE 802.3 3.2.7)' },
  { field: /^tcp\.segment\.overlap\.conflict$/, why: 'bytes of the stream that came twice and differ: tshark means within one message that it puts together (RFC 9293 3.10.7.4)' },
  { field: /^tcp\.option_kind$/, where: ({ ours, theirs }) => theirs.startsWith(`${ours},0`) && /(^|,)0$/.test(ours), why: 'tshark takes each byte of padding behind the end of the options for one more end (RFC 9293 3.1)' },
  { field: /^dns\.flags\.authenticated$/, where: ({ ours, theirs }) => ours === '0' && theirs === '', why: 'tshark hides this bit of questions while it is clear; it is there in each of them (RFC 6840 5.7)' },
  { field: /^dhcp\./, where: ({ theirs, protocols }) => theirs === '' && /:dhcp$/.test(protocols), why: 'tshark shows nothing of a DHCP message that is damaged within its options, though the fixed fields are there (RFC 2131 2)' },
  { field: /^(eth|sll|vlan)\.(padding|trailer|fcs)/, why: 'where the packet of a protocol that is none here ends, or one that is damaged' },
  { field: /^frame\.(cap_len|len)$/, why: 'tshark leaves the pseudo header of ATM out' },
  { field: /^llc\.control\.ftype$/, where: ({ ours, theirs }) => Number(ours) === Number(theirs), why: 'tshark has two fields of this name, of one byte and of two, and prints the zeros of each' },
  { field: /^eth\./, where: ({ protocols }) => protocols.startsWith('eth:eth:'), why: 'of a frame of ISL between switches tshark tells the fields of the Ethernet inside alone' },
  { field: /^udp\.payload$/, where: ({ ours, theirs }) => ours !== '' && theirs.startsWith(ours), why: 'bytes behind the end that the length of the datagram tells (RFC 768)' },
  { field: /^udp\.stream$/, why: 'a conversation of which there is only what errors of ICMP quote', ours: true },
  { field: /^dns\.retransmi/, where: ({ file }) => /LINKTYPE_(RAW_ipv6|IPV6)\./.test(file), why: 'the question was asked before in a packet of IPv6 whose link type says IPv4: tshark reads that by its version, here it is damaged' },
  { field: /^ber\./, where: ({ protocols }) => /:kerberos$/.test(protocols), why: 'bit strings of Kerberos, which is none here' },
  { field: /^tcp\.segment_data$/, where: ({ file, ours }) => ours === '' && file.includes('/tfo-'), why: 'tshark waits for more of what may be a message of a protocol that is none here' },
  { field: /./, where: ({ file }) => DAMAGED.test(file), why: 'a damaged packet is read a step further by one of both' },
];

const corpus = resolve(import.meta.dirname, '../../../shared/corpus');
const why = !hasTshark ? ' (skipped: tshark is not installed)' : existsSync(corpus) ? '' : ' (skipped: the corpus is not here)';
/** Lists each difference. */
const all = process.env['AGREEMENT'] === 'all';

describe(`field values of third-party captures in tshark and here${why}`, () => {
  it.skipIf(why !== '')('agree', { timeout: 600_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'looplab-agreement-'));
    try {
      const agreement = await compareCapture(join(folder, 'all.pcapng'), mergeFiles(captures()), await knownFields());
      report(agreement);
      expect(agreement.differences.filter((difference) => causeOf(difference) === undefined)).toEqual([]);
      const share = shareOf([...agreement.counts.values()]);
      expect(agreement.packets).toBeGreaterThan(400);
      expect(share).toBeGreaterThanOrEqual(AT_LEAST);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

const UNKNOWN = 'cause not known';
const causeOf = (difference: Difference): (typeof CAUSES)[number] | undefined => CAUSES.find(({ field, where }) => field.test(difference.field) && (where?.(difference) ?? true));
const shareOf = (counts: readonly { readonly compared: number; readonly same: number }[]): number => counts.reduce((sum, { same }) => sum + same, 0) / counts.reduce((sum, { compared }) => sum + compared, 0);
const percent = (share: number): string => `${(share * 100).toFixed(3)} %`;

function report({ counts, differences, leftOut, unshared, outer, alone, packets, fields }: Agreement): void {
  const compared = [...counts.values()].reduce((sum, one) => sum + one.compared, 0);
  console.info(`${packets} packets, ${fields} fields, ${compared} values, ${differences.length} differ: ${percent(shareOf([...counts.values()]))} agree`);
  for (const [protocol, one] of [...counts].sort(([a], [b]) => (a < b ? -1 : 1))) console.info(`  ${protocol.padEnd(12)} ${percent(shareOf([one]))} of ${one.compared}`);
  const causes = new Map<string, Difference[]>();
  for (const difference of differences) {
    const cause = causeOf(difference);
    const text = cause === undefined ? UNKNOWN : `${cause.why}${cause.ours === true ? ' (ours to correct)' : ''}`;
    causes.set(text, [...(causes.get(text) ?? []), difference]);
  }
  for (const [cause, list] of [...causes].sort(([, a], [, b]) => b.length - a.length)) {
    console.info(`  ${list.length}: ${cause}`);
    for (const { file, packet, field, ours, theirs } of list.slice(0, all ? list.length : 2)) console.info(`      ${file} #${packet} ${field}: ${ours || 'none'}, tshark ${theirs || 'none'}`);
  }
  for (const [reason, count] of [...leftOut].sort(([, a], [, b]) => b - a)) console.info(`  not compared, ${count}: ${reason}`);
  const sorts = new Map<string, number>();
  for (const { field, ours, theirs } of unshared) {
    const sort = `${field}: ${ours === '0' ? 'tshark alone' : theirs === '0' ? 'ours alone' : Number(ours) < Number(theirs) ? 'tshark sees further in' : 'we see further in'}`;
    sorts.set(sort, (sorts.get(sort) ?? 0) + 1);
  }
  console.info(`  headers that only one of both sees: ${unshared.length}, most in protocols and tunnels that are none here; ${outer} values of the outer ones are compared, ${alone} values are of one alone`);
  for (const [sort, count] of [...sorts].sort(([, a], [, b]) => b - a).slice(0, all ? sorts.size : 4)) console.info(`    ${count}: ${sort}`);
}

function captures(): { readonly path: string; readonly name: string }[] {
  return ['tcpdump', 'libpcap', 'pcapng-test-generator'].flatMap((folder) => {
    if (!existsSync(join(corpus, folder))) return [];
    const files = readdirSync(join(corpus, folder), { recursive: true, encoding: 'utf8' }).filter((name) => /\.pcap(ng)?$/.test(name)).sort();
    return files.map((name) => ({ path: join(corpus, folder, name), name: `${folder}/${name.replaceAll('\\', '/')}` }));
  });
}
