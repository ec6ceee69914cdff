// Bytes as base64 text (RFC 4648 4). The language itself has none in all the places where shared code runs.

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    text += ALPHABET.charAt(group >> 18) + ALPHABET.charAt((group >> 12) & 63);
    text += (left > 1 ? ALPHABET.charAt((group >> 6) & 63) : '=') + (left > 2 ? ALPHABET.charAt(group & 63) : '=');
  }
  return text;
}

const VALUES: ReadonlyMap<string, number> = new Map([...ALPHABET, '-', '_'].map((sign, at) => [sign, at < 64 ? at : at - 2]));

/** The bytes of base64 text, also in the alphabet for URLs (5); white space and padding are passed over. Null when it is none. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  const bytes = new Uint8Array(Math.ceil((text.length * 3) / 4));
  let [group, signs, size] = [0, 0, 0];
  for (const sign of text) {
    const value = VALUES.get(sign);
    if (value === undefined) {
      if (sign === '=' || /\s/u.test(sign)) continue;
      return null;
    }
    group = ((group << 6) | value) & 0xffffff;
    signs++;
    if (signs % 4 !== 1) bytes[size++] = group >> (6 - ((signs - 1) % 4) * 2);
  }
  // One sign alone says no byte.
  return signs % 4 === 1 ? null : bytes.slice(0, size);
}
