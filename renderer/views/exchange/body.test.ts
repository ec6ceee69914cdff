import { describe, expect, it } from 'vitest';
import { messageText } from './asText';
import { bodyViews, formFields, formParts, mediaType, shownText, textsOf } from './body';
import { codingsOf, undo } from './coding';
import { quote, toCurl } from './curl';
import { formatJson } from './json';
import { pictureOf } from './picture';
import { header, threeExchanges } from './webScene.fixture';

const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const packed = async (given: Uint8Array<ArrayBuffer>, ...formats: CompressionFormat[]): Promise<Uint8Array<ArrayBuffer>> => {
  let made = given;
  for (const format of formats) made = new Uint8Array(await new Response(new Blob([made]).stream().pipeThrough(new CompressionStream(format))).arrayBuffer());
  return made;
};
/** What a POSIX shell makes of one word (XCU 2.2): in single quotes all is literal, outside a backslash quotes one character. */
function read(word: string): string {
  const plain = word.replaceAll(/'[^']*'|\\./gsu, '');
  if (/[^\w./:=@%+-]/u.test(plain)) throw new Error(`the shell would read ${plain}`);
  return word.replaceAll(/'([^']*)'|\\(.)/gsu, '$1$2');
}
const PNG = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 3, 0, 0, 0, 2, 8, 2, 0, 0, 0]);

describe('how a body can be shown', () => {
  it('goes by the bytes where the type is silent or wrong', () => {
    expect(bodyViews(mediaType('application/json'), bytes('{"a":1}'), true)).toEqual(['json', 'text', 'hex']);
    expect(bodyViews(mediaType(''), bytes('[1,2]'), true)).toEqual(['json', 'text', 'hex']);
    expect(bodyViews(mediaType('application/json'), bytes('{"a":'), true)).toEqual(['text', 'hex']);
    expect(bodyViews(mediaType('text/plain'), PNG, true)).toEqual(['picture', 'hex']);
    expect(bodyViews(mediaType('image/png'), PNG, false)).toEqual(['hex']);
    expect(bodyViews(mediaType('application/x-www-form-urlencoded'), bytes('a=1'), true)[0]).toBe('form');
    expect(bodyViews(mediaType('image/svg+xml'), bytes('<svg onload="x()"/>'), true)).toEqual(['text', 'hex']);
  });

  it('shows no control and no turn of direction', () => {
    expect(shownText('a\r\nb\tc\u202e\u0000d\re')).toBe('a\nb\tc··d\\re');
  });

  it('leaves a character whole that two chunks share', () => {
    const all = bytes('аб');
    expect(textsOf(mediaType('text/plain; charset="utf-8"'), [all.subarray(0, 1), all.subarray(1)])).toEqual(['', 'аб']);
    expect(textsOf(mediaType('text/plain; charset=windows-1251'), [Uint8Array.of(0xfe)])).toEqual(['ю']);
    expect(textsOf(mediaType('text/plain; charset=nonsense'), [bytes('x')])).toEqual(['x']);
  });

  it('takes forms apart', () => {
    expect(formFields('a=1&b=%D1%8F+%26&c&d=%zz').map(({ name, value }) => [name, value])).toEqual([['a', '1'], ['b', 'я &'], ['c', ''], ['d', '%zz']]);
    const parts = formParts('--x\r\nContent-Disposition: form-data; name="f"; filename="a.txt"\r\n\r\nhi\r\n--x--\r\n', 'x');
    expect(parts).toEqual([{ name: 'f', file: 'a.txt', value: 'hi', size: 2 }]);
  });
});

it('JSON keeps its digits, its keys and their order', () => {
  expect(formatJson('{"b":1.50,"a":[],"2":{"x":"{,}"},"b":12345678901234567890}')).toBe('{\n  "b": 1.50,\n  "a": [],\n  "2": {\n    "x": "{,}"\n  },\n  "b": 12345678901234567890\n}');
  expect(formatJson('"text"')).toBeNull();
  expect(formatJson(`${'['.repeat(200)}${']'.repeat(200)}`)).toBeNull();
});

describe('pictures', () => {
  it('are known by their own bytes, with their size', () => {
    expect(pictureOf(PNG)).toEqual({ type: 'image/png', width: 3, height: 2 });
    expect(pictureOf(Uint8Array.from([...bytes('GIF89a'), 4, 0, 5, 0, ...new Uint8Array(8)]))).toEqual({ type: 'image/gif', width: 4, height: 5 });
    expect(pictureOf(Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc0, 0, 11, 8, 0, 6, 0, 7, 3, 0, 0]))).toEqual({ type: 'image/jpeg', width: 7, height: 6 });
  });

  it('are refused when they would unfold too far', () => {
    const huge = PNG.slice();
    huge.set([0, 1, 0, 0, 0, 1, 0, 0], 16);
    expect(pictureOf(huge)).toBeNull();
    expect(pictureOf(bytes('no picture at all, only text'))).toBeNull();
  });
});

describe('content codings', () => {
  it('are undone in reverse order', async () => {
    const twice = await packed(bytes('hello'), 'deflate', 'gzip');
    expect(await undo(twice, codingsOf('deflate, GZIP, identity'))).toEqual({ state: 'undone', bytes: bytes('hello') });
  });

  it('stop at the bound', async () => {
    const bomb = await packed(new Uint8Array(1_000_000), 'gzip');
    expect(bomb.length).toBeLessThan(2000);
    const result = await undo(bomb, ['gzip'], 5000);
    expect(result).toMatchObject({ state: 'cut' });
    expect('bytes' in result && result.bytes.length).toBe(5000);
  });

  it('say what they cannot undo', async () => {
    expect(await undo(bytes('x'), ['br'])).toEqual({ state: 'unknown', coding: 'br' });
    expect(await undo(bytes('not gzip'), ['gzip'])).toEqual({ state: 'broken', coding: 'gzip' });
  });
});

describe('as a curl command', () => {
  const exchanges = threeExchanges().props().app.exchanges;
  const [get, , post] = exchanges;
  if (get === undefined || post === undefined) throw new Error('no exchange');
  const none = { bytes: new Uint8Array(0), size: 0 };

  it('asks for the same, and for nothing that curl would add', () => {
    expect(toCurl(get, none, { address: '127.0.30.1', port: 80 })).toBe(
      "curl --http1.1 --path-as-is --connect-to web.test:80:127.0.30.1:80 --header user-agent: --header accept: http://web.test/api/user",
    );
  });

  it('sends the same body', () => {
    const text = toCurl(post, { bytes: bytes('a=1&b=%D1%8F+%26x'), size: 17 }, null);
    expect(text).toContain("--header 'Content-Type: application/x-www-form-urlencoded'");
    expect(text).toContain("--data-raw 'a=1&b=%D1%8F+%26x'");
    expect(text).toContain("'http://web.test/it'\\''s'");
    expect(text).not.toContain('--request');
  });

  it('carries bytes through printf, and says when it has not all of them', () => {
    const text = toCurl({ ...post, request: { ...post.request, head: { ...post.request.head, method: 'PUT' } } }, { bytes: Uint8Array.of(0, 255, 39), size: 9 }, null);
    expect(text).toMatch(/^# 3 B of 9 B of the body\nprintf '\\000\\377\\047' \| curl .*--request PUT .*--data-binary @-/su);
  });

  it('gives the shell and curl nothing to read', () => {
    const evil = ["$(touch /tmp/x)", "'; rm -rf ~; '", '`id`', '-o/etc/passwd', '@/etc/passwd', '!!', '*', 'a\nb', '\\'];
    for (const word of evil) expect(read(quote(word))).toBe(word);
    const headers = [header('@/etc/passwd', 'x'), header('X-Evil', "a'\r\nInjected: 1"), header('X-Empty', '')];
    const text = toCurl({ ...get, request: { ...get.request, headers } }, none, null);
    expect(text).not.toContain('/etc/passwd');
    expect(text).toContain("'X-Evil: a'\\'' Injected: 1'");
    expect(text).toContain("--header 'X-Empty;'");
  });

  it('keeps an odd target, and has an address where there is no name', () => {
    const options = { ...get, request: { ...get.request, headers: [], head: { method: 'OPTIONS', target: '*', url: '' } } };
    expect(toCurl(options, none, { address: '::1', port: 8080 })).toContain("--request OPTIONS --globoff --path-as-is --request-target '*'");
    expect(toCurl({ ...get, version: 'HTTP/2', secure: true }, none, null)).toContain('curl --http2 ');
  });
});

it('as text it is what was sent', () => {
  const [get] = threeExchanges().props().app.exchanges;
  if (get === undefined) throw new Error('no exchange');
  expect(messageText(get, 'request', new Uint8Array(0), false)).toBe('GET /api/user HTTP/1.1\nHost: web.test\n\n');
  expect(messageText(get, 'response', bytes('{}'), true)).toMatch(/^HTTP\/1.1 200 OK\nContent-Type: .*\n\n\{\}$/su);
  expect(messageText({ ...get, version: 'HTTP/2', request: { ...get.request, headers: [header(':method', 'GET')] } }, 'request', new Uint8Array(0), false)).toBe(':method: GET\n\n');
});
