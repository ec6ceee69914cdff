import { expect, it } from 'vitest';
import { cut, pad, printable, widthOf } from './textWidth';

it('counts columns as terminals draw them', () => {
  expect(widthOf('hello')).toBe(5);
  expect(widthOf('안녕')).toBe(4);
  expect(widthOf('e\u0301')).toBe(1);
  expect(widthOf('Привет')).toBe(6);
  expect(widthOf('😀!')).toBe(3);
});

it('cuts by columns, never in the middle of a character', () => {
  expect(cut('hello', 5)).toBe('hello');
  expect(cut('hello', 4)).toBe('hel…');
  expect(cut('안녕하세요', 6)).toBe('안녕…');
  expect(widthOf(cut('안녕하세요', 6))).toBeLessThanOrEqual(6);
  expect(cut('hello', 0)).toBe('');
});

it('pads by columns', () => {
  expect(pad('안', 4)).toBe('안  ');
  expect(pad('toolong', 3)).toBe('toolong');
});

it('lets nothing through that steers a terminal', () => {
  expect(printable('a\u001b[2Jb\r\n')).toBe('a\\u{1b}[2Jb\\r\\n');
  expect(printable('\u202eevil\u2066')).toBe('\\u{202e}evil\\u{2066}');
  expect(printable('\u009b31m')).toBe('\\u{9b}31m');
  expect(printable('안녕 😀 Привет')).toBe('안녕 😀 Привет');
});
