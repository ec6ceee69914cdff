// The reader's side of a second thread that reads ahead in the same large file: starts it, tells it in what state the file is, takes over what it found
// where that fits exactly, and does without it in all other cases. The result is that of one thread, whatever the other does.

import { Worker } from 'node:worker_threads';
import { STRETCH_BYTES, STRETCH_HEAD, stretchOn, type Stretch } from '../../../shared/packets/ahead/stretch';
import type { CaptureReader } from '../../../shared/packets/file/captureReader';
import type { Beside } from '../readPieces';
import { CLAIM, SECTION, WORD, type AheadData } from './control';

/** Stretches that may wait to be taken over. */
const STRETCHES = 6;
/** Sections of the helper in a row that were of no use, after which it is sent home: a file of another making. */
const ENOUGH = 8;
/** ms of waiting between two breaths. */
const PATIENCE = 4;

const shared = (length: number): Int32Array => new Int32Array(new SharedArrayBuffer(length * 4));

export class ReadingHelper implements Beside {
  readonly #words = shared(Object.keys(WORD).length);
  readonly #claims: Int32Array;
  readonly #full = shared(STRETCHES);
  readonly #stretches: readonly Stretch[];
  readonly #worker: Worker;
  readonly #gone: Promise<void>;
  #told = -1;
  #alive = true;
  #useless = 0;

  /** `script`: URL of the built aheadWorker.ts. `descriptor` stays open until `end` has resolved. */
  constructor(script: URL, descriptor: number, size: number, private readonly reader: CaptureReader) {
    this.#claims = shared(Math.ceil(size / SECTION));
    const stretches = Array.from({ length: STRETCHES }, () => new SharedArrayBuffer(STRETCH_BYTES));
    this.#stretches = stretches.map(stretchOn);
    const data: AheadData = { descriptor, size, words: this.#words, claims: this.#claims, full: this.#full, stretches };
    const worker = (this.#worker = new Worker(script, { name: 'reads ahead', workerData: data }));
    // Without it the file is read all the same.
    worker.on('error', () => undefined);
    this.#gone = new Promise((resolve) => worker.on('exit', () => {
      this.#alive = false;
      resolve();
    }));
  }

  seam(position: number): number {
    const { state } = this.reader;
    if (state !== null && state.era !== this.#told) {
      this.#told = state.era;
      this.#worker.postMessage(state);
      this.#wake();
    }
    return this.#alive && this.#useless < ENOUGH ? (Math.floor(position / SECTION) + 1) * SECTION : Infinity;
  }

  async cross(position: number, read: (end: number) => boolean, breathe: () => Promise<void>): Promise<number> {
    const claims = this.#claims;
    const section = Math.floor(position / SECTION);
    Atomics.store(this.#words, WORD.at, section);
    if (section >= claims.length || Atomics.compareExchange(claims, section, CLAIM.free, CLAIM.reader) === CLAIM.free) return position;
    while (Atomics.wait(claims, section, CLAIM.helper, PATIENCE) === 'timed-out') {
      await breathe();
      if (!this.#alive) return position;
    }
    const number = Atomics.load(claims, section) - CLAIM.ready;
    const stretch = this.#stretches[number];
    if (stretch === undefined) {
      this.#useless++;
      return position;
    }
    const start = stretch.head[STRETCH_HEAD.start] ?? 0;
    // What is between: the end of the packet that goes over the seam.
    if (!read(start)) return this.reader.size;
    const fits = this.reader.adopt(stretch);
    this.#useless = fits ? 0 : this.#useless + 1;
    Atomics.store(this.#full, number, 0);
    this.#wake();
    return this.reader.size;
  }

  /** The helper ends; resolves when it has. */
  end(): Promise<void> {
    Atomics.store(this.#words, WORD.stop, 1);
    this.#wake();
    return this.#gone;
  }

  #wake(): void {
    Atomics.add(this.#words, WORD.wake, 1);
    Atomics.notify(this.#words, WORD.wake);
  }
}
