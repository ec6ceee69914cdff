// Capped links: over time they pass what their cap says, each connection its share; and a real peer's sockets keep to it.

import { describe, expect, it } from 'vitest';
import { Link } from './link';
import { startPeer, testFile, until } from './swarm.fixture';

/** Passes turns one after the other for `ms`; how many bytes that were. */
async function use(link: Link, ms: number, size = link.turn): Promise<number> {
  let passed = 0;
  for (const end = performance.now() + ms; performance.now() < end; passed += size) await link.pass(size);
  return passed;
}

describe('a link', () => {
  it.each([20_000, 200_000, 5_000_000])('of %i bytes a second passes so many', async (cap) => {
    const link = new Link(cap);
    const began = performance.now();
    const passed = await use(link, 1200);
    const rate = (passed / (performance.now() - began)) * 1000;
    expect(rate).toBeGreaterThan(cap * 0.9);
    expect(rate).toBeLessThan(cap * 1.1);
    link.end();
  });

  it('is shared by bytes, not by calls', async () => {
    const link = new Link(400_000);
    const [small, large, another] = await Promise.all([use(link, 1000, 1000), use(link, 1000), use(link, 1000)]);
    expect(large / another).toBeGreaterThan(0.8);
    expect(large / another).toBeLessThan(1.25);
    expect(small).toBeLessThan(large); // who asks for less in its turn gets less
    expect(small).toBeGreaterThan(0);
    link.end();
  });

  it('saves up little while it is idle', async () => {
    const time = { now: 0 };
    const link = new Link(100_000, () => time.now);
    time.now = 60_000;
    let passed = 0;
    for (let i = 0; i < 100; i++) void link.pass(1000).then(() => (passed += 1000));
    await Promise.resolve();
    await Promise.resolve();
    expect(passed).toBe(10_000);
    link.end();
  });

  it('without a cap lets everything pass, with another cap goes on with that', async () => {
    const link = new Link(null);
    expect(link.turn).toBe(32_768);
    expect(await use(link, 50)).toBeGreaterThan(1_000_000);
    link.cap = 50_000;
    const began = performance.now();
    await use(link, 1000);
    expect((link.passed - 0) / (performance.now() - began)).toBeGreaterThan(0);
    const slow = await use(link, 1000);
    expect(slow).toBeGreaterThan(42_000);
    expect(slow).toBeLessThan(58_000);
    const waits = Promise.all([link.pass(2500), link.pass(2500), link.pass(2500)]);
    link.cap = null;
    await waits;
    link.cap = 10;
    const end = link.pass(512);
    link.end();
    await end;
  });
});

describe('a peer with capped links', () => {
  it.each([['up', 150_000], ['up', 600_000], ['down', 150_000], ['down', 600_000]] as const)('%s of %i bytes a second: its sockets keep to it', async (way, cap) => {
    const { file, torrent } = testFile(60);
    const seeder = startPeer('seeder', { torrent, file, ...(way === 'up' && { up: cap }) });
    const address = { address: seeder.address, port: 6881 };
    const leechers = (way === 'up' ? ['a', 'b', 'c'] : ['a']).map((id) => startPeer(id, { torrent, file: null, peers: [address], slots: 0, ...(way === 'down' && { down: cap }) }));
    const got = (): number => leechers.reduce((sum, { peer }) => sum + peer.down.passed, 0);
    await until(() => got() > cap * 0.1);
    const [start, from] = [performance.now(), got()];
    await until(() => performance.now() - start > 1000);
    const rate = ((got() - from) / (performance.now() - start)) * 1000;
    expect(rate).toBeGreaterThan(cap * 0.9);
    expect(rate).toBeLessThan(cap * 1.1);
    // The shares of those that are served are alike.
    const shares = leechers.map(({ peer }) => peer.down.passed);
    expect(Math.max(...shares) / Math.min(...shares)).toBeLessThan(1.6);
  });
});
