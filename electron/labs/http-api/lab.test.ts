// The HTTP API lab on real sockets: the course's exchange, every method, broken bytes among good clients, answers of one's own.
import { describe, expect, it } from 'vitest';
import { LabTest, local } from '../run.fixture';
import lab from './lab';

const USER = '{"name": "홍길동", "nickname": "jeff", "role": "Instructor"}';

/** All that a role sent, as text. */
const sent = (run: LabTest, role: string): string => run.facts('bytes.sent', role).map((fact) => run.text(fact)).join('');

describe('the course\'s exchange', () => {
  it('GET /api/user: 200, JSON in UTF-8, printed', async () => {
    const run = await LabTest.play(lab);
    expect(run.ladder()).toMatchSnapshot();
    expect(run.prints('client-1')).toEqual(['status code 200', USER]);
    expect(sent(run, 'client-1')).toBe(`GET /api/user HTTP/1.1\r\nHost: ${local('127.0.20.1')}:8000\r\nAccept: application/json\r\nConnection: close\r\n\r\n`);
    expect(sent(run, 'server')).toMatch(/^HTTP\/1\.1 200 OK\r\nDate: [^\r]+\r\nContent-Type: application\/json\r\nContent-Length: 63\r\nConnection: close\r\n\r\n\{"name": "홍길동"/);
    expect(run.stepsDone()).toEqual(['listen', 'connect', 'request', 'answer', 'print']);
    expect([run.verdict('answered'), run.verdict('others')]).toEqual(['fine', 'nobody']);
  });

  it('every other path: 404', async () => {
    const run = await LabTest.play(lab, { requests: 'elsewhere' });
    expect(run.prints('client-1')).toEqual(['status code 404', '{"error":"no / here"}']);
    expect(run.stepsDone()).toContain('elsewhere');
    expect(run.verdict('answered')).toBe('errors');
  });

  it('server off: refused, said plainly', async () => {
    const run = await LabTest.play(lab, { server: 'absent' });
    expect(run.ladder()).toMatchSnapshot();
    expect(run.prints('client-1')).toEqual(['ECONNREFUSED: nobody listens there. Is the server running?']);
    expect(run.stepsDone()).toEqual(['connect', 'off']);
    expect(run.verdict('answered')).toBe('refused');
  });

  it('the name is the user\'s to choose; 50 clients at once', async () => {
    const run = await LabTest.play(lab, { name: 'Ада "Л"', clients: 50 });
    expect(new Set(run.facts('role.printed', 'client*').map((fact) => fact.text))).toEqual(new Set(['status code 200', '{"name": "Ада \\"Л\\"", "nickname": "jeff", "role": "Instructor"}']));
    expect(run.facts('connection.accepted', 'server')).toHaveLength(50);
  });
});

describe('other methods', () => {
  it.each([
    ['form', 'name=%EA%B9%80+%EC%B2%A0%EC%88%98&nickname=kim', '{"id": 1, "name": "김 철수", "nickname": "kim"}'],
    ['json', '{"name": "김철수", "nickname": "kim"}', '{"id": 1, "name": "김철수", "nickname": "kim"}'],
  ])('POST from a %s: 201 with Location, on one connection', async (requests, body, user) => {
    const run = await LabTest.play(lab, { requests });
    expect(sent(run, 'client-1')).toContain(body);
    expect(run.prints('client-1')).toEqual(['POST /api/users', 'status code 201', 'Location: /api/users/1', user, 'GET /api/users/1', 'status code 200', user]);
    expect(run.facts('connection.accepted', 'server')).toHaveLength(1);
    expect(run.stepsDone()).toEqual(expect.arrayContaining(['post', 'created']));
  });

  it('each with its status', async () => {
    const run = await LabTest.play(lab, { requests: 'methods' });
    expect(run.prints('client-1').filter((text) => /^([A-Z]+ \/|status)/.test(text))).toEqual([
      'OPTIONS /api/users', 'status code 204', 'HEAD /api/user', 'status code 200', 'POST /api/users', 'status code 201',
      'PUT /api/users/1', 'status code 200', 'PATCH /api/users/1', 'status code 200', 'GET /api/users/1', 'status code 200',
      'DELETE /api/users/1', 'status code 204', 'DELETE /api/user', 'status code 405', 'TRACE /api/user', 'status code 501',
    ]);
    expect(sent(run, 'server')).toContain('Allow: GET, HEAD, OPTIONS\r\n');
    expect(run.stepsDone()).toContain('method');
  });

  it('bodies that are not taken', async () => {
    const run = await LabTest.play(lab, { requests: 'refused' });
    expect(run.prints('client-1').filter((text) => text.startsWith('status'))).toEqual(['status code 415', 'status code 400', 'status code 413']);
    expect(run.stepsDone()).toContain('type');
  });
});

it('broken bytes are answered 400, and the others go on', async () => {
  const run = await LabTest.play(lab, { requests: 'broken', clients: 3 });
  for (const client of ['client-1', 'client-2', 'client-3']) expect(run.prints(client)).toEqual(['status code 200', USER, 'status code 200', USER]);
  expect(run.prints('client-4')[0]).toBe('status code 400');
  expect(run.prints('server')[0]).toMatch(/ HPE_/);
  expect(run.stepsDone()).toContain('broken');
  expect([run.verdict('answered'), run.verdict('others')]).toEqual(['errors', 'served']);
});

describe('answers in the server\'s place', () => {
  it.each([
    ['json', ['status code 200', '{"canned":true,"text":"안녕하세요"}']],
    ['error', ['status code 500', 'The server failed.']],
    ['moved', ['status code 301', 'Location: /api/users', 'It lives elsewhere now.']],
    ['slow', ['status code 200', 'At last.']],
    ['short', ['status code 200', 'Hello']],
    ['no-length', ['status code 200', 'Hello, this body has 33 bytes: 가']],
    ['chunked', ['status code 200', 'Hello, this body has 33 bytes: 가']],
    ['long', ['status code 200', 'Hello, this body has 33 bytes: 가', 'the connection ended before the body did']],
  ])('%s', async (answer, prints) => {
    const run = await LabTest.play(lab, { answer });
    expect(run.prints('client-1')).toEqual(prints);
  });

  it('of the user\'s own, and taken back', async () => {
    const run = await LabTest.serve(lab);
    const ask = async (): Promise<void> => run.act('request', { headers: '', method: 'GET', target: '/api/user', body: '' });
    await run.act('respond', { path: '/api/user', answer: 'own', status: 418, headers: 'X-Tea: green\nno header', body: '차' });
    await ask();
    expect(run.prints('client-1')).toEqual(['status code 418', '차']);
    expect(sent(run, 'server')).toMatch(/^HTTP\/1\.1 418 I'm a Teapot\r\n[^]*X-Tea: green\r\n/);
    expect(run.prints('server')).toEqual(['no header lines, left out: no header']);
    await run.act('respond', { path: '/api/user', answer: 'normal' });
    await ask();
    expect(run.prints('client-2')).toEqual(['status code 200', USER]);
  });
});

describe('the request editor', () => {
  it('sends what was typed, right or wrong', async () => {
    const run = await LabTest.serve(lab);
    await run.act('request', { method: 'POST', target: '/api/users', headers: 'Content-Type: application/json\nX-A: 1', body: '{"name":"a"}' });
    expect(sent(run, 'client-1')).toMatch(/^POST \/api\/users HTTP\/1\.1\r\nHost: [^\r]+\r\n[^]*X-A: 1\r\nContent-Length: 12\r\n\r\n\{"name":"a"\}$/);
    expect(run.prints('client-1')[0]).toBe('status code 201');
    await run.act('request', { method: 'GET', target: '/', headers: 'no colon here', body: '' });
    expect(sent(run, 'client-2')).toContain('\r\nno colon here\r\n');
    expect(run.prints('client-2')[0]).toBe('status code 400');
  });

  it('sends raw bytes: two requests in one piece, and none at all', async () => {
    const run = await LabTest.serve(lab);
    await run.act('send-raw', { bytes: 'GET /api/user HTTP/1.1\\r\\n\nHost: a\\r\\n\n\\r\\n\nGET / HTTP/1.1\nHost: a\n\n' });
    expect(run.prints('client-1').filter((text) => text.startsWith('status'))).toEqual(['status code 200', 'status code 404']);
    await run.act('send-raw', { bytes: '\\x16\\x03\\x01\\x00\\x05hello' });
    expect(run.prints('client-2')[0]).toBe('status code 400');
    expect(run.facts('role.ended', 'client*').map((fact) => fact.text)).toEqual(['done', 'done']);
  });

  it('kills and starts the server: refused in between', async () => {
    const run = await LabTest.serve(lab);
    await run.act('kill-server');
    await run.act('request', {});
    expect(run.errors('client-1')).toEqual(['ECONNREFUSED']);
    await expect(run.act('kill-server')).rejects.toMatchObject({ code: 'NO_SERVER' });
    await run.act('start-server');
    await run.act('request', {});
    expect(run.prints('client-2')).toEqual(['status code 200', USER]);
    await run.act('start-server');
    expect(run.errors('server-3')).toEqual(['EADDRINUSE']);
  });
});
