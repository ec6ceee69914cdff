// DHCP as clients and servers speak it: an offer with the options of a home network, a request, BOOTP, options in the room of names.

import { describe, expect, it } from 'vitest';
import { concatBytes, fromHex } from '../../base/bytes';
import { findField, walkFields, type FieldNode } from '../field';
import { keepsPromises } from '../promises.fixture';
import { codec } from './codec';
import { dhcpFields } from './fields';

const HEAD = `02 01 06 00 9abcdef0 0000 8000 00000000 0a000005 0a000001 00000000 021122334455 ${'00'.repeat(10)} 73657276 ${'00'.repeat(60)} 626f6f74 ${'00'.repeat(124)}`;
const COOKIE = '63825363';
const OPTIONS = `350102 36040a000001 330400000e10 0104ffffff00 03040a000001 06080a00000108080808 0f046c6f6373 0c04686f7374 3d0701021122334455 37040103060f 32040a000005
  39020240 3c044d534654 1c040a0000ff 1a0205dc 3a0400000708 51070000006162 6364 52060104 01020304 770503666f6f00 7908180a00000a000001 0204ffffe3e0 130101 0000 ff`;
const OFFER = `${HEAD} ${COOKIE} ${OPTIONS}`;
const tree = (hex: string): FieldNode => dhcpFields(fromHex(hex), 0);
const all = (node: FieldNode, name: string): unknown[] => [...walkFields(node)].filter((item) => item.node.name === name).map((item) => item.node.value);
const offer = tree(OFFER);

describe('an offer', () => keepsPromises({ codec, bytes: OFFER, datagram: true, value: { operation: 2, id: 0x9abcdef0, your: '10.0.0.5', nextServer: '10.0.0.1', options: expect.arrayContaining([{ code: 53, data: Uint8Array.of(2) }]) as unknown } }, 60));
describe('BOOTP, before there were options', () => keepsPromises({ codec, bytes: `${HEAD} ${'00'.repeat(64)}`, datagram: true, value: { options: null } }, 30));

describe('what an offer says', () => {
  it('is a message type and an address for some time', () => {
    expect([...['dhcp.option.dhcp', 'dhcp.ip.your', 'dhcp.flags.bc', 'dhcp.hw.mac_addr', 'dhcp.server', 'dhcp.file'].map((name) => findField(offer, name)?.value)]).toEqual([2, '10.0.0.5', true, '02:11:22:33:44:55', 'serv', 'boot']);
    expect(findField(offer, 'dhcp.option.dhcp')?.display).toBe('Offer (2)');
    expect(findField(offer, 'dhcp.option.ip_address_lease_time')).toMatchObject({ value: 3600, display: '3600 s (1 h)' });
  });

  it('is what a host needs to take part', () => {
    expect(all(offer, 'dhcp.option.subnet_mask')).toEqual(['255.255.255.0']);
    expect(all(offer, 'dhcp.option.domain_name_server')).toEqual(['10.0.0.1', '8.8.8.8']);
    expect(all(offer, 'dhcp.option.request_list_item')).toEqual([1, 3, 6, 15]);
    expect(all(offer, 'dhcp.option.dhcp_dns_domain_search_list_fqdn')).toEqual(['foo']);
    expect([all(offer, 'dhcp.fqdn.name'), all(offer, 'dhcp.option.agent_information_option.agent_circuit_id')]).toEqual([['abcd'], [fromHex('01020304')]]);
    expect([all(offer, 'dhcp.option.time_offset'), all(offer, 'dhcp.option.ip_forwarding')]).toEqual([[-7200], [true]]);
    expect(offer.children.filter(({ name }) => name === 'dhcp.option.type').slice(0, 6).map(({ display }) => display)).toEqual([
      'Message type: Offer (2)', 'Server identifier: 10.0.0.1', 'Lease time: 3600 s (1 h)', 'Subnet mask: 255.255.255.0', 'Router: 10.0.0.1', 'DNS server: 10.0.0.1, 8.8.8.8',
    ]);
    expect(offer.children.find(({ value }) => value === 121)?.display).toBe('Classless static route: 10.0.0.0/24 → 10.0.0.1');
  });

  it('may go on in the room of the names', () => {
    const bytes = fromHex(`${HEAD} ${COOKIE} 350105 340101 ff`);
    bytes.set(fromHex('0604 0a000009 ff'), 108);
    expect(all(dhcpFields(bytes, 0), 'dhcp.option.domain_name_server')).toEqual(['10.0.0.9']);
  });
});

it('an option that is cut off, or too short for its kind, is told', () => {
  expect(codec.decode(fromHex(`${HEAD} ${COOKIE} 3305 00`), { missing: 0 })).toMatchObject({ status: 'malformed' });
  expect(codec.decode(fromHex(`${HEAD} ${COOKIE} 3305 00`), {})).toMatchObject({ status: 'incomplete', need: 247 });
  const short = tree(`${HEAD} ${COOKIE} 33020000 ff`);
  expect(short.children.find(({ name }) => name === 'dhcp.option.type')).toMatchObject({ value: 51, problem: 'too short for what it says' });
});

it('a request is built from what is said', () => {
  const bytes = codec.encode({ operation: 1, id: 7, hardware: fromHex('021122334455'), options: [{ code: 53, data: Uint8Array.of(1) }, { code: 255, data: new Uint8Array(0) }] }, new Uint8Array(0), {});
  expect(bytes.length).toBe(244);
  expect(findField(dhcpFields(bytes, 0), 'dhcp.option.dhcp')?.display).toBe('Discover (1)');
  expect(() => codec.encode({ operation: 1, id: 7, file: new Uint8Array(129) }, new Uint8Array(0), {})).toThrow(RangeError);
  expect(() => codec.encode({ operation: 1, id: 7, options: [{ code: 12, data: new Uint8Array(256) }] }, new Uint8Array(0), {})).toThrow(RangeError);
  expect(concatBytes(bytes)).toEqual(bytes);
});
