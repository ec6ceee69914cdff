// What a lab's author is told of matchers that can find nothing.
import { expect, it } from 'vitest';
import type { Matcher } from '../trace/match';
import { checkMatchers } from './checkMatchers';
import { filtersOf } from './matchers';

const step = (match: Matcher): string[] => checkMatchers({ steps: [{ id: 'one', match }], predictions: [] });

it('says at which place a filter is wrong', () => {
  expect(step({ filter: 'tcp.flags.syn == 1 && tcp.prot == 80' })).toEqual(['step "one": the filter is wrong at 22: tcp.prot is neither a field nor a protocol\n  tcp.flags.syn == 1 && tcp.prot == 80\n                        ^^^^^^^^']);
  expect(step({ filter: 'tcp and' })[0]).toMatch(/^step "one": the filter is wrong at 7: /);
  expect(step({ filter: '' })).toEqual(['step "one": the filter is empty']);
  expect(step({ filter: 'tcp.flags.syn == 1', role: 'client*', nth: 2, captured: true })).toEqual([]);
});

it('a matcher asks for one thing, and of a packet only what a packet has', () => {
  expect(step({})).toEqual(['step "one": a matcher has one of fact, segment, app, filter, not none']);
  expect(step({ fact: 'bytes.sent', filter: 'tcp' })).toEqual(['step "one": a matcher has one of fact, segment, app, filter, not fact and filter']);
  expect(step({ filter: 'tcp', err: 'EPIPE' })).toEqual(['step "one": "err" says nothing of packets: ask it in the filter']);
  expect(step({ segment: 'syn', captured: true })).toHaveLength(1);
});

it('looks into every condition', () => {
  const wrong: Matcher = { filter: 'tcpp' };
  const fine: Matcher = { filter: 'tcp' };
  const lab = {
    steps: [{ id: 'one', match: fine }],
    predictions: [{ id: 'guess', options: [
      { id: 'a', when: { all: [{ exists: wrong }, { any: [{ not: { exists: wrong } }] }] } }, { id: 'b', when: { before: [fine, wrong] as const } },
      { id: 'c', when: { compare: '=' as const, left: { times: 2, what: { count: wrong } }, right: { taken: wrong, until: { fact: 'bytes.sent' as const } } } }, { id: 'd', when: { compare: '<' as const, left: { number: 'x', of: wrong }, right: { bytes: wrong } } }, { id: 'e', when: { always: true as const } },
    ] }],
  };
  expect(checkMatchers(lab).map((fault) => fault.slice(0, 26))).toEqual(['a', 'a', 'b', 'c', 'c', 'd', 'd'].map((id) => `predict "guess" option "${id}"`.slice(0, 26)));
  expect(filtersOf(lab)).toEqual(['tcp', 'tcpp']);
});
