// Servers and families of servers, as the user is asked about them.
import { describe, expect, it } from 'vitest';
import type { LabManifest, LiveEndpoint } from './manifest';
import { familyOf, offerable } from './offers';

const manifest: Pick<LabManifest, 'hosts' | 'endpoints'> = {
  hosts: [{ id: 'tracker', address: '127.0.60.1' }, { id: 'peer', address: '127.0.61.1', count: 4 }],
  endpoints: [{ role: 'tracker', host: 'tracker', protocol: 'tcp', port: 6969 }, { role: 'peer', host: 'peer', protocol: 'tcp', port: 6881 }, { role: 'server-1', host: 'tracker', protocol: 'tcp', port: 8080 }],
};
const lab = manifest as LabManifest;
const live = (role: string, protocol: 'tcp' | 'udp' = 'tcp', port = 6881): LiveEndpoint => ({ role, protocol, address: '127.0.0.1', port });

describe('what can be shared', () => {
  it('a family goes together, whoever of it runs; others stand alone', () => {
    expect(offerable(lab, [live('tracker', 'tcp', 6969), live('tracker', 'udp', 6969), live('peer-2'), live('peer-4'), live('server-1', 'tcp', 8080)])).toMatchObject([
      { role: 'tracker', protocol: 'tcp', port: 6969, count: 1 }, { role: 'tracker', protocol: 'udp', port: 6969, count: 1 },
      { role: 'peer', protocol: 'tcp', port: 6881, count: 4, live: [{ role: 'peer-2' }, { role: 'peer-4' }] }, { role: 'server-1', port: 8080, count: 1 },
    ]);
    expect(offerable(lab, [])).toEqual([]);
  });

  it('a name that only looks like one of a family is none', () => {
    expect(familyOf(lab, 'peer-5')).toEqual({ role: 'peer-5', count: 1 });
    expect(familyOf(lab, 'stranger-1')).toEqual({ role: 'stranger-1', count: 1 });
    expect(familyOf(lab, 'peer')).toEqual({ role: 'peer', count: 1 });
  });
});
