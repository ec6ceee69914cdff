// Opens what the user names: by the dialog, from the list of recent files, by a drop on the window, or with the app's start. Decides whether it is
// a run of ours (the engine reads it) or somebody's capture (a session of its own reads that), and tells the page. One at a time.

import { basename, resolve } from 'node:path';
import type { ReportedError } from '../../shared/ipc/contract';
import type { OpenedFile, OpenedRun, RecentFile } from '../../shared/ipc/fileContract';
import { EngineError, reportError } from '../runtime/engineError';
import { kindOfFile } from './fileHead';
import type { RecentFiles } from './recentFiles';

export interface OpenFilesParts {
  readonly recent: RecentFiles;
  /** Reads a run; its facts go to the page as those of a run do. Rejects when nothing of it can be read. */
  openRun(path: string): Promise<Omit<OpenedRun, 'kind' | 'name'>>;
  /** Begins a session for a capture. Its number, at once. */
  openCapture(path: string): number;
  /** The page's dialog of the system; null: the user changed their mind. */
  choose(): Promise<string | null>;
  opening(name: string | null): void;
  opened(file: OpenedFile): void;
  /** The list of recent files has changed. */
  changed(): void;
}

type Kind = RecentFile['kind'];

export class OpenFiles {
  private busy: Promise<void> = Promise.resolve();
  /** Named before the page could hear of it. */
  private early: { readonly path: string; readonly as: Kind | null }[] = [];
  private isHeard = false;
  /** What the page shows now, as far as it is a run; and where its file is. */
  private shown: OpenedFile | null = null;
  private shownPath: string | null = null;

  constructor(private readonly parts: OpenFilesParts) {}

  /** Asks which. False: the user changed their mind. */
  async choose(): Promise<boolean> {
    const path = await this.parts.choose();
    if (path === null) return false;
    void this.open(path);
    return true;
  }

  /** The page listens, perhaps anew. `run`: that of the trace that it is sent. */
  heard(run: number): void {
    this.isHeard = true;
    if (this.shown?.kind === 'run' && this.shown.run === run) this.parts.opened(this.shown);
    for (const { path, as } of this.early.splice(0)) void this.open(path, as);
  }

  /** The page is gone: what is named now waits for the next one. */
  away(): void {
    this.isHeard = false;
  }

  /**
   * Never rejects: what went wrong is told like what went right. Files are opened in the order in which they were named, and not before the page
   * can hear of them. `as`: what the user wants to see of it; null: what it is.
   */
  async open(path: string, as: Kind | null = null): Promise<void> {
    if (!this.isHeard) {
      this.early.push({ path, as });
      return;
    }
    this.busy = this.busy.then(() => this.read(path, as));
    await this.busy;
  }

  /** A run that was made of what is open, under its name. Rejects with what is wrong with it; nothing is remembered of where it was. */
  async play(path: string, name: string): Promise<void> {
    const played = this.busy.then(async () => {
      const opened: OpenedFile = { kind: 'run', name, ...(await this.parts.openRun(path)) };
      this.shown = opened;
      this.shownPath = null;
      this.parts.opened(opened);
    });
    this.busy = played.catch(() => undefined);
    await played;
  }

  async openRecent(id: string): Promise<void> {
    const known = await this.parts.recent.find(id);
    if (known === null) throw new EngineError('FILE_UNKNOWN', 'this file is not in the list any more', id);
    // A run that was opened as what it is may have become another file; packets are wanted whatever it is.
    void this.open(known.path, known.kind === 'capture' ? 'capture' : null);
  }

  /** The packets of the run that was opened. Throws FILE_UNKNOWN when it comes from no file. */
  showPackets(run: number): void {
    if (this.shownPath === null || this.shown?.kind !== 'run' || this.shown.run !== run) throw new EngineError('FILE_UNKNOWN', `run ${run} comes from no file that is open`, String(run));
    void this.open(this.shownPath, 'capture');
  }

  recent(): Promise<RecentFile[]> {
    return this.parts.recent.list();
  }

  async forgetRecent(): Promise<void> {
    await this.parts.recent.forget();
    this.parts.changed();
  }

  /** The user has saved a run there. */
  async saved(path: string): Promise<void> {
    await this.parts.recent.add(path, 'run');
    this.parts.changed();
  }

  private async read(path: string, as: Kind | null): Promise<void> {
    const { parts } = this;
    const name = basename(path).slice(0, 1024);
    parts.opening(name);
    try {
      const kind = as ?? (await kindOfFile(path));
      const opened: OpenedFile = kind === 'run' ? { kind, name, ...(await parts.openRun(path)) } : { kind: 'capture', name, capture: parts.openCapture(path) };
      this.shown = opened;
      this.shownPath = path;
      parts.opened(opened);
      // What will be refused is not worth remembering.
      if (kind === null) return;
      await parts.recent.add(path, kind);
      parts.changed();
    } catch (thrown) {
      parts.opened({ kind: 'failed', name, error: withoutFolder(reportError(thrown, name), path, name) });
    } finally {
      parts.opening(null);
    }
  }
}

/** The page never learns where the file is, unless the user sees it in the list. */
const withoutFolder = (error: ReportedError, path: string, name: string): ReportedError => ({ ...error, message: error.message.replaceAll(path, name), where: error.where === path ? name : error.where });

/**
 * The file that the app was started with, if any, as a whole path: the first word that is no option. `folder`: where it was started. `own`: the
 * app's folder, whose name comes before it when the app is not packaged.
 */
export function fileOfArguments(argv: readonly string[], folder: string, own: string | null): string | null {
  const words = argv.slice(1).filter((one) => one !== '' && !one.startsWith('-'));
  const before = own === null ? -1 : words.findIndex((word) => resolve(folder, word) === own);
  const word = own !== null && before < 0 ? undefined : words[before + 1];
  return word === undefined ? null : resolve(folder, word);
}
