// Joins the area files of one language into the message tree that vue-i18n takes. Messages are precompiled by the build.

import type { LocaleMessageValue, VueMessageType } from 'vue-i18n';

export type Catalog = Record<string, LocaleMessageValue<VueMessageType>>;

/** './locales/en/stage.json' becomes the key 'stage'. */
export const byArea = (files: Record<string, unknown>): Catalog =>
  Object.fromEntries(Object.entries(files).map(([path, messages]) => [path.replace(/^.*\/|\.json$/gu, ''), messages as LocaleMessageValue<VueMessageType>]));
