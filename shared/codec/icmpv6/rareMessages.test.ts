// Router renumbering, node information and RPL, with the checksums of no addresses: each message's fields, and that its bytes come back.

import { describe, expect, it } from 'vitest';
import { fromHex } from '../../base/bytes';
import { walkFields } from '../field';
import { keepsPromises } from '../promises.fixture';
import { codec } from './codec';

const PREFIX = '20010db8000100000000000000000000';
const RENUMBER = `8a000000 00000007 01 b0 03e8 00000000  01 07 02 30 00 80 0000 ${PREFIX}  30 10 80 40 00278d00 00093a80 80000000 20010db8000200000000000000000000`;
const RESULT = `8a010000 00000007 01 00 0000 00000000  0001 02 40 00000003 ${PREFIX}`;
const QUERY = `8b000000 0003 000a 0102030405060708 ${PREFIX}`;
const REPLY = '8c000000 0004 0002 1102030405060708 00000e10 c0000201 00000000 c0000202';
const ANNOUNCE = `9b010000 1e f0 0100 88 f0 0000 ${PREFIX}  04 0e 00 08 0c 0a 0700 0100 0001 00 ff ffff`;
const DESTINATION = `9b020000 1e c0 00 f1 ${PREFIX}  05 12 00 80 ${PREFIX}  06 14 80 00 01 1e ${PREFIX}  00 01 02 0000 63 01 aa`;
const TAKEN = `9b030000 1e 80 f1 00 ${PREFIX}`;

/** All values of these fields, and what options say. */
const said = (hex: string, ...names: string[]): string[] => {
  const nodes = [...walkFields(codec.fields(fromHex(hex), {}, 0))].map(({ node }) => node);
  return names.flatMap((name) => nodes.filter((node) => node.name === `icmpv6.${name}`).map(({ display }) => display));
};

describe('router renumbering', () => keepsPromises({ codec, bytes: RENUMBER, datagram: true, value: { type: 138, code: 0 } }));
describe('node information', () => keepsPromises({ codec, bytes: REPLY, datagram: true, value: { type: 140, code: 0 } }));
describe('a destination of RPL', () => keepsPromises({ codec, bytes: DESTINATION, datagram: true, value: { type: 155, code: 2 } }));

it('renumbering says which prefixes become which others, and what came of it (RFC 2894 3)', () => {
  expect(said(RENUMBER, 'rr.sequence_number', 'rr.segment_number', 'rr.maxdelay', 'rr.pco.mp', 'rr.pco.up')).toEqual(['7', '1', '1000 ms', 'Add: 2001:db8:1::/48', '2001:db8:2::/48']);
  expect(said(RENUMBER, 'rr.flag.t', 'rr.flag.r', 'rr.pco.up.flag.v', 'rr.pco.up.preferredlifetime')).toEqual(['Set', 'Not set', 'Set', '604800 s']);
  expect(said(RESULT, 'rr.rm', 'rr.rm.flag.f', 'rr.rm.flag.b', 'rr.rm.interfaceindex')).toEqual(['2001:db8:1::/64', 'Set', 'Not set', '3']);
});

it('stations are asked who they are, and answer (RFC 4620 4)', () => {
  expect(said(QUERY, 'ni.qtype', 'ni.flag.a', 'ni.flag.l', 'ni.nonce', 'ni.query.subject_ipv6')).toEqual(['Node addresses (3)', 'Set', 'Set', '72623859790382856', '2001:db8:1::']);
  expect(said(REPLY, 'ni.reply.node_ttl', 'ni.reply.ipv4_address')).toEqual(['3600 s', '0 s', '192.0.2.1', '192.0.2.2']);
});

it('RPL announces graphs and destinations (RFC 6550 6)', () => {
  expect(said(ANNOUNCE, 'rpl.dio.rank', 'rpl.dio.flag.g', 'rpl.dio.flag.mop', 'rpl.dio.dagid', 'rpl.opt.config.pcs', 'rpl.opt.config.ocp', 'rpl.opt.config.lifetime_unit')).toEqual(['256', 'Set', 'non-storing (1)', '2001:db8:1::', '0', '1', '65535']);
  expect(said(DESTINATION, 'rpl.dao.flag.k', 'rpl.dao.sequence', 'opt', 'rpl.opt.transit.flag.e', 'rpl.opt.transit.parent')).toEqual(['Set', '241', '2001:db8:1::/128', 'Transit', 'One byte of padding', 'Padding', 'Option 99', 'Set', '2001:db8:1::']);
  expect(said(DESTINATION, 'data')).toHaveLength(1);
  expect(said(TAKEN, 'rpl.daoack.sequence', 'rpl.daoack.status', 'rpl.daoack.dodagid')).toEqual(['241', '0', '2001:db8:1::']);
  expect(said('9b820000 1e000000 01', 'data')).toHaveLength(1);
});
