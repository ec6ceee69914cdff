// The page of a visit: what was typed may be moved, asked about with 304, or come from the cache without a word.
import { describe, expect, it } from 'vitest';
import { eventSeq, micros, roleIx } from '../../../shared/base/brand';
import type { AppStory, HttpExchange } from '../../../shared/trace/app/appStory';
import type { Note } from '../../../shared/trace/notes';
import type { HappenedStory } from '../../timeline/happened';
import { visitAt } from './visit';

/** Every fact is a moment of its own, at its own time. */
const STORY = { moments: { count: 100 }, momentOfFact: (seq: number) => seq, momentTime: (at: number) => micros(at) } as unknown as HappenedStory;
const PAGE = 'http://a.test/';

/** `get(3, url, 304)`: asked at 3, answered at 4. */
const get = (t: number, url: string, status: number): HttpExchange => ({
  id: t, clientRole: roleIx(0), request: { depart: micros(t), head: { url } }, response: { head: { status }, headers: [], firstRead: micros(t + 1), arrive: micros(t + 1), complete: true },
}) as unknown as HttpExchange;

function objectsOf(notes: readonly [number, Note][], exchanges: readonly HttpExchange[]) {
  const app = { notes: notes.map(([t, note]) => ({ seq: eventSeq(t), t: micros(t), role: roleIx(0), note })), exchanges } as unknown as AppStory;
  return visitAt(STORY, app, 90)?.objects.map(({ url, from, status }) => `${url.replace(PAGE, '/')} ${from ?? '-'} ${status}`);
}
const visit = (): Note => ({ topic: 'page.visit', url: PAGE });
const met = (url: string): Note => ({ topic: 'page.met', url, element: 'img', offset: 0 });
const loaded = (url: string, from: 'network' | 'cache'): Note => ({ topic: 'page.loaded', url, from, type: 'text/html', size: 1 });

describe('the page of a visit', () => {
  it('is what was typed', () => {
    expect(objectsOf([[1, visit()], [4, met(`${PAGE}a.png`)], [5, loaded(PAGE, 'network')]], [get(2, PAGE, 200), get(5, `${PAGE}a.png`, 200)])).toEqual(['/ network 200', '/a.png - 200']);
  });
  it('is where a redirect leads', () => {
    expect(objectsOf([[1, visit()]], [get(2, PAGE, 301), get(4, `${PAGE}moved`, 200)])).toEqual(['/moved - 200']);
  });
  it('is the one that still holds, not the picture that comes after it', () => {
    const notes: [number, Note][] = [[10, visit()], [14, loaded(PAGE, 'cache')], [15, met(`${PAGE}a.png`)]];
    expect(objectsOf(notes, [get(2, PAGE, 200), get(12, PAGE, 304), get(16, `${PAGE}a.png`, 200)])).toEqual(['/ cache 304', '/a.png - 200']);
  });
  it('is the one that the cache gave without asking', () => {
    const notes: [number, Note][] = [[10, visit()], [11, loaded(PAGE, 'cache')], [12, met(`${PAGE}a.png`)]];
    expect(objectsOf(notes, [get(2, PAGE, 200), get(13, `${PAGE}a.png`, 200)])).toEqual(['/ cache 0', '/a.png - 200']);
  });
});
