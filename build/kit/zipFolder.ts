// Writes a folder as a zip archive with Unix modes and links, the counterpart of unzip.ts (PKWARE's APPNOTE 6.3.10). Used for the zip
// package. Holds one file in memory at a time; leaves out zip64, so files and archive stay below 4 GiB and 65,535 entries: it throws.

import { lstat, open, readdir, readFile, readlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { crc32, deflateRaw } from 'node:zlib';

const VERSION = 20; // 2.0: deflate and folders (APPNOTE 4.4.3.2)
const UNIX = 3;
const UTF8_NAMES = 0x0800; // APPNOTE 4.4.4, bit 11
const FIRST_DAY = (1 << 5) | 1; // 1980-01-01: the same folder gives the same archive
const deflate = promisify<Buffer, Buffer>(deflateRaw);

/** Packs the content of `folder` into `archive`, each name below `prefix/`. Returns the number of entries. Throws when it grows past zip's 32 bits. */
export async function zipFolder(folder: string, archive: string, prefix: string): Promise<number> {
  const file = await open(archive, 'w');
  try {
    const directory: Buffer[] = [];
    let offset = 0;
    for (const name of await namesBelow(folder)) {
      const { local, central } = await packEntry(folder, name, `${prefix}/${name}`, offset);
      for (const part of local) offset += await append(file, part);
      directory.push(central);
      if (offset > 0xffff_ffff) throw new Error('zip archive would pass 4 GiB');
    }
    const central = Buffer.concat(directory);
    await append(file, central);
    await append(file, endRecord(directory.length, central.length, offset));
    return directory.length;
  } finally {
    await file.close();
  }
}

async function append(file: FileHandle, bytes: Buffer): Promise<number> {
  await file.writeFile(bytes);
  return bytes.length;
}

async function namesBelow(folder: string, below = ''): Promise<string[]> {
  const names: string[] = [];
  for (const entry of (await readdir(join(folder, below), { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) names.push(...(await namesBelow(folder, name)));
    else names.push(name);
  }
  return names;
}

async function packEntry(folder: string, path: string, name: string, offset: number): Promise<{ local: Buffer[]; central: Buffer }> {
  const info = await lstat(join(folder, path));
  const content = info.isSymbolicLink() ? Buffer.from(await readlink(join(folder, path))) : await readFile(join(folder, path));
  const small = info.isSymbolicLink() ? content : await deflate(content);
  const deflated = small.length < content.length;
  const packed = deflated ? small : content;
  const encodedName = Buffer.from(name);
  const common = Buffer.alloc(26); // the fields that local and central header share, APPNOTE 4.3.7 and 4.3.12
  common.writeUInt16LE(VERSION, 0);
  common.writeUInt16LE(UTF8_NAMES, 2);
  common.writeUInt16LE(deflated ? 8 : 0, 4);
  common.writeUInt16LE(FIRST_DAY, 8);
  common.writeUInt32LE(crc32(content), 10);
  common.writeUInt32LE(packed.length, 14);
  common.writeUInt32LE(content.length, 18);
  common.writeUInt16LE(encodedName.length, 22);
  const tail = Buffer.alloc(14); // comment, disk, internal and external attributes, offset
  tail.writeUInt32LE((info.mode & 0xffff) * 0x1_0000, 6);
  tail.writeUInt32LE(offset, 10);
  return {
    local: [Buffer.from('PK\x03\x04', 'latin1'), common, encodedName, packed],
    central: Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), Buffer.from([VERSION, UNIX]), common, tail, encodedName]),
  };
}

function endRecord(count: number, length: number, offset: number): Buffer {
  if (count > 0xfffe) throw new Error('zip archive would pass 65,534 entries');
  const end = Buffer.alloc(22); // APPNOTE 4.3.16
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(length, 12);
  end.writeUInt32LE(offset, 16);
  return end;
}
