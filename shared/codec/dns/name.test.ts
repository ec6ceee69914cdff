// Names as people write them and as they compare.

import { describe, expect, it } from 'vitest';
import { isWithin, labelCount, labelsOf, nameKey, parentOf, parseName, reverseName, sameName, shownName, wildcardBelow } from './name';

describe('names', () => {
  it('are read with their origin', () => {
    expect(parseName('www', 'example.test.')).toBe('www.example.test.');
    expect(parseName('www.example.test.', 'other.')).toBe('www.example.test.');
    expect(parseName('@', 'example.test.')).toBe('example.test.');
    expect(parseName('.', 'example.test.')).toBe('.');
    expect(parseName('www')).toBe('www.');
    expect(parseName('WwW.Example')).toBe('WwW.Example.');
  });

  it('of any bytes are written one way', () => {
    expect(parseName('a\\.b.c.')).toBe('a\\.b.c.');
    expect(parseName('a\\046b.c.')).toBe('a\\.b.c.');
    expect(parseName('\\065.')).toBe('A.');
    expect(parseName('a\\032b\\000.')).toBe('a\\032b\\000.');
    expect(parseName('a\\.', 'b.')).toBe('a\\..b.');
  });

  it.each(['', '..', 'a..b', '.a', `${'a'.repeat(64)}.`, `${'a.'.repeat(128)}`, 'a\\', 'a\\25', 'a\\256b', 'é.test'])('%j is none', (text) => {
    expect(parseName(text)).toBeNull();
  });

  it('have 63 and 255 bytes at the most', () => {
    expect(parseName(`${'a'.repeat(63)}.`)).not.toBeNull();
    expect(parseName('a.'.repeat(127))).not.toBeNull();
  });

  it('compare without case, label by label', () => {
    expect(sameName('WWW.Example.test.', 'www.eXample.TEST.')).toBe(true);
    expect(nameKey('A.B.')).toBe('a.b.');
    expect(isWithin('www.Example.test.', 'example.TEST.')).toBe(true);
    expect(isWithin('example.test.', 'example.test.')).toBe(true);
    expect(isWithin('badexample.test.', 'example.test.')).toBe(false);
    expect(isWithin('a\\.example.test.', 'example.test.')).toBe(false);
    expect(isWithin('test.', 'example.test.')).toBe(false);
    expect(isWithin('test.', '.')).toBe(true);
    expect(isWithin('.', 'test.')).toBe(false);
  });

  it('have labels and parents', () => {
    expect(labelsOf('a\\.b.c.')).toEqual(['a\\.b', 'c']);
    expect(labelsOf('.')).toEqual([]);
    expect(parentOf('a\\.b.c.')).toBe('c.');
    expect(parentOf('c.')).toBe('.');
    expect(parentOf('.')).toBe('.');
    expect(labelCount('www.example.test.')).toBe(3);
    expect(wildcardBelow('example.test.')).toBe('*.example.test.');
    expect(shownName('example.test.')).toBe('example.test');
    expect(shownName('.')).toBe('<Root>');
  });

  it('of addresses run backwards', () => {
    expect(reverseName(Uint8Array.of(127, 0, 40, 1))).toBe('1.40.0.127.in-addr.arpa.');
    expect(reverseName(Uint8Array.of(...new Array<number>(15).fill(0), 1))).toBe(`1.${'0.'.repeat(31)}ip6.arpa.`);
  });
});
