// The trees of names in certificates (RFC 5280 4.1.2.4, 4.2.1.6) with Wireshark's names: distinguished ones, and general ones of whatever kind.

import { countFields, type FieldNode } from '../field';
import { visibleText } from '../text';
import { attributesIn, generalName, nameText, type GeneralNameKind } from './certificate';
import { childrenOf, oidText, readTlv, stringText, TAG, type Tlv } from './der';
import { OID, OID_NAMES } from './names';
import { Tree } from './tree';

/** Wireshark's names of string types, and their numbers as alternatives of X.520's DirectoryString. */
const STRINGS: ReadonlyMap<number, readonly [number, string]> = new Map([
  [TAG.teletexString, [0, 'teletexString']], [TAG.printableString, [1, 'printableString']], [TAG.universalString, [2, 'universalString']], [TAG.bmpString, [3, 'bmpString']], [TAG.utf8String, [4, 'uTF8String']],
]);
/** Attributes that have one type of string only (RFC 5280 A.1; jurisdictionCountryName as CA/Browser Forum, EV 9.2.4 has it). */
const PLAIN: ReadonlyMap<string, string> = new Map([
  [OID.countryName, 'x509sat.CountryName'], [OID.jurisdictionCountryName, 'x509sat.CountryName'], [OID.serialNumber, 'x509sat.PrintableString'], [OID.emailAddress, 'x509sat.IA5String'], [OID.domainComponent, 'x509sat.IA5String'],
]);

/** A distinguished name: the choice `name` (Name has one alternative), and `inner` with its parts. */
export function nameNode(tree: Tree, name: string, inner: string, item: Tlv): FieldNode {
  const sets = setNodes(tree, item);
  const display = visibleText(nameText(tree.bytes, item));
  return tree.numbered(name, 0, display, item, [tree.numbered(inner, sets.length, display, item, sets)]);
}

/** The parts of the distinguished name from `at` to `end`, and the name as text. `base` is added to every start; `room.left` is lowered by what is made. */
export function dnameNodes(bytes: Uint8Array, at: number, end: number, base: number, room: { left: number }): { readonly nodes: FieldNode[]; readonly title: string } {
  const item = readTlv(bytes, at, end);
  if (item?.tag !== TAG.sequence) return { nodes: [], title: '' };
  const nodes = setNodes(new Tree(bytes, base), item);
  const made = nodes.reduce((sum, node) => sum + countFields(node), 0);
  const title = visibleText(nameText(bytes, item));
  if (made > room.left) return { nodes: [], title };
  room.left -= made;
  return { nodes, title };
}

function setNodes(tree: Tree, item: Tlv): FieldNode[] {
  return childrenOf(tree.bytes, item).map((set) => {
    const attributes = attributesIn(tree.bytes, set);
    const display = attributes.map(({ oid, value }) => `${OID_NAMES.get(oid) ?? oid}=${visibleText(stringText(tree.bytes, value))}`).join(', ');
    return tree.numbered('x509if.RDNSequence_item', attributes.length, display, set, attributes.flatMap(({ id, oid, value }) => [tree.oid('x509if.oid', id), textNode(tree, oid, value)]));
  });
}

function textNode(tree: Tree, oid: string, value: Tlv): FieldNode {
  const plain = PLAIN.get(oid);
  if (plain !== undefined) return tree.text(plain, value);
  const [number, type] = STRINGS.get(value.tag) ?? [];
  if (number === undefined || type === undefined) return tree.text('x509if.any.String', value);
  return tree.numbered('x509sat.DirectoryString', number, type, value, [tree.text(`x509sat.${type}`, value)]);
}

/** Numbers of the alternatives, which the tags of items are too. */
const KIND = 0x1f;

/** The names of a list, below its number of them. */
export const generalNamesNode = (tree: Tree, name: string, list: Tlv): FieldNode => {
  const items = childrenOf(tree.bytes, list);
  return tree.numbered(name, items.length, `${items.length}`, list, items.map((item) => generalNameNode(tree, 'x509ce.GeneralName', item)));
};

export function generalNameNode(tree: Tree, name: string, item: Tlv): FieldNode {
  const { kind, plain } = generalName(tree.bytes, item);
  return tree.numbered(name, item.tag & KIND, `${kind}: ${visibleText(plain)}`, item, [ofKind(tree, item, kind, plain)]);
}

function ofKind(tree: Tree, item: Tlv, kind: GeneralNameKind, plain: string): FieldNode {
  const size = item.end - item.content;
  const inner = kind === 'directoryName' ? readTlv(tree.bytes, item.content, item.end) : null;
  if (inner !== null) return nameNode(tree, 'x509ce.directoryName', 'x509if.rdnSequence', inner);
  if (kind === 'registeredID') return tree.leaf('x509ce.registeredID', oidText(tree.bytes, item), plain, item);
  if (kind === 'iPAddress') return size === 4 || size === 16 ? tree.leaf(`x509ce.IPAddress.${size === 4 ? 'ipv4' : 'ipv6'}`, plain, plain, item) : tree.data('x509ce.iPAddress', item);
  return tree.leaf(kind === 'other' ? 'x509ce.otherName_element' : `x509ce.${kind}`, plain, visibleText(plain), item);
}
