// Records that few zones have, from the wire to their fields; and that no byte of them is without one.

import { describe, expect, it } from 'vitest';
import { concatBytes, fromHex, toHex } from '../../base/bytes';
import { walkFields, type FieldNode } from '../field';
import { dnsFields } from './fields';
import { DNS_TYPE } from './types';

const HEADER = '0001 8180 0000 0001 0000 0000 0161 0174 00';
const message = (type: number, data: string): Uint8Array => {
  const bytes = fromHex(data);
  return concatBytes(fromHex(HEADER), fromHex(`${type.toString(16).padStart(4, '0')} 0001 0000003c ${bytes.length.toString(16).padStart(4, '0')}`), bytes);
};
const START = 17 + 10;

/** The fields of the data by their names without 'dns.', bytes as hex. */
function said(type: number, data: string): Record<string, unknown> {
  const bytes = message(type, data);
  const covered = new Set<number>();
  const values: [string, unknown][] = [];
  for (const { node } of walkFields(dnsFields(bytes, false, 0))) {
    if (node.value !== null && node.generated === undefined) for (let i = 0; i < node.length; i++) covered.add(node.start + i);
    if (node.start >= START && !/^dns\.(name|resp\.type)/.test(node.name)) values.push([node.name.slice(4), node.value instanceof Uint8Array ? toHex(node.value) : node.value]);
  }
  expect(Array.from(bytes.keys()).filter((at) => !covered.has(at))).toEqual([]);
  return Object.fromEntries(values);
}

describe('DNSSEC', () => {
  it('has keys, digests of keys and signatures', () => {
    expect(said(DNS_TYPE.DNSKEY, '0101 03 0d 01020304')).toMatchObject({ 'dnskey.flags': 0x101, 'dnskey.flags.zone_key': true, 'dnskey.flags.secure_entry_point': true, 'dnskey.algorithm': 13, 'dnskey.key_id': 2068, 'dnskey.public_key': '01020304' });
    expect(said(DNS_TYPE.DS, '1234 0d 02 aabbccdd')).toEqual({ 'ds.key_id': 0x1234, 'ds.algorithm': 13, 'ds.digest_type': 2, 'ds.digest': 'aabbccdd' });
    expect(said(DNS_TYPE.RRSIG, '0001 0d 02 0000003c 60000000 5f000000 1234 0174 00 aabbcc')).toMatchObject({ 'rrsig.type_covered': 1, 'rrsig.labels': 2, 'rrsig.key_tag': 0x1234, 'rrsig.signers_name': 't', 'rrsig.signature': 'aabbcc' });
  });

  it('says which names and types do not exist', () => {
    expect(said(DNS_TYPE.NSEC, '0162 0174 00 0006 400000000003')['nsec.next_domain_name']).toBe('b.t');
    const types = [...walkFields(dnsFields(message(DNS_TYPE.NSEC, '0162 0174 00 0006 400000000003'), false, 0))].filter(({ node }) => node.name === 'dns.resp.type' && node.generated === true).map(({ node }) => node.display);
    expect(types).toEqual(['A (1)', 'RRSIG (46)', 'NSEC (47)']);
    expect(said(DNS_TYPE.NSEC3, '01 00 000a 02 abcd 04 01020304 0006 400000000003')).toMatchObject({ 'nsec3.iterations': 10, 'nsec3.salt_value': 'abcd', 'nsec3.hash_value': '0410610' });
    expect(said(DNS_TYPE.NSEC3PARAM, '01 00 000a 00')).toMatchObject({ 'nsec3.salt_length': 0 });
  });
});

describe('others', () => {
  it.each([
    ['NAPTR', DNS_TYPE.NAPTR, '0064 000a 0175 074532552b736970 00 0173 00', { 'naptr.order': 100, 'naptr.flags': 'u', 'naptr.service': 'E2U+sip', 'naptr.replacement': 's' }],
    ['TLSA', DNS_TYPE.TLSA, '03 01 01 aabb', { 'tlsa.certificate_usage': 3, 'tlsa.certificate_association_data': 'aabb' }],
    ['SSHFP', DNS_TYPE.SSHFP, '04 02 aabb', { 'sshfp.algorithm': 4, 'sshfp.fingerprint': 'aabb' }],
    ['LOC', DNS_TYPE.LOC, '00 12 16 13 8b2334d8 7020f1d0 0098965a', { 'loc.size': 18, 'loc.latitude': 0x8b2334d8 }],
    ['HINFO', DNS_TYPE.HINFO, '03414243 03585859', { 'hinfo.cpu': 'ABC', 'hinfo.os': 'XXY' }],
    ['RP', DNS_TYPE.RP, '0161 00 0162 00', { 'rp.mailbox': 'a', 'rp.txt_rr': 'b' }],
    ['HTTPS', DNS_TYPE.HTTPS, '0001 00 0001 0006 026832026833 0003 0002 01bb 0004 0004 01020304', { 'svcb.svcparam.alpn': 'h3', 'svcb.svcparam.port': 443, 'svcb.svcparam.ipv4hint.ip': '1.2.3.4' }],
    ['OPT', DNS_TYPE.OPT, '000a 0008 0102030405060708 0008 0007 0001 1800 c0a801 000f 0004 0012 6869', { 'opt.cookie.client': '0102030405060708', 'opt.client.addr4': '192.168.1.0', 'opt.ext_error.info_code': 18, 'opt.ext_error.extra_text': 'hi' }],
  ] as const)('%s', (_name, type, data, values) => expect(said(type, data)).toMatchObject(values));

  it('that are cut or lie about their lengths show their bytes', () => {
    for (const [type, data] of [[DNS_TYPE.DS, '12'], [DNS_TYPE.NAPTR, '0064 000a ff75'], [DNS_TYPE.NSEC3, '01 00 000a ff'], [DNS_TYPE.HTTPS, '0001 00 0001 0003 ff6832'], [DNS_TYPE.RRSIG, '0001'], [DNS_TYPE.NSEC, '00 00 20 01']] as const) said(type, data);
  });

  it('are places on the Earth', () => {
    const node = [...walkFields(dnsFields(message(DNS_TYPE.LOC, '00 12 16 13 8b2334d8 7020f1d0 0098965a'), false, 0))].map(({ node: one }): FieldNode => one).find(({ name }) => name === 'dns.loc.latitude');
    expect(node?.display).toBe('51.9046° N');
  });
});
