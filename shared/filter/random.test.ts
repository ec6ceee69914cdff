// Filters made at random of everything that the language has, asked of packets whole, cut and mutated: each is answered, soon, or refused at a place in it.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { valueNames } from '../codec/values';
import { dissect } from '../codec/dissect';
import { FIELD_TYPES } from '../codec/schema';
import { createRandom } from '../base/random';
import { Line } from '../packets/dissection/captured.fixture';
import { completions } from './completions';
import { matches } from './evaluate';
import { fieldSourceOf } from './fieldSource';
import { parseFilter } from './parse';

const { frames } = new Line(80).say('up', 'GET /a?b=c HTTP/1.1\r\nHost: example.com\r\n\r\n').say('down', 'HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r\nabc').close('up');
const random = createRandom(6);
const mutated = frames.map((frame) => frame.map((byte) => (random.below(12) === 0 ? random.below(256) : byte)));
const SOURCES = [...frames, ...mutated, ...frames.map((frame) => frame.subarray(0, 37)), new Uint8Array(0)].map((frame) => fieldSourceOf(dissect(frame), [frame]));

const names = [...FIELD_TYPES.keys()];
const common = names.filter((name) => /^(frame|eth|ip|tcp|http)(\.|$)/.test(name));
const field = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...common) }, fc.constantFrom(...names));
const value = fc.oneof(
  fc.integer({ min: -3, max: 70_000 }).map(String), fc.constantFrom('0x50', '10.0.0.1', '127.0.0.0/8', '::1/64', '00:00:00', '"example"', '"\\x00"', "'a'", 'TCP', '"Not set"', 'True', '1.5', '"2020-01-01"', '47:45:54', '2.5.4.3', '18446744073709551615'), field,
  field.chain((name) => fc.constantFrom(...(valueNames(name) ?? [[0, 'x'] as const]).map(([, one]) => JSON.stringify(one)))),
);
const cut = fc.constantFrom('', '', '', '[0]', '[0:2]', '[-3:]', '[1-2,4:]', '[0:1][0]', '#1', '#[-1]', '#2');
const { operand } = fc.letrec<{ operand: string }>((tie) => ({
  operand: fc.oneof({ depthSize: 'small', withCrossShrink: true },
    fc.tuple(field, cut).map((parts) => parts.join('')), value,
    fc.tuple(fc.constantFrom('len', 'count', 'lower', 'upper', 'string', 'max', 'min', 'abs'), fc.array(tie('operand'), { minLength: 1, maxLength: 3 })).map(([name, args]) => `${name}(${args.join(', ')})`),
    fc.tuple(tie('operand'), fc.constantFrom('+', '-', '*', '/', '%', '&'), tie('operand')).map((parts) => parts.join(' ')), fc.tuple(fc.constantFrom('-', '+'), tie('operand')).map((parts) => parts.join(' ')), tie('operand').map((inner) => `{${inner}}`)),
}));
const relation = fc.oneof(
  fc.tuple(operand, fc.constantFrom('==', '!=', '===', '!==', '<', '>', '<=', '>=', 'eq', 'ne', '~='), operand).map((parts) => parts.join(' ')),
  fc.tuple(operand, fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 4 })).map(([left, items]) => `${left} in {${items.map(([low, high], i) => (i % 2 === 0 ? low : `${low} .. ${high}`)).join(', ')}}`),
  fc.tuple(field, fc.constantFrom('contains', 'matches'), fc.constantFrom('"a"', '"(a|b)*c+$"', '"(a+)+$"', '47:45', '"\\\\xff"', '"[^a]{2,9}"')).map((parts) => parts.join(' ')), operand, field, fc.tuple(field, cut).map((parts) => parts.join('')),
);
const { test } = fc.letrec<{ test: string }>((tie) => ({
  test: fc.oneof({ depthSize: 'small', withCrossShrink: true }, relation, fc.tuple(fc.constantFrom('', 'any ', 'all '), relation).map((parts) => parts.join('')), tie('test').map((inner) => `not (${inner})`), fc.tuple(tie('test'), fc.constantFrom('and', 'or', 'xor', '&&', '||'), tie('test')).map((parts) => parts.join(' '))),
}));

it('is answered of every packet, or refused where it is wrong', () => {
  let asked = 0;
  fc.assert(fc.property(test, (text) => {
    const parsed = parseFilter(text);
    if ('error' in parsed) {
      const { at, length, message } = parsed.error;
      expect(at >= 0 && length >= 0 && at + length <= text.length && message !== '', text).toBe(true);
      return;
    }
    asked++;
    for (const source of SOURCES) expect(typeof matches(parsed.ok, source), text).toBe('boolean');
  }), { numRuns: 1500, seed: 6 });
  expect(asked).toBeGreaterThan(150);
});

it('is completed at any caret', () => {
  fc.assert(fc.property(test, fc.nat(400), (text, at) => {
    const caret = Math.min(at, text.length);
    const { from, to, items } = completions(text, caret);
    expect(from <= caret && caret <= to && to <= text.length && items.length <= 50, text).toBe(true);
  }), { numRuns: 500, seed: 7 });
});
