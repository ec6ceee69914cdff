// Certificates that OpenSSL wrote, read by us and by Node: the same names, dates and rights; and every prefix and every flipped byte of
// one is an answer, never a throw.

import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fromHex } from '../../base/bytes';
import { findField, walkFields, type FieldNode } from '../field';
import { group } from '../field';
import { certificatePem, ecCertificatePem } from './certificatePem.fixture';
import { decodeCertificate } from './certificate';
import { oidText, readTlv, stringText, timeText } from './der';
import { certificateNodes } from './fields';

const der = (pem: string): Uint8Array => new Uint8Array(new X509Certificate(pem).raw);
const tree = (bytes: Uint8Array, base = 0, left = 5000): FieldNode => {
  const { nodes, title } = certificateNodes(bytes, 0, bytes.length, base, { left });
  return group('certificate', title, base, bytes.length, nodes);
};
const iso = (text: string): string => `${new Date(text).toISOString().slice(0, 19)}Z`;

describe('a certificate', () => {
  it('says what Node says of it', () => {
    const node = new X509Certificate(certificatePem);
    const ours = decodeCertificate(der(certificatePem));
    expect(ours).toMatchObject({
      version: 3, subject: 'www.example.test', issuer: 'www.example.test', subjectName: 'C=KR, O=Looplab, CN=www.example.test', keyType: 'rsaEncryption', signatureAlgorithm: 'sha256WithRSAEncryption',
      serialNumber: node.serialNumber.toLowerCase(), notBefore: iso(node.validFrom), notAfter: iso(node.validTo), isCa: node.ca,
      keyUsage: ['digitalSignature', 'keyEncipherment', 'keyCertSign'],
      names: ['DNS:www.example.test', 'DNS:*.api.example.test', 'IP:127.0.0.1', 'IP:::1', 'URI:https://www.example.test/', 'email:a@example.test'],
    });
    expect(node.subjectAltName?.split(', ').map((name) => name.replace('IP Address', 'IP').replace('0:0:0:0:0:0:0:1', '::1'))).toEqual(ours?.names);
  });

  it('may be of an elliptic curve and have a name in any script', () => {
    expect(decodeCertificate(der(ecCertificatePem))).toMatchObject({ subject: 'пример.test', names: ['DNS:ec.example.test'], keyType: 'id-ecPublicKey', signatureAlgorithm: 'ecdsa-with-SHA256', keyUsage: null });
    expect(findField(tree(der(ecCertificatePem)), 'pkcs1.namedCurve')?.display).toBe('1.2.840.10045.3.1.7 (secp256r1)');
  });

  it('is shown byte by byte', () => {
    const bytes = der(certificatePem);
    const nodes = tree(bytes, 100);
    expect(nodes.display).toBe('C=KR, O=Looplab, CN=www.example.test');
    expect(findField(nodes, 'x509af.notAfter')?.children[0]?.name).toMatch(/^x509af\.(utcTime|generalizedTime)$/);
    expect(findField(nodes, 'x509ce.pathLenConstraint')?.value).toBe(1);
    expect(findField(nodes, 'x509ce.KeyUsage.keyCertSign')).toMatchObject({ value: true, bits: { mask: 4, shift: 2 } });
    expect(findField(nodes, 'x509ce.IPAddress.ipv6')?.value).toBe('::1');
    const name = findField(nodes, 'x509ce.dNSName');
    expect(String.fromCharCode(...bytes.subarray((name?.start ?? 0) - 100, (name?.start ?? 0) - 100 + (name?.length ?? 0)))).toBe('www.example.test');
    for (const { node } of walkFields(nodes)) expect(node.start + node.length).toBeLessThanOrEqual(100 + bytes.length);
  });

  it('is read from every prefix and with every byte changed without a throw', () => {
    const bytes = der(certificatePem);
    for (let length = 0; length < bytes.length; length++) {
      expect(decodeCertificate(bytes.subarray(0, length))).toBeNull();
      tree(bytes.subarray(0, length));
    }
    for (let at = 0; at < bytes.length; at++) {
      for (const value of [0, 0x7f, 0x80, 0xff]) {
        const spoilt = bytes.slice();
        spoilt[at] = value;
        decodeCertificate(spoilt);
        for (const { node } of walkFields(tree(spoilt))) if (node.start < 0 || node.start + node.length > bytes.length) expect.fail(`${node.name} beyond the end`);
      }
    }
  });

  it('is not shown in part when there is no room for it', () => {
    expect(certificateNodes(der(certificatePem), 0, 2000, 0, { left: 20 }).nodes).toEqual([]);
  });
});

describe('DER', () => {
  const item = (hex: string): { bytes: Uint8Array; tlv: NonNullable<ReturnType<typeof readTlv>> } => {
    const bytes = fromHex(hex);
    const tlv = readTlv(bytes, 0, bytes.length);
    if (tlv === null) throw new Error('no item');
    return { bytes, tlv };
  };
  const read = <T>(hex: string, how: (bytes: Uint8Array, tlv: NonNullable<ReturnType<typeof readTlv>>) => T): T => {
    const { bytes, tlv } = item(hex);
    return how(bytes, tlv);
  };

  it('has identifiers, times and texts', () => {
    expect(read('06092a864886f70d01010b', oidText)).toBe('1.2.840.113549.1.1.11');
    expect(read('0603883703', oidText)).toBe('2.999.3');
    expect(read('170d3530303130313030303030305a', timeText)).toBe('1950-01-01T00:00:00Z');
    expect(read('180f32313236313232313037323532315a', timeText)).toBe('2126-12-21T07:25:21Z');
    expect(read('170b353030313031303030305a', timeText)).toBeNull();
    expect(read('1e04042f0041', stringText)).toBe('\u042fA');
  });

  it('has no lengths without end, beyond the end, or of many bytes', () => {
    for (const hex of ['3080', '3005', '308501', '30', '', '1f810100', '308300ffffff']) expect(readTlv(fromHex(hex), 0, fromHex(hex).length)).toBeNull();
  });
});
