// Bencode as BEP 3 says it: golden bytes both ways, every prefix, what it forbids, what is only named, and bombs.

import { describe, expect, it } from 'vitest';
import { concatBytes } from '../../base/bytes';
import { utf8Bytes } from '../../base/bytesText';
import { findField, walkFields } from '../field';
import { codec } from './codec';
import { decodeBencode, wholeBencode } from './decode';
import { encodeBencode, encodeBencoded, inputOf, type BencodeInput } from './encode';
import { BENCODE_LIMITS } from './limits';
import { bytesAt, entryOf, keyBytes, keyText, numberAt, textAt } from './value';

const bytes = (text: string): Uint8Array => keyBytes(text);
const read = (text: string) => decodeBencode(bytes(text));

/** Examples of BEP 3, and a small torrent. */
const GOLDEN: readonly (readonly [string, BencodeInput])[] = [
  ['4:spam', 'spam'],
  ['0:', ''],
  ['i3e', 3],
  ['i-3e', -3],
  ['i0e', 0],
  ['i9007199254740993e', 9_007_199_254_740_993n],
  ['l4:spam4:eggse', ['spam', 'eggs']],
  ['le', []],
  ['d3:cow3:moo4:spam4:eggse', new Map([['spam', 'eggs'], ['cow', 'moo']])],
  ['d4:spaml1:a1:bee', new Map([['spam', ['a', 'b']]])],
  ['de', new Map()],
  ['d8:announce31:http://127.0.70.1:6969/announce4:infod6:lengthi5e4:name5:hello12:piece lengthi16384e6:pieces3:\x00\xff\x80ee', new Map<string, BencodeInput>([
    ['info', new Map<string, BencodeInput>([['pieces', Uint8Array.of(0, 255, 128)], ['name', 'hello'], ['length', 5], ['piece length', 16_384]])],
    ['announce', 'http://127.0.70.1:6969/announce'],
  ])],
];

describe.each(GOLDEN)('%s', (text, value) => {
  it('is written and read', () => {
    expect(keyText(encodeBencode(value))).toBe(text);
    const whole = read(text);
    if (whole.status !== 'complete') throw new Error(whole.status);
    expect(whole).toMatchObject({ end: text.length, problems: [] });
    expect(keyText(encodeBencoded(whole.value))).toBe(text);
    expect(keyText(encodeBencode(inputOf(whole.value)))).toBe(text);
  });

  it('asks for more at every prefix, and shows nothing beyond it', () => {
    for (let length = 0; length < text.length; length++) {
      const answer = read(text.slice(0, length));
      expect(answer.status, text.slice(0, length)).toBe('incomplete');
      if (answer.status === 'incomplete') {
        expect(answer.need).toBeGreaterThan(length);
        expect(answer.need).toBeLessThanOrEqual(text.length);
      }
      for (const { node } of walkFields(codec.fields(bytes(text.slice(0, length)), {}, 10))) expect(node.start + node.length).toBeLessThanOrEqual(10 + length);
    }
  });

  it('has every byte in some field but the signs of lists and dictionaries', () => {
    const covered = new Set<number>();
    for (const { node } of walkFields(codec.fields(bytes(text), {}, 0))) if (node.value !== null) for (let i = 0; i < node.length; i++) covered.add(node.start + i);
    for (let i = 0; i < text.length; i++) expect(covered.has(i) || 'lde'.includes(text.charAt(i)), `byte ${i}`).toBe(true);
  });
});

it('says where each value lies, so that the bytes of an info dictionary can be hashed', () => {
  const torrent = wholeBencode(bytes(GOLDEN[11]?.[0] ?? ''));
  const info = entryOf(torrent, 'info');
  if (info === null) throw new Error('no info');
  expect(keyText(bytes(GOLDEN[11]?.[0] ?? '').subarray(info.start, info.end))).toMatch(/^d6:length.*e$/s);
  expect(numberAt(info, 'piece length')).toBe(16_384);
  expect(textAt(torrent, 'announce')).toBe('http://127.0.70.1:6969/announce');
  expect(bytesAt(info, 'pieces')).toEqual(Uint8Array.of(0, 255, 128));
  expect([numberAt(info, 'name'), bytesAt(info, 'length'), entryOf(info, '__proto__'), numberAt(info, 'length', 6)]).toEqual([null, null, null, null]);
});

it('reads one value and leaves what follows, from any place', () => {
  expect(decodeBencode(bytes('xxi7eyy'), 2)).toMatchObject({ status: 'complete', end: 5, value: { start: 2, end: 5, value: 7 } });
  expect(decodeBencode(bytes('xx3:ab'), 2)).toEqual({ status: 'incomplete', need: 7 });
  expect(wholeBencode(bytes('i7ey'))).toBeNull();
  expect(codec.decode(bytes('i7eyy'), {})).toMatchObject({ length: 3, payload: { start: 3, end: 5 } });
});

it.each([
  ['i03e', 1, 'a number with a leading zero'], ['i-0e', 1, 'a negative zero'], ['ie', 1, 'a number without digits'], ['i-e', 2, 'a number without digits'], ['i+1e', 1, 'a number without digits'],
  ['i1.5e', 2, 'not a digit'], ['03:abc', 0, 'a number with a leading zero'], ['-1:a', 0, 'no value begins so'], ['1;a', 1, 'not a digit'], ['x', 0, 'no value begins so'], ['e', 0, 'no value begins so'],
  ['di1e1:ae', 1, 'a key is a byte string'], ['d1:ae', 4, 'no value begins so'], ['99999999999:a', 0, 'a string of 99999999999 bytes'], ['l1:a*', 4, 'no value begins so'],
  [`i${'9'.repeat(60)}e`, 41, 'a number of more than 40 digits'],
] as const)('%s is refused', (text, at, why) => {
  expect(read(text)).toEqual({ status: 'malformed', at, why });
  const problems = [...walkFields(codec.fields(bytes(text), {}, 0))].flatMap(({ node }) => node.problem ?? []);
  expect(problems).toEqual([why]);
});

it('names keys that are out of order or there twice, and reads on', () => {
  const text = 'd1:b1:x1:a1:y1:b1:ze';
  const whole = read(text);
  if (whole.status !== 'complete' || whole.value.type !== 'dictionary') throw new Error(whole.status);
  expect(whole.problems).toEqual([{ at: 7, why: 'the key is out of order' }, { at: 13, why: 'the key is there twice' }]);
  expect([...whole.value.map.keys()]).toEqual(['b', 'a']);
  expect(textAt(whole.value, 'b')).toBe('x');
  expect(whole.value.entries).toHaveLength(3);
  // Read back to the byte, and sorted when it is written anew.
  expect(keyText(encodeBencoded(whole.value))).toBe(text);
  expect(keyText(encodeBencode(inputOf(whole.value)))).toBe('d1:a1:y1:b1:xe');
  const entries = [...walkFields(codec.fields(bytes(text), {}, 0))].filter(({ node }) => node.name === 'bencode.dict.entry').map(({ node }) => [node.display, node.problem]);
  expect(entries).toEqual([['b: x', undefined], ['a: y', 'the key is out of order'], ['b: z', 'the key is there twice']]);
});

it('keeps keys that objects would stumble over', () => {
  const whole = read('d9:__proto__i1e11:constructori2ee');
  if (whole.status !== 'complete' || whole.value.type !== 'dictionary') throw new Error(whole.status);
  expect([...whole.value.map.keys()]).toEqual(['__proto__', 'constructor']);
});

it('shows text as text, one line, and other bytes as hex', () => {
  const shown = (value: Uint8Array): string | undefined => findField(codec.fields(concatBytes(bytes(`${value.length}:`), value), {}, 0), 'bencode.str')?.display;
  expect(shown(utf8Bytes('Лекция 5'))).toBe('Лекция 5');
  expect(shown(Uint8Array.of(1, 2, 255))).toBe('01 02 ff');
  expect(shown(utf8Bytes('a\u202eb'))).toBe('61 e2 80 ae 62');
  expect(shown(utf8Bytes('x'.repeat(5000)))?.length).toBeLessThan(300);
});

it('cannot write what has no bencode', () => {
  expect(() => encodeBencode(1.5)).toThrow(RangeError);
  expect(() => encodeBencode(2 ** 60)).toThrow(RangeError);
  expect(() => encodeBencode(new Map([['ключ', 1]]))).toThrow(RangeError);
});

describe('bombs', () => {
  it('nesting ends at its bound', () => {
    expect(read('l'.repeat(100_000))).toEqual({ status: 'malformed', at: BENCODE_LIMITS.depth, why: `nested deeper than ${BENCODE_LIMITS.depth}` });
    const deep = 'l'.repeat(BENCODE_LIMITS.depth) + 'e'.repeat(BENCODE_LIMITS.depth);
    expect(read(deep).status).toBe('complete');
    expect(codec.fields(bytes('d1:a'.repeat(50_000)), {}, 0).length).toBe(200_000);
  });

  it('so does the number of values, and what is shown', () => {
    const many = bytes(`l${'le'.repeat(BENCODE_LIMITS.values)}e`);
    expect(decodeBencode(many)).toMatchObject({ status: 'malformed', why: `more than ${BENCODE_LIMITS.values} values` });
    expect([...walkFields(codec.fields(many, {}, 0))].length).toBeLessThanOrEqual(BENCODE_LIMITS.treeItems + 10);
  });
});
