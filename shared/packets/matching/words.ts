// Columns a word at a time, lowest byte first, as every machine that Electron runs on has them (shared/base/byteOrder.ts).

/** Four bytes, two shorts or one number of a column in each. */
export const wordsOf = (column: Uint8Array | Uint16Array | Uint32Array): Int32Array => new Int32Array(column.buffer, column.byteOffset, column.byteLength >> 2);

/** A byte four times. */
export const fourTimes = (byte: number): number => Math.imul(byte, 0x0101_0101);
