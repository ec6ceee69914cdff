// The trees of a certificate's extensions (RFC 5280 4.2; RFC 6962 3.3) with Wireshark's names. What is not known keeps its bytes.

import { generated, type FieldNode } from '../field';
import { sctListNodes } from '../tls/sct';
import { Walk } from '../tls/walk';
import { visibleText } from '../text';
import { usageBit, type CertificateExtension } from './certificate';
import { childrenOf, smallInteger, stringText, TAG, type Tlv } from './der';
import { generalNameNode, generalNamesNode } from './nameNodes';
import { KEY_USAGES, OID, OID_NAMES } from './names';
import { bitStringNodes, type Tree } from './tree';

/** Context-specific tags of parts that may be left out. */
const PART = { zero: 0x80, one: 0x81, two: 0x82, constructed: 0x20 } as const;

export function extensionNode(tree: Tree, extension: CertificateExtension): FieldNode {
  const nodes = [tree.oid('x509af.extension.id', extension.id)];
  if (extension.critical !== null) {
    const critical = tree.bytes[extension.critical.content] !== 0;
    nodes.push(tree.leaf('x509af.critical', critical, critical ? 'True' : 'False', extension.critical));
  }
  nodes.push(...(extension.inner === null ? [tree.data('x509af.extnValue', extension.value)] : valueNodes(tree, extension, extension.inner)));
  return tree.group('x509af.Extension_element', OID_NAMES.get(extension.oid) ?? extension.oid, extension.whole, nodes);
}

function valueNodes(tree: Tree, { oid, value }: CertificateExtension, inner: Tlv): FieldNode[] {
  switch (oid) {
    case OID.subjectKeyIdentifier: return [tree.data('x509ce.SubjectKeyIdentifier', inner)];
    case OID.authorityKeyIdentifier: return [authorityKey(tree, inner)];
    case OID.subjectAltName: case OID.issuerAltName: return [generalNamesNode(tree, 'x509ce.GeneralNames', inner)];
    case OID.basicConstraints: return [constraints(tree, inner)];
    case OID.keyUsage: return keyUsage(tree, inner);
    case OID.extKeyUsage: return [list(tree, 'x509ce.KeyPurposeIDs', inner, (item) => tree.oid('x509ce.KeyPurposeId', item))];
    case OID.crlDistributionPoints: return [list(tree, 'x509ce.CRLDistPointsSyntax', inner, (item) => distributionPoint(tree, item))];
    case OID.authorityInfoAccess: return [list(tree, 'pkix1implicit.AuthorityInfoAccessSyntax', inner, (item) => access(tree, item))];
    // Microsoft's list of what a certificate is for has the same form (MS-WCCE 2.2.2.7.7.3).
    case OID.certificatePolicies: case OID.applicationPolicies: return [list(tree, 'x509ce.CertificatePoliciesSyntax', inner, (item) => policy(tree, item))];
    // RFC 6960 4.2.2.2.1: nobody need ask whether the one who answers is still good.
    case OID.ocspNoCheck: return [tree.group('ocsp.NULL_element', '', inner, [])];
    case OID.signedTimestamps: return timestamps(tree, inner);
    default: return [tree.data('x509af.extnValue', value)];
  }
}

function list(tree: Tree, name: string, inner: Tlv, each: (item: Tlv) => FieldNode): FieldNode {
  const items = childrenOf(tree.bytes, inner);
  return tree.numbered(name, items.length, `${items.length}`, inner, items.map(each));
}

/** RFC 5280 4.2.1.1. */
function authorityKey(tree: Tree, inner: Tlv): FieldNode {
  const nodes = childrenOf(tree.bytes, inner).flatMap((item) => {
    switch (item.tag) {
      case PART.zero: return [tree.data('x509ce.keyIdentifier', item)];
      case PART.one | PART.constructed: return [generalNamesNode(tree, 'x509ce.authorityCertIssuer', item)];
      case PART.two: return [tree.data('x509ce.authorityCertSerialNumber', item)];
      default: return [];
    }
  });
  return tree.group('x509ce.AuthorityKeyIdentifier_element', '', inner, nodes);
}

/** RFC 5280 4.2.1.9. */
function constraints(tree: Tree, inner: Tlv): FieldNode {
  const { bytes } = tree;
  const items = childrenOf(bytes, inner);
  const [ca, path] = items[0]?.tag === TAG.boolean ? items : [undefined, items[0]];
  const nodes = ca === undefined ? [] : [tree.leaf('x509ce.cA', bytes[ca.content] !== 0, bytes[ca.content] !== 0 ? 'True' : 'False', ca)];
  const limit = path === undefined ? null : smallInteger(bytes, path);
  if (path !== undefined && limit !== null) nodes.push(tree.leaf('x509ce.pathLenConstraint', limit, `${limit}`, path));
  return tree.group('x509ce.BasicConstraintsSyntax_element', ca === undefined ? 'CA: no' : 'CA: yes', inner, nodes);
}

/** RFC 5280 4.2.1.3. DER leaves out zeros at the end (X.690 11.2.2): the bits that are not there are not set. */
function keyUsage(tree: Tree, inner: Tlv): FieldNode[] {
  const bits = KEY_USAGES.map((usage, i): FieldNode => {
    const name = `x509ce.KeyUsage.${usage}`;
    const set = usageBit(tree.bytes, inner, i);
    const at = inner.content + 1 + (i >> 3);
    if (at >= inner.end) return generated(name, false, 'Not set', tree.base + inner.end, 0);
    const mask = 0x80 >> (i & 7);
    return { ...tree.leaf(name, set, set ? 'Set' : 'Not set', { content: at, end: at + 1 }), bits: { mask, shift: 31 - Math.clz32(mask) } };
  });
  return bitStringNodes(tree, 'x509ce.KeyUsage', inner, bits);
}

/** RFC 5280 4.2.1.13: its names are what is used of it. */
function distributionPoint(tree: Tree, item: Tlv): FieldNode {
  const wrapped = childrenOf(tree.bytes, item).find(({ tag }) => tag === (PART.zero | PART.constructed));
  const full = wrapped === undefined ? undefined : childrenOf(tree.bytes, wrapped)[0];
  const nodes = wrapped === undefined || full?.tag !== (PART.zero | PART.constructed) ? []
    : [tree.numbered('x509ce.distributionPoint', 0, 'fullName (0)', wrapped, [generalNamesNode(tree, 'x509ce.fullName', full)])];
  return tree.group('x509ce.DistributionPoint_element', '', item, nodes);
}

/** RFC 5280 4.2.2.1. */
function access(tree: Tree, item: Tlv): FieldNode {
  const [method, location] = childrenOf(tree.bytes, item);
  const nodes = method === undefined || location === undefined ? [] : [tree.oid('pkix1implicit.accessMethod', method), generalNameNode(tree, 'pkix1implicit.accessLocation', location)];
  return tree.group('pkix1implicit.AccessDescription_element', '', item, nodes);
}

/** RFC 5280 4.2.1.4. */
function policy(tree: Tree, item: Tlv): FieldNode {
  const [id, qualifiers] = childrenOf(tree.bytes, item);
  const nodes = id === undefined ? [] : [tree.oid('x509ce.policyIdentifier', id)];
  if (qualifiers !== undefined) nodes.push(list(tree, 'x509ce.policyQualifiers', qualifiers, (one) => qualifier(tree, one)));
  return tree.group('x509ce.PolicyInformation_element', nodes[0]?.display ?? '', item, nodes);
}

/** Wireshark's names of the texts of a notice, and their numbers as alternatives. */
const NOTICES: ReadonlyMap<number, readonly [number, string]> = new Map([[TAG.ia5String, [0, 'ia5String']], [TAG.visibleString, [1, 'visibleString']], [TAG.bmpString, [2, 'bmpString']], [TAG.utf8String, [3, 'utf8String']]]);

function qualifier(tree: Tree, item: Tlv): FieldNode {
  const [id, value] = childrenOf(tree.bytes, item);
  const nodes = id === undefined ? [] : [tree.oid('x509ce.id', id)];
  if (value?.tag === TAG.sequence) nodes.push(tree.group('pkix1implicit.UserNotice_element', '', value, childrenOf(tree.bytes, value).flatMap((text) => notice(tree, text))));
  else if (value !== undefined) nodes.push(tree.text('pkix1explicit.DirectoryString', value));
  return tree.group('x509ce.PolicyQualifierInfo_element', nodes[0]?.display ?? '', item, nodes);
}

function notice(tree: Tree, text: Tlv): FieldNode[] {
  const [number, type] = NOTICES.get(text.tag) ?? [];
  if (number === undefined || type === undefined) return [];
  return [tree.numbered('pkix1implicit.explicitText', number, visibleText(stringText(tree.bytes, text)), text, [tree.text(`pkix1implicit.${type}`, text)])];
}

/** Nodes that the timestamps of one certificate may be shown with. */
const TIMESTAMP_NODES = 512;

/** RFC 6962 3.3: the list in an octet string of its own. */
function timestamps(tree: Tree, inner: Tlv): FieldNode[] {
  if (inner.tag !== TAG.octetString) return [tree.data('x509af.extnValue', inner)];
  const walk = new Walk(tree.bytes, inner.content, inner.end, tree.base, { left: TIMESTAMP_NODES });
  sctListNodes(walk);
  walk.rest('tls.malformed.trailing_data');
  return walk.nodes;
}
