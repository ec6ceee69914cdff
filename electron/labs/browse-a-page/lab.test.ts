// The lab of browsing on real sockets: from the URL to the page, and what the second visit spares.
import { describe, expect, it } from 'vitest';
import { LabTest, local } from '../run.fixture';
import lab from './lab';

const SITE = 'http://www.naver.com';
const PATHS = ['/', '/style.css', '/portal.js', '/logo.svg', '/evening.png', '/weather.svg'];

interface Loaded {
  readonly url: string;
  readonly from: string;
}
/** The notes of the browser with that topic, as objects. */
const notes = <T>(run: LabTest, topic: string): T[] => run.facts('role.noted', 'client').map((fact) => JSON.parse(fact.text) as T & { topic: string }).filter((note) => note.topic === topic);
/** What each visit loaded, by path, and from where. */
function visits(run: LabTest): Map<string, string>[] {
  const all: Map<string, string>[] = [];
  for (const fact of run.facts('role.noted', 'client')) {
    const note = JSON.parse(fact.text) as { topic: string } & Loaded;
    if (note.topic === 'page.visit') all.push(new Map());
    if (note.topic === 'page.loaded') all.at(-1)?.set(new URL(note.url).pathname, note.from);
  }
  return all;
}

describe('from the URL to the page', () => {
  it('a name is looked up, a connection made, everything fetched; the second visit uses both caches and says so', async () => {
    const run = await LabTest.play(lab);
    const [first, second] = visits(run);
    expect([...(first?.keys() ?? [])].sort()).toEqual([...PATHS].sort());
    expect(new Set(first?.values())).toEqual(new Set(['network']));
    expect(Object.fromEntries(second ?? [])).toEqual({ '/': 'cache', '/style.css': 'cache', '/portal.js': 'cache', '/logo.svg': 'cache', '/evening.png': 'cache', '/weather.svg': 'network' });
    // Down the tree: root, com, naver.com.
    expect(run.facts('role.noted', 'resolver').filter((fact) => fact.text.includes('"how":"referral"'))).toHaveLength(2);
    // One query for all objects of both visits; the second time the browser knows.
    expect(run.facts('datagram.sent', 'client')).toHaveLength(1);
    expect(run.prints('client').filter((line) => line.includes('from the DNS cache'))).toHaveLength(1);
    expect(run.prints('client').some((line) => line.startsWith(`www.naver.com is ${local('127.0.62.80')}, says the resolver`))).toBe(true);
    expect(run.prints('client').some((line) => line.includes('/style.css: 200') && line.includes('from the HTTP cache'))).toBe(true);
    expect(run.prints('client').some((line) => line.startsWith('/: 200') && line.includes('still holds'))).toBe(true);
    expect([run.verdict('first'), run.verdict('early'), run.verdict('second')]).toEqual(['query', 'before', 'some']);
    expect(run.stepsDone()).toEqual(lab.manifest.steps.map((step) => step.id).filter((id) => id !== 'redirect' && id !== 'tls'));
  });

  it('the style sheet is asked for while the HTML is still coming', async () => {
    const run = await LabTest.play(lab, { visits: 1 });
    const [met] = notes<{ element: string; offset: number }>(run, 'page.met');
    expect(met).toMatchObject({ element: 'link', url: `${SITE}/style.css` });
    expect(met?.offset).toBeLessThan(400);
    const facts = run.facts('role.noted', 'client');
    const seq = (text: string): number => facts.find((fact) => fact.text.includes(text))?.seq ?? -1;
    expect(seq('page.met')).toBeLessThan(seq('"type":"text/html'));
    expect(run.app.exchanges.filter((exchange) => exchange.clientRole !== null).map((exchange) => exchange.response?.head.status)).toEqual(PATHS.map(() => 200));
    expect(run.verdict('second')).toBe('no-second');
  });

  it('over HTTP/2 in clear: one connection', async () => {
    const run = await LabTest.play(lab, { version: 'h2', visits: 1 });
    expect(visits(run)[0]?.size).toBe(6);
    expect(run.facts('connect.started', 'client')).toHaveLength(1);
    expect(run.app.exchanges.every((exchange) => exchange.version === 'HTTP/2')).toBe(true);
  });

  it.each(['h1', 'h2'])('under TLS (%s): port 80 sends it to https, the certificate is good', async (version) => {
    const run = await LabTest.play(lab, { tls: true, version, visits: 1 });
    expect(run.prints('client')[1]).toBe('301 http://www.naver.com/ is at https://www.naver.com/');
    expect(visits(run)[0]?.size).toBe(6);
    const secured = run.facts('tls.secured', 'client').map((fact) => JSON.parse(fact.text) as unknown);
    expect(secured[0]).toMatchObject({ version: 'TLSv1.3', alpn: version === 'h2' ? 'h2' : 'http/1.1', serverName: 'www.naver.com', authorized: true });
    expect(secured.length).toBe(version === 'h2' ? 1 : run.facts('connect.ended', 'client').length - 1);
    expect(run.stepsDone()).toContain('tls');
    expect(run.stepsDone()).toContain('redirect');
  });

  it('an alias, and no scheme typed', async () => {
    const run = await LabTest.play(lab, { url: 'm.naver.com', visits: 1 });
    expect(visits(run)[0]?.size).toBe(6);
    expect(notes<Loaded>(run, 'page.loaded').every((note) => note.url.startsWith('http://m.naver.com/'))).toBe(true);
  });

  it('an address needs no lookup', async () => {
    const run = await LabTest.play(lab, { url: `http://${local('127.0.62.80')}/`, visits: 1 });
    expect(visits(run)[0]?.size).toBe(6);
    expect(run.facts('datagram.sent', 'client')).toEqual([]);
    expect(run.verdict('first')).toBe('syn');
  });
});

describe('what can go wrong is said plainly', () => {
  it.each([
    ['http://www.nowhere.com/', {}, 'ENOTFOUND: there is no such name', 'query-only'],
    ['http://www.naver.com/', { off: 'web' }, 'ECONNREFUSED: nobody listens there. Is the server running?', 'query'],
    ['http://www.naver.com/', { off: 'naver' }, 'EAI_FAIL: the resolver could not find out', 'query-only'],
    ['ftp://www.naver.com/', {}, 'EINVAL: ftp://www.naver.com/ is no web address', 'nothing'],
    ['https://www.naver.com/', {}, 'ECONNREFUSED: nobody listens there. Is the server running?', 'query'],
  ])('%s %o', async (url, params, said, verdict) => {
    const run = await LabTest.play(lab, { url, visits: 1, ...params });
    expect(run.prints('client').at(-1)).toContain(said);
    expect([run.verdict('first'), run.verdict('early')]).toEqual([verdict, 'never']);
  });

  it('a page that is not there is a page all the same', async () => {
    const run = await LabTest.play(lab, { url: `${SITE}/missing`, visits: 1 });
    expect(run.prints('client')[1]).toMatch(/^\/missing: 404, /);
  });

  it('a certificate for another name is refused, and nothing is asked', async () => {
    const run = await LabTest.play(lab, { tls: true, url: 'https://old.naver.com/', visits: 1 });
    expect(run.prints('client').at(-1)).toBe('https://old.naver.com/: ERR_TLS_CERT_ALTNAME_INVALID: the certificate is not for this name');
    expect(run.facts('tls.failed', 'client').map((fact) => fact.err)).toEqual(['ERR_TLS_CERT_ALTNAME_INVALID']);
    expect(run.facts('plaintext.sent', 'client')).toEqual([]);
  });
});

describe('the person', () => {
  it('waits until things go stale, forgets everything, and comes when the server is down', async () => {
    const run = await LabTest.play(lab, { visits: 1 });
    await run.act('wind-clock', { seconds: 100 });
    await run.act('visit', { url: SITE });
    // The name was good for 60 s and the script too; style sheet and pictures still are.
    expect(run.facts('datagram.sent', 'client')).toHaveLength(2);
    expect(notes<{ what: string; url: string }>(run, 'http.cache').filter((note) => note.what === 'stale').map((note) => note.url)).toEqual([`${SITE}/`, `${SITE}/portal.js`]);
    await run.act('forget');
    await run.act('visit', { url: SITE });
    expect(new Set(visits(run)[2]?.values())).toEqual(new Set(['network']));
    await run.act('kill-web');
    await run.act('visit', { url: SITE });
    expect(run.prints('client').at(-1)).toContain('ECONNREFUSED');
    await run.act('start-web');
    await run.act('visit', { url: SITE });
    expect(visits(run)[4]?.size).toBe(6);
    await expect(run.act('kill-web').then(() => run.act('kill-web'))).rejects.toMatchObject({ code: 'NO_SERVER' });
  });
});

it('serve starts the servers and no browser', async () => {
  const run = await LabTest.serve(lab);
  expect(run.facts('role.started').map((fact) => (JSON.parse(fact.text) as { id: string }).id)).toEqual(['resolver', 'root', 'com', 'naver', 'web']);
});
