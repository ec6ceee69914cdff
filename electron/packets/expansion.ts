// Expands a gzip file (RFC 1952) as a stream into a private file of its own, which is gone when the process is: packets can then be read again at
// random. Bounded by what the disk can spare. Cut or damaged data gives what came before.

import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { open, rm, statfs, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { createGunzip, type Gunzip } from 'node:zlib';
import { EngineError, errorCode } from '../runtime/engineError';

/** Small: what it expands to may be a thousand times as much, and is looked at after it. */
const PIECE = 64 * 1024;
const EXPANDED_PIECE = 1024 * 1024;
const MIB = 1024 * 1024;
export const EXPANSION_LIMITS = {
  /** Bytes that a file may become. */
  expanded: 64 * 1024 * MIB,
  /** Bytes that stay free on the disk, looked at each `look` bytes. */
  spare: 256 * MIB,
  look: 64 * MIB,
} as const;

/** Whether a file begins as gzip with deflate does. */
export async function isGzip(handle: FileHandle): Promise<boolean> {
  const { bytesRead, buffer } = await handle.read(new Uint8Array(3), 0, 3, 0);
  return bytesRead === 3 && buffer[0] === 0x1f && buffer[1] === 0x8b && buffer[2] === 8;
}

export class Expansion {
  #size = 0;
  #looked = 0;

  private constructor(readonly handle: FileHandle, private readonly path: string | null, private readonly folder: string, private readonly limits: typeof EXPANSION_LIMITS) {}

  /** An empty file, readable by this user alone. */
  static async create(folder = tmpdir(), limits: typeof EXPANSION_LIMITS = EXPANSION_LIMITS): Promise<Expansion> {
    const path = join(folder, `looplab-${process.pid}-${randomBytes(8).toString('hex')}.expanded`);
    const handle = await open(path, 'wx+', 0o600);
    // An open file needs no name, but on Windows: nothing is left behind however this process ends.
    const named = process.platform === 'win32';
    if (!named) await rm(path);
    return new Expansion(handle, named ? path : null, folder, limits);
  }

  get descriptor(): number {
    return this.handle.fd;
  }

  /**
   * Expands all of `from`, anew. `take` gets each piece (valid until it returns) and says whether it wants more; `told` gets the compressed bytes so
   * far, and is waited for. Resolves with what is wrong with the data, or ''. Rejects with the signal's reason, ENOSPC, EXPANDED_TOO_LARGE, and what `take` throws.
   */
  async expand(from: FileHandle, take: (piece: Uint8Array) => boolean, told: (read: number) => void | Promise<void>, signal?: AbortSignal): Promise<string> {
    await this.handle.truncate(0);
    this.#size = 0;
    this.#looked = 0;
    let failure: { readonly thrown: unknown } | null = null;
    let wanted = true;
    const gunzip = createGunzip({ chunkSize: EXPANDED_PIECE });
    gunzip.on('data', (piece: Buffer) => {
      if (failure !== null || !wanted) return;
      try {
        signal?.throwIfAborted();
        this.#keep(piece);
        wanted = take(piece);
      } catch (thrown) {
        failure = { thrown };
      }
    });
    const broken = once(gunzip, 'error').then(([error]) => (error instanceof Error ? error : new Error(String(error))));
    try {
      const input = new Uint8Array(PIECE);
      for (let position = 0; ;) {
        const { bytesRead } = await from.read(input, 0, PIECE, position);
        position += bytesRead;
        const error = bytesRead === 0 ? await finish(gunzip, broken) : await feed(gunzip, input.subarray(0, bytesRead), broken);
        if (failure !== null) throw (failure as { readonly thrown: unknown }).thrown;
        signal?.throwIfAborted();
        await told(position);
        if (error !== null) return complaint(error);
        if (bytesRead === 0 || !wanted) return '';
        await this.#look();
      }
    } catch (thrown) {
      await this.handle.truncate(0).catch(() => undefined);
      throw errorCode(thrown) === 'ENOSPC' && !(thrown instanceof EngineError) ? noSpace(this.folder) : thrown;
    } finally {
      gunzip.destroy();
    }
  }

  async close(): Promise<void> {
    await this.handle.close();
    if (this.path !== null) await rm(this.path, { force: true });
  }

  #keep(piece: Uint8Array): void {
    if (this.#size + piece.length > this.limits.expanded) {
      throw new EngineError('EXPANDED_TOO_LARGE', `it expands to more than ${Math.floor(this.limits.expanded / MIB)} MiB`);
    }
    for (let done = 0; done < piece.length;) done += writeSync(this.handle.fd, piece, done, piece.length - done, this.#size + done);
    this.#size += piece.length;
  }

  /** Leaves the disk some room: others write there too. */
  async #look(): Promise<void> {
    if (this.#size - this.#looked < this.limits.look) return;
    this.#looked = this.#size;
    const { bavail, bsize } = await statfs(this.folder);
    if (bavail * bsize < this.limits.spare) throw noSpace(this.folder);
  }
}

const noSpace = (folder: string): EngineError => new EngineError('ENOSPC', `no space is left in ${folder} to expand it: expand it elsewhere with gzip -d and open that file`);

const complaint = (error: Error): string => (errorCode(error) === 'Z_BUF_ERROR' ? 'the gzip data is cut' : `the gzip data is damaged: ${error.message}`);

/** Writes a piece; resolves when all that it gives was told, with the error that it met. */
async function feed(gunzip: Gunzip, piece: Uint8Array, broken: Promise<Error>): Promise<Error | null> {
  const written = new Promise<null>((resolve) => gunzip.write(piece, () => resolve(null)));
  const error = await Promise.race([written, broken]);
  // What was given but not told yet would be lost with an error that comes next.
  while (error === null && gunzip.readableLength > 0) await new Promise((resolve) => setImmediate(resolve));
  return error;
}

async function finish(gunzip: Gunzip, broken: Promise<Error>): Promise<Error | null> {
  const ended = once(gunzip, 'end').then(() => null, () => null);
  gunzip.end();
  return Promise.race([broken, ended]);
}
