// The catalogues say the same things in every language, and numbers take the right form.
import { describe, expect, it } from 'vitest';
import { LOCALES } from '../../shared/lab/lesson';
import { chooseLocale } from './locale';
import { russianPlural } from './plural';
import { catalog as first } from './first.en';
import { catalog as rest } from './catalog.en';
import { createSpeech } from './i18n';

const files = import.meta.glob<Record<string, unknown>>('./locales/*/*.json', { eager: true, import: 'default' });

function keysOf(tree: unknown, at = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(tree as Record<string, unknown>)) {
    const path = at === '' ? key : `${at}.${key}`;
    if (typeof value === 'string') found.set(path, value);
    else for (const [inner, text] of keysOf(value, path)) found.set(inner, text);
  }
  return found;
}

const areas = [...new Set(Object.keys(files).map((path) => path.replace(/^.*\//u, '')))].sort();
const read = (locale: string, area: string): Map<string, string> => keysOf(files[`./locales/${locale}/${area}`] ?? {});
const names = (text: string): string[] => [...new Set([...text.matchAll(/\{(\w+)\}/gu)].map((found) => found[1] ?? ''))].sort();

describe('catalogues', () => {
  it('exist for the areas of the frame', () => {
    for (const area of ['common', 'shell', 'home', 'settings', 'lesson', 'keys', 'errors']) expect(areas).toContain(`${area}.json`);
  });

  it.each(areas)('%s has the same keys in every language, none empty', (area) => {
    const english = read('en', area);
    expect(english.size).toBeGreaterThan(0);
    for (const locale of LOCALES) {
      const there = read(locale, area);
      expect([...there.keys()].sort(), `${locale}/${area}`).toEqual([...english.keys()].sort());
      for (const [key, text] of there) expect(text.trim(), `${locale} ${area} ${key}`).not.toBe('');
    }
  });

  it.each(areas)('%s fills the same names in every language', (area) => {
    for (const locale of LOCALES) {
      for (const [key, text] of read(locale, area)) {
        const english = names(read('en', area).get(key) ?? '').filter((name) => name !== 'n' && name !== 'count');
        expect(names(text).filter((name) => name !== 'n' && name !== 'count'), `${locale} ${area} ${key}`).toEqual(english);
      }
    }
  });

  it.each(areas)('%s gives three Russian forms wherever English has two', (area) => {
    for (const [key, text] of read('en', area)) {
      if (!/\s\|\s/u.test(text)) continue;
      const russian = read('ru', area).get(key) ?? '';
      expect(russian.split(/\s\|\s/u).length, `${area} ${key}: ${russian}`).toBe(text.split(/\s\|\s/u).length + 1);
    }
  });
});

describe('the first screen', () => {
  const sources = import.meta.glob<string>(['../**/*.{ts,vue}', '!../**/*.{test,fixture}.ts'], { eager: true, query: '?raw', import: 'default' });
  const byPath = new Map(Object.entries(sources).map(([path, text]) => [new URL(path, 'file:///renderer/i18n/').pathname, text]));

  /** What a file brings along without being asked for it: its imports that are no `import()` and no types, in the page's own folders. */
  function brought(path: string, seen = new Set<string>()): Set<string> {
    const source = byPath.get(path);
    if (source === undefined || seen.has(path)) return seen;
    seen.add(path);
    for (const [, from = ''] of source.matchAll(/^import (?!type)[^;]*? from '(\.[^']+)';$/gmu)) {
      const to = new URL(from, `file://${path}`).pathname;
      brought(to.endsWith('.vue') ? to : `${to}.ts`, seen);
    }
    return seen;
  }

  it('says only what is loaded with it', () => {
    const files = [...brought('/renderer/main.ts')];
    expect(files).toContain('/renderer/shell/HomeScreen.vue');
    const used = new Set(files.flatMap((path) => [...(byPath.get(path) ?? '').matchAll(/['"`]([a-z]\w*)\.[\w$]/gu)].map(([, area = '']) => area)));
    expect(Object.keys(first).filter((area) => !used.has(area)), 'loaded, but not said').toEqual([]);
    expect(Object.keys(rest).filter((area) => used.has(area)), 'said, but not loaded').toEqual([]);
    expect([...Object.keys(first), ...Object.keys(rest)].map((area) => `${area}.json`).sort()).toEqual(areas);
  });

  it('is all that is loaded until another is wanted', async () => {
    const { i18n, speak, speakAll } = createSpeech();
    await speak('en');
    expect([i18n.global.te('home.title'), i18n.global.te('fields.tcp_seq')]).toEqual([true, false]);
    await speakAll();
    expect([i18n.global.te('home.title'), i18n.global.te('fields.tcp_seq')]).toEqual([true, true]);
    await speak('ru');
    expect(i18n.global.te('fields.tcp_seq')).toBe(true);
    await speak('en');
  });

  it('is spoken in the language that was chosen last', async () => {
    const { speak } = createSpeech();
    const slow = speak('ko');
    await Promise.all([speak('ru'), slow]);
    expect(document.documentElement.lang).toBe('ru');
    await speak('en');
  });
});

describe('language', () => {
  it('follows the choice, else the system, else English', () => {
    expect(chooseLocale('ru', 'ko-KR')).toBe('ru');
    expect(chooseLocale('system', 'ko-KR')).toBe('ko');
    expect(chooseLocale('system', 'ru_RU')).toBe('ru');
    expect(chooseLocale('system', 'de-DE')).toBe('en');
  });

  it('marks the document', async () => {
    const { i18n, speak } = createSpeech();
    await speak('ko');
    expect(document.documentElement.lang).toBe('ko');
    expect(i18n.global.t('shell.run')).toBe('실행');
    await speak('en');
    expect(document.documentElement.lang).toBe('en');
  });

  it('knows the Russian forms', () => {
    const form = (n: number): string => ['one', 'few', 'many'][russianPlural(n, 3)] ?? '';
    expect([1, 21, 101].map(form)).toEqual(['one', 'one', 'one']);
    expect([2, 4, 23, 1.5].map(form)).toEqual(['few', 'few', 'few', 'few']);
    expect([0, 5, 11, 12, 14, 111, 25].map(form)).toEqual(['many', 'many', 'many', 'many', 'many', 'many', 'many']);
    expect(russianPlural(0, 4)).toBe(0);
    expect(russianPlural(1, 4)).toBe(1);
  });
});
