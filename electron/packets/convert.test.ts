// Converting and describing capture files, through the command line.

import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { concatBytes } from '../../shared/base/bytes';
import { blocksIn, pack, pcapBytes, tell, type Told } from '../../shared/packets/file/captureBytes.fixture';
import { convert } from '../cli/convert';
import { info } from '../cli/info';
import { UsageError, type Io } from '../cli/io';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'looplab-convert-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function looplab(command: typeof convert, ...args: string[]): Promise<{ readonly status: number; readonly out: string; readonly err: string }> {
  const said = { out: '', err: '' };
  const io: Io = {
    out: (text) => {
      said.out += text;
      return Promise.resolve();
    },
    err: (text) => void (said.err += text), signal: new AbortController().signal, onFault: () => undefined, version: () => Promise.resolve('1.2.3'), labs: () => [],
  };
  const status = await command(args, io).catch((thrown: unknown) => {
    said.err += thrown instanceof Error ? thrown.message : String(thrown);
    return thrown instanceof UsageError ? 2 : 1;
  });
  return { status, ...said };
}

const at = (name: string): string => join(folder, name);
async function fileOf(name: string, bytes: Uint8Array): Promise<string> {
  await writeFile(at(name), bytes);
  return at(name);
}
const told = async (name: string): Promise<Told> => {
  const bytes = await readFile(at(name));
  return tell(name.endsWith('.gz') ? gunzipSync(bytes) : bytes);
};
const packetsOf = ({ packets }: Told): unknown[] => packets.map(({ time, text, wire }) => [...time, text, wire]);

const RECORDS = [{ seconds: 1_700_000_000, parts: 5, bytes: 'first' }, { seconds: 1_700_000_001, parts: 999_999, bytes: 'second', wire: 60 }, { seconds: 0xffff_ffff, parts: 0, bytes: '' }];
const b = blocksIn(false);
const RICH = concatBytes(
  b.section([[1, 'all of it'], [4, 'a test']]), b.interface(1, 0, [[2, 'eth0'], [9, Uint8Array.of(9)]]), b.interface(1), b.names([[1, [127, 0, 0, 1], 'me\0']]), b.secrets(0x544c534b, 'A b c\n'), b.packet(0, 1_700_000_000_123_456_789n, 'one', [[1, 'note']], 40),
  b.packet(1, 1_700_000_000_000_000n, 'two', [[2, b.number(1, 4)]]), b.custom(7, Uint8Array.of(1)), b.block(0x99), b.statistics(0, [[5, b.number(4n, 8)]]),
);

describe('looplab convert', () => {
  it('takes a pcap to pcapng and back without a change', async () => {
    for (const [index, shape] of [{}, { little: false }, { magic: 0xa1b23c4d }, { link: 0x2400_0001, snap: 0 }].entries()) {
      const file = await fileOf(`${index}.pcap`, pcapBytes(RECORDS, shape));
      expect(await looplab(convert, file, at(`${index}.pcapng`))).toEqual({ status: 0, out: '', err: '' });
      expect((await looplab(convert, at(`${index}.pcapng`), at(`${index}-back.pcap`))).status).toBe(0);
      const [before, between] = [await told(`${index}.pcap`), await told(`${index}.pcapng`)];
      expect(packetsOf(between)).toEqual(packetsOf(before));
      expect(between.facts).toMatchObject({ format: 'pcapng', application: 'Looplab 1.2.3', interfaces: [{ resolution: before.interfaces[0]?.resolution, linkType: 1 }] });
      expect(between.interfaces[0]?.fcs).toBe(before.interfaces[0]?.fcs);
      // A snap length of 0 is what some readers refuse: the usual one stands for it.
      expect(await readFile(at(`${index}-back.pcap`))).toEqual(Buffer.from(pcapBytes(RECORDS, { ...shape, little: true, snap: shape.snap === 0 ? 262_144 : 65_535 })));
    }
  });

  it('copies a pcapng block for block, and compresses as the name says', async () => {
    const file = await fileOf('rich.pcapng', RICH);
    expect(await looplab(convert, file, at('rich.pcapng.gz'))).toEqual({ status: 0, out: '', err: '' });
    expect(gunzipSync(await readFile(at('rich.pcapng.gz')))).toEqual(Buffer.from(RICH));
    expect((await looplab(convert, at('rich.pcapng.gz'), at('again.ntar'))).status).toBe(0);
    expect(await readFile(at('again.ntar'))).toEqual(Buffer.from(RICH));
    if (process.platform !== 'win32') expect((await stat(at('again.ntar'))).mode & 0o777).toBe(0o600);
  });

  it('names what a pcap cannot hold', async () => {
    const file = await fileOf('lossy.pcapng', RICH);
    const { status, err } = await looplab(convert, file, at('lossy.pcap'));
    expect(status).toBe(0);
    expect(err).toBe(`looplab: not in ${at('lossy.pcap')}: which of 2 interfaces a packet is of; 1 interface's name and settings; 1 comment; 1 packet comment; 1 packet's flags, hash or count of drops; 1 name of an address; TLS keys; who wrote it, and where; counts of dropped packets; 1 custom block; 1 block of an unknown type\n`);
    expect(packetsOf(await told('lossy.pcap'))).toEqual([[1_700_000_000, 123_456_789, 'one', 40], [1_700_000_000, 0, 'two', 3]]);
    const patched = await fileOf('patched.pcap', pcapBytes(RECORDS.map((record) => ({ ...record, extra: pack(true, [3, 4], [0x800, 2], [4, 1], [0, 1]) })), { magic: 0xa1b2cd34 }));
    expect((await looplab(convert, patched, at('patched.pcapng'))).err).toContain('what a patched writer put before each packet');
    expect(packetsOf(await told('patched.pcapng'))).toEqual(packetsOf(await told('patched.pcap')));
  });

  it('asks which link type when there are several, and takes no time that does not fit', async () => {
    const file = await fileOf('links.pcapng', concatBytes(b.section(), b.interface(1), b.interface(101, 0, [[14, b.number(-10n, 8)]]), b.packet(0, 1n, 'a'), b.packet(1, 2n, 'b')));
    const refused = await looplab(convert, file, at('links.pcap'));
    expect(refused).toMatchObject({ status: 1, err: `${file} has packets of several link types, and a pcap holds one: 1 (Ethernet), 101 (Raw IP). Choose one with --link-type, or write a pcapng` });
    expect((await readdir(folder)).filter((name) => name.includes('links.pcap') && name !== 'links.pcapng')).toEqual([]);
    const { status, err } = await looplab(convert, file, at('links.pcap'), '--link-type', '101');
    expect([status, err]).toEqual([0, expect.stringContaining('1 packet of another link type; 1 time that 32 bits of seconds cannot say')]);
    expect(packetsOf(await told('links.pcap'))).toEqual([[0, 0, 'b', 1]]);
    expect((await looplab(convert, file, at('none.pcap'), '--link-type', '9')).err).toContain('no packets of link type 9');
    expect((await looplab(convert, await fileOf('bare.pcapng', b.section()), at('bare.pcap'))).err).toContain('has no interface');
  });

  it('writes what is before the damage, and says so', async () => {
    for (const [name, bytes] of [['cut.pcapng', RICH.subarray(0, RICH.length - 5)], ['cut.pcap', pcapBytes(RECORDS).subarray(0, 60)]] as const) {
      const file = await fileOf(name, bytes);
      const { status, err } = await looplab(convert, file, at('mended.pcapng'));
      expect(status).toBe(1);
      expect(err).toMatch(/is damaged at byte \d+: the file is cut: .* has the \d packets? before it/);
      expect((await told('mended.pcapng')).facts.damage).toBeNull();
      expect(packetsOf(await told('mended.pcapng'))).toEqual(packetsOf(await told(name)));
    }
  });

  it('leaves nothing and changes nothing when it cannot', async () => {
    const keep = await fileOf('keep.pcap', Uint8Array.of(1, 2, 3));
    expect((await looplab(convert, await fileOf('text.pcap', Buffer.from('no capture at all')), keep)).status).toBe(1);
    expect(await readFile(keep)).toEqual(Buffer.of(1, 2, 3));
    expect((await looplab(convert, keep, join(folder, 'no', 'such.pcap'))).status).toBe(1);
    expect((await looplab(convert, at('0.pcap'), at('a.txt'))).err).toContain('does not say which format');
    expect((await looplab(convert, at('0.pcap'))).status).toBe(2);
    expect((await looplab(convert, at('0.pcap'), at('a.pcap'), '--format', 'snoop')).status).toBe(2);
    expect((await looplab(convert, at('0.pcap'), at('a.pcap'), '--link-type', 'x')).status).toBe(2);
    expect((await looplab(convert, '--help')).out).toContain('looplab convert <from> <to>');
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('may write over the file that it reads', async () => {
    const file = await fileOf('itself.pcap', pcapBytes(RECORDS));
    expect((await looplab(convert, file, file, '--format', 'pcapng')).status).toBe(0);
    expect((await told('itself.pcap')).facts.format).toBe('pcapng');
  });
});

describe('looplab info', () => {
  it('says what is in a file, as text', async () => {
    const file = await fileOf('told.pcapng.gz', gzipSync(RICH));
    const { status, out } = await looplab(info, file);
    expect(status).toBe(0);
    expect(out.replace(/File size: +\d+ B/, 'File size: N B').split('\n').map((line) => line.replace(/: +/, ': '))).toEqual([
      `File name: ${file}`, 'File type: pcapng, big-endian, compressed with gzip', 'File size: N B', 'Encapsulation: Ethernet', 'Packets: 2', 'Data size: 43 B, of which 6 B are in the file: 1 packet cut',
      'First packet: 2023-11-14T22:13:20.000000000Z', 'Last packet: 2023-11-14T22:13:20.123456789Z', 'Duration: 0.123456789 s', 'Time order: some packets are earlier than the one before', 'Average rate: 16 packets/s, 348 B/s',
      'Average size: 21.50 B', 'Written by: a test', 'Comment: all of it', 'Packet comments: 1', 'Names: 1', 'TLS keys: 1 line', 'Custom blocks: 1, of enterprise 7', 'Unknown blocks: 1 of type 0x00000099',
      'Interface 0: eth0, Ethernet, no snap length, 1000000000 parts of a second, 1 packet, 4 dropped', 'Interface 1: Ethernet, no snap length, 1000000 parts of a second, 1 packet', '',
    ]);
  });

  it('says it as JSON, a line for each file, and fails for what is damaged or none', async () => {
    const whole = await fileOf('whole.pcap', pcapBytes(RECORDS));
    const cut = await fileOf('short.pcap', pcapBytes(RECORDS).subarray(0, 60));
    const none = await fileOf('none.txt', Buffer.from('hello, hello, hello'));
    const { status, out, err } = await looplab(info, '--json', whole, none, cut);
    expect(status).toBe(1);
    expect(err).toBe(`looplab: ${none}: it is neither pcap nor pcapng: it looks like plain text (NOT_A_CAPTURE)\n`);
    const [first, second, ...more] = out.trimEnd().split('\n').map((line) => JSON.parse(line) as unknown);
    expect(more).toEqual([]);
    expect(first).toMatchObject({ file: whole, format: 'pcap', gzip: false, packets: 3, wire_bytes: 65, kept_bytes: 11, first: '1700000000.000005000', last: '4294967295.000000000', duration: '2594967294.999995000', strict_order: true, link_types: ['ETHERNET'], damage: null });
    expect(second).toMatchObject({ file: cut, packets: 1, damage: { offset: 45 } });
    expect((await looplab(info, whole)).status).toBe(0);
    expect((await looplab(info)).status).toBe(2);
  });

  it('shows nothing of a file that a terminal would obey', async () => {
    const file = await fileOf('rude.pcapng', concatBytes(b.section([[1, 'a\u001b[31m\nb']]), b.interface(1)));
    const { out } = await looplab(info, file);
    expect(out).not.toContain('\u001b');
    expect(out.split('\n').find((line) => line.startsWith('Comment'))).toMatch(/a.*b/);
  });
});
