// A certificate (RFC 5280 4.1) as a plain value: who, by whom, for which names, from when to when. Reads; checks no signature and no
// chain. The parts that it finds are what fields.ts shows.

import { toHex } from '../../base/bytes';
import { utf8Text } from '../../base/bytesText';
import { ipv4Text, ipv6Text } from '../address';
import { childrenOf, oidText, readTlv, smallInteger, stringText, TAG, timeText, type Tlv } from './der';
import { ATTRIBUTE_SHORT, KEY_USAGES, OID, OID_NAMES, type KeyUsage } from './names';

export interface Certificate {
  /** 1, 2 or 3. */
  readonly version: number;
  /** Hex digits of the number, without the byte of zeros that DER puts before a high bit. */
  readonly serialNumber: string;
  /** The common names; '' where there is none. */
  readonly subject: string;
  readonly issuer: string;
  /** 'CN=www.example.test, O=Looplab', in the order of the certificate. */
  readonly subjectName: string;
  readonly issuerName: string;
  /** '2026-11-21T07:25:21Z'; '' where it cannot be read. */
  readonly notBefore: string;
  readonly notAfter: string;
  /** 'rsaEncryption', 'id-ecPublicKey'. */
  readonly keyType: string;
  /** 'sha256WithRSAEncryption'. */
  readonly signatureAlgorithm: string;
  /** 'DNS:www.example.test', 'IP:127.0.0.1'. */
  readonly names: readonly string[];
  readonly isCa: boolean;
  /** Null: it does not limit them. */
  readonly keyUsage: readonly KeyUsage[] | null;
}

export interface CertificateExtension {
  readonly whole: Tlv;
  readonly id: Tlv;
  readonly oid: string;
  readonly critical: Tlv | null;
  /** The octet string, and the item in it. */
  readonly value: Tlv;
  readonly inner: Tlv | null;
}

/** Where the parts of a certificate lie. */
export interface CertificateParts {
  readonly whole: Tlv;
  readonly signed: Tlv;
  readonly version: Tlv | null;
  readonly serial: Tlv;
  readonly signature: Tlv;
  readonly issuer: Tlv;
  readonly validity: Tlv;
  readonly subject: Tlv;
  readonly key: Tlv;
  readonly extensions: readonly CertificateExtension[];
  readonly extensionList: Tlv | null;
  readonly algorithm: Tlv;
  readonly signatureValue: Tlv;
}

/** Null when the bytes do not begin with a certificate in DER. */
export function certificateParts(bytes: Uint8Array, at: number, end: number): CertificateParts | null {
  const whole = readTlv(bytes, at, end);
  if (whole?.tag !== TAG.sequence) return null;
  const [signed, algorithm, signatureValue] = childrenOf(bytes, whole);
  if (signed?.tag !== TAG.sequence || algorithm?.tag !== TAG.sequence || signatureValue?.tag !== TAG.bitString) return null;
  const items = childrenOf(bytes, signed);
  const tagged = items[0]?.tag === 0xa0 ? items.shift() : undefined;
  const [serial, signature, issuer, validity, subject, key, ...rest] = items;
  if (serial === undefined || signature === undefined || issuer === undefined || validity === undefined || subject === undefined || key === undefined) return null;
  const wrapped = rest.find((item) => item.tag === 0xa3);
  const extensionList = wrapped === undefined ? null : (childrenOf(bytes, wrapped)[0] ?? null);
  const extensions = extensionList === null ? [] : childrenOf(bytes, extensionList).flatMap((item) => extensionParts(bytes, item) ?? []);
  return { whole, signed, version: tagged === undefined ? null : (childrenOf(bytes, tagged)[0] ?? null), serial, signature, issuer, validity, subject, key, extensions, extensionList, algorithm, signatureValue };
}

function extensionParts(bytes: Uint8Array, whole: Tlv): CertificateExtension | null {
  const [id, ...rest] = childrenOf(bytes, whole);
  const critical = rest[0]?.tag === TAG.boolean ? rest[0] : null;
  const value = rest[critical === null ? 0 : 1];
  if (id?.tag !== TAG.oid || value?.tag !== TAG.octetString) return null;
  return { whole, id, oid: oidText(bytes, id), critical, value, inner: readTlv(bytes, value.content, value.end) };
}

/** The certificate at the beginning of the bytes; null when there is none. Never throws. */
export function decodeCertificate(bytes: Uint8Array): Certificate | null {
  const parts = certificateParts(bytes, 0, bytes.length);
  if (parts === null) return null;
  const [from, to] = childrenOf(bytes, parts.validity);
  const find = (oid: string): Tlv | null => parts.extensions.find((extension) => extension.oid === oid)?.inner ?? null;
  const alternative = find(OID.subjectAltName);
  const constraints = find(OID.basicConstraints);
  const usage = find(OID.keyUsage);
  const ca = constraints === null ? undefined : childrenOf(bytes, constraints)[0];
  return {
    version: (parts.version === null ? 0 : (smallInteger(bytes, parts.version) ?? 0)) + 1,
    serialNumber: toHex(bytes.subarray(parts.serial.content + (bytes[parts.serial.content] === 0 && parts.serial.end - parts.serial.content > 1 ? 1 : 0), parts.serial.end)),
    subject: commonName(bytes, parts.subject), issuer: commonName(bytes, parts.issuer),
    subjectName: nameText(bytes, parts.subject), issuerName: nameText(bytes, parts.issuer),
    notBefore: (from && timeText(bytes, from)) ?? '', notAfter: (to && timeText(bytes, to)) ?? '',
    keyType: algorithmName(bytes, childrenOf(bytes, parts.key)[0]), signatureAlgorithm: algorithmName(bytes, parts.algorithm),
    names: alternative === null ? [] : childrenOf(bytes, alternative).map((name) => generalName(bytes, name).text),
    isCa: ca?.tag === TAG.boolean && bytes[ca.content] !== 0,
    keyUsage: usage?.tag === TAG.bitString ? KEY_USAGES.filter((_, i) => usageBit(bytes, usage, i)) : null,
  };
}

export const usageBit = (bytes: Uint8Array, { content, end }: Tlv, bit: number): boolean => content + 1 + (bit >> 3) < end && ((bytes[content + 1 + (bit >> 3)] ?? 0) & (0x80 >> (bit & 7))) !== 0;

/** 'rsaEncryption'; the identifier itself where it has no name. */
export function algorithmName(bytes: Uint8Array, algorithm: Tlv | undefined): string {
  const id = algorithm === undefined ? undefined : childrenOf(bytes, algorithm)[0];
  if (id?.tag !== TAG.oid) return '';
  const oid = oidText(bytes, id);
  return OID_NAMES.get(oid) ?? oid;
}

export interface Attribute {
  readonly id: Tlv;
  readonly oid: string;
  readonly value: Tlv;
}

/** The attributes of one part of a name, which mostly is one. */
export function attributesIn(bytes: Uint8Array, set: Tlv): Attribute[] {
  return childrenOf(bytes, set).flatMap((pair) => {
    const [id, value] = childrenOf(bytes, pair);
    return id?.tag !== TAG.oid || value === undefined ? [] : [{ id, oid: oidText(bytes, id), value }];
  });
}

/** All attributes of a name (RFC 5280 4.1.2.4). */
const attributesOf = (bytes: Uint8Array, name: Tlv): Attribute[] => childrenOf(bytes, name).flatMap((set) => attributesIn(bytes, set));

const commonName = (bytes: Uint8Array, name: Tlv): string => {
  const found = attributesOf(bytes, name).findLast(({ oid }) => oid === OID.commonName);
  return found === undefined ? '' : stringText(bytes, found.value);
};
export const nameText = (bytes: Uint8Array, name: Tlv): string => attributesOf(bytes, name).map(({ oid, value }) => `${ATTRIBUTE_SHORT.get(oid) ?? oid}=${stringText(bytes, value)}`).join(', ');

export type GeneralNameKind = 'dNSName' | 'iPAddress' | 'rfc822Name' | 'uniformResourceIdentifier' | 'directoryName' | 'registeredID' | 'other';

/** A general name (RFC 5280 4.2.1.6): its kind, its text with the prefix that OpenSSL writes, and the text alone. */
export function generalName(bytes: Uint8Array, name: Tlv): { readonly kind: GeneralNameKind; readonly text: string; readonly plain: string } {
  const content = bytes.subarray(name.content, name.end);
  const plain = utf8Text(content.subarray(0, 1024));
  switch (name.tag) {
    case 0x81: return { kind: 'rfc822Name', text: `email:${plain}`, plain };
    case 0x82: return { kind: 'dNSName', text: `DNS:${plain}`, plain };
    case 0x86: return { kind: 'uniformResourceIdentifier', text: `URI:${plain}`, plain };
    case 0xa4: {
      const inner = readTlv(bytes, name.content, name.end);
      const text = inner === null ? '' : nameText(bytes, inner);
      return { kind: 'directoryName', text: `DirName:${text}`, plain: text };
    }
    case 0x87: {
      const address = content.length === 4 ? ipv4Text(content) : content.length === 16 ? ipv6Text(content) : toHex(content.subarray(0, 32), ':');
      return { kind: 'iPAddress', text: `IP:${address}`, plain: address };
    }
    case 0x88: return { kind: 'registeredID', text: `RID:${oidText(bytes, name)}`, plain: oidText(bytes, name) };
    default: return { kind: 'other', text: `other:${toHex(content.subarray(0, 32))}`, plain: toHex(content.subarray(0, 32)) };
  }
}
