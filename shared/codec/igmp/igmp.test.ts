// IGMP in three versions, with the checksums of another program.

import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../base/bytes';
import { findField, walkFields, type FieldNode } from '../field';
import { keepsPromises } from '../promises.fixture';
import { codec } from './codec';

const QUERY3 = '1164ec1e 00000000 027d 0000';
const REPORT3 = '22009254 00000002 04000000e0000005 06010001e00000060a000001aabbccdd';
/** One interface, and who is behind it. */
const NEIGHBORS = '13060000 004a040c 0a000002 01004001 0a000001';
const tree = (hex: string): FieldNode => codec.fields(fromHex(hex), {}, 0);
const values = (hex: string, ...names: string[]): unknown[] => names.map((name) => findField(tree(hex), `igmp.${name}`)?.value);

describe('a query', () => keepsPromises({ codec, bytes: QUERY3, datagram: true, value: { type: 0x11, code: 100, checksum: 0xec1e } }));
describe('a report of two groups', () => keepsPromises({ codec, bytes: REPORT3, datagram: true, value: { type: 0x22 } }));

it('says who listens to what', () => {
  expect(values('1164ee9b 00000000', 'version', 'max_resp', 'checksum.status', 'maddr')).toEqual([2, 100, 1, '0.0.0.0']);
  expect(values('1100eeff 00000000', 'version', 'max_resp')).toEqual([1, undefined]);
  expect(values(QUERY3, 'version', 's', 'qrv', 'qqic', 'num_src')).toEqual([3, false, 2, 125, 0]);
  expect([...walkFields(tree(REPORT3))].filter(({ node }) => node.name === 'igmp.group_record').map(({ node }) => node.display)).toEqual(['change to exclude 224.0.0.5', 'block old sources 224.0.0.6']);
  expect(values(REPORT3, 'saddr', 'aux_data', 'checksum.status')).toEqual(['10.0.0.1', fromHex('aabbccdd'), 1]);
});

it('is written with the right checksum', () => {
  expect(toHex(codec.encode({ type: 0x11, code: 100, body: new Uint8Array(4) }, new Uint8Array(0), {}))).toBe('1164ee9b00000000');
});

describe('an answer of DVMRP', () => keepsPromises({ codec, bytes: NEIGHBORS, datagram: true, value: { type: 0x13, code: 6 } }));

it('takes DVMRP along', () => {
  const said = (hex: string, ...names: string[]): unknown[] => names.map((name) => findField(tree(hex), name)?.value);
  expect(said(NEIGHBORS, 'dvmrp.version', 'dvmrp.v3.code', 'dvmrp.cap.mtrace', 'dvmrp.cap.snmp', 'dvmrp.maj_ver', 'dvmrp.local', 'dvmrp.flag.querier', 'dvmrp.neighbor')).toEqual([3, 6, true, false, 12, '10.0.0.2', true, '10.0.0.1']);
  expect(said('13070000 0000ff03 0a000001 e0000105 00000e10', 'dvmrp.saddr', 'dvmrp.maddr', 'dvmrp.lifetime', 'dvmrp.netmask')).toEqual(['10.0.0.1', '224.0.1.5', 3600, undefined]);
  expect(said('13010000 000eff03 00000007 0a000002', 'dvmrp.cap.prune', 'dvmrp.genid', 'dvmrp.neighbor')).toEqual([true, 7, '10.0.0.2']);
  expect(said('13020000 02020601', 'dvmrp.version', 'dvmrp.v1.code', 'igmp.data')).toEqual([1, 2, fromHex('02020601')]);
});
