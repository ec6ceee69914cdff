// Servers and families of servers, as the user is asked about them.
import { describe, expect, it } from 'vitest';
import type { LabManifest, LiveEndpoint } from './manifest';
import { familyOf, offerable, proposedPorts, type Offerable } from './offers';

const manifest: Pick<LabManifest, 'hosts' | 'endpoints'> = {
  hosts: [{ id: 'tracker', address: '127.0.60.1' }, { id: 'peer', address: '127.0.61.1', count: 4 }],
  endpoints: [{ role: 'tracker', host: 'tracker', protocol: 'udp', port: 6969 }, { role: 'tracker', host: 'tracker', protocol: 'tcp', port: 6969 }, { role: 'peer', host: 'peer', protocol: 'tcp', port: 6881 }, { role: 'server-1', host: 'tracker', protocol: 'tcp', port: 8080 }],
};
const lab = manifest as LabManifest;
const live = (role: string, host: string, protocol: 'tcp' | 'udp' = 'tcp', port = 6881): LiveEndpoint => ({ role, host, protocol, address: '127.0.0.1', port });

describe('what can be shared', () => {
  it('a family goes together, whoever of it runs; others stand alone', () => {
    expect(offerable(lab, [live('tracker', 'tracker', 'tcp', 6969), live('tracker', 'tracker', 'udp', 6969), live('peer-2', 'peer-2'), live('newcomer', 'peer-4'), live('server-1', 'tracker', 'tcp', 8080)])).toMatchObject([
      { role: 'tracker', protocol: 'tcp', port: 6969, count: 1 }, { role: 'tracker', protocol: 'udp', port: 6969, count: 1 },
      { role: 'peer', protocol: 'tcp', port: 6881, count: 4, live: [{ role: 'peer-2' }, { role: 'newcomer' }] }, { role: 'server-1', port: 8080, count: 1 },
    ]);
    expect(offerable(lab, [])).toEqual([]);
  });

  it('a server that was started again is what it was', () => {
    expect(familyOf(lab, live('tracker-2', 'tracker', 'tcp', 6969))).toEqual({ role: 'tracker', count: 1 });
    expect(familyOf(lab, live('again', 'tracker', 'tcp', 8080))).toEqual({ role: 'server-1', count: 1 });
  });

  it('what the manifest does not know is itself', () => {
    expect(familyOf(lab, live('stranger-1', 'other'))).toEqual({ role: 'stranger-1', count: 1 });
    expect(familyOf(lab, { role: 'stranger', protocol: 'udp', address: '127.0.0.1', port: 1 })).toEqual({ role: 'stranger', count: 1 });
    expect(familyOf(lab, { role: 'peer-3', protocol: 'tcp', address: '127.0.0.1', port: 6881 })).toEqual({ role: 'peer', count: 4 });
  });
});

it('the ports that are proposed: the lab\'s; families one after the other; nothing that needs an administrator', () => {
  const offer = (role: string, port: number, count = 1, protocol: 'tcp' | 'udp' = 'tcp'): Offerable => ({ role, port, count, protocol, live: [] });
  expect(proposedPorts([offer('tracker', 6969), offer('peer', 6881, 200), offer('seeder', 6881, 20), offer('web', 80), offer('peer', 6881, 200, 'udp')])).toEqual([6969, 6881, 7081, 1024, 6881]);
});
