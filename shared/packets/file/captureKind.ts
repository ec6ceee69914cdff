// Names what a file is by its first bytes: the two formats that are read, or what else it looks like, for the sentence that refuses it.

import { BLOCK } from '../../codec/pcapng/format';
import { isPcap } from '../../codec/pcap/format';
import { readUint } from '../../base/bytes';

/** First bytes as Latin-1, and what has them. Order matters: the first that fits. */
const SIGNS: readonly (readonly [start: string, name: string])[] = [
  ['\x1f\x8b', 'a gzip file inside of a gzip file'],
  ['PK\x03\x04', 'a ZIP archive (or a document made of one)'],
  ['BZh', 'a bzip2 file'],
  ['\xfd7zXZ\0', 'an xz file'],
  ['(\xb5/\xfd', 'a Zstandard file'],
  ['\x04"M\x18', 'an LZ4 file'],
  ['7z\xbc\xaf', 'a 7z archive'],
  ['snoop\0\0\0', 'a snoop capture (convert it with editcap)'],
  ['RTSS', 'a capture of Microsoft Network Monitor (convert it with editcap)'],
  ['GMBU', 'a capture of Microsoft Network Monitor (convert it with editcap)'],
  ['TRSNIFF data', 'a capture of a Sniffer (convert it with editcap)'],
  ['btsnoop\0', 'a Bluetooth capture (convert it with editcap)'],
  ['\x7fELF', 'a program'],
  ['MZ', 'a program of Windows'],
  ['%PDF', 'a PDF'],
  ['\x89PNG', 'a picture'],
  ['\xff\xd8\xff', 'a picture'],
  ['GIF8', 'a picture'],
  ['SQLite format 3', 'an SQLite database'],
  ['{', 'JSON'],
  ['[', 'JSON'],
  ['<', 'HTML or XML'],
];

/** Bytes of a file that are enough for `captureKind`. */
export const KIND_BYTES = 16;

/** Null: none that is read. */
export function captureKind(bytes: Uint8Array): 'pcap' | 'pcapng' | null {
  if (bytes.length < 4) return null;
  if (readUint(bytes, 0, 4) === BLOCK.section) return 'pcapng';
  return isPcap(bytes) ? 'pcap' : null;
}

/** What the file looks like, in English: 'a PDF'. '' when it is not known. */
export function likeness(bytes: Uint8Array): string {
  const text = String.fromCharCode(...bytes.subarray(0, KIND_BYTES));
  const known = SIGNS.find(([start]) => text.startsWith(start));
  if (known !== undefined) return known[1];
  if (text === '') return 'an empty file';
  return /^[\t\n\r\x20-\x7e]+$/.test(text) ? 'plain text' : '';
}
