// The balancer's bookkeeping: whose turn it is, who is well, who is being emptied.
import { describe, expect, it } from 'vitest';
import type { Note } from '../../../shared/trace/notes';
import { MAX_SERVERS, REST } from './bounds';
import { ServerPool, type PoolOptions } from './pool';

const backend = (number: number) => ({ name: `server-${number}`, endpoint: { address: '127.0.0.1', port: 8000 + number } });

function poolOf(count: number, options: Partial<PoolOptions> = {}) {
  const notes: Note[] = [];
  const clock = { now: 0 };
  const pool = new ServerPool(Array.from({ length: count }, (_, i) => backend(i + 1)), {
    algorithm: 'round-robin', failures: 2, successes: 2, checked: true, now: () => clock.now, note: (note) => void notes.push(note), ...options,
  });
  const choose = (tried: readonly string[] = []): string => pool.choose('127.0.0.9:5', tried)?.name ?? 'none';
  /** A request that is over at once. */
  const serve = (): string => {
    const name = choose();
    pool.done(name);
    return name;
  };
  const times = (count: number): string => Array.from({ length: count }, serve).map((name) => name.slice(-1)).join('');
  return { pool, notes, clock, choose, serve, times };
}

describe('round robin', () => {
  it('takes turns, evenly', () => expect(poolOf(3).times(9)).toBe('123123123'));
  it('leaves out who is down, and goes on in turn', () => {
    const { pool, times } = poolOf(3);
    pool.failed('server-2', 'refused');
    expect(times(3)).toBe('123');
    pool.failed('server-2', 'refused');
    expect(times(4)).toBe('1313');
  });
  it('takes a new server into the circle', () => {
    const { pool, times } = poolOf(1);
    expect(pool.add(backend(2))).toBe(true);
    expect(pool.add(backend(2))).toBe(false);
    expect(times(4)).toBe('1212');
  });
});

describe('least connections', () => {
  it('chooses who has least to do, in turn among equals', () => {
    const { pool, choose } = poolOf(3, { algorithm: 'least-connections' });
    expect([choose(), choose(), choose(), choose()]).toEqual(['server-1', 'server-2', 'server-3', 'server-1']);
    pool.done('server-3');
    pool.done('server-2');
    expect([choose(), choose()]).toEqual(['server-2', 'server-3']);
    expect(pool.servers.map(({ open }) => open)).toEqual([2, 1, 1]);
  });
  it('sends fewer to the one that is slow', () => {
    const { pool, choose } = poolOf(2, { algorithm: 'least-connections' });
    // Server 1 keeps what it gets; server 2 is done at once.
    const chosen = Array.from({ length: 10 }, () => {
      const name = choose();
      if (name === 'server-2') pool.done(name);
      return name;
    });
    expect(chosen.filter((name) => name === 'server-1')).toHaveLength(1);
  });
});

describe('what it notes of a choice', () => {
  it('says why, and how many that server has open', () => {
    const { pool, notes, choose } = poolOf(2);
    choose();
    choose(['server-1']);
    pool.failed('server-1', 'reset');
    pool.failed('server-1', 'reset');
    choose();
    expect(notes.flatMap((note) => (note.topic === 'lb.chose' ? [[note.server, note.why, note.open]] : []))).toEqual([['server-1', 'round-robin', 1], ['server-2', 'retry', 1], ['server-2', 'only', 2]]);
  });
  it('says that none is left, once: a second try in vain is no news', () => {
    const { notes, choose } = poolOf(0);
    expect(choose()).toBe('none');
    expect(notes).toEqual([{ topic: 'lb.none', client: '127.0.0.9:5' }]);
    expect(choose(['server-1'])).toBe('none');
    expect(notes).toHaveLength(1);
  });
});

describe('health', () => {
  it('is lost by failures in a row and won back by answered checks in a row', () => {
    const { pool, notes } = poolOf(1);
    pool.failed('server-1', 'timeout');
    pool.succeeded('server-1', 'request');
    pool.failed('server-1', 'timeout');
    expect(notes).toEqual([]);
    pool.failed('server-1', 'refused');
    pool.failed('server-1', 'refused');
    expect(notes).toEqual([{ topic: 'lb.health', server: 'server-1', what: 'down', why: 'refused', failures: 2 }]);
    pool.succeeded('server-1', 'check');
    // An answer that was under way when it was found down says nothing of now.
    pool.succeeded('server-1', 'request');
    expect(pool.servers[0]?.up).toBe(false);
    pool.succeeded('server-1', 'check');
    expect(notes.at(-1)).toEqual({ topic: 'lb.health', server: 'server-1', what: 'up', why: 'answered', failures: 0 });
  });
  it('is found out by one request after a rest, where nobody checks', () => {
    const { pool, clock, choose } = poolOf(1, { checked: false, failures: 1 });
    pool.failed('server-1', 'refused');
    expect(choose()).toBe('none');
    clock.now = REST;
    expect([choose(), choose()]).toEqual(['server-1', 'none']);
    pool.failed('server-1', 'refused');
    pool.done('server-1');
    expect(choose()).toBe('none');
    clock.now += REST;
    expect(choose()).toBe('server-1');
    pool.succeeded('server-1', 'request');
    expect(choose()).toBe('server-1');
  });
});

describe('draining', () => {
  it('ends when the last request is over, and is taken back', async () => {
    const { pool, notes, choose, times } = poolOf(2);
    const signal = new AbortController().signal;
    choose();
    const drained = pool.drain('server-1', signal);
    expect(times(3)).toBe('222');
    pool.done('server-1');
    await drained;
    expect(pool.undrain('server-1')).toBe(true);
    expect(pool.undrain('server-1')).toBe(false);
    expect(notes.flatMap((note) => (note.topic === 'lb.drain' ? [[note.what, note.open]] : []))).toEqual([['begun', 1], ['ended', 0], ['over', 0]]);
    expect(times(4)).toBe('1212');
  });
  it('of nobody is nothing; of an idle server it is over at once; the end of the run ends it', async () => {
    const { pool, choose } = poolOf(1);
    const abort = new AbortController();
    expect(pool.drain('server-9', abort.signal)).toBeNull();
    choose();
    const drained = pool.drain('server-1', abort.signal);
    abort.abort();
    await drained;
    await poolOf(1).pool.drain('server-1', new AbortController().signal);
  });
});

it('knows a bounded number of servers', () => {
  const { pool } = poolOf(MAX_SERVERS);
  expect(() => pool.add(backend(MAX_SERVERS + 1))).toThrow(RangeError);
});
