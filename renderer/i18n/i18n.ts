// The page's vue-i18n instance. A language is loaded when it is spoken, and in two parts: what the first screen says, and what all others do.
// There is no fallback language, because a test proves that each is complete; a screen is shown when its texts are there (laterScreens.ts).

import { createI18n } from 'vue-i18n';
import type { Locale } from '../../shared/lab/lesson';
import type { Catalog } from './catalog';
import { russianPlural } from './plural';

type Part = Readonly<Record<Locale, () => Promise<{ readonly catalog: Catalog }>>>;
const first: Part = { en: () => import('./first.en'), ko: () => import('./first.ko'), ru: () => import('./first.ru') };
const rest: Part = { en: () => import('./catalog.en'), ko: () => import('./catalog.ko'), ru: () => import('./catalog.ru') };

/** One for a page. */
export function createSpeech() {
  const i18n = createI18n({
    legacy: false,
    locale: 'en' as string,
    fallbackLocale: false,
    messages: {},
    pluralRules: { ru: russianPlural },
  });
  /** Languages of which something, and of which everything can be said. */
  const loaded = new Set<Locale>();
  const whole = new Set<Locale>();
  let wanted: 'first' | 'all' = 'first';
  let spoken: Locale = 'en';

  async function load(locale: Locale): Promise<void> {
    while (!(wanted === 'all' ? whole : loaded).has(locale)) {
      const all = wanted === 'all';
      const [one, other] = await Promise.all([first[locale](), all ? rest[locale]() : null]);
      if (whole.has(locale)) return;
      i18n.global.setLocaleMessage(locale, { ...one.catalog, ...other?.catalog });
      loaded.add(locale);
      if (all) whole.add(locale);
    }
  }

  /** Loads a language once, as much of it as is wanted, then speaks it and tells the document. */
  async function speak(locale: Locale): Promise<void> {
    spoken = locale;
    await load(locale);
    // Another was chosen meanwhile.
    if (spoken !== locale) return;
    i18n.global.locale.value = locale;
    document.documentElement.lang = locale;
  }

  return {
    i18n,
    speak,
    /** From now on all texts of a language are wanted, not those of the first screen only. Resolves when they are there. */
    async speakAll(): Promise<void> {
      wanted = 'all';
      await speak(spoken);
    },
    /** Fetches what the screens after the first say in the language that is spoken. */
    fetchTexts: (): void => void rest[spoken](),
  };
}

export const { i18n, speak, speakAll, fetchTexts } = createSpeech();

/** Fetches a language that may be wanted soon. */
export const fetchLanguage = (locale: Locale): void => void first[locale]();
