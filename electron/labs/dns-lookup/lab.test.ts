// The DNS lab on real sockets: what its lesson says can be seen in the trace, for every kind of name, client and broken set-up.
import { describe, expect, it } from 'vitest';
import { readUint } from '../../../shared/base/bytes';
import { caching, ladder, notes, play, steps, verdicts } from './lookups.fixture';

describe('one name', () => {
  it('is found from the root downwards, then in the cache', async () => {
    const run = await play();
    expect(ladder(run)).toMatchSnapshot();
    expect(run.prints('client-1')).toEqual(Array(2).fill('www.example.test A: NOERROR, answer 127.0.60.2 (300 s)'));
    expect(steps(run, 'resolver')).toEqual([
      'www.example.test A of . by udp: referral to test', 'www.example.test A of test by udp: referral to example.test', 'www.example.test A of example.test by udp: answer',
    ]);
    expect(caching(run)).toEqual(['miss www.example.test A', 'hit www.example.test A']);
    expect(run.stepsDone()).toEqual(['question', 'root', 'referral', 'stored', 'tld', 'authority', 'answer', 'cache']);
    expect(verdicts(run)).toEqual({ queries: 'three', second: 'cache', outcome: 'records', transport: 'udp', forged: 'nobody' });
  });

  it('is asked from a new port with a new id each time', async () => {
    const run = await play({ lookups: 10 });
    const asked = [...notes(run, 'client-1'), ...notes(run, 'resolver')].flatMap((note) => (note.topic === 'dns.ask' ? [note.id] : []));
    expect(asked).toHaveLength(13);
    expect(new Set(asked).size).toBeGreaterThan(11);
    const ports = run.facts('socket.bound', 'client-1').map((fact) => fact.local?.port);
    expect(ports).toHaveLength(10);
    // The system draws each of them, and may draw one that has been given back.
    expect(new Set(ports).size).toBeGreaterThan(8);
    // Each has what it asked for in its own two first bytes.
    const ids = run.facts('datagram.sent', 'client-1').map((fact) => readUint(run.store.payload(fact.seq), 0, 2));
    expect(ids).toEqual(notes(run, 'client-1').flatMap((note) => (note.topic === 'dns.ask' ? [note.id] : [])));
  });

  it.each([
    ['web.example.test', 'A', 'NOERROR, answer -> www.example.test, 127.0.60.2 (300 s)'],
    ['shop.example.test', 'AAAA', 'NOERROR, answer -> web.example.test, -> www.example.test, 2001:db8::60:2 (300 s)'],
    ['shop.example.test', 'CNAME', 'NOERROR, answer -> web.example.test (300 s)'],
    ['example.test', 'MX', 'NOERROR, answer 10 mail.example.test, 20 mail.campus.ac.kr (300 s)'],
    ['example.test', 'NS', 'NOERROR, answer ns1.example.test, ns2.example.test (300 s)'],
    ['example.test', 'SOA', 'NOERROR, answer ns1.example.test hostmaster.example.test 2025 3600 600 86400 60 (300 s)'],
    ['example.test', 'TXT', 'NOERROR, answer “v=spf1 mx -all” (300 s)'],
    ['anything.at.all.dev.example.test', 'A', 'NOERROR, answer 127.0.60.9 (300 s)'],
    ['x.dev.example.test', 'MX', 'NOERROR, no MX record'],
    ['www.naver.com', 'A', 'NOERROR, answer 127.0.60.20, 127.0.60.21 (300 s)'],
    ['mail.example.test', 'AAAA', 'NOERROR, no AAAA record'],
    ['nope.example.test', 'A', 'NXDOMAIN: no such name'],
    ['nope', 'A', 'NXDOMAIN: no such name'],
    ['127.0.60.2', 'PTR', 'NOERROR, answer www.example.test (3600 s)'],
  ])('%s %s: %s', async (name, type, answer) => {
    const run = await play({ name, type, lookups: 1 });
    const [said] = run.prints('client-1');
    expect(said?.slice(said.indexOf(': ') + 2)).toBe(answer);
  });

  it('that is none is told so, and nothing is sent', async () => {
    const run = await play({ name: 'two..dots', lookups: 1 });
    expect(run.prints('client-1')).toEqual(['two..dots A: this is not a name']);
    expect([run.facts('datagram.sent'), run.verdict('outcome')]).toEqual([[], 'silence']);
  });

  it('below a zone cut without a dot, and above one without glue', async () => {
    const run = await play({ name: 'www.club.ac.kr', lookups: 1 });
    expect(steps(run, 'resolver')).toEqual([
      'www.club.ac.kr A of . by udp: referral to kr',
      'www.club.ac.kr A of kr by udp: referral to club.ac.kr', // kr and ac.kr are on one server
      'ns1.naver.com A of . by udp: referral to com',
      'ns1.naver.com A of com by udp: referral to naver.com',
      'ns1.naver.com A of naver.com by udp: answer',
      'www.club.ac.kr A of club.ac.kr by udp: cname',
      'www.campus.ac.kr A of kr by udp: referral to campus.ac.kr', // learnt on the way
      'www.campus.ac.kr A of campus.ac.kr by udp: answer',
    ]);
    expect(verdicts(run)).toMatchObject({ queries: 'other', second: 'once', outcome: 'records' });
  });
});

describe('what there is not', () => {
  it.each([['nope.example.test', 'nxdomain', 'NXDOMAIN: no such name'], ['mail.example.test', 'nodata', 'NOERROR, no AAAA record']])('%s: %s, remembered for 60 s', async (name, verdict, said) => {
    const run = await play({ name, type: 'AAAA' });
    expect(run.prints('client-1')).toEqual(Array(2).fill(`${name} AAAA: ${said}`));
    expect(caching(run)).toEqual([`miss ${name} AAAA`, `negative ${name} AAAA`]);
    expect(run.stepsDone()).toContain('negative');
    expect(verdicts(run)).toMatchObject({ queries: 'three', second: 'cache', outcome: verdict });
    await run.act('wind-clock', { seconds: 60 });
    await run.act('look-up', { name, type: 'AAAA' });
    expect(caching(run).slice(2)).toEqual([`expired ${name} ${verdict === 'nodata' ? 'AAAA' : '*'}`, `miss ${name} AAAA`]);
  });
});

describe('the clock', () => {
  it('is wound: TTLs go down, answers expire, the way to them is known for longer', async () => {
    const run = await play({ lookups: 1 });
    await run.act('wind-clock', { seconds: 100 });
    await run.act('look-up', { name: 'www.example.test', type: 'A' });
    expect(run.prints('client-2')[0]).toMatch(/127\.0\.60\.2 \((199|200) s\)$/);
    await run.act('wind-clock', { seconds: 200 });
    await run.act('look-up', { name: 'www.example.test', type: 'A' });
    expect(run.prints('client-3')[0]).toMatch(/\(300 s\)$/);
    expect(steps(run, 'resolver').slice(3)).toEqual(['www.example.test A of example.test by udp: answer']);
    expect(notes(run, 'resolver').filter((note) => note.topic === 'clock.wound')).toEqual([{ topic: 'clock.wound', seconds: 100 }, { topic: 'clock.wound', seconds: 200 }]);
    expect(run.stepsDone()).toContain('wind');
    await run.act('wind-clock', { seconds: 604_800 });
    await run.act('look-up', { name: 'www.example.test', type: 'A' });
    expect(steps(run, 'resolver').slice(4)).toHaveLength(3);
  });

  it('and the cache can be flushed; without a resolver neither is there', async () => {
    const run = await play({ lookups: 1 });
    await run.act('flush-cache');
    await run.act('look-up', { name: 'www.example.test', type: 'A' });
    expect(caching(run)).toEqual(['miss www.example.test A', 'flushed', 'miss www.example.test A']);
    await run.act('kill-server', { server: 'resolver' });
    await expect(run.act('flush-cache')).rejects.toMatchObject({ code: 'NO_SERVER' });
    await expect(run.act('wind-clock', { seconds: 1 })).rejects.toMatchObject({ code: 'NO_SERVER' });
  });
});

describe('clients', () => {
  it('iterative: goes down the tree itself, and asks no resolver', async () => {
    const run = await play({ client: 'iterative' });
    expect(steps(run, 'client-1')).toHaveLength(3);
    expect(run.facts('datagram.received', 'resolver')).toEqual([]);
    expect(run.prints('client-1')).toEqual(Array(2).fill('www.example.test A: NOERROR, answer 127.0.60.2 (300 s)'));
    expect(caching(run, 'client-1')).toEqual(['miss www.example.test A', 'hit www.example.test A']);
    expect(verdicts(run)).toMatchObject({ queries: 'none', second: 'once', outcome: 'records' });
  });

  it('without RD: only what the resolver knows', async () => {
    const run = await play({ client: 'no-recursion' });
    expect(run.prints('client-1')).toEqual(Array(2).fill('www.example.test A: NOERROR, referral to the servers of .'));
    expect(run.facts('datagram.sent', 'resolver')).toHaveLength(2);
    expect(verdicts(run)).toMatchObject({ queries: 'none', outcome: 'referral' });
  });
});

describe('long answers', () => {
  it.each([
    ['none', ['truncated', 'answer'], 'tcp'], ['512', ['truncated', 'answer'], 'tcp'], ['1232', ['truncated', 'answer'], 'tcp'], ['4096', ['answer'], 'udp'],
  ])('EDNS %s: %j', async (edns, how, transport) => {
    const run = await play({ name: 'big.example.test', type: 'TXT', edns, lookups: 1 });
    expect(notes(run, 'client-1').flatMap((note) => (note.topic === 'dns.told' ? [note.how] : []))).toEqual(how);
    expect(run.prints('client-1')[0]).toContain('answer 24 strings, “line 1 of');
    expect(verdicts(run)).toMatchObject({ transport, outcome: 'records' });
    const largest = Math.max(...run.facts('datagram.sent').map((fact) => fact.size));
    expect(largest).toBeLessThanOrEqual(edns === 'none' ? 512 : Number(edns));
    expect(run.stepsDone().includes('truncated')).toBe(transport === 'tcp');
  });
});

describe('what is broken', () => {
  it('slow servers are waited for', async () => {
    const run = await play({ setup: 'slow', lookups: 1 });
    expect(run.prints('client-1')).toEqual(['www.example.test A: NOERROR, answer 127.0.60.2 (300 s)']);
    expect(run.errors('resolver')).toEqual([]);
    const [asked] = run.facts('datagram.received', 'ns1');
    const [answered] = run.facts('datagram.sent', 'ns1');
    expect(Number(answered?.t) - Number(asked?.t)).toBeGreaterThan(190_000);
  });

  it('one dead server: the next is asked, and afterwards first', async () => {
    const run = await play({ setup: 'one-dead' });
    expect(steps(run, 'resolver').slice(2)).toEqual(['www.example.test A of example.test by udp: timeout', 'www.example.test A of example.test by udp: answer']);
    expect(run.errors('resolver')).toEqual(['ETIMEDOUT']);
    expect(run.stepsDone()).toContain('retry');
    await run.act('look-up', { name: 'mail.example.test', type: 'A' });
    expect(steps(run, 'resolver').slice(4)).toEqual(['mail.example.test A of example.test by udp: answer']);
    expect(verdicts(run)).toMatchObject({ queries: 'other', outcome: 'records' });
  });

  it('all dead: three tries each, then SERVFAIL; started again, they are found', async () => {
    const run = await play({ setup: 'all-dead' });
    expect(steps(run, 'resolver').slice(2)).toEqual(Array(6).fill('www.example.test A of example.test by udp: timeout'));
    expect(run.prints('client-1')).toEqual(Array(2).fill('www.example.test A: SERVFAIL: no answer could be found'));
    expect(verdicts(run)).toMatchObject({ queries: 'other', second: 'failed', outcome: 'servfail' });
    expect(run.stepsDone()).toContain('broken');
    await run.act('start-server', { server: 'ns2' });
    await run.act('wind-clock', { seconds: 1 });
    await run.act('look-up', { name: 'www.example.test', type: 'A' });
    expect(run.prints('client-2')).toEqual(['www.example.test A: NOERROR, answer 127.0.60.2 (300 s)']);
  });

  it.each([
    ['lame', ['www.example.test A of example.test by udp: refused', 'www.example.test A of example.test by udp: refused']],
    ['cname-loop', ['www.example.test A of example.test by udp: cname']],
    ['delegation-loop', ['ns.elsewhere.test A of test by udp: referral to elsewhere.test']],
  ])('%s: SERVFAIL, without end it is not', async (setup, how) => {
    const run = await play({ setup, lookups: 1 });
    expect(steps(run, 'resolver').slice(2)).toEqual(how);
    expect(run.prints('client-1')).toEqual(['www.example.test A: SERVFAIL: no answer could be found']);
    expect(run.verdict('outcome')).toBe('servfail');
  });

  it('an iterative client meets the same', async () => {
    const run = await play({ setup: 'lame', client: 'iterative', lookups: 1 });
    expect(run.prints('client-1')).toEqual(['www.example.test A: SERVFAIL: no answer could be found']);
  });

  it('servers are killed and started again by hand', async () => {
    const run = await play({ lookups: 1 });
    await run.act('kill-server', { server: 'resolver' });
    await expect(run.act('kill-server', { server: 'resolver' })).rejects.toMatchObject({ code: 'NO_SERVER' });
    await run.act('start-server', { server: 'resolver' });
    await run.act('start-server', { server: 'resolver' });
    expect(run.errors('resolver-3')).toEqual(['EADDRINUSE']);
    await run.act('look-up', { name: 'www.example.test', type: 'A' });
    expect(caching(run, 'resolver-2')).toEqual(['miss www.example.test A']);
    await run.act('flush-cache');
    expect(caching(run, 'resolver-2')).toEqual(['miss www.example.test A', 'flushed']);
  });
});
