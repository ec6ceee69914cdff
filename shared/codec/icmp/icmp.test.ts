// ICMP messages of both versions, with the checksums of another program: errors, echoes, clocks, routers, neighbours, listeners.

import { describe, expect, it } from 'vitest';
import { fromHex } from '../../base/bytes';
import { findField, walkFields, type FieldNode } from '../field';
import { codec as icmpv6 } from '../icmpv6/codec';
import { keepsPromises } from '../promises.fixture';
import { codec } from './codec';

const v6 = { network: { source: 'fe80::a', destination: 'ff02::1' } };
const tree = (hex: string): FieldNode => codec.fields(fromHex(hex), {}, 0);
const tree6 = (hex: string): FieldNode => icmpv6.fields(fromHex(hex), v6, 0);
const values = (node: FieldNode, ...names: string[]): unknown[] => names.map((name) => findField(node, name)?.value);
const every = (node: FieldNode, name: string): unknown[] => [...walkFields(node)].filter(({ node: { name: own } }) => own === name).map(({ node: { value } }) => value);

const TIMESTAMP = '0e00ebf1 00010002 02000000 02000005 02000006';
const ROUTERS = '090059f2 02020708 0a000001 00000000 0a000002 80000000';

describe('ICMP', () => {
  describe('a timestamp reply', () => keepsPromises({ codec, bytes: TIMESTAMP, after: '00', value: { type: 14, code: 0, rest: 0x10002, body: fromHex('020000000200000502000006') } }));
  describe('an address mask reply', () => keepsPromises({ codec, bytes: '1200eefb 00010002 ffffff00', value: { type: 18, body: fromHex('ffffff00') } }));
  describe('a router advertisement', () => keepsPromises({ codec, bytes: ROUTERS, value: { type: 9 } }));
  describe('fragmentation needed', () => keepsPromises({ codec, bytes: '0304f71f 000005dc', value: { type: 3, code: 4, rest: 1500 } }));

  it('says what its types mean', () => {
    expect(values(tree(TIMESTAMP), 'icmp.ident', 'icmp.seq_le', 'icmp.originate_timestamp', 'icmp.transmit_timestamp', 'icmp.checksum.status')).toEqual([1, 0x200, 0x200_0000, 0x200_0006, 1]);
    expect(every(tree(ROUTERS), 'icmp.router_address')).toEqual(['10.0.0.1', '10.0.0.2']);
    expect(values(tree('0304f71f 000005dc'), 'icmp.mtu', 'icmp.unused')).toEqual([1500, Uint8Array.of(0, 0)]);
    expect(values(tree('0501ab00 0a0000fe 4500'), 'icmp.redir_gw')).toEqual(['10.0.0.254']);
    expect(values(tree('0c009aff 14000000 4500'), 'icmp.pointer')).toEqual([20]);
    expect(findField(tree('0b00f4ff 00000000'), 'icmp.code')?.display).toBe('Time to live exceeded (0)');
  });
});

const ADVERTISEMENT = `8600c3e8 40c80708 00007530 000003e8 0101021122334455 05010000000005dc 030440c0 00278d00 00093a80 00000000 20010db8000000000000000000000000
  19030000 00000258 20010db8000000000000000000000053`;
const MORE = '86004796 00000000 00000000 00000000 1f030000 00000258 076578616d706c65 0474657374000000 260201f0 20010db80064ff9b00000000 18034008 ffffffff 20010db8000100000000000000000000';
const SOLICITATION = '870012f0 00000000 fe80000000000000000000000000000b 0101021122334455';
const NEIGHBOR = '8800b0ef 60000000 fe80000000000000000000000000000b 0201021122334455';
const REDIRECT = '8900ad75 00000000 fe80000000000000000000000000000b 20010db8000000000000000000000001 0402000000000000 6000000000003b40';
const QUERY = '820050e8 27100000 ff020000000000000000000000000005 0a7d0001 fe80000000000000000000000000000b';
const REPORT = '8f007174 00000001 04000001 ff020000000000000000000000000005 fe80000000000000000000000000000b';

describe('ICMPv6', () => {
  describe.each([
    ['router advertisement', ADVERTISEMENT, 134], ['one with rare options', MORE, 134], ['neighbour solicitation', SOLICITATION, 135], ['neighbour advertisement', NEIGHBOR, 136],
    ['redirect', REDIRECT, 137], ['listener query', QUERY, 130], ['listener report', '83008016 00000000 ff020000000000000000000000000005', 131], ['listener report, version 2', REPORT, 143],
  ])('%s', (_name, bytes, type) => keepsPromises({ codec: icmpv6, context: v6, bytes, value: { type }, datagram: true }));

  it('routers tell hosts what to be', () => {
    const said = tree6(ADVERTISEMENT);
    expect(values(said, 'icmpv6.checksum.status', 'icmpv6.nd.ra.cur_hop_limit', 'icmpv6.nd.ra.flag.m', 'icmpv6.nd.ra.flag.o', 'icmpv6.nd.ra.flag.prf', 'icmpv6.nd.ra.router_lifetime')).toEqual([1, 64, true, true, 1, 1800]);
    expect(values(said, 'icmpv6.opt.prefix', 'icmpv6.opt.prefix.length', 'icmpv6.opt.prefix.flag.a', 'icmpv6.opt.mtu', 'icmpv6.opt.rdnss')).toEqual(['2001:db8::', 64, true, 1500, '2001:db8::53']);
    expect(said.children.filter(({ name }) => name === 'icmpv6.opt').map(({ display }) => display)).toEqual([
      'Source link-layer address: 02:11:22:33:44:55', 'MTU: 1500 B', 'Prefix information: 2001:db8::/64', 'Recursive DNS servers: 2001:db8::53',
    ]);
    expect(tree6(MORE).children.filter(({ name }) => name === 'icmpv6.opt').map(({ display }) => display)).toEqual([
      'DNS search list: example.test', 'NAT64 prefix: 2001:db8:64:ff9b::/96', 'Route information: 2001:db8:1::/64',
    ]);
  });

  it('neighbours ask for each other, as ARP does', () => {
    expect(values(tree6(SOLICITATION), 'icmpv6.nd.ns.target_address')).toEqual(['fe80::b']);
    expect(values(tree6(NEIGHBOR), 'icmpv6.nd.na.flag.r', 'icmpv6.nd.na.flag.s', 'icmpv6.nd.na.flag.o', 'icmpv6.nd.na.target_address')).toEqual([false, true, true, 'fe80::b']);
    expect(values(tree6(REDIRECT), 'icmpv6.nd.rd.target_address', 'icmpv6.rd.na.destination_address')).toEqual(['fe80::b', '2001:db8::1']);
  });

  it('hosts say which groups they listen to', () => {
    expect(values(tree6(QUERY), 'icmpv6.mld.maximum_response_code', 'icmpv6.mld.flag.s', 'icmpv6.mld.flag.qrv', 'icmpv6.mld.source_address')).toEqual([10_000, true, 2, 'fe80::b']);
    expect(values(tree6(REPORT), 'icmpv6.mldr.nb_mcast_records', 'icmpv6.mldr.mar.record_type', 'icmpv6.mldr.mar.multicast_address', 'icmpv6.mldr.mar.source_address')).toEqual([1, 4, 'ff02::5', 'fe80::b']);
  });

  it('an option of length 0 ends the list; one that is too long is cut', () => {
    expect(tree6(`${SOLICITATION.slice(0, -16)}01000211`).children.at(-1)).toMatchObject({ name: 'icmpv6.unknown_data', problem: 'an option of length 0' });
    expect(tree6(`${SOLICITATION.slice(0, -16)}05020000 00000500`).children.at(-1)).toMatchObject({ name: 'icmpv6.opt', problem: '16 bytes do not hold what should be in them' });
  });
});
