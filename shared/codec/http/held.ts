// Bytes that wait for more: what came of an unfinished head. Grows by doubling, so that a head that comes byte by byte is not copied
// anew for each.

import { NO_BYTES } from '../../base/bytes';

export class Held {
  length = 0;
  private room: Uint8Array<ArrayBuffer> = NO_BYTES;

  /** Appends; gives all that waits, as a view that holds until the next call. */
  add(bytes: Uint8Array): Uint8Array {
    const length = this.length + bytes.length;
    if (length > this.room.length) {
      const wider = new Uint8Array(Math.max(length, this.room.length * 2, 256));
      wider.set(this.room.subarray(0, this.length));
      this.room = wider;
    }
    this.room.set(bytes, this.length);
    this.length = length;
    return this.room.subarray(0, length);
  }

  clear(): void {
    this.length = 0;
    this.room = NO_BYTES;
  }
}
