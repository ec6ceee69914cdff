// Expands a gzip file (RFC 1952) as a stream into a private file of its own, which is gone when the process is: packets can then be read again at
// random. Bounded by what the disk can spare. Cut or damaged data gives what came before.

import { writeSync } from 'node:fs';
import { open, rm, statfs, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { createGunzip, type Gunzip } from 'node:zlib';
import type { CaptureComplaint } from '../../shared/packets/captureFacts';
import { EngineError, errorCode } from '../runtime/engineError';

/**
 * Bytes that are expanded at once. Small: what they become may be a thousand times as much, and is looked at after it. An error in them costs all that
 * they became, so that a piece with one is taken again in smaller steps.
 */
const STEPS = [64 * 1024, 256, 1] as const;
const [PIECE] = STEPS;
const EXPANDED_PIECE = 1024 * 1024;
const MIB = 1024 * 1024;
export const EXPANSION_LIMITS = {
  /** Bytes that a file may become. */
  expanded: 64 * 1024 * MIB,
  /** Bytes that stay free on the disk, looked at each `look` bytes. */
  spare: 256 * MIB,
  look: 64 * MIB,
} as const;

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
   * far, and is waited for. Resolves with what is wrong with the data, or null. Rejects with the signal's reason, ENOSPC, EXPANDED_TOO_LARGE, and what
   * `take` throws.
   */
  async expand(from: FileHandle, take: (piece: Uint8Array) => boolean, told: (read: number) => void | Promise<void>, signal?: AbortSignal): Promise<CaptureComplaint | null> {
    await this.handle.truncate(0);
    this.#size = 0;
    this.#looked = 0;
    try {
      let slowFrom = Infinity;
      let furthest = 0;
      const forward = (read: number): void | Promise<void> => {
        if (read <= furthest) return;
        furthest = read;
        return told(read);
      };
      for (const [index, step] of STEPS.entries()) {
        const fault = await this.#pass({ from, take, told: forward, signal, slowFrom, step });
        if (fault === null) return null;
        if (fault.at === null || index === STEPS.length - 1) return complaint(fault.error);
        slowFrom = fault.at;
      }
      return null;
    } catch (thrown) {
      await this.handle.truncate(0).catch(() => undefined);
      throw errorCode(thrown) === 'ENOSPC' && !(thrown instanceof EngineError) ? noSpace(this.folder) : thrown;
    }
  }

  /** Goes through the file once; what was kept before is passed over. Null: it is done, or enough. */
  async #pass({ from, take, told, signal, slowFrom, step }: Pass): Promise<Fault | null> {
    let failure: { readonly thrown: unknown } | null = null;
    let wanted = true;
    let known = this.#size;
    const gunzip = createGunzip({ chunkSize: EXPANDED_PIECE });
    gunzip.on('data', (piece: Buffer) => {
      if (failure !== null || !wanted) return;
      const fresh = piece.subarray(Math.min(known, piece.length));
      known -= piece.length - fresh.length;
      try {
        signal?.throwIfAborted();
        if (fresh.length === 0) return;
        this.#keep(fresh);
        wanted = take(fresh);
      } catch (thrown) {
        failure = { thrown };
      }
    });
    const over = new Promise<Step>((resolve) => {
      gunzip.once('error', (error) => resolve(error));
      // Earlier than the file when zeros follow, as tapes have them.
      gunzip.once('end', () => resolve('ended'));
    });
    try {
      const input = new Uint8Array(PIECE);
      for (let position = 0; ;) {
        const { bytesRead } = await from.read(input, 0, position < slowFrom ? Math.min(PIECE, slowFrom - position) : step, position);
        const next = bytesRead === 0 ? await finish(gunzip, over) : await feed(gunzip, input.subarray(0, bytesRead), over);
        if (failure !== null) throw (failure as { readonly thrown: unknown }).thrown;
        signal?.throwIfAborted();
        if (next instanceof Error) return { error: next, at: bytesRead === 0 ? null : position };
        position += bytesRead;
        await told(position);
        if (next === 'ended' || !wanted) return null;
        await this.#look();
      }
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

const complaint = (error: Error): CaptureComplaint => (errorCode(error) === 'Z_BUF_ERROR' ? { kind: 'cut', why: 'the gzip data is cut' } : { kind: 'gzip', why: `the gzip data is damaged: ${error.message}` });

interface Pass {
  readonly from: FileHandle;
  readonly take: (piece: Uint8Array) => boolean;
  readonly told: (read: number) => void | Promise<void>;
  readonly signal: AbortSignal | undefined;
  /** From this byte on steps are this small. */
  readonly slowFrom: number;
  readonly step: number;
}

interface Fault {
  readonly error: Error;
  /** Of the step with the error; null: at the end of the file. */
  readonly at: number | null;
}

/** What became of a piece: its error, or the data is at its end, or there may be more. */
type Step = Error | 'ended' | 'more';

/** Writes a piece; resolves when all that it gives was told. */
async function feed(gunzip: Gunzip, piece: Uint8Array, over: Promise<Step>): Promise<Step> {
  const step = await Promise.race([over, new Promise<Step>((resolve) => gunzip.write(piece, () => resolve('more')))]);
  // What was given but not told yet would be lost with an error that comes next.
  while (step === 'more' && gunzip.readableLength > 0) await new Promise((resolve) => setImmediate(resolve));
  return step;
}

function finish(gunzip: Gunzip, over: Promise<Step>): Promise<Step> {
  gunzip.end();
  return over;
}
