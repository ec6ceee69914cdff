// Torrents of one file (BEP 3): made of bytes, or read and checked from a .torrent. The info hash is taken over the info dictionary just
// as it lies in the file. Several files, web seeds and lists of trackers are left out.

import { createHash } from 'node:crypto';
import { equalBytes, toHex } from '../../../shared/base/bytes';
import { createRandom } from '../../../shared/base/random';
import { decodeBencode } from '../../../shared/codec/bencode/decode';
import { encodeBencode, type BencodeInput } from '../../../shared/codec/bencode/encode';
import { bytesAt, entryOf, numberAt, textAt } from '../../../shared/codec/bencode/value';
import { BT_LIMITS } from './limits';

const HASH = 20;

export interface Torrent {
  /** The .torrent. */
  readonly bytes: Uint8Array;
  /** 20 bytes: what the torrent is called in handshakes and announces. */
  readonly infoHash: Uint8Array;
  /** Advisory, shortened, never a path. */
  readonly name: string;
  /** Of the file, and of each piece but perhaps the last. */
  readonly length: number;
  readonly pieceLength: number;
  readonly pieceCount: number;
  /** 20 bytes a piece. */
  readonly hashes: Uint8Array;
  /** Of the tracker: 'http://127.0.70.1:6969/announce'; '' when it names none. */
  readonly announce: string;
}

export interface NewTorrent {
  readonly name: string;
  readonly announce: string;
  readonly pieceLength: number;
}

export type ParsedTorrent = { readonly ok: true; readonly torrent: Torrent } | { readonly ok: false; readonly why: string };

export const sha1 = (bytes: Uint8Array): Uint8Array => createHash('sha1').update(bytes).digest();

/** `size` bytes that are the same for the same seed, and that no compression makes smaller. Throws RangeError beyond the bounds. */
export function generateFile(size: number, seed: number): Uint8Array<ArrayBuffer> {
  if (!Number.isInteger(size) || size < 1 || size > BT_LIMITS.fileBytes) throw new RangeError(`a file of ${size} bytes; it may have 1 to ${BT_LIMITS.fileBytes}`);
  const random = createRandom(seed);
  const words = new Uint32Array(Math.ceil(size / 4));
  for (let at = 0; at < words.length; at++) words[at] = random.bits();
  return new Uint8Array(words.buffer, 0, size);
}

/** Throws RangeError for what parseTorrent() would not take. */
export function makeTorrent(file: Uint8Array, { name, announce, pieceLength }: NewTorrent): Torrent {
  const hashes = new Uint8Array(Math.ceil(file.length / pieceLength) * HASH);
  for (let piece = 0; piece * HASH < hashes.length; piece++) hashes.set(sha1(file.subarray(piece * pieceLength, (piece + 1) * pieceLength)), piece * HASH);
  const info: BencodeInput = new Map<string, BencodeInput>([['length', file.length], ['name', name], ['piece length', pieceLength], ['pieces', hashes]]);
  const parsed = parseTorrent(encodeBencode(new Map<string, BencodeInput>([['announce', announce], ['created by', 'Looplab'], ['info', info]])));
  if (!parsed.ok) throw new RangeError(parsed.why);
  return parsed.torrent;
}

/** Never throws. */
export function parseTorrent(bytes: Uint8Array): ParsedTorrent {
  const refuse = (why: string): ParsedTorrent => ({ ok: false, why });
  if (bytes.length > BT_LIMITS.torrentBytes) return refuse(`the torrent has ${bytes.length} bytes; at most ${BT_LIMITS.torrentBytes} are read`);
  const read = decodeBencode(bytes);
  if (read.status === 'malformed') return refuse(`not bencoded at byte ${read.at}: ${read.why}`);
  if (read.status === 'incomplete') return refuse('the torrent is cut off');
  if (read.end !== bytes.length) return refuse(`bytes follow the torrent's end at ${read.end}`);
  const info = entryOf(read.value, 'info');
  if (info?.type !== 'dictionary') return refuse('there is no info dictionary');
  if (info.map.has('files')) return refuse('torrents of several files are not read here');
  const length = numberAt(info, 'length', 1);
  const pieceLength = numberAt(info, 'piece length', 1);
  const hashes = bytesAt(info, 'pieces');
  if (length === null || length > BT_LIMITS.fileBytes) return refuse(`the file's length must be 1 to ${BT_LIMITS.fileBytes}`);
  const { least, most } = BT_LIMITS.pieceBytes;
  if (pieceLength === null || pieceLength < least || pieceLength > most) return refuse(`the pieces' length must be ${least} to ${most}`);
  const pieceCount = Math.ceil(length / pieceLength);
  if (pieceCount > BT_LIMITS.pieces) return refuse(`${pieceCount} pieces; at most ${BT_LIMITS.pieces} are shared`);
  if (hashes?.length !== pieceCount * HASH) return refuse(`${pieceCount} pieces have ${pieceCount * HASH} bytes of hashes, not ${hashes?.length ?? 0}`);
  const name = (textAt(info, 'name') ?? '').replace(/^.*[/\\]/s, '').slice(0, BT_LIMITS.nameLength);
  const announce = (textAt(read.value, 'announce') ?? '').slice(0, BT_LIMITS.nameLength);
  return { ok: true, torrent: { bytes, infoHash: sha1(bytes.subarray(info.start, info.end)), name, length, pieceLength, pieceCount, hashes, announce } };
}

/** Bytes of that piece: the last one may be shorter. */
export const lengthOfPiece = ({ length, pieceLength, pieceCount }: Torrent, piece: number): number => (piece === pieceCount - 1 ? length - piece * pieceLength : pieceLength);

/** Whether the bytes are that piece. */
export const isPiece = ({ hashes }: Torrent, piece: number, bytes: Uint8Array): boolean => equalBytes(sha1(bytes), hashes.subarray(piece * HASH, (piece + 1) * HASH));

export const infoHashText = (torrent: Torrent): string => toHex(torrent.infoHash);
