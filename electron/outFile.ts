// A file that the user asked for: written beside its place and then renamed, so that it is there whole or not at all; mode 0600, since a run holds
// what was sent. What is no regular file (a pipe, a device) is written in place. Errors say what could not be done, and why.

import { randomBytes } from 'node:crypto';
import { open, realpath, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { EngineError, errorCode } from './runtime/engineError';

const WHY: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left on the device',
  EDQUOT: 'your quota of space is used up',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  ENOENT: 'no such folder',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'it is a folder',
  EFBIG: 'the file would be larger than is allowed',
  EIO: 'the device failed',
  ENAMETOOLONG: 'the name is too long',
};

/** Small parts are gathered up to so many bytes; one of that size goes as it is. */
const PIECE = 256 * 1024;

export class OutFile {
  private constructor(private readonly given: string, private readonly path: string, private readonly temporary: string | null, private readonly handle: FileHandle) {}

  /** Opens before the run, so that a place that cannot be written is known early. Throws EngineError with the errno. */
  static async open(given: string): Promise<OutFile> {
    try {
      const path = await realpath(given).catch(() => resolve(given));
      const known = await stat(path).catch(() => null);
      if (known?.isDirectory() === true) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
      if (known !== null && !known.isFile()) return new OutFile(given, path, null, await open(path, 'w'));
      const temporary = join(dirname(path), `.${basename(path).slice(0, 100)}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`);
      return new OutFile(given, path, temporary, await open(temporary, 'wx', 0o600));
    } catch (thrown) {
      throw told(given, thrown);
    }
  }

  /**
   * Writes everything and puts the file in its place: one part is made while the one before is on its way to the system, so nobody may change it
   * afterwards. On failure the place is as it was before.
   */
  async save(parts: Iterable<string | Uint8Array>): Promise<void> {
    await this.#guarded(async () => {
      let writing = Promise.resolve();
      try {
        for (const piece of inPieces(parts)) {
          await writing;
          writing = this.handle.writeFile(piece);
          // Awaited with the next one; whoever makes the parts may fail before.
          writing.catch(() => undefined);
        }
      } finally {
        await writing;
      }
    });
    await this.finish();
  }

  /** Adds to the file. On failure the place is as it was before. */
  write(part: string | Uint8Array): Promise<void> {
    return this.#guarded(() => this.handle.writeFile(part));
  }

  /** Puts what was written in its place. On failure the place is as it was before. */
  finish(): Promise<void> {
    return this.#guarded(async () => {
      if (this.temporary !== null) await this.handle.sync();
      await this.handle.close();
      if (this.temporary !== null) await rename(this.temporary, this.path);
    });
  }

  async #guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      await this.discard();
      throw told(this.given, thrown);
    }
  }

  /** Leaves nothing behind. */
  async discard(): Promise<void> {
    await this.handle.close().catch(() => undefined);
    if (this.temporary !== null) await rm(this.temporary, { force: true }).catch(() => undefined);
  }
}

/** Small parts gathered into pieces, each right until the one after the next is asked for: a call to the system for each packet would take longer than all the rest. */
function* inPieces(parts: Iterable<string | Uint8Array>): Generator<Uint8Array> {
  let [piece, other] = [new Uint8Array(PIECE), new Uint8Array(PIECE)];
  let filled = 0;
  for (const part of parts) {
    const bytes = typeof part === 'string' ? Buffer.from(part) : part;
    if (filled > 0 && filled + bytes.length > PIECE) {
      yield piece.subarray(0, filled);
      [piece, other] = [other, piece];
      filled = 0;
    }
    if (bytes.length >= PIECE) yield bytes;
    else {
      piece.set(bytes, filled);
      filled += bytes.length;
    }
  }
  if (filled > 0) yield piece.subarray(0, filled);
}

function told(path: string, thrown: unknown): EngineError {
  return new EngineError(errorCode(thrown), `cannot write ${path}: ${whyOf(thrown)}`, path);
}

/** Why the system refused a file, in English. */
export const whyOf = (thrown: unknown, reading = false): string => (reading && errorCode(thrown) === 'ENOENT' ? 'no such file' : WHY[errorCode(thrown)]) ?? (thrown instanceof Error ? thrown.message : String(thrown));
