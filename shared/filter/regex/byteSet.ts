// Sets of bytes: what one step of a regular expression takes. Wireshark matches bytes, not characters, and so do we; letters are those of ASCII.

export class ByteSet {
  private constructor(readonly has: Uint8Array) {}

  static none(): ByteSet {
    return new ByteSet(new Uint8Array(256));
  }

  static all(): ByteSet {
    return ByteSet.none().inverted();
  }

  static of(...bytes: number[]): ByteSet {
    return ByteSet.where((byte) => bytes.includes(byte));
  }

  static range(low: number, high: number): ByteSet {
    return ByteSet.where((byte) => byte >= low && byte <= high);
  }

  static where(test: (byte: number) => boolean): ByteSet {
    return new ByteSet(Uint8Array.from({ length: 256 }, (_, byte) => (test(byte) ? 1 : 0)));
  }

  with(other: ByteSet): ByteSet {
    return ByteSet.where((byte) => this.has[byte] === 1 || other.has[byte] === 1);
  }

  inverted(): ByteSet {
    return ByteSet.where((byte) => this.has[byte] === 0);
  }

  /** With the other case of each ASCII letter in it. */
  anyCase(): ByteSet {
    return ByteSet.where((byte) => this.has[byte] === 1 || (isLetter(byte) && this.has[byte ^ 0x20] === 1));
  }
}

const isLetter = (byte: number): boolean => (byte | 0x20) >= 97 && (byte | 0x20) <= 122;
export const isWord = (byte: number): boolean => isLetter(byte) || (byte >= 48 && byte <= 57) || byte === 95;
const pattern = (source: RegExp): ByteSet => ByteSet.where((byte) => byte < 128 && source.test(String.fromCharCode(byte)));

const digit = pattern(/\d/);
const space = ByteSet.of(9, 10, 11, 12, 13, 32);
const word = ByteSet.where(isWord);
const horizontal = ByteSet.of(9, 32, 0xa0);
const vertical = ByteSet.of(10, 11, 12, 13, 0x85);

/** By the letter behind the backslash. */
export const CLASSES: ReadonlyMap<string, ByteSet> = new Map([
  ['d', digit], ['D', digit.inverted()], ['s', space], ['S', space.inverted()], ['w', word], ['W', word.inverted()],
  ['h', horizontal], ['H', horizontal.inverted()], ['v', vertical], ['V', vertical.inverted()], ['N', ByteSet.of(10).inverted()],
]);

/** By the name in [:name:]. */
export const POSIX: ReadonlyMap<string, ByteSet> = new Map([
  ['alnum', pattern(/[A-Za-z0-9]/)], ['alpha', pattern(/[A-Za-z]/)], ['ascii', ByteSet.range(0, 127)], ['blank', ByteSet.of(9, 32)], ['cntrl', ByteSet.where((byte) => byte < 32 || byte === 127)],
  ['digit', digit], ['graph', ByteSet.range(33, 126)], ['lower', pattern(/[a-z]/)], ['print', ByteSet.range(32, 126)], ['punct', pattern(/[!-/:-@[-`{-~]/)], ['space', space],
  ['upper', pattern(/[A-Z]/)], ['word', word], ['xdigit', pattern(/[0-9A-Fa-f]/)],
]);
