import { appendFile, chmod, mkdir, mkdtemp, open, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { concatBytes } from '../../shared/base/bytes';
import { blocksIn, pcapBytes } from '../../shared/packets/file/captureBytes.fixture';
import type { CaptureFacts, CaptureSink } from '../../shared/packets/captureFacts';
import { Expansion, EXPANSION_LIMITS } from './expansion';
import { PacketFile, type ReadOptions } from './packetFile';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'looplab-packets-'));
});
afterAll(() => rm(folder, { recursive: true }));

const b = blocksIn(true);
const FEW = concatBytes(b.section([[4, 'a test']]), b.interface(1), b.packet(0, 1_000_001n, 'first'), b.packet(0, 2_000_002n, 'second'), b.packet(0, 3_000_003n, 'third'));
/** More than one piece of reading: packets of 1,000 bytes, each full of its number. */
const many = (count: number): Uint8Array<ArrayBuffer> => {
  const one = pcapBytes([{ seconds: 1, parts: 1, bytes: ' '.repeat(1000) }]);
  const file = new Uint8Array(24 + count * 1016);
  file.set(one.subarray(0, 24));
  for (let n = 0; n < count; n++) {
    file.set(one.subarray(24), 24 + n * 1016);
    file.fill(n % 251, 40 + n * 1016, 40 + n * 1016 + 1000);
  }
  return file;
};

interface Kept extends CaptureSink {
  readonly texts: string[];
  readonly places: (readonly [offset: number, length: number])[];
}

function sink(): Kept {
  const texts: string[] = [];
  const places: (readonly [number, number])[] = [];
  return {
    texts, places, interface: () => undefined,
    packet: (_iface, _seconds, _nanos, bytes, start, captured, _wire, offset) => {
      texts.push(Buffer.from(bytes.subarray(start, start + captured)).toString('latin1'));
      places.push([offset, captured]);
    },
  };
}

let written = 0;
async function fileOf(bytes: Uint8Array, name = `${written++}.pcap`): Promise<string> {
  await writeFile(join(folder, name), bytes);
  return join(folder, name);
}

async function withFile<T>(path: string, use: (file: PacketFile) => Promise<T>): Promise<T> {
  const file = await PacketFile.open(path);
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}

const readAll = (path: string, options?: ReadOptions): Promise<{ facts: CaptureFacts; kept: Kept }> => withFile(path, async (file) => {
  const kept = sink();
  return { facts: await file.read(kept, options), kept };
});

describe('a capture file on disk', () => {
  it('is read through and then at random, plain or compressed', async () => {
    for (const [name, bytes] of [['few.pcapng', FEW], ['few.pcapng.gz', gzipSync(FEW)], ['two members.gz', Buffer.concat([gzipSync(FEW.subarray(0, 50)), gzipSync(FEW.subarray(50))])]] as const) {
      await withFile(await fileOf(bytes, name), async (file) => {
        const kept = sink();
        const facts = await file.read(kept);
        expect(file).toMatchObject({ name, size: bytes.length, gzip: name.endsWith('.gz'), length: FEW.length });
        expect(facts).toMatchObject({ format: 'pcapng', gzip: name.endsWith('.gz'), application: 'a test', damage: null });
        expect(kept.texts).toEqual(['first', 'second', 'third']);
        expect([2, 0, 1].map((n) => Buffer.from(file.bytesAt(...kept.places[n] ?? [0, 0])).toString())).toEqual(['third', 'first', 'second']);
        const again = sink();
        await file.read(again);
        expect(again.places).toEqual(kept.places);
      });
    }
  });

  it('may have something else behind its compressed data', async () => {
    for (const rest of [Buffer.alloc(300_000), Buffer.alloc(300_000, 'x'), Buffer.from('x'), Buffer.of(0x1f, 0x8b, 8, 0, 1, 2, 3), Buffer.alloc(300_000, 0x99)]) {
      const { kept, facts } = await readAll(await fileOf(Buffer.concat([gzipSync(FEW), rest])));
      expect(kept.texts).toEqual(['first', 'second', 'third']);
      if (rest[0] === 0) expect(facts.damage).toBeNull();
      else expect(facts.damage).toEqual({ offset: FEW.length, kind: expect.stringMatching(/^(gzip|cut)$/) as string, why: expect.stringMatching(/^the gzip data is (damaged|cut)/) as string });
    }
  });

  it('may be larger than what is read at once, and tells how far it is', async () => {
    const bytes = many(9000);
    for (const [name, stored] of [['large.pcap', bytes], ['large.pcap.gz', gzipSync(bytes, { level: 1 })]] as const) {
      await withFile(await fileOf(stored, name), async (file) => {
        const kept = sink();
        const told: number[] = [];
        const facts = await file.read(kept, { onProgress: (read, packets) => void told.push(read, packets) });
        expect(facts.damage).toBeNull();
        expect(kept.places).toHaveLength(9000);
        expect(told.at(-2)).toBe(stored.length);
        expect(told.at(-1)).toBe(9000);
        for (const n of [8999, 0, 4321, 4322, 4323, 130]) expect(new Set(file.bytesAt(...kept.places[n] ?? [0, 0])), `packet ${n}`).toEqual(new Set([n % 251]));
        expect(Buffer.compare(file.bytesAt(0, bytes.length), bytes)).toBe(0);
      });
    }
  });

  it('stops when it is told to, and can be read again', async () => {
    for (const bytes of [many(9000), gzipSync(many(9000), { level: 1 })]) {
      await withFile(await fileOf(bytes), async (file) => {
        const stop = new AbortController();
        let early = 0;
        const reading = file.read({ interface: () => undefined, packet: () => {
          if (++early === 10) stop.abort();
        } }, { signal: stop.signal });
        await expect(reading).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
        expect(early).toBeLessThan(9000);
        const kept = sink();
        await file.read(kept);
        expect(kept.places).toHaveLength(9000);
      });
    }
  });

  it('passes on what its reader throws', async () => {
    for (const bytes of [FEW, gzipSync(FEW)]) {
      await expect(readAll(await fileOf(bytes)).then(() => withFile(join(folder, `${written - 1}.pcap`), (file) => file.read({ interface: () => undefined, packet: () => {
        throw new RangeError('full');
      } })))).rejects.toThrow('full');
    }
  });
});

describe('a capture file that is not as it should be', () => {
  it('is refused with its name and a reason when it cannot be opened', async () => {
    await expect(PacketFile.open(join(folder, 'none'))).rejects.toMatchObject({ code: 'ENOENT', message: `cannot read ${join(folder, 'none')}: no such file` });
    await mkdir(join(folder, 'sub'));
    await expect(PacketFile.open(join(folder, 'sub'))).rejects.toMatchObject({ code: 'EISDIR', where: join(folder, 'sub') });
    const secret = await fileOf(FEW, 'secret');
    await chmod(secret, 0);
    // Root reads everything.
    if (process.getuid?.() !== 0 && process.platform !== 'win32') await expect(PacketFile.open(secret)).rejects.toMatchObject({ code: 'EACCES', message: `cannot read ${secret}: permission denied` });
    if (process.platform === 'linux') await expect(PacketFile.open('/dev/null')).rejects.toMatchObject({ code: 'NOT_A_FILE' });
    if (process.platform !== 'win32') {
      execFileSync('mkfifo', [join(folder, 'pipe')]);
      await expect(PacketFile.open(join(folder, 'pipe'))).rejects.toMatchObject({ code: 'NOT_A_FILE' });
    }
  });

  it('is refused with what it is when it is no capture', async () => {
    await expect(readAll(await fileOf(new Uint8Array(0), 'empty'))).rejects.toMatchObject({ code: 'CAPTURE_EMPTY', message: `${join(folder, 'empty')}: the file is empty` });
    await expect(readAll(await fileOf(Buffer.from('%PDF-1.4 ...............')))).rejects.toMatchObject({ code: 'NOT_A_CAPTURE' });
    await expect(readAll(await fileOf(gzipSync('hello, hello, hello')))).rejects.toMatchObject({ code: 'NOT_A_CAPTURE' });
    await expect(readAll(await fileOf(gzipSync('')))).rejects.toMatchObject({ code: 'CAPTURE_EMPTY' });
    await expect(readAll(await fileOf(Buffer.concat([gzipSync(FEW).subarray(0, 10), Buffer.from('not deflate at all')])))).rejects.toMatchObject({ code: 'CAPTURE_DAMAGED', message: expect.stringContaining('gzip data is damaged') as string });
  });

  it('gives every whole packet before a cut, compressed or not', async () => {
    const { kept, facts } = await readAll(await fileOf(FEW.subarray(0, FEW.length - 3)));
    expect(kept.texts).toEqual(['first', 'second']);
    expect(facts.damage?.why).toContain('the file is cut');

    const large = many(3000);
    const stored = gzipSync(large, { level: 1 });
    for (const length of [stored.length - 1, stored.length - 9, Math.floor(stored.length / 2)]) {
      const cut = await readAll(await fileOf(stored.subarray(0, length)));
      expect(cut.facts.damage, `${length} of ${stored.length}`).not.toBeNull();
      expect(cut.kept.texts.every((text, n) => text.length === 1000 && text.charCodeAt(0) === n % 251)).toBe(true);
      expect(cut.kept.texts.length).toBeGreaterThan(length > stored.length / 2 ? 2999 : 1000);
    }
    const holed = Buffer.from(gzipSync(Buffer.from(large.map((byte, index) => (index % 7 === 0 && (index - 24) % 1016 >= 16 ? (index * 7919) & 0xff : byte))), { level: 1 }));
    const whole = await readAll(await fileOf(holed));
    holed.fill(0xff, Math.floor(holed.length * 0.9), Math.floor(holed.length * 0.9) + 64);
    const before = await readAll(await fileOf(holed));
    expect(before.facts.damage).not.toBeNull();
    // What was spoilt is only found out where it makes no sense: the last packet may be wrong.
    expect(before.kept.texts.slice(0, -1).every((text, n) => text === whole.kept.texts[n])).toBe(true);
    expect(before.kept.texts.length).toBeGreaterThan(whole.kept.texts.length * 0.8);
    const spoilt = Buffer.from(stored);
    spoilt.writeUInt32LE(0, stored.length - 8);
    expect((await readAll(await fileOf(spoilt))).facts.damage?.why).toContain('gzip data is damaged: incorrect data check');
  });

  it('that becomes shorter while it is open is told from a whole one', async () => {
    const path = await fileOf(many(9000));
    await withFile(path, async (file) => {
      const kept = sink();
      const facts = await file.read(kept, { onProgress: (read) => (read < 6e6 ? truncate(path, 5_000_000) : undefined) });
      expect(facts.damage).not.toBeNull();
      expect(kept.texts.every((text) => text.length === 1000)).toBe(true);
      expect(() => file.bytesAt(8_000_000, 1000)).toThrow(expect.objectContaining({ code: 'FILE_CHANGED', message: `${path} changed while it was open: it ends before byte 8001000` }));
    });
  });

  it('that is taken away while it is open is read to its end', async () => {
    if (process.platform === 'win32') return;
    const path = await fileOf(many(9000));
    await withFile(path, async (file) => {
      const kept = sink();
      expect((await file.read(kept, { onProgress: () => rm(path, { force: true }) })).damage).toBeNull();
      expect(kept.texts).toHaveLength(9000);
    });
  });

  it('that grows is read as far as it is', async () => {
    const path = await fileOf(FEW);
    await withFile(path, async (file) => {
      await file.read(sink());
      await appendFile(path, b.packet(0, 4n, 'fourth'));
      const kept = sink();
      await file.read(kept);
      expect(kept.texts).toEqual(['first', 'second', 'third', 'fourth']);
      expect(Buffer.from(file.bytesAt(...kept.places[3] ?? [0, 0])).toString()).toBe('fourth');
    });
  });

  it('answers nothing when it is closed', async () => {
    const file = await PacketFile.open(await fileOf(FEW));
    await file.close();
    await file.close();
    expect(() => file.bytesAt(0, 1)).toThrow(expect.objectContaining({ code: 'FILE_CLOSED' }));
  });
});

describe('what a compressed file is expanded into', () => {
  it('is readable by this user alone, and gone when it is closed', async () => {
    const expansion = await Expansion.create(folder);
    const before = await readdir(folder);
    if (process.platform !== 'win32') {
      expect((await expansion.handle.stat()).mode & 0o777).toBe(0o600);
      expect(before.filter((name) => name.endsWith('.expanded'))).toEqual([]);
    }
    await expansion.close();
    expect((await readdir(folder)).filter((name) => name.endsWith('.expanded'))).toEqual([]);
  });

  it('stays within its bounds, and gives its room back', async () => {
    const stored = await fileOf(gzipSync(many(3000)));
    const refusals: unknown[] = [];
    for (const limits of [{ ...EXPANSION_LIMITS, expanded: 1_500_000 }, { ...EXPANSION_LIMITS, spare: Number.MAX_SAFE_INTEGER, look: 1 }]) {
      const from = await open(stored);
      const expansion = await Expansion.create(folder, limits);
      refusals.push(await expansion.expand(from, () => true, () => undefined).catch((thrown: unknown) => thrown));
      expect((await expansion.handle.stat()).size).toBe(0);
      await expansion.close();
      await from.close();
    }
    expect(refusals).toEqual([expect.objectContaining({ code: 'EXPANDED_TOO_LARGE' }), expect.objectContaining({ code: 'ENOSPC', message: expect.stringContaining('gzip -d') as string })]);
    expect((await stat(stored)).isFile()).toBe(true);
  });
});
