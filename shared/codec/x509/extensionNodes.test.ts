// Extensions and names of certificates as trees: bytes written by hand, by RFC 5280, and what a filter may compare them with.

import { expect, it } from 'vitest';
import { concatBytes, fromHex, toHex } from '../../base/bytes';
import { utf8Bytes } from '../../base/bytesText';
import { group, walkFields, type FieldNode } from '../field';
import { certificateNodes } from './fields';

const der = (tag: number, ...parts: readonly Uint8Array[]): Uint8Array => {
  const content = concatBytes(...parts);
  return concatBytes(Uint8Array.from(content.length < 0x80 ? [tag, content.length] : [tag, 0x82, content.length >> 8, content.length & 0xff]), content);
};
const sequence = (...parts: readonly Uint8Array[]): Uint8Array => der(0x30, ...parts);
const text = (tag: number, value: string): Uint8Array => der(tag, utf8Bytes(value));
const oid = (hex: string): Uint8Array => der(6, fromHex(hex));
const attribute = (hex: string, value: Uint8Array): Uint8Array => sequence(oid(hex), value);

const RSA = sequence(oid('2a864886f70d01010b'));
const ISSUER = sequence(
  der(0x31, attribute('550406', text(0x13, 'KR'))),
  der(0x31, attribute('55040a', text(0x0c, 'Looplab')), attribute('55040b', text(0x13, 'Lab'))),
  der(0x31, attribute('2a864886f70d010901', text(0x16, 'a@example.test'))),
);

/** A certificate of version 3 with one extension, by the hex digits of its identifier. */
function extended(id: string, value: Uint8Array): FieldNode {
  const validity = sequence(text(0x17, '260101000000Z'), text(0x18, '20510102030405Z'));
  const key = sequence(sequence(oid('2b6570')), der(3, fromHex('00aabb')));
  const extensions = der(0xa3, sequence(sequence(oid(id), der(4, value))));
  const signed = sequence(der(0xa0, der(2, fromHex('02'))), der(2, fromHex('05')), RSA, ISSUER, validity, sequence(), key, extensions);
  const bytes = sequence(signed, RSA, der(3, fromHex('00ff')));
  const tree = group('certificate', '', 0, bytes.length, certificateNodes(bytes, 0, bytes.length, 0, { left: 5000 }).nodes);
  for (const { node } of walkFields(tree)) if (node.length > 0 && node.value instanceof Uint8Array) expect(toHex(bytes.subarray(node.start, node.start + node.length)), node.name).toBe(toHex(node.value));
  return tree;
}

const found = (tree: FieldNode, name: string): unknown[] => [...walkFields(tree)].filter(({ node }) => node.name === name).map(({ node }) => (node.value instanceof Uint8Array ? toHex(node.value) : node.value));
const shown = (tree: FieldNode, name: string): string[] => [...walkFields(tree)].filter(({ node }) => node.name === name).map(({ node }) => node.display);

it('counts the parts of a name, with all attributes of each and the alternative of each text', () => {
  const tree = extended('551d0e', der(4, fromHex('0102')));
  expect(found(tree, 'x509if.rdnSequence')).toEqual([3]);
  expect(found(tree, 'x509if.RDNSequence_item')).toEqual([1, 2, 1]);
  expect(found(tree, 'x509if.oid')).toEqual(['2.5.4.6', '2.5.4.10', '2.5.4.11', '1.2.840.113549.1.9.1']);
  expect(found(tree, 'x509sat.DirectoryString')).toEqual([4, 1]);
  expect([found(tree, 'x509sat.CountryName'), found(tree, 'x509sat.uTF8String'), found(tree, 'x509sat.printableString'), found(tree, 'x509sat.IA5String')]).toEqual([['KR'], ['Looplab'], ['Lab'], ['a@example.test']]);
  expect(shown(tree, 'x509af.issuer')).toEqual(['C=KR, O=Looplab, OU=Lab, emailAddress=a@example.test']);
});

it('says which form a time has, and the time as Wireshark writes it', () => {
  const tree = extended('551d0e', der(4, fromHex('0102')));
  expect([found(tree, 'x509af.notBefore'), found(tree, 'x509af.notAfter')]).toEqual([[0], [1]]);
  expect(found(tree, 'x509af.utcTime')).toEqual(['2026-01-01 00:00:00 (UTC)']);
  expect(shown(tree, 'x509af.generalizedTime')).toEqual(['Jan  2, 2051 03:04:05.000000000 UTC']);
});

it('tells the bits left over of bit strings, and all uses of a key though DER leaves out the last ones', () => {
  const tree = extended('551d0f', der(3, fromHex('05a0')));
  expect(found(tree, 'ber.bitstring.padding')).toEqual([0, 5, 0]);
  expect(found(tree, 'x509ce.KeyUsage.keyEncipherment')).toEqual([true]);
  expect([...walkFields(tree)].find(({ node }) => node.name === 'x509ce.KeyUsage.decipherOnly')?.node).toMatchObject({ value: false, generated: true, length: 0 });
});

it('has the addresses of lists of revoked certificates', () => {
  const tree = extended('551d1f', sequence(sequence(der(0xa0, der(0xa0, text(0x86, 'http://crl.example.test/a.crl'))))));
  expect([found(tree, 'x509ce.CRLDistPointsSyntax'), found(tree, 'x509ce.distributionPoint'), found(tree, 'x509ce.fullName'), found(tree, 'x509ce.GeneralName')]).toEqual([[1], [0], [1], [6]]);
  expect(found(tree, 'x509ce.uniformResourceIdentifier')).toEqual(['http://crl.example.test/a.crl']);
});

it('has where to learn of the issuer', () => {
  const tree = extended('2b06010505070101', sequence(sequence(oid('2b06010505073001'), text(0x86, 'http://ocsp.example.test'))));
  expect([found(tree, 'pkix1implicit.accessMethod'), shown(tree, 'pkix1implicit.accessMethod')]).toEqual([['1.3.6.1.5.5.7.48.1'], ['1.3.6.1.5.5.7.48.1 (id-ad-ocsp)']]);
  expect([found(tree, 'pkix1implicit.accessLocation'), found(tree, 'x509ce.uniformResourceIdentifier')]).toEqual([[6], ['http://ocsp.example.test']]);
});

it('has the rules by which it was issued, with an address and a text', () => {
  const remarks = sequence(sequence(oid('2b06010505070201'), text(0x16, 'https://cps.example.test')), sequence(oid('2b06010505070202'), sequence(text(0x0c, 'Правила'))));
  const tree = extended('551d20', sequence(sequence(oid('67810c010201'), remarks)));
  expect(found(tree, 'x509ce.policyIdentifier')).toEqual(['2.23.140.1.2.1']);
  expect([found(tree, 'x509ce.policyQualifiers'), found(tree, 'pkix1explicit.DirectoryString'), found(tree, 'pkix1implicit.explicitText'), found(tree, 'pkix1implicit.utf8String')]).toEqual([[2], ['https://cps.example.test'], [3], ['Правила']]);
});

it('names the certificate of the issuer, and names of any kind', () => {
  const issuer = extended('551d23', sequence(der(0x80, fromHex('aabb')), der(0xa1, der(0xa4, ISSUER)), der(0x82, fromHex('07'))));
  expect([found(issuer, 'x509ce.keyIdentifier'), found(issuer, 'x509ce.authorityCertIssuer'), found(issuer, 'x509ce.directoryName'), found(issuer, 'x509ce.authorityCertSerialNumber')]).toEqual([['aabb'], [1], [0], ['07']]);
  const names = extended('551d11', sequence(text(0x82, 'a.example.test'), der(0x88, fromHex('883703')), der(0x87, fromHex('7f000001')), der(0x87, fromHex('7f'))));
  expect(found(names, 'x509ce.GeneralName')).toEqual([2, 8, 7, 7]);
  expect([found(names, 'x509ce.registeredID'), found(names, 'x509ce.IPAddress.ipv4'), found(names, 'x509ce.iPAddress')]).toEqual([['2.999.3'], ['127.0.0.1'], ['7f']]);
});

it('has the promises of public logs', () => {
  const one = concatBytes(fromHex('00'), new Uint8Array(32).fill(3), fromHex('0000018bcfe56801 0000 0403 0002 beef'));
  const tree = extended('2b06010401d679020402', der(4, concatBytes(Uint8Array.of(0, one.length + 2, 0, one.length), one)));
  expect([found(tree, 'tls.sct.scts_length'), found(tree, 'tls.sct.sct_length'), found(tree, 'tls.sct.sct_version'), found(tree, 'tls.sct.sct_logid')]).toEqual([[one.length + 2], [one.length], [0], ['03'.repeat(32)]]);
  expect(shown(tree, 'tls.sct.sct_timestamp')).toEqual(['Nov 14, 2023 22:13:20.001000000 UTC']);
  expect([found(tree, 'tls.handshake.sig_hash_hash'), found(tree, 'tls.handshake.sig_hash_sig'), found(tree, 'tls.sct.sct_signature')]).toEqual([[4], [3], ['beef']]);
});

it('keeps the bytes of what it does not know', () => {
  expect(found(extended('551d1e', sequence(fromHex('0500'))), 'x509af.extnValue')).toEqual(['30020500']);
});
