// Entry of the thread that helps to read one large capture file: reads sections ahead of the thread that has the file, as long as that wants it. Waits and
// reads without an event loop. What it found is judged by the other; an error of reading here is one there too.

import { readSync } from 'node:fs';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { must } from '../../../shared/base/assert';
import { StretchReader } from '../../../shared/packets/ahead/stretchReader';
import { stretchOn, type Stretch } from '../../../shared/packets/ahead/stretch';
import type { ScannerState } from '../../../shared/packets/file/scanner';
import { PIECE } from '../readPieces';
import { CLAIM, SECTION, WORD, type AheadData } from './control';

/** ms after which a thread that waits looks again by itself. */
const PATIENCE = 100;
/** Sections that the reader has to itself before the helper's next one, at first: its code is compiled while it reads there. */
const NEAR = 3;

const port = must(parentPort, 'parent of the thread that helps to read');
const { descriptor, size, words, claims, full, stretches: memory } = workerData as AheadData;
const stretches = memory.map(stretchOn);
const buffer = new Uint8Array(PIECE);
let state: ScannerState | null = null;
let reader: StretchReader | null = null;
let last = 0;

/** Takes a section that nobody has; -1: there is none. */
function claim(): number {
  // While the reader is far behind, none is left to it between two.
  const at = Atomics.load(words, WORD.at);
  for (let section = Math.max(last - at > 2 * NEAR ? last + 1 : last + 2, at + NEAR); section < claims.length; section++) {
    if (Atomics.compareExchange(claims, section, CLAIM.free, CLAIM.helper) === CLAIM.free) return (last = section);
  }
  return -1;
}

function readSection(stretch: Stretch, section: number, before: ScannerState): boolean {
  const from = section * SECTION;
  const end = Math.min(size, from + SECTION);
  let position = from;
  const read = (most: number): Uint8Array => {
    const got = readSync(descriptor, buffer, 0, Math.min(PIECE, most, end - position), position);
    position += got;
    return buffer.subarray(0, got);
  };
  reader ??= new StretchReader(stretch);
  if (!reader.begin(stretch, before, read(PIECE), from)) return false;
  while (reader.room > 0) {
    const bytes = read(reader.room);
    if (bytes.length === 0) break;
    reader.push(bytes);
  }
  return reader.end();
}

/** Reads the next section into a stretch. False: there is none. */
function help(number: number, stretch: Stretch, before: ScannerState): boolean {
  const section = claim();
  if (section < 0) return false;
  let found = false;
  try {
    found = readSection(stretch, section, before);
  } catch {
    // Whoever comes here next meets it too, and says so.
  }
  if (found) Atomics.store(full, number, 1);
  Atomics.store(claims, section, found ? CLAIM.ready + number : CLAIM.useless);
  Atomics.notify(claims, section);
  return true;
}

for (let goes = true; goes && Atomics.load(words, WORD.stop) === 0;) {
  const seen = Atomics.load(words, WORD.wake);
  for (let got = receiveMessageOnPort(port); got !== undefined; got = receiveMessageOnPort(port)) state = got.message as ScannerState;
  const number = full.indexOf(0);
  const stretch = stretches[number];
  if (state === null || stretch === undefined) Atomics.wait(words, WORD.wake, seen, PATIENCE);
  else goes = help(number, stretch, state);
}
