import { expect, it } from 'vitest';
import { toBase64 } from './base64';

it('knows the vectors of RFC 4648 10', () => {
  const encode = (text: string): string => toBase64(Uint8Array.from(text, (char) => char.charCodeAt(0)));
  expect(['', 'f', 'fo', 'foo', 'foob', 'fooba', 'foobar'].map(encode)).toEqual(['', 'Zg==', 'Zm8=', 'Zm9v', 'Zm9vYg==', 'Zm9vYmE=', 'Zm9vYmFy']);
});

it('encodes every byte as Node does', () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, index) => (index * 7919) & 255);
  expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
});
