// The directory's API without any socket: what it answers, what it keeps, and what it refuses.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Handler, HttpAnswer } from '../http/message';
import { decode, encode } from '../text';
import { DirectoryBook } from './directoryBook';
import { directoryHandler } from './directoryHandler';

let now = 0;
let noted: string[] = [];
let handle: Handler;

beforeEach(() => {
  now = 1000;
  noted = [];
  const book = new DirectoryBook((entry) => noted.push(`expired ${entry.name}`));
  handle = directoryHandler(book, 5, () => now, { entry: (what, name) => noted.push(`${what} ${name}`) });
});

async function ask(method: string, path: string, body?: unknown, type = 'application/json'): Promise<{ status: number; body: unknown; headers: HttpAnswer['headers'] }> {
  const bytes = body === undefined ? new Uint8Array(0) : encode(typeof body === 'string' ? body : JSON.stringify(body));
  const answer = await handle({
    method, target: path, path, query: new URLSearchParams(), headers: body === undefined ? [] : [['Content-Type', type]], body: bytes, version: '1.1', secure: false, client: { address: '127.0.0.1', port: 50_000 },
  });
  const text = answer.body.map(decode).join('');
  return { status: answer.status, body: text.startsWith('{') ? JSON.parse(text) : text, headers: answer.headers };
}

const ANN = { address: '127.0.0.2', port: 6700 };

describe('entries', () => {
  it('are made, found, listed and taken out', async () => {
    const made = await ask('PUT', '/people/ann', ANN);
    expect(made).toMatchObject({ status: 201, body: { name: 'ann', address: '127.0.0.2', port: 6700, age: 0, lifetime: 5 } });
    expect(made.headers).toContainEqual(['Location', '/people/ann']);
    now += 1500;
    expect(await ask('GET', '/people/ann')).toMatchObject({ status: 200, body: { port: 6700, age: 1.5 } });
    await ask('PUT', '/people/%EB%B3%B4', { ...ANN, port: 6701, lifetime: 60 });
    expect((await ask('GET', '/people')).body).toMatchObject({ people: [{ name: 'ann' }, { name: '보', lifetime: 60 }] });
    expect((await ask('DELETE', '/people/ann')).status).toBe(204);
    expect((await ask('DELETE', '/people/ann')).status).toBe(404);
    expect(noted).toEqual(['registered ann', 'found ann', 'registered 보', 'left ann']);
  });

  it('live from one refresh to the next', async () => {
    await ask('PUT', '/people/ann', ANN);
    now += 4999;
    expect((await ask('PUT', '/people/ann', ANN)).status).toBe(200);
    now += 4999;
    expect((await ask('GET', '/people/ann')).status).toBe(200);
    now += 1;
    expect(await ask('GET', '/people/ann')).toMatchObject({ status: 404, body: { error: 'nobody here is ann' } });
    expect(noted).toEqual(['registered ann', 'refreshed ann', 'found ann', 'expired ann', 'absent ann']);
  });

  it('follow their host to another port, but give no name to another host while they live', async () => {
    await ask('PUT', '/people/ann', ANN);
    expect((await ask('PUT', '/people/ann', { ...ANN, port: 7000 })).status).toBe(200);
    expect((await ask('PUT', '/people/ann', { ...ANN, address: '127.0.0.3' })).status).toBe(409);
    expect((await ask('GET', '/people/ann')).body).toMatchObject({ address: '127.0.0.2', port: 7000 });
    now += 5000;
    expect((await ask('PUT', '/people/ann', { ...ANN, address: '127.0.0.3' })).status).toBe(201);
  });

  it('are two hundred at most', async () => {
    for (let i = 0; i < 200; i++) expect((await ask('PUT', `/people/p${i}`, ANN)).status).toBe(201);
    expect((await ask('PUT', '/people/one-more', ANN)).status).toBe(503);
    expect((await ask('PUT', '/people/p7', ANN)).status).toBe(200);
  });
});

describe('what is refused', () => {
  it.each([
    ['an address beyond this machine', { ...ANN, address: '192.0.2.1' }],
    ['no address', { port: 1 }],
    ['an address with zeros', { ...ANN, address: '127.0.0.010' }],
    ['a port that is none', { ...ANN, port: 65_536 }],
    ['a port as text', { ...ANN, port: '6700' }],
    ['a lifetime for ever', { ...ANN, lifetime: 1e9 }],
    ['a lifetime of no time', { ...ANN, lifetime: 0 }],
    ['a list', [ANN]],
    ['null', 'null'],
    ['no JSON', '{"address":'],
  ])('%s: 400', async (_what, body) => {
    expect((await ask('PUT', '/people/ann', body)).status).toBe(400);
    expect((await ask('GET', '/people/ann')).status).toBe(404);
  });

  it('what is not called JSON: 415', async () => expect((await ask('PUT', '/people/ann', ANN, 'text/plain')).status).toBe(415));

  it.each(['/people/', '/people/a%2Fb', '/people/a b', '/people/%ff', '/people/-x', `/people/${'x'.repeat(33)}`, '/people/a%0Ab', '/people/%E2%80%AEevil'])('the name in %s: 400', async (path) => {
    expect((await ask('PUT', path, ANN)).status).toBe(400);
  });

  it('names that are properties of every object are names like others', async () => {
    expect((await ask('GET', '/people/constructor')).status).toBe(404);
    expect((await ask('PUT', '/people/constructor', ANN)).status).toBe(201);
  });

  it('other methods: 405, other places: 404', async () => {
    expect(await ask('POST', '/people/ann', ANN)).toMatchObject({ status: 405, headers: expect.arrayContaining([['Allow', 'GET, HEAD, PUT, DELETE']]) });
    expect((await ask('DELETE', '/people')).status).toBe(405);
    expect((await ask('GET', '/')).status).toBe(404);
  });
});
