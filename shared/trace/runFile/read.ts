// Opens a run file: takes its bytes as they come, hands on each batch of facts as soon as its block is whole, and keeps what the file says beside
// them. The file may be anybody's, cut or damaged: everything before the damage is there, and the damage is told. Packets are passed over, because
// the facts have them all.

import { never } from '../../base/assert';
import { concatBytes } from '../../base/bytes';
import type { Damage } from '../../packets/captureFacts';
import type { Batch } from '../columns';
import { readRunBlock } from './block';
import { readFacts, type ReadSoFar } from './facts';
import { isOurs, RUN_BLOCK, RUN_LIMITS } from './format';
import { NO_NOTES, readJson, runEnd, runHead, runNotes, type RunHead, type RunNotes } from './meta';

const SECTION = 0x0a0d0d0a;
const ORDER = { little: 0x1a2b3c4d, big: 0x4d3c2b1a } as const;
/** Bytes of a block at least: type and twice its length. */
const LEAST = 12;

export class RunFileReader {
  head: RunHead | null = null;
  notes: RunNotes = NO_NOTES;
  /** Where the file goes wrong, and why. Until end() was called: null, or it is damaged. */
  damage: Damage | null = null;
  private readonly soFar: ReadSoFar = { facts: 0, texts: 1, textBytes: 0, payloads: 0 };
  /** Bytes of a block that is not whole yet, as they came; and how many it needs to go on. */
  private parts: Uint8Array[] = [];
  private held = 0;
  private need = LEAST;
  /** Of the first of them, in the file. */
  private at = 0;
  private little = true;
  private blocks = 0;
  private isWhole = false;

  constructor(private readonly onBatch: (batch: Batch) => void) {}

  /** Facts that were read. */
  get facts(): number {
    return this.soFar.facts;
  }

  /** Nothing more of the file matters. */
  get done(): boolean {
    return this.isWhole || this.damage !== null;
  }

  /** The next bytes of the file; they may be used again afterwards. */
  push(given: Uint8Array): void {
    if (this.done) return;
    // Of the plain kind: what is sliced off a Buffer would still be its memory, which goes away with the first batch that is handed on.
    const bytes = new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
    if (this.held + bytes.length < this.need) return this.hold(bytes.slice());
    const all = this.held === 0 ? bytes : concatBytes(...this.parts, bytes);
    this.parts = [];
    this.held = 0;
    this.need = LEAST;
    const view = new DataView(all.buffer, all.byteOffset, all.byteLength);
    let at = 0;
    while (!this.done && all.length - at >= LEAST) {
      const length = this.blockLength(view, at);
      if (length === null) break;
      if (length > all.length - at) {
        this.need = length;
        break;
      }
      if (view.getUint32(at + length - 4, this.little) !== length) this.fail(this.at + at, 'the two lengths of a block differ');
      else this.take(view.getUint32(at, this.little), all.subarray(at + 8, at + length - 4), this.at + at);
      at += length;
      this.blocks++;
    }
    this.at += at;
    if (!this.done) this.hold(all.slice(at));
  }

  /** The file has no more bytes. */
  end(): void {
    if (this.done) return;
    if (this.held > 0) this.fail(this.at, 'the file ends within a block');
    else this.fail(this.at, this.head === null ? 'this is no run of Looplab' : 'the recording was not finished');
  }

  private hold(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.parts.push(bytes);
    this.held += bytes.length;
  }

  /** Bytes of the block that begins at `at`; null: it cannot be one. Its order is that of its section. */
  private blockLength(view: DataView, at: number): number | null {
    if (view.getUint32(at, true) === SECTION) {
      const order = view.getUint32(at + 8, true);
      if (order !== ORDER.little && order !== ORDER.big) return this.fail(this.at + at, 'a section begins with no byte order');
      this.little = order === ORDER.little;
    }
    const length = view.getUint32(at + 4, this.little);
    if (this.blocks === 0 && view.getUint32(at, true) !== SECTION) return this.fail(this.at + at, 'this is no pcapng');
    if (length < 12 || length % 4 !== 0) return this.fail(this.at + at, `a block says that it has ${length} B`);
    if (length > RUN_LIMITS.block) return this.fail(this.at + at, `a block of ${length} B is more than ${RUN_LIMITS.block}`);
    return length;
  }

  private take(type: number, body: Uint8Array, offset: number): void {
    if (type !== RUN_BLOCK.type || !isOurs(body, this.little)) {
      if (this.blocks > 0 && this.head === null) this.fail(offset, 'this is no run of Looplab');
      return;
    }
    const block = readRunBlock(body);
    if ('why' in block) return void this.fail(offset, block.why);
    if (block.kind === 'facts') return this.takeFacts(block.body, offset);
    if (block.body.length > RUN_LIMITS.json) return void this.fail(offset, `a block of kind ${block.kind} is longer than ${RUN_LIMITS.json} B`);
    switch (block.kind) {
      case 'head': return this.takeHead(readJson(runHead, block.body), offset);
      case 'notes': return this.takeNotes(readJson(runNotes, block.body), offset);
      case 'end': return this.takeEnd(readJson(runEnd, block.body)?.facts ?? null, offset);
      default: return never(block.kind);
    }
  }

  private takeHead(head: RunHead | null, offset: number): void {
    if (head === null || this.head !== null) this.fail(offset, 'the head of the run is none, or the second one');
    else this.head = head;
  }

  private takeFacts(body: Uint8Array, offset: number): void {
    const batch = this.head === null ? 'facts come before the head of the run' : readFacts(body, this.soFar);
    if (typeof batch === 'string') this.fail(offset, batch);
    else this.onBatch(batch);
  }

  private takeNotes(notes: RunNotes | null, offset: number): void {
    if (notes === null) this.fail(offset, 'the notes of the run are none');
    else this.notes = notes;
  }

  private takeEnd(facts: number | null, offset: number): void {
    if (facts === this.soFar.facts) this.isWhole = true;
    else this.fail(offset, `the run ends with ${this.soFar.facts} facts, and it had ${facts ?? 'another number'}`);
  }

  private fail(offset: number, why: string): null {
    this.damage ??= { offset, why };
    return null;
  }
}
