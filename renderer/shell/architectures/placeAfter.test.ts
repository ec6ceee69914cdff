// The arrow keys in the table of architectures.
import { expect, it } from 'vitest';
import { placeAfter } from './placeAfter';

it.each([
  ['structure client-server', 'ArrowRight', 'structure p2p'],
  ['structure p2p', 'ArrowDown', 'roles p2p'],
  ['roles p2p', 'ArrowUp', 'structure p2p'],
  ['failure hybrid', 'ArrowLeft', 'failure p2p'],
  ['failure hybrid', 'Home', 'failure client-server'],
  ['failure client-server', 'End', 'failure hybrid'],
])('from %s by %s to %s', (from, key, to) => expect(placeAfter(from, key)).toBe(to));

it.each([
  ['structure client-server', 'ArrowUp'],
  ['structure client-server', 'ArrowLeft'],
  ['structure client-server', 'Home'],
  ['security hybrid', 'ArrowDown'],
  ['security hybrid', 'ArrowRight'],
  ['roles p2p', 'Enter'],
])('from %s by %s nowhere', (from, key) => expect(placeAfter(from, key)).toBeNull());
