// The tree of a certificate with Wireshark's names (RFC 5280 4). What its DER does not allow to read stays bytes.

import { toHex } from '../../base/bytes';
import { group, type FieldNode } from '../field';
import { bytesNode } from '../layout';
import { visibleText } from '../text';
import { algorithmName, attributesOf, certificateParts, generalName, nameText, usageBit, type CertificateExtension, type CertificateParts } from './certificate';
import { childrenOf, oidText, readTlv, smallInteger, stringText, TAG, timeText, type Tlv } from './der';
import { KEY_USAGES, OID, OID_NAMES, oidName } from './names';

/** Items that one list is shown with. */
const MOST_ITEMS = 64;

/** The nodes of the certificate from `at` to `end`, and its subject. `base` is added to every start; `room.left` is lowered by what is made. */
export function certificateNodes(bytes: Uint8Array, at: number, end: number, base: number, room: { left: number }): { readonly nodes: FieldNode[]; readonly title: string } {
  const parts = certificateParts(bytes, at, end);
  if (parts === null || room.left < 8) return { nodes: [], title: '' };
  const tree = new Tree(bytes, base);
  const nodes = [
    tree.group('x509af.signedCertificate_element', '', parts.signed, signedNodes(tree, parts)),
    algorithmNode(tree, 'x509af.algorithmIdentifier_element', parts.algorithm),
    ...bitStringNodes(tree, 'x509af.encrypted', parts.signatureValue),
  ];
  const made = nodes.reduce((sum, node) => sum + count(node), 0);
  const title = visibleText(nameText(bytes, parts.subject));
  if (made > room.left) return { nodes: [], title };
  room.left -= made;
  return { nodes, title };
}

const count = (node: FieldNode): number => node.children.reduce((sum, child) => sum + count(child), 1);

/** Makes nodes over items of DER. */
class Tree {
  constructor(readonly bytes: Uint8Array, private readonly base: number) {}

  /** Over tag, length and content. */
  group(name: string, display: string, { start, end }: Tlv, children: readonly FieldNode[]): FieldNode {
    return group(name, display, this.base + start, end - start, children);
  }

  /** Over the content. */
  leaf(name: string, value: FieldNode['value'], display: string, { content, end }: { readonly content: number; readonly end: number }, children: readonly FieldNode[] = []): FieldNode {
    return { name, value, display, start: this.base + content, length: end - content, children };
  }

  data(name: string, { content, end }: { readonly content: number; readonly end: number }): FieldNode {
    return bytesNode(name, this.bytes, content, end, this.base);
  }

  oid(name: string, item: Tlv): FieldNode {
    const oid = oidText(this.bytes, item);
    return this.leaf(name, oid, oidName(oid), item);
  }

  text(name: string, item: Tlv): FieldNode {
    const text = stringText(this.bytes, item);
    return this.leaf(name, text, visibleText(text), item);
  }
}

function signedNodes(tree: Tree, parts: CertificateParts): FieldNode[] {
  const { bytes } = tree;
  const nodes: FieldNode[] = [];
  if (parts.version !== null) {
    const version = smallInteger(bytes, parts.version) ?? 0;
    nodes.push(tree.leaf('x509af.version', version, `v${version + 1} (${version})`, parts.version));
  }
  const serial = bytes.subarray(parts.serial.content, parts.serial.end);
  nodes.push(
    tree.leaf('x509af.serialNumber', serial, `0x${toHex(serial.subarray(0, 32))}`, parts.serial),
    algorithmNode(tree, 'x509af.signature_element', parts.signature),
    nameNode(tree, 'x509af.issuer', 'x509if.rdnSequence', parts.issuer),
    validityNode(tree, parts.validity),
    nameNode(tree, 'x509af.subject', 'x509af.rdnSequence', parts.subject),
    keyNode(tree, parts.key),
  );
  if (parts.extensionList !== null) {
    const shown = parts.extensions.slice(0, MOST_ITEMS);
    nodes.push(tree.group('x509af.extensions', `${parts.extensions.length}`, parts.extensionList, shown.map((extension) => extensionNode(tree, extension))));
  }
  return nodes;
}

function algorithmNode(tree: Tree, name: string, algorithm: Tlv): FieldNode {
  const [id, parameters] = childrenOf(tree.bytes, algorithm);
  const nodes = id === undefined ? [] : [tree.oid('x509af.algorithm.id', id)];
  if (parameters?.tag === TAG.oid) nodes.push(tree.oid('pkcs1.namedCurve', parameters));
  return tree.group(name, algorithmName(tree.bytes, algorithm), algorithm, nodes);
}

/** Wireshark's names of string types (X.520 DirectoryString). */
const STRINGS: ReadonlyMap<number, string> = new Map([[TAG.utf8String, 'uTF8String'], [TAG.printableString, 'printableString'], [TAG.teletexString, 'teletexString'], [TAG.universalString, 'universalString'], [TAG.bmpString, 'bmpString']]);

function nameNode(tree: Tree, name: string, inner: string, item: Tlv): FieldNode {
  const attributes = attributesOf(tree.bytes, item).slice(0, MOST_ITEMS).map(({ set, id, oid, value }) => {
    const string = STRINGS.get(value.tag);
    const text = oid === OID.countryName ? tree.text('x509sat.CountryName', value)
      : string === undefined ? tree.text('x509if.any.String', value)
        : tree.group('x509sat.DirectoryString', string, value, [tree.text(`x509sat.${string}`, value)]);
    const display = `${OID_NAMES.get(oid) ?? oid}=${visibleText(stringText(tree.bytes, value))}`;
    return tree.group('x509if.RDNSequence_item', display, set, [tree.oid('x509if.oid', id), text]);
  });
  const display = visibleText(nameText(tree.bytes, item));
  return tree.group(name, display, item, [tree.group(inner, display, item, attributes)]);
}

function validityNode(tree: Tree, validity: Tlv): FieldNode {
  const times = childrenOf(tree.bytes, validity).slice(0, 2).map((item, i) => {
    const time = timeText(tree.bytes, item);
    const said = time === null ? tree.data('x509af.utcTime', item) : tree.leaf(item.tag === TAG.utcTime ? 'x509af.utcTime' : 'x509af.generalizedTime', time, time, item);
    return tree.group(i === 0 ? 'x509af.notBefore' : 'x509af.notAfter', time ?? '', item, [said]);
  });
  return tree.group('x509af.validity_element', times.map(({ display }) => display).join(' – '), validity, times);
}

/** A bit string: the number of bits that are left over, and its bits (X.690 8.6). */
function bitStringNodes(tree: Tree, name: string, { content, end }: Tlv, children: readonly FieldNode[] = []): FieldNode[] {
  if (end <= content) return [];
  const padding = tree.bytes[content] ?? 0;
  const data = tree.data(name, { content: content + 1, end });
  return [tree.leaf('ber.bitstring.padding', padding, `${padding}`, { content, end: content + 1 }), { ...data, children }];
}

function keyNode(tree: Tree, key: Tlv): FieldNode {
  const { bytes } = tree;
  const [algorithm, value] = childrenOf(bytes, key);
  if (algorithm === undefined || value === undefined) return tree.group('x509af.subjectPublicKeyInfo_element', '', key, []);
  const numbers = algorithmName(bytes, algorithm) === 'rsaEncryption' ? readTlv(bytes, value.content + 1, value.end) : null;
  const [modulus, exponent] = numbers === null ? [] : childrenOf(bytes, numbers);
  const inside = modulus === undefined || exponent === undefined ? [] : [
    tree.data('pkcs1.modulus', modulus), tree.leaf('pkcs1.publicExponent', smallInteger(bytes, exponent) ?? bytes.subarray(exponent.content, exponent.end), `${smallInteger(bytes, exponent) ?? ''}`, exponent),
  ];
  return tree.group('x509af.subjectPublicKeyInfo_element', algorithmName(bytes, algorithm), key, [algorithmNode(tree, 'x509af.algorithm_element', algorithm), ...bitStringNodes(tree, 'x509af.subjectPublicKey', value, inside)]);
}

function extensionNode(tree: Tree, extension: CertificateExtension): FieldNode {
  const nodes = [tree.oid('x509af.extension.id', extension.id)];
  if (extension.critical !== null) {
    const critical = tree.bytes[extension.critical.content] !== 0;
    nodes.push(tree.leaf('x509af.critical', critical, critical ? 'True' : 'False', extension.critical));
  }
  nodes.push(...(extension.inner === null ? [tree.data('x509af.extnValue', extension.value)] : valueNodes(tree, extension, extension.inner)));
  return tree.group('x509af.Extension_element', OID_NAMES.get(extension.oid) ?? extension.oid, extension.whole, nodes);
}

function valueNodes(tree: Tree, { oid, value }: CertificateExtension, inner: Tlv): FieldNode[] {
  const { bytes } = tree;
  const items = childrenOf(bytes, inner).slice(0, MOST_ITEMS);
  switch (oid) {
    case OID.subjectKeyIdentifier: return [tree.data('x509ce.SubjectKeyIdentifier', inner)];
    case OID.authorityKeyIdentifier: {
      const id = items.find(({ tag }) => tag === 0x80);
      return [tree.group('x509ce.AuthorityKeyIdentifier_element', '', inner, id === undefined ? [] : [tree.data('x509ce.keyIdentifier', id)])];
    }
    case OID.subjectAltName: return [tree.group('x509ce.GeneralNames', `${items.length}`, inner, items.map((item) => generalNameNode(tree, item)))];
    case OID.basicConstraints: {
      const [ca, path] = items[0]?.tag === TAG.boolean ? items : [undefined, items[0]];
      const nodes = ca === undefined ? [] : [tree.leaf('x509ce.cA', bytes[ca.content] !== 0, bytes[ca.content] !== 0 ? 'True' : 'False', ca)];
      const limit = path === undefined ? null : smallInteger(bytes, path);
      if (path !== undefined && limit !== null) nodes.push(tree.leaf('x509ce.pathLenConstraint', limit, `${limit}`, path));
      return [tree.group('x509ce.BasicConstraintsSyntax_element', ca === undefined ? 'CA: no' : 'CA: yes', inner, nodes)];
    }
    case OID.keyUsage: {
      const used = KEY_USAGES.map((name, i) => ({ name, set: usageBit(bytes, inner, i), at: inner.content + 1 + (i >> 3), mask: 0x80 >> (i & 7) })).filter(({ at }) => at < inner.end);
      const bits = used.map(({ name, set, at, mask }) => ({ ...tree.leaf(`x509ce.KeyUsage.${name}`, set, set ? 'Set' : 'Not set', { content: at, end: at + 1 }), bits: { mask, shift: 31 - Math.clz32(mask) } }));
      return bitStringNodes(tree, 'x509ce.KeyUsage', inner, bits);
    }
    case OID.extKeyUsage: return [tree.group('x509ce.KeyPurposeIDs', `${items.length}`, inner, items.map((item) => tree.oid('x509ce.KeyPurposeId', item)))];
    default: return [tree.data('x509af.extnValue', value)];
  }
}

function generalNameNode(tree: Tree, item: Tlv): FieldNode {
  const { kind, plain } = generalName(tree.bytes, item);
  const size = item.end - item.content;
  const name = kind === 'iPAddress' && (size === 4 || size === 16) ? `x509ce.IPAddress.${size === 4 ? 'ipv4' : 'ipv6'}` : kind === 'other' ? 'x509ce.otherName_element' : `x509ce.${kind}`;
  return tree.group('x509ce.GeneralName', `${kind}: ${visibleText(plain)}`, item, [tree.leaf(name, plain, visibleText(plain), item)]);
}
