// Which of our languages to speak: the user's choice, else the system's, else English.

import { LOCALES, type Locale } from '../../shared/lab/lesson';

/** The languages by their own names: never translated. */
export const LANGUAGE_NAMES: Readonly<Record<Locale, string>> = { en: 'English', ko: '한국어', ru: 'Русский' };

/** @param systemLocale a BCP 47 tag such as 'ko-KR'. */
export function chooseLocale(wanted: Locale | 'system', systemLocale: string): Locale {
  if (wanted !== 'system') return wanted;
  const language = systemLocale.toLowerCase().split(/[-_]/u)[0] ?? '';
  return LOCALES.find((locale) => locale === language) ?? 'en';
}
