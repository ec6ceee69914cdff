// The tree of an answer whether a certificate is still good (RFC 6960 4.2.1) with Wireshark's names. What its DER does not allow to read stays
// bytes; extensions of the answer are left out.

import { dateText } from '../dates';
import { countFields, type FieldNode } from '../field';
import { labelled } from '../layout';
import { childrenOf, readTlv, smallInteger, TAG, timeText, type Tlv } from './der';
import { algorithmNode, certificateNodes } from './fields';
import { nameNode } from './nameNodes';
import { bitStringNodes, Tree } from './tree';

type Read = { readonly nodes: FieldNode[]; readonly title: string };

const NOTHING: Read = { nodes: [], title: '' };
/** Explicit tags of parts (X.690 8.14). */
const PART = { zero: 0xa0, one: 0xa1, two: 0xa2 } as const;
/** RFC 6960 4.2.1. */
const RESPONSES: ReadonlyMap<number, string> = new Map([[0, 'successful'], [1, 'malformedRequest'], [2, 'internalError'], [3, 'tryLater'], [5, 'sigRequired'], [6, 'unauthorized']]);
const STATES = ['good', 'revoked', 'unknown'] as const;
/** RFC 5280 5.3.1. */
const REASONS: ReadonlyMap<number, string> = new Map([
  [0, 'unspecified'], [1, 'keyCompromise'], [2, 'cACompromise'], [3, 'affiliationChanged'], [4, 'superseded'], [5, 'cessationOfOperation'], [6, 'certificateHold'], [8, 'removeFromCRL'], [9, 'privilegeWithdrawn'], [10, 'aACompromise'],
]);

/** The nodes of the response from `at` to `end`, and what it says. `base` is added to every start; `room.left` is lowered by what is made. */
export function ocspNodes(bytes: Uint8Array, at: number, end: number, base: number, room: { left: number }): Read {
  const whole = readTlv(bytes, at, end);
  const [status, wrapped] = whole?.tag === TAG.sequence ? childrenOf(bytes, whole) : [];
  if (status?.tag !== TAG.enumerated) return NOTHING;
  const tree = new Tree(bytes, base);
  const nodes = [number(tree, 'ocsp.responseStatus', status, RESPONSES)];
  const inner = wrapped === undefined ? undefined : childrenOf(bytes, wrapped)[0];
  const [type, response] = inner === undefined ? [] : childrenOf(bytes, inner);
  const basic = response === undefined ? null : readTlv(bytes, response.content, response.end);
  if (inner === undefined || type === undefined || basic === null) return { nodes, title: nodes[0]?.display ?? '' };
  const [told, algorithm, signature, certificates] = childrenOf(bytes, basic);
  const parts = [
    ...(told === undefined ? [] : [tree.group('ocsp.tbsResponseData_element', '', told, toldNodes(tree, told))]),
    ...(algorithm === undefined ? [] : [algorithmNode(tree, 'ocsp.signatureAlgorithm_element', algorithm)]),
    ...(signature === undefined ? [] : bitStringNodes(tree, 'ocsp.signature', signature)),
  ];
  const made = parts.reduce((sum, node) => sum + countFields(node), 4);
  if (made > room.left) return NOTHING;
  room.left -= made;
  const list = certificates === undefined ? undefined : childrenOf(bytes, certificates)[0];
  if (list !== undefined) parts.push(certificatesNode(tree, list, room));
  nodes.push(tree.group('ocsp.responseBytes_element', '', inner, [tree.oid('ocsp.responseType.id', type), tree.group('ocsp.BasicOCSPResponse_element', '', basic, parts)]));
  return { nodes, title: statesIn(tree, told) };
}

const number = (tree: Tree, name: string, item: Tlv, names: ReadonlyMap<number, string>): FieldNode => {
  const value = smallInteger(tree.bytes, item) ?? 0;
  return tree.leaf(name, value, labelled(names)(value), item);
};

function certificatesNode(tree: Tree, list: Tlv, room: { left: number }): FieldNode {
  const items = childrenOf(tree.bytes, list);
  return tree.numbered('ocsp.certs', items.length, `${items.length}`, list, items.map((item) => {
    const { nodes, title } = certificateNodes(tree.bytes, item.start, item.end, tree.base, room);
    return tree.group('ocsp.Certificate_element', title, item, nodes);
  }));
}

/** The answers among the parts of the data that is signed. */
const answersIn = (tree: Tree, told: Tlv): Tlv | undefined => childrenOf(tree.bytes, told).find(({ tag }) => tag === TAG.sequence);

/** 'good'; of each certificate that was asked for. */
function statesIn(tree: Tree, told: Tlv | undefined): string {
  const answers = told === undefined ? undefined : answersIn(tree, told);
  return answers === undefined ? '' : childrenOf(tree.bytes, answers).map((answer) => stateOf(childrenOf(tree.bytes, answer)[1])).join(', ');
}

const stateOf = (item: Tlv | undefined): string => STATES[(item?.tag ?? 0xff) & 0x1f] ?? '';

function toldNodes(tree: Tree, told: Tlv): FieldNode[] {
  const { bytes } = tree;
  return childrenOf(bytes, told).flatMap((item) => {
    const inner = childrenOf(bytes, item)[0];
    switch (item.tag) {
      case PART.zero: return inner === undefined ? [] : [tree.leaf('ocsp.version', smallInteger(bytes, inner) ?? 0, `v${(smallInteger(bytes, inner) ?? 0) + 1}`, inner)];
      case PART.one: return inner === undefined || inner.tag !== TAG.sequence || item.start > (answersIn(tree, told)?.start ?? 0) ? [] : [tree.numbered('ocsp.responderID', 1, 'byName (1)', item, [nameNode(tree, 'ocsp.byName', 'x509if.rdnSequence', inner)])];
      case PART.two: return inner === undefined ? [] : [tree.numbered('ocsp.responderID', 2, 'byKey (2)', item, [tree.data('ocsp.byKey', inner)])];
      case TAG.generalizedTime: return [timeNode(tree, 'ocsp.producedAt', item)];
      case TAG.sequence: {
        const answers = childrenOf(bytes, item);
        return [tree.numbered('ocsp.responses', answers.length, `${answers.length}`, item, answers.map((answer) => answerNode(tree, answer)))];
      }
      default: return [];
    }
  });
}

/** What is said of one certificate. */
function answerNode(tree: Tree, answer: Tlv): FieldNode {
  const { bytes } = tree;
  const [id, state, from, to] = childrenOf(bytes, answer);
  const nodes: FieldNode[] = [];
  if (id !== undefined) nodes.push(idNode(tree, id));
  if (state !== undefined) nodes.push(stateNode(tree, state));
  if (from !== undefined) nodes.push(timeNode(tree, 'ocsp.thisUpdate', from));
  const until = to?.tag === PART.zero ? childrenOf(bytes, to)[0] : undefined;
  if (until !== undefined) nodes.push(timeNode(tree, 'ocsp.nextUpdate', until));
  return tree.group('ocsp.SingleResponse_element', stateOf(state), answer, nodes);
}

/** RFC 6960 4.1.1: the certificate by its issuer and number. */
function idNode(tree: Tree, id: Tlv): FieldNode {
  const [algorithm, name, key, serial] = childrenOf(tree.bytes, id);
  const nodes = algorithm === undefined ? [] : [algorithmNode(tree, 'ocsp.hashAlgorithm_element', algorithm)];
  if (name !== undefined && key !== undefined && serial !== undefined) nodes.push(tree.data('ocsp.issuerNameHash', name), tree.data('ocsp.issuerKeyHash', key), tree.data('ocsp.serialNumber', serial));
  return tree.group('ocsp.certID_element', '', id, nodes);
}

function stateNode(tree: Tree, item: Tlv): FieldNode {
  const value = item.tag & 0x1f;
  const name = stateOf(item);
  if (name === '') return tree.numbered('ocsp.certStatus', value, `${value}`, item, []);
  const [when, why] = name === 'revoked' ? childrenOf(tree.bytes, item) : [];
  const reason = why === undefined ? undefined : childrenOf(tree.bytes, why)[0];
  const more = [...(when === undefined ? [] : [timeNode(tree, 'ocsp.revocationTime', when)]), ...(reason === undefined ? [] : [number(tree, 'ocsp.revocationReason', reason, REASONS)])];
  return tree.numbered('ocsp.certStatus', value, `${name} (${value})`, item, [tree.group(`ocsp.${name}_element`, '', item, more)]);
}

function timeNode(tree: Tree, name: string, item: Tlv): FieldNode {
  const time = timeText(tree.bytes, item);
  const seconds = time === null ? NaN : Date.parse(time) / 1000;
  return time === null || Number.isNaN(seconds) ? tree.text(name, item) : tree.leaf(name, time, dateText(seconds), item);
}
