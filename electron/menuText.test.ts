import { expect, it } from 'vitest';
import { FILE_TEXT, MENU_TEXT } from './menuText';

it.each([['menu', MENU_TEXT], ['dialogs', FILE_TEXT]])('has every word of the %s in every language', (_name, texts) => {
  const words = Object.keys(texts.en).sort();
  for (const text of Object.values<Readonly<Record<string, string>>>(texts)) {
    expect(Object.keys(text).sort()).toEqual(words);
    expect(Object.values(text).every((word) => word.trim() !== '')).toBe(true);
  }
});
