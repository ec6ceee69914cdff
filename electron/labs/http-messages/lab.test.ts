// The HTTP messages lab on real sockets: each way of a message, by HTTP/1.1 and by HTTP/2.
import { describe, expect, it } from 'vitest';
import { LabTest } from '../run.fixture';
import lab from './lab';

const sent = (run: LabTest, role: string): string => run.facts('bytes.sent', role).map((fact) => run.text(fact)).join('');
const both = ['http1', 'http2'] as const;

describe('302 to /posts, then 200, as in the course', () => {
  it('by HTTP/1.1: text', async () => {
    const run = await LabTest.play(lab);
    expect(run.ladder()).toMatchSnapshot();
    expect(run.prints('client-1')).toEqual(['GET /: 302 Found, 110 B (length)', 'GET /posts: 200 OK, 4203 B (length)']);
    expect(sent(run, 'client-1')).toBe(['/', '/posts'].map((target) => `GET ${target} HTTP/1.1\r\nHost: site.loc\r\nUser-Agent: looplab\r\nAccept: */*\r\n\r\n`).join(''));
    expect(sent(run, 'server')).toMatch(/^HTTP\/1\.1 302 Found\r\nDate: [^\r]+\r\nServer: looplab\r\nContent-Type: text\/html\r\nLocation: \/posts\r\nContent-Length: 110\r\n/);
    expect(run.stepsDone()).toEqual(['tcp', 'request', 'redirect', 'follow', 'page', 'close']);
    expect([run.verdict('next'), run.verdict('end'), run.verdict('connections')]).toEqual(['asks', 'length', 'one']);
  });

  it('by HTTP/2: frames on one connection', async () => {
    const run = await LabTest.play(lab, { version: 'http2' });
    expect(run.prints('client-1')).toEqual(['GET /: 302 Found, 110 B', 'GET /posts: 200 OK, 4203 B']);
    expect(sent(run, 'client-1')).toMatch(/^PRI \* HTTP\/2\.0\r\n\r\nSM\r\n\r\n/);
    expect(run.stepsDone()).toEqual(['tcp', 'preface', 'request', 'redirect', 'follow', 'page', 'close']);
    expect([run.verdict('next'), run.verdict('end'), run.verdict('connections')]).toEqual(['asks', 'frame', 'one']);
  });

  it('a client that does not follow stops', async () => {
    const run = await LabTest.play(lab, { follow: false });
    expect(run.prints('client-1')).toHaveLength(1);
    expect(run.verdict('next')).toBe('stops');
  });
});

describe('where the body ends', () => {
  it.each([
    ['length', ['GET /length: 200 OK, 72 B (length)'], 'length', 'one'],
    ['chunked', ['GET /chunked: 200 OK, 72 B (chunked)', 'trailer X-Lines: 6'], 'chunks', 'one'],
    ['until-close', ['GET /until-close: 200 OK, 72 B (close)', 'GET /length: 200 OK, 72 B (length)'], 'close', 'more'],
    ['no-body', ['HEAD /posts: 200 OK, 0 B', 'GET /empty: 204 No Content, 0 B', 'GET /posts: 304 Not Modified, 0 B'], 'nothing', 'one'],
  ])('%s', async (shows, prints, end, connections) => {
    const run = await LabTest.play(lab, { shows });
    expect(run.ladder()).toMatchSnapshot();
    expect(run.prints('client-1')).toEqual(prints);
    expect([run.verdict('end'), run.verdict('connections'), run.verdict('next')]).toEqual([end, connections, 'unasked']);
    await run.stop();
    const second = await LabTest.play(lab, { shows, version: 'http2' });
    expect(second.prints('client-1').map((text) => text.toLowerCase())).toEqual(prints.map((text) => text.replace(/ \(.*\)/, '').toLowerCase()));
    expect([second.verdict('end'), second.verdict('connections')]).toEqual(['frame', 'one']);
  });

  it('chunks are on the wire with their sizes, the trailer after the last', async () => {
    const run = await LabTest.play(lab, { shows: 'chunked' });
    expect(sent(run, 'server')).toMatch(/\r\n\r\nc\r\npart 1 of 6\n\r\n[^]*\r\n0\r\nX-Lines: 6\r\n\r\n$/);
    expect(run.stepsDone()).toContain('chunked');
  });
});

describe('several at once', () => {
  it('pipelined: one send, answers in order, the slow one first', async () => {
    const run = await LabTest.play(lab, { shows: 'pipelined' });
    expect(run.facts('bytes.sent', 'client-1')).toHaveLength(1);
    expect(run.prints('client-1')).toEqual(['/slow is here', '/quick is here', '/quicker is here']);
  });
  it('streams: the quick ones overtake the slow one', async () => {
    const run = await LabTest.play(lab, { shows: 'pipelined', version: 'http2' });
    expect(run.prints('client-1')).toEqual(['/quick is here', '/quicker is here', '/slow is here']);
    expect(run.verdict('connections')).toBe('one');
  });
});

describe.each(both)('by %s', (version) => {
  it('a body waits for 100, and stays when it is too large', async () => {
    const run = await LabTest.play(lab, { shows: 'expect', version });
    expect(run.prints('client-1').map((text) => text.replace(/ \(.*\)/, ''))).toEqual([
      '100 Continue: the body of 1000 B goes', 'POST /upload: 200 OK, 22 B', 'no 100: the body of 262145 B stays', 'POST /upload: 413 Payload Too Large, 38 B',
    ]);
    expect(run.bytes('bytes.sent', 'client-1')).toBeLessThan(2000);
    expect(run.stepsDone()).toEqual(expect.arrayContaining(['continue', 'too-large']));
  });

  it('parts of a resource', async () => {
    const run = await LabTest.play(lab, { shows: 'ranges', version });
    expect(run.prints('client-1').map((text) => /: (\d+)/.exec(text)?.[1])).toEqual(['206', '206', '206', '416', '200']);
    expect(run.stepsDone()).toEqual(expect.arrayContaining(['range', 'beyond']));
  });

  it('the same text in three codings', async () => {
    const run = await LabTest.play(lab, { shows: 'compression', version });
    const [plain, gzip, br] = run.prints('client-1');
    expect(plain).toContain('200 OK, 4100 B');
    expect(gzip).toMatch(/200 OK, \d{2,3} B of gzip, 4100 B decoded/);
    expect(br).toMatch(/200 OK, \d{2,3} B of br, 4100 B decoded/);
    expect(run.stepsDone()).toContain('coding');
  });
});

it('the user may have any of them shown', async () => {
  const run = await LabTest.serve(lab);
  await run.act('show', { shows: 'redirect', version: 'http2' });
  expect(run.prints('client-1')).toHaveLength(2);
  await run.act('show', { shows: 'redirect', version: 'http1' });
  expect(run.prints('client-2')).toHaveLength(2);
});
