// Which addresses are places to share at, and who is of their network. And the permits: just that, and nothing beside it.
import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { createNetwork } from '../../capture/network';
import { roleIx } from '../../../shared/base/brand';
import { isMachineOf, lanPlaces, numberOf, scopeOf } from './lan';
import { dialPermit, listenPermit } from './permits';

const at = (address: string, netmask = '255.255.255.0', more: Partial<NetworkInterfaceInfo> = {}): NetworkInterfaceInfo =>
  ({ address, netmask, family: 'IPv4', mac: '00:00:00:00:00:00', internal: false, cidr: null, ...more } as NetworkInterfaceInfo);

describe('places', () => {
  it('are the IPv4 addresses of networks, those of a class first', () => {
    const places = lanPlaces({
      lo: [at('127.0.0.1', '255.0.0.0', { internal: true })],
      docker0: [at('172.17.0.1', '255.255.0.0')],
      ppp0: [at('203.0.113.7', '255.255.255.255')],
      usb0: [at('169.254.8.8', '255.255.0.0')],
      wlan0: [at('192.168.1.5'), { ...at('fe80::1'), family: 'IPv6', scopeid: 1 } as NetworkInterfaceInfo],
      gone: undefined, odd: [at('127.0.0.9'), at('0.0.0.0'), at('224.0.0.1'), at('nonsense')],
    });
    expect(places).toEqual([
      { name: 'wlan0', address: '192.168.1.5', prefix: 24, scope: 'private' }, { name: 'usb0', address: '169.254.8.8', prefix: 16, scope: 'link-local' },
      { name: 'ppp0', address: '203.0.113.7', prefix: 32, scope: 'public' }, { name: 'docker0', address: '172.17.0.1', prefix: 16, scope: 'private' },
    ]);
    expect(lanPlaces({})).toEqual([]);
    expect(lanPlaces({ a: [at('10.0.0.1', '255.0.255.0')] })).toMatchObject([{ prefix: 32 }]);
  });

  it.each([
    ['10.255.0.1', 'private'], ['172.15.0.1', 'public'], ['172.16.0.1', 'private'], ['172.31.255.255', 'private'], ['172.32.0.1', 'public'], ['192.168.0.1', 'private'], ['192.169.0.1', 'public'], ['169.254.1.1', 'link-local'],
    ['100.64.0.1', 'public'], ['8.8.8.8', 'public'],
  ] as const)('%s is %s', (address, scope) => expect(scopeOf(address)).toBe(scope));

  it('a network has its machines, not itself and not all of them', () => {
    const place = { address: '192.168.4.5', prefix: 22 };
    expect(['192.168.4.1', '192.168.7.254', '192.168.5.0', '192.168.5.255'].every((address) => isMachineOf(place, address))).toBe(true);
    expect(['192.168.3.255', '192.168.8.1', '192.168.4.0', '192.168.7.255', '::1', '', '1'].some((address) => isMachineOf(place, address))).toBe(false);
    expect([isMachineOf({ address: '10.0.0.1', prefix: 32 }, '10.0.0.2'), isMachineOf({ address: '10.0.0.2', prefix: 31 }, '10.0.0.3'), isMachineOf({ address: '10.0.0.1', prefix: 0 }, '200.1.1.1')]).toEqual([false, true, true]);
  });

  it.each(['256.1.1.1', '1.2.3', '1.2.3.4.5', ' 1.2.3.4', '::ffff:1.2.3.4', '0x7f.1.1.1'])('%j is no address', (text) => expect(numberOf(text)).toBeNaN());
});

const HERE = { name: 'a', address: '192.168.1.5', prefix: 24, scope: 'private' } as const;
const code = (work: Promise<unknown>): Promise<unknown> => work.then(() => 'done', (error: NodeJS.ErrnoException) => error.code);

describe('without a permit', () => {
  it('no role binds or reaches any address but loopback', async () => {
    const net = createNetwork(null, { role: roleIx(0), host: 'x', address: '192.168.1.5' });
    const loopback = createNetwork(null, { role: roleIx(0), host: 'x', address: '127.0.0.1' });
    for (const one of [net, loopback]) {
      expect(await code(one.net.dial({ address: '192.168.1.6', port: 9 }))).toBe('EACCES');
      expect(await code((async () => (await one.dgram.open()).sendTo(Buffer.from('x'), { address: '192.168.1.6', port: 9 }))())).toBe('EACCES');
    }
    expect(await code(net.net.listen({ port: 0 }))).toBe('EACCES');
    expect(await code(net.dgram.bind(0))).toBe('EACCES');
    net.closeAll();
    loopback.closeAll();
  });
});

describe('a permit', () => {
  const listens = listenPermit('tcp', { address: '192.168.1.5', port: 8080 }, HERE);

  it('to listen names protocol, address and port, and connects nowhere', () => {
    expect(listens.listens('tcp', { address: '192.168.1.5', port: 8080 })).toBe(true);
    for (const [protocol, address, port] of [['udp', '192.168.1.5', 8080], ['tcp', '192.168.1.5', 8081], ['tcp', '0.0.0.0', 8080], ['tcp', '192.168.1.6', 8080], ['tcp', '192.168.1.5', 0]] as const) {
      expect(listens.listens(protocol, { address, port })).toBe(false);
    }
    expect(listens.reaches('tcp', { address: '192.168.1.6', port: 80 })).toBe(false);
    expect(listens.reaches('udp', { address: '192.168.1.6', port: 80 })).toBe(false);
  });

  it('of datagrams lets answers go to its network', () => {
    const permit = listenPermit('udp', { address: '192.168.1.5', port: 8080 }, HERE);
    expect([permit.reaches('udp', { address: '192.168.1.6', port: 5 }), permit.reaches('udp', { address: '192.168.2.6', port: 5 }), permit.reaches('udp', { address: '192.168.1.255', port: 5 }), permit.reaches('tcp', { address: '192.168.1.6', port: 5 })]).toEqual([true, false, false, false]);
  });

  it('to go out names one server, and does not listen', () => {
    const permit = dialPermit('tcp', { address: '192.168.1.9', port: 7007 }, '192.168.1.5');
    expect([permit.reaches('tcp', { address: '192.168.1.9', port: 7007 }), permit.reaches('tcp', { address: '192.168.1.9', port: 7008 }), permit.reaches('udp', { address: '192.168.1.9', port: 7007 }), permit.reaches('tcp', { address: '192.168.1.8', port: 7007 })]).toEqual([true, false, false, false]);
    expect(permit.listens('tcp', { address: '192.168.1.5', port: 0 })).toBe(false);
    expect(dialPermit('udp', { address: '192.168.1.9', port: 7007 }, '192.168.1.5').listens('udp', { address: '192.168.1.5', port: 7007 })).toBe(false);
  });

  it('is held to by the network that has it: anything else is refused before the system is asked', async () => {
    const net = createNetwork(null, { role: roleIx(0), host: 'x', address: '192.168.1.5', permit: listens });
    expect(await code(net.net.listen({ port: 8081 }))).toBe('EACCES');
    expect(await code(net.dgram.bind(8080))).toBe('EACCES');
    expect(await code(net.net.dial({ address: '192.168.1.9', port: 7007 }))).toBe('EACCES');
    expect(await code(new Promise((_resolve, reject) => net.http.request({ address: '192.168.1.9', port: 7007 }, {}).on('error', reject)))).toBe('EACCES');
    // The system is asked about the one that is permitted: it does not have that address.
    expect(await code(net.net.listen({ port: 8080 }))).toBe('EADDRNOTAVAIL');
    net.closeAll();
  });
});
