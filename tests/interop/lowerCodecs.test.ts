// Our trees of link, address, control and mail protocols beside tshark's: every value of every field that we name, frame by frame. The
// corpus lies beside the repository where there is one; it is read, never copied. What differs must have a cause in the list.

import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { utf8Bytes } from '../../shared/base/bytesText';
import { fromHex } from '../../shared/base/bytes';
import { assemble, part } from '../../shared/codec/assemble';
import { dissect } from '../../shared/codec/dissect';
import { walkFields } from '../../shared/codec/field';
import { codec as ipv4 } from '../../shared/codec/ipv4/codec';
import { FIELD_TYPES } from '../../shared/codec/schema';
import { codec as tcp } from '../../shared/codec/tcp/codec';
import { fieldText } from '../../shared/packets/text/fieldText';
import { readFrames, type Frame } from './captureFile.fixture';
import { BETWEEN, hasTshark, tsharkFields } from './tshark.fixture';

const corpus = resolve(import.meta.dirname, '../../../shared/corpus/tcpdump');
const why = existsSync(corpus) ? '' : ' (skipped: the corpus is not here)';
const FILES = [
  '802.1ad_QinQ', '3560_CDP', 'ipx', '802.1D_spanning_tree', 'arp-oobr', 'arp-too-long-tha', 'icmpv6', 'icmpv6-ra-pref64', 'icmpv6-ns-nonce', 'icmpv6_opt24', 'dcb_ets', 'dcb_qcn', 'ipv6-routing-header',
  'dhcp-rfc3004', 'dhcp-rfc4388', 'dhcp-option-33', 'dhcp-rfc5859', 'dhcp-mud', 'eapon1', 'mptcp', 'mptcp-v1', 'mptcp-fclose', 'accecn_handshake', 'dnssec', 'edns-opts', 'mptcp-dss-oobr', 'quic_handshake', 'quic_vn', 'quic_retry',
  'IGMP_V1', 'IGMP_V2', 'igmpv3-queries', 'ntp', 'ntp-time',
];
/** Frames of one file that are compared. */
const MOST = 120;
const OURS = /^(arp|llc|vlan|ieee8021ad|sll|icmp|icmpv6|dhcp|tcp\.options|dns|smtp|pop|imap|ftp|websocket|quic|igmp|ntp)\./;

/** Why a value differs, by field and what is on both sides. */
const CAUSES: readonly (readonly [RegExp, string])[] = [
  [/^arp\.src\.(hw|hw_mac|proto): .* \/ $/, 'addresses that are cut off: Wireshark shows nothing of them'],
  [/^icmpv6\.data: .* \/ $/, 'a length code of a NAT64 prefix that no RFC has: Wireshark takes it for the first'],
  [/^dhcp\.vendor_specific_options: .* \/ $/, 'a magic number that is none: Wireshark names the bytes only when they are few'],
  [/<MISSING>/, 'a field of no bytes: Wireshark says so, we leave it out'],
  [/^tcp\.options\.mptcp\.checksum: /, 'Wireshark shows the checksum of a mapping only where it saw the connection ask for it'],
  [/^tcp\.options\.experimental\.data: /, 'an experiment of which Wireshark names the parts'],
  [/^dns\.flags\.(authoritative|recavail|authenticated|rcode): 0 \/ $/, 'bits that mean nothing in a query: Wireshark hides them'],
  [/^quic\.remaining_payload: (?:[0-9a-f]{16})([0-9a-f]+) \/ \1$/, 'the same: the id before it has a length that only its owner knows'],
  [/^pop\.(request|response): .* \/ $/, 'Wireshark gives the line no value'],
  [/^imap\.request\.password: \S+ \/ $/, 'Wireshark shows no password'],
  [/^quic\.remaining_payload: .* \/ $/, 'Wireshark opens the first packets, whose keys follow from what is in them'],
  [/^quic\.dcid:  \//, 'the length of an id in a short header is known from earlier packets'],
  [/^quic\.(fixed_bit|long\.packet_type|token_length|length|vn\.unused): /, 'Wireshark reads a reserved version as version 1'],
];

const corpusFrames = (): Frame[] => FILES.flatMap((name) => {
  const file = join(corpus, `${name}.pcap`);
  return existsSync(file) ? readFrames(readFileSync(file)).slice(0, MOST) : [];
});

/** A frame of a connection, as LINKTYPE_RAW. */
function segment(port: number, up: boolean, sequence: number, payload: Uint8Array): Frame {
  const [source, destination] = up ? ['10.0.0.1', '10.0.0.2'] : ['10.0.0.2', '10.0.0.1'];
  const network = { source: source ?? '', destination: destination ?? '' };
  const bytes = assemble([part(ipv4, { ...network, protocol: 6 }), part(tcp, { sourcePort: up ? 40_000 : port, destinationPort: up ? port : 40_000, sequence, flags: 0x18 }, { network })], payload);
  return { bytes, linkType: 101, wire: bytes.length };
}

/** Each line of the talk is a segment: '>' from the client. */
function talk(port: number, ...lines: string[]): Frame[] {
  const at = { '>': 1, '<': 1 };
  return lines.map((line) => {
    const way = line.startsWith('>') ? '>' : '<';
    const payload = line.startsWith('hex', 1) ? fromHex(line.slice(4)) : utf8Bytes(line.slice(1).replaceAll('\n', '\r\n'));
    const frame = segment(port, way === '>', at[way], payload);
    at[way] += payload.length;
    return frame;
  });
}

const TALKS = (): Frame[] => [
  ...talk(25, '<220 mail.test ESMTP\n', '>EHLO me\n', '<250-mail.test\n250-PIPELINING\n250 8BITMIME\n', '>MAIL FROM:<a@b>\n', '<250 ok\n', '>QUIT\n'),
  ...talk(110, '<+OK hi\n', '>USER me\n', '<-ERR no such user\n', '>RETR 1\n'),
  ...talk(143, '>a1 LOGIN me pw\n', '<a1 OK LOGIN done\n', '>a2 UID FETCH 1 FLAGS\n', '<a2 NO FETCH failed\n', '>a3 SELECT INBOX\n'),
  ...talk(21, '<220 ready\n', '>USER me\n', '<227 Entering Passive Mode (10,0,0,2,4,1)\n', '>PORT 10,0,0,1,4,2\n', '<229 Entering Extended Passive Mode (|||6446|)\n', '>EPRT |1|132.235.1.2|6275|\n'),
];

/** Kinds whose printed value says nothing of the bytes. */
const SILENT: ReadonlySet<string | undefined> = new Set(['none', 'protocol']);

interface Difference {
  readonly frame: number;
  readonly field: string;
  readonly ours: string;
  readonly theirs: string;
}

/** Compares every field that our trees name. */
async function compare(frames: readonly Frame[]): Promise<{ readonly values: number; readonly differences: readonly Difference[] }> {
  const ours = frames.map(({ bytes, linkType, wire }) => {
    const values = new Map<string, string[]>();
    for (const layer of dissect(bytes, linkType, wire - bytes.length)) {
      for (const { node } of walkFields(layer.tree)) {
        if (!OURS.test(node.name) || SILENT.has(FIELD_TYPES.get(node.name)?.kind)) continue;
        values.set(node.name, [...(values.get(node.name) ?? []), fieldText(node, bytes)]);
      }
    }
    return values;
  });
  const fields = [...new Set(ours.flatMap((values) => [...values.keys()]))].filter((name) => !NOT_THEIRS.has(name));
  const rows = await tsharkFields(frames, fields, 'all');
  const differences: Difference[] = [];
  let count = 0;
  rows.forEach((row, frame) => fields.forEach((field, column) => {
    const mine = ours[frame]?.get(field) ?? [];
    const theirs = (row[column] ?? '') === '' ? [] : (row[column] ?? '').split(BETWEEN);
    count += Math.max(mine.length, theirs.length);
    if (mine.join('\n') !== theirs.join('\n')) differences.push({ frame: frame + 1, field, ours: mine.join(' | '), theirs: theirs.join(' | ') });
  }));
  return { values: count, differences };
}

/** Names that only we have, and what Wireshark leaves out when there are no bytes. */
const NOT_THEIRS: ReadonlySet<string> = new Set(['ftp.line', 'ntp.data', 'ieee8021ad.etype', 'ieee8021ad.trailer', 'quic.protected_bits', 'dns.name.label', 'dns.name.end', 'dns.name.pointer', 'tcp.options.padding', 'tcp.options.mptcp']);
const unexplained = ({ field, ours, theirs }: Difference): boolean => !CAUSES.some(([what]) => what.test(`${field}: ${ours} / ${theirs}`));

describe.runIf(hasTshark)('tshark sees the same', () => {
  it('in talks that we make', { timeout: 120_000 }, async () => {
    const { values, differences } = await compare(TALKS());
    expect(differences.filter(unexplained)).toEqual([]);
    expect(values).toBeGreaterThan(60);
  });

  it.runIf(why === '')(`in captures of others${why}`, { timeout: 120_000 }, async () => {
    const { values, differences } = await compare(corpusFrames());
    expect(differences.filter(unexplained)).toEqual([]);
    expect(values).toBeGreaterThan(9000);
    // What has a cause is little.
    expect(differences.length / values).toBeLessThan(0.02);
  });
});
