// Torrents: made, read back, and every way in which one may be wrong.

import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../shared/base/random';
import { encodeBencode, type BencodeInput } from '../../../shared/codec/bencode/encode';
import { generateFile, infoHashText, isPiece, lengthOfPiece, makeTorrent, parseTorrent } from './metainfo';

const NEW = { name: 'file.bin', announce: 'http://127.0.70.1:6969/announce', pieceLength: 16_384 };
const file = generateFile(40_000, 5);
const info = (change: readonly (readonly [string, BencodeInput])[] = []): Map<string, BencodeInput> =>
  new Map<string, BencodeInput>([['length', 40_000], ['name', 'x'], ['piece length', 16_384], ['pieces', new Uint8Array(60)], ...change]);
const parsed = (of: BencodeInput): string => {
  const result = parseTorrent(encodeBencode(of));
  return result.ok ? 'ok' : result.why;
};

describe('a torrent', () => {
  it('is made of a file and read back', () => {
    const torrent = makeTorrent(file, NEW);
    expect(torrent).toMatchObject({ name: 'file.bin', length: 40_000, pieceLength: 16_384, pieceCount: 3, announce: NEW.announce });
    expect(parseTorrent(torrent.bytes)).toEqual({ ok: true, torrent });
    expect([0, 1, 2].map((piece) => lengthOfPiece(torrent, piece))).toEqual([16_384, 16_384, 7232]);
    expect([0, 1, 2].map((piece) => isPiece(torrent, piece, file.subarray(piece * 16_384, (piece + 1) * 16_384)))).toEqual([true, true, true]);
    expect(isPiece(torrent, 0, file.subarray(1, 16_385))).toBe(false);
  });

  it('of a generated file is the same for the same seed', () => {
    expect(generateFile(1001, 9)).toEqual(generateFile(1001, 9));
    expect(infoHashText(makeTorrent(file, NEW))).toBe(infoHashText(makeTorrent(generateFile(40_000, 5), { ...NEW, announce: '' })));
    expect(infoHashText(makeTorrent(generateFile(40_000, 6), NEW))).not.toBe(infoHashText(makeTorrent(file, NEW)));
    expect(() => generateFile(0, 1)).toThrow(RangeError);
    expect(() => generateFile(2 ** 40, 1)).toThrow(RangeError);
    expect(() => makeTorrent(file, { ...NEW, pieceLength: 10 })).toThrow(RangeError);
  });

  it('keeps its info hash when its info dictionary has more in it than we read', () => {
    const odd = parseTorrent(encodeBencode(new Map<string, BencodeInput>([['info', info([['private', 1], ['zz', ['any', 1]]])]])));
    expect(odd.ok && infoHashText(odd.torrent)).not.toBe(infoHashText(makeTorrent(file, { ...NEW, name: 'x' })));
    expect(odd.ok).toBe(true);
  });

  it.each<[string, readonly (readonly [string, BencodeInput])[], RegExp]>([
    ['no length', [['length', 0]], /length must be/], ['too long', [['length', 2 ** 40]], /length must be/], ['a piece length of nothing', [['piece length', 0]], /pieces' length/],
    ['pieces too large', [['piece length', 2 ** 30]], /pieces' length/], ['hashes cut off', [['pieces', new Uint8Array(59)]], /3 pieces have 60 bytes of hashes, not 59/],
    ['too many pieces', [['length', 2 ** 28], ['piece length', 1024]], /at most 50000/], ['several files', [['files', []]], /several files/], ['a length of text', [['length', 'many']], /length must be/],
  ])('%s is refused', (_, change, why) => {
    expect(parsed(new Map([['info', info(change)]]))).toMatch(why);
  });

  it('what is no torrent is refused, whatever it is', () => {
    expect(parsed(1)).toMatch(/no info dictionary/);
    expect(parsed(new Map([['info', 'x']]))).toMatch(/no info dictionary/);
    expect(parsed(new Map([['info', info()]]))).toBe('ok');
    const { bytes } = makeTorrent(file, NEW);
    for (let end = 0; end < bytes.length; end++) expect(parseTorrent(bytes.subarray(0, end)).ok).toBe(false);
    expect(parseTorrent(Buffer.concat([bytes, Buffer.from('x')])).ok).toBe(false);
    expect(parseTorrent(new Uint8Array(2 * 1024 * 1024)).ok).toBe(false);
    const random = createRandom(1);
    for (let i = 0; i < 2000; i++) {
      const mutated = bytes.slice();
      for (let n = 0; n < 3; n++) mutated[random.below(mutated.length)] = random.below(256);
      const result = parseTorrent(mutated);
      if (result.ok) expect(result.torrent.hashes.length).toBe(result.torrent.pieceCount * 20);
    }
  });

  it('a name is never a path', () => {
    for (const name of ['../../etc/passwd', '/etc/passwd', 'C:\\windows\\passwd']) {
      const result = parseTorrent(encodeBencode(new Map([['info', info([['name', name]])]])));
      expect(result.ok && result.torrent.name).toBe('passwd');
    }
  });
});
