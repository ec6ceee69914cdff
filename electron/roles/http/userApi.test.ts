// The course's API and what was built around it: every method with its status, forms in both encodings, and typed bytes.
import { describe, expect, it } from 'vitest';
import { encode } from '../text';
import { AnswerBook, CANNED, cannedAnswer } from './cannedAnswers';
import { parseMultipart } from './forms';
import { valueOf, type HeaderLines } from './headers';
import { splitTarget, wholeBody, type Handler, type HttpAnswer } from './message';
import { typedBytes } from './typedBytes';
import { userApi } from './userApi';

const FORM: HeaderLines = [['Content-Type', 'application/x-www-form-urlencoded']];
const JSON_BODY: HeaderLines = [['Content-Type', 'application/json; charset=utf-8']];

/** "201 {...} /api/users/1": status, body and Location of one request. */
async function ask(handler: Handler, method: string, target: string, headers: HeaderLines = [], body: string | Uint8Array = ''): Promise<{ status: number; text: string; answer: HttpAnswer }> {
  const bytes = typeof body === 'string' ? encode(body) : body;
  const answer = await handler({ method, target, ...splitTarget(target), headers, body: bytes, version: '1.1', secure: false, client: { address: '127.0.0.1', port: 1 } });
  return { status: answer.status, text: Buffer.from(wholeBody(answer)).toString(), answer };
}

describe('the course\'s server', () => {
  it('answers /api/user in JSON, letters as they are, and 404 elsewhere', async () => {
    const api = userApi('홍길동');
    const { status, text, answer } = await ask(api, 'GET', '/api/user');
    expect([status, valueOf(answer.headers, 'content-type'), text]).toEqual([200, 'application/json', '{"name": "홍길동", "nickname": "jeff", "role": "Instructor"}']);
    for (const path of ['/', '/api/user/', '/api/users/1', '/api/users/x', '/favicon.ico']) expect((await ask(api, 'GET', path)).status, path).toBe(404);
  });
});

describe('methods', () => {
  it('make, read, change and delete a user', async () => {
    const api = userApi('x');
    const made = await ask(api, 'POST', '/api/users', FORM, 'name=%EA%B0%80+%EB%82%98&nickname=n');
    expect([made.status, valueOf(made.answer.headers, 'location'), made.text]).toEqual([201, '/api/users/1', '{"id": 1, "name": "가 나", "nickname": "n"}']);
    expect((await ask(api, 'PATCH', '/api/users/1', JSON_BODY, '{"nickname":"m"}')).text).toBe('{"id": 1, "name": "가 나", "nickname": "m"}');
    expect((await ask(api, 'PUT', '/api/users/1', JSON_BODY, '{"name":"b"}')).text).toBe('{"id": 1, "name": "b"}');
    expect((await ask(api, 'GET', '/api/users')).text).toBe('[{"id": 1, "name": "b"}]');
    expect(await ask(api, 'DELETE', '/api/users/1')).toMatchObject({ status: 204, text: '' });
    expect((await ask(api, 'GET', '/api/users/1')).status).toBe(404);
    expect((await ask(api, 'POST', '/api/users', JSON_BODY, '{"name":"c","n":1}')).text).toBe('{"id": 2, "name": "c", "n": "1"}');
  });
  it.each([
    ['DELETE', '/api/user', 405, 'GET, HEAD, OPTIONS'],
    ['PUT', '/api/users', 405, 'GET, HEAD, POST, OPTIONS'],
    ['POST', '/api/users/1', 405, 'GET, HEAD, PUT, PATCH, DELETE, OPTIONS'],
    ['OPTIONS', '/api/user', 204, 'GET, HEAD, OPTIONS'],
    ['OPTIONS', '*', 204, 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'],
    ['TRACE', '/api/user', 501, null],
    ['PROPFIND', '/', 501, null],
  ])('%s %s: %i, Allow %s', async (method, target, status, allow) => {
    const { answer } = await ask(userApi('x'), method, target);
    expect([answer.status, valueOf(answer.headers, 'allow')]).toEqual([status, allow]);
  });
  it.each([
    [[], 'name=x', 415],
    [[['Content-Type', 'text/xml']], '<a/>', 415],
    [JSON_BODY, '{"name":', 400],
    [JSON_BODY, '[1]', 400],
    [JSON_BODY, 'null', 400],
    [[['Content-Type', 'multipart/form-data']], 'x', 400],
    [FORM, `name=${'x'.repeat(300)}`, 413],
  ] as const)('POST with %j: %s -> %i', async (headers, body, status) => expect((await ask(userApi('x'), 'POST', '/api/users', headers, body)).status).toBe(status));
  it('names that objects treat as theirs are data', async () => {
    const { text } = await ask(userApi('x'), 'POST', '/api/users', JSON_BODY, '{"__proto__":"p","id":"7"}');
    expect(text).toBe('{"id": 1, "__proto__": "p"}');
  });
  it('the list is bounded', async () => {
    const api = userApi('x');
    for (let index = 0; index < 100; index++) await ask(api, 'POST', '/api/users', FORM, 'a=b');
    expect((await ask(api, 'POST', '/api/users', FORM, 'a=b')).status).toBe(503);
  });
});

describe('multipart forms', () => {
  const BODY = '--XX\r\nContent-Disposition: form-data; name="name"\r\n\r\n홍\r\n--XX\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nline\r\nline\r\n--XX--\r\n';
  it('are fields by name', async () => {
    expect([...(parseMultipart(encode(BODY), 'XX') ?? [])]).toEqual([['name', '홍'], ['file', 'line\r\nline']]);
    const { status, text } = await ask(userApi('x'), 'POST', '/api/users', [['Content-Type', 'multipart/form-data; boundary="XX"']], BODY);
    expect([status, text]).toEqual([201, '{"id": 1, "name": "홍", "file": "line\\r\\nline"}']);
  });
  it('cut anywhere are none', () => {
    const bytes = encode(BODY);
    for (let end = 0; end < bytes.length - 4; end++) expect(parseMultipart(bytes.subarray(0, end), 'XX'), String(end)).toBeNull();
  });
});

describe('answers in a path\'s place', () => {
  it('come until the path is given back', async () => {
    const book = new AnswerBook();
    const handler = book.over(userApi('x'));
    book.set('/api/user', cannedAnswer('error'));
    expect((await ask(handler, 'GET', '/api/user?x')).status).toBe(500);
    book.set('/api/user', cannedAnswer('normal'));
    expect((await ask(handler, 'GET', '/api/user')).status).toBe(200);
    for (let index = 0; index < 50; index++) expect(book.set(`/${index}`, cannedAnswer('json'))).toBe(true);
    expect(book.set('/one-more', cannedAnswer('json'))).toBe(false);
  });
  it.each(CANNED)('%s', (which) => expect(cannedAnswer(which)?.status ?? 200).toBeGreaterThan(199));
});

it.each([
  ['GET / HTTP/1.1', 'GET / HTTP/1.1'],
  ['a\nb', 'a\r\nb'],
  ['a\\r\\n\nb', 'a\r\nb'],
  ['a\\\\n\nb', 'a\\n\r\nb'],
  ['\\x00\\xFF\\t\\0', '\x00\xff\t\x00'],
  ['\\q\\x1', '\\q\\x1'],
  ['\n\n', '\r\n\r\n'],
])('typed %j is %j', (typed, bytes) => expect(Buffer.from(typedBytes(typed)).toString('latin1')).toBe(bytes));
