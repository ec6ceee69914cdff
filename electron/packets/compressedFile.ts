// Where a converted capture goes: a file that is there whole or not at all, compressed with gzip when it is wanted. Written as it comes, no faster
// than the disk takes it.

import { once } from 'node:events';
import { createGzip, type Gzip } from 'node:zlib';
import { OutFile } from '../outFile';

export class CompressedFile {
  /** Compressed bytes that are to be written. */
  readonly #pending: Buffer[] = [];

  private constructor(private readonly file: OutFile, private readonly gzip: Gzip | null) {
    gzip?.on('data', (piece: Buffer) => this.#pending.push(piece));
  }

  /** Throws EngineError as OutFile does. */
  static async open(path: string, compressed: boolean): Promise<CompressedFile> {
    return new CompressedFile(await OutFile.open(path), compressed ? createGzip() : null);
  }

  /** Takes the bytes; they may be written later, and must not change. */
  async write(bytes: Uint8Array): Promise<void> {
    const { gzip } = this;
    if (bytes.length === 0) return;
    if (gzip === null) return this.file.write(bytes);
    await new Promise<void>((resolve) => gzip.write(bytes, () => resolve()));
    await this.#flush();
  }

  async finish(): Promise<void> {
    if (this.gzip !== null) {
      const ended = once(this.gzip, 'end');
      this.gzip.end();
      await ended;
      await this.#flush();
    }
    await this.file.finish();
  }

  /** Leaves nothing behind. */
  async discard(): Promise<void> {
    this.gzip?.destroy();
    await this.file.discard();
  }

  async #flush(): Promise<void> {
    for (const piece of this.#pending.splice(0)) await this.file.write(piece);
  }
}
