// Answers of OCSP as trees: bytes written by hand, by RFC 6960 4.2.1 and RFC 6066 8; and the issuers that a server accepts, by RFC 5246 7.4.4.

import { expect, it } from 'vitest';
import { concatBytes, fromHex, toHex } from '../../base/bytes';
import { utf8Bytes } from '../../base/bytesText';
import { group, walkFields, type FieldNode } from '../field';
import { CONTENT, HANDSHAKE } from '../tls/names';
import { encodeHandshake } from '../tls/hello';
import { codec as tls } from '../tls/codec';
import { encodeRecord } from '../tls/record';
import { vectorBytes } from '../tls/wire';
import { ocspNodes } from './ocsp';

const der = (tag: number, ...parts: readonly Uint8Array[]): Uint8Array => {
  const content = concatBytes(...parts);
  return concatBytes(Uint8Array.from(content.length < 0x80 ? [tag, content.length] : [tag, 0x82, content.length >> 8, content.length & 0xff]), content);
};
const sequence = (...parts: readonly Uint8Array[]): Uint8Array => der(0x30, ...parts);
const oid = (hex: string): Uint8Array => der(6, fromHex(hex));
const time = (text: string): Uint8Array => der(0x18, utf8Bytes(text));

const NAME = sequence(der(0x31, sequence(oid('550403'), der(0x0c, utf8Bytes('Looplab')))));
const RSA = sequence(oid('2a864886f70d01010b'));
const ID = sequence(sequence(oid('2b0e03021a')), der(4, fromHex('0a0b')), der(4, fromHex('0c0d')), der(2, fromHex('05')));
const GOOD = sequence(ID, fromHex('8000'), time('20260101000000Z'), der(0xa0, time('20260108000000Z')));
const REVOKED = sequence(ID, der(0xa1, time('20251231000000Z'), der(0xa0, der(0x0a, fromHex('01')))), time('20260101000000Z'));

/** `certificates`: what stands where certificates do. */
function response(who: Uint8Array, answers: readonly Uint8Array[], certificates: readonly Uint8Array[] = []): Uint8Array {
  const told = sequence(who, time('20260101000102Z'), sequence(...answers), der(0xa1, sequence()));
  const basic = sequence(told, RSA, der(3, fromHex('00aabb')), ...(certificates.length === 0 ? [] : [der(0xa0, sequence(...certificates))]));
  return sequence(der(0x0a, fromHex('00')), der(0xa0, sequence(oid('2b0601050507300101'), der(4, basic))));
}

function treeOf(bytes: Uint8Array, left = 5000): FieldNode {
  const { nodes, title } = ocspNodes(bytes, 0, bytes.length, 0, { left });
  const tree = group('response', title, 0, bytes.length, nodes);
  for (const { node } of walkFields(tree)) if (node.value instanceof Uint8Array) expect(toHex(bytes.subarray(node.start, node.start + node.length)), node.name).toBe(toHex(node.value));
  return tree;
}

const shown = (tree: FieldNode, ...names: readonly string[]): string[] => names.flatMap((name) => [...walkFields(tree)].filter(({ node }) => node.name === name).map(({ node }) => node.display));

it('say of a certificate that it is good, and how long that holds', () => {
  const tree = treeOf(response(der(0xa2, der(4, fromHex('0e0f'))), [GOOD]));
  expect(tree.display).toBe('good');
  expect(shown(tree, 'ocsp.responseStatus', 'ocsp.responseType.id', 'ocsp.responderID', 'ocsp.byKey', 'ocsp.responses', 'ocsp.serialNumber', 'ocsp.certStatus', 'ocsp.signature')).toEqual([
    'successful (0)', '1.3.6.1.5.5.7.48.1.1 (id-pkix-ocsp-basic)', 'byKey (2)', '0e 0f', '1', '05', 'good (0)', 'aa bb',
  ]);
  expect(shown(tree, 'ocsp.producedAt', 'ocsp.thisUpdate', 'ocsp.nextUpdate')).toEqual(['Jan  1, 2026 00:01:02.000000000 UTC', 'Jan  1, 2026 00:00:00.000000000 UTC', 'Jan  8, 2026 00:00:00.000000000 UTC']);
  expect(shown(tree, 'ocsp.hashAlgorithm_element', 'ocsp.issuerNameHash', 'ocsp.issuerKeyHash')).toEqual(['SHA-1', '0a 0b', '0c 0d']);
});

it('say when and why another is not, and who says so', () => {
  const tree = treeOf(response(der(0xa1, NAME), [GOOD, REVOKED]));
  expect(tree.display).toBe('good, revoked');
  expect(shown(tree, 'ocsp.byName', 'ocsp.certStatus', 'ocsp.revocationTime', 'ocsp.revocationReason')).toEqual(['CN=Looplab', 'good (0)', 'revoked (1)', 'Dec 31, 2025 00:00:00.000000000 UTC', 'keyCompromise (1)']);
  expect(shown(tree, 'ocsp.responderID')).toEqual(['byName (1)']);
});

it('bring certificates, of which those that are none stay empty', () => {
  const tree = treeOf(response(der(0xa2, der(4, fromHex('0e0f'))), [GOOD], [sequence(), sequence()]));
  expect([shown(tree, 'ocsp.certs'), shown(tree, 'ocsp.Certificate_element')]).toEqual([['2'], ['', '']]);
});

it('may have nothing to say, and are not made into a tree where they are cut, are something else or are too large', () => {
  expect(shown(treeOf(sequence(der(0x0a, fromHex('03')))), 'ocsp.responseStatus')).toEqual(['tryLater (3)']);
  const whole = response(der(0xa1, NAME), [GOOD]);
  expect([whole.subarray(0, 20), sequence(), fromHex('')].map((bytes) => treeOf(bytes).children.length)).toEqual([0, 0, 0]);
  expect(treeOf(whole, 8).children).toEqual([]);
  for (let size = 0; size < whole.length; size++) for (const spoilt of [0, 0x30, 0xff]) expect(() => ocspNodes(whole.with(size, spoilt), 0, whole.length, 0, { left: 5000 })).not.toThrow();
});

it('stand in the handshake of TLS, as the issuers do that a server accepts', () => {
  const message = (type: number, body: Uint8Array): FieldNode => tls.fields(encodeRecord({ contentType: CONTENT.handshake, version: 0x0303, fragment: encodeHandshake(type, body) }), {}, 0);
  const status = message(HANDSHAKE.certificateStatus, concatBytes(fromHex('01'), vectorBytes(response(der(0xa1, NAME), [GOOD]), 3)));
  expect(shown(status, 'ocsp.responseBytes', 'ocsp.certStatus')).toEqual(['good', 'good (0)']);
  expect(shown(message(HANDSHAKE.certificateStatus, fromHex('01000002aabb')), 'ocsp.responseBytes')).toContain('aa bb');
  const request = message(HANDSHAKE.certificateRequest, concatBytes(fromHex('0101 0002 0401'), vectorBytes(concatBytes(vectorBytes(NAME, 2), vectorBytes(fromHex('aabb'), 2)), 2)));
  expect(shown(request, 'tls.handshake.dname')).toEqual(['CN=Looplab', '', 'aa bb']);
  expect(shown(request, 'x509if.RDNSequence_item', 'x509if.oid', 'x509sat.uTF8String')).toEqual(['id-at-commonName=Looplab', '2.5.4.3 (id-at-commonName)', 'Looplab']);
});
