// Heads that no program should take, as those see them who only look on: what can be told apart has its fields, with what is wrong.

import { describe, expect, it } from 'vitest';
import { findField, walkFields } from '../field';
import { latin1Bytes } from './chars';
import { fieldsOfMessage } from './fields';
import { http, told } from './read.fixture';

const response = { kind: 'response', tolerant: true } as const;
const request = { kind: 'request', tolerant: true } as const;
const answer = (...lines: readonly string[]): Uint8Array => http('HTTP/1.1 200 OK', ...lines);

const RESPONSES: readonly (readonly [string, Uint8Array, readonly string[]])[] = [
  ['versions that are none', http('HTTP/2.0x 200 OK', 'Content-Length: 2', '', 'ab'), ['start 0', 'head 0-39 200 OK content-length 2', 'body "ab"', 'end 41']],
  ['blanks too many', http('HTTP/1.1  404 \tgone', 'Content-Length: 0', '', ''), ['start 0', 'head 0-42 404 gone content-length 0', 'end 42']],
  ['a CR for a blank', http('HTTP/1.1 200\rOK', 'Content-Length: 0', '', ''), ['start 0', 'head 0-38 200 OK content-length 0', 'end 38']],
  ['white space before the colon', answer('Content-Length : 2', '', 'ab'), ['start 0', 'head 0-39 200 OK until-close', 'body "ab"', 'end 41']],
  ['controls in names and values', answer('\0X: 1', 'Y: a\0b', 'Content-Length: 2', '', 'ab'), ['start 0', 'head 0-53 200 OK content-length 2', 'body "ab"', 'end 55']],
  ['a header without a name', answer(': 1', 'Content-Length: 0', '', ''), ['start 0', 'head 0-43 200 OK content-length 0', 'end 43']],
  ['what is no header', answer('Content-Length: 9', 'stop', '', ''), ['start 0', 'head 0-36 200 OK content-length 9', 'body "stop\\r\\n\\r\\n"', 'cut 44']],
  ['sizes of chunks among blanks', answer('Transfer-Encoding: chunked', '', ' 2', 'ab', '1x \0', 'c', '0', '', ''), ['start 0', 'head 0-47 200 OK chunked', 'chunk 2', 'body "ab"', 'boundary 53-55', 'chunk 1x \0', 'body "c"', 'boundary 62-64', 'chunk 0', 'trailers ', 'end 69']],
  ['lengths that contradict each other', answer('Content-Length: 2', 'Content-Length: 3', '', 'ab'), ['start 0', 'head 0-57 200 OK until-close', 'body "ab"', 'end 59']],
];

describe('responses with', () => {
  it.each(RESPONSES)('%s are read on, in pieces of any size', (_name, bytes, expected) => {
    expect(told(bytes, { kind: 'response' }, bytes.length, true).some((line) => line.startsWith('malformed'))).toBe(true);
    for (let piece = 1; piece <= bytes.length; piece++) expect(told(bytes, response, piece, true), `${piece}`).toEqual(expected);
  });

  it.each(RESPONSES.filter(([, , lines]) => !lines.some((line) => line.startsWith('chunk'))))('%s are told of', (_name, bytes) => {
    expect([...walkFields(fieldsOfMessage(bytes, response))].some(({ node }) => node.problem !== undefined)).toBe(true);
  });

  it.each(['HTTP/1.1 2xx OK', 'HTTP/1.1 2000 OK', 'http/1.1 200 OK', 'HTTPS 200 OK'])('%s stay what they are', (line) => {
    expect(told(http(line, '', ''), response).at(-1)).toMatch(/^malformed/);
  });
});

it('requests whose length cannot be told end with their head', () => {
  const bytes = http('POST / HTTP/3.1', 'Content-Length: x', '', 'GET / HTTP/1.1', '', '');
  expect(told(bytes, request)).toEqual(['start 0', 'head 0-38 POST / none', 'end 38', 'start 38', 'head 38-56 GET / none', 'end 56']);
});

it('a name that is none is marked, and nobody finds its header', () => {
  const tree = fieldsOfMessage(latin1Bytes('HTTP/1.1 200 OK\r\nServer : a\r\nServer: b\r\n\r\n'), response);
  expect([findField(tree, 'http.server')?.value, findField(tree, 'http.bad_header_name')?.display, findField(tree, 'http.response.line')?.value]).toEqual(['b', 'Server ', 'Server : a']);
});
