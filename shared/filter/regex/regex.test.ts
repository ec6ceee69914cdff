// Regular expressions: they find what those of JavaScript find, say what they do not know, and no pattern makes them slow.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cpuTime } from '../../base/cpuTime.fixture';
import { latin1Bytes } from '../literals';
import { RegexFault } from './parse';
import { compileRegex } from './regex';

const found = (pattern: string, text: string): boolean => compileRegex(pattern).test(latin1Bytes(text));

describe('a pattern', () => {
  it.each<readonly [pattern: string, finds: readonly string[], not: readonly string[]]>([
    ['cldc', ['CLDC', 'a cLdC b'], ['cl dc']], ['(?-i)cldc', ['cldc'], ['CLDC']], ['(?i:A)(?-i:b)', ['ab', 'Ab'], ['aB']], ['^a$', ['a', 'a\n'], ['ba', 'a\nb', 'a\n\n']], ['(?m)^b$', ['a\nb\nc'], ['ab']], ['\\Aa\\z', ['a'], ['a\n', ' a']],
    ['a.c', ['abc', 'a\tc'], ['a\nc']], ['(?s)a.c', ['a\nc'], ['ac']], ['a{2,3}b', ['aab', 'aaaab'], ['ab']], ['a{2', ['a{2'], ['aa']], ['[^a-c]', ['d'], ['abc', 'ABC']], ['[]a]', [']', 'a'], ['[']], ['[[:alpha:]_]+\\d', ['x_1'], ['1']],
    ['\\bfoo\\b', ['a foo b', 'foo'], ['food', 'afoo']], ['\\Bo', ['foo'], ['o o']], ['\\x41\\101\\x{42}', ['AAB', 'aab'], ['AB']], ['\\Qa.b\\E+', ['a.b', 'A.bb'], ['axb']], ['(?x) a b # none', ['ab'], ['a b']], ['(?#no)a', ['a'], ['b']],
    ['x\\Ry', ['x\r\ny', 'x\ny'], ['x y']], ['(?<n>a)|(?P<m>b)', ['b'], ['c']], ['', ['', 'a'], []], ['a??b|', ['x'], []], ['[\\d-]x', ['-x', '1x'], ['ax']], ['\\cA\\e', ['\x01\x1b'], ['A']], ['\\0', ['\0'], ['0']],
  ])('%s', (pattern, finds, not) => {
    for (const text of finds) expect(found(pattern, text), JSON.stringify(text)).toBe(true);
    for (const text of not) expect(found(pattern, text), JSON.stringify(text)).toBe(false);
  });

  it.each(['(a', 'a)', '[a', 'a\\', '*a', 'a{3,2}', 'a{2000}', '(?=a)', '(?<=a)', '(?>a)', 'a++', '(a)\\1', '\\k<n>', '\\p{L}', '\\K', '[z-a]', '[[:nope:]]', '(?#a', '(*UTF8)a', '^*', '\\x{100}'])('%s is refused', (pattern) => {
    expect(() => compileRegex(pattern)).toThrow(RegexFault);
  });

  it('finds what JavaScript finds', () => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\d', '\\w', '\\b', '^', '$', '(?:ab|b)', '(a|bb)', ' ', '0');
    const piece = fc.tuple(atom, fc.constantFrom('', '', '*', '+', '?', '{1,2}', '{2}')).map(([one, count]) => (/^(?:\\b|\^|\$)$/.test(one) ? one : `${one}${count}`));
    const pattern = fc.array(fc.array(piece, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('')), { minLength: 1, maxLength: 3 }).map((ways) => ways.join('|'));
    fc.assert(fc.property(pattern, fc.array(fc.constantFrom('a', 'b', 'B', ' ', '0', '_', 'é'), { maxLength: 12 }).map((letters) => letters.join('')), (source, text) => {
      expect(found(source, text)).toBe(new RegExp(source, 'i').test(text));
    }), { numRuns: 1500, seed: 3 });
  });

  it('that would make others go back for ever is done at once', () => {
    const long = latin1Bytes(`${'a'.repeat(100_000)}!`);
    const began = cpuTime();
    for (const pattern of ['(a+)+$', '(a|aa)*b', '(.*)*x', '(a*)*(a*)*(a*)*b', '(?:a?){30}a{30}b', '(a|b)*a(a|b){10}c']) expect(compileRegex(pattern).test(long), pattern).toBe(false);
    expect(began()).toBeLessThan(10_000);
  });
});
