// The files that were opened or saved last, with their paths: main's own list on disk, which the page sees by name and asks for by id, so that it
// can never name a path. Written by temp and rename, read with care: it is a file that anyone may have changed.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute } from 'node:path';
import * as v from 'valibot';
import { RECENT_FILES, type RecentFile } from '../../shared/ipc/fileContract';
import { replaceFile } from '../settingsFile';

const entry = v.object({ path: v.pipe(v.string(), v.maxLength(4096), v.check((path) => isAbsolute(path), 'not a whole path')), kind: v.picklist(['run', 'capture']) });
type Entry = v.InferOutput<typeof entry>;

export class RecentFiles {
  private entries: readonly Entry[] = [];
  private readonly loaded: Promise<void>;
  private writing: Promise<void> = Promise.resolve();

  constructor(private readonly file: string) {
    this.loaded = this.load();
  }

  async list(): Promise<RecentFile[]> {
    await this.loaded;
    return this.entries.map(({ path, kind }) => ({ id: idOf({ path, kind }), name: basename(path).slice(0, 1024), folder: dirname(path).slice(0, 1024), kind }));
  }

  /** Null: it is not in the list (any more). */
  async find(id: string): Promise<Entry | null> {
    await this.loaded;
    return this.entries.find((one) => idOf(one) === id) ?? null;
  }

  /** The newest comes first; a file that was opened both as a run and as a capture is there twice. A list that cannot be written is still there until the app ends. */
  async add(path: string, kind: Entry['kind']): Promise<void> {
    await this.loaded;
    await this.write([{ path, kind }, ...this.entries.filter((one) => one.path !== path || one.kind !== kind)].slice(0, RECENT_FILES));
  }

  async forget(): Promise<void> {
    await this.loaded;
    await this.write([]);
  }

  private async load(): Promise<void> {
    try {
      const given: unknown = JSON.parse(await readFile(this.file, 'utf8'));
      this.entries = (Array.isArray(given) ? given : []).slice(0, RECENT_FILES).filter((one): one is Entry => v.is(entry, one));
    } catch {
      // No list yet, or none that can be read: it begins anew.
    }
  }

  private async write(entries: readonly Entry[]): Promise<void> {
    this.entries = entries;
    this.writing = this.writing.then(() => replaceFile(this.file, `${JSON.stringify(entries, null, 2)}\n`)).catch(() => undefined);
    await this.writing;
  }
}

/** Names a path towards the page, and as what it was opened. */
const idOf = ({ path, kind }: Entry): string => createHash('sha256').update(kind).update(path).digest('hex').slice(0, 16);
