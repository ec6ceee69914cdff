// What a link's header says about what is behind it: lengths with LLC and SNAP, tags of virtual LANs, Linux cooked capture.

import { describe, expect, it } from 'vitest';
import { concatBytes, fromHex } from '../../base/bytes';
import { dissect } from '../dissect';
import { findField } from '../field';
import { codec as provider } from '../ieee8021ad/codec';
import { keepsPromises } from '../promises.fixture';
import { codec as cooked } from '../sll2/codec';
import { codec } from './codec';

const ADDRESSES = '0180c2000000 021122334455';
const PACKET = '45000014 00000000 40000000 7f000001 7f000001';
const layers = (hex: string, linkType = 1): string => dissect(fromHex(hex), linkType).map(({ protocol }) => protocol).join(' ');

describe('a SNAP header', () => keepsPromises({ codec, bytes: 'aaaa03 000000 0800', after: '00', value: { dsap: 0xaa, ssap: 0xaa, control: 3, snap: { oui: 0, pid: 0x0800 } } }));
describe('an unnumbered frame', () => keepsPromises({ codec, bytes: '424203', after: '0000', value: { dsap: 0x42, ssap: 0x42, control: 3, snap: null } }));
describe('an information frame', () => keepsPromises({ codec, bytes: 'f0f0 0a0c', value: { dsap: 0xf0, control: 0x0c0a, snap: null } }));
describe('a provider\'s tag', () => keepsPromises({ codec: provider, bytes: '20c8 8100', value: { priority: 1, dropEligible: false, id: 200, type: 0x8100 } }));
describe('a cooked header of Linux, second version', () => keepsPromises({
  codec: cooked, bytes: '0800 0000 00000003 0304 04 06 021122334455 0000', after: PACKET, value: { type: 0x0800, interfaceIndex: 3, hardware: 772, packetType: 4, addressLength: 6, addressStart: 0x021122334455 },
}));

describe('behind a length of Ethernet', () => {
  it('is LLC, and what it names', () => {
    expect(layers(`${ADDRESSES} 001c aaaa03 000000 0800 ${PACKET}`)).toBe('eth llc ip');
    expect(layers(`${ADDRESSES} 0017 060603 ${PACKET}`)).toBe('eth llc ip');
    expect(layers(`${ADDRESSES} 0005 424203 0000`)).toBe('eth llc data');
    expect(layers(`${ADDRESSES} 000a aaaa03 00000c 2000 02b4`)).toBe('eth llc data');
    expect(layers(`${ADDRESSES} 8100 0001 0017 060603 ${PACKET}`)).toBe('eth vlan llc ip');
  });

  it('is IPX at once when it begins with its checksum', () => {
    expect(layers(`${ADDRESSES} 0004 ffff 0004`)).toBe('eth data');
  });

  it('ends where the length says; the rest is the frame\'s', () => {
    const [ethernet, llc, data] = dissect(concatBytes(fromHex(`${ADDRESSES} 0005 424203 0000`), new Uint8Array(41)));
    expect([llc?.protocol, data?.length]).toEqual(['llc', 2]);
    expect(ethernet && findField(ethernet.tree, 'eth.len')?.value).toBe(5);
  });
});

it('two tags are walked, whoever wrote the outer', () => {
  expect(layers(`${ADDRESSES} 88a8 00c8 8100 07d1 0800 ${PACKET}`)).toBe('eth ieee8021ad vlan ip');
  expect(layers(`${ADDRESSES} 9100 00c8 8100 07d1 0800 ${PACKET}`)).toBe('eth vlan vlan ip');
});

it('a cooked frame of either version leads to its packet', () => {
  expect(layers(`0800 0000 00000003 0304 04 06 021122334455 0000 ${PACKET}`, 276)).toBe('sll2 ip');
  expect(layers(`0000 0304 0006 000000000000 0000 0800 ${PACKET}`, 113)).toBe('sll ip');
});

it('is not looked for in a frame of ISL, whose length stands before other numbers', () => {
  expect(dissect(fromHex('01000c000000 021122334455 000b aaaa03 00000c 0002 0000')).map(({ protocol }) => protocol)).toEqual(['eth', 'data']);
});
