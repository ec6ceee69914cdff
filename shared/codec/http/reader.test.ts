// What a reader of one direction tells: where messages begin and end, whatever the pieces that they come in.

import { describe, expect, it } from 'vitest';
import { cpuTime } from '../../base/cpuTime.fixture';
import { CODEC_LIMITS } from '../limits';
import { concatBytes } from '../../base/bytes';
import { latin1Bytes } from './chars';
import { http, told } from './read.fixture';
import { HttpStreamReader } from './reader';

const GET = http('GET /api/user HTTP/1.1', 'Host: 127.0.40.1', '', '');
const asRequest = { kind: 'request' } as const;
const asResponse = { kind: 'response' } as const;

describe('where a message ends', () => {
  it('a request without a length ends with its head', () => {
    expect(told(GET, asRequest)).toEqual(['start 0', 'head 0-44 GET /api/user none', 'end 44']);
  });

  it('a length says how much comes, and what comes then is the next message', () => {
    const post = http('POST / HTTP/1.1', 'Host: a', 'Content-Length: 5', '', 'hello');
    expect(told(concatBytes(post, GET), asRequest)).toEqual([
      'start 0', 'head 0-47 POST / content-length 5', 'body "hello"', 'end 52', 'start 52', 'head 52-96 GET /api/user none', 'end 96',
    ]);
  });

  it('chunks say it piece by piece, and trailers come behind the last', () => {
    const chunked = http('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', '', '4', 'Wiki', '6;name="a;b"', 'pedia ', '0', 'Digest: x', '', '');
    expect(told(chunked, asResponse)).toEqual([
      'start 0', 'head 0-47 200 OK chunked', 'chunk 4', 'body "Wiki"', 'boundary 54-56', 'chunk 6;name="a;b"', 'body "pedia "', 'boundary 76-78', 'chunk 0', 'trailers Digest: x', `end ${chunked.length}`,
    ]);
  });

  it('a response that says nothing goes on until the close', () => {
    const response = http('HTTP/1.0 200 OK', '', 'to the end');
    expect(told(response, asResponse)).toEqual(['start 0', 'head 0-19 200 OK until-close', 'body "to the end"']);
    expect(told(response, asResponse, 3, true).slice(-2)).toEqual(['body "to the end"', 'end 29']);
  });

  it('the answer to HEAD, 204 and 304 have no body, whatever they say', () => {
    const head = http('HTTP/1.1 200 OK', 'Content-Length: 500', '', '');
    expect(told(head, { kind: 'response', methodOf: () => 'HEAD' }).slice(1)).toEqual(['head 0-40 200 OK none', 'end 40']);
    for (const status of ['204 No Content', '304 Not Modified']) expect(told(http(`HTTP/1.1 ${status}`, 'Content-Length: 9', '', ''), asResponse)[1]).toContain(`${status} none`);
  });

  it('interim responses do not use up a request', () => {
    const asked: number[] = [];
    const methodOf = (response: number): string => {
      asked.push(response);
      return response === 0 ? 'HEAD' : 'GET';
    };
    const bytes = concatBytes(http('HTTP/1.1 100 Continue', '', ''), http('HTTP/1.1 103 Early Hints', 'Link: x', '', ''), http('HTTP/1.1 200 OK', 'Content-Length: 3', '', ''), http('HTTP/1.1 200 OK', 'Content-Length: 3', '', 'abc'));
    expect(told(bytes, { kind: 'response', methodOf }).filter((text) => /head|body/.test(text))).toEqual([
      'head 0-25 100 Continue none interim', 'head 25-62 103 Early Hints none interim', 'head 62-100 200 OK none', 'head 100-138 200 OK content-length 3', 'body "abc"',
    ]);
    expect(asked).toEqual([0, 1]);
  });

  it('behind 101 and behind the answer to CONNECT is no HTTP', () => {
    const bytes = concatBytes(http('HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', '', ''), latin1Bytes('\x81\x05hello'));
    expect(told(bytes, asResponse).at(-1)).toBe('handover 56 to tunnel with 7 B');
    expect(told(http('HTTP/1.1 200 OK', '', '\x16\x03'), { kind: 'response', methodOf: () => 'CONNECT' }).at(-1)).toBe('handover 19 to tunnel with 2 B');
  });

  it('the preface of HTTP/2 is no request', () => {
    const preface = http('PRI * HTTP/2.0', '', 'SM', '', '', '');
    for (const piece of [1, 5, preface.length]) {
      const last = told(preface, asRequest, piece).at(-1) ?? '';
      expect(last).toMatch(/^handover 0 to http2 with \d+ B$/);
    }
    expect(told(preface, asRequest).at(-1)).toBe('handover 0 to http2 with 26 B');
  });
});

describe('what contradicts itself', () => {
  const post = (...headers: string[]): string => told(http('POST / HTTP/1.1', 'Host: a', ...headers, '', ''), asRequest).at(-1) ?? '';
  it.each([
    [['Content-Length: 5', 'Content-Length: 6'], 'lengths that contradict each other'], [['Content-Length: 5, 6'], 'lengths that contradict each other'],
    [['Content-Length: -1'], 'not a length'], [['Content-Length: 5x'], 'not a length'], [['Content-Length:'], 'not a length'], [['Content-Length: 99999999999999999999'], 'not a length'],
    [['Transfer-Encoding: gzip'], 'the last coding is not chunked'], [['Transfer-Encoding: chunked, gzip'], 'the last coding is not chunked'], [['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'], 'chunked is there twice'], [['Transfer-Encoding:', 'Content-Length: 5'], 'the last coding is not chunked'],
    [['Host : b'], 'white space in or behind a name'], [['no colon'], 'white space in or behind a name'], [['X(: a'], 'a name of a header has no such byte'], [['nocolon'], 'a header without a colon'], [[': x'], 'a header without a name'],
    [['X: a\rb'], 'CR without LF'], [['X: a\0b'], 'a control'], [['X: a\x7fb'], 'a control in a header'],
  ])('%j is refused', (headers, why) => {
    expect(post(...headers)).toMatch(/^malformed \d+: /);
    expect(post(...headers)).toContain(why);
  });

  it('the same length twice is taken for once; a coding beats a length', () => {
    expect(post('Content-Length: 5', 'Content-Length: 5')).toContain('content-length 5');
    expect(post('Content-Length: 5, 5')).toContain('content-length 5');
    expect(post('Content-Length: 5', 'Transfer-Encoding: chunked')).toContain(' chunked');
    expect(post('Transfer-Encoding: gzip, chunked')).toContain(' chunked');
  });

  it('a response whose last coding is another goes on until the close', () => {
    for (const coding of ['gzip', 'chunked, gzip']) expect(told(http('HTTP/1.1 200 OK', `Transfer-Encoding: ${coding}`, '', ''), asResponse).at(-1)).toContain('until-close');
  });

  it.each([
    ['5 \r\nhello', 'not an extension'], ['5 x\r\nhello', 'not an extension'], ['5;\r\nhello', 'not an extension'], ['5;a="b\r\nhello', 'not an extension'], ['5\nhello', 'a size of a chunk has hex digits only'], ['x', 'no size of a chunk'], ['-1', 'no size of a chunk'], ['0x5', 'a size of a chunk has hex digits only'],
    ['5\r\nhelloX', 'no line end behind a chunk'], ['5\r\nhello\rX', 'CR without LF'], ['5\rX', 'CR without LF'], ['11111111111111', 'a chunk too big'], ['5;a\nb', 'a control in a chunk extension'],
    [`5;${'a'.repeat(5000)}`, 'over 4096 bytes'], ['0\r\nbad trailer\r\n\r\n', 'white space in or behind a name'],
  ])('chunks %j are refused', (text, why) => {
    const head = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n';
    const last = told(latin1Bytes(head + text), asRequest).at(-1);
    expect(last).toMatch(/^malformed/);
    expect(last).toContain(why);
    expect(told(latin1Bytes(head + text), asRequest, 1).at(-1)).toBe(last);
  });
});

describe('what is no message', () => {
  it.each([
    ['\x16\x03\x01\x02\x00', 0, 'a control'], [' GET / HTTP/1.1', 0, 'a method ends with a space'], ['GE(T / HTTP/1.1', 2, 'a method ends with a space'], ['GET  / HTTP/1.1\r\n\r\n', 4, 'no target'],
    ['GET /\r\n\r\n', 5, 'no version'], ['GET / HTTP/2.0\r\n\r\n', 6, 'version 2.0 is not 1.x'], ['GET / HTTP/1.10\r\n\r\n', 6, 'not a version of HTTP'], ['GET / http/1.1\r\n\r\n', 6, 'not a version of HTTP'],
    ['GET / HTTP/1.1\r\n Host: a\r\n\r\n', 16, 'white space before the first header'],
  ])('%j, said at once', (text, at, why) => {
    expect(told(latin1Bytes(text), asRequest, 1).at(-1)).toBe(`malformed ${at}: ${why}`);
  });

  it.each([['HTTP/2 200', 5, 'not a version of HTTP'], ['ICY 200 OK', 0, 'not a version of HTTP'], ['HTTP/1.1 20 OK\r\n\r\n', 11, 'a status has three digits'], ['HTTP/1.1 2000\r\n\r\n', 12, 'a status has three digits'], ['HTTP/1.1\r\n\r\n', 8, 'a version is followed by a space']])('%j as a response', (text, at, why) => {
    expect(told(latin1Bytes(text), asResponse).at(-1)).toBe(`malformed ${at}: ${why}`);
  });

  it('a head may not grow without end', () => {
    const endless = latin1Bytes(`GET / HTTP/1.1\r\nX: ${'a'.repeat(CODEC_LIMITS.httpHead)}`);
    expect(told(endless, asRequest, 1000).at(-1)).toBe(`malformed ${CODEC_LIMITS.httpHead}: a head over 65536 bytes`);
    const many = http('GET / HTTP/1.1', ...Array.from({ length: CODEC_LIMITS.httpHeaders + 1 }, (_, i) => `X-${i}: 1`), '', '');
    expect(told(many, asRequest).at(-1)).toContain('more than 256 headers');
  });
});

describe('what is forgiven, and said', () => {
  const problemsOf = (bytes: Uint8Array): string[] => new HttpStreamReader(asRequest).push(bytes).flatMap((event) => (event.type === 'head' ? event.head.problems.map(({ at, why }) => `${at}: ${why}`) : []));
  it('lone line feeds, folded lines, empty lines before, bytes beyond ASCII, no Host or two', () => {
    expect(problemsOf(latin1Bytes('GET / HTTP/1.1\nHost: a\r\n\r\n'))).toEqual(['14: a line ends with LF alone']);
    expect(problemsOf(http('GET / HTTP/1.1', 'Host: a', 'X: b', '  c', '', ''))).toEqual(['31: a header goes on in the next line']);
    expect(problemsOf(http('', '', 'GET /\xe9 HTTP/1.1', 'Host: a', '', ''))).toEqual(['9: a target has ASCII only']);
    expect(problemsOf(http('GET / HTTP/1.1', '', ''))).toEqual(['16: no Host']);
    expect(problemsOf(http('GET / HTTP/1.0', '', ''))).toEqual([]);
    expect(problemsOf(http('GET / HTTP/1.0', 'Transfer-Encoding: chunked', '', ''))).toEqual(['16: Transfer-Encoding in HTTP/1.0']);
    expect(problemsOf(http('GET / HTTP/1.1', 'Host: a', 'Transfer-Encoding: chunked', 'Content-Length: 1', '', ''))).toEqual(['25: Transfer-Encoding and Content-Length']);
    expect(problemsOf(http('GET / HTTP/1.1', 'Host: a', 'Host: b', '', ''))).toEqual(['25: more than one Host']);
  });

  it('a folded value is one with a space', () => {
    const events = new HttpStreamReader(asRequest).push(http('GET / HTTP/1.1', 'Host: a', 'X:  b \t', '\t c ', 'Y: d', '', ''));
    expect(events[1]).toMatchObject({ head: { headers: [{ name: 'Host', value: 'a' }, { name: 'X', value: 'b c' }, { name: 'Y', value: 'd' }] } });
  });
});

describe('pieces', () => {
  const stream = concatBytes(
    http('', 'POST /a?b=c HTTP/1.1', 'Host: a', 'Transfer-Encoding: chunked', '', '3', 'abc', '00a;x', '0123456789', '0', 'T: u', '', ''),
    http('PUT /b HTTP/1.1', 'Host: a', 'Content-Length: 4', '', 'four'), GET,
  );

  it('tell the same, whatever their size', () => {
    const whole = told(stream, asRequest);
    expect(whole.filter((text) => text.startsWith('end'))).toHaveLength(3);
    for (let piece = 1; piece < 60; piece++) expect(told(stream, asRequest, piece), `${piece}`).toEqual(whole);
  });

  it('of every prefix are a beginning of the whole, never wrong and never a throw', () => {
    const whole = told(stream, asRequest).filter((text) => !text.startsWith('body'));
    for (let length = 0; length <= stream.length; length++) {
      const part = told(stream.subarray(0, length), asRequest).filter((text) => !text.startsWith('body'));
      expect(whole.slice(0, part.length), `${length}`).toEqual(part);
    }
  });

  it('cut off by the end of the stream are said to be', () => {
    expect(told(stream.subarray(0, 20), asRequest, 7, true).at(-1)).toBe('cut 20');
    expect(told(stream.subarray(0, stream.length - GET.length - 1), asRequest, 7, true).at(-1)).toBe(`cut ${stream.length - GET.length - 1}`);
    expect(told(stream, asRequest, 7, true).at(-1)).toBe(`end ${stream.length}`);
  });

  it('that are not kept may be inside a body only', () => {
    const reader = new HttpStreamReader({ kind: 'request', start: 1000 });
    reader.push(http('POST / HTTP/1.1', 'Host: a', 'Content-Length: 100', '', 'abc'));
    const at = reader.position;
    expect(reader.skip(97)).toEqual([{ type: 'body', start: at, end: at + 97 }, { type: 'end', at: at + 97 }]);
    expect(reader.skip(1)).toEqual([{ type: 'malformed', at: at + 97, why: 'bytes are not kept' }]);
    expect(reader.push(GET)).toEqual([]);
  });

  it('one byte at a time, a head of 64 KiB is read in a moment', () => {
    const big = http('GET / HTTP/1.1', 'Host: a', `X: ${'a'.repeat(65_000)}`, '', '');
    const started = cpuTime();
    expect(told(big, asRequest, 1)).toHaveLength(3);
    expect(started()).toBeLessThan(2000);
  });
});
