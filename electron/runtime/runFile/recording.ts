// Records a run into a file while it happens: appends each batch of facts as it comes, with its packets behind it. Only ever appends, so that
// whatever ends this process leaves a file that opens up to its last whole block. When the disk refuses, recording stops and says what is saved; the
// run goes on. Sits in the engine, beside the way of the data to its listeners. What was told before it began comes from who has it.

import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { BLOCK } from '../../../shared/codec/pcapng/format';
import type { RecordingState } from '../../../shared/ipc/contract';
import type { Batch } from '../../../shared/trace/columns';
import { LivePackets } from '../../../shared/trace/runFile/livePackets';
import { NO_NOTES, type RunHead, type RunNotes, type RunPackets } from '../../../shared/trace/runFile/meta';
import { beginBlocks, endBlocks, recordedBlock } from '../../../shared/trace/runFile/write';
import { whyOf } from '../../outFile';
import { EngineError, errorCode, reportError } from '../engineError';

/** Bytes that may wait, for the disk or for facts before them; recording stops when it is slower than that. */
const WAITING = 64 * 1024 * 1024;
/** ms between two times that progress is told. */
const TELL = 250;

/** Where the bytes go: a file, or what a test puts in its place. */
export interface RecordingFile {
  write(bytes: Uint8Array, start: number, length: number): Promise<{ readonly bytesWritten: number }>;
  truncate(length: number): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** What the user wants recorded, and where. */
export interface RecordingWish {
  readonly path: string;
  /** Who records: 'Looplab 1.0.0'. */
  readonly application: string;
  readonly packets: RunPackets;
  /** The keys of TLS too. */
  readonly keys: boolean;
}

/** Blocks that are written together. */
interface Waiting {
  readonly bytes: Uint8Array;
  readonly blocks: readonly Uint8Array[];
  /** Facts in the file once the first of them is written. */
  readonly facts: number;
}

export class RunRecording {
  /** Why it stopped before the run did; null: it has not. */
  error: EngineError | null = null;
  /** Facts and packets that are in the file for good. */
  saved = 0;
  packets = 0;
  /** What the user answered and marked; it is written at the end. */
  notes: RunNotes = NO_NOTES;
  /** Called when its state has changed: not too often, and when it stops by itself. */
  onChange: () => void = () => undefined;
  private facts = 0;
  private readonly live: LivePackets;
  private readonly queue: Waiting[] = [];
  private queued = 0;
  /** Facts that came before those that go in front of them. */
  private later: Batch[] = [];
  private held = 0;
  private before = 0;
  private filled: () => void = () => undefined;
  private filling: Promise<void> | null = null;
  /** Bytes of whole blocks in the file. */
  private size = 0;
  private writing: Promise<void> | null = null;
  private closing: Promise<void> | null = null;
  /** No more facts are taken. */
  private isEnding = false;
  private isClosed = false;
  private telling: NodeJS.Timeout | null = null;

  constructor(private readonly path: string, private readonly head: RunHead, private readonly file: RecordingFile, private readonly isRegular = true) {
    this.live = new LivePackets(head);
    this.append(beginBlocks(head));
  }

  /** Opens the place. What was there is lost, and nobody but the user may read it. Rejects with EngineError. */
  static async open({ path, application, packets, keys }: RecordingWish, lab: string): Promise<RunRecording> {
    let handle: FileHandle | null = null;
    try {
      handle = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC, 0o600);
      const isRegular = (await handle.stat()).isFile();
      if (isRegular && process.platform !== 'win32') await handle.chmod(0o600);
      return new RunRecording(path, { format: 'looplab-run', order: 'recorded', application, lab, packets, keys }, handle, isRegular);
    } catch (thrown) {
      await handle?.close().catch(() => undefined);
      throw new EngineError(errorCode(thrown), `cannot write ${path}: ${whyOf(thrown)}`, path);
    }
  }

  /** As the state of the run tells it. */
  get state(): RecordingState {
    const { error, saved: facts, packets, size: bytes } = this;
    return { on: error === null && !this.isClosed, name: basename(this.path).slice(0, 1024), facts, packets, bytes, error: error === null ? null : reportError(error, this.path) };
  }

  /** The facts before that one are told by somebody else, who has them: the file is not whole until then. */
  begunAfter(facts: number): void {
    if (facts === 0 || this.error !== null) return;
    this.before = facts;
    this.filling = new Promise((resolve) => (this.filled = resolve));
  }

  /** The next facts, or some that come later than what is still to be told. They may be given away afterwards: the file has bytes of its own. */
  add(batch: Batch): void {
    if (this.error !== null || this.isEnding || batch.first < this.facts) return;
    if (batch.first > this.facts) return this.hold(batch);
    this.take(batch);
    while (this.later[0]?.first === this.facts) {
      const next = this.later.shift() as Batch;
      this.held -= bytesOf(next);
      this.take(next);
    }
    if (this.facts >= this.before) this.filled();
  }

  /** No more is told, by the user or by the run's end: closes the file. What failed is in `error`. */
  finish(): Promise<void> {
    this.closing ??= this.close();
    return this.closing;
  }

  private take(batch: Batch): void {
    try {
      const facts = recordedBlock(batch, this.head.keys);
      // The batch's own bytes go on to others.
      const packets = this.live.after({ ...batch, payload: batch.payload.slice() });
      this.facts += batch.count;
      this.append([facts, ...packets]);
    } catch (thrown) {
      this.stop(thrown);
    }
  }

  private hold(batch: Batch): void {
    this.later.push({ ...batch, columns: batch.columns.slice(), payload: batch.payload.slice() });
    this.held += bytesOf(batch);
    if (this.held > WAITING) this.stop(slow());
  }

  private async close(): Promise<void> {
    await this.filling;
    this.isEnding = true;
    this.append(endBlocks(this.notes, { facts: this.facts, packets: this.live.packets }));
    // Resolves when nothing waits for the disk.
    while (this.writing !== null) await this.writing;
    await this.file.sync().catch((thrown: unknown) => this.isRegular && this.stop(thrown));
    await this.file.close().catch((thrown: unknown) => this.stop(thrown));
    this.isClosed = true;
    if (this.telling !== null) clearTimeout(this.telling);
    this.onChange();
  }

  private append(blocks: readonly Uint8Array[]): void {
    if (this.error !== null) return;
    const bytes = Buffer.concat(blocks);
    this.queue.push({ bytes, blocks, facts: this.facts });
    this.queued += bytes.length;
    if (this.queued > WAITING) return this.stop(slow());
    this.pump();
  }

  private pump(): void {
    this.writing ??= this.write().then(() => {
      this.writing = null;
      // Something came while the last write ended.
      if (this.queue.length > 0) this.pump();
    });
  }

  private async write(): Promise<void> {
    for (let next = this.queue[0]; next !== undefined && this.error === null; next = this.queue[0]) {
      const { written, thrown } = await writeAll(this.file, next.bytes);
      this.keep(next, written);
      if (thrown !== null) {
        // What is half there would only have to be passed over.
        if (this.isRegular) await this.file.truncate(this.size).catch(() => undefined);
        return this.stop(thrown);
      }
      this.queue.shift();
      this.queued -= next.bytes.length;
      this.telling ??= setTimeout(() => {
        this.telling = null;
        this.onChange();
      }, TELL).unref();
    }
  }

  /** So many bytes of it are in the file: what is whole of them counts. */
  private keep({ blocks, facts }: Waiting, written: number): void {
    let end = 0;
    for (const block of blocks) {
      end += block.length;
      if (end > written) return;
      this.size += block.length;
      this.saved = facts;
      if (isPacket(block)) this.packets++;
    }
  }

  private stop(thrown: unknown): void {
    if (this.error !== null) return;
    const last = this.saved === 0 ? 'nothing of the run is saved' : `fact ${this.saved - 1} is the last one that is saved, ${this.packets === 0 ? 'and no packet' : `packet ${this.packets} the last packet`}`;
    this.error = new EngineError(errorCode(thrown), `recording into ${this.path} has stopped: ${whyOf(thrown)}; ${last}`, this.path);
    this.queue.length = 0;
    this.queued = 0;
    this.later = [];
    this.filled();
    this.onChange();
  }
}

const slow = (): Error => Object.assign(new Error('the disk is slower than the run'), { code: 'RECORDING_SLOW' });
const bytesOf = ({ columns, payload }: Batch): number => columns.length + payload.length;

const isPacket = (block: Uint8Array): boolean => new DataView(block.buffer, block.byteOffset).getUint32(0, true) === BLOCK.packet;

/** A write may take less than it was given. `thrown`: why not all was written. */
async function writeAll(file: RecordingFile, bytes: Uint8Array): Promise<{ readonly written: number; readonly thrown: unknown }> {
  let written = 0;
  try {
    while (written < bytes.length) {
      const { bytesWritten } = await file.write(bytes, written, bytes.length - written);
      if (bytesWritten <= 0) return { written, thrown: Object.assign(new Error('the device takes no more'), { code: 'ENOSPC' }) };
      written += bytesWritten;
    }
  } catch (thrown) {
    return { written, thrown };
  }
  return { written, thrown: null };
}
