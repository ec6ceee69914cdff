// Reads one stretch of a file ahead of what is before it: looks for a packet's beginning, then reads on as the file's reader would, up to what only that
// may read. Knows no file and no thread: electron/packets/ahead brings the bytes, and sees to it that nothing is believed which does not fit.

import { CaptureReader } from '../file/captureReader';
import type { ScannerState } from '../file/scanner';
import { packetBoundary } from './boundary';
import { STRETCH_HEAD, type Stretch } from './stretch';
import { StretchIndexer } from './stretchIndexer';

/** No packet takes fewer bytes of a file. */
const LEAST = 16;

export class StretchReader {
  readonly #indexer: StretchIndexer;
  #reader: CaptureReader | null = null;

  constructor(first: Stretch) {
    this.#indexer = new StretchIndexer(first);
  }

  /** Begins a stretch with the bytes from byte `base` of the file on. False: no packet seems to begin there. */
  begin(stretch: Stretch, state: ScannerState, bytes: Uint8Array, base: number): boolean {
    const at = packetBoundary(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), base, state);
    if (at < 0) return false;
    stretch.head[STRETCH_HEAD.era] = state.era;
    this.#indexer.begin(stretch, state.interfaces, base + at);
    this.#reader = CaptureReader.ahead(this.#indexer, state, base + at);
    this.#reader.push(bytes.subarray(at));
    return true;
  }

  /** Bytes that it takes now; 0: the stretch has to end. */
  get room(): number {
    return this.#reader?.stopped === false ? Math.max(0, this.#indexer.room - 1) * LEAST : 0;
  }

  /** The next bytes, at most `room`. */
  push(bytes: Uint8Array): void {
    this.#reader?.push(bytes);
  }

  /** Writes into the stretch how much it is. False: it is of no use. */
  end(): boolean {
    return this.#reader !== null && this.#indexer.end(this.#reader.whole, this.#reader.facts.packetOptions);
  }
}
