import { describe, expect, it } from 'vitest';
import { endpointsOf, hostsOf } from './hosts';
import type { LabManifest } from './manifest';

const MANIFEST: LabManifest = {
  id: 'swarm', group: 'architectures', order: 1, parameters: [], actions: [], steps: [], predictions: [], tryIt: [], stage: ['hosts'], specifications: [],
  hosts: [{ id: 'tracker', address: '127.0.60.1' }, { id: 'peer', address: '127.0.61.7', count: 3 }],
  endpoints: [{ role: 'tracker', host: 'tracker', protocol: 'tcp', port: 6969 }, { role: 'peer', host: 'peer', protocol: 'tcp', port: 6881 }],
};

describe('families of hosts', () => {
  it('are written out, with addresses that follow one another', () => {
    expect(hostsOf(MANIFEST)).toEqual([
      { id: 'tracker', address: '127.0.60.1', late: false },
      { id: 'peer-1', address: '127.0.61.7', late: true },
      { id: 'peer-2', address: '127.0.61.8', late: true },
      { id: 'peer-3', address: '127.0.61.9', late: true },
    ]);
  });

  it('make families of the endpoints on them', () => {
    expect(endpointsOf(MANIFEST).map(({ role, host, port }) => [role, host, port])).toEqual([
      ['tracker', 'tracker', 6969], ['peer-1', 'peer-1', 6881], ['peer-2', 'peer-2', 6881], ['peer-3', 'peer-3', 6881],
    ]);
  });

  it('have no more hosts than addresses', () => {
    expect(() => hostsOf({ ...MANIFEST, hosts: [{ id: 'peer', address: '127.0.61.1', count: 255 }] })).toThrow('host family peer: 255 addresses from 127.0.61.1 on');
    expect(hostsOf({ ...MANIFEST, hosts: [{ id: 'peer', address: '127.0.61.1', count: 254 }] }).at(-1)?.address).toBe('127.0.61.254');
  });
});
