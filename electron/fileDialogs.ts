// Files that the user saves and opens: the system's own dialogs choose the place, main reads and writes; the page never names a path.

import { basename, dirname, join } from 'node:path';
import type { BrowserWindow, OpenDialogOptions, OpenDialogReturnValue, SaveDialogOptions, SaveDialogReturnValue } from 'electron';
import type { RequestInput, RequestOutput } from '../shared/ipc/contract';
import type { Locale } from '../shared/lab/lesson';
import { HAR_LIMITS } from '../shared/trace/har/har';
import { FILE_TEXT } from './menuText';
import { OutFile } from './outFile';
import { readText } from './readText';

/** Electron's dialog, as far as it is used here. */
export interface SystemDialogs {
  showSaveDialog(window: BrowserWindow, options: SaveDialogOptions): Promise<SaveDialogReturnValue>;
  showOpenDialog(window: BrowserWindow, options: OpenDialogOptions): Promise<OpenDialogReturnValue>;
}

/** Bytes of a file that is opened, by its kind. */
const LIMITS = { har: HAR_LIMITS.bytes } as const;

export class FileDialogs {
  /** Where the user was last. */
  private folder: string | null = null;

  /** `home` gives the folder to begin in. */
  constructor(private readonly dialogs: SystemDialogs, private readonly home: () => string) {}

  /** Null: the user changed their mind. Throws EngineError when the file cannot be written; what was there before then stays. */
  async save(window: BrowserWindow, { name, kind, bytes }: RequestInput<'file.save'>, locale: Locale): Promise<RequestOutput<'file.save'>> {
    const path = await this.place(window, name, kind, 'save', locale);
    if (path === null) return null;
    const file = await OutFile.open(path);
    await file.save([bytes]);
    return { path };
  }

  /** Where a file is to be: its path. Null: the user changed their mind. */
  async place(window: BrowserWindow, name: string, kind: RequestInput<'file.save'>['kind'], why: 'save' | 'record', locale: Locale): Promise<string | null> {
    const words = FILE_TEXT[locale];
    const { canceled, filePath } = await this.dialogs.showSaveDialog(window, {
      title: words[why], defaultPath: join(this.folder ?? this.home(), name), filters: [{ name: words[kind], extensions: [kind === 'run' ? 'pcapng' : kind] }], properties: ['createDirectory', 'showOverwriteConfirmation'],
    });
    if (canceled || filePath === '') return null;
    this.folder = dirname(filePath);
    return filePath;
  }

  /** Which run or capture to open, whatever its size: its path. Null: the user changed their mind. */
  async choose(window: BrowserWindow, locale: Locale): Promise<string | null> {
    const words = FILE_TEXT[locale];
    const { canceled, filePaths } = await this.dialogs.showOpenDialog(window, {
      title: words.openCapture, defaultPath: this.folder ?? this.home(), filters: [{ name: words.captures, extensions: ['pcapng', 'pcap', 'cap', 'ntar', 'gz'] }, { name: words.all, extensions: ['*'] }], properties: ['openFile'],
    });
    const [path] = filePaths;
    if (canceled || path === undefined) return null;
    this.folder = dirname(path);
    return path;
  }

  /** Null: the user changed their mind. Throws EngineError when the file cannot be read. */
  async open(window: BrowserWindow, { kind }: RequestInput<'file.open'>, locale: Locale): Promise<RequestOutput<'file.open'>> {
    const words = FILE_TEXT[locale];
    const { canceled, filePaths } = await this.dialogs.showOpenDialog(window, {
      title: words.open, defaultPath: this.folder ?? this.home(), filters: [{ name: words[kind], extensions: [kind, 'json'] }, { name: words.all, extensions: ['*'] }], properties: ['openFile'],
    });
    const [path] = filePaths;
    if (canceled || path === undefined) return null;
    this.folder = dirname(path);
    return { name: basename(path), text: await readText(path, LIMITS[kind]) };
  }
}
