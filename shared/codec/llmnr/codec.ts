// LLMNR (RFC 4795): names of a link's hosts, asked of all of them. Messages of the DNS on a port of its own; some bits of the header
// say something else here (2.1.1). Over TCP, where long ones go, it is left to DNS, as in Wireshark.

import { byteAt } from '../../base/bytes';
import type { Codec } from '../codec';
import { codec as dns } from '../dns/codec';
import type { DnsMessage } from '../dns/records';
import type { FieldNode } from '../field';

/** Bits of DNS that mean something else here, or nothing. */
const OTHERS: ReadonlySet<string> = new Set(['dns.flags.authoritative', 'dns.flags.recdesired', 'dns.flags.recavail', 'dns.flags.z', 'dns.flags.authenticated', 'dns.flags.checkdisable']);

/** C: the name is not one host's alone; T: its host is not sure of it yet. */
function flagsHere(node: FieldNode, high: number): FieldNode {
  const flag = (name: string, shift: number): FieldNode => ({ name, value: ((high << 8) & (1 << shift)) !== 0, display: ((high << 8) & (1 << shift)) !== 0 ? 'set' : 'not set', start: node.start, length: node.length, bits: { mask: 1 << shift, shift }, children: [] });
  const [conflict, tentative] = [flag('dns.flags.conflict', 10), flag('dns.flags.tentative', 8)];
  const children = node.children.filter(({ name }) => !OTHERS.has(name)).flatMap((child) => (child.name === 'dns.flags.truncated' ? [conflict, child, tentative] : [child]));
  const said = [high >= 0x80 ? 'response' : 'query', ...(conflict.value === true ? ['C'] : []), ...(tentative.value === true ? ['T'] : [])];
  return { ...node, children, display: said.join(', ') };
}

export const codec: Codec<DnsMessage> = {
  ...dns,
  protocol: 'llmnr',
  title: 'LLMNR',
  claims: ['udp.port:5355'],
  fields(bytes, context, base) {
    const tree = dns.fields(bytes, context, base);
    return { ...tree, name: 'llmnr', display: 'LLMNR', children: tree.children.map((node) => (node.name === 'dns.flags' ? flagsHere(node, byteAt(bytes, 2)) : node)) };
  },
};
