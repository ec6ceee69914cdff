import { expect, it } from 'vitest';
import { fromBase64, toBase64 } from './base64';

it('knows the vectors of RFC 4648 10', () => {
  const encode = (text: string): string => toBase64(Uint8Array.from(text, (char) => char.charCodeAt(0)));
  expect(['', 'f', 'fo', 'foo', 'foob', 'fooba', 'foobar'].map(encode)).toEqual(['', 'Zg==', 'Zm8=', 'Zm9v', 'Zm9vYg==', 'Zm9vYmE=', 'Zm9vYmFy']);
});

it('encodes every byte as Node does', () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, index) => (index * 7919) & 255);
  expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
});

it('reads what it writes, of every length', () => {
  for (let length = 0; length < 70; length++) {
    const bytes = Uint8Array.from({ length }, (_, index) => (index * 7919 + length) & 255);
    expect(fromBase64(toBase64(bytes))).toEqual(bytes);
  }
});

it('reads lines, URLs and missing padding, and refuses what is no base64', () => {
  expect(fromBase64(' Zm9v\r\nYg==\n')).toEqual(Uint8Array.from([102, 111, 111, 98]));
  expect(fromBase64('-_-_')).toEqual(fromBase64('+/+/'));
  expect(fromBase64('Zm8')).toEqual(Uint8Array.from([102, 111]));
  expect([fromBase64('Zm9v!'), fromBase64('Z'), fromBase64('ключ')]).toEqual([null, null, null]);
});
