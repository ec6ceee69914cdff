// What both formats promise the reader of files: packets out of a piece that begins with a whole item of the format (a header, a record, a block).

export interface Scanner {
  /** Bytes that the item at the place where `scan` stopped takes at least; the reader calls again when they are there. */
  readonly need: number;
  /** The header of the file was read. */
  readonly begun: boolean;
  /**
   * Goes through whole items of `bytes` from `start` to `end`, of which the first byte's place in the file is `base + start`; where it stopped,
   * because the next item is not whole or there is damage. Throws CaptureError for what is no capture.
   */
  scan(bytes: Uint8Array, view: DataView, start: number, end: number, base: number): number;
  /** No more bytes will come than these: as `scan`, without waiting for more to be sure of something. */
  finish(bytes: Uint8Array, view: DataView, start: number, end: number, base: number): number;
}
