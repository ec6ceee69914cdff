// What a run file has beside its packets: the layout of our custom blocks, in one place for writer and reader. A run file is a pcapng
// (draft-ietf-opsawg-pcapng); every fact of the run is in blocks that other readers leave alone. Bytes and bounds only, no facts.
//
// Custom Block that is not to be copied (type 0x40000BAD, section 4.8): what was cut out of a run with other tools is no run any more.
// PEN 32473 is the one for documentation (RFC 5612): we have no number of our own, so every block names its owner itself.
//   0  PEN, u32, in the section's order    17  kind of the block, u8
//   4  'LOOPLAB', NUL                      18  0, u16
//  12  CRC-32 (IEEE 802.3) of all that     20  bytes of the body, u32
//      follows, up to the end of the body  24  the body, then zeros to a multiple of 4 bytes; no options
//  16  version of the format, u8 (1)
// But for the PEN all numbers are little-endian. Kinds:
//   1 head   JSON RunHead (meta.ts): the second block of the file, which is how a run is told from another capture
//   2 facts  a batch (facts.ts); batches follow each other without a gap
//   3 notes  JSON RunNotes (meta.ts): answers and marks; the last one holds
//   4 end    JSON RunEnd (meta.ts): everything was written

export const RUN_BLOCK = { type: 0x40000bad, pen: 32_473, version: 1 } as const;

/** Where in a block of ours its parts are, from the PEN on. */
export const RUN_AT = { crc: 12, version: 16, kind: 17, length: 20, body: 24 } as const;

/** 'LOOPLAB' and NUL. */
export const RUN_MAGIC = Uint8Array.of(0x4c, 0x4f, 0x4f, 0x50, 0x4c, 0x41, 0x42, 0);

export const RUN_KIND = { head: 1, facts: 2, notes: 3, end: 4 } as const;
export type RunBlockKind = keyof typeof RUN_KIND;

/** Bounds of a run file, each with an outcome that is seen: the file opens up to there, and says why. */
export const RUN_LIMITS = {
  /** Bytes of one block of any type. */
  block: 16 * 1024 * 1024,
  /** Facts of one batch. */
  rows: 65_536,
  /** Bytes of JSON in head, notes and end. */
  json: 256 * 1024,
  /** Bytes of all texts of the dictionary, in UTF-8. */
  texts: 256 * 1024 * 1024,
  /** Bytes of all payloads: what a trace keeps at most, and the small ones that a thinned trace still keeps. */
  payloads: 384 * 1024 * 1024,
  /** Facts of one run. */
  facts: 20_000_000,
  /** Ids of sockets, roles and hosts: the story has a list that long. */
  ids: 4_000_000,
  /** Bytes at a file's begin by which a run is known. */
  recognised: 128 * 1024,
} as const;

const SECTION = 0x0a0d0d0a;

/** Whether a file that begins with these bytes (RUN_LIMITS.recognised of them are enough) is a run of ours. */
export function isRunFile(head: Uint8Array): boolean {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (head.length < 28 || view.getUint32(0, true) !== SECTION) return false;
  // The byte-order magic says how the section's own lengths are written; tools that rewrite a file write them as their machine does.
  const little = view.getUint32(8, true) === 0x1a2b3c4d;
  const at = view.getUint32(4, little);
  if (at % 4 !== 0 || at < 28 || at + 8 + RUN_AT.body > head.length) return false;
  return view.getUint32(at, little) === RUN_BLOCK.type && isOurs(head.subarray(at + 8), little);
}

/** Whether the body of a custom block (from its PEN on) is one of ours. `little`: the section's byte order, in which the PEN is. */
export function isOurs(body: Uint8Array, little: boolean): boolean {
  if (body.length < RUN_AT.body) return false;
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  return view.getUint32(0, little) === RUN_BLOCK.pen && RUN_MAGIC.every((byte, index) => body[4 + index] === byte);
}
