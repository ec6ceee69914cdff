// Reads a zip archive into a folder, with Unix modes and links, so that no program is needed that a bare machine lacks. After PKWARE's
// APPNOTE 6.3.10. Holds one file in memory at a time; leaves out zip64, encryption and methods other than store and deflate: it says so.

import { chmod, mkdir, open, symlink, writeFile, type FileHandle } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import { crc32, inflateRaw } from 'node:zlib';

const LOCAL = 0x04034b50; // APPNOTE 4.3.7
const CENTRAL = 0x02014b50; // APPNOTE 4.3.12
const END = 0x06054b50; // APPNOTE 4.3.16
const UNIX = 3; // APPNOTE 4.4.2
const inflate = promisify<Buffer, Buffer>(inflateRaw);

interface Entry {
  readonly name: string;
  /** APPNOTE 4.4.5: 0 stored, 8 deflated. */
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  /** st_mode of the file where the archive was made on Unix, else 0. */
  readonly mode: number;
  readonly offset: number;
}

/**
 * Unpacks `archive` into `folder`. `place` maps an entry's name to its path below the folder, or to undefined to leave it out.
 * Returns how many files were written. Throws on a damaged or unsupported archive and on a name that would leave the folder.
 */
export async function unzip(archive: string, folder: string, place: (name: string) => string | undefined = (name) => name): Promise<number> {
  const file = await open(archive, 'r');
  try {
    let written = 0;
    for (const entry of await readDirectory(file)) {
      const path = place(entry.name);
      if (path === undefined) continue;
      const target = insideFolder(folder, path);
      await mkdir(entry.name.endsWith('/') ? target : dirname(target), { recursive: true });
      if (entry.name.endsWith('/')) continue;
      await writeEntry(target, entry, await readEntry(file, entry));
      written += 1;
    }
    return written;
  } finally {
    await file.close();
  }
}

function insideFolder(folder: string, path: string): string {
  const root = resolve(folder);
  const target = resolve(root, path);
  if (!`${target}${sep}`.startsWith(`${root}${sep}`)) throw new Error(`zip entry leaves its folder: ${path}`);
  return target;
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await file.read(bytes, 0, length, position);
  if (bytesRead !== length) throw new Error('zip archive ends too early');
  return bytes;
}

async function readDirectory(file: FileHandle): Promise<Entry[]> {
  const { size } = await file.stat();
  const tail = await readAt(file, Math.max(0, size - 22 - 0xffff), Math.min(size, 22 + 0xffff));
  const signature = Buffer.alloc(4);
  signature.writeUInt32LE(END);
  const end = tail.lastIndexOf(signature);
  if (end < 0 || end + 22 > tail.length) throw new Error('not a zip archive');
  const count = tail.readUInt16LE(end + 10);
  const length = tail.readUInt32LE(end + 12);
  const start = tail.readUInt32LE(end + 16);
  if (count === 0xffff || start === 0xffff_ffff) throw new Error('zip64 archives are not supported');
  if (start + length > size) throw new Error('zip archive ends too early');
  const directory = await readAt(file, start, length);
  const entries: Entry[] = [];
  for (let at = 0; entries.length < count; ) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== CENTRAL) throw new Error('zip directory is damaged');
    const nameLength = directory.readUInt16LE(at + 28);
    entries.push({
      name: directory.toString('utf8', at + 46, at + 46 + nameLength),
      method: directory.readUInt16LE(at + 10),
      crc: directory.readUInt32LE(at + 16),
      packed: directory.readUInt32LE(at + 20),
      mode: directory[at + 5] === UNIX ? directory.readUInt16LE(at + 40) : 0,
      offset: directory.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}

async function readEntry(file: FileHandle, entry: Entry): Promise<Buffer> {
  const local = await readAt(file, entry.offset, 30);
  if (local.readUInt32LE(0) !== LOCAL) throw new Error(`zip entry is damaged: ${entry.name}`);
  const packed = await readAt(file, entry.offset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28), entry.packed);
  const bytes = await unpack(entry, packed);
  if (crc32(bytes) !== entry.crc) throw new Error(`zip entry has a wrong checksum: ${entry.name}`);
  return bytes;
}

async function unpack(entry: Entry, packed: Buffer): Promise<Buffer> {
  if (entry.method === 0) return packed;
  if (entry.method === 8) return inflate(packed);
  throw new Error(`zip method ${entry.method} is not supported: ${entry.name}`);
}

async function writeEntry(target: string, entry: Entry, bytes: Buffer): Promise<void> {
  if ((entry.mode & 0o170000) === 0o120000) return symlink(bytes.toString('utf8'), target);
  await writeFile(target, bytes);
  if (entry.mode !== 0) await chmod(target, entry.mode & 0o777);
}
