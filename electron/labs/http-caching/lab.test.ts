// The HTTP caching lab on real sockets: fresh, stale, revalidated; private and shared; cookies; a server that dies.
import { describe, expect, it } from 'vitest';
import type { ParameterValues } from '../../../shared/lab/manifest';
import { LabTest } from '../run.fixture';
import lab from './lab';

/** What a role noted of caches, in order: 'miss', 'stored', 'hit' ... */
const noted = (run: LabTest, role = 'client-1', topic = 'http.cache'): string[] =>
  run.facts('role.noted', role).map((fact) => JSON.parse(fact.text) as { topic: string; what?: string }).filter((note) => note.topic === topic).map((note) => note.what ?? '');
/** How many requests a role was sent. */
const asked = (run: LabTest, role = 'server'): number => run.facts('bytes.received', role).filter((fact) => /^(GET|POST) /.test(run.text(fact))).length;
const play = (params: ParameterValues = {}): Promise<LabTest> => LabTest.play(lab, params);

describe('a page that is fresh for 60 s, visited every 30 s', () => {
  it('is stored, is a hit, is stale and still good: 304', async () => {
    const run = await play();
    expect(run.ladder()).toMatchSnapshot();
    expect(noted(run)).toEqual(['miss', 'stored', 'hit', 'stale', 'revalidated']);
    expect(run.prints('client-1')).toEqual([
      'visit /page: 200, 145 B: Hello! Version 1 of the page.',
      'visit /page: 200 from my cache, 30 s old, fresh for 60 s: Hello! Version 1 of the page.',
      'visit /page: 200 from my cache, still good says the server: Hello! Version 1 of the page.',
    ]);
    expect(run.stepsDone()).toEqual(['first', 'stored', 'wound', 'hit', 'stale', 'not-modified', 'revalidated']);
    expect([run.verdict('asked'), run.verdict('copy'), run.verdict('whose')]).toEqual(['fewer', 'holds', 'nobody']);
  });

  it('changes before the last visit: 200 and a new copy', async () => {
    const run = await play({ changes: true });
    expect(noted(run)).toEqual(['miss', 'stored', 'hit', 'stale', 'stored']);
    expect(run.prints('client-1').at(-1)).toContain('Version 2');
    expect(run.verdict('copy')).toBe('whole');
  });

  it('is never asked for again while the clock stands', async () => {
    const run = await play({ wind: 0, visits: 10 });
    expect(asked(run)).toBe(1);
    expect([run.verdict('asked'), run.verdict('copy')]).toEqual(['one', 'never']);
  });
});

describe('Cache-Control', () => {
  it.each([
    ['no-store', 0, ['miss', 'uncacheable', 'miss', 'uncacheable'], 'each'],
    ['no-cache', 0, ['miss', 'stored', 'stale', 'revalidated'], 'each'],
    ['private', 30, ['miss', 'stored', 'hit'], 'one'],
    ['must-revalidate', 60, ['miss', 'stored', 'stale', 'revalidated'], 'each'],
    ['heuristic', 80_000, ['miss', 'stored', 'hit'], 'one'],
    ['heuristic', 90_000, ['miss', 'stored', 'stale', 'revalidated'], 'each'],
    ['none', 0, ['miss', 'stored', 'stale', 'revalidated'], 'each'],
  ])('%s, %i s later', async (policy, wind, notes, verdict) => {
    const run = await play({ policy, wind, visits: 2 });
    expect(noted(run)).toEqual(notes);
    expect(run.verdict('asked')).toBe(verdict);
  });

  it.each(['etag', 'last-modified', 'both'])('validator %s: 304', async (validator) => {
    const run = await play({ validator, visits: 2, wind: 60 });
    expect(noted(run).at(-1)).toBe('revalidated');
  });
  it('without a validator the whole page comes again', async () => {
    const run = await play({ validator: 'none', visits: 2, wind: 60 });
    expect(noted(run)).toEqual(['miss', 'stored', 'stale', 'stored']);
    expect(run.verdict('copy')).toBe('whole');
  });
});

describe('a shared cache', () => {
  it('answers the second client without the server', async () => {
    const run = await play({ via: 'shared', clients: 2, visits: 1 });
    expect([asked(run), asked(run, 'cache')]).toEqual([1, 2]);
    expect(noted(run, 'cache')).toEqual(['miss', 'stored', 'hit']);
    expect(run.stepsDone()).toContain('shared');
  });
  it('s-maxage: fresh for it longer than for the clients, and Age tells how old', async () => {
    const run = await play({ via: 'shared', policy: 's-maxage', clients: 1, visits: 2, wind: 100 });
    expect(noted(run)).toEqual(['miss', 'stored', 'stale', 'revalidated']);
    expect(noted(run, 'cache')).toEqual(['miss', 'stored', 'hit']);
    expect(asked(run)).toBe(1);
    expect(run.facts('bytes.sent', 'cache').map((fact) => /Age: (\d+)/.exec(run.text(fact))?.[1] ?? '')).toContainEqual(expect.stringMatching(/^10[01]$/));
  });
  it('private: keeps nothing of it', async () => {
    const run = await play({ via: 'shared', policy: 'private', clients: 2, visits: 1 });
    expect(noted(run, 'cache')).toEqual(['miss', 'uncacheable', 'miss', 'uncacheable']);
  });
  it('Vary: a copy for each language', async () => {
    const run = await play({ via: 'shared', policy: 'vary', clients: 2, visits: 1 });
    expect(noted(run, 'cache')).toEqual(['miss', 'stored', 'miss', 'stored']);
    expect(run.prints('client-1')[0]).toContain('안녕하세요');
    expect(run.prints('client-2')[0]).toContain('Здравствуйте');
  });
});

describe('a server that dies', () => {
  it('a stale copy stands in', async () => {
    const run = await play({ server: 'dies' });
    expect(run.prints('client-1').at(-1)).toContain('stale, for nobody answers');
    expect(run.verdict('copy')).toBe('silence');
  });
  it('not where must-revalidate forbids it', async () => {
    const run = await play({ server: 'dies', policy: 'must-revalidate' });
    expect(run.prints('client-1').at(-1)).toBe('visit /page: ECONNREFUSED: nobody listens there. Is the server running?');
  });
  it('a shared cache says 502 for what it has not', async () => {
    const run = await play({ server: 'dies', via: 'shared', visits: 1 });
    expect(run.prints('client-1').at(-1)).toContain('502');
  });
});

describe('a session', () => {
  it('is a cookie: set, sent, taken back', async () => {
    const run = await play({ scenario: 'session' });
    expect(run.prints('client-1').map((text) => text.replace(/, \d+ B/, ''))).toEqual([
      'visit POST /login: 303: ', 'visit /account: 200: The account of client 1.', 'visit /account: 200: The account of client 1.', 'visit POST /logout: 303: ', 'visit /account: 403: Log in first.',
    ]);
    expect(noted(run, 'client-1', 'http.cookie')).toEqual(['stored', 'sent', 'sent', 'sent', 'expired']);
    expect(run.stepsDone()).toEqual(expect.arrayContaining(['log-in', 'cookie', 'session', 'log-out']));
  });
  it('private: each sees the own account, through a shared cache too', async () => {
    const run = await play({ scenario: 'session', clients: 2, via: 'shared' });
    expect(run.prints('client-2').at(-1)).toContain('The account of client 2.');
    expect(run.verdict('whose')).toBe('own');
  });
  it('public by mistake: the second sees the account of the first', async () => {
    const run = await play({ scenario: 'session', clients: 2, via: 'shared', account: 'public' });
    expect(run.prints('client-2').at(-1)).toContain('The account of client 1.');
    expect(run.verdict('whose')).toBe('others');
  });
  it('runs out with the clock', async () => {
    const run = await LabTest.serve(lab);
    await run.act('log-in', { client: 1, name: 'kim' });
    await run.act('wind-clock', { seconds: 3600 });
    await run.act('visit', { client: 1, path: '/account' });
    expect(run.prints('client-1').at(-1)).toContain('403');
    expect(noted(run, 'client-1', 'http.cookie').at(-1)).toBe('expired');
  });
});

it('by hand: reload asks, a changed page shows, cleared caches ask, a dead server is started again', async () => {
  const run = await LabTest.serve(lab);
  const visit = (): Promise<void> => run.act('visit', {});
  await visit();
  await run.act('change-page');
  await visit();
  expect(run.prints('client-1').at(-1)).toContain('Version 1');
  await run.act('reload', {});
  expect(run.prints('client-1').at(-1)).toContain('Version 2');
  await run.act('clear-caches');
  await visit();
  expect(noted(run)).toEqual(['miss', 'stored', 'hit', 'stale', 'stored', 'miss', 'stored']);
  await run.act('kill-server');
  await run.act('log-out', {});
  expect(run.prints('client-1').at(-1)).toMatch(/^visit \/logout: ECONNREFUSED/);
  await run.act('start-server');
  await run.act('reload', {});
  expect(run.prints('client-1').at(-1)).toContain('Version 2');
});
