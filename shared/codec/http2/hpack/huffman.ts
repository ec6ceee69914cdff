// The Huffman code of HPACK (RFC 7541 5.2, Appendix B). The code is canonical: codes of one length ascend with their symbols, so the
// lengths are the whole table. Symbol 256 is the end, of which only the first bits may appear, as padding.

/** Bits of the code of each octet, 16 a line; that of the end is 30 bits of ones. */
const LENGTHS: readonly number[] = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28,
  28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
  6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,
  5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
  13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
  7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
  15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5,
  6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
  20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
  24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
  22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23,
  21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
  26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
  19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
  20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
  26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
];
const LONGEST = 30;
const END = 256;

/** For each length: the first code, and the symbols that have one of that length, ascending. */
const BY_LENGTH: { readonly first: number; readonly symbols: readonly number[] }[] = [];
const CODES: number[] = [];
let code = 0;
for (let length = 0; length <= LONGEST; length++) {
  const symbols = [...LENGTHS.keys()].filter((symbol) => LENGTHS[symbol] === length);
  if (length === LONGEST) symbols.push(END);
  BY_LENGTH.push({ first: code, symbols });
  symbols.forEach((symbol, i) => (CODES[symbol] = code + i));
  code = (code + symbols.length) * 2;
}

/** The octets, or why the bits are no code. A string of n bytes has at most 8n/5 octets. */
export function huffmanDecode(bytes: Uint8Array): { readonly octets: Uint8Array<ArrayBuffer> } | { readonly why: string } {
  const octets = new Uint8Array(Math.floor((bytes.length * 8) / 5));
  let count = 0;
  let read = 0;
  let length = 0;
  for (const byte of bytes) {
    for (let bit = 7; bit >= 0; bit--) {
      read = read * 2 + ((byte >> bit) & 1);
      length++;
      const row = BY_LENGTH[length];
      const symbol = row?.symbols[read - row.first];
      if (symbol === undefined) continue;
      if (symbol === END) return { why: 'the end of the code appears in a string' };
      octets[count++] = symbol;
      read = 0;
      length = 0;
    }
  }
  // RFC 7541 5.2: padding is the most significant bits of the end's code, and shorter than a byte.
  if (length > 7) return { why: `${length} bits of padding` };
  if (read !== 2 ** length - 1) return { why: 'padding is not the beginning of the end\'s code' };
  return { octets: octets.slice(0, count) };
}

/** Bytes that the octets take as Huffman code. */
export const huffmanLength = (octets: Uint8Array): number => Math.ceil(octets.reduce((bits, octet) => bits + (LENGTHS[octet] ?? 0), 0) / 8);

export function huffmanEncode(octets: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(huffmanLength(octets));
  let at = 0;
  const put = (bit: number): void => {
    const byte = at >> 3;
    bytes[byte] = (bytes[byte] ?? 0) | (bit << (7 - (at & 7)));
    at++;
  };
  for (const octet of octets) {
    const bits = CODES[octet] ?? 0;
    for (let bit = (LENGTHS[octet] ?? 0) - 1; bit >= 0; bit--) put((bits >> bit) & 1);
  }
  while (at < bytes.length * 8) put(1);
  return bytes;
}
