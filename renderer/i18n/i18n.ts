// The page's vue-i18n instance. Catalogues are loaded one language at a time; there is no fallback language, because a test
// proves that each is complete.

import { createI18n } from 'vue-i18n';
import type { Locale } from '../../shared/lab/lesson';
import type { Catalog } from './catalog';
import { russianPlural } from './plural';

export const i18n = createI18n({
  legacy: false,
  locale: 'en' as string,
  fallbackLocale: false,
  messages: {},
  pluralRules: { ru: russianPlural },
});

const loaded = new Set<Locale>();

async function load(locale: Locale): Promise<Catalog> {
  switch (locale) {
    case 'en':
      return (await import('./catalog.en')).catalog;
    case 'ko':
      return (await import('./catalog.ko')).catalog;
    case 'ru':
      return (await import('./catalog.ru')).catalog;
  }
}

/** Fetches a language that may be wanted soon. */
export const fetchLanguage = (locale: Locale): void => void load(locale);

/** Loads a language once, then speaks it and tells the document. */
export async function speak(locale: Locale): Promise<void> {
  if (!loaded.has(locale)) {
    i18n.global.setLocaleMessage(locale, await load(locale));
    loaded.add(locale);
  }
  i18n.global.locale.value = locale;
  document.documentElement.lang = locale;
}
