// The browser's parser: what it meets, where, however the bytes are cut.
import { describe, expect, it } from 'vitest';
import { encode } from '../text';
import { MAX_OBJECTS } from './browserBounds';
import { PageParser, type MetObject } from './pageParser';

const URL_OF_PAGE = 'http://site.test/dir/page.html?x=1';

function met(html: string | Uint8Array, cuts: readonly number[] = [], charset = ''): MetObject[] {
  const found: MetObject[] = [];
  const bytes = typeof html === 'string' ? encode(html) : html;
  const parser = new PageParser(URL_OF_PAGE, charset, (one) => found.push(one));
  [0, ...cuts].forEach((from, index) => parser.write(bytes.subarray(from, cuts[index])));
  parser.end();
  return found;
}
const urls = (html: string): string[] => met(html).map(({ url }) => url);

const PAGE = '<!doctype html><title>제목</title><link rel="stylesheet" href="a.css"><p>안녕 &amp; привет <img src=\'/b.png?q=1&amp;r=2\'><SCRIPT SRC=c.js></SCRIPT>';

it('meets style sheets, pictures and scripts, with absolute URLs', () => {
  expect(met(PAGE).map(({ element, url }) => [element, url])).toEqual([
    ['link', 'http://site.test/dir/a.css'],
    ['img', 'http://site.test/b.png?q=1&r=2'],
    ['script', 'http://site.test/dir/c.js'],
  ]);
});

it('tells where each tag ends, in bytes', () => {
  const bytes = Buffer.from(PAGE);
  for (const { element, offset } of met(PAGE)) {
    const before = bytes.subarray(0, offset).toString().toLowerCase();
    expect(before.slice(before.lastIndexOf('<'))).toMatch(new RegExp(`^<${element}[^>]*>$`));
  }
});

it('meets the same wherever the bytes are cut, and as early as they allow', () => {
  const whole = met(PAGE);
  for (let cut = 1; cut < encode(PAGE).length; cut++) expect(met(PAGE, [cut]), `cut at ${cut}`).toEqual(whole);
  const found: MetObject[] = [];
  const parser = new PageParser(URL_OF_PAGE, 'utf-8', (one) => found.push(one));
  for (const byte of encode(PAGE)) {
    parser.write(Uint8Array.of(byte));
    for (const { offset } of found) expect(offset).toBeGreaterThan(0);
  }
  expect(found).toEqual(whole);
});

describe('what is no object', () => {
  it.each([
    '<img src="data:image/png;base64,AAAA">',
    '<script>document.write("<img src=x.png>")</script>',
    '<!-- <img src="x.png"> -->',
    '<link rel="canonical" href="/x">',
    '<a href="/x">',
    '<img src="">',
    '<img src="javascript:alert(1)">',
    '<img src="http://[">',
    `<img src="/${'x'.repeat(3000)}">`,
    '<img src="page.html?x=1">',
    '<style><link rel="stylesheet" href="x.css"></style>',
  ])('%s', (html) => expect(urls(html)).toEqual([]));
});

it('meets an object once', () => expect(urls('<img src="/a"><img src="/a#x"><img src="/a">')).toEqual(['http://site.test/a']));
it('follows <base>', () => expect(urls('<base href="https://other.test/deep/"><img src="a.png">')).toEqual(['https://other.test/deep/a.png']));
it('takes other charsets, and unknown ones as UTF-8', () => {
  const korean = Uint8Array.of(...encode('<img alt="'), 0xb0, 0xa1, ...encode('" src="/a">'));
  expect(met(korean, [], 'euc-kr').map(({ url }) => url)).toEqual(['http://site.test/a']);
  expect(met('<img src="/a">', [], 'no-such-charset')).toHaveLength(1);
});
it('meets a bounded number', () => {
  expect(urls(Array.from({ length: MAX_OBJECTS + 50 }, (_, index) => `<img src="/${index}">`).join(''))).toHaveLength(MAX_OBJECTS);
});
