// What a search in the palette finds, and in which order.
import { describe, expect, it } from 'vitest';
import { findItems, type PaletteItem } from './palette';

const items: PaletteItem[] = [
  { type: 'lab', id: 'tcp-echo', text: 'Echo: the client that closes too early', about: 'Three lines go out' },
  { type: 'lab', id: 'daytime', text: 'Daytime', about: 'A server that tells the time to an echo' },
  { type: 'command', id: 'play.next', text: 'Next event', keys: ['→'] },
];
const found = (search: string): string[] => findItems(items, search).map((item) => item.id);

describe('the palette', () => {
  it('shows everything before a search', () => expect(found('')).toEqual(['tcp-echo', 'daytime', 'play.next']));
  it('puts names that begin so first, then names, then descriptions', () => {
    expect(found('echo')).toEqual(['tcp-echo', 'daytime']);
    expect(found('e')).toEqual(['tcp-echo', 'daytime', 'play.next']);
  });
  it('needs every word, in any case', () => expect(found('CLIENT closes')).toEqual(['tcp-echo']));
  it('finds ids too', () => expect(found('tcp')).toEqual(['tcp-echo']));
  it('finds nothing for nonsense', () => expect(found('zzz')).toEqual([]));
});
