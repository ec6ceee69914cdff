// Which pieces a peer has: a bit for each, the first one the highest of the first byte (BEP 3, `bitfield`). Counts them as they come.

export class Bitfield {
  private readonly bits: Uint8Array<ArrayBuffer>;
  private set = 0;

  /** None of `size` pieces. */
  constructor(readonly size: number) {
    this.bits = new Uint8Array(Math.ceil(size / 8));
  }

  /** As a peer sent it; null when its length is wrong or a bit beyond the last piece is set (BEP 3). */
  static from(bytes: Uint8Array, size: number): Bitfield | null {
    const field = new Bitfield(size);
    if (bytes.length !== field.bits.length) return null;
    const spare = bytes.length * 8 - size;
    if (spare > 0 && ((bytes.at(-1) ?? 0) & ((1 << spare) - 1)) !== 0) return null;
    for (let piece = 0; piece < size; piece++) if (((bytes[piece >> 3] ?? 0) & (0x80 >> (piece & 7))) !== 0) field.add(piece);
    return field;
  }

  get count(): number {
    return this.set;
  }

  get complete(): boolean {
    return this.set === this.size;
  }

  has(piece: number): boolean {
    return ((this.bits[piece >> 3] ?? 0) & (0x80 >> (piece & 7))) !== 0;
  }

  /** False when it was there before. */
  add(piece: number): boolean {
    if (piece < 0 || piece >= this.size) throw new RangeError(`piece ${piece} of ${this.size}`);
    if (this.has(piece)) return false;
    this.bits[piece >> 3] = (this.bits[piece >> 3] ?? 0) | (0x80 >> (piece & 7));
    this.set++;
    return true;
  }

  /** A copy, as it goes over the wire. */
  bytes(): Uint8Array<ArrayBuffer> {
    return this.bits.slice();
  }
}
