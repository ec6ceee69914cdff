// The tree of a certificate with Wireshark's names (RFC 5280 4). What its DER does not allow to read stays bytes.

import { toHex } from '../../base/bytes';
import type { FieldNode } from '../field';
import { visibleText } from '../text';
import { dateText } from '../dates';
import { algorithmName, certificateParts, nameText, type CertificateParts } from './certificate';
import { childrenOf, readTlv, smallInteger, TAG, timeText, type Tlv } from './der';
import { extensionNode } from './extensionNodes';
import { nameNode } from './nameNodes';
import { bitStringNodes, Tree } from './tree';

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
    nodes.push(tree.numbered('x509af.extensions', parts.extensions.length, `${parts.extensions.length}`, parts.extensionList, parts.extensions.map((extension) => extensionNode(tree, extension))));
  }
  return nodes;
}

export function algorithmNode(tree: Tree, name: string, algorithm: Tlv): FieldNode {
  const [id, parameters] = childrenOf(tree.bytes, algorithm);
  const nodes = id === undefined ? [] : [tree.oid('x509af.algorithm.id', id)];
  if (parameters?.tag === TAG.oid) nodes.push(tree.oid('pkcs1.namedCurve', parameters));
  return tree.group(name, algorithmName(tree.bytes, algorithm), algorithm, nodes);
}

function validityNode(tree: Tree, validity: Tlv): FieldNode {
  const times = childrenOf(tree.bytes, validity).slice(0, 2).map((item, i) => {
    const time = timeText(tree.bytes, item);
    return tree.numbered(i === 0 ? 'x509af.notBefore' : 'x509af.notAfter', item.tag === TAG.generalizedTime ? 1 : 0, time ?? '', item, [timeNode(tree, item, time)]);
  });
  return tree.group('x509af.validity_element', times.map(({ display }) => display).join(' – '), validity, times);
}

/** Wireshark has text for the time with two digits of the year, and a point in time for the other. */
function timeNode(tree: Tree, item: Tlv, time: string | null): FieldNode {
  const seconds = time === null ? NaN : Date.parse(time) / 1000;
  if (time === null || Number.isNaN(seconds)) return tree.text('x509af.utcTime', item);
  if (item.tag === TAG.generalizedTime) return tree.leaf('x509af.generalizedTime', time, dateText(seconds), item);
  const text = time.replace('T', ' ').replace('Z', ' (UTC)');
  return tree.leaf('x509af.utcTime', text, text, item);
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
  return tree.group('x509af.subjectPublicKeyInfo_element', algorithmName(bytes, algorithm), key, [algorithmNode(tree, 'x509af.algorithm_element', algorithm), ...keyBits(tree, value, inside)]);
}

/** Bits of an RSA key are whole bytes: what is left over of them is told of others only, as Wireshark does. */
function keyBits(tree: Tree, value: Tlv, inside: readonly FieldNode[]): FieldNode[] {
  const nodes = bitStringNodes(tree, 'x509af.subjectPublicKey', value, inside);
  return inside.length > 0 ? nodes.slice(1) : nodes;
}
