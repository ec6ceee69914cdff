import { describe, expect, it } from 'vitest';
import { bottleneck, timeByServer, timeBySwarm, type Distribution } from './distribution';

/** The textbook's example: F/u = 1 hour, u_s = 10 u, d_min >= u_s. */
const HOUR = 3_600_000;
const BOOK: Distribution = { size: 3_600_000, serverUp: 10_000, peerUp: 1_000, peerDown: 10_000 };

describe('the time to distribute a file', () => {
  it('grows with the receivers without end when one server sends every copy', () => {
    expect(timeByServer(BOOK, 10)).toBe(HOUR);
    expect(timeByServer(BOOK, 30)).toBe(3 * HOUR);
    expect(timeByServer(BOOK, 1_000_000)).toBe(100_000 * HOUR);
  });

  it('stays below the hour of the textbook when each gives on what it has', () => {
    expect(timeBySwarm(BOOK, 30)).toBe((30 / 40) * HOUR);
    expect(timeBySwarm(BOOK, 1_000_000)).toBeLessThan(HOUR);
    expect(timeBySwarm(BOOK, 1_000_000)).toBeGreaterThan(0.9999 * HOUR);
  });

  it('is the same for one receiver in both ways unless the two up-links together matter', () => {
    expect(timeBySwarm(BOOK, 1)).toBe(timeByServer(BOOK, 1));
  });

  it('is never longer by the swarm than by the server', () => {
    for (const receivers of [1, 2, 3, 7, 30, 200, 1_000_000]) {
      for (const peerUp of [0, 1, 500, 1_000, 50_000]) {
        const each = { ...BOOK, peerUp };
        expect(timeBySwarm(each, receivers)).toBeLessThanOrEqual(timeByServer(each, receivers));
      }
    }
  });

  it('is set by the slowest receiver when its down-link is the narrowest', () => {
    const narrow = { ...BOOK, peerDown: 500 };
    expect(timeByServer(narrow, 2)).toBe(2 * HOUR);
    expect(timeBySwarm(narrow, 2)).toBe(2 * HOUR);
  });

  it('takes 0 for a link without a cap', () => {
    expect(timeByServer({ ...BOOK, serverUp: 0 }, 30)).toBe(HOUR / 10);
    expect(timeBySwarm({ ...BOOK, peerUp: 0 }, 30)).toBe(HOUR / 10);
    expect(timeBySwarm({ ...BOOK, serverUp: 0 }, 30)).toBe(HOUR / 10);
    expect(timeByServer({ size: 1, serverUp: 0, peerUp: 0, peerDown: 0 }, 5)).toBe(0);
    expect(timeBySwarm({ size: 1, serverUp: 0, peerUp: 0, peerDown: 0 }, 5)).toBe(0);
  });

  it('is nothing for nobody, and for an empty file', () => {
    expect(timeByServer(BOOK, 0)).toBe(0);
    expect(timeBySwarm(BOOK, 0)).toBe(0);
    expect(timeByServer({ ...BOOK, size: 0 }, 9)).toBe(0);
  });
});

describe('the bottleneck', () => {
  it('is the server as soon as it has to send many copies', () => {
    expect(bottleneck('server', BOOK, 1)).toBe('server-up');
    expect(bottleneck('server', { ...BOOK, peerDown: 500 }, 1)).toBe('receiver-down');
    expect(bottleneck('server', { ...BOOK, peerDown: 500 }, 100)).toBe('server-up');
  });

  it('passes from the seed to all up-links together', () => {
    expect(bottleneck('swarm', BOOK, 1)).toBe('server-up');
    expect(bottleneck('swarm', BOOK, 30)).toBe('all-up');
    expect(bottleneck('swarm', { ...BOOK, peerDown: 100 }, 30)).toBe('receiver-down');
  });
});
