import { describe, expect, it } from 'vitest';
import type { LabManifest } from '../../shared/lab/manifest';
import { planHosts, probeAddress } from './hosts';

const MANIFEST: LabManifest = {
  id: 'two-servers', group: 'sockets', order: 1, parameters: [], actions: [], steps: [], predictions: [], tryIt: [], stage: ['hosts'], specifications: [],
  hosts: [{ id: 'client', address: '127.0.201.1' }, { id: 'a', address: '127.0.201.2' }, { id: 'b', address: '127.0.201.3' }],
  endpoints: [
    { role: 'server-a', host: 'a', protocol: 'tcp', port: 7007 },
    { role: 'server-b', host: 'b', protocol: 'tcp', port: 7007 },
    { role: 'asker-b', host: 'b', protocol: 'udp', port: 7007 },
  ],
};

describe('planHosts', () => {
  it('keeps the addresses of the manifest where sockets can be bound to them', async () => {
    const plan = await planHosts(MANIFEST, () => Promise.resolve(null));
    expect(plan.hosts).toEqual([
      { id: 'client', address: '127.0.201.1', fallback: false, late: false },
      { id: 'a', address: '127.0.201.2', fallback: false, late: false },
      { id: 'b', address: '127.0.201.3', fallback: false, late: false },
    ]);
    expect([...plan.endpoints]).toEqual([
      ['server-a', { address: '127.0.201.2', port: 7007 }],
      ['server-b', { address: '127.0.201.3', port: 7007 }],
      ['asker-b', { address: '127.0.201.3', port: 7007 }],
    ]);
  });

  it('falls back to 127.0.0.1 and distinct ports of each protocol, and says so', async () => {
    const plan = await planHosts(MANIFEST, (address) => Promise.resolve(address === '127.0.201.1' ? null : 'EADDRNOTAVAIL'));
    expect(plan.hosts.map((host) => [host.address, host.fallback])).toEqual([['127.0.0.1', true], ['127.0.0.1', true], ['127.0.0.1', true]]);
    expect([...plan.endpoints.values()].map((endpoint) => endpoint.port)).toEqual([7007, 7008, 7007]);
  });

  it('writes families out, and gives each of a family a port of its own where all share an address', async () => {
    const family: LabManifest = { ...MANIFEST, hosts: [{ id: 'peer', address: '127.0.201.7', count: 3 }], endpoints: [{ role: 'peer', host: 'peer', protocol: 'tcp', port: 6881 }] };
    const asked: string[] = [];
    const plan = await planHosts(family, (address) => Promise.resolve(asked.push(address)).then(() => null));
    expect(asked).toEqual(['127.0.201.7', '127.0.201.9']);
    expect(plan.hosts[1]).toEqual({ id: 'peer-2', address: '127.0.201.8', fallback: false, late: true });
    expect(plan.endpoints.get('peer-3')).toEqual({ address: '127.0.201.9', port: 6881 });
    const shared = await planHosts(family, (address) => Promise.resolve(address === '127.0.0.1' ? null : 'EADDRNOTAVAIL'));
    expect([...shared.endpoints.values()].map(({ port }) => port)).toEqual([6881, 6882, 6883]);
  });

  it('reports what is not a question of addresses', async () => {
    await expect(planHosts(MANIFEST, () => Promise.resolve('EMFILE'))).rejects.toMatchObject({ code: 'EMFILE', message: 'lab two-servers: no socket can be bound to 127.0.201.1 (EMFILE)' });
    const local: LabManifest = { ...MANIFEST, hosts: [{ id: 'a', address: '127.0.0.1' }], endpoints: [] };
    await expect(planHosts(local, () => Promise.resolve('EADDRNOTAVAIL'))).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' });
  });

  it('refuses addresses that are not loopback and endpoints on hosts that do not exist', async () => {
    await expect(planHosts({ ...MANIFEST, hosts: [{ id: 'a', address: '0.0.0.0' }] })).rejects.toMatchObject({ code: 'LAB_ADDRESS' });
    await expect(planHosts({ ...MANIFEST, hosts: [] })).rejects.toMatchObject({ code: 'LAB_HOST' });
  });
});

it('probes by really binding', async () => {
  expect(await probeAddress('127.0.0.1')).toBeNull();
  // TEST-NET-1 (RFC 5737) is on no interface.
  expect(await probeAddress('192.0.2.1')).toBe('EADDRNOTAVAIL');
});
