// LLMNR (RFC 4795): names of a link's hosts, asked of all of them. Messages of the DNS on a port of its own; some bits of the header
// say something else here (2.1.1). Over TCP, where long ones go, it is left to DNS, as in Wireshark.

import type { Codec } from '../codec';
import { codec as dns } from '../dns/codec';
import type { DnsMessage } from '../dns/records';
import type { FieldNode } from '../field';

/** What the bits of DNS are here: C, the name is not unique; T, it is not sure yet; the others are reserved. */
const HERE: ReadonlyMap<string, string | null> = new Map([
  ['dns.flags.authoritative', 'dns.flags.conflict'], ['dns.flags.recdesired', 'dns.flags.tentative'], ['dns.flags.recavail', null], ['dns.flags.z', null], ['dns.flags.authenticated', null], ['dns.flags.checkdisable', null],
]);

function renamed(node: FieldNode): FieldNode {
  if (node.name !== 'dns' && node.name !== 'dns.flags') return node;
  const children = node.children.flatMap((child) => {
    const name = HERE.get(child.name);
    return name === null ? [] : [renamed(name === undefined ? child : { ...child, name })];
  });
  const said = children.filter(({ name, value }) => (name === 'dns.flags.conflict' || name === 'dns.flags.tentative') && value === true).map(({ name }) => (name === 'dns.flags.conflict' ? 'C' : 'T'));
  const kind = children.find(({ name }) => name === 'dns.flags.response')?.value === true ? 'response' : 'query';
  return { ...node, children, ...(node.name === 'dns.flags' ? { display: [kind, ...said].join(', ') } : {}) };
}

export const codec: Codec<DnsMessage> = {
  ...dns,
  protocol: 'llmnr',
  title: 'LLMNR',
  claims: ['udp.port:5355'],
  fields: (bytes, context, base) => ({ ...renamed(dns.fields(bytes, context, base)), name: 'llmnr', display: 'LLMNR' }),
};
