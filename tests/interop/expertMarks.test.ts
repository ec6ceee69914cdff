// What is marked as malformed, cut short or worth a look, beside tshark: over files of the corpus whose protocols we read, and connections that go wrong in
// every way. What differs stands in a list, with its reason.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { troubledTraffic } from '../../shared/packets/analysis/traffic.fixture';
import { openBytes } from '../../shared/packets/dissection/captured.fixture';
import { createDissector } from '../../shared/packets/dissection/dissector';
import { PacketFields } from '../../shared/packets/dissection/packetFields';
import { readFrames, writeFrames, type Frame } from './captureFile.fixture';
import { BETWEEN, hasTshark, tsharkFields } from './tshark.fixture';

const corpus = resolve(import.meta.dirname, '../../../shared/corpus/tcpdump');
const NAMES = /^(accecn|tfo|ipv4_|ipv6|udp-|tcp|dns_|hoobr_rt6|beep|bgp_vpn_rt-oobr|kday|ssh|icmpv6-rfc7112|LINKTYPE_IPV|quic_handshake_trunc|ip_printroute|gre-heap|heap-overflow-1)/;
/** Whose packets both read to the end. */
const READ = new Set(['eth', 'ethertype', 'ip', 'ipv6', 'tcp', 'udp', 'data', 'dns', 'raw', 'null', 'sll', 'icmp', 'icmpv6', 'quic', '']);
const SEQUENCE = String(0x200_0000);

/** Packets that tshark marks otherwise. */
const DIFFERENT: Readonly<Record<string, string>> = {
  'heap-overflow-1.pcap 1': 'a raw packet that says no version: tshark reads on until the capture ends, we know nobody who reads it',
  ...Object.fromEntries([1, 3, 5].map((number) => [`quic_handshake_truncated.pcap ${number}`, 'tshark does not tell that the protected part of a QUIC packet was cut off by the capture, we do'])),
};

interface Asked extends Frame {
  readonly from: string;
}

const ours = (frames: readonly Frame[]): string[] => {
  const capture = openBytes(writeFrames(frames));
  const dissector = createDissector(capture);
  return frames.map((_, number) => {
    const fields = new PacketFields(dissector.dissect(number));
    return line(fields.texts('_ws.malformed').length > 0, fields.texts('_ws.short').length > 0, fields.texts('_ws.expert.severity'), fields.texts('_ws.expert.group'));
  });
};

/** Severities of what is about sequence: of other groups each has what the other does not check. */
const line = (malformed: boolean, short: boolean, severities: readonly string[], groups: readonly string[]): string =>
  [malformed ? 'malformed' : '', short ? 'short' : '', ...severities.filter((_, i) => groups[i] === SEQUENCE).sort()].filter((part) => part !== '').join(' ');

describe.runIf(hasTshark)('marks beside tshark', () => {
  it('are the same, but for those of the list', { timeout: 240_000 }, async () => {
    const files = existsSync(corpus) ? readdirSync(corpus).filter((name) => NAMES.test(name) && /\.pcap(ng)?$/.test(name)) : [];
    if (files.length === 0) console.log('the corpus is not here: asked of our own frames only');
    const frames: Asked[] = files.flatMap((name) => readFrames(new Uint8Array(readFileSync(join(corpus, name)))).slice(0, 20).map((frame, i) => ({ ...frame, from: `${name} ${i + 1}` })));
    frames.push(...troubledTraffic(5, 8).map(({ bytes }, i) => ({ bytes, linkType: 1, wire: bytes.length, from: `own ${i + 1}` })));
    const rows = await tsharkFields(frames, ['frame.protocols', '_ws.malformed', '_ws.short', '_ws.expert.severity', '_ws.expert.group'], 'all');
    const told = ours(frames);
    const wrong: string[] = [];
    let compared = 0;
    for (const [i, { from }] of frames.entries()) {
      const [protocols = '', malformed = '', short = '', severities = '', groups = ''] = rows[i] ?? [];
      if (!protocols.split(':').every((name) => READ.has(name))) continue;
      compared++;
      const theirs = line(malformed !== '', short !== '', severities.split(BETWEEN), groups.split(BETWEEN));
      if (theirs !== told[i]) wrong.push(`${from}: tshark "${theirs}", we "${told[i]}"`);
    }
    expect(wrong.filter((one) => DIFFERENT[one.split(':')[0] ?? ''] === undefined)).toEqual([]);
    expect(compared).toBeGreaterThan(100);
  });
});
