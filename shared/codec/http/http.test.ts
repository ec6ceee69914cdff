// The HTTP/1 codec: golden bytes both ways, trees that name every byte, layers of a frame.

import { describe, expect, it } from 'vitest';
import { concatBytes, fromHex, toHex } from '../../base/bytes';
import { dissect, LINK_TYPE } from '../dissect';
import { assemble, part } from '../assemble';
import { findField, walkFields, type FieldNode } from '../field';
import { codec as ipv4 } from '../ipv4/codec';
import { CODEC_LIMITS } from '../limits';
import { codec as tcp, TCP_FLAGS } from '../tcp/codec';
import { latin1Bytes } from './chars';
import { codec } from './codec';
import { encodeChunk, encodeHead, encodeHttp, encodeLastChunk } from './encode';
import { fieldsOfMessage } from './fields';
import { readMessage, type HttpMessageValue } from './message';
import { http } from './read.fixture';

/** RFC 9110 3.9, the example, as bytes. */
const RFC_REQUEST = fromHex(
  '474554202f68656c6c6f2e74787420485454502f312e310d0a557365722d4167656e743a206375726c2f372e36342e310d0a486f73743a207777772e6578616d706c652e636f6d0d0a4163636570742d4c616e67756167653a20656e2c206d690d0a0d0a',
);
const RFC_RESPONSE = http(
  'HTTP/1.1 200 OK', 'Date: Mon, 27 Jul 2009 12:28:53 GMT', 'Server: Apache', 'Last-Modified: Wed, 22 Jul 2009 19:15:56 GMT', 'ETag: "34aa387-d-1568eb00"', 'Accept-Ranges: bytes', 'Content-Length: 51',
  'Vary: Accept-Encoding', 'Content-Type: text/plain', '', 'Hello World! My content includes a trailing CRLF.\r\n',
);
const CHUNKED = http('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', 'Trailer: Digest', '', '4', 'Wiki', '6;a=b', 'pedia ', '0', 'Digest: x', '', '');

/** Each byte's deepest node that is not calculated; throws where there is none or two. */
function owners(tree: FieldNode, length: number): string[] {
  const owner = new Array<string>(length).fill('');
  const visit = (node: FieldNode): void => {
    const inner = node.children.filter((child) => child.generated !== true);
    inner.forEach(visit);
    if (inner.length > 0) return;
    for (let at = node.start; at < node.start + node.length; at++) {
      if (owner[at] !== '') throw new Error(`byte ${at} is in ${owner[at] ?? ''} and in ${node.name}`);
      owner[at] = node.name;
    }
  };
  visit(tree);
  return owner;
}

const uncovered = (tree: FieldNode, length: number): number[] => owners(tree, length).flatMap((name, at) => (name === '' ? [at] : []));

describe('golden bytes', () => {
  it('of a request, both ways', () => {
    const decoded = codec.decode(RFC_REQUEST, {});
    const value: HttpMessageValue = {
      kind: 'request', method: 'GET', target: '/hello.txt', version: 'HTTP/1.1', body: new Uint8Array(0), chunks: null, trailers: [],
      headers: [{ name: 'User-Agent', value: 'curl/7.64.1' }, { name: 'Host', value: 'www.example.com' }, { name: 'Accept-Language', value: 'en, mi' }],
    };
    expect(decoded).toMatchObject({ status: 'complete', length: RFC_REQUEST.length, value });
    expect(toHex(encodeHttp(value))).toBe(toHex(RFC_REQUEST));
  });

  it('of a response, both ways', () => {
    const decoded = codec.decode(RFC_RESPONSE, {});
    if (decoded.status !== 'complete') throw new Error(decoded.status);
    expect(decoded.value).toMatchObject({ kind: 'response', status: 200, reason: 'OK' });
    expect(decoded.value.body).toHaveLength(51);
    expect(toHex(encodeHttp(decoded.value))).toBe(toHex(RFC_RESPONSE));
  });

  it('of chunks with an extension and a trailer, both ways', () => {
    const decoded = codec.decode(CHUNKED, {});
    if (decoded.status !== 'complete') throw new Error(decoded.status);
    expect(decoded.value).toMatchObject({ body: latin1Bytes('Wikipedia '), chunks: [{ size: 4, extension: '' }, { size: 6, extension: ';a=b' }], trailers: [{ name: 'Digest', value: 'x' }] });
    expect(toHex(encodeHttp(decoded.value))).toBe(toHex(CHUNKED));
  });

  it('chunks alone', () => {
    expect(encodeChunk(latin1Bytes('x'.repeat(26)))).toEqual(latin1Bytes(`1a\r\n${'x'.repeat(26)}\r\n`));
    expect(encodeChunk(new Uint8Array(0))).toHaveLength(0);
    expect(encodeLastChunk()).toEqual(latin1Bytes('0\r\n\r\n'));
  });
});

describe('writing', () => {
  const head = { kind: 'request' as const, method: 'GET', target: '/', version: 'HTTP/1.1', headers: [] };
  it('lets nobody put a line of his own into a head', () => {
    expect(() => encodeHead({ ...head, headers: [{ name: 'X', value: 'a\r\nSet-Cookie: b' }] })).toThrow(TypeError);
    expect(() => encodeHead({ ...head, headers: [{ name: 'X\r\nY', value: '' }] })).toThrow(TypeError);
    expect(() => encodeHead({ ...head, headers: [{ name: 'X', value: '\u20ac' }] })).toThrow(TypeError);
    expect(() => encodeHead({ ...head, headers: [{ name: '', value: 'a' }] })).toThrow(TypeError);
    expect(() => encodeHttp({ ...head, target: '/a b', body: new Uint8Array(0), chunks: null, trailers: [] })).toThrow(TypeError);
    expect(() => encodeHttp({ ...head, method: 'G T', body: new Uint8Array(0), chunks: null, trailers: [] })).toThrow(TypeError);
  });

  it('refuses chunks that are not the body', () => {
    const value = { ...head, body: latin1Bytes('abc'), trailers: [] };
    expect(() => encodeHttp({ ...value, chunks: [{ size: 4, extension: '' }] })).toThrow(RangeError);
    expect(() => encodeHttp({ ...value, chunks: [{ size: 2, extension: '' }] })).toThrow(RangeError);
  });
});

describe('trees', () => {
  it('name what a student meets', () => {
    const tree = fieldsOfMessage(http('POST /api/user?a=1&b=2 HTTP/1.1', 'Host: www.example.test:8080', 'Content-Type: application/json', 'Content-Length: 2', 'X-Own:  yes ', '', '{}'), { kind: 'request' });
    const values = ['http.request.method', 'http.request.uri', 'http.request.uri.path', 'http.request.uri.query', 'http.request.version', 'http.host', 'http.content_type', 'http.content_length', 'http.request.line'].map((name) => findField(tree, name)?.value);
    expect(values).toEqual(['POST', '/api/user?a=1&b=2', '/api/user', 'a=1&b=2', 'HTTP/1.1', 'www.example.test:8080', 'application/json', 2, 'X-Own: yes']);
    expect([...walkFields(tree)].flatMap(({ node }) => (node.name === 'http.request.uri.query.parameter' ? [node.value] : []))).toEqual(['a=1', 'b=2']);
    expect(findField(tree, 'http.file_data')).toMatchObject({ display: '{}', length: 2 });
    expect(tree.display).toBe('POST /api/user?a=1&b=2');
  });

  it('of a response too', () => {
    const tree = fieldsOfMessage(CHUNKED, { kind: 'response' }, 1000);
    expect(['http.response.version', 'http.response.code', 'http.response.phrase', 'http.transfer_encoding', 'http.chunk_size', 'http.chunked_trailer_part'].map((name) => findField(tree, name)?.value)).toEqual(['HTTP/1.1', 200, 'OK', 'chunked', 4, 'Digest: x']);
    expect(findField(tree, 'http.response.code')).toMatchObject({ start: 1009, length: 3 });
    expect([...walkFields(tree)].filter(({ node }) => node.name === 'http.file_data').map(({ node }) => [node.generated, node.display])).toEqual([[true, 'Wikipedia ']]);
  });

  it('tell a problem where it lies', () => {
    const tree = fieldsOfMessage(http('GET / HTTP/1.1', 'X: a', ' b', '', ''), { kind: 'request' });
    expect([...walkFields(tree)].flatMap(({ node }) => (node.problem === undefined ? [] : [`${node.name}: ${node.problem}`]))).toEqual(['http.request.line: a header goes on in the next line']);
  });

  const all = (tree: FieldNode, name: string): unknown[] => [...walkFields(tree)].flatMap(({ node }) => (node.name === name ? [node.value] : []));

  it('take cookies, credentials and transfer codings apart', () => {
    const tree = fieldsOfMessage(http('GET / HTTP/1.1', 'Cookie: a=b;c=d ; ;e=f;', 'Authorization: Basic Zm9vOmJhcg==', 'Transfer-Encoding: zstd, gzip, chunked', 'Content-Length: 3', '', '0', '', ''), { kind: 'request' });
    expect([all(tree, 'http.cookie_pair'), all(tree, 'http.authbasic')]).toEqual([['a=b', 'c=d ', 'e=f'], ['foo:bar']]);
    expect([findField(tree, 'http.te_unknown')?.display, all(tree, 'http.te_and_length').length]).toEqual(['zstd', 1]);
    const plain = fieldsOfMessage(http('GET / HTTP/1.1', 'Authorization: Bearer Zm9vOmJhcg==', 'Transfer-Encoding: chunked', '', '0', '', ''), { kind: 'request' });
    expect(['authbasic', 'te_unknown', 'te_and_length', 'cookie_pair'].flatMap((name) => all(plain, `http.${name}`))).toEqual([]);
  });

  it('take the settings of an upgrade to HTTP/2 apart, each over its signs', () => {
    const asks = (settings: string): FieldNode => fieldsOfMessage(http('GET / HTTP/1.1', 'Upgrade: h2c', `HTTP2-Settings: ${settings}`, '', ''), { kind: 'request' });
    // MAX_CONCURRENT_STREAMS 100, INITIAL_WINDOW_SIZE 65535.
    const tree = asks('AAMAAABkAAQAAP__');
    expect(['id', 'max_concurrent_streams', 'initial_window_size'].map((name) => all(tree, `http2.settings.${name}`))).toEqual([[3, 4], [100], [65_535]]);
    const at = findField(tree, 'http.http2_settings')?.children.flatMap(({ name, start, length, generated }) => (name === 'http2.settings' ? [[start, length, generated]] : []));
    expect(at).toEqual([[46, 8, true], [54, 8, true]]);
    expect(['AAMAAABkAA', '*', ''].flatMap((text) => all(asks(text), 'http2.settings'))).toEqual([]);
  });

  it('of what tells of an event are no request\'s', () => {
    const tree = fieldsOfMessage(http('NOTIFY * HTTP/1.1', 'HOST: 239.255.255.250:1900', 'NTS: ssdp:alive', '', ''), { kind: 'request' });
    expect([all(tree, 'http.notification'), all(tree, 'http.request'), all(tree, 'http.unknown_header'), all(tree, 'http.host')]).toEqual([[true], [], ['NTS: ssdp:alive\r\n'], ['239.255.255.250:1900']]);
  });

  it('have the body without its codings', () => {
    // RFC 1952 2.3 and RFC 1950 2.2 around one fixed block of DEFLATE that says 'Hello'.
    const [gzip, zlib, bare] = ['1f8b0800000000000003f348cdc9c907008289d1f705000000', '789cf348cdc9c90700058c01f5', 'f348cdc9c90700'].map(fromHex) as [Uint8Array, Uint8Array, Uint8Array];
    const named = concatBytes(fromHex('1f8b081e000000000003'), fromHex('0300616263'), latin1Bytes('name\0comment\0'), fromHex('0000'), bare);
    const coded = (coding: string, body: Uint8Array): FieldNode => fieldsOfMessage(concatBytes(http('HTTP/1.1 200 OK', `Content-Encoding: ${coding}`, `Content-Length: ${body.length}`, '', ''), body), { kind: 'response' });
    for (const [coding, body] of [['gzip', gzip], ['x-gzip', named], ['deflate', zlib], ['Deflate', bare], ['identity, gzip', gzip]] as const) {
      const tree = coded(coding, body);
      expect([all(tree, 'http.file_data'), all(tree, 'http.coded_data')], coding).toEqual([[latin1Bytes('Hello')], [body]]);
      expect(findField(tree, 'http.file_data'), coding).toMatchObject({ display: 'Hello', generated: true, length: body.length });
      expect(findField(tree, 'http.file_data')?.problem, coding).toBeUndefined();
    }
    expect(findField(coded('gzip', gzip.subarray(0, 14)), 'http.file_data')).toMatchObject({ display: 'Hel', problem: 'damaged or cut: what comes before the damage' });
    expect([all(coded('gzip', zlib), 'http.file_data'), all(coded('gzip', zlib), 'http.decompression_failed')]).toEqual([[], [null]]);
    expect([all(coded('br', gzip), 'http.file_data'), all(coded('br', gzip), 'http.decompression_failed')]).toEqual([[], [null]]);
    const chunked = fieldsOfMessage(concatBytes(http('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', 'Content-Encoding: gzip', '', '19', ''), gzip, http('', '0', '', '')), { kind: 'response' });
    expect(all(chunked, 'http.file_data')).toEqual([latin1Bytes('Hello')]);
  });

  const MESSAGES: readonly (readonly [string, Uint8Array, 'request' | 'response'])[] = [
    ['a request', RFC_REQUEST, 'request'], ['a response', RFC_RESPONSE, 'response'], ['chunks', CHUNKED, 'response'],
    ['odd white space', latin1Bytes('\r\n\r\nGET / HTTP/1.1\nHost:a\r\nX:\r\nY: \t b \t\r\nZ: c\r\n\t d\r\nCookie: a=b; c=d\r\n\r\n'), 'request'],
    ['no reason', http('HTTP/1.1 404', '', 'gone'), 'response'], ['no reason but its space', http('HTTP/1.1 404 ', '', ''), 'response'],
    ['an unfinished chunk', CHUNKED.subarray(0, 75), 'response'], ['a broken chunk', http('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', '', '4', 'Wikipedia'), 'response'],
    ['no HTTP at all', latin1Bytes('hello, world'), 'request'], ['nothing', new Uint8Array(0), 'request'],
    ['a coded body', http('HTTP/1.1 200 OK', 'Content-Encoding: gzip', 'Content-Length: 4', '', 'none'), 'response'], ['a notification', http('NOTIFY * HTTP/1.1', 'NT: x', '', ''), 'request'],
    ['two lengths', http('POST / HTTP/1.1', 'Content-Length: 1', 'Content-Length: 2', '', 'ab'), 'request'],
  ];
  it.each(MESSAGES)('leave no byte of %s without a name, and none with two', (_name, bytes, kind) => {
    expect(uncovered(fieldsOfMessage(bytes, { kind }), bytes.length)).toEqual([]);
    const loose = fieldsOfMessage(bytes, { kind, tolerant: true });
    expect(uncovered(loose, loose.length)).toEqual([]);
    for (let length = 0; length < bytes.length; length++) expect(uncovered(fieldsOfMessage(bytes.subarray(0, length), { kind }), length), `${length}`).toEqual([]);
  });

  it('stay small whatever is sent', () => {
    const headers = Array.from({ length: CODEC_LIMITS.httpHeaders }, (_, i) => `X-${i}: 1 `);
    const many = concatBytes(http('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', ...headers.slice(1), '', ''), latin1Bytes('1;a\r\nx\r\n'.repeat(20_000)), http('0', ...headers, '', ''));
    const tree = fieldsOfMessage(many, { kind: 'response' });
    expect([...walkFields(tree)].length).toBeLessThan(CODEC_LIMITS.treeItems);
    expect(uncovered(tree, many.length)).toEqual([]);
    expect(readMessage(many, { kind: 'response' })).toMatchObject({ state: 'complete', end: many.length });
  });
});

describe('in frames', () => {
  const network = { source: '127.0.10.1', destination: '127.0.40.1' };
  const frame = (payload: Uint8Array, destinationPort = 80): Uint8Array => assemble([
    part(ipv4, { ...network, protocol: 6 }), part(tcp, { sourcePort: 40_000, destinationPort, sequence: 1, flags: TCP_FLAGS.ACK }, { network }),
  ], payload);
  const layers = (payload: Uint8Array, port?: number): string[] => dissect(frame(payload, port), LINK_TYPE.ipv4).slice(2).map(({ protocol, status, start, length }) => `${protocol} ${status.status} ${start - 40}+${length}`);

  it('requests follow each other', () => {
    const n = RFC_REQUEST.length;
    expect(layers(concatBytes(RFC_REQUEST, RFC_REQUEST))).toEqual([`http complete 0+${n}`, `http complete ${n}+${n}`]);
  });

  it('a lab\'s port may stand for 80', () => {
    const seen = dissect(frame(RFC_REQUEST, 40_080), LINK_TYPE.ipv4, 0, new Map([['tcp.port:40080', 80]]));
    expect(seen.map(({ protocol }) => protocol)).toEqual(['ip', 'tcp', 'http']);
    expect(layers(RFC_REQUEST, 40_080)).toEqual([`data complete 0+${RFC_REQUEST.length}`]);
  });

  it('the middle of a body is data; a message that goes on is a part of one', () => {
    expect(layers(latin1Bytes('and so the story went on\nfor long'))).toEqual(['data complete 0+33']);
    expect(layers(fromHex('160301'))).toEqual(['data complete 0+3']);
    expect(layers(RFC_RESPONSE.subarray(0, 200))).toEqual(['http incomplete 0+200']);
    expect(layers(RFC_REQUEST.subarray(0, 2))).toEqual(['http incomplete 0+2']);
    expect(layers(http('GET / HTTP/1.1', 'Bad Header: x', '', ''))).toEqual([`http malformed 0+33`]);
  });

  it('every prefix is answered, and what it needs is not yet there', () => {
    for (const bytes of [RFC_REQUEST, RFC_RESPONSE, CHUNKED]) {
      for (let length = 0; length < bytes.length; length++) {
        const answer = codec.decode(bytes.subarray(0, length), {});
        expect(answer.status, `${length}`).toBe('incomplete');
        if (answer.status === 'incomplete') expect(answer.need).toBeGreaterThan(length);
      }
    }
    expect(codec.decode(RFC_RESPONSE.subarray(0, RFC_RESPONSE.length - 10), {})).toEqual({ status: 'incomplete', need: RFC_RESPONSE.length });
  });
});
