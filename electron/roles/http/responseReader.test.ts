// Responses out of bytes, whole and in every piece; what is broken is said, what is cut is known to be.
import { describe, expect, it } from 'vitest';
import { encode } from '../text';
import { NoHttp, ResponseReader, type HttpResponse } from './responseReader';

/** Everything that can be read of `text`, given in pieces of `size` bytes. */
function read(text: string, { method = 'GET', size = text.length, end = true } = {}): HttpResponse[] {
  const reader = new ResponseReader();
  const found: HttpResponse[] = [];
  const take = (): void => {
    for (let next = reader.next(method); next !== null; next = reader.next(method)) found.push(next);
  };
  const bytes = encode(text);
  for (let at = 0; at < bytes.length; at += size) {
    reader.push(bytes.subarray(at, at + size));
    take();
  }
  if (end) reader.end();
  if (end && reader.pending > 0) take();
  return found;
}

const said = (responses: readonly HttpResponse[]): string[] => responses.map(({ status, framing, complete, body }) => `${status} ${framing} ${complete ? 'whole' : 'cut'} ${new TextDecoder().decode(body)}`);

const LENGTH = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello';
const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\nX-Sum: 5\r\n\r\n';

describe('finds the end', () => {
  it.each([
    ['by length', LENGTH, ['200 length whole hello']],
    ['by chunks', CHUNKED, ['200 chunked whole hello']],
    ['with the connection', 'HTTP/1.0 200 OK\r\n\r\nhello', ['200 close whole hello']],
    ['at once: 204 and 304', 'HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n', ['204 none whole ', '304 none whole ']],
    ['of several in a row', LENGTH + CHUNKED + LENGTH, ['200 length whole hello', '200 chunked whole hello', '200 length whole hello']],
    ['after an interim answer', `HTTP/1.1 100 Continue\r\n\r\n${LENGTH}`, ['100 none whole ', '200 length whole hello']],
    ['too early, by length', LENGTH.slice(0, -2), ['200 length cut hel']],
    ['too early, in a chunk', CHUNKED.slice(0, CHUNKED.indexOf('lo\r\n')), ['200 chunked cut hel']],
  ])('%s', (_how, text, expected) => {
    for (let size = 1; size <= text.length; size += 3) expect(said(read(text, { size }))).toEqual(expected);
  });
  it('of an answer to HEAD, whatever its length says', () => expect(said(read(LENGTH.slice(0, -5), { method: 'HEAD' }))).toEqual(['200 none whole ']));
  it('never before it is there: no prefix is whole', () => {
    for (const text of [LENGTH, CHUNKED]) for (let end = 0; end < text.length; end++) expect(read(text.slice(0, end), { end: false })).toEqual([]);
  });
});

it('trailers', () => expect(read(CHUNKED)[0]?.trailers).toEqual([['X-Sum', '5']]));
it('header lines in order, names twice', () => expect(read('HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nset-cookie:b=2\r\nContent-Length: 0\r\n\r\n')[0]?.headers).toEqual([['Set-Cookie', 'a=1'], ['set-cookie', 'b=2'], ['Content-Length', '0']]));
it('no HTTP: said', () => {
  for (const text of ['hello there', 'HTTP/1.1 abc\r\n\r\n', 'HTTP/1.1 200 OK\r\nno colon\r\n\r\n', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc']) expect(() => read(text), text).toThrow(NoHttp);
});
