// What is no filter, and where: every error points at its place. And no text, however odd, makes the parser throw or think for long.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cpuTime } from '../base/cpuTime.fixture';
import { FIELD_TYPES } from '../codec/schema';
import type { FilterError } from './filter';
import { FILTER_LIMITS } from './limits';
import { parseFilter } from './parse';

const errorOf = (text: string): FilterError | null => {
  const parsed = parseFilter(text);
  return 'error' in parsed ? parsed.error : null;
};

describe('an error', () => {
  it.each<readonly [filter: string, code: FilterError['code'], marked: string]>([
    ['tcp.port == 80 80', 'unexpected', '80'], ['tcp udp', 'unexpected', 'udp'], ['tcp)', 'unexpected', ')'], ['== 80', 'unexpected', '=='], ['tcp;udp', 'unexpected', ';'], ['tcp.port in {80 443}', 'unexpected', '443'],
    ['(tcp.flags & 2) == 2', 'unexpected', '=='], ['tcp.port & 1 in {1}', 'unexpected', 'in'], ['日本', 'unexpected', '日'], ['tcp AND udp', 'unexpected', 'AND'], ['len(http.host, http.host) == 2', 'unexpected', 'len(http.host, http.host)'],
    ['tcp and', 'incomplete', ''], ['(tcp', 'incomplete', ''], ['tcp.port ==', 'incomplete', ''], ['not', 'incomplete', ''], ['any tcp', 'incomplete', ''],
    ['http.host == "abc', 'unended', '"abc'], ["http.host == 'a", 'unended', "'a"], ['frame[0', 'unended', '0'],
    ['foo.bar', 'unknownField', 'foo.bar'], ['tcp.prot == 80', 'unknownField', 'tcp.prot'], ['TCP', 'unknownField', 'TCP'], ['tcp and 80', 'unknownField', '80'], ['"abc"', 'unknownField', '"abc"'], ['foo(http.host) == 3', 'unknownField', 'foo'], ['.tcp.prot', 'unknownField', '.tcp.prot'],
    ['tcp.port == 65536', 'badValue', '65536'], ['tcp.port == abc', 'badValue', 'abc'], ['tcp.port == "80"', 'badValue', '"80"'], ['ip.src == 10.0.0.0/33', 'badValue', '10.0.0.0/33'], ['ip.src == 256.1.1.1', 'badValue', '256.1.1.1'],
    ['ipv6.src == fe80::/129', 'badValue', 'fe80::/129'], ['eth.src == 00:11:22', 'badValue', '00:11:22'], ['tcp.payload contains GET', 'badValue', 'GET'], ['http.host == "a\\q"', 'badValue', '\\q'], ['http.host == "\\400"', 'badValue', '\\400'],
    ["http.host == 'ab'", 'badValue', "'ab'"], ['frame[3-1]', 'badValue', '3-1'], ['frame[0:0]', 'badValue', '0:0'], ['frame[a]', 'badValue', 'a'], ['frame.time > 1600000000', 'badValue', '1600000000'], ['frame.time > "2020-02-30"', 'badValue', '"2020-02-30"'],
    ['http.host matches abc', 'badValue', 'abc'], ['tcp.port#x', 'badValue', 'x'], ['tcp.flags.syn == yes', 'badValue', 'yes'],
    ['tcp.port contains 80', 'notComparable', 'tcp.port'], ['ip.src matches "10"', 'notComparable', 'ip.src'], ['ip.src == tcp.port', 'notComparable', 'tcp.port'], ['tcp.port[0] == 1', 'notComparable', 'tcp.port'], ['1 == 1', 'notComparable', '1 == 1'],
    ['tcp.analysis.flags == 1', 'notComparable', 'tcp.analysis.flags'], ['len(http.host)', 'notComparable', 'len(http.host)'], ['upper(tcp.port) == "A"', 'notComparable', 'tcp.port'], ['http.host + "a" == "b"', 'notComparable', 'http.host'],
    ['http.host matches "^a("', 'badRegex', '('], ['http.host matches "(?=a)"', 'badRegex', '('], ['http.host matches "(a)\\\\1"', 'badRegex', '"(a)\\\\1"'],
  ])('%s: %s at %s', (filter, code, marked) => {
    const error = errorOf(filter);
    expect(error).toMatchObject({ code });
    expect(filter.slice(error?.at, (error?.at ?? 0) + (error?.length ?? 0))).toBe(marked);
  });

  it('is also what is too long, too deep or too many', () => {
    expect(errorOf(`tcp${' '.repeat(FILTER_LIMITS.length)}`)).toMatchObject({ code: 'tooLong', at: FILTER_LIMITS.length });
    expect(errorOf(`${'('.repeat(100)}tcp${')'.repeat(100)}`)).toMatchObject({ code: 'tooDeep' });
    expect(errorOf(`${'!'.repeat(100)}tcp`)).toMatchObject({ code: 'tooDeep' });
    expect(errorOf(`${'max('.repeat(70)}tcp.port${')'.repeat(70)} == 1`)).toMatchObject({ code: 'tooDeep' });
    expect(errorOf(`tcp.port in {${'1,'.repeat(1001)}1}`)).toMatchObject({ code: 'tooLong' });
    expect(errorOf(`http.host matches "${'a{500}'.repeat(50)}"`)).toMatchObject({ code: 'badRegex' });
  });
});

describe('any text', () => {
  const names = [...FIELD_TYPES.keys()];
  const piece = fc.oneof(
    fc.constantFrom(...names), fc.constantFrom('and', 'or', 'not', '!', '&&', '||', '^^', '==', '!=', '===', '!==', '<', '>=', 'contains', 'matches', 'in', 'any', 'all', '(', ')', '{', '}', '[', ']', ',', '..', '#', '&', '+', '-', '*', '/', '%'),
    fc.constantFrom('80', '0x50', '10.0.0.1/8', 'fe80::1', '00:11:22:33:44:55', '"text"', 'r"\\d+"', "'a'", '1.5', 'true', 'len(', 'max(', '[0:4]', '[-2]', '"2020-01-01"', '47:45', '#1'), fc.string({ maxLength: 4 }),
  );

  it('is a filter or has an error inside it, at once', () => {
    fc.assert(fc.property(fc.array(piece, { maxLength: 12 }), fc.constantFrom(' ', ''), (pieces, between) => {
      const text = pieces.join(between);
      const began = cpuTime();
      const error = errorOf(text);
      expect(began()).toBeLessThan(2000);
      if (error === null) return;
      expect(error.at).toBeGreaterThanOrEqual(0);
      expect(error.at + error.length).toBeLessThanOrEqual(text.length);
      expect(error.message).not.toBe('');
    }), { numRuns: 3000, seed: 6 });
  });

  it('the longest chains and the deepest nests are read in no time', () => {
    const began = cpuTime();
    for (const text of ['tcp or '.repeat(1000).concat('tcp'), '1+'.repeat(60).concat('tcp.port == 1'), '{'.repeat(60).concat('tcp.port', '}'.repeat(60), ' == 1'), 'max('.repeat(60).concat('tcp.port', ')'.repeat(60), ' == 1'), 'frame[0:1]'.concat('[0]'.repeat(60))]) {
      expect(errorOf(text), text.slice(0, 40)).toBeNull();
    }
    expect(began()).toBeLessThan(3000);
  });
});
