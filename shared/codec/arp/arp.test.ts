// ARP as it is on the wire: asked, answered, probed, announced; and with addresses of other sizes.

import { describe, expect, it } from 'vitest';
import { fromHex } from '../../base/bytes';
import { dissect } from '../dissect';
import { findField } from '../field';
import { keepsPromises } from '../promises.fixture';
import { codec } from './codec';

const ETHERNET = 'ffffffffffff 021122334455 0806';
const REQUEST = '0001 0800 06 04 0001 021122334455 0a000001 000000000000 0a000002';
const SEEN = (packet: string) => dissect(fromHex(`${ETHERNET} ${packet}`)).find(({ protocol }) => protocol === 'arp');
const value = (packet: string, name: string): unknown => {
  const tree = SEEN(packet)?.tree;
  return tree === undefined ? undefined : findField(tree, name)?.value;
};

describe('who has 10.0.0.2?', () => keepsPromises({
  codec, bytes: REQUEST,
  value: { hardware: 1, protocol: 0x0800, hardwareSize: 6, protocolSize: 4, operation: 1, senderHardware: fromHex('021122334455'), senderProtocol: fromHex('0a000001'), targetProtocol: fromHex('0a000002') },
}));

describe('an asker whose addresses have other sizes', () => keepsPromises({ codec, bytes: '0014 0800 04 02 0009 01020304 0506 00000000 0708', value: { hardware: 20, hardwareSize: 4, protocolSize: 2, operation: 9 } }));

describe('what an ARP packet wants', () => {
  it('is said by its operation and its addresses', () => {
    expect(value(REQUEST, 'arp.opcode')).toBe(1);
    expect(value(REQUEST, 'arp.src.hw_mac')).toBe('02:11:22:33:44:55');
    expect(value(REQUEST, 'arp.src.proto_ipv4')).toBe('10.0.0.1');
    expect(value(REQUEST, 'arp.dst.proto_ipv4')).toBe('10.0.0.2');
    expect(value(REQUEST, 'arp.isgratuitous')).toBeUndefined();
  });

  it('may be to find out whether an address is free, or to say that it is taken', () => {
    const probe = '0001 0800 06 04 0001 021122334455 00000000 000000000000 0a000002';
    const announcement = '0001 0800 06 04 0001 021122334455 0a000002 000000000000 0a000002';
    const reply = '0001 0800 06 04 0002 021122334455 0a000002 ffffffffffff 0a000002';
    expect([probe, announcement, reply].map((packet) => ['arp.isprobe', 'arp.isgratuitous', 'arp.isannouncement'].filter((name) => value(packet, name) === true))).toEqual([
      ['arp.isprobe'], ['arp.isgratuitous', 'arp.isannouncement'], ['arp.isgratuitous'],
    ]);
  });

  it('leaves the padding to Ethernet', () => {
    const layers = dissect(fromHex(`${ETHERNET} ${REQUEST} 0000`));
    expect(layers.map(({ protocol }) => protocol)).toEqual(['eth', 'arp']);
    expect(layers[1]?.length).toBe(28);
  });

  it('is built for Ethernet and IPv4 when nothing else is said', () => {
    const addresses = { senderHardware: fromHex('021122334455'), senderProtocol: fromHex('0a000001'), targetHardware: new Uint8Array(6), targetProtocol: fromHex('0a000002') };
    expect(codec.encode({ operation: 1, ...addresses }, new Uint8Array(0), {})).toEqual(fromHex(REQUEST));
    expect(() => codec.encode({ operation: 1, ...addresses, targetProtocol: new Uint8Array(6) }, new Uint8Array(0), {})).toThrow(RangeError);
  });
});
