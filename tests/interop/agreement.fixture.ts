// Compares what we dissect with what tshark does, field by field and value by value, over capture files. Used by agreement.test.ts; test code only.

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { CODINGS } from '../../electron/packets/contentCoding';
import { concatBytes } from '../../shared/base/bytes';
import { interfaceBlock, packetBlock, sectionBlock } from '../../shared/codec/pcapng/write';
import { codecs } from '../../shared/codec/dissect';
import { FIELD_TYPES } from '../../shared/codec/schema';
import { createDissector } from '../../shared/packets/dissection/dissector';
import { openBytes } from '../../shared/packets/dissection/captured.fixture';
import { PacketFields } from '../../shared/packets/dissection/packetFields';
import { CaptureReader } from '../../shared/packets/file/captureReader';

export interface Difference {
  readonly file: string;
  /** From 1. */
  readonly packet: number;
  readonly field: string;
  readonly ours: string;
  readonly theirs: string;
  /** tshark's chain of protocols. */
  readonly protocols: string;
}

export interface Agreement {
  /** Values compared, and those that are the same, by protocol. */
  readonly counts: Map<string, { compared: number; same: number }>;
  readonly differences: Difference[];
  /** Values that were not compared, by the reason. */
  readonly leftOut: ReadonlyMap<string, number>;
  /** Headers of a protocol that one of both sees in a packet and the other does not, by packet and protocol. */
  readonly unshared: Difference[];
  /** Values of the outer headers in packets of which one of both sees more headers of the protocol: compared; and values of headers that one alone sees, or all of whose values are inner ones. */
  readonly outer: number;
  readonly alone: number;
  /** Fields compared. */
  readonly fields: number;
  readonly packets: number;
}

const SEPARATOR = '\u001f';
/** What headers a packet has is compared by itself; text of data is shown by tshark for those who ask. */
const CHAIN = 'frame.protocols';
const SKIPPED: ReadonlySet<string> = new Set([CHAIN, 'data.text']);
/** What is said of a packet is no value of its fields: expertMarks.test.ts compares it. */
const MARKS = '_ws.';
const BETWEEN = '\u001e';
/** Segments that come late belong to their messages. */
const OPTIONS = ['tcp.reassemble_out_of_order:TRUE'];
/** For the fields of checksums alone: tshark puts nothing together of packets whose checksum it has found wrong, as of all that leave a machine whose card fills it in. */
const CHECKED = ['tcp.check_checksum:TRUE', 'ip.check_checksum:TRUE', 'udp.check_checksum:TRUE'];
const CHECKSUM = /\.checksum/;

interface LeftOut {
  readonly field: RegExp;
  readonly where: (difference: Difference, more: { readonly foreignStream: boolean; readonly cut: boolean }) => boolean;
  readonly why: string;
}

/** Values that say nothing about us: tshark is wrong about them, or means something else by the name. Each with the section that tells. */
const LEFT_OUT: readonly LeftOut[] = [
  {
    field: /^tcp\.(pdu\.|segment_data$|segments?$|segment\.count$|reassembled)/, where: ({ ours, theirs }, { foreignStream }) => foreignStream && (ours === '' || theirs === ''),
    why: 'messages of a protocol that is none here: TCP has none of its own, it is a stream of bytes (RFC 9293 2.2)',
  },
  { field: /^tcp\.options\.mptcp\.checksum$/, where: ({ theirs }) => theirs === '', why: 'tshark leaves out the checksum that a mapping ends with, though the length of the option holds it (RFC 8684 3.3)' },
  { field: /^eth\.(trailer|padding)$/, where: ({ protocols }) => /:lldp$/.test(protocols), why: 'tshark counts the last bytes of LLDP, its End TLV among them, as a trailer (IEEE 802.1AB 8.5.1)' },
  { field: /^dns\.(qry\.name\.len|count\.labels)$/, where: ({ ours }) => ours.split(',').includes('0'), why: 'tshark counts the letters of its own word <Root> for the name of no labels (RFC 1035 3.1)' },
  {
    field: /^(dns\.opt\.(cookie\.server|data)|dhcp\.option\.value|tls\.handshake\.extension\.data)$/, where: ({ ours, theirs }) => theirs.split(',').includes('<MISSING>') && theirs.split(',').filter((value) => value !== '<MISSING>').join() === ours,
    why: 'tshark has a field for what is not in the message: a cookie of the client alone (RFC 7873 4), an option or an extension of no bytes (RFC 6891 6.1.2, RFC 2132 2, RFC 8446 4.2)',
  },
  { field: /^dns\.(data|response_to|time)$/, where: ({ theirs, protocols }, { cut }) => cut && theirs === '' && /:dns$/.test(protocols), why: 'tshark shows nothing more of a DNS message from the record on that the capture cut off, not even what it answers (RFC 1035 4.1)' },
  { field: /^dhcp\./, where: ({ theirs, protocols }, { cut }) => cut && theirs === '' && /:dhcp$/.test(protocols), why: 'tshark shows nothing of a DHCP message whose options were cut off by the capture, though the fixed fields are there (RFC 2131 2)' },
];

/** Names that this tshark knows. */
export async function knownFields(): Promise<ReadonlySet<string>> {
  const { stdout } = await promisify(execFile)('tshark', ['-G', 'fields'], { maxBuffer: 256 * 1024 * 1024 });
  return new Set(stdout.split('\n').filter((line) => line.startsWith('F\t') || line.startsWith('P\t')).map((line) => line.split('\t')[2] ?? ''));
}

/** When every file begins: all in one time, spans between packets of a flow stay exact. */
const BEGIN = 1_700_000_000_000_000_000n;

/** Where a packet is from. */
interface Origin {
  readonly file: string;
  readonly packet: number;
}

/** The packets of several files in one, with their times and link types: one run of tshark instead of hundreds. Files that we cannot open are left out. */
export function mergeFiles(files: readonly { readonly path: string; readonly name: string }[]): { readonly bytes: Uint8Array; readonly origins: readonly Origin[] } {
  const blocks: Uint8Array[] = [sectionBlock('looplab')];
  const packets: Uint8Array[] = [];
  const types: number[] = [];
  const origins: Origin[] = [];
  for (const { path, name } of files) {
    const own: number[] = [];
    let packet = 0;
    let first: bigint | null = null;
    const reader = new CaptureReader({
      interface: ({ linkType }) => void own.push(linkType),
      packet: (iface, seconds, nanos, bytes, start, captured, wire) => {
        packet++;
        const linkType = own[iface] ?? 0;
        if (seconds < 0 || captured > 262_144) return;
        if (!types.includes(linkType)) {
          types.push(linkType);
          blocks.push(interfaceBlock(linkType, `link${linkType}`, ''));
        }
        const time = BigInt(seconds) * 1_000_000_000n + BigInt(nanos);
        first ??= time;
        packets.push(packetBlock(types.indexOf(linkType), BEGIN + time - first > 0n ? BEGIN + time - first : 0n, bytes.slice(start, start + captured), wire));
        origins.push({ file: name, packet });
      },
    });
    try {
      reader.push(readFileSync(path));
      reader.end();
    } catch {
      // No capture: there is a test of what is told then.
    }
  }
  return { bytes: concatBytes(...blocks, ...packets), origins };
}

/** Compares all packets of a capture: every field of our schemas that tshark knows, whether we ever show it or not. `path`: where its bytes are written for tshark. */
export async function compareCapture(path: string, { bytes, origins }: ReturnType<typeof mergeFiles>, known: ReadonlySet<string>): Promise<Agreement> {
  await writeFile(path, bytes);
  const ours = dissected(bytes, origins.length);
  const fields = [...FIELD_TYPES].filter(([name, { kind }]) => !SKIPPED.has(name) && !name.startsWith(MARKS) && known.has(name) && kind !== 'protocol').map(([name]) => name).sort();
  const theirs = await tsharkValues(path, fields, OPTIONS);
  const sums = fields.filter((field) => CHECKSUM.test(field));
  for (const [number, [, ...values]] of (await tsharkValues(path, sums, [...OPTIONS, ...CHECKED])).entries()) {
    for (const [at, field] of sums.entries()) theirs[number]?.splice(1 + fields.indexOf(field), 1, values[at] ?? '');
  }
  const found: { readonly difference: Difference; readonly same: boolean }[] = [];
  const unshared: Difference[] = [];
  const names = new StreamNames();
  const leftOut = new Map<string, number>();
  let [outer, alone] = [0, 0];
  // A mark has no value: it is there or not. tshark prints a 1 for each item of its tree that has the name.
  const marks = new Set([...FIELD_TYPES].flatMap(([name, { kind }]) => (kind === 'none' ? [name] : [])));
  const [stream, captured, sent] = ['tcp.stream', 'frame.cap_len', 'frame.len'].map((field) => fields.indexOf(field)) as [number, number, number];
  const foreignStreams = new Set(theirs.flatMap(([protocols = '', ...values]) => (protocols.includes(':tcp:') && isForeign(protocols) ? [values[stream] ?? ''] : [])));
  for (const [number, origin] of origins.entries()) {
    const [protocols = '', ...values] = theirs[number] ?? [];
    const own = ours[number];
    const counts = headerCounts(protocols, own?.protocols ?? []);
    for (const [protocol, count] of counts) if (count.ours !== count.theirs) unshared.push({ ...origin, field: protocol, ours: String(count.ours), theirs: String(count.theirs), protocols });
    fields.forEach((field, i) => {
      const said = values[i] ?? '';
      const text = own?.texts.get(field) ?? '';
      if (said === '' && text === '') return;
      // What is data here and what is data there are other bytes then.
      if (field.startsWith('data.') && isForeign(protocols)) return;
      const headers = protocolsOf(field).flatMap((protocol) => counts.get(protocol) ?? []);
      if (headers.some((one) => one.ours !== one.theirs)) {
        // In tunnels one of both sees further: the outer headers come first in both.
        if (headers.some((one) => one.ours === 0 || one.theirs === 0) || said === '' || text === '' || isStream(field)) return void alone++;
        const [few, many] = headers.some((one) => one.ours < one.theirs) ? [text, said] : [said, text];
        found.push({ difference: { ...origin, field, ours: short(text), theirs: short(said), protocols }, same: marks.has(field) || many === few || many.startsWith(`${few}${BETWEEN}`) });
        outer++;
        return;
      }
      const same = said === text || (isStream(field) && names.same(field, text, said)) || (marks.has(field) && said !== '' && text !== '');
      const difference = { ...origin, field, ours: short(text), theirs: short(said), protocols };
      const reason = same ? undefined : LEFT_OUT.find((one) => one.field.test(field) && one.where(difference, { foreignStream: foreignStreams.has(values[stream] ?? ''), cut: Number(values[captured]) < Number(values[sent]) }));
      if (reason === undefined) found.push({ difference, same });
      else leftOut.set(reason.why, (leftOut.get(reason.why) ?? 0) + 1);
    });
  }
  return { ...summed(found), leftOut, unshared, outer, alone, packets: origins.length, fields: fields.length };
}

interface Ours {
  readonly protocols: readonly string[];
  readonly texts: ReadonlyMap<string, string>;
}

/** What we say of each packet, in one pass as tshark's. */
function dissected(bytes: Uint8Array, count: number): Ours[] {
  const dissector = createDissector({ ...openBytes(bytes), codings: CODINGS });
  return Array.from({ length: count }, (_, number) => {
    const packet = dissector.dissect(number);
    dissector.displayed(number);
    const fields = new PacketFields(packet);
    return { protocols: packet.layers.slice(1).map(({ protocol }) => protocol), texts: new Map([...fields.names].map((name) => [name, fields.texts(name).join(BETWEEN)])) };
  });
}

function summed(found: readonly { readonly difference: Difference; readonly same: boolean }[]): Pick<Agreement, 'counts' | 'differences'> {
  const counts: Agreement['counts'] = new Map();
  for (const { difference, same } of found) {
    const protocol = difference.field.split('.')[0] ?? '';
    const one = counts.get(protocol) ?? { compared: 0, same: 0 };
    one.compared++;
    if (same) one.same++;
    counts.set(protocol, one);
  }
  return { counts, differences: found.flatMap(({ difference, same }) => (same ? [] : [difference])) };
}

/** Names in tshark's chain that are not a header: a step of the way, or part of another one here. */
const PARTS: ReadonlyMap<string, string> = new Map([['ipv6.hopopts', ''], ['ipv6.dstopts', ''], ['ipv6.routing', ''], ['ipv6.fraghdr', ''], ['ethertype', '']]);

/** Headers of each protocol in a packet, in both. */
function headerCounts(chain: string, own: readonly string[]): Map<string, { ours: number; theirs: number }> {
  const counts = new Map<string, { ours: number; theirs: number }>();
  const of = (name: string): { ours: number; theirs: number } => {
    const known = counts.get(name) ?? { ours: 0, theirs: 0 };
    counts.set(name, known);
    return known;
  };
  for (const name of chain.split(':')) if (PARTS.get(name) !== '' && codecs.has(name)) of(name).theirs++;
  for (const protocol of own) of(protocol).ours++;
  return counts;
}

/** True when tshark's chain has a protocol that is none here. */
const isForeign = (chain: string): boolean => chain.split(':').some((name) => PARTS.get(name) !== '' && !codecs.has(name));

/** ip.version is there of both versions. */
const protocolsOf = (field: string): readonly string[] => (field === 'ip.version' ? ['ip', 'ipv6'] : [field.split('.')[0] ?? '']);

const isStream = (field: string): boolean => field === 'tcp.stream' || field === 'udp.stream';

/** tshark counts the streams in tunnels too, that are none here: numbers are names, and must name the same stream always. */
class StreamNames {
  readonly #known = new Map<string, string>();

  same(field: string, ours: string, theirs: string): boolean {
    const ahead = this.#known.get(`${field} ours ${ours}`);
    const back = this.#known.get(`${field} theirs ${theirs}`);
    if (ahead === undefined && back === undefined && ours !== '' && theirs !== '') {
      this.#known.set(`${field} ours ${ours}`, theirs).set(`${field} theirs ${theirs}`, ours);
      return true;
    }
    return ahead === theirs && back === ours;
  }
}

const short = (value: string): string => value.replaceAll(BETWEEN, ',').slice(0, 200);

async function tsharkValues(path: string, fields: readonly string[], options: readonly string[]): Promise<string[][]> {
  const args = ['-n', '-r', path, ...options.flatMap((option) => ['-o', option]), '-T', 'fields', '-E', `separator=${SEPARATOR}`, '-E', 'quote=d', '-E', 'occurrence=a', '-E', `aggregator=${BETWEEN}`, ...[CHAIN, ...fields].flatMap((field) => ['-e', field])];
  const { stdout } = await promisify(execFile)('tshark', args, { maxBuffer: 1024 * 1024 * 1024, env: { ...process.env, TZ: 'UTC', LC_ALL: 'C.UTF-8' } });
  return stdout.split('\n').slice(0, -1).map(valuesOf);
}

/** Values in quotes, none where there is no field: bytes of a packet may be separators themselves. */
function valuesOf(line: string): string[] {
  const values: string[] = [];
  for (let at = 0; at <= line.length;) {
    const quoted = line[at] === '"';
    const found = line.indexOf(quoted ? `"${SEPARATOR}` : SEPARATOR, at + (quoted ? 1 : 0));
    const end = found >= 0 ? found : line.length - (quoted ? 1 : 0);
    values.push(line.slice(at + (quoted ? 1 : 0), end));
    at = end + (quoted ? 2 : 1);
  }
  return values;
}
