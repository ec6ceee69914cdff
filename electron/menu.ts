// Our own menu instead of Electron's defaults. Items that concern the page are pushed to it as commands; it owns their meaning.

import { Menu, type MenuItemConstructorOptions } from 'electron';
import type { Locale } from '../shared/lab/lesson';
import { visibleText } from '../shared/codec/text';
import type { RecentFile } from '../shared/ipc/fileContract';
import { MENU_TEXT, type MenuWord } from './menuText';

/** Commands that the page understands (`menu.command`). */
export type MenuCommand = 'app.settings' | 'app.about' | 'app.keys' | 'lab.home' | 'lab.run' | 'lab.stop' | 'lab.export' | 'lab.save' | 'lab.record' | 'file.open' | 'file.openHar' | 'view.palette' | 'view.present';

/** Must run before the app is ready: Electron then builds no menu of its own first. */
export const withoutDefaultMenu = (): void => Menu.setApplicationMenu(null);

export interface MenuParts {
  send(command: MenuCommand): void;
  readonly recent: readonly RecentFile[];
  openRecent(id: string): void;
  forgetRecent(): void;
}

export function installMenu(locale: Locale, { send, recent, openRecent, forgetRecent }: MenuParts): void {
  const words = MENU_TEXT[locale];
  const item = (word: MenuWord, command: MenuCommand, accelerator?: string): MenuItemConstructorOptions => ({
    label: words[word],
    click: () => send(command),
    ...(accelerator === undefined ? {} : { accelerator }),
  });
  const role = (word: MenuWord, name: NonNullable<MenuItemConstructorOptions['role']>): MenuItemConstructorOptions => ({ label: words[word], role: name });
  const line: MenuItemConstructorOptions = { type: 'separator' };
  const again: MenuItemConstructorOptions = {
    label: words.openRecent, enabled: recent.length > 0,
    // An ampersand in a label marks the letter after it.
    submenu: [...recent.map(({ id, name, folder }) => ({ label: shortened(name).replaceAll('&', '&&'), sublabel: folder, click: () => openRecent(id) })), line, { label: words.forgetRecent, click: forgetRecent }],
  };
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      { label: words.app, submenu: [item('about', 'app.about'), item('settings', 'app.settings', 'CmdOrCtrl+,'), line, role('quit', 'quit')] },
      { label: words.file, submenu: [item('open', 'file.open', 'CmdOrCtrl+O'), again, item('openHar', 'file.openHar', 'CmdOrCtrl+Shift+O'), line, item('save', 'lab.save', 'CmdOrCtrl+S'), item('record', 'lab.record', 'CmdOrCtrl+Shift+S')] },
      { label: words.lab, submenu: [item('home', 'lab.home', 'CmdOrCtrl+Shift+H'), line, item('run', 'lab.run', 'CmdOrCtrl+Enter'), item('stop', 'lab.stop', 'CmdOrCtrl+.'), item('export', 'lab.export', 'CmdOrCtrl+E')] },
      { label: words.edit, submenu: [role('copy', 'copy'), role('paste', 'paste'), role('selectAll', 'selectAll')] },
      {
        label: words.view,
        submenu: [
          item('palette', 'view.palette'), item('present', 'view.present'), line,
          role('zoomIn', 'zoomIn'), role('zoomOut', 'zoomOut'), role('zoomReset', 'resetZoom'), role('fullScreen', 'togglefullscreen'),
        ],
      },
      { label: words.help, submenu: [item('keys', 'app.keys'), item('about', 'app.about')] },
    ]),
  );
}

/** A name as a menu shows it. */
const shortened = (name: string): string => visibleText(name.length > 80 ? `${name.slice(0, 79)}…` : name);
