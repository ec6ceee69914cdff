// Reads and writes bytes in network order, and turns them into text and back. Lowest step of every codec. Reading past the end
// throws: a codec checks lengths first, so an exception here is a fault of the codec, never of the input.

const EMPTY_BUFFER = new Uint8Array(0);

/** No bytes. Shared; it has nothing that could be written to. */
export const NO_BYTES: Uint8Array<ArrayBuffer> = EMPTY_BUFFER;

/** The byte at `at`. Throws RangeError beyond the end. */
export function byteAt(bytes: Uint8Array, at: number): number {
  const value = bytes[at];
  if (value === undefined) throw new RangeError(`byte ${at} of ${bytes.length}`);
  return value;
}

/** Unsigned integer of `length` (1 to 6) bytes, most significant first. */
export function readUint(bytes: Uint8Array, at: number, length: number): number {
  let value = 0;
  for (let i = 0; i < length; i++) value = value * 256 + byteAt(bytes, at + i);
  return value;
}

/** Writes the low `length` (1 to 6) bytes of a non-negative integer, most significant first. */
export function writeUint(bytes: Uint8Array, at: number, length: number, value: number): void {
  if (at < 0 || at + length > bytes.length) throw new RangeError(`bytes ${at} to ${at + length} of ${bytes.length}`);
  let rest = value;
  for (let i = length - 1; i >= 0; i--) {
    bytes[at + i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
}

/** The parts one after the other, in a buffer of their own. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}

const DIGITS: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Two lower-case digits a byte, with `separator` between them. */
export function toHex(bytes: Uint8Array, separator = ''): string {
  let text = '';
  for (const byte of bytes) text += text === '' ? DIGITS[byte] ?? '' : separator + (DIGITS[byte] ?? '');
  return text;
}

/** Bytes of a hex dump: digits in pairs, white space and colons ignored. Throws on anything else. */
export function fromHex(text: string): Uint8Array<ArrayBuffer> {
  const digits = text.replace(/[\s:]/g, '');
  if (digits.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(digits)) throw new RangeError(`not hex: ${text.slice(0, 40)}`);
  const bytes = new Uint8Array(digits.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(digits.slice(i * 2, i * 2 + 2), 16);
  return bytes;
}
