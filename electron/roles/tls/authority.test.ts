import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Authority, selfSigned } from './authority';

describe('the lab’s authority', () => {
  it('issues certificates that OpenSSL finds good', async () => {
    const authority = await Authority.create('Lab authority');
    const ca = new X509Certificate(authority.certificate);
    const { cert } = await authority.issue({ names: ['www.example.test', '127.0.20.1'] });
    const server = new X509Certificate(cert);
    expect(server.verify(ca.publicKey)).toBe(true);
    expect(server.checkIssued(ca)).toBe(true);
    expect(server.checkHost('www.example.test')).toBe('www.example.test');
    expect(server.checkHost('other.example.test')).toBeUndefined();
    expect(server.checkIP('127.0.20.1')).toBe('127.0.20.1');
    expect([ca.ca, server.ca]).toEqual([true, false]);
  });

  it('issues such as are over, not yet begun, or nobody’s but their own', async () => {
    const authority = await Authority.create('Lab authority');
    const day = 86_400_000;
    const over = new X509Certificate((await authority.issue({ names: ['a.test'], from: -2 * day, until: -day })).cert);
    const early = new X509Certificate((await authority.issue({ names: ['a.test'], from: day, until: 2 * day })).cert);
    expect(Date.parse(over.validTo)).toBeLessThan(Date.now());
    expect(Date.parse(early.validFrom)).toBeGreaterThan(Date.now());
    const own = new X509Certificate((await selfSigned({ names: ['a.test'] })).cert);
    expect(own.verify(own.publicKey)).toBe(true);
    expect(own.checkIssued(new X509Certificate(authority.certificate))).toBe(false);
  });

  it('never gives two certificates one serial number', async () => {
    const authority = await Authority.create('Lab authority');
    const issued = await Promise.all(Array.from({ length: 8 }, () => authority.issue({ names: ['a.test'] })));
    expect(new Set(issued.map(({ cert }) => new X509Certificate(cert).serialNumber)).size).toBe(8);
  });
});
