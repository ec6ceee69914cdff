// CRC-32 as Ethernet, gzip and PNG have it (IEEE 802.3; RFC 1952 section 8): tells whether stored bytes are still those that were written.
// Four bytes a step, by tables that are made once.

const POLYNOMIAL = 0xedb88320;
/** Table k: what a byte does to the sum when k more bytes follow it. */
const TABLES: readonly Uint32Array[] = makeTables();

function makeTables(): Uint32Array[] {
  const first = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let sum = byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum & 1) === 1 ? (sum >>> 1) ^ POLYNOMIAL : sum >>> 1;
    first[byte] = sum;
  }
  const tables = [first];
  for (let k = 1; k < 4; k++) {
    const before = tables[k - 1] as Uint32Array;
    tables.push(before.map((sum) => (sum >>> 8) ^ (first[sum & 0xff] as number)));
  }
  return tables;
}

/** The CRC-32 of `bytes` from `start` up to `end`, unsigned. */
export function crc32(bytes: Uint8Array, start = 0, end = bytes.length): number {
  const [one, two, three, four] = TABLES as [Uint32Array, Uint32Array, Uint32Array, Uint32Array];
  let sum = 0xffffffff;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    sum ^= (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24);
    sum = (four[sum & 0xff] as number) ^ (three[(sum >>> 8) & 0xff] as number) ^ (two[(sum >>> 16) & 0xff] as number) ^ (one[sum >>> 24] as number);
  }
  for (; at < end; at++) sum = (sum >>> 8) ^ (one[(sum ^ (bytes[at] as number)) & 0xff] as number);
  return ~sum >>> 0;
}
