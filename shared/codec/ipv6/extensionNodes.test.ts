// Rare options of IPv4 and extension headers of IPv6, as they lie in a packet.

import { expect, it } from 'vitest';
import { fromHex } from '../../base/bytes';
import { walkFields } from '../field';
import { codec as ipv4 } from '../ipv4/codec';
import { codec } from './codec';

const addresses = { source: 'fe80::a', destination: 'fe80::b' };
const none = new Uint8Array(0);

/** Names and values of the fields behind the fixed headers; every byte of them has one. */
function said(bytes: Uint8Array, from: number, six: boolean): [string, unknown][] {
  const nodes = [...walkFields((six ? codec : ipv4).fields(bytes, {}, 0))].map(({ node }) => node).filter(({ start, value, generated }) => start >= from && value !== null && generated === undefined);
  const covered = new Set(nodes.flatMap(({ start, length }) => Array.from({ length }, (_, i) => start + i)));
  expect(Array.from(bytes.keys()).filter((at) => at >= from && !covered.has(at))).toEqual([]);
  return nodes.map(({ name, value }) => [name, value]);
}
const options = (hex: string): Record<string, unknown> => Object.fromEntries(said(ipv4.encode({ source: '10.0.0.1', destination: '10.0.0.2', protocol: 253, options: fromHex(hex) }, none, {}), 20, false));
const headers = (type: number, hex: string): Record<string, unknown> => {
  const bytes = fromHex(hex);
  return Object.fromEntries(said(codec.encode({ ...addresses, nextHeader: type, extensions: [{ type, next: bytes[0] ?? 0, bytes }] }, none, {}), 40, true));
};

it('IPv4 records routes and clocks', () => {
  expect(options('070b08 0a000001 0a000002 00')).toMatchObject({ 'ip.opt.ptr': 8, 'ip.rec_rt': '10.0.0.1', 'ip.empty_rt': '10.0.0.2' });
  expect(options('830b08 0a000001 0a000002 00')).toMatchObject({ 'ip.rec_rt': '10.0.0.1', 'ip.src_rt': '10.0.0.2' });
  expect(options('440c0d01 0a000001 00000064')).toMatchObject({ 'ip.opt.overflow': 0, 'ip.opt.flag': 1, 'ip.opt.time_stamp_addr': '10.0.0.1', 'ip.opt.time_stamp': 100 });
  expect(options('440c0930 00000001 00000002')).toMatchObject({ 'ip.opt.overflow': 3, 'ip.opt.time_stamp': 2 });
  expect([options('0b0405dc')['ip.opt.mtu'], options('88040007')['ip.opt.sid'], options('94040001')['ip.opt.ra']]).toEqual([1500, 7, 1]);
  expect(options('9403ff 00')).toMatchObject({ 'ip.opt.data': fromHex('ff') });
});

it('IPv6 routes by segments and signs its headers', () => {
  const first = `20010db8${'00'.repeat(11)}01`;
  expect(headers(43, `3b 02 04 01 00 00 0007 ${first}`)).toMatchObject({ 'ipv6.routing.type': 4, 'ipv6.routing.segleft': 1, 'ipv6.routing.srh.last_entry': 0, 'ipv6.routing.srh.addr': '2001:db8::1' });
  expect(headers(43, `3b 02 02 01 00000000 ${first}`)).toMatchObject({ 'ipv6.routing.mipv6.home_address': '2001:db8::1' });
  expect(headers(43, `3b 02 00 01 00000000 ${first}`)).toMatchObject({ 'ipv6.routing.src.addr': '2001:db8::1' });
  expect(headers(43, `3b 00 09 00 00000000`)).toMatchObject({ 'ipv6.routing.data': fromHex('00000000') });
  expect(headers(51, `3b 04 0000 00000100 00000001 ${'ab'.repeat(12)}`)).toMatchObject({ 'ah.spi': 256, 'ah.sequence': 1, 'ah.icv': fromHex('ab'.repeat(12)) });
  expect(headers(60, `3b 02 01020000 c910 ${first}`)).toMatchObject({ 'ipv6.opt.padn': fromHex('0000'), 'ipv6.opt.mipv6.home_address': '2001:db8::1' });
});
