// The user's settings on disk: one JSON file, written by temp and rename, read field by field so that one bad value costs only itself.

import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as v from 'valibot';
import { defaultSettings, settingsSchema, type Settings } from '../shared/ipc/contract';

export class SettingsFile {
  private current: Settings = defaultSettings;
  private writing: Promise<void> = Promise.resolve();

  constructor(private readonly path: string) {}

  get value(): Settings {
    return this.current;
  }

  /** Reads the file; what is missing or broken keeps its default. Never rejects. */
  async load(): Promise<Settings> {
    try {
      const parsed: unknown = JSON.parse(await readFile(this.path, 'utf8'));
      const known = v.safeParse(settingsSchema, { ...defaultSettings, ...(typeof parsed === 'object' ? parsed : {}) });
      if (known.success) this.current = known.output;
    } catch {
      // No file yet, or not JSON: the defaults stand, and the next write replaces it.
    }
    return this.current;
  }

  /** Changes some settings and writes them all. Rejects with the system's error (ENOSPC, EACCES) when the disk refuses. */
  async write(change: { readonly [K in keyof Settings]?: Settings[K] | undefined }): Promise<Settings> {
    this.current = v.parse(settingsSchema, { ...this.current, ...Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) });
    const text = `${JSON.stringify(this.current, null, 2)}\n`;
    const turn = this.writing.catch(() => undefined).then(() => replaceFile(this.path, text));
    this.writing = turn;
    await turn;
    return this.current;
  }

  /** Nothing is being written any more. Never rejects. */
  settled(): Promise<void> {
    return this.writing.catch(() => undefined);
  }
}

/** Writes the whole file beside the old one, then takes its place: a crash leaves one or the other. */
export async function replaceFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const file = await open(temporary, 'w', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (thrown) {
    await rm(temporary, { force: true });
    throw thrown;
  }
}
