// Notes of a swarm on one line each: names and numbers, the same in every language, whatever the trace says.

import { expect, it } from 'vitest';
import { noteText } from './noteText';
import { parseNote, type Note } from './notes';

it.each<[Note, string]>([
  [{ topic: 'bt.chose', piece: 3, from: '127.0.70.2:6881', why: 'rarest', copies: 1 }, 'piece 3 from 127.0.70.2:6881: rarest, 1 copy'],
  [{ topic: 'bt.chose', piece: 3, from: '127.0.70.2:6881', why: 'endgame', copies: 4 }, 'piece 3 from 127.0.70.2:6881: endgame'],
  [{ topic: 'bt.have', piece: 3, have: 2, of: 8, from: ['a:1', 'b:2'] }, 'piece 3 is right (2/8), from a:1,b:2'],
  [{ topic: 'bt.bad', piece: 3, from: ['a:1'] }, 'piece 3 is wrong, from a:1'],
  [{ topic: 'bt.choke', peer: 'a:1', what: 'unchoke', why: 'optimistic', rate: 12_345 }, 'unchoke a:1: optimistic, 12 kB/s'],
  [{ topic: 'bt.snub', peer: 'a:1', snubbed: true }, 'a:1 is late'],
  [{ topic: 'bt.cut', peer: 'a:1', why: 'bad-hash' }, 'cut a:1: bad-hash'],
  [{ topic: 'bt.done', pieces: 8, ms: 1234 }, 'all 8 pieces in 1.23\u00a0s'],
])('%j', (note, text) => {
  expect(noteText(parseNote(JSON.stringify(note)))).toBe(text);
});

it('bears notes that lack everything', () => {
  for (const topic of ['bt.chose', 'bt.have', 'bt.bad', 'bt.choke', 'bt.snub', 'bt.cut', 'bt.done', 'bt.later']) expect(noteText(parseNote(JSON.stringify({ topic })))).toEqual(expect.any(String));
});
