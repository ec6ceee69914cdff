import { expect, it } from 'vitest';
import { MENU_TEXT } from './menuText';

it('has every word of the menu in every language', () => {
  const words = Object.keys(MENU_TEXT.en).sort();
  for (const text of Object.values(MENU_TEXT)) {
    expect(Object.keys(text).sort()).toEqual(words);
    expect(Object.values(text).every((word) => word.trim() !== '')).toBe(true);
  }
});
