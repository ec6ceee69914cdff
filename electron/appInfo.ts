// What About shows: versions of the app and of what it runs on; and the language of the system among ours.

import { app } from 'electron';
import type { AppInfo } from '../shared/ipc/contract';
import { LOCALES, type Locale } from '../shared/lab/lesson';

export function appInfo(): AppInfo {
  return {
    version: app.getVersion(),
    electron: process.versions.electron,
    chrome: process.versions.chrome,
    node: process.versions.node,
    v8: process.versions.v8,
    platform: process.platform,
    arch: process.arch,
    packaged: app.isPackaged,
    systemLocale: systemLocale(),
  };
}

/** The first of the user's preferred languages that we have; English otherwise. */
export function systemLocale(): Locale {
  for (const wanted of app.getPreferredSystemLanguages()) {
    const found = LOCALES.find((locale) => wanted.toLowerCase().startsWith(locale));
    if (found !== undefined) return found;
  }
  return 'en';
}
