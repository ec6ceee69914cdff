// Capture files of other projects, malformed on purpose or not: each opens or is refused with a reason, with as many packets as capinfos finds, and
// is written again in the other format so that capinfos and tshark see the same in it. The files are no part of this project: a checkout without
// them has nothing to read here, and says so.

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { CaptureFacts, CaptureSink } from '../../shared/packets/captureFacts';
import { CaptureError } from '../../shared/packets/file/captureError';
import { CaptureMeasure } from '../../shared/packets/file/captureMeasure';
import { CaptureReader } from '../../shared/packets/file/captureReader';
import { PcapngWriter, PcapWriter, type CaptureWriter } from '../../shared/packets/file/captureWriter';
import { BLOCK } from '../../shared/codec/pcapng/format';
import { hasTshark } from './tshark.fixture';

const corpus = resolve(import.meta.dirname, '../../../shared/corpus');
const folders = ['tcpdump', 'libpcap', 'pcapng-test-generator'].filter((name) => existsSync(join(corpus, name)));
const files = folders.flatMap((folder) => readdirSync(join(corpus, folder), { recursive: true, encoding: 'utf8' }).filter((name) => /\.pcap(ng)?$/.test(name)).map((name) => join(folder, name))).sort();
const hasCapinfos = spawnSync('capinfos', ['--version']).status === 0;

/** Files whose frames tshark compares one by one: it takes a while to start. */
const COMPARED = 4;

const folder = mkdtempSync(join(tmpdir(), 'looplab-corpus-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Why capinfos (4.0) refuses files that we open: link types that it does not know. Only the name of the type is lost to us. */
const UNKNOWN_LINK = /network type \d+ unknown or unsupported/;
/** Times that the two tell differently: parts of a second that run over one are carried here; tshark shows them as they are, or negative. */
const ODD_TIMES = ['timestamp_invalid_micro', 'timestamp_invalid_nano', 'atm-oam-loopback-print-overrun', 'rx_serviceid_oobr'].map((name) => `tcpdump/${name}.pcap`);
/** Times after 2106, which the 32 bits of a pcap's seconds cannot say. */
const LATE = ['time_2106_overflow', 'time_2107'].map((name) => `tcpdump/${name}.pcapng`);

interface Seen {
  readonly packets: string;
  readonly size: string;
  readonly start: string;
  readonly end: string;
}

/** What capinfos says of each file that it reads, and why it refuses the others. */
function capinfos(paths: readonly string[], cwd: string): { readonly seen: Map<string, Seen>; readonly refused: Map<string, string> } {
  const { stdout, stderr } = spawnSync('capinfos', ['-M', '-T', '-c', '-d', '-a', '-e', '-S', '-r', ...paths], { cwd, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  const seen = new Map(stdout.split('\n').map((line) => line.split('\t')).filter((cells) => cells.length >= 5).map(([name = '', packets = '', size = '', start = '', end = '']) => [name, { packets, size, start, end }]));
  return { seen, refused: new Map([...stderr.matchAll(/The file "([^"]+)" (.*\n\(.*\))/g)].map(([, name = '', why = '']) => [name, why])) };
}

/** A file in pieces that end anywhere, or why it is refused. */
function read(path: string, sink: CaptureSink): CaptureFacts | string {
  const bytes = readFileSync(path);
  const reader = new CaptureReader(sink);
  try {
    for (let at = 0; at < bytes.length; at += 1000) reader.push(bytes.subarray(at, at + 1000));
    return reader.end();
  } catch (thrown) {
    if (!(thrown instanceof CaptureError)) throw thrown;
    return thrown.message;
  }
}

function rewrite(path: string, writer: CaptureWriter): Uint8Array {
  read(path, writer);
  return writer.take();
}

const told = new Map(files.map((name) => {
  const measure = new CaptureMeasure();
  return [name, { measure, facts: read(join(corpus, name), measure) }] as const;
}));

describe(`capture files of others (${files.length === 0 ? 'not here' : files.length})`, () => {
  it('are whole, but for those that are broken on purpose', () => {
    const wrong = [...told].flatMap(([name, { facts, measure }]) => (typeof facts === 'string' ? [`${name}: ${facts}`] : facts.damage === null ? [] : [`${name}: ${measure.packets} packets, then byte ${facts.damage.offset}: ${facts.damage.why}`]));
    expect(wrong).toEqual(files.length === 0 ? [] : [
      'libpcap/pcap-invalid-version-1.pcap: pcap files of version 1.4 are not read: 2.0 to 2.4 are',
      'libpcap/pcapng-invalid-vers-1.pcapng: pcapng of version 0.1 is not read: 1.0 is',
      'libpcap/pcapng-invalid-vers-2.pcapng: pcapng of version 1.1 is not read: 1.0 is',
      'libpcap/shb-option-too-long.pcapng: damaged at its beginning: a block of 52 B that ends saying 808464432',
    ]);
  });

  it('have the packets that capinfos counts', (context) => {
    if (files.length === 0 || !hasCapinfos) return context.skip(files.length === 0 ? 'the files are not here' : 'capinfos is not here');
    const { seen, refused } = capinfos(files, corpus);
    const differences = files.filter((name) => {
      const { facts, measure } = told.get(name) ?? { facts: '', measure: new CaptureMeasure() };
      const theirs = seen.get(name);
      if (theirs !== undefined) return typeof facts === 'string' || theirs.packets !== String(measure.packets);
      // What it refuses for another reason than the link type, we refuse too.
      return UNKNOWN_LINK.test(refused.get(name) ?? '') === (typeof facts === 'string');
    });
    expect(differences).toEqual([]);
    expect(seen.size).toBeGreaterThan(files.length * 0.95);
  });

  it('say what their descriptions say', (context) => {
    const described = files.filter((name) => name.startsWith('pcapng-test-generator'));
    if (described.length === 0) return context.skip('the files are not here');
    const TYPES: ReadonlyMap<string, number> = new Map([['SHB', BLOCK.section], ['IDB', BLOCK.interface], ['SPB', BLOCK.simplePacket], ['NRB', BLOCK.names], ['ISB', BLOCK.statistics], ['EPB', BLOCK.packet], ['CB', BLOCK.custom], ['DCB', BLOCK.customLocal]]);
    for (const name of described) {
      const text = readFileSync(join(corpus, name.replace(/pcapng$/, 'txt')), 'utf8');
      const expected = [...text.matchAll(/^\t(\w+): (\d+)$/gm)].map(([, block = '', count]) => [TYPES.get(block) ?? block, Number(count)]);
      const sequence = (/^Block sequence: (.*)$/m.exec(text)?.[1] ?? '').split(', ').filter((block) => ['IDB', 'EPB', 'SPB', 'CB', 'DCB'].includes(block)).map((block) => (block.endsWith('PB') ? 'packet' : block === 'IDB' ? 'interface' : 'custom'));
      const order: string[] = [];
      const facts = read(join(corpus, name), { interface: () => order.push('interface'), packet: () => order.push('packet'), custom: () => order.push('custom') });
      if (typeof facts === 'string') throw new Error(`${name}: ${facts}`);
      expect(Object.fromEntries(facts.blocks), name).toEqual(Object.fromEntries(expected));
      expect(order, name).toEqual(sequence);
      expect(facts.byteOrder, name).toBe(name.includes('output_be') ? 'big' : 'little');
      expect([...facts.unknownBlocks], name).toEqual([]);
    }
  });

  it('hold the same in the other format, as capinfos and tshark see them', { timeout: 240_000 }, (context) => {
    if (files.length === 0 || !hasCapinfos || !hasTshark) return context.skip(files.length === 0 ? 'the files are not here' : 'capinfos or tshark is not here');
    const { seen } = capinfos(files, corpus);
    mkdirSync(join(folder, 'other'));
    const others = new Map<string, string>();
    for (const [name, { facts, measure }] of told) {
      const [first] = typeof facts === 'string' ? [] : facts.interfaces;
      if (typeof facts === 'string' || first === undefined || !seen.has(name) || ODD_TIMES.includes(name)) continue;
      // A simple packet has no time, which a pcap cannot say; and it is of one link type.
      if (facts.format === 'pcapng' && (facts.blocks.has(BLOCK.simplePacket) || facts.interfaces.some((one) => one.linkType !== first.linkType))) continue;
      const writer = facts.format === 'pcap' ? new PcapngWriter('Looplab test') : new PcapWriter({ linkType: first.linkType, snapLength: first.snapLength, nanoseconds: measure.nanoseconds, fcs: first.fcs ?? null });
      const other = join('other', `${others.size}.${facts.format === 'pcap' ? 'pcapng' : 'pcap'}`);
      writeFileSync(join(folder, other), rewrite(join(corpus, name), writer));
      expect(writer instanceof PcapWriter && writer.moved > 0, name).toBe(LATE.includes(name));
      if (LATE.includes(name)) continue;
      others.set(other, name);
    }
    const again = capinfos([...others.keys()], folder);
    expect([...again.refused]).toEqual([]);
    /** 'n/a' where there are no packets. */
    const same = (left: string, right: string): boolean => left === right || Number(left) === Number(right);
    const differences = [...others].filter(([other, name]) => {
      const [theirs, ours] = [seen.get(name), again.seen.get(other)];
      return theirs === undefined || ours === undefined || theirs.packets !== ours.packets || theirs.size !== ours.size || !same(theirs.start, ours.start) || !same(theirs.end, ours.end);
    });
    expect(differences.map(([, name]) => name)).toEqual([]);
    expect(others.size).toBeGreaterThan(files.length * 0.8);

    const frames = (path: string): string => execFileSync('tshark', ['-n', '-r', path, '-o', 'frame.generate_md5_hash:TRUE', '-T', 'fields', ...['time_epoch', 'len', 'cap_len', 'md5_hash', 'encap_type'].flatMap((field) => ['-e', `frame.${field}`])], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    const sample = [...others].filter((_, index) => index % Math.ceil(others.size / COMPARED) === 0);
    for (const [other, name] of sample) expect(frames(join(folder, other)), name).toBe(frames(join(corpus, name)));
  });
});
