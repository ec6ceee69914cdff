// Records a run into a file while it happens: appends each batch of facts as it comes, and the packets once the run is over. Only ever appends, so
// that whatever ends this process leaves a file that opens up to its last whole block. When the disk refuses, recording stops and says what is
// saved; the run goes on. Sits in the engine, beside the way of the data to its listeners.

import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import type { RecordingState } from '../../../shared/ipc/contract';
import type { Batch } from '../../../shared/trace/columns';
import { StoryBuilder } from '../../../shared/trace/fold';
import { NO_NOTES, type RunHead, type RunPackets } from '../../../shared/trace/runFile/meta';
import { beginBlocks, endBlocks, recordedBlock } from '../../../shared/trace/runFile/write';
import { TraceStore } from '../../../shared/trace/store';
import { whyOf } from '../../outFile';
import { EngineError, errorCode, reportError } from '../engineError';
import { readRunFile } from './readRunFile';

/** Bytes that may wait for the disk; recording stops when it is slower than that. */
const WAITING = 64 * 1024 * 1024;
/** Blocks of packets that are written at once: fewer, larger writes. */
const TOGETHER = 256 * 1024;

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

interface Waiting {
  readonly bytes: Uint8Array;
  /** Facts in the file once it is written. */
  readonly facts: number;
}

export class RunRecording {
  /** Why it stopped before the run did; null: it has not. */
  error: EngineError | null = null;
  /** Facts that are in the file for good. */
  saved = 0;
  private facts = 0;
  private readonly queue: Waiting[] = [];
  private queued = 0;
  /** Bytes of whole blocks in the file. */
  private size = 0;
  private writing: Promise<void> | null = null;
  private closing: Promise<void> | null = null;

  constructor(private readonly path: string, private readonly head: RunHead, private readonly file: RecordingFile, private readonly onStopped: (error: EngineError) => void, private readonly isRegular = true) {
    for (const block of beginBlocks(head)) this.append(block);
  }

  /** Opens the place before the run. What was there is lost, and nobody but the user may read it. Rejects with EngineError. */
  static async open(path: string, head: Omit<RunHead, 'format' | 'order'>, onStopped: (error: EngineError) => void): Promise<RunRecording> {
    let handle: FileHandle | null = null;
    try {
      handle = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC, 0o600);
      const isRegular = (await handle.stat()).isFile();
      if (isRegular && process.platform !== 'win32') await handle.chmod(0o600);
      // A pipe cannot be read again for its packets.
      return new RunRecording(path, { format: 'looplab-run', order: 'recorded', ...head, ...(!isRegular && { packets: 'none' }) }, handle, onStopped, isRegular);
    } catch (thrown) {
      await handle?.close().catch(() => undefined);
      throw new EngineError(errorCode(thrown), `cannot write ${path}: ${whyOf(thrown)}`, path);
    }
  }

  /** As the state of the run tells it. */
  get state(): RecordingState {
    return { on: this.error === null && this.closing === null, name: basename(this.path), facts: this.saved, error: this.error === null ? null : reportError(this.error, this.path) };
  }

  /** The next facts. They may be given away afterwards: the file has bytes of its own. */
  add(batch: Batch): void {
    if (this.error !== null || this.closing !== null) return;
    this.facts += batch.count;
    try {
      this.append(recordedBlock(batch, this.head.keys));
    } catch (thrown) {
      this.stop(thrown);
    }
  }

  /** The run is over: writes its packets and closes the file. What failed is in `error`. */
  finish(): Promise<void> {
    this.closing ??= this.close();
    return this.closing;
  }

  private async close(): Promise<void> {
    await this.settle();
    if (this.error === null) await this.complete().catch((thrown: unknown) => this.stop(thrown));
    await this.settle();
    await this.file.sync().catch(() => undefined);
    await this.file.close().catch(() => undefined);
  }

  /** Resolves when nothing waits for the disk. */
  private async settle(): Promise<void> {
    while (this.writing !== null) await this.writing;
  }

  /** The facts are read back: the engine keeps no trace of its own. */
  private async complete(): Promise<void> {
    const trace = new TraceStore();
    const builder = new StoryBuilder(trace);
    if (this.isRegular && this.facts > 0) {
      await readRunFile(this.path, (batch) => {
        trace.append(batch);
        builder.advance();
      });
    }
    if (this.isRegular && trace.count !== this.facts) throw new Error(`${trace.count} of ${this.facts} facts came back`);
    let blocks: Uint8Array[] = [];
    let size = 0;
    for (const block of endBlocks({ story: builder.story, trace, notes: NO_NOTES, facts: this.facts }, this.head)) {
      blocks.push(block);
      size += block.length;
      if (size < TOGETHER) continue;
      this.append(Buffer.concat(blocks));
      [blocks, size] = [[], 0];
      if (this.queued > WAITING / 2) await this.settle();
      if (this.error !== null) return;
    }
    this.append(Buffer.concat(blocks));
  }

  private append(bytes: Uint8Array): void {
    if (this.error !== null) return;
    this.queue.push({ bytes, facts: this.facts });
    this.queued += bytes.length;
    if (this.queued > WAITING) return this.stop(Object.assign(new Error('the disk is slower than the run'), { code: 'RECORDING_SLOW' }));
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
      try {
        await writeAll(this.file, next.bytes);
      } catch (thrown) {
        // What is half there would only have to be passed over.
        if (this.isRegular) await this.file.truncate(this.size).catch(() => undefined);
        return this.stop(thrown);
      }
      this.queue.shift();
      this.queued -= next.bytes.length;
      this.size += next.bytes.length;
      this.saved = next.facts;
    }
  }

  private stop(thrown: unknown): void {
    if (this.error !== null) return;
    const last = this.saved === 0 ? 'nothing of the run is saved' : `fact ${this.saved - 1} is the last one that is saved`;
    this.error = new EngineError(errorCode(thrown), `recording into ${this.path} has stopped: ${whyOf(thrown)}; ${last}`, this.path);
    this.queue.length = 0;
    this.queued = 0;
    this.onStopped(this.error);
  }
}

/** A write may take less than it was given. */
async function writeAll(file: RecordingFile, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, at, bytes.length - at);
    if (bytesWritten <= 0) throw Object.assign(new Error('the device takes no more'), { code: 'ENOSPC' });
    at += bytesWritten;
  }
}
