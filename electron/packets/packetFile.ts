// A capture file on disk: pcap, pcapng or gzip of either, read through once as a stream and then at random. What is compressed is expanded into
// a private file beside it, so that both ways see the same offsets. Indexing, filtering and dissecting are its users' business.

import { open, type FileHandle } from 'node:fs/promises';
import { constants } from 'node:fs';
import { basename } from 'node:path';
import type { CaptureComplaint, CaptureFacts, CaptureSink } from '../../shared/packets/captureFacts';
import { CaptureReader } from '../../shared/packets/file/captureReader';
import { EngineError } from '../runtime/engineError';
import type { Expansion } from './expansion';
import { fileProblem } from './fileProblem';
import { PageCache } from './pageCache';
import { readPieces } from './readPieces';

/** Whether a file begins as gzip with deflate does (RFC 1952 2.3.1). */
async function isGzip(handle: FileHandle): Promise<boolean> {
  const { bytesRead, buffer } = await handle.read(new Uint8Array(3), 0, 3, 0);
  return bytesRead === 3 && buffer[0] === 0x1f && buffer[1] === 0x8b && buffer[2] === 8;
}

export interface ReadOptions {
  /** Aborting rejects `read` with its reason; what the sink was told stays right. */
  readonly signal?: AbortSignal;
  /** After each piece: bytes of the file on disk that are read, and the packets so far. Reading goes on when it resolves. */
  readonly onProgress?: (read: number, packets: number, facts: CaptureFacts) => void | Promise<void>;
}

export class PacketFile {
  /** Of the file, without its folder. */
  readonly name: string;
  readonly #pages: PageCache;
  #closed = false;
  /** What is wrong with the compressed data (null: nothing); undefined: they are not expanded yet. */
  #complaint: CaptureComplaint | null | undefined;
  #length = 0;

  private constructor(
    readonly path: string,
    /** Bytes on disk when it was opened. */
    readonly size: number,
    private readonly handle: FileHandle,
    private readonly expansion: Expansion | null,
  ) {
    this.name = basename(path);
    this.#pages = new PageCache(expansion?.descriptor ?? handle.fd);
  }

  /** Opens a regular file; what is in it is found out by `read`. Rejects with EngineError: errno names, NOT_A_FILE. */
  static async open(path: string): Promise<PacketFile> {
    try {
      // Without blocking: a pipe with no writer would wait for one.
      const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
      try {
        const found = await handle.stat();
        if (found.isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
        if (!found.isFile()) throw new EngineError('NOT_A_FILE', `cannot read ${path}: it is no regular file`, path);
        // What expands is loaded where it is needed: most files are not compressed.
        const expansion = (await isGzip(handle)) ? await (await import('./expansion')).Expansion.create() : null;
        return new PacketFile(path, found.size, handle, expansion);
      } catch (thrown) {
        await handle.close();
        throw thrown;
      }
    } catch (thrown) {
      throw fileProblem(path, thrown);
    }
  }

  get gzip(): boolean {
    return this.expansion !== null;
  }

  /** Bytes that `read` went through, expanded: up to its end or its damage. */
  get length(): number {
    return this.#length;
  }

  /**
   * Goes through the whole file. Rejects with the signal's reason, with EngineError for a file that is no capture (NOT_A_CAPTURE, CAPTURE_VERSION,
   * CAPTURE_EMPTY, CAPTURE_CUT, CAPTURE_DAMAGED), that cannot be read (errno names) or expanded (ENOSPC, EXPANDED_TOO_LARGE), and with what the sink throws.
   */
  async read(sink: CaptureSink, { signal, onProgress }: ReadOptions = {}): Promise<CaptureFacts> {
    const reader = new CaptureReader(sink, { gzip: this.gzip });
    const push = (piece: Uint8Array): boolean => {
      reader.push(piece);
      return !reader.stopped;
    };
    const tell = (read: number): void | Promise<void> => onProgress?.(read, reader.packets, reader.facts);
    try {
      if (this.expansion === null) await readPieces(this.handle, push, tell, signal);
      else if (this.#complaint !== undefined) await readPieces(this.expansion.handle, push, (read) => tell(Math.min(read, this.size)), signal);
      else this.#complaint = await this.expansion.expand(this.handle, push, tell, signal);
      const facts = reader.end(this.#complaint);
      this.#length = facts.damage?.offset ?? reader.size;
      return facts;
    } catch (thrown) {
      throw fileProblem(this.path, thrown);
    }
  }

  /** Bytes at a place of the (expanded) file, as CaptureSink.packet tells it. The caller's own. Throws EngineError: FILE_CHANGED when they are not there any more. */
  bytesAt(offset: number, length: number): Uint8Array<ArrayBuffer> {
    if (this.#closed) throw new EngineError('FILE_CLOSED', `${this.path} is closed`, this.path);
    let bytes: Uint8Array<ArrayBuffer>;
    try {
      bytes = this.#pages.read(offset, length);
    } catch (thrown) {
      throw fileProblem(this.path, thrown);
    }
    if (bytes.length < length) throw new EngineError('FILE_CHANGED', `${this.path} changed while it was open: it ends before byte ${offset + length}`, this.path);
    return bytes;
  }

  /** Fills `bytes` from a place on, at least `least` of them; gives how many. Throws as bytesAt. */
  readInto(offset: number, bytes: Uint8Array, least: number): number {
    if (this.#closed) throw new EngineError('FILE_CLOSED', `${this.path} is closed`, this.path);
    let filled = 0;
    try {
      filled = this.#pages.fill(offset, bytes);
    } catch (thrown) {
      throw fileProblem(this.path, thrown);
    }
    if (filled < least) throw new EngineError('FILE_CHANGED', `${this.path} changed while it was open: it ends before byte ${offset + least}`, this.path);
    return filled;
  }

  /** Closes the file, and takes away what it was expanded into. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.handle.close();
    await this.expansion?.close();
  }
}
